//! FHIR R4: every resource that is read, and every status of each.

use insta::assert_snapshot;
use model::{Birth, FactStatus, Sex, Source};
use serde_json::{Value, json};

use super::{lines, read};

/// A bundle of a woman born in May 1960 and of some resources about her.
fn bundle(resources: &[Value]) -> String {
    let patient = json!({"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1960-05"});
    let entries = [patient].into_iter().chain(resources.iter().cloned());
    let entries: Vec<Value> = entries.map(|resource| json!({"resource": resource})).collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string()
}

fn facts(resources: &[Value]) -> String {
    let all = read(bundle(resources));
    assert_eq!(all.issues, []);
    lines(all.person())
}

/// The status that a resource gets for each word.
fn statuses(resource: &Value, element: &str, words: &[&str]) -> Vec<(FactStatus, bool, bool)> {
    let of = |word: &&str| {
        let mut resource = resource.clone();
        resource[element] = json!(word);
        let all = read(bundle(&[resource]));
        let fact = &all.person().facts[0];
        (fact.status, fact.negated, fact.counts())
    };
    words.iter().map(of).collect()
}

fn loinc(code: &str) -> Value {
    json!({"coding": [{"system": "http://loinc.org", "code": code}]})
}

fn snomed(code: &str, display: &str) -> Value {
    json!({"coding": [{"system": "http://snomed.info/sct", "code": code, "display": display}]})
}

#[test]
fn a_patient() {
    let patient = json!({"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1950-02-03",
        "deceasedDateTime": "2019-01-05T10:00:00Z", "name": [{"family": "not kept"}]});
    let all = read(patient.to_string());
    let person = all.person();
    assert_eq!((person.id.as_str(), person.sex), ("p1", Some(Sex::Male)));
    assert_eq!(person.birth, Some(Birth::Date("1950-02-03".parse().unwrap())));
    assert_eq!(person.death.as_ref().unwrap().date, "2019-01-05".parse().ok());
    assert!(!serde_json::to_string(person).unwrap().contains("not kept"));
}

#[test]
fn conditions_with_their_times() {
    let condition = |more: Value| {
        let mut condition = json!({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
            "code": snomed("44054006", "Diabetes mellitus type 2"),
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]}});
        condition.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        condition
    };
    assert_snapshot!(facts(&[
        condition(json!({"onsetDateTime": "2010-03"})),
        condition(json!({"onsetPeriod": {"start": "2011", "end": "2012"}})),
        condition(json!({"clinicalStatus": null, "abatementDateTime": "2015-01-01"})),
        condition(json!({"clinicalStatus": "resolved"})),
        condition(json!({"onsetDateTime": "2015-02-30"})),
        condition(json!({"onsetDateTime": "2016", "abatementDateTime": "2014"})),
        condition(json!({"onsetDateTime": "1940"})),
        condition(json!({"clinicalStatus": {"coding": [{"code": "weird"}]}})),
        condition(json!({"severity": {"text": "severe"}, "bodySite": [{"text": "foot"}], "stage": [{"summary": {"text": "III"}}]})),
    ]), @r##"
Condition Diabetes mellitus type 2 (t2dm) Past [..2015-01-01]
Condition Diabetes mellitus type 2 (t2dm) Past
Condition Diabetes mellitus type 2 (t2dm) Current !ImpossibleDate { element: "onsetDateTime", text: "2015-02-30" }
Condition Diabetes mellitus type 2 (t2dm) Unknown !UnknownStatus { text: "weird" }
Condition Diabetes mellitus type 2 (t2dm) Current
Condition Diabetes mellitus type 2 (t2dm) Current [1940..] !BeforeBirth
Condition Diabetes mellitus type 2 (t2dm) Current [2010-03..]
Condition Diabetes mellitus type 2 (t2dm) Current [2011..2012]
Condition Diabetes mellitus type 2 (t2dm) Current [2016..2014] !EndsBeforeStart
"##);
}

#[test]
fn statuses_of_conditions_and_allergies() {
    use FactStatus::*;
    for kind in ["Condition", "AllergyIntolerance"] {
        let resource =
            json!({"resourceType": kind, "id": "c1", "code": {"text": "asthma"}, "clinicalStatus": "active"});
        assert_eq!(
            statuses(
                &resource,
                "clinicalStatus",
                &["active", "recurrence", "relapse", "inactive", "remission", "resolved"]
            )
            .iter()
            .map(|of| of.0)
            .collect::<Vec<_>>(),
            [Current, Current, Current, Past, Past, Past]
        );
        assert_eq!(
            statuses(
                &resource,
                "verificationStatus",
                &["confirmed", "provisional", "refuted", "entered-in-error"]
            ),
            [
                (Current, false, true),
                (Current, false, true),
                (Refuted, true, false),
                (EnteredInError, false, false)
            ]
        );
    }
}

