//! What the tables say against what the records say, worked out another way.

use std::collections::BTreeMap;

use export::aact;
use rusqlite::Connection;
use serde_json::Value;

use crate::stored::{Stored, with};

struct Facts {
    records: Vec<Value>,
    database: Connection,
    _stored: Stored,
}

fn facts() -> Facts {
    let stored = Stored::all();
    let path = stored.place("aact.sqlite");
    with(2, |way| aact::sqlite(stored.store.scan(64), &path, way)).unwrap();
    Facts { records: stored.records(), database: Connection::open(path).unwrap(), _stored: stored }
}

impl Facts {
    /// Pairs of text and number that a query finds.
    fn counts(&self, query: &str) -> BTreeMap<String, i64> {
        let mut statement = self.database.prepare(query).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn count(&self, query: &str) -> i64 {
        self.database.query_row(query, [], |row| row.get(0)).unwrap()
    }

    /// For each study how many values stand at a pointer with `*` for every item of a list; none is left out.
    fn at(&self, pointer: &str) -> BTreeMap<String, i64> {
        let count = |record: &Value| {
            let mut parts = vec![record];
            for key in pointer.split('/') {
                parts = match key {
                    "*" => parts.iter().filter_map(|part| part.as_array()).flatten().collect(),
                    key => parts.iter().filter_map(|part| part.get(key)).collect(),
                };
            }
            parts.len() as i64
        };
        let all = self.records.iter().map(|record| (id(record), count(record)));
        all.filter(|(_, count)| *count > 0).collect()
    }
}

fn id(record: &Value) -> String {
    record["protocolSection"]["identificationModule"]["nctId"].as_str().unwrap().to_owned()
}

const P: &str = "protocolSection";
const R: &str = "resultsSection";

#[test]
fn every_item_of_a_record_is_a_row() {
    let facts = facts();
    let measures = format!("{R}/outcomeMeasuresModule/outcomeMeasures/*");
    let baseline = format!("{R}/baselineCharacteristicsModule/measures/*");
    let periods = format!("{R}/participantFlowModule/periods/*");
    for (table, pointer) in [
        ("conditions", format!("{P}/conditionsModule/conditions/*")),
        ("keywords", format!("{P}/conditionsModule/keywords/*")),
        ("interventions", format!("{P}/armsInterventionsModule/interventions/*")),
        ("intervention_other_names", format!("{P}/armsInterventionsModule/interventions/*/otherNames/*")),
        ("design_groups", format!("{P}/armsInterventionsModule/armGroups/*")),
        ("facilities", format!("{P}/contactsLocationsModule/locations/*")),
        ("central_contacts", format!("{P}/contactsLocationsModule/centralContacts/*")),
        ("overall_officials", format!("{P}/contactsLocationsModule/overallOfficials/*")),
        ("study_references", format!("{P}/referencesModule/references/*")),
        ("links", format!("{P}/referencesModule/seeAlsoLinks/*")),
        ("documents", format!("{P}/referencesModule/availIpds/*")),
        ("provided_documents", "documentSection/largeDocumentModule/largeDocs/*".to_owned()),
        ("brief_summaries", format!("{P}/descriptionModule/briefSummary")),
        ("milestones", format!("{periods}/milestones/*/achievements/*")),
        ("drop_withdrawals", format!("{periods}/dropWithdraws/*/reasons/*")),
        ("baseline_measurements", format!("{baseline}/classes/*/categories/*/measurements/*")),
        ("baseline_counts", format!("{R}/baselineCharacteristicsModule/denoms/*/counts/*")),
        ("outcomes", measures.clone()),
        ("outcome_counts", format!("{measures}/denoms/*/counts/*")),
        ("outcome_measurements", format!("{measures}/classes/*/categories/*/measurements/*")),
        ("outcome_analyses", format!("{measures}/analyses/*")),
        ("outcome_analysis_groups", format!("{measures}/analyses/*/groupIds/*")),
    ] {
        let rows = facts.counts(&format!("SELECT nct_id, count(*) FROM {table} GROUP BY 1"));
        assert_eq!(rows, facts.at(&pointer), "{table}");
    }
    let events = facts.counts("SELECT nct_id, count(*) FROM reported_events GROUP BY 1");
    let mut told = facts.at(&format!("{R}/adverseEventsModule/seriousEvents/*/stats/*"));
    for (id, count) in facts.at(&format!("{R}/adverseEventsModule/otherEvents/*/stats/*")) {
        *told.entry(id).or_default() += count;
    }
    assert_eq!(events, told);
}

#[test]
fn every_number_of_another_row_leads_to_one() {
    let facts = facts();
    for (table, column, parent) in [
        ("facility_contacts", "facility_id", "facilities"),
        ("facility_investigators", "facility_id", "facilities"),
        ("intervention_other_names", "intervention_id", "interventions"),
        ("design_group_interventions", "intervention_id", "interventions"),
        ("design_group_interventions", "design_group_id", "design_groups"),
        ("retractions", "reference_id", "study_references"),
        ("milestones", "result_group_id", "result_groups"),
        ("drop_withdrawals", "result_group_id", "result_groups"),
        ("baseline_counts", "result_group_id", "result_groups"),
        ("baseline_measurements", "result_group_id", "result_groups"),
        ("outcome_counts", "outcome_id", "outcomes"),
        ("outcome_measurements", "outcome_id", "outcomes"),
        ("outcome_measurements", "result_group_id", "result_groups"),
        ("outcome_analyses", "outcome_id", "outcomes"),
        ("outcome_analysis_groups", "outcome_analysis_id", "outcome_analyses"),
        ("outcome_analysis_groups", "result_group_id", "result_groups"),
        ("reported_events", "result_group_id", "result_groups"),
    ] {
        let lost = format!(
            "SELECT count(*) FROM {table} c LEFT JOIN {parent} p ON p.id = c.{column} AND p.nct_id = c.nct_id
             WHERE p.id IS NULL"
        );
        assert_eq!(facts.count(&lost), 0, "{table}.{column}");
    }
}

#[test]
fn values_are_those_of_the_record() {
    let facts = facts();
    let mut seen = 0;
    for record in &facts.records {
        let protocol = &record["protocolSection"];
        let row = facts.database.query_row(
            "SELECT s.phase, s.enrollment, s.overall_status, s.start_date, e.criteria, c.number_of_facilities,
                    c.were_results_reported FROM studies s LEFT JOIN eligibilities e USING (nct_id)
             JOIN calculated_values c USING (nct_id) WHERE nct_id = ?1",
            [id(record)],
            |row| {
                Ok((
                    row.get::<_, Option<String>>(0)?,
                    row.get::<_, Option<i64>>(1)?,
                    row.get::<_, Option<String>>(2)?,
                    row.get::<_, Option<String>>(3)?,
                    row.get::<_, Option<String>>(4)?,
                    row.get::<_, i64>(5)?,
                    row.get::<_, bool>(6)?,
                ))
            },
        );
        let (phase, enrollment, status, start, criteria, sites, results) = row.unwrap();
        let phases = protocol["designModule"]["phases"].as_array();
        let phases = phases.map(|list| list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("/"));
        assert_eq!(phase, phases);
        assert_eq!(enrollment, protocol["designModule"]["enrollmentInfo"]["count"].as_i64());
        assert_eq!(status.as_deref(), protocol["statusModule"]["overallStatus"].as_str());
        let begun = protocol["statusModule"]["startDateStruct"]["date"].as_str();
        match (begun, &start) {
            (Some(told), Some(start)) => assert!(start.starts_with(told), "{told} {start}"),
            (told, start) => assert!(start.is_none() && told.is_none_or(|told| told.len() == 4)),
        }
        assert_eq!(criteria.as_deref(), protocol["eligibilityModule"]["eligibilityCriteria"].as_str());
        let places = protocol["contactsLocationsModule"]["locations"].as_array().map_or(0, Vec::len);
        assert_eq!(sites, places as i64);
        assert_eq!(results, record.get("resultsSection").is_some());
        seen += 1;
    }
    assert!(seen > 50);
    let views = facts.counts("SELECT nct_id, length(names) FROM all_conditions WHERE names IS NOT NULL");
    assert_eq!(views.len() as i64, facts.count("SELECT count(DISTINCT nct_id) FROM conditions"));
}
