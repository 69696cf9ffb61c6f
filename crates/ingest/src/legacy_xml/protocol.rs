//! The protocol section: who registered what and when. Its other modules have files of their own.

use model::{IssueKind, StudyId};

use super::{
    contacts, design, eligibility,
    object::{Object, line, list},
    tree::Element,
};

/// The whole section.
pub(super) fn section(root: Element<'_>, id: StudyId) -> Object {
    let mut out = Object::default();
    out.put("identificationModule", identification(root, id));
    out.put("statusModule", status(root));
    out.put("sponsorCollaboratorsModule", sponsors(root));
    out.put("oversightModule", oversight(root));
    out.put("descriptionModule", description(root));
    out.put("conditionsModule", conditions(root));
    out.put("designModule", design::module(root));
    out.put("armsInterventionsModule", design::arms_and_interventions(root));
    out.put("outcomesModule", outcomes(root));
    out.put("eligibilityModule", eligibility::module(root));
    out.put("contactsLocationsModule", contacts::module(root));
    out.put("referencesModule", contacts::references(root));
    out.put("ipdSharingStatementModule", contacts::ipd_sharing(root));
    out
}

fn identification(root: Element<'_>, id: StudyId) -> Object {
    let mut out = Object::default();
    out.put("nctId", id.to_string());
    out.texts("nctIdAliases", root.all("id_info/nct_alias"));
    let mut own = Object::default();
    own.text("id", root.any(&["id_info/org_study_id", "study_id/org_study_id"]));
    out.put("orgStudyIdInfo", own);
    let others = [root.all("id_info/secondary_id"), root.all("study_id/secondary_id")].concat();
    out.put("secondaryIdInfos", list(others, secondary_id));
    out.text("briefTitle", root.at("brief_title"));
    out.text("officialTitle", root.at("official_title"));
    out.text("acronym", root.at("acronym"));
    out.put("organization", organization(root));
    out
}

fn secondary_id(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("id", element.at("id").or(Some(element)));
    out.choice("type", "SecondaryIdType", element.at("id_type"));
    out.text("domain", element.at("id_domain"));
    out.text("link", element.at("id_link"));
    out
}

/// The organisation that registered the study: `source`. Its class is stated only where it is the lead sponsor.
fn organization(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let source = root.any(&["source", "study_id/org_full_name"]);
    out.text("fullName", source);
    if let Some(lead) = root.at("sponsors/lead_sponsor")
        && lead.at("agency").and_then(line) == source.and_then(line)
        && source.is_some()
    {
        out.choice("class", "AgencyClass", lead.at("agency_class"));
    }
    out
}

fn status(root: Element<'_>) -> Object {
    let mut out = Object::default();
    out.date("statusVerifiedDate", root.any(&["verification_date", "status_block/date"]));
    out.choice("overallStatus", "Status", root.any(&["overall_status", "status_block/status"]));
    out.choice("lastKnownStatus", "Status", root.at("last_known_status"));
    out.yes("delayedPosting", root.at("delayed_posting"));
    out.markup("whyStopped", root.at("why_stopped"));
    out.put("expandedAccessInfo", expanded_access(root));
    out.dated("startDateStruct", root.at("start_date"));
    out.dated("primaryCompletionDateStruct", root.any(&["primary_completion_date", "primary_compl_date"]));
    out.dated("completionDateStruct", root.any(&["completion_date", "last_follow_up_date"]));
    let first = ["study_first_submitted", "firstreceived_date", "initial_release_date"];
    out.date("studyFirstSubmitDate", first_of(root, &first));
    out.date("studyFirstSubmitQcDate", root.at("study_first_submitted_qc"));
    out.dated("studyFirstPostDateStruct", root.at("study_first_posted"));
    let results = ["results_first_submitted", "firstreceived_results_date", "init_results_release_date"];
    out.date("resultsFirstSubmitDate", first_of(root, &results));
    out.date("resultsFirstSubmitQcDate", root.at("results_first_submitted_qc"));
    out.dated("resultsFirstPostDateStruct", root.at("results_first_posted"));
    let disposition = [
        "disposition_first_submitted",
        "firstreceived_results_disposition_date",
        "init_disposition_release_date",
    ];
    out.date("dispFirstSubmitDate", first_of(root, &disposition));
    out.date("dispFirstSubmitQcDate", root.at("disposition_first_submitted_qc"));
    out.dated("dispFirstPostDateStruct", root.at("disposition_first_posted"));
    // The quality check of an update has no field any more; it always bore the date of the update.
    let last = ["last_update_submitted", "last_update_submitted_qc", "lastchanged_date", "last_release_date"];
    out.date("lastUpdateSubmitDate", first_of(root, &last));
    out.dated("lastUpdatePostDateStruct", root.at("last_update_posted"));
    out
}

