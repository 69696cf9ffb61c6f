//! Adverse events.

use serde_json::{Map, Value};

use super::{
    object::{Object, integer, line, list},
    results::{group_id, groups},
    tree::Element,
};

/// The module of adverse events.
pub(super) fn module(from: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("frequencyThreshold", from.at("other_events/frequency_threshold"));
    out.text("timeFrame", from.at("time_frame"));
    out.markup("description", from.at("desc"));
    let mut groups = groups(from);
    let serious = from.at("serious_events").map(|s| events(s, &mut groups)).unwrap_or_default();
    let other = from.at("other_events").map(|o| events(o, &mut groups)).unwrap_or_default();
    out.put("eventGroups", groups);
    out.put("seriousEvents", serious);
    out.put("otherEvents", other);
    out
}

/// The events of one kind; their totals go to the groups.
fn events(from: Element<'_>, groups: &mut [Value]) -> Vec<Value> {
    let vocabulary = from.at("default_vocab").and_then(line);
    let assessment = from.at("default_assessment");
    let mut out = Vec::new();
    for category in from.all("category_list/category") {
        let title = category.at("title");
        for element in category.all("event_list/event") {
            match total(element) {
                Some(kind) => add_total(element, kind, groups),
                None => out.extend(list([element], |e| event(e, title, vocabulary.as_deref(), assessment))),
            }
        }
        if category.all("event_list/event").iter().all(|e| total(*e).is_some()) {
            title.into_iter().for_each(Element::pass_over);
        }
    }
    out
}

/// Which total an event stands for, if it is none itself.
fn total(event: Element<'_>) -> Option<&'static str> {
    match event.at("sub_title").and_then(line)?.as_str() {
        "Total, serious adverse events" => Some("serious"),
        "Total, other adverse events" => Some("other"),
        "Total, all-cause mortality" => Some("deaths"),
        _ => None,
    }
}

fn add_total(event: Element<'_>, kind: &str, groups: &mut [Value]) {
    for counts in event.children("counts") {
        let Some(id) = counts.attribute("group_id").map(group_id) else { continue };
        let group = groups.iter_mut().find(|g| g["id"] == id.as_str()).and_then(Value::as_object_mut);
        let Some(group) = group else { continue };
        add_count(group, format!("{kind}NumAffected"), counts, "subjects_affected");
        add_count(group, format!("{kind}NumAtRisk"), counts, "subjects_at_risk");
    }
}

fn add_count(group: &mut Map<String, Value>, key: String, counts: Element<'_>, name: &str) {
    if let Some(number) = counts.attribute(name).and_then(|t| integer(counts, t)) {
        group.insert(key, number);
    }
}

fn event(
    element: Element<'_>,
    organ_system: Option<Element<'_>>,
    vocabulary: Option<&str>,
    assessment: Option<Element<'_>>,
) -> Object {
    let mut out = Object::default();
    let term = element.at("sub_title");
    out.text("term", term);
    out.text("organSystem", organ_system);
    out.put("sourceVocabulary", term.and_then(|t| t.attribute("vocab")).or(vocabulary));
    out.choice("assessmentType", "EventAssessment", element.any(&["assessment"]).or(assessment));
    out.markup("notes", element.at("description"));
    out.put("stats", list(element.children("counts"), counts));
    out
}

fn counts(element: Element<'_>) -> Object {
    let mut out = Object::default();
    super::results::put_group(&mut out, "groupId", element);
    for (key, name) in
        [("numEvents", "events"), ("numAffected", "subjects_affected"), ("numAtRisk", "subjects_at_risk")]
    {
        out.put(key, element.attribute(name).and_then(|t| integer(element, t)));
    }
    out
}
