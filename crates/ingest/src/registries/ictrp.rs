//! WHO ICTRP: the common form of all registries of the network.

use model::{Issue, IssueKind, StudyId, enums};
use serde_json::{Value, json};

use super::{
    draft::{Draft, is_none_word, shown},
    flat::{self, Flat},
    html,
    words::{self, Dated},
};
use crate::{Converted, Raw};

/// Converts one trial.
pub(super) fn convert(raw: &Raw, flat: Flat) -> Result<Converted, Issue> {
    let mut draft = Draft::new(raw);
    let Some((path, text)) = flat.get(&["trialid"]) else {
        return Err(draft.no_id("TrialID", None));
    };
    let id: StudyId = text.parse().map_err(|_| draft.no_id(&path, Some(&text)))?;
    identification(&flat, &mut draft);
    status(raw, &flat, &mut draft);
    design(&flat, &mut draft);
    eligibility(&flat, &mut draft);
    outcomes(&flat, &mut draft);
    contacts(&flat, &mut draft);
    // Of the platform, not of the study; and what the id says.
    flat.get(&["internalnumber"]);
    flat.get(&["sourceregister"]);
    if let Some(url) = flat.text(&["webaddress", "url"]) {
        draft.push("referencesModule.seeAlsoLinks", registry(&url));
    }
    draft.unread(flat.unread());
    draft.remarks(flat.issues);
    Ok(draft.finish(id))
}

fn registry(url: &str) -> Value {
    json!({"label": "The record at its registry", "url": url})
}

fn identification(flat: &Flat, draft: &mut Draft) {
    let public = flat.text(&["publictitle"]);
    let scientific = flat.text(&["scientifictitle"]);
    draft.line("identificationModule.briefTitle", public);
    draft.line("identificationModule.officialTitle", scientific);
    draft.line(
        "identificationModule.acronym",
        flat.text(&["acronym", "scientificacronym", "publicacronym"]).filter(|t| !is_none_word(t)),
    );
    draft.sponsor(flat.text(&["primarysponsor"]), None);
    for names in [&["secondarysponsor"], &["sourcesupport"], &["sourceofsupport"]] {
        for name in parts(flat.text(names)) {
            draft.collaborator(Some(name), None);
        }
    }
    for text in parts(flat.text(&["secondaryid"])).into_iter().chain(parts(flat.text(&["otherrecord"]))) {
        // `other_records` is mostly a Yes or No about the platform's own grouping.
        if !["yes", "no"].contains(&text.to_lowercase().as_str()) {
            draft.identifiers(Some(text));
        }
    }
    for condition in parts(flat.text(&["condition"])) {
        let condition = html::line(&condition);
        draft.push("conditionsModule.conditions", condition);
    }
}

fn status(raw: &Raw, flat: &Flat, draft: &mut Draft) {
    if let Some((path, text)) = flat.get(&["recruitmentstatu", "recruitmentstatus"]) {
        draft.status(&path, Some(text));
    }
    registration(raw, flat, draft);
    if let Some((path, text)) = flat.get(&["dateenrollement", "dateenrolment", "dateenrollment"]) {
        draft.date("statusModule.startDateStruct.date", &path, Some(text));
    }
    if let Some((path, text)) = flat.get(&["lastrefreshedon", "exportdate"]) {
        draft.version(&path, Some(text));
    }
    flat.get(&["exportdate"]);
}

/// The date of registration is written twice: as eight digits, which are certain, and as it came.
fn registration(raw: &Raw, flat: &Flat, draft: &mut Draft) {
    let target = "statusModule.studyFirstSubmitDate";
    let digits = flat.get(&["dateregistration3"]);
    let typed = flat.get(&["dateregistration"]);
    let Some((path, text)) = digits else {
        if let Some((path, text)) = typed {
            draft.date(target, &path, Some(text));
        }
        return;
    };
    let certain = draft.date(target, &path, Some(text));
    let Some((path, text)) = typed else { return };
    match (certain, words::date(&text)) {
        (Some(certain), Dated::Exact(date)) if date != certain => {
            let message = format!("`{}` is not {certain}, which Date_registration3 says", shown(&text));
            draft.remarks(vec![Issue::new(IssueKind::Contradiction, message, flat::place(raw, &path))]);
        }
        (None, _) => drop(draft.date(target, &path, Some(text))),
        _ => {}
    }
}

fn design(flat: &Flat, draft: &mut Draft) {
    if let Some((path, text)) = flat.get(&["studytype"]) {
        let lower = text.to_lowercase();
        let found =
            ["interventional", "observational", "expanded access"].into_iter().find(|w| lower.contains(w));
        match found {
            Some(word) => draft.put("designModule.studyType", word.to_uppercase().replace(' ', "_")),
            None if is_none_word(&text) => {}
            None => draft.note(
                IssueKind::NotConverted,
                &path,
                format!("`{}` is no type of study; left out", shown(&text)),
            ),
        }
    }
    if let Some((path, text)) = flat.get(&["phase"]) {
        draft.phases(&path, Some(text));
    }
    if let Some(text) = flat.text(&["studydesign"]) {
        study_design(&html::lines(&text), draft);
    }
    if let Some((path, text)) = flat.get(&["targetsize"]) {
        match size(&text) {
            Some(count) => {
                draft.put("designModule.enrollmentInfo", json!({"count": count, "type": "ESTIMATED"}));
            }
            None if is_none_word(&text) => {}
            None => draft.note(
                IssueKind::BadValue,
                &path,
                format!("`{}` is no number of people; left out", shown(&text)),
            ),
        }
    }
    for text in parts(flat.text(&["intervention"])) {
        let text = html::line(&text);
        let labelled = text.split_once(": ").and_then(|(label, name)| {
            let kind = enums::by_name("InterventionType")?.find(label.trim())?.value;
            Some(json!({"type": kind, "name": name.trim()}))
        });
        draft
            .push("armsInterventionsModule.interventions", labelled.unwrap_or_else(|| json!({"name": text})));
    }
}

