//! A participant's dates as JSON (docs/protocol.md).

use serde_json::{Value, json};

use super::{Calendar, Visit};

/// The dates.
pub fn calendar(calendar: &Calendar) -> Value {
    json!({
        "visits": calendar.visits.iter().map(visit).collect::<Vec<_>>(),
        "unplaced": calendar.unplaced.iter().map(|u| json!({"what": u.what, "time": u.time, "why": u.why}))
            .collect::<Vec<_>>(),
    })
}

fn visit(visit: &Visit) -> Value {
    json!({
        "name": visit.name,
        "nominal": visit.nominal.to_string(),
        "planned": visit.planned.to_string(),
        "date": visit.date.map(|d| d.to_string()),
        "window": {
            "from": visit.window.0.to_string(),
            "to": visit.window.1.to_string(),
            "status": visit.window_status.as_str(),
        },
        "drift": visit.drift,
        "activities": visit.activities.iter().map(|a| {
            json!({"what": a.what, "purpose": a.purpose, "status": a.status.as_str()})
        }).collect::<Vec<_>>(),
        "trouble": visit.trouble,
    })
}
