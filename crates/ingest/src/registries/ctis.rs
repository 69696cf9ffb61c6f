//! The EU's Clinical Trials Information System: the JSON of one trial.

use model::{Issue, IssueKind, Register, StudyId};
use serde_json::{Value, json};

use super::{
    draft::Draft,
    html,
    seen::{Node, Seen},
};
use crate::{Converted, Raw, json};

/// Where part I of the application begins.
const PART: &str = "authorizedApplication.authorizedPartI";

/// Converts one trial.
pub(super) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let record = Value::Object(json::parse(raw)?);
    let seen = Seen::default();
    let root = seen.root(&record);
    let mut draft = Draft::new(raw);
    let number = root.text("ctNumber").ok_or_else(|| draft.no_id("ctNumber", None))?;
    let id: Option<StudyId> = number.parse().ok().filter(|id: &StudyId| id.register() == Register::Ctis);
    let id = id.ok_or_else(|| draft.no_id("ctNumber", Some(&number)))?;
    status(root, &mut draft);
    if let Some(part) = root.at(PART) {
        if let Some(details) = part.at("trialDetails") {
            identification(details, &mut draft);
            design(details, &mut draft);
        }
        sponsors(part, &mut draft);
        conditions(part, &mut draft);
        products(part, &mut draft);
        people(root, part, &mut draft);
    }
    if draft.get("identificationModule.briefTitle").is_none() {
        draft.line("identificationModule.briefTitle", root.any(&["ctTitle", "shortTitle"]));
    }
    sites(root, &mut draft);
    draft.unread(seen.unread(&record));
    Ok(draft.finish(id))
}

fn status(root: Node<'_>, draft: &mut Draft) {
    let code = root.integer("ctPublicStatusCode");
    let status = match code {
        Some(1 | 2) => Some("NOT_YET_RECRUITING"),
        Some(3 | 4) => Some("RECRUITING"),
        Some(5) => Some("ACTIVE_NOT_RECRUITING"),
        Some(6 | 7) => Some("SUSPENDED"),
        Some(8) => Some("COMPLETED"),
        Some(10) => Some("TERMINATED"),
        // Expired before it began, not authorised, cancelled.
        Some(9 | 11 | 12) => Some("WITHDRAWN"),
        _ => None,
    };
    if status.is_some() {
        root.pass_over(&["ctStatus"]);
    }
    match (status, code) {
        (Some(status), _) => draft.put("statusModule.overallStatus", status),
        (None, Some(code)) => {
            draft.note(IssueKind::BadValue, "ctPublicStatusCode", format!("{code} is no status; left out"));
        }
        (None, None) => draft.status("ctStatus", root.text("ctStatus")),
    }
    let mut date = |path: &str, from: &str| draft.date(path, from, root.text(from));
    date("statusModule.studyFirstSubmitDate", "submissionDate");
    date("statusModule.studyFirstPostDateStruct.date", "publishDate");
    date("statusModule.lastUpdatePostDateStruct.date", "lastPublicationUpdate");
    date("statusModule.lastUpdateSubmitDate", "lastUpdated");
    date("statusModule.startDateStruct.date", "startDateEU");
    date("statusModule.completionDateStruct.date", "endDateEU");
}

fn identification(details: Node<'_>, draft: &mut Draft) {
    let ids = details.at("clinicalTrialIdentifiers");
    let said = |path: &str| ids.and_then(|ids| ids.text(path));
    let (full, public, short) = (said("fullTitle"), said("publicTitle"), said("shortTitle"));
    let brief = if public.is_some() { public } else { full.clone() };
    draft.line("identificationModule.briefTitle", brief);
    draft.line("identificationModule.officialTitle", full);
    draft.line("identificationModule.orgStudyIdInfo.id", short);
    let Some(other) = ids.and_then(|ids| ids.at("secondaryIdentifyingNumbers")) else { return };
    for path in [
        "nctNumber.number",
        "isrctnNumber.number",
        "whoUniversalTrialNumber.number",
        "eudraCtNumber.number",
        "eudraCtNumber",
        "additionalRegistries",
    ] {
        for node in other.all(path) {
            let text = node.own().or_else(|| node.any(&["number", "ctNumber"]));
            draft.identifiers(text);
        }
    }
}

