//! A protocol as FHIR R4: a `ResearchStudy` and the `PlanDefinition`s and `ActivityDefinition`s of its schedule.
//!
//! The shape is that of HL7's schedule-of-activities guide: the study refers to a plan of visits, each visit is a plan
//! of its own, and what is done at it an activity. What FHIR R4 cannot say is listed.

use model::Study;
use serde_json::{Value, json};

use super::{
    Exported,
    moments::{self, Activity, Moment},
};
use crate::{
    protocol::{Dose, Protocol, Status},
    text,
};

/// A bundle with the study and its schedule.
pub fn export(study: &Study, protocol: &Protocol) -> Exported {
    let mut missing = Vec::new();
    let moments = moments::of(protocol, &mut missing);
    let id = protocol.id.to_string().to_lowercase();
    let mut activities: Vec<&Activity> = Vec::new();
    for activity in moments.iter().flat_map(|m| &m.activities) {
        if !activities.contains(&activity) {
            activities.push(activity);
        }
    }
    let mut resources = vec![research_study(study, protocol, &id), plan(study, &moments, &id)];
    resources.extend(moments.iter().enumerate().map(|(n, moment)| visit(moment, n, &activities, &id)));
    let defined = activities.iter().enumerate();
    resources.extend(defined.map(|(n, activity)| definition(activity, n, protocol, &id, &mut missing)));
    if protocol.ratio.value.is_some() {
        missing.push("the ratio of the arms".to_owned());
    }
    let windows = protocol.schedule.iter().filter(|timing| timing.window.is_some()).count();
    missing.push(match windows {
        0 => "windows of visits: the record has none".to_owned(),
        n => format!("windows of visits: the record has {n}; they stand in the JSON of the protocol"),
    });
    missing.push("the criteria: they are exported by `trialist criteria --format fhir`".to_owned());
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|resource| {
            let url = format!("{}/{}", text_of(&resource, "resourceType"), text_of(&resource, "id"));
            json!({"fullUrl": format!("urn:trialist:{url}"), "resource": resource})
        })
        .collect();
    missing.dedup();
    Exported { document: json!({"resourceType": "Bundle", "type": "collection", "entry": entries}), missing }
}

fn text_of<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn reference(kind: &str, id: &str) -> String {
    format!("urn:trialist:{kind}/{id}")
}

/// The study; its status is that of R4's list.
fn research_study(study: &Study, protocol: &Protocol, id: &str) -> Value {
    let status = match study.text("OverallStatus") {
        Some("NOT_YET_RECRUITING" | "APPROVED_FOR_MARKETING" | "AVAILABLE") => "approved",
        Some("RECRUITING" | "ENROLLING_BY_INVITATION") => "active",
        Some("ACTIVE_NOT_RECRUITING") => "closed-to-accrual",
        Some("COMPLETED") => "completed",
        Some("SUSPENDED") => "temporarily-closed-to-accrual",
        Some("TERMINATED") => "administratively-completed",
        Some("WITHDRAWN") => "withdrawn",
        // R4 has no word for unknown; the record is a plan at least.
        _ => "approved",
    };
    let arms: Vec<Value> = protocol
        .arms
        .iter()
        .map(|arm| {
            let typed = arm.role_typed.as_deref().unwrap_or("no type");
            json!({"name": arm.label, "type": {"text": arm.role.as_str().replace('_', " ")},
                "description": format!("typed {typed}; {}", arm.interventions.join(" + "))})
        })
        .collect();
    let mut out = json!({
        "resourceType": "ResearchStudy",
        "id": id,
        "identifier": [{"system": "urn:trialist:nct", "value": protocol.id.to_string()}],
        "title": study.title(),
        "status": status,
        "protocol": [{"reference": reference("PlanDefinition", &format!("{id}-schedule"))}],
    });
    let conditions: Vec<Value> = study.texts("Condition").into_iter().map(|c| json!({"text": c})).collect();
    for (key, value) in [("arm", arms), ("condition", conditions)] {
        if !value.is_empty() {
            out[key] = value.into();
        }
    }
    let period = [("start", protocol.dates.start), ("end", protocol.dates.completion)];
    for (key, day) in period {
        if let Some(day) = day {
            out["period"][key] = day.to_string().into();
        }
    }
    if let Some(sponsor) = study.text("LeadSponsorName") {
        out["sponsor"] = json!({"display": sponsor});
    }
    out
}

