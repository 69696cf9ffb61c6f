//! Tables of what a study was registered with.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    column::Cell,
    rows::{StudyRows, items, of},
};

/// Adds the rows.
pub(super) fn add(record: &Value, rows: &mut StudyRows<'_>) {
    study(record, rows);
    texts(record, rows);
    people(record, rows);
    ids(record, rows);
    arms(record, rows);
    outcomes(record, rows);
    places(record, rows);
    meshes(record, rows);
    references(record, rows);
    documents(record, rows);
}

const PROTOCOL: &str = "protocolSection";

fn module<'v>(record: &'v Value, name: &str) -> &'v Value {
    of(of(record, PROTOCOL), name)
}

fn study(record: &Value, rows: &mut StudyRows<'_>) {
    let design = module(record, "designModule");
    let phases: Vec<&str> = items(design, "phases").iter().filter_map(Value::as_str).collect();
    let phase = phases.join("/");
    let arms = i64::try_from(items(module(record, "armsInterventionsModule"), "armGroups").len()).ok();
    let arms = arms.filter(|count| *count > 0);
    let kind = of(design, "studyType").as_str();
    let mut row = rows.row("studies");
    row.fill("study", record).loaded(record);
    row.put("phase", if phases.is_empty() { Cell::Null } else { Cell::Text(&phase) });
    row.number_of("number_of_arms", arms.filter(|_| kind == Some("INTERVENTIONAL")));
    row.number_of("number_of_groups", arms.filter(|_| kind == Some("OBSERVATIONAL")));
}

/// Tables of one row a study.
fn texts(record: &Value, rows: &mut StudyRows<'_>) {
    let description = module(record, "descriptionModule");
    for (table, key) in
        [("brief_summaries", "briefSummary"), ("detailed_descriptions", "detailedDescription")]
    {
        if !of(description, key).is_null() {
            rows.row(table).fill("study", record);
        }
    }
    let eligibility = module(record, "eligibilityModule");
    if eligibility.is_object() {
        let ages = of(eligibility, "stdAges").as_array();
        let takes = |age: &str| ages.map(|ages| ages.iter().any(|a| a == age));
        let mut row = rows.row("eligibilities");
        row.fill("study", record).boolean("adult", takes("ADULT")).boolean("child", takes("CHILD"));
        row.boolean("older_adult", takes("OLDER_ADULT"));
    }
    let info = of(module(record, "designModule"), "designInfo");
    if info.is_object() {
        let masked = items(info, "maskingInfo.whoMasked");
        let is = |who: &str| masked.iter().any(|m| m == who).then_some(true);
        let mut row = rows.row("designs");
        row.fill("study", record).boolean("subject_masked", is("PARTICIPANT"));
        row.boolean("caregiver_masked", is("CARE_PROVIDER"))
            .boolean("investigator_masked", is("INVESTIGATOR"));
        row.boolean("outcomes_assessor_masked", is("OUTCOMES_ASSESSOR"));
    }
    for (table, context, key) in
        [("conditions", "condition", "conditions"), ("keywords", "keyword", "keywords")]
    {
        for name in items(module(record, "conditionsModule"), key) {
            let mut row = rows.row(table);
            row.fill(context, name);
            lowered(&mut row, "downcase_name", name);
        }
    }
    for name in items(module(record, "ipdSharingStatementModule"), "infoTypes") {
        rows.row("ipd_information_types").fill("type", name);
    }
}

fn lowered(row: &mut super::rows::Row<'_>, column: &str, name: &Value) {
    if let Some(name) = name.as_str() {
        row.text(column, &name.to_lowercase());
    }
}

fn people(record: &Value, rows: &mut StudyRows<'_>) {
    let sponsors = module(record, "sponsorCollaboratorsModule");
    let lead = of(sponsors, "leadSponsor");
    if lead.is_object() {
        rows.row("sponsors").fill("sponsor", lead).text("lead_or_collaborator", "lead");
    }
    for other in items(sponsors, "collaborators") {
        rows.row("sponsors").fill("sponsor", other).text("lead_or_collaborator", "collaborator");
    }
    let party = of(sponsors, "responsibleParty");
    if party.is_object() {
        rows.row("responsible_parties").fill("party", party);
    }
    let contacts = module(record, "contactsLocationsModule");
    for (nth, contact) in items(contacts, "centralContacts").iter().enumerate() {
        rows.row("central_contacts").fill("contact", contact).text("contact_type", rank(nth));
    }
    for official in items(contacts, "overallOfficials") {
        rows.row("overall_officials").fill("official", official);
    }
}

/// The first contact is the one to call, the others stand in.
fn rank(nth: usize) -> &'static str {
    if nth == 0 { "primary" } else { "backup" }
}

fn ids(record: &Value, rows: &mut StudyRows<'_>) {
    let module = module(record, "identificationModule");
    let own = of(module, "orgStudyIdInfo");
    if own.is_object() {
        rows.row("id_information").fill("id", own).text("id_source", "org_study_id");
    }
    for alias in items(module, "nctIdAliases").iter().filter_map(Value::as_str) {
        rows.row("id_information").text("id_source", "nct_alias").text("id_value", alias);
    }
    for second in items(module, "secondaryIdInfos") {
        rows.row("id_information").fill("id", second).text("id_source", "secondary_id");
    }
}

