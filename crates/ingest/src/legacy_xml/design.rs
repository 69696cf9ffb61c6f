//! Design, arms and interventions.

use std::collections::HashMap;

use model::{IssueKind, enums};
use serde_json::Value;

use super::{
    object::{Object, find, known, line, list},
    protocol::{labelled, no_place},
    tree::Element,
};

/// The design module.
pub(super) fn module(root: Element<'_>) -> Object {
    let mut out = Object::default();
    study_type(root, &mut out);
    let mut access = Object::default();
    for (key, name) in [
        ("individual", "expanded_access_info/expanded_access_type_individual"),
        ("intermediate", "expanded_access_info/expanded_access_type_intermediate"),
        ("treatment", "expanded_access_info/expanded_access_type_treatment"),
    ] {
        access.yes(key, root.at(name));
    }
    out.put("expandedAccessTypes", access);
    out.age("targetDuration", root.at("target_duration"));
    phases(root, &mut out);
    out.put("designInfo", design_info(root));
    let mut samples = Object::default();
    samples.choice("retention", "BioSpecRetention", root.at("biospec_retention"));
    samples.markup("description", root.at("biospec_descr"));
    out.put("bioSpec", samples);
    out.put("enrollmentInfo", enrollment(root));
    out
}

/// `Observational [Patient Registry]` says two things.
fn study_type(root: Element<'_>, out: &mut Object) {
    let Some(element) = root.at("study_type") else { return };
    let Some(text) = line(element) else { return };
    let (kind, registry) = match text.split_once('[') {
        Some((kind, rest)) if rest.trim() == "Patient Registry]" => (kind.trim(), true),
        _ => (text.as_str(), false),
    };
    out.put("studyType", known(element, "StudyType", kind));
    if registry {
        out.put("patientRegistry", true);
    }
}

/// `Phase 1/Phase 2` is two phases. Only interventional studies have phases: elsewhere `N/A` says nothing.
fn phases(root: Element<'_>, out: &mut Object) {
    let Some(element) = root.any(&["phase", "phase_block/phase"]) else { return };
    let Some(text) = line(element) else { return };
    if text == "N/A" {
        if out.get("studyType").is_some_and(|t| t == "INTERVENTIONAL") {
            out.put("phases", vec!["NA"]);
        }
        return;
    }
    let phases: Vec<String> = text.split('/').map(|p| known(element, "Phase", p.trim())).collect();
    out.put("phases", phases);
}

fn enrollment(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let Some(element) = root.at("enrollment") else { return out };
    out.integer("count", Some(element));
    if let Some(label) = element.attribute("type").filter(|_| !out.is_empty()) {
        out.put("type", known(element, "EnrollmentType", label));
    }
    out
}

const ASPECTS: [(&str, &str, &str); 6] = [
    ("Allocation", "allocation", "DesignAllocation"),
    ("Intervention Model", "interventionModel", "InterventionalAssignment"),
    ("Primary Purpose", "primaryPurpose", "PrimaryPurpose"),
    ("Observational Model", "observationalModel", "ObservationalModel"),
    ("Time Perspective", "timePerspective", "DesignTimePerspective"),
    ("Masking", "maskingInfo", "DesignMasking"),
];

fn design_info(root: Element<'_>) -> Object {
    let mut out = Object::default();
    if let Some(info) = root.at("study_design_info") {
        out.choice("allocation", "DesignAllocation", info.at("allocation"));
        out.choice("interventionModel", "InterventionalAssignment", info.at("intervention_model"));
        out.markup("interventionModelDescription", info.at("intervention_model_description"));
        out.choice("primaryPurpose", "PrimaryPurpose", info.at("primary_purpose"));
        out.choice("observationalModel", "ObservationalModel", info.at("observational_model"));
        out.choice("timePerspective", "DesignTimePerspective", info.at("time_perspective"));
        let mut blinding = Object::default();
        if let Some(element) = info.at("masking") {
            masking(element, &line(element).unwrap_or_default(), &mut blinding);
        }
        blinding.markup("maskingDescription", info.at("masking_description"));
        out.put("maskingInfo", blinding);
    }
    if let Some(element) = root.at("study_design") {
        design_in_one_line(element, &mut out);
    }
    for element in root.children("design") {
        design_word(element, &mut out);
    }
    out
}