#[test]
fn statuses_of_all_other_resources() {
    use FactStatus::*;
    let check = |kind: &str, expected: &[(&str, FactStatus, bool, bool)]| {
        let resource = json!({"resourceType": kind, "id": "x", "code": {"text": "thing"}, "condition": [{"code": {"text": "thing"}}]});
        let words: Vec<&str> = expected.iter().map(|of| of.0).collect();
        let found = statuses(&resource, "status", &words);
        for (of, found) in expected.iter().zip(found) {
            assert_eq!(found, (of.1, of.2, of.3), "{kind} {}", of.0);
        }
    };
    check(
        "Observation",
        &[
            ("final", Current, false, true),
            ("amended", Current, false, true),
            ("corrected", Current, false, true),
            ("preliminary", Preliminary, false, false),
            ("registered", Preliminary, false, false),
            ("cancelled", Cancelled, false, false),
            ("entered-in-error", EnteredInError, false, false),
            ("unknown", Unknown, false, true),
        ],
    );
    for kind in ["MedicationRequest", "MedicationStatement", "MedicationAdministration"] {
        check(
            kind,
            &[
                ("active", Current, false, true),
                ("completed", Past, false, true),
                ("stopped", Past, false, true),
                ("on-hold", Unknown, false, true),
                ("draft", Planned, false, true),
                ("intended", Planned, false, true),
                ("not-taken", NotDone, true, true),
                ("not-done", NotDone, true, true),
                ("cancelled", Cancelled, false, false),
                ("entered-in-error", EnteredInError, false, false),
            ],
        );
    }
    for kind in ["Procedure", "Immunization"] {
        check(
            kind,
            &[
                ("completed", Past, false, true),
                ("in-progress", Current, false, true),
                ("preparation", Planned, false, true),
                ("not-done", NotDone, true, true),
                ("stopped", Unknown, false, true),
                ("entered-in-error", EnteredInError, false, false),
            ],
        );
    }
    check(
        "Encounter",
        &[
            ("planned", Planned, false, true),
            ("in-progress", Current, false, true),
            ("finished", Past, false, true),
            ("cancelled", Cancelled, false, false),
            ("entered-in-error", EnteredInError, false, false),
        ],
    );
    check(
        "Consent",
        &[
            ("active", Current, false, true),
            ("proposed", Planned, false, true),
            ("rejected", NotDone, true, true),
            ("inactive", Past, false, true),
            ("entered-in-error", EnteredInError, false, false),
        ],
    );
    check(
        "ResearchSubject",
        &[
            ("on-study", Current, false, true),
            ("follow-up", Current, false, true),
            ("withdrawn", Past, false, true),
            ("candidate", Planned, false, true),
            ("ineligible", NotDone, true, true),
        ],
    );
    check(
        "FamilyMemberHistory",
        &[("completed", Unknown, false, false), ("entered-in-error", EnteredInError, false, false)],
    );
}

#[test]
fn observations_with_every_kind_of_value() {
    let observation = |code: &str, more: Value| {
        let mut resource = json!({"resourceType": "Observation", "id": "o1", "status": "final",
            "subject": {"reference": "Patient/p1"}, "code": loinc(code), "effectiveDateTime": "2020-05-17T08:00:00+02:00"});
        resource.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        resource
    };
    assert_snapshot!(facts(&[
        observation("4548-4", json!({"valueQuantity": {"value": 7.2, "unit": "percent", "code": "%"}})),
        observation("4548-4", json!({"valueQuantity": {"value": 53, "unit": "mmol/mol"}})),
        observation("1988-5", json!({"valueQuantity": {"value": 0.1, "comparator": "<", "unit": "mg/dL"}})),
        observation("718-7", json!({"valueQuantity": {"value": 10, "unit": "mg/dL"}})),
        observation("718-7", json!({"valueQuantity": {"value": 10, "unit": "mmHg"}})),
        observation("718-7", json!({"valueQuantity": {"value": 10, "unit": "buckets"}})),
        observation("718-7", json!({"valueQuantity": {"value": 10}})),
        observation("718-7", json!({"valueString": "13.5 g/dL"})),
        observation("718-7", json!({"valueString": "not done"})),
        observation("718-7", json!({"dataAbsentReason": {"text": "lost"}})),
        observation("89247-1", json!({"valueInteger": 2})),
        observation("777-3", json!({"valueRange": {"low": {"value": 100, "unit": "10*9/L"}, "high": {"value": 150, "unit": "10*9/L"}}})),
        observation("5196-1", json!({"valueCodeableConcept": {"text": "Negative"}})),
        observation("1-8", json!({"valueBoolean": true})),
        observation("1-8", json!({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 320}}})),
        observation("718-7", json!({"valueQuantity": {"value": 1e300, "unit": "g/dL"}})),
    ]), @r##"
