//! ISRCTN's XML: one `fullTrial`, or its `trial` alone.

use model::{Issue, IssueKind, PartialDate, Register, StudyId};
use serde_json::json;

use super::{
    draft::{Draft, is_none_word, shown},
    html,
    words::{self, Dated},
};
use crate::{
    Converted, Raw,
    legacy_xml::tree::{Element, Tree},
};

/// Converts one trial.
pub(super) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let tree = Tree::parse(&raw.bytes, &raw.place)?;
    let root = tree.root();
    let trial = root.at("trial").unwrap_or(root);
    let mut draft = Draft::new(raw);
    let number = text(trial, "isrctn").ok_or_else(|| draft.no_id("trial/isrctn", None))?;
    let spelled =
        if number.bytes().all(|b| b.is_ascii_digit()) { format!("ISRCTN{number}") } else { number.clone() };
    let id: Option<StudyId> = spelled.parse().ok();
    let id = id.filter(|id| id.register() == Register::Isrctn);
    let id = id.ok_or_else(|| draft.no_id("trial/isrctn", Some(&number)))?;
    identification(trial, &mut draft);
    status(trial, &mut draft);
    design(trial, &mut draft);
    participants(trial, &mut draft);
    parties(root, &mut draft);
    draft.remarks(tree.into_issues());
    Ok(draft.finish(id))
}

fn text(from: Element<'_>, path: &'static str) -> Option<String> {
    Some(from.at(path)?.trimmed()?.to_owned())
}

fn identification(trial: Element<'_>, draft: &mut Draft) {
    let said = |path: &'static str| text(trial, path);
    draft.line("identificationModule.briefTitle", said("trialDescription/title"));
    draft.line("identificationModule.officialTitle", said("trialDescription/scientificTitle"));
    draft.line("identificationModule.acronym", said("trialDescription/acronym"));
    draft.markup(
        "descriptionModule.briefSummary",
        said("trialDescription/plainEnglishSummary").or_else(|| said("trialDescription/studyHypothesis")),
    );
    if draft.get("descriptionModule.briefSummary").is_some() {
        draft.markup("descriptionModule.detailedDescription", said("trialDescription/studyHypothesis"));
    }
    draft.line(
        "identificationModule.orgStudyIdInfo.id",
        said("externalRefs/protocolSerialNumber").filter(|t| !is_none_word(t)),
    );
    for path in [
        "externalRefs/eudraCTNumber",
        "externalRefs/ctisNumber",
        "externalRefs/clinicalTrialsGovNumber",
        "externalRefs/irasNumber",
    ] {
        draft.identifiers(said(path));
    }
    for element in trial
        .all("externalRefs/secondaryNumbers")
        .into_iter()
        .chain(trial.all("externalRefs/secondaryNumbers/secondaryNumber"))
    {
        element.attribute("numberType");
        draft.identifiers(element.trimmed().map(str::to_owned));
    }
    if let Some(doi) = said("externalRefs/doi") {
        let link = json!({"label": "DOI of the record", "url": format!("https://doi.org/{}", doi.trim_start_matches("doi:"))});
        draft.push("referencesModule.seeAlsoLinks", link);
    }
    if let Some(url) = said("trialDescription/trialWebsite").filter(|t| !is_none_word(t)) {
        draft.push("referencesModule.seeAlsoLinks", json!({"label": "Website of the study", "url": url}));
    }
    for condition in trial.all("conditions/condition/description") {
        for name in condition.trimmed().map(html::lines).unwrap_or_default().split(['\n', ';']) {
            draft.push("conditionsModule.conditions", name.trim());
        }
    }
}

/// The registry reckons its status from the dates on the day it is asked. Here the day is that of the record's last
/// update, which becomes the day the status was verified.
fn status(trial: Element<'_>, draft: &mut Draft) {
    let assigned = trial.at("isrctn").and_then(|e| e.attribute("dateAssigned")).map(str::to_owned);
    draft.date("statusModule.studyFirstSubmitDate", "trial/isrctn/@dateAssigned", assigned);
    let updated = trial.attribute("lastUpdated").map(str::to_owned);
    let updated = draft.date("statusModule.lastUpdateSubmitDate", "trial/@lastUpdated", updated);
    trial.attribute("version");
    let mut put = |path: &str, from: &'static str| {
        let path = format!("statusModule.{path}.date");
        draft.date(&path, &format!("trial/{from}"), text(trial, from))
    };
    put("startDateStruct", "trialDesign/overallStartDate");
    let end = put("completionDateStruct", "trialDesign/overallEndDate");
    let day = |from: &'static str| match words::date(&text(trial, from)?) {
        Dated::Exact(date) => Some(date),
        _ => None,
    };
    let (begins, ends) = (day("participants/recruitmentStart"), day("participants/recruitmentEnd"));
    for path in ["trialDesign/overallStatusOverride", "participants/recruitmentStatusOverride"] {
        if let Some(status) = text(trial, path) {
            return draft.status(&format!("trial/{path}"), Some(status));
        }
    }
    let Some((updated, status)) = updated.and_then(|day| Some((day, reckoned(day, begins, ends, end)?)))
    else {
        return;
    };
    draft.put("statusModule.overallStatus", status);
    draft.put("statusModule.statusVerifiedDate", updated.to_string());
    let message =
        format!("the status is reckoned from the dates of recruitment as of the last update, {updated}");
    draft.note(IssueKind::NotConverted, "trial/participants/recruitmentEnd", message);
}

