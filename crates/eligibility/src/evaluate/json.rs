//! Findings as JSON.

use model::Source;
use serde_json::{Value, json};

use super::finding::{Evidence, Finding, Ground};

/// A finding with its evidence and what is missing.
pub fn finding(finding: &Finding) -> Value {
    let mut out = json!({
        "truth": finding.truth().as_str(),
        "evidence": finding.evidence().into_iter().map(evidence).collect::<Vec<Value>>(),
    });
    let missing: Vec<Value> =
        finding.missing().iter().map(|m| json!({"path": m.at, "what": m.to_string()})).collect();
    if !missing.is_empty() {
        out["missing"] = missing.into();
    }
    if finding.is_presumed() {
        out["presumed"] = true.into();
    }
    if finding.is_conflict() {
        out["conflict"] = true.into();
    }
    out
}

fn evidence(evidence: &Evidence) -> Value {
    let kind = match &evidence.ground {
        Ground::Fact(_) => "fact",
        Ground::Person(_) => "person",
        Ground::Death { .. } => "death",
        Ground::Complete { .. } => "complete",
        Ground::Presumed { .. } => "presumed",
        Ground::Answer { .. } => "answer",
        Ground::Words(_) => "words",
    };
    let mut out = json!({"kind": kind, "path": evidence.at, "words": evidence.to_string()});
    if let Ground::Death { date, source: stands } = &evidence.ground {
        out["source"] = source(stands);
        if let Some(date) = date {
            out["date"] = date.to_string().into();
        }
    }
    if let Ground::Fact(cited) = &evidence.ground {
        let found = [
            ("value", cited.value.clone().map(Value::from)),
            ("date", cited.date.map(|date| date.to_string().into())),
            ("conversion", cited.conversion.as_ref().map(|c| c.to_string().into())),
            ("source", Some(source(&cited.source))),
        ];
        for (key, value) in found {
            if let Some(value) = value {
                out[key] = value;
            }
        }
        if cited.denied {
            out["denied"] = true.into();
        }
    }
    out
}

fn source(source: &Source) -> Value {
    match source {
        Source::Resource { kind, id, part } => json!({"resource": format!("{kind}/{id}"), "part": part}),
        Source::Row { table, row, column } => json!({"table": table, "row": row, "column": column}),
        Source::Path(path) => json!({"path": path}),
        Source::Text { start, end } => json!({"span": [start, end]}),
    }
}