Observation 1-8 Current = true [2020-05-17..]
Observation 1-8 Current = `1:320` [2020-05-17..]
Observation crp Current = Less 0.1 mg/dL (1) [2020-05-17..]
Observation ecog Current = Exact 2 - (2) [2020-05-17..]
Observation hba1c Current = Exact 7.2 % (7.2) [2020-05-17..]
Observation hba1c Current = Exact 53 mmol/mol (7.0004) [2020-05-17..]
Observation hbsag Current = Negative [2020-05-17..]
Observation hemoglobin Current = Exact 10 mg/dL (0.01) [2020-05-17..] !Implausible { suggested_unit: Some("g/dL") }
Observation hemoglobin Current = Exact 10 mm[Hg] [2020-05-17..] !OtherDimension { unit: "mmHg", suggested_unit: None }
Observation hemoglobin Current = Exact 10 buckets [2020-05-17..] !UnknownUnit { unit: "buckets" }
Observation hemoglobin Current = Exact 10 - [2020-05-17..] !NoUnit
Observation hemoglobin Current = Exact 13.5 g/dL (13.5) [2020-05-17..]
Observation hemoglobin Current = `not done` [2020-05-17..] !NotANumber { text: "not done" }
Observation hemoglobin Current [2020-05-17..]
Observation hemoglobin Current = `1000000000000000000000000000000000000000` [2020-05-17..] !NotANumber { text: "1000000000000000000000000000000000000000" }
Observation platelets Current = Exact 100 10*9/L (100) to Exact 150 10*9/L (150) [2020-05-17..]
"##);
}

#[test]
fn components_and_reference_ranges() {
    let pressure = json!({"resourceType": "Observation", "id": "o2", "status": "final", "code": loinc("85354-9"),
    "component": [
        {"code": loinc("8480-6"), "valueQuantity": {"value": 120, "unit": "mmHg"}},
        {"code": loinc("8462-4"), "valueQuantity": {"value": 80, "unit": "mm[Hg]"}},
    ]});
    let alt = json!({"resourceType": "Observation", "id": "o3", "status": "final", "code": loinc("1742-6"),
        "valueQuantity": {"value": 90, "unit": "U/L"},
        "referenceRange": [{"low": {"value": 0}, "high": {"value": 40, "unit": "U/L"}}]});
    let all = read(bundle(&[pressure, alt]));
    let facts = &all.person().facts;
    assert_eq!(facts.len(), 3, "{facts:#?}");
    let high = facts[0].range.as_ref().unwrap().high.as_ref().unwrap();
    assert_eq!((facts[0].what.variable.as_deref(), high.canonical), (Some("alt"), Some(40.into())));
    assert_eq!(facts[1].what.variable.as_deref(), Some("dbp"));
    let part = Some("component[1]".to_owned());
    assert_eq!(facts[1].source, Source::Resource { kind: "Observation".into(), id: "o2".into(), part });
}

