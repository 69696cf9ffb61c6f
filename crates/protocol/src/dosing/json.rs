//! Doses for one person as JSON (docs/protocol.md).

use serde_json::{Value, json};

use super::{Computed, Ends, Factor, Judgement, Reading};

/// A dose for one person.
pub fn computed(dose: &Computed) -> Value {
    json!({
        "arm": dose.arm,
        "role": dose.role.as_str(),
        "substance": dose.substance,
        "question": dose.question,
        "readings": dose.readings.iter().map(reading).collect::<Vec<_>>(),
        "quote": dose.quote,
    })
}

fn reading(reading: &Reading) -> Value {
    let amount = |amount: Option<Ends>, unit: &str| amount.map(|a| ends(a, unit));
    let unit = reading.unit.as_str();
    json!({
        "each": amount(reading.each, unit),
        "per": reading.per,
        "places": reading.places,
        "volume": amount(reading.volume, "mL"),
        "syringes": reading.syringes,
        "per_kg": amount(reading.per_kg, &format!("{unit}/kg")),
        "count": reading.count,
        "total": amount(reading.total, unit),
        "total_volume": amount(reading.total_volume, "mL"),
        "plausibility": reading.judged.iter().map(judgement).collect::<Vec<_>>(),
        "factors": reading.factors.iter().map(factor).collect::<Vec<_>>(),
        "needs": reading.needs,
    })
}

pub(crate) fn ends((value, high): Ends, unit: &str) -> Value {
    let mut out = json!({"value": number(value), "unit": unit});
    if let Some(high) = high {
        out["high"] = number(high);
    }
    out
}

/// A number to twelve digits, without the noise of the last; whole ones without a point.
pub(crate) fn number(value: f64) -> Value {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    if rounded.fract() == 0.0 && rounded.abs() < 9e15 { Value::from(rounded as i64) } else { json!(rounded) }
}

fn judgement(judged: &Judgement) -> Value {
    json!({
        "what": judged.what,
        "value": number(judged.value.0),
        "high": judged.value.1.map(number),
        "band": [number(judged.band.0), number(judged.band.1)],
        "verdict": judged.verdict.as_str(),
        "source": judged.source,
    })
}

fn factor(factor: &Factor) -> Value {
    json!({
        "name": factor.name,
        "value": number(factor.value),
        "unit": Some(factor.unit.as_str()).filter(|unit| !unit.is_empty()),
        "status": factor.status.as_str(),
        "source": factor.source,
    })
}