fn design(details: Node<'_>, draft: &mut Draft) {
    // Only trials of medicines are registered there.
    draft.put("designModule.studyType", "INTERVENTIONAL");
    let Some(information) = details.at("trialInformation") else { return };
    if let Some(code) = information.integer("trialCategory.trialPhase") {
        match phases(code) {
            Some(phases) => draft.put("designModule.phases", phases),
            None => draft.note(
                IssueKind::BadValue,
                "trialInformation.trialCategory.trialPhase",
                format!("{code} is no phase; left out"),
            ),
        }
    } else {
        draft.phases(
            "trialInformation.trialCategory.trialPhase",
            information.text("trialCategory.trialPhase"),
        );
    }
    draft.markup("descriptionModule.briefSummary", information.text("trialObjective.mainObjective"));
    let listed = |path: &str, names: &[&str]| -> Option<String> {
        let items: Vec<String> = information
            .all(path)
            .into_iter()
            .filter_map(|node| {
                node.pass_over(&["id", "number"]);
                Some(format!("- {}", html::line(&node.own().or_else(|| node.any(names))?)))
            })
            .collect();
        (!items.is_empty()).then(|| items.join("\n"))
    };
    let inclusion =
        listed("eligibilityCriteria.principalInclusionCriteria", &["principalInclusionCriteria", "text"]);
    let exclusion =
        listed("eligibilityCriteria.principalExclusionCriteria", &["principalExclusionCriteria", "text"]);
    draft.criteria(inclusion, exclusion);
    for (path, name, to) in [
        ("endPoint.primaryEndPoints", "endPoint", "primaryOutcomes"),
        ("endPoint.secondaryEndPoints", "endPoint", "secondaryOutcomes"),
    ] {
        for node in information.all(path) {
            node.pass_over(&["id", "number"]);
            if let Some(text) = node.own().or_else(|| node.any(&[name, "text"])) {
                draft.push(&format!("outcomesModule.{to}"), json!({"measure": html::line(&text)}));
            }
        }
    }
    for (path, to) in [
        ("trialDuration.estimatedRecruitmentStartDate", "startDateStruct"),
        ("trialDuration.estimatedEndDate", "completionDateStruct"),
    ] {
        let text = information.text(path);
        if text.is_some()
            && draft.get(&format!("statusModule.{to}")).is_none()
            && draft.date(&format!("statusModule.{to}.date"), path, text).is_some()
        {
            draft.put(&format!("statusModule.{to}.type"), "ESTIMATED");
        }
    }
    population(information, draft);
}

fn population(information: Node<'_>, draft: &mut Draft) {
    let Some(trial) = information.at("populationOfTrialSubjects") else { return };
    let sex = match (trial.yes("isFemaleSubjects"), trial.yes("isMaleSubjects")) {
        (Some(true), Some(true)) => "ALL",
        (Some(true), Some(false) | None) => "FEMALE",
        (Some(false) | None, Some(true)) => "MALE",
        _ => "",
    };
    draft.put("eligibilityModule.sex", sex);
    // The groups are told, the limits are not: those stand in the criteria.
    let groups = trial.all("ageRanges").into_iter().filter_map(|node| {
        Some(match node.integer("ageRangeCategoryCode")? {
            2 => "CHILD",
            3 => "ADULT",
            4 => "OLDER_ADULT",
            _ => return None,
        })
    });
    let mut groups: Vec<&str> = groups.collect();
    groups.dedup();
    draft.put("eligibilityModule.stdAges", groups);
}

