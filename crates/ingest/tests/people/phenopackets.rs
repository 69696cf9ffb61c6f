//! Phenopackets v2.

use insta::assert_snapshot;
use model::{Birth, Sex};
use serde_json::json;

use super::{lines, read};

#[test]
fn a_phenopacket() {
    let packet = json!({
        "id": "packet", "subject": {"id": "s1", "sex": "FEMALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P38Y7M"}},
            "vitalStatus": {"status": "DECEASED", "timeOfDeath": {"timestamp": "2021-10-01T10:54:20Z"}}},
        "phenotypicFeatures": [
            {"type": {"id": "HP:0001250", "label": "Seizure"}, "excluded": true},
            {"type": {"id": "HP:0001903", "label": "Anemia"}, "onset": {"timestamp": "2020-01-02T00:00:00Z"}, "severity": {"id": "HP:0012828", "label": "Severe"}},
            "broken"],
        "diseases": [
            {"term": {"id": "MONDO:0005148", "label": "type 2 diabetes mellitus"}, "onset": {"interval": {"start": "2010-01-01T00:00:00Z"}}},
            {"term": {"id": "MONDO:0004992", "label": "cancer"}, "excluded": true},
            {"term": {"id": "X:1", "label": "gout"}, "resolution": {"timestamp": "2019-01-01T00:00:00Z"}, "diseaseStage": [{"id": "X:2", "label": "Stage I"}]}],
        "measurements": [
            {"assay": {"id": "LOINC:4548-4", "label": "HbA1c"}, "timeObserved": {"timestamp": "2020-10-01T00:00:00Z"},
                "value": {"quantity": {"unit": {"id": "UCUM:%", "label": "percent"}, "value": 7.5, "referenceRange": {"low": 4, "high": 6}}}},
            {"assay": {"id": "LOINC:5196-1", "label": "HBsAg"}, "value": {"ontologyClass": {"id": "NCIT:C38757", "label": "Negative"}}},
            {"assay": {"id": "LOINC:85354-9", "label": "Blood pressure"}, "complexValue": {"typedQuantities": [
                {"type": {"id": "LOINC:8480-6", "label": "Systolic"}, "quantity": {"unit": {"label": "mmHg"}, "value": 125}},
                {"type": {"id": "LOINC:8462-4", "label": "Diastolic"}, "quantity": {"unit": {"label": "mmHg"}, "value": 75}}]}}],
        "medicalActions": [
            {"treatment": {"agent": {"id": "DrugCentral:1", "label": "metformin"}, "doseIntervals": [{"interval": {"start": "2019-01-01T00:00:00Z", "end": "2019-06-01T00:00:00Z"}}]}},
            {"procedure": {"code": {"id": "NCIT:C51687", "label": "Appendectomy"}, "performed": {"timestamp": "2001-05-01T00:00:00Z"}}},
            {"radiationTherapy": {"bodySite": {"id": "X:3", "label": "chest"}}},
            {"therapeuticRegimen": {"ontologyClass": {"id": "NCIT:C10894", "label": "CAF"}, "regimenStatus": "COMPLETED"}}],
        "biosamples": [{}], "metaData": {"phenopacketSchemaVersion": "2.0"}
    });
    let all = read(packet.to_string());
    let person = all.person();
    assert_eq!((person.id.as_str(), person.sex), ("s1", Some(Sex::Female)));
    let Some(Birth::Age(age)) = &person.birth else { panic!("{:?}", person.birth) };
    assert_eq!((age.value, age.unit.as_str()), (38.into(), "a"));
    assert!(person.death.is_some());
    assert_eq!(all.issues[0].place.path.as_deref(), Some("phenotypicFeatures[2]"));
    assert_eq!((all.issues.len(), all.missed.get("biosample")), (1, Some(&1)));
    assert_snapshot!(lines(person), @r##"
Condition gout Past [..2019-01-01]
Observation Seizure Current not
Observation Anemia Current [2020-01-02..]
Drug CAF Past
Procedure Appendectomy Past [2001-05-01..]
Observation Diastolic (dbp) Current = Exact 75 mm[Hg] (75)
Observation HbA1c (hba1c) Current = Exact 7.5 % (7.5) [2020-10-01..]
Observation HBsAg (hbsag) Current = Negative
Condition cancer (malignancy) Current not
Drug metformin (oral_hypoglycemic) Unknown [2019-01-01..2019-06-01]
Procedure radiation therapy (radiotherapy) Past
Observation Systolic (sbp) Current = Exact 125 mm[Hg] (125)
Condition type 2 diabetes mellitus (t2dm) Current [2010-01-01..]
"##);
}

#[test]
fn cohorts_and_families() {
    let packet = |id: &str| json!({"id": id, "subject": {"id": id, "dateOfBirth": "1990-01-01T00:00:00Z"}, "metaData": {}});
    let all = read(json!({"id": "c", "members": [packet("a"), packet("b")]}).to_string());
    assert_eq!((all.people.len(), all.issues.len()), (2, 0));
    assert_eq!(all.people[0].birth, Some(Birth::Date("1990-01-01".parse().unwrap())));
    let all = read(json!({"id": "f", "proband": packet("a"), "relatives": [packet("b")]}).to_string());
    assert_eq!((all.people.len(), all.missed.get("relative of a family")), (1, Some(&1)));
    let all = read(json!([packet("a"), packet("b")]).to_string());
    assert_eq!(all.people.len(), 2);
}
