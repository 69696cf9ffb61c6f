//! A protocol and its findings as JSON: the documented, stable notation (docs/protocol.md).

use model::{Decimal, Study};
use serde_json::{Map, Number, Value, json};

use crate::{
    checks::Finding,
    protocol::{Arm, Dates, Dose, Measure, Protocol, Ratio, Timing, weeks},
    read::time::Span,
    record::Quote,
};

/// A protocol with what its checks found.
pub fn document(study: &Study, protocol: &Protocol, findings: &[Finding]) -> Value {
    json!({
        "nctId": protocol.id.to_string(),
        "title": study.title(),
        "design": design(study),
        "arms": protocol.arms.iter().map(arm).collect::<Vec<_>>(),
        "ratio": ratio(&protocol.ratio),
        "doses": protocol.doses.iter().map(dose).collect::<Vec<_>>(),
        "schedule": protocol.schedule.iter().map(timing).collect::<Vec<_>>(),
        "instruments": protocol.instruments.iter().map(|n| n.id).collect::<Vec<_>>(),
        "instrument_mentions": protocol.instruments.iter().map(|n| {
            json!({"id": n.id, "quote": n.quote.text, "span": span(&n.quote)})
        }).collect::<Vec<_>>(),
        "dates": dates(&protocol.dates, study),
        "findings": findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// A finding.
pub fn finding(finding: &Finding) -> Value {
    json!({
        "check": finding.check,
        "severity": finding.severity.to_string(),
        "message": finding.message,
        "quote": finding.quote.as_ref().map(|q| &q.text),
        "span": finding.quote.as_ref().map(span),
        "explanation": finding.explanation,
        "remedy": finding.remedy,
    })
}

fn span(quote: &Quote) -> Value {
    json!({"field": quote.field.to_string(), "start": quote.start, "end": quote.end})
}

fn design(study: &Study) -> Value {
    let masked = study.texts("DesignWhoMasked");
    json!({
        "study_type": study.text("StudyType"),
        "allocation": study.text("DesignAllocation"),
        "model": study.text("DesignInterventionModel"),
        "masking": study.text("DesignMasking"),
        "masked": masked,
        "enrollment": study.integer("EnrollmentCount"),
        "sites": study.values("Location").len(),
        "minimum_age": study.text("MinimumAge"),
        "maximum_age": study.text("MaximumAge"),
        "sex": study.text("Sex"),
        "status": study.text("OverallStatus"),
    })
}

pub(crate) fn arm(arm: &Arm) -> Value {
    json!({
        "label": arm.label,
        "role_typed": arm.role_typed,
        "role": arm.role.as_str(),
        "size": arm.size,
        "interventions": arm.interventions,
        "background": arm.background,
        "quote": arm.quote.text,
        "span": span(&arm.quote),
    })
}

fn ratio(ratio: &Ratio) -> Value {
    json!({
        "value": ratio.value,
        "status": ratio.status.as_str(),
        "quote": ratio.quote.as_ref().map(|q| &q.text),
        "span": ratio.quote.as_ref().map(span),
    })
}

fn dose(dose: &Dose) -> Value {
    json!({
        "arm": dose.arm,
        "substance": dose.substance,
        "amount": dose.amount.as_ref().map(measure),
        "concentration": dose.concentration.as_ref().map(measure),
        "volume": dose.volume.as_ref().map(measure),
        "spacing": dose.spacing.map(|cm| json!({"value": number(cm), "unit": "cm"})),
        "depth": dose.depth.map(|(cm, high)| depth(cm, high)),
        "vehicle": dose.vehicle,
        "route": dose.route,
        "count": dose.count,
        "interval": dose.interval.map(length),
        "duration": dose.duration.map(length),
        "days": dose.days,
        "status": dose.status.as_str(),
        "quote": dose.quote.text,
        "span": span(&dose.quote),
    })
}

fn depth(cm: Decimal, high: Option<Decimal>) -> Value {
    let mut out = json!({"value": number(cm), "unit": "cm"});
    if let Some(high) = high {
        out["high"] = number(high);
    }
    out
}

fn measure(measure: &Measure) -> Value {
    let mut out = Map::new();
    out.insert("value".into(), number(measure.value));
    out.insert("unit".into(), measure.unit.as_str().into());
    out.insert("per".into(), measure.per.as_deref().into());
    if let Some(high) = measure.high {
        out.insert("high".into(), number(high));
    }
    if measure.at_most {
        out.insert("at_most".into(), true.into());
    }
    if let Some(or) = measure.or {
        out.insert("or".into(), number(or));
    }
    out.into()
}

pub(crate) fn length(span: Span) -> Value {
    json!({"value": number(span.value), "unit": span.unit.as_str()})
}

fn timing(timing: &Timing) -> Value {
    json!({
        "time": {
            "value": number(timing.time.value),
            "unit": timing.time.unit.as_str(),
            "anchor": timing.anchor.map(|a| a.as_str()),
        },
        "window": timing.window.map(|w| json!({"before": length(w.before), "after": length(w.after)})),
        "what": timing.what,
        "outcome": timing.purpose.as_str(),
        "quote": timing.quote.text,
        "span": span(&timing.quote),
    })
}

fn dates(dates: &Dates, study: &Study) -> Value {
    let day = |date: Option<jiff::civil::Date>| date.map(|d| d.to_string());
    json!({
        "start": day(dates.start),
        "primary_completion": day(dates.primary_completion),
        "completion": day(dates.completion),
        "last_update": day(dates.last_update),
        "primary_timeframe_weeks": dates.primary_timeframe.map(weeks),
        "enrolment_months_left": dates.enrolment_months_left,
        "as_recorded": {
            "start": study.text("StartDate"),
            "primary_completion": study.text("PrimaryCompletionDate"),
            "completion": study.text("CompletionDate"),
        },
    })
}

/// A decimal as a JSON number; whole ones without a point.
fn number(value: Decimal) -> Value {
    let value = value.normalize();
    if let Some(whole) = value.is_integer().then(|| i64::try_from(value).ok()).flatten() {
        return whole.into();
    }
    let float = f64::try_from(value).ok().and_then(Number::from_f64);
    float.map_or(Value::Null, Value::Number)
}