/// The register's codes of phases.
fn phases(code: i64) -> Option<&'static [&'static str]> {
    Some(match code {
        1..=3 => &["PHASE1"],
        4 => &["PHASE2"],
        5 => &["PHASE3"],
        6 => &["PHASE4"],
        7..=9 => &["PHASE1", "PHASE2"],
        10 => &["PHASE2", "PHASE3"],
        11 => &["PHASE3", "PHASE4"],
        _ => return None,
    })
}

fn sponsors(part: Node<'_>, draft: &mut Draft) {
    for (n, sponsor) in part.all("sponsors").into_iter().enumerate() {
        let name = sponsor.any(&["organisation.name", "sponsorName", "name"]);
        let class = sponsor.yes("isCommercial").or_else(|| sponsor.yes("commercial"));
        // That it is not commercial does not say what it is.
        let class = (class == Some(true)).then_some("INDUSTRY");
        let is_first = sponsor.yes("primary").unwrap_or(n == 0);
        if is_first { draft.sponsor(name, class) } else { draft.collaborator(name, class) }
    }
}

fn conditions(part: Node<'_>, draft: &mut Draft) {
    for node in part.all("medicalConditions") {
        if let Some(name) = node.own().or_else(|| node.any(&["medicalCondition", "name"])) {
            draft.push("conditionsModule.conditions", html::line(&name));
        }
    }
}

fn products(part: Node<'_>, draft: &mut Draft) {
    for role in part.all("productRoleGroupInfos") {
        for product in role.all("products").into_iter().chain([role]) {
            let name = product.any(&["productName", "prodName", "name"]);
            let other = product.any(&["activeSubstanceName", "substanceName"]);
            let Some(shown) = name.clone().or_else(|| other.clone()) else { continue };
            let others: Vec<String> = other.into_iter().filter(|o| *o != shown).collect();
            let one = json!({"type": "DRUG", "name": html::line(&shown), "otherNames": others});
            draft.push("armsInterventionsModule.interventions", one);
        }
    }
}

/// The number of people: in the EU by country, elsewhere in one number.
fn people(root: Node<'_>, part: Node<'_>, draft: &mut Draft) {
    let outside = part.integer("rowSubjectCount");
    let countries: Vec<Option<i64>> = root
        .all("authorizedApplication.authorizedPartsII")
        .into_iter()
        .map(|p| p.integer("recruitmentSubjectCount"))
        .collect();
    let inside: Option<i64> = countries
        .iter()
        .copied()
        .collect::<Option<Vec<_>>>()
        .filter(|c| !c.is_empty())
        .and_then(|counts| counts.into_iter().try_fold(0i64, i64::checked_add));
    let Some(inside) = inside else {
        if let Some(count) = outside {
            draft.note(
                IssueKind::NotConverted,
                "authorizedPartI.rowSubjectCount",
                format!("{count} people outside the EU; how many in it is not said"),
            );
        }
        return;
    };
    if let Some(count) = inside.checked_add(outside.unwrap_or(0)) {
        draft.put("designModule.enrollmentInfo", json!({"count": count, "type": "ESTIMATED"}));
    }
}

fn sites(root: Node<'_>, draft: &mut Draft) {
    for part in root.all("authorizedApplication.authorizedPartsII") {
        let country = part.any(&["mscInfo.countryName", "mscInfo.mscName", "countryName"]);
        let country = country.map(|c| model::country::usual(&c).to_owned());
        let sites = part.all("trialSites");
        for site in &sites {
            let said = |paths: &[&str]| site.any(paths).map(|t| html::line(&t));
            let one = json!({
                "facility": said(&["organisationAddressInfo.organisation.name", "organisation.name", "name"]),
                "city": said(&["organisationAddressInfo.address.city", "address.city", "city"]),
                "zip": said(&["organisationAddressInfo.address.postcode", "address.postcode"]),
                "country": said(&["organisationAddressInfo.address.countryName", "address.countryName"]).or_else(|| country.clone()),
            });
            draft.push("contactsLocationsModule.locations", one);
        }
        if sites.is_empty() {
            draft.push("contactsLocationsModule.locations", json!({"country": country}));
        }
    }
}