/// The schedule: an action for each visit, each but the start so long after or before it.
fn plan(study: &Study, moments: &[Moment], id: &str) -> Value {
    let start = moments.iter().position(|m| m.days == 0.0).unwrap_or(0);
    let actions: Vec<Value> = moments
        .iter()
        .enumerate()
        .map(|(n, moment)| {
            let mut action = json!({
                "id": format!("visit-{n}"),
                "title": moment.label,
                "definitionUri": reference("PlanDefinition", &format!("{id}-visit-{n}")),
            });
            if n != start {
                let relation = if moment.days < 0.0 { "before" } else { "after" };
                let (value, unit) = offset(moment);
                action["relatedAction"] = json!([{
                    "actionId": format!("visit-{start}"),
                    "relationship": relation,
                    "offsetDuration": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
                }]);
            }
            action
        })
        .collect();
    json!({
        "resourceType": "PlanDefinition",
        "id": format!("{id}-schedule"),
        "title": format!("Schedule of activities of {}", study.id()),
        "type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/plan-definition-type", "code": "clinical-protocol"}]},
        "status": "draft",
        "subjectCodeableConcept": {"coding": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]},
        "action": actions,
    })
}

/// The distance from the start in the unit it is said in.
fn offset(moment: &Moment) -> (f64, &'static str) {
    let digits: String = moment.iso.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let unit = match (moment.iso.starts_with("PT"), moment.iso.chars().last()) {
        (true, Some('M')) => "min",
        (true, _) => "h",
        (false, Some('W')) => "wk",
        (false, Some('M')) => "mo",
        (false, Some('Y')) => "a",
        _ => "d",
    };
    (digits.parse().unwrap_or_else(|_| moment.days.abs()), unit)
}

fn visit(moment: &Moment, n: usize, activities: &[&Activity], id: &str) -> Value {
    let done = activities.iter().enumerate().filter(|(_, activity)| moment.activities.contains(activity));
    let actions: Vec<Value> = done
        .map(|(at, activity)| {
            json!({"title": activity.name(), "definitionUri": reference("ActivityDefinition", &format!("{id}-activity-{at}"))})
        })
        .collect();
    let mut out = json!({
        "resourceType": "PlanDefinition",
        "id": format!("{id}-visit-{n}"),
        "title": moment.label,
        "status": "draft",
    });
    if !actions.is_empty() {
        out["action"] = actions.into();
    }
    out
}

fn definition(
    activity: &Activity,
    n: usize,
    protocol: &Protocol,
    id: &str,
    missing: &mut Vec<String>,
) -> Value {
    let mut out = json!({
        "resourceType": "ActivityDefinition",
        "id": format!("{id}-activity-{n}"),
        "title": activity.name(),
        "status": "draft",
    });
    match activity {
        Activity::Measure(_) => out["kind"] = "ServiceRequest".into(),
        Activity::Give(what) => {
            out["kind"] = "MedicationRequest".into();
            out["productCodeableConcept"] = json!({"text": what});
            let doses = protocol.doses.iter().filter(|dose| dose.substance == *what);
            out["dosage"] = doses.map(|dose| dosage(dose, missing)).collect();
        }
    }
    out
}

/// The dose in words, and as a quantity where it is certain and simple.
fn dosage(dose: &Dose, missing: &mut Vec<String>) -> Value {
    let mut out = json!({"text": text::dose(dose)});
    if let Some(route) = dose.route {
        out["route"] = json!({"text": route});
    }
    let certain = dose.status != Status::Assumed;
    match dose.amount.as_ref().filter(|amount| certain && amount.high.is_none()) {
        Some(amount) if matches!(amount.per.as_deref(), None | Some("injection" | "infusion" | "dose")) => {
            let unit = amount.unit.as_str();
            let mut quantity = json!({"value": f64::try_from(amount.value).ok(), "unit": unit});
            if let Some(known) = vocabulary::unit::of(unit) {
                quantity["system"] = "http://unitsofmeasure.org".into();
                quantity["code"] = known.as_str().into();
            }
            out["doseAndRate"] = json!([{"doseQuantity": quantity}]);
        }
        _ => missing.push(format!("as a quantity: {}", text::dose(dose))),
    }
    out
}
