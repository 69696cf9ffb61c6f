//! Ranked studies as JSON, the same for the command and the API.

use eligibility::evaluate::to_json;
use model::Study;
use serde_json::{Value, json};

use crate::{asked::Asked, rank::Ranked};

/// A study and how it fits; with `whole` every criterion with its finding and evidence.
pub fn study(asked: &Asked, ranked: &Ranked, study: &Study, whole: bool) -> Value {
    let fit = ranked.fit;
    let words = |items: Vec<&eligibility::Item>| -> Vec<String> {
        items.into_iter().map(|item| item.source.clone()).collect()
    };
    let mut out = json!({
        "subject": asked.subject.id, "nctId": ranked.id, "score": ranked.score, "briefTitle": study.title(),
        "overallStatus": study.text("OverallStatus"), "verdict": ranked.standing().as_str(),
        "blockers": words(ranked.blockers()), "excludedBy": fit.excluded, "unknown": words(ranked.open()),
        "inclusion": {"met": fit.included, "notMet": fit.missed, "unknown": fit.open},
    });
    if whole {
        out["criteria"] = ranked.criteria().map(criterion).collect();
    }
    out
}

fn criterion((item, finding): (&eligibility::Item, &eligibility::evaluate::Finding)) -> Value {
    let mut out = json!({
        "section": item.section.as_str(), "number": item.number.to_string(), "criterion": item.source,
    });
    if let (Value::Object(out), Value::Object(said)) = (&mut out, to_json(finding)) {
        out.extend(said);
    }
    out
}

/// A person with how they were read, and their studies.
pub fn person(asked: &Asked, total: usize, hidden: usize, studies: Vec<Value>) -> Value {
    json!({
        "subject": asked.subject.id, "indexDate": asked.rules.index_date.to_string(),
        "absence": asked.rules.absence.as_str(), "total": total, "hidden": hidden, "studies": studies,
    })
}