/// A number, or `arm:49;other arm:50;`: the sum.
fn size(text: &str) -> Option<i64> {
    let number = |t: &str| t.trim().replace(',', "").parse::<i64>().ok().filter(|n| *n >= 0);
    if let Some(number) = number(text) {
        return Some(number);
    }
    let arms: Vec<&str> = text.split(';').filter(|t| !t.trim().is_empty()).collect();
    let sizes: Option<Vec<i64>> = arms.iter().map(|arm| number(arm.rsplit_once(':')?.1)).collect();
    sizes.filter(|sizes| !sizes.is_empty())?.into_iter().try_fold(0i64, i64::checked_add)
}

/// `Allocation: Randomized. Intervention model: Parallel Assignment. ...`; a text in other words describes the model.
fn study_design(text: &str, draft: &mut Draft) {
    const LABELS: [(&str, &str, &str); 7] = [
        ("allocation", "allocation", "DesignAllocation"),
        ("intervention model", "interventionModel", "InterventionalAssignment"),
        ("interventional study model", "interventionModel", "InterventionalAssignment"),
        ("primary purpose", "primaryPurpose", "PrimaryPurpose"),
        ("masking", "maskingInfo.masking", "DesignMasking"),
        ("observational model", "observationalModel", "ObservationalModel"),
        ("time perspective", "timePerspective", "DesignTimePerspective"),
    ];
    let mut rest = Vec::new();
    for part in text.split(['\n', '.', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        let known = part.split_once(':').and_then(|(label, value)| {
            let label = label.trim().to_lowercase();
            let (_, path, type_name) = LABELS.iter().find(|(l, ..)| *l == label)?;
            let value = value.split('(').next().unwrap_or_default().trim();
            let value = if value.eq_ignore_ascii_case("none") { "None (Open Label)" } else { value };
            Some((*path, enums::by_name(type_name)?.find(value)?.value))
        });
        match known {
            Some((path, value)) => draft.put(&format!("designModule.designInfo.{path}"), value),
            None => rest.push(part),
        }
    }
    draft.line("designModule.designInfo.interventionModelDescription", Some(rest.join(". ")));
}

fn eligibility(flat: &Flat, draft: &mut Draft) {
    if let Some((path, text)) = flat.get(&["inclusionagemin", "agemin"]) {
        draft.age(true, &path, Some(text));
    }
    if let Some((path, text)) = flat.get(&["inclusionagemax", "agemax"]) {
        draft.age(false, &path, Some(text));
    }
    if let Some((path, text)) = flat.get(&["inclusiongender", "gender"]) {
        draft.sex(&path, Some(text));
    }
    draft.criteria(
        flat.text(&["inclusioncriteria"]),
        flat.text(&["exclusioncriteria"]).filter(|t| !is_none_word(t)),
    );
}

fn outcomes(flat: &Flat, draft: &mut Draft) {
    for (name, path) in [("primaryoutcome", "primaryOutcomes"), ("secondaryoutcome", "secondaryOutcomes")] {
        let Some(text) = flat.text(&[name]).filter(|text| !is_none_word(text)) else { continue };
        // A list ends each of its items with the sign; inside a sentence it is part of it.
        let items = if text.trim_end().ends_with(';') { parts(Some(text)) } else { vec![text] };
        for item in items {
            draft.push(&format!("outcomesModule.{path}"), json!({"measure": html::line(&item)}));
        }
    }
}

fn contacts(flat: &Flat, draft: &mut Draft) {
    for who in ["contact", "publiccontact", "scientificcontact"] {
        let field = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|n| format!("{who}{n}")).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            flat.text(&names).map(|text| parts(Some(text))).unwrap_or_default()
        };
        let (first, last) = (field(&["firstname"]), field(&["lastname"]));
        let (email, phone) = (field(&["email"]), field(&["tel", "phone"]));
        let count = first.len().max(last.len()).max(email.len()).max(phone.len());
        for n in 0..count {
            let at = |list: &[String]| list.get(n).map(|t| html::line(t)).filter(|t| !is_none_word(t));
            let name: Vec<String> = [at(&first), at(&last)].into_iter().flatten().collect();
            let contact = json!({"name": name.join(" "), "phone": at(&phone), "email": at(&email)});
            draft.push("contactsLocationsModule.centralContacts", contact);
        }
    }
    for country in parts(flat.text(&["countries", "countrie"])) {
        let country = html::line(&country);
        let country = model::country::usual(&country).to_owned();
        draft.push("contactsLocationsModule.locations", json!({"country": country}));
    }
}

/// The parts between semicolons, and between breaks.
fn parts(text: Option<String>) -> Vec<String> {
    let Some(text) = text else { return Vec::new() };
    let text = html::lines(&text);
    let parts = text.split([';', '\n']).map(str::trim).filter(|part| !is_none_word(part));
    parts.map(str::to_owned).collect()
}
