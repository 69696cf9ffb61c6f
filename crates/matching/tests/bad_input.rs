//! Bad records of people, from the bundle to the verdict: what is good is kept, what is bad is listed and decides
//! nothing.
#![allow(clippy::unwrap_used)]

use eligibility::{
    Item,
    evaluate::{Person, Settings, Truth, assess},
    read::{Options, Reader},
};
use matching::asked::People;
use serde_json::{Value, json};

fn settings() -> Settings {
    Settings::on("2026-06-28".parse().unwrap())
}

fn coded(system: &str, code: &str, text: &str) -> Value {
    json!({"coding": [{"system": system, "code": code}], "text": text})
}

fn condition(id: &str, text: &str, verification: &str) -> Value {
    json!({"resourceType": "Condition", "id": id, "subject": {"reference": "Patient/p"}, "code": {"text": text},
        "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", ""),
        "verificationStatus":
            coded("http://terminology.hl7.org/CodeSystem/condition-ver-status", verification, "")})
}

fn hba1c(id: &str, status: &str, value: f64, unit: &str) -> Value {
    json!({"resourceType": "Observation", "id": id, "status": status, "subject": {"reference": "Patient/p"},
        "code": coded("http://loinc.org", "4548-4", "HbA1c"), "effectiveDateTime": "2026-06-01",
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}})
}

fn read(born: &str, gender: &str, resources: &[Value]) -> People {
    let patient = json!({"resourceType": "Patient", "id": "p", "gender": gender, "birthDate": born});
    let entries: Vec<Value> =
        std::iter::once(&patient).chain(resources).map(|resource| json!({"resource": resource})).collect();
    People::read(
        "bundle",
        json!({"resourceType": "Bundle", "type": "collection", "entry": entries}).to_string().as_bytes(),
    )
}

/// What a criterion of the inclusion section says of the one person.
#[track_caller]
fn truth(people: &People, criterion: &str) -> Truth {
    let items: Vec<Item> = Reader::new().read(&format!("- {criterion}"), Options::default()).items;
    assert_eq!((people.people.len(), items.len()), (1, 1), "{:?}", people.issues);
    assess(&items, &Person::new(&people.people[0]), &settings()).findings[0].truth()
}

#[test]
fn a_broken_resource_is_listed_and_the_good_ones_count() {
    let broken = json!({"resourceType": "Observation", "id": "o2", "status": "final",
        "subject": {"reference": "Patient/p"}, "code": 7, "valueQuantity": [1]});
    let people = read(
        "1970-01-01",
        "female",
        &[hba1c("o1", "final", 8.1, "%"), broken, condition("c", "asthma", "confirmed")],
    );
    assert_eq!(truth(&people, "HbA1c ≥ 7 %"), Truth::Met);
    assert_eq!(truth(&people, "asthma"), Truth::Met);
    assert!(people.issues.len() == 1 && people.issues[0].contains("o2"), "{:?}", people.issues);
}

#[test]
fn a_code_that_nobody_knows_is_a_fact_without_meaning() {
    let mut unknown = condition("c1", "", "confirmed");
    unknown["code"] = coded("http://example.org/codes", "ZZ-9", "");
    let mut value = hba1c("o1", "final", 3.0, "%");
    value["code"] = coded("http://example.org/codes", "ZZ-10", "");
    let people = read("1970-01-01", "female", &[unknown, value]);
    assert_eq!(people.people[0].facts.len(), 2, "both are kept");
    assert!(people.issues.is_empty(), "they are no errors: {:?}", people.issues);
    assert_eq!(truth(&people, "HbA1c ≥ 7 %"), Truth::Unknown);
    assert_eq!(truth(&people, "asthma"), Truth::Unknown);
}

#[test]
fn impossible_values_are_kept_flagged_and_decide_nothing() {
    let people = read("1786-06-28", "female", &[hba1c("o1", "final", 8.1, "kg")]);
    let subject = &people.people[0];
    assert!(subject.birth.is_some() && !subject.problems.is_empty(), "{:?}", subject.problems);
    assert!(subject.facts.len() == 1 && !subject.facts[0].problems.is_empty(), "{:?}", subject.facts);
    for criterion in ["Age 18 to 65 years", "Age ≥ 18 years", "HbA1c ≥ 7 %", "HbA1c < 7 %"] {
        assert_eq!(truth(&people, criterion), Truth::Unknown, "{criterion}");
    }
}

#[test]
fn what_was_entered_in_error_or_refuted_never_counts() {
    let resources = [
        condition("c1", "asthma", "entered-in-error"),
        condition("c2", "epilepsy", "refuted"),
        hba1c("o1", "entered-in-error", 8.1, "%"),
    ];
    let people = read("1970-01-01", "female", &resources);
    assert_eq!(truth(&people, "asthma"), Truth::Unknown, "an error says nothing");
    assert_eq!(truth(&people, "epilepsy"), Truth::NotMet, "what was refuted is not so");
    assert_eq!(truth(&people, "HbA1c ≥ 7 %"), Truth::Unknown);
}

#[test]
fn a_male_is_never_perhaps_pregnant() {
    for criterion in ["pregnant", "pregnant or breast-feeding", "positive pregnancy test"] {
        assert_eq!(truth(&read("1970-01-01", "male", &[]), criterion), Truth::NotMet, "{criterion}");
        assert_eq!(truth(&read("1990-01-01", "female", &[]), criterion), Truth::Unknown, "{criterion}");
    }
}
