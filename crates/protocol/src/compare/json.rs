//! A comparison as JSON (docs/protocol.md).

use eligibility::tree::Bound;
use serde_json::{Map, Value, json};

use super::{Comparison, Level, Side, administrations};
use crate::{
    dosing::json::{ends, number},
    json::length,
    protocol::Purpose,
};

/// The comparison; lists of each row are in the order of `studies`.
pub fn comparison(comparison: &Comparison) -> Value {
    json!({
        "studies": comparison.sides.iter().map(side).collect::<Vec<_>>(),
        "outcomes": comparison.outcomes.iter().map(|row| json!({
            "instrument": row.instrument,
            "name": row.name,
            "studies": row.measured.iter().map(|of| of.iter().map(|m| json!({
                "what": m.what,
                "rank": Purpose::Outcome(m.rank).as_str(),
                "times": m.times.iter().map(|t| length(*t)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>()).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "eligibility": comparison.limits.iter().map(|variable| json!({
            "variable": variable.id,
            "name": variable.name,
            "unit": variable.unit,
            "studies": variable.ranges.iter().map(|range| range.map(|range| {
                json!({"low": range.low.map(bound), "high": range.high.map(bound)})
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn bound(bound: Bound) -> Value {
    json!({"value": number(f64::try_from(bound.value).unwrap_or(f64::NAN)), "inclusive": bound.incl})
}

fn side(side: &Side) -> Value {
    let population: Map<String, Value> = side
        .population
        .iter()
        .map(|(name, value)| (name.to_lowercase().replace(' ', "_"), value.as_deref().into()))
        .collect();
    json!({
        "nctId": side.protocol.id.to_string(),
        "title": side.title,
        "population": population,
        "arms": side.protocol.arms.iter().map(crate::json::arm).collect::<Vec<_>>(),
        "doses": side.doses.iter().map(level).collect::<Vec<_>>(),
        "schedule": side.protocol.schedule.iter().map(|t| json!({
            "days": number(t.time.days()),
            "anchor": t.anchor.map(|a| a.as_str()),
            "outcome": t.purpose.as_str(),
            "what": t.what,
        })).collect::<Vec<_>>(),
        "administrations": side.protocol.doses.iter().map(|dose| json!({
            "arm": dose.arm,
            "substance": dose.substance,
            "days": administrations(dose).into_iter().map(number).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

fn level(level: &Level) -> Value {
    json!({
        "arm": level.arm,
        "role": level.role.as_str(),
        "substance": level.substance,
        "stated": level.stated,
        "each": level.each.map(|each| ends(each, &level.unit)),
        "per": level.per,
        "count": level.count,
        "total": level.total.map(|total| ends(total, &level.unit)),
        "ask": level.asked,
    })
}