/// A name as arms and interventions refer to each other by: what case and blanks make no difference to.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn arms(record: &Value, rows: &mut StudyRows<'_>) {
    let module = module(record, "armsInterventionsModule");
    let mut by_name: HashMap<String, i64> = HashMap::new();
    let mut by_arm: HashMap<String, Vec<i64>> = HashMap::new();
    for intervention in items(module, "interventions") {
        let id = rows.row("interventions").fill("intervention", intervention).done();
        for other in items(intervention, "otherNames") {
            rows.row("intervention_other_names").fill("name", other).number_of("intervention_id", Some(id));
        }
        if let Some(name) = of(intervention, "name").as_str() {
            by_name.entry(plain(name)).or_insert(id);
        }
        for label in items(intervention, "armGroupLabels").iter().filter_map(Value::as_str) {
            by_arm.entry(plain(label)).or_default().push(id);
        }
    }
    for arm in items(module, "armGroups") {
        let group = rows.row("design_groups").fill("arm", arm).done();
        let label = of(arm, "label").as_str().map(plain).unwrap_or_default();
        let mut given: Vec<i64> = items(arm, "interventionNames")
            .iter()
            .filter_map(Value::as_str)
            // `Drug: name`: the kind stands before the name.
            .filter_map(|text| {
                let bare = text.split_once(": ").and_then(|(_, name)| by_name.get(&plain(name)));
                bare.or_else(|| by_name.get(&plain(text)))
            })
            .copied()
            .collect();
        given.extend(by_arm.remove(&label).unwrap_or_default());
        given.sort_unstable();
        given.dedup();
        for intervention in given {
            let mut row = rows.row("design_group_interventions");
            row.number_of("design_group_id", Some(group)).number_of("intervention_id", Some(intervention));
        }
    }
}

fn outcomes(record: &Value, rows: &mut StudyRows<'_>) {
    let module = module(record, "outcomesModule");
    for (key, kind) in
        [("primaryOutcomes", "primary"), ("secondaryOutcomes", "secondary"), ("otherOutcomes", "other")]
    {
        for outcome in items(module, key) {
            rows.row("design_outcomes").fill("outcome", outcome).text("outcome_type", kind);
        }
    }
}

fn places(record: &Value, rows: &mut StudyRows<'_>) {
    let locations = items(module(record, "contactsLocationsModule"), "locations");
    let mut countries: Vec<&Value> = Vec::new();
    for location in locations {
        let id = rows.row("facilities").fill("location", location).done();
        facility_people(location, id, rows);
        let country = of(location, "country");
        if !country.is_null() && !countries.contains(&country) {
            countries.push(country);
        }
    }
    for country in countries {
        rows.row("countries").fill("country", country).boolean("removed", Some(false));
    }
    for country in items(record, "derivedSection.miscInfoModule.removedCountries") {
        rows.row("countries").fill("country", country).boolean("removed", Some(true));
    }
}

fn facility_people(location: &Value, facility: i64, rows: &mut StudyRows<'_>) {
    let mut contacts = 0;
    for person in items(location, "contacts") {
        if matches!(of(person, "role").as_str(), None | Some("CONTACT")) {
            let mut row = rows.row("facility_contacts");
            row.fill("contact", person).number_of("facility_id", Some(facility));
            row.text("contact_type", rank(contacts));
            contacts += 1;
        } else {
            let mut row = rows.row("facility_investigators");
            row.fill("contact", person).number_of("facility_id", Some(facility));
        }
    }
}

fn meshes(record: &Value, rows: &mut StudyRows<'_>) {
    for (table, key) in [
        ("browse_conditions", "derivedSection.conditionBrowseModule"),
        ("browse_interventions", "derivedSection.interventionBrowseModule"),
    ] {
        for (list, kind) in [("meshes", "mesh-list"), ("ancestors", "mesh-ancestor")] {
            for mesh in items(of(record, key), list) {
                let mut row = rows.row(table);
                row.fill("mesh", mesh).text("mesh_type", kind);
                lowered(&mut row, "downcase_mesh_term", of(mesh, "term"));
            }
        }
    }
}

fn references(record: &Value, rows: &mut StudyRows<'_>) {
    let module = module(record, "referencesModule");
    for reference in items(module, "references") {
        let id = rows.row("study_references").fill("reference", reference).done();
        for retraction in items(reference, "retractions") {
            rows.row("retractions").fill("retraction", retraction).number_of("reference_id", Some(id));
        }
    }
    for link in items(module, "seeAlsoLinks") {
        rows.row("links").fill("link", link);
    }
    for ipd in items(module, "availIpds") {
        rows.row("documents").fill("ipd", ipd);
    }
}

fn documents(record: &Value, rows: &mut StudyRows<'_>) {
    let id = rows.id();
    for document in items(record, "documentSection.largeDocumentModule.largeDocs") {
        let mut row = rows.row("provided_documents");
        row.fill("document", document);
        if let Some(file) = of(document, "filename").as_str() {
            row.text("url", &crate::study::document_address(id, file));
        }
    }
    for event in items(record, "annotationSection.annotationModule.unpostedAnnotation.unpostedEvents") {
        rows.row("pending_results").fill("event", event);
    }
}
