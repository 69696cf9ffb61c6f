//! The results section: participant flow, and what is said about the results as a whole.

use serde_json::Value;

use super::{
    events, measures,
    object::{Object, line, list},
    tree::Element,
};

/// The whole section.
pub(super) fn section(results: Element<'_>) -> Object {
    let mut out = Object::default();
    out.put("participantFlowModule", results.at("participant_flow").map(flow).unwrap_or_default());
    out.put(
        "baselineCharacteristicsModule",
        results.at("baseline").map(measures::baseline).unwrap_or_default(),
    );
    out.put("outcomeMeasuresModule", measures::outcomes(results));
    out.put("adverseEventsModule", results.at("reported_events").map(events::module).unwrap_or_default());
    out.put("moreInfoModule", more_info(results));
    out
}

/// `P1` is `FG000`: the new ids count from 0. Other ids stay as they are.
pub(super) fn group_id(id: &str) -> String {
    let prefix = match id.get(..1) {
        Some("P") => "FG",
        Some("B") => "BG",
        Some("O") => "OG",
        Some("E") => "EG",
        _ => return id.to_owned(),
    };
    match id[1..].parse::<u32>().ok().and_then(|n| n.checked_sub(1)) {
        Some(number) => format!("{prefix}{number:03}"),
        None => id.to_owned(),
    }
}

/// The `groupId` of an element that speaks of one group.
pub(super) fn put_group(out: &mut Object, key: &str, element: Element<'_>) {
    out.put(key, element.attribute("group_id").map(group_id));
}

/// The groups of a `group_list`.
pub(super) fn groups(from: Element<'_>) -> Vec<Value> {
    list(from.all("group_list/group"), |element| {
        let mut out = Object::default();
        put_group(&mut out, "id", element);
        out.text("title", element.at("title"));
        out.markup("description", element.at("description"));
        out
    })
}

fn flow(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.markup("preAssignmentDetails", from.at("pre_assignment_details"));
    out.markup("recruitmentDetails", from.at("recruitment_details"));
    out.text("typeUnitsAnalyzed", from.at("type_units_analyzed"));
    out.put("groups", groups(from));
    out.put("periods", list(from.all("period_list/period"), period));
    out
}

fn period(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("title", element.at("title"));
    let milestones = element.all("milestone_list/milestone");
    out.put("milestones", list(milestones, |e| stage(e, "achievements")));
    let reasons = element.all("drop_withdraw_reason_list/drop_withdraw_reason");
    out.put("dropWithdraws", list(reasons, |e| stage(e, "reasons")));
    out
}

/// A milestone or a reason to leave, with the number of participants of each group.
fn stage(element: Element<'_>, numbers: &str) -> Object {
    let mut out = Object::default();
    out.text("type", element.at("title"));
    out.markup("comment", element.at("description"));
    out.put(numbers, list(element.all("participants_list/participants"), participants));
    out
}

fn participants(element: Element<'_>) -> Object {
    let mut out = Object::default();
    put_group(&mut out, "groupId", element);
    out.markup("comment", Some(element));
    out.put("numSubjects", element.attribute("count"));
    out
}

fn more_info(results: Element<'_>) -> Object {
    let mut out = Object::default();
    let mut limits = Object::default();
    limits.markup("description", results.at("limitations_and_caveats"));
    out.put("limitationsAndCaveats", limits);
    out.put("certainAgreement", results.at("certain_agreements").map(agreement).unwrap_or_default());
    out.put("pointOfContact", results.at("point_of_contact").map(contact).unwrap_or_default());
    out
}

/// The XML spells the answers out as sentences; a sentence of its own is the `OTHER` kind of restriction.
fn agreement(from: Element<'_>) -> Object {
    let mut out = Object::default();
    if let Some(text) = from.at("pi_employee").and_then(line) {
        match employed(&text) {
            Some(answer) => out.put("piSponsorEmployee", answer),
            None => from.at("pi_employee").into_iter().for_each(Element::give_back),
        }
    }
    let Some(element) = from.at("restrictive_agreement") else { return out };
    let Some(text) = line(element) else { return out };
    let restricted = !text.starts_with("There is NOT an agreement");
    if restricted {
        let kind = restriction(&text);
        out.put("restrictionType", kind);
        out.put("restrictiveAgreement", true);
        if kind == "OTHER" {
            out.markup("otherDetails", Some(element));
        }
    } else {
        out.put("restrictiveAgreement", false);
    }
    out
}

fn employed(text: &str) -> Option<bool> {
    if text.contains(" are NOT employed ") || text.contains(" ARE NOT employed ") {
        Some(false)
    } else {
        text.contains(" ARE employed ").then_some(true)
    }
}

fn restriction(text: &str) -> &'static str {
    if !text.starts_with("The only disclosure restriction on the PI is that the sponsor can review") {
        "OTHER"
    } else if text.contains("for a period that is less than or equal to 60 days.") {
        "LTE60"
    } else if text.contains("for a period that is more than 60 days but less than or equal to 180 days.") {
        "GT60"
    } else {
        "OTHER"
    }
}

fn contact(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("title", from.at("name_or_title"));
    out.text("organization", from.at("organization"));
    out.text("email", from.at("email"));
    out.text("phone", from.at("phone"));
    out.text("phoneExt", from.at("phone_ext"));
    out
}