fn expanded_access(root: Element<'_>) -> Object {
    let mut out = Object::default();
    out.yes("hasExpandedAccess", root.at("has_expanded_access"));
    out.text("nctId", root.at("expanded_access_info/nct_id"));
    let status = root.any(&["expanded_access_info/status", "expanded_access_info/expanded_access_status"]);
    out.choice("statusForNctId", "ExpandedAccessStatus", status);
    out
}

/// The first of several names of one fact; a later one that says the same is passed over.
fn first_of<'t>(root: Element<'t>, names: &[&'t str]) -> Option<Element<'t>> {
    let first = root.any(names)?;
    let said = line(first);
    for other in names.iter().filter(|n| **n != first.name()).filter_map(|n| root.at(n)) {
        if line(other) != said {
            other.give_back();
        }
    }
    Some(first)
}

fn sponsors(root: Element<'_>) -> Object {
    let mut out = Object::default();
    if let Some(party) = root.any(&["responsible_party", "resp_party"]) {
        out.put("responsibleParty", responsible_party(party));
    }
    let lead = root.any(&["sponsors/lead_sponsor", "study_sponsor/lead_sponsor"]);
    out.put("leadSponsor", lead.map(sponsor).unwrap_or_default());
    let others = [root.all("sponsors/collaborator"), root.all("study_sponsor/collaborator")].concat();
    out.put("collaborators", list(others, sponsor));
    out
}

fn responsible_party(party: Element<'_>) -> Object {
    let mut out = Object::default();
    let kind = party.any(&["responsible_party_type", "resp_party_type"]);
    out.choice("type", "ResponsiblePartyType", kind);
    out.text("investigatorFullName", party.at("investigator_full_name"));
    out.text("investigatorTitle", party.at("investigator_title"));
    out.text("investigatorAffiliation", party.at("investigator_affiliation"));
    out.text("oldNameTitle", party.at("name_title"));
    out.text("oldOrganization", party.at("organization"));
    out
}

fn sponsor(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("name", element.at("agency"));
    out.choice("class", "AgencyClass", element.at("agency_class"));
    out
}

fn oversight(root: Element<'_>) -> Object {
    let mut out = Object::default();
    let Some(info) = root.at("oversight_info") else { return out };
    for (key, name) in [
        ("oversightHasDmc", "has_dmc"),
        ("isFdaRegulatedDrug", "is_fda_regulated_drug"),
        ("isFdaRegulatedDevice", "is_fda_regulated_device"),
        ("isUnapprovedDevice", "is_unapproved_device"),
        ("isPpsd", "is_ppsd"),
        ("isUsExport", "is_us_export"),
    ] {
        out.yes(key, info.at(name));
    }
    out
}

fn description(root: Element<'_>) -> Object {
    let mut out = Object::default();
    out.markup("briefSummary", root.at("brief_summary"));
    out.markup("detailedDescription", root.any(&["detailed_description", "detailed_descr"]));
    out
}

fn conditions(root: Element<'_>) -> Object {
    let mut out = Object::default();
    out.texts("conditions", root.children("condition"));
    out.texts("keywords", root.children("keyword"));
    out
}

fn outcomes(root: Element<'_>) -> Object {
    let mut out = Object::default();
    for (key, name) in [
        ("primaryOutcomes", "primary_outcome"),
        ("secondaryOutcomes", "secondary_outcome"),
        ("otherOutcomes", "other_outcome"),
    ] {
        out.put(key, list(root.children(name), outcome));
    }
    out
}

fn outcome(element: Element<'_>) -> Object {
    let mut out = Object::default();
    out.text("measure", element.at("measure"));
    out.markup("description", element.at("description"));
    out.text("timeFrame", element.at("time_frame"));
    out
}

/// Reads the parts of a comma-separated statement (`Allocation: Randomized, Masking: Double`) and hands each over
/// as label and value.
pub(super) fn labelled<'s>(statement: &'s str, known_labels: &[&str]) -> Vec<(&'s str, &'s str)> {
    let mut starts: Vec<(usize, &str)> = known_labels
        .iter()
        .filter_map(|label| {
            let at = statement.find(&format!("{label}:"))?;
            Some((at, &statement[at..at + label.len()]))
        })
        .collect();
    starts.sort_unstable();
    let end = |i: usize| starts.get(i + 1).map_or(statement.len(), |(at, _)| *at);
    let value = |i: usize, (at, label): (usize, &str)| {
        statement[at + label.len() + 1..end(i)].trim().trim_end_matches(',').trim_end()
    };
    starts.iter().enumerate().map(|(i, &start)| (start.1, value(i, start))).collect()
}

/// Reports a part of a statement that the record has no place for.
pub(super) fn no_place(element: Element<'_>, part: &str) {
    element.report(IssueKind::NotConverted, format!("`{part}` has no place in the study record"));
}