/// `Double (Participant, Investigator)`; some records list who is masked without the degree.
fn masking(element: Element<'_>, text: &str, out: &mut Object) {
    let (degree, who) = match text.split_once('(') {
        Some((degree, who)) if find("DesignMasking", text).is_none() => {
            (degree.trim(), who.trim_end_matches(')'))
        }
        _ if find("DesignMasking", text).is_some() => (text, ""),
        _ if text.split(',').all(|w| find("WhoMasked", w.trim()).is_some()) => ("", text),
        _ => (text, ""),
    };
    if !degree.is_empty() {
        out.put("masking", known(element, "DesignMasking", degree));
    }
    let who = who.split(',').map(str::trim).filter(|w| !w.is_empty());
    out.put("whoMasked", who.map(|w| known(element, "WhoMasked", w)).collect::<Vec<_>>());
}

/// Before 2017: `Allocation: Randomized, Endpoint Classification: Efficacy Study, Masking: Open Label`.
fn design_in_one_line(element: Element<'_>, out: &mut Object) {
    let Some(text) = line(element).filter(|t| t != "N/A") else { return };
    let mut labels: Vec<&str> = ASPECTS.iter().map(|a| a.0).collect();
    labels.push("Endpoint Classification");
    let parts = labelled(&text, &labels);
    if parts.is_empty() {
        element.give_back();
    }
    for (label, value) in parts {
        match ASPECTS.iter().find(|a| a.0 == label) {
            Some(("Masking", ..)) => {
                let mut blinding = Object::default();
                masking(element, value, &mut blinding);
                out.put("maskingInfo", blinding);
            }
            Some((_, key, type_name)) => out.put(key, known(element, type_name, value)),
            None => no_place(element, &format!("{label}: {value}")),
        }
    }
}

/// In the upload form each aspect is a word without a label.
fn design_word(element: Element<'_>, out: &mut Object) {
    let Some(word) = line(element) else { return };
    let aspect = ASPECTS.iter().find(|(_, _, type_name)| find(type_name, &word).is_some());
    match aspect {
        Some(("Masking", ..)) => {
            let mut blinding = Object::default();
            masking(element, &word, &mut blinding);
            out.put("maskingInfo", blinding);
        }
        Some((_, key, type_name)) => out.put(key, known(element, type_name, &word)),
        None => element.give_back(),
    }
}

/// The module of arms and interventions, with the links between them that the XML states on one side only.
pub(super) fn arms_and_interventions(root: Element<'_>) -> Object {
    let interventions = list(root.children("intervention"), intervention);
    let mut of_arm: HashMap<&str, Vec<String>> = HashMap::new();
    for item in &interventions {
        let name = named(item);
        for label in item["armGroupLabels"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            of_arm.entry(label).or_default().push(name.clone());
        }
    }
    let arms = list(root.children("arm_group"), |e| arm(e, &of_arm));
    compare_number_of_arms(root, arms.len());
    let mut out = Object::default();
    out.put("armGroups", arms);
    out.put("interventions", interventions);
    out
}

/// `Drug: Nifedipine`, as arms name their interventions.
fn named(intervention: &Value) -> String {
    let name = intervention["name"].as_str().unwrap_or_default();
    match intervention["type"].as_str() {
        Some(kind) => format!("{}: {name}", enums::label("InterventionType", kind)),
        None => name.to_owned(),
    }
}

fn arm(element: Element<'_>, interventions: &HashMap<&str, Vec<String>>) -> Object {
    let mut out = Object::default();
    let label = element.at("arm_group_label");
    out.text("label", label);
    out.choice("type", "ArmGroupType", element.any(&["arm_group_type", "arm_type"]));
    out.markup("description", element.at("description"));
    if let Some(names) = label.and_then(line).and_then(|l| interventions.get(l.as_str())) {
        out.put("interventionNames", names.clone());
    }
    out
}

fn intervention(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.choice("type", "InterventionType", element.any(&["intervention_type", "intervent_type"]));
    out.text("name", element.any(&["intervention_name", "primary_name"]));
    out.markup("description", element.at("description"));
    out.texts("armGroupLabels", element.children("arm_group_label"));
    out.texts("otherNames", element.children("other_name"));
    out
}

/// The record has no field for the number of arms; it is the length of their list, or it is reported.
fn compare_number_of_arms(root: Element<'_>, arms: usize) {
    for name in ["number_of_arms", "number_of_groups"] {
        let Some(element) = root.at(name) else { continue };
        let Some(text) = line(element).filter(|t| t.parse() != Ok(arms)) else { continue };
        if arms == 0 {
            element.give_back();
        } else {
            element.report(IssueKind::Contradiction, format!("{text} arms are stated, {arms} are listed"));
        }
    }
}