/// The status on a day, where the dates settle it.
fn reckoned(
    day: PartialDate,
    begins: Option<PartialDate>,
    ends: Option<PartialDate>,
    over: Option<PartialDate>,
) -> Option<&'static str> {
    let (begins, ends) = (begins?, ends?);
    let past = |end: PartialDate| end.last_day() < day.first_day();
    if begins.first_day() > day.last_day() {
        return Some("NOT_YET_RECRUITING");
    }
    if !past(ends) {
        return Some("RECRUITING");
    }
    over.map(|over| if past(over) { "COMPLETED" } else { "ACTIVE_NOT_RECRUITING" })
}

fn design(trial: Element<'_>, draft: &mut Draft) {
    let primary = text(trial, "trialDesign/primaryStudyDesign");
    if let Some(kind) = primary.as_deref().map(str::to_uppercase) {
        match kind.as_str() {
            "INTERVENTIONAL" | "OBSERVATIONAL" => draft.put("designModule.studyType", kind),
            _ => draft.note(
                IssueKind::NotConverted,
                "trial/trialDesign/primaryStudyDesign",
                format!("`{}` is no type of study; left out", shown(&kind)),
            ),
        }
    }
    draft
        .line("designModule.designInfo.interventionModelDescription", text(trial, "trialDesign/studyDesign"));
    let secondary = text(trial, "trialDesign/secondaryStudyDesign").map(|t| t.to_lowercase());
    match secondary.as_deref() {
        Some("randomised controlled trial" | "randomised cross over trial" | "cluster randomised trial") => {
            draft.put("designModule.designInfo.allocation", "RANDOMIZED");
        }
        Some("non randomised study" | "non-randomised controlled trial") => {
            draft.put("designModule.designInfo.allocation", "NON_RANDOMIZED");
        }
        Some("") | None => {}
        Some(other) => draft.note(
            IssueKind::NotConverted,
            "trial/trialDesign/secondaryStudyDesign",
            format!("`{}` has no place; left out", shown(other)),
        ),
    }
    let types: Vec<String> = trial
        .all("trialDesign/trialTypes/trialType")
        .iter()
        .filter_map(|e| e.trimmed())
        .map(str::to_lowercase)
        .collect();
    if let [only] = &types[..] {
        let purpose = match only.as_str() {
            "treatment" => "TREATMENT",
            "prevention" => "PREVENTION",
            "diagnostic" => "DIAGNOSTIC",
            "screening" => "SCREENING",
            _ => "OTHER",
        };
        draft.put("designModule.designInfo.primaryPurpose", purpose);
    }
    for intervention in trial.all("interventions/intervention") {
        interventions(intervention, draft);
    }
    for (from, path) in [("primary", "primaryOutcomes"), ("secondary", "secondaryOutcomes")] {
        outcomes(trial, from, path, draft);
    }
}

fn interventions(from: Element<'_>, draft: &mut Draft) {
    let kind = text(from, "interventionType");
    let kind = kind.as_deref().and_then(|k| Some(model::enums::by_name("InterventionType")?.find(k)?.value));
    let description = text(from, "description").map(|t| html::markup(&t));
    let names: Vec<String> = text(from, "drugNames")
        .map(|t| html::lines(&t))
        .unwrap_or_default()
        .split(['\n', ';', ','])
        .map(str::trim)
        .filter(|t| !is_none_word(t))
        .map(str::to_owned)
        .collect();
    for name in &names {
        let one = json!({"type": kind, "name": name, "description": description});
        draft.push("armsInterventionsModule.interventions", one);
    }
    if names.is_empty() {
        let one = json!({"type": kind, "description": description});
        draft.push("armsInterventionsModule.interventions", one);
    }
    draft.phases(
        "trial/interventions/intervention/phase",
        text(from, "phase").filter(|t| !t.eq_ignore_ascii_case("not specified")),
    );
}