#[test]
fn drugs_and_doses() {
    let insulin = json!({"resourceType": "MedicationStatement", "id": "m1", "status": "active",
        "medicationCodeableConcept": {"text": "insulin"}, "effectivePeriod": {"start": "2019"},
        "dosage": [{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [{"doseQuantity": {"value": 12.5, "unit": "U"}}]}]});
    let proposal = json!({"resourceType": "MedicationRequest", "id": "m2", "status": "active", "intent": "proposal",
        "medicationCodeableConcept": {"text": "warfarin"}, "authoredOn": "2020-01-02"});
    let contained = json!({"resourceType": "MedicationRequest", "id": "m3", "status": "active", "intent": "order",
        "contained": [{"resourceType": "Medication", "id": "a", "code": {"text": "24 HR Metformin hydrochloride 500 MG Oral Tablet"}}],
        "medicationReference": {"reference": "#a"}});
    let elsewhere = json!({"resourceType": "MedicationAdministration", "id": "m4", "status": "completed",
        "medicationReference": {"reference": "Medication/b"}, "effectiveDateTime": "2020"});
    let medication =
        json!({"resourceType": "Medication", "id": "b", "code": {"text": "Cisplatin 50 MG Injection"}});
    let none = json!({"resourceType": "MedicationRequest", "id": "m5", "status": "active", "intent": "order",
        "doNotPerform": true, "medicationCodeableConcept": {"text": "aspirin"}});
    let all = read(bundle(&[insulin, proposal, contained, elsewhere, medication, none]));
    assert_snapshot!(lines(all.person()), @r##"
Drug Cisplatin 50 MG Injection Past [2020..]
DrugRequest 24 HR Metformin hydrochloride 500 MG Oral Tablet Current
DrugRequest aspirin Current not
DrugRequest warfarin (anticoagulant) Planned [2020-01-02..]
Drug insulin (insulin_use) Current = Exact 25 [U]/d [2019..]
"##);
    let metformin = all.person().facts.iter().find(|fact| fact.what.label().contains("Metformin")).unwrap();
    assert_eq!(metformin.what.concepts, ["D008687"]);
}

#[test]
fn no_known_allergy_is_absence() {
    let none = json!({"resourceType": "AllergyIntolerance", "id": "a1", "clinicalStatus": "active",
        "code": snomed("716186003", "No known allergy"), "patient": {"reference": "Patient/p1"}});
    let all = read(bundle(&[none]));
    let fact = &all.person().facts[0];
    assert_eq!((fact.what.variable.as_deref(), fact.says_absent()), (Some("allergy"), true));
}

#[test]
fn families_consents_studies_and_visits() {
    let family = json!({"resourceType": "FamilyMemberHistory", "id": "f1", "status": "completed",
        "relationship": {"text": "mother"}, "condition": [{"code": snomed("254837009", "Breast cancer")}]});
    let consent = json!({"resourceType": "Consent", "id": "k1", "status": "active", "dateTime": "2021-02-03",
        "scope": {"coding": [{"code": "research"}]}});
    let denied = json!({"resourceType": "Consent", "id": "k2", "status": "active",
        "scope": {"coding": [{"code": "research"}]}, "provision": {"type": "deny"}});
    let study = json!({"resourceType": "ResearchSubject", "id": "r1", "status": "off-study",
        "period": {"start": "2018-01", "end": "2019-01"}, "study": {"display": "A study of sleep"},
        "individual": {"reference": "Patient/p1"}});
    let visit = json!({"resourceType": "Encounter", "id": "e1", "status": "finished", "class": {"code": "AMB"},
        "type": [{"text": "check-up"}], "period": {"start": "2020-01-01", "end": "2020-01-01"}});
    let vaccine = json!({"resourceType": "Immunization", "id": "i1", "status": "completed",
        "vaccineCode": {"text": "influenza"}, "occurrenceDateTime": "2020-10-01"});
    let operation = json!({"resourceType": "Procedure", "id": "q1", "status": "completed",
        "code": {"text": "appendectomy"}, "performedPeriod": {"start": "2001-01-01"}, "bodySite": [{"text": "abdomen"}]});
    assert_snapshot!(facts(&[family, consent, denied, study, visit, vaccine, operation]), @r##"
Condition Breast cancer Unknown of mother
Procedure appendectomy Past [2001-01-01..]
Immunization influenza Past [2020-10-01..]
Encounter check-up Past [2020-01-01..2020-01-01]
Consent informed_consent Current not
Consent informed_consent Current [2021-02-03..]
TrialParticipation A study of sleep (trial_participation) Past [2018-01..2019-01]
"##);
}

#[test]
fn bulk_data_is_put_together_by_patient() {
    let folder = testkit::folder();
    let write = |name: &str, resources: &[Value]| {
        let lines: String = resources.iter().map(|resource| format!("{resource}\n")).collect();
        std::fs::write(folder.path().join(name), lines).unwrap();
    };
    let condition = |id: &str, person: &str| {
        json!({"resourceType": "Condition", "id": id, "clinicalStatus": "active", "code": {"text": "asthma"},
            "subject": {"reference": format!("Patient/{person}")}})
    };
    write("Condition.ndjson", &[condition("c1", "p2"), condition("c2", "p1"), condition("c3", "p2")]);
    write(
        "Patient.ndjson",
        &[
            json!({"resourceType": "Patient", "id": "p1", "gender": "male"}),
            json!({"resourceType": "Patient", "id": "p2"}),
        ],
    );
    let all = super::read_at(folder.path());
    let counts: Vec<_> = all.people.iter().map(|person| (person.id.as_str(), person.facts.len())).collect();
    assert_eq!((counts, all.issues), (vec![("p2", 2), ("p1", 1)], vec![]));
    assert_eq!(all.people[1].sex, Some(Sex::Male));
}

#[test]
fn what_says_nothing_to_us_is_counted() {
    let claim = json!({"resourceType": "Claim", "id": "x", "type": {"text": "something"}});
    let report = json!({"resourceType": "DiagnosticReport", "id": "y", "status": "final"});
    let all = read(bundle(&[claim.clone(), claim, report]));
    assert_eq!(all.missed.get("resource Claim"), Some(&2));
    assert_eq!(all.missed.get("resource DiagnosticReport"), Some(&1));
    assert_eq!(all.person().facts, []);
}