/// Outcomes as one text, a line each, or as elements of variable, method and time points.
fn outcomes(trial: Element<'_>, from: &str, path: &str, draft: &mut Draft) {
    let (text_path, list_path) = if from == "primary" {
        ("trialDescription/primaryOutcome", "trialDescription/primaryOutcomes/outcomeMeasure")
    } else {
        ("trialDescription/secondaryOutcome", "trialDescription/secondaryOutcomes/outcomeMeasure")
    };
    let list = trial.all(list_path);
    for element in &list {
        let part = |name: &'static str| text(*element, name).map(|t| html::line(&t));
        let outcome = json!({"measure": part("variable"), "description": part("method"), "timeFrame": part("timepoints")});
        draft.push(&format!("outcomesModule.{path}"), outcome);
    }
    let Some(text) = text(trial, text_path).filter(|_| list.is_empty()) else { return };
    for line in html::lines(&text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        draft.push(&format!("outcomesModule.{path}"), json!({"measure": line}));
    }
}

fn participants(trial: Element<'_>, draft: &mut Draft) {
    let said = |path: &'static str| text(trial, path);
    draft.criteria(said("participants/inclusion"), said("participants/exclusion"));
    draft.sex(
        "trial/participants/gender",
        said("participants/gender").filter(|t| !t.eq_ignore_ascii_case("not specified")),
    );
    for (lower, path) in [(true, "participants/lowerAgeLimit"), (false, "participants/upperAgeLimit")] {
        let Some(element) = trial.at(path) else { continue };
        let typed = element.trimmed().map(str::to_owned);
        let value = element
            .attribute("value")
            .zip(element.attribute("unit"))
            .map(|(value, unit)| format!("{value} {unit}"));
        draft.age(lower, &format!("trial/{path}"), value.or(typed));
    }
    let number = |path: &'static str| said(path).and_then(|t| t.replace(',', "").parse::<i64>().ok());
    let (planned, actual) =
        (number("participants/targetEnrolment"), number("participants/totalFinalEnrolment"));
    if let Some(count) = actual {
        draft.put("designModule.enrollmentInfo", json!({"count": count, "type": "ACTUAL"}));
        if let Some(planned) = planned.filter(|p| *p != count) {
            draft.note(
                IssueKind::NotConverted,
                "trial/participants/targetEnrolment",
                format!("{planned} were planned; the number enrolled is kept"),
            );
        }
    } else if let Some(count) = planned {
        draft.put("designModule.enrollmentInfo", json!({"count": count, "type": "ESTIMATED"}));
    } else if let Some(text) = said("participants/targetEnrolment") {
        draft.note(
            IssueKind::BadValue,
            "trial/participants/targetEnrolment",
            format!("`{}` is no number of people; left out", shown(&text)),
        );
    }
    let mut of_sites = Vec::new();
    for centre in trial.all("participants/trialCentres/trialCentre") {
        let part =
            |name: &'static str| text(centre, name).map(|t| html::line(&t)).filter(|t| !is_none_word(t));
        let country = part("country").map(|c| model::country::usual(&c).to_owned());
        of_sites.extend(country.clone());
        let site = json!({"facility": part("name"), "city": part("city"), "state": part("state"), "zip": part("zip"), "country": country});
        draft.push("contactsLocationsModule.locations", site);
    }
    for element in trial.all("participants/recruitmentCountries/country") {
        let Some(country) = element.trimmed().map(|c| model::country::usual(c).to_owned()) else { continue };
        if !of_sites.contains(&country) {
            draft.push("contactsLocationsModule.locations", json!({"country": country}));
        }
    }
}

fn parties(root: Element<'_>, draft: &mut Draft) {
    for (n, sponsor) in root.children("sponsor").enumerate() {
        sponsor.attribute("id");
        let class = text(sponsor, "sponsorType").and_then(|kind| class(&kind));
        let name = text(sponsor, "organisation");
        if n == 0 { draft.sponsor(name, class) } else { draft.collaborator(name, class) }
    }
    for funder in root.children("funder") {
        funder.attribute("id");
        draft.collaborator(text(funder, "name"), None);
    }
    for contact in root.children("contact") {
        contact.attribute("id");
        let names: Vec<String> =
            ["title", "forename", "surname"].into_iter().filter_map(|p| text(contact, p)).collect();
        let role = contact
            .all("contactTypes/contactType")
            .iter()
            .filter_map(|e| e.trimmed())
            .any(|t| t == "Principal Investigator" || t == "Principal investigator");
        if role {
            draft.push(
                "contactsLocationsModule.overallOfficials",
                json!({"name": names.join(" "), "role": "PRINCIPAL_INVESTIGATOR"}),
            );
        }
        let details = json!({"name": names.join(" "), "phone": text(contact, "contactDetails/telephone"), "email": text(contact, "contactDetails/email")});
        draft.push("contactsLocationsModule.centralContacts", details);
    }
    // Links between the parts of the record.
    let trial = root.at("trial").unwrap_or(root);
    trial.at("parties").into_iter().for_each(Element::pass_over);
}

fn class(kind: &str) -> Option<&'static str> {
    match kind.to_lowercase().as_str() {
        "industry" => Some("INDUSTRY"),
        "government" => Some("OTHER_GOV"),
        "" | "not defined" => None,
        _ => Some("OTHER"),
    }
}
