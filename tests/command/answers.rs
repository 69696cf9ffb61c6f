//! Answers of people: given once, for one person, where no record decides.

use serde_json::{Value, json};

use crate::support::Place;

const CRITERIA: &str = "Inclusion Criteria:\n* Diabetes\n* Able to comply with the visits in the opinion of the investigator\n\n\
    Exclusion Criteria:\n* Stroke\n";
const QUESTION: &str = "able to comply with the visits, in the opinion of the INVESTIGATOR";

fn patient(place: &Place, id: &str) -> String {
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1975-03-02"}},
        {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": format!("Patient/{id}")},
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "73211009"}], "text": "Diabetes mellitus"}}},
    ]});
    place.file(&format!("{id}.json"), bundle.to_string()).to_str().unwrap().to_owned()
}

/// The findings of the criteria by their words.
fn found(place: &Place, subject: &str, more: &[&str]) -> Vec<Value> {
    let criteria = place.file("criteria.txt", CRITERIA);
    let criteria = criteria.to_str().unwrap();
    let base = ["assess", criteria, "--subject", subject, "--index-date", "2026-05-17", "--format", "jsonl"];
    place.run(base.into_iter().chain(more.iter().copied())).ends(0).lines()
}

fn comply(lines: &[Value]) -> &Value {
    lines.iter().find(|line| line["criterion"].as_str().is_some_and(|c| c.starts_with("Able"))).unwrap()
}

#[test]
fn an_answer_counts_for_its_person_alone_and_is_shown_as_such() {
    let place = Place::with_demo();
    let (one, other) = (patient(&place, "p1"), patient(&place, "p2"));
    assert_eq!(comply(&found(&place, &one, &[]))["truth"], "unknown");
    let add = |answer: &'static str| {
        let date = ["--date", "2026-05-01", "--note", "by phone"];
        let base = ["answer", "add", QUESTION, answer, "--person", "p1", "--by", "A. Berg"];
        place.run(base.into_iter().chain(date))
    };
    add("yes").ends(0);
    let lines = found(&place, &one, &[]);
    assert_eq!(comply(&lines)["truth"], "met", "{lines:?}");
    let evidence = &comply(&lines)["evidence"][0];
    assert_eq!(evidence["kind"], "answer");
    assert!(evidence["words"].as_str().unwrap().contains("A. Berg on 2026-05-01"));
    assert_eq!(comply(&found(&place, &other, &[]))["truth"], "unknown", "it is about p1");
    assert_eq!(comply(&found(&place, &one, &["--no-answers"]))["truth"], "unknown");
    assert_eq!(comply(&found(&place, &other, &["--person", "p1"]))["truth"], "met");
    add("no").ends(1).complains(&["answered already", "A. Berg", "answer remove 1"]);

    let listed: Value =
        serde_json::from_str(&place.run(["answer", "list", "--format", "json"]).ends(0).out).unwrap();
    assert_eq!((listed[0]["number"].as_u64(), listed[0]["note"].as_str()), (Some(1), Some("by phone")));
    assert!(place.run(["answer", "list"]).ends(0).out.contains("p1: yes"));
    assert_eq!(place.run(["answer", "list", "--format", "csv"]).ends(0).out.lines().count(), 2);
    place.run(["answer", "remove", "1"]).ends(0);
    place.run(["answer", "remove", "1"]).ends(1).complains(&["no answer 1"]);
    assert_eq!(comply(&found(&place, &one, &[]))["truth"], "unknown");
}

#[test]
fn the_name_of_a_notes_file_is_not_who_it_is_about() {
    let place = Place::with_demo();
    place.run(["answer", "add", QUESTION, "yes", "--person", "note", "--by", "A. Berg"]).ends(0);
    let note = place.file("note.txt", "A 50-year-old woman with diabetes.");
    let note = note.to_str().unwrap();
    assert_ne!(comply(&found(&place, note, &["--absence", "open"]))["truth"], "met");
    assert_eq!(comply(&found(&place, note, &["--absence", "open", "--person", "note"]))["truth"], "met");
}

#[test]
fn an_answer_never_overrules_a_record() {
    let place = Place::with_demo();
    let one = patient(&place, "p1");
    place.run(["answer", "add", "Diabetes", "no", "--person", "p1", "--by", "A. Berg"]).ends(0);
    let lines = found(&place, &one, &[]);
    assert_eq!(lines.iter().find(|line| line["criterion"] == "Diabetes").unwrap()["truth"], "met");
}

#[test]
fn a_criterion_of_a_study_is_met_or_not() {
    let place = Place::with_demo();
    let one = patient(&place, "p1");
    let assess = || {
        let base =
            ["assess", "NCT05507697", "--subject", &one, "--index-date", "2026-05-17", "--format", "jsonl"];
        place.run(base).ends(0).lines()
    };
    let at =
        |line: &Value| format!("{}-{}", line["section"].as_str().unwrap(), line["number"].as_str().unwrap());
    let before = assess();
    let open =
        before.iter().find(|line| line["section"] == "exclusion" && line["truth"] == "unknown").unwrap();
    let criterion = format!("NCT05507697#{}", at(open));
    place.run(["answer", "add", &criterion, "not-met", "--person", "p1", "--by", "A. Berg"]).ends(0);
    let after = assess();
    let now = after.iter().find(|line| line["criterion"] == open["criterion"]).unwrap();
    assert_eq!(now["truth"], "not_met", "{now}");
    for (old, new) in before.iter().zip(&after) {
        let same = old["truth"] == new["truth"]
            || old["criterion"] == open["criterion"]
            || old["verdict"].is_string();
        assert!(same, "settling one leaves the others: {old} {new}");
    }
}

#[test]
fn what_cannot_be_answered_says_why() {
    let place = Place::with_demo();
    let add = |words: &'static str, answer: &'static str, whom: &[&'static str]| {
        let base = ["answer", "add", words, answer, "--by", "A. Berg"];
        place.run(base.into_iter().chain(whom.iter().copied()))
    };
    add("Diabetes", "met", &["--person", "p1"]).ends(2).complains(&["`yes` or `no`"]);
    add("NCT05507697#exclusion-2", "yes", &["--person", "p1"]).ends(2).complains(&["`met` or `not-met`"]);
    add("NCT05507697#exclusion-99", "met", &["--person", "p1"]).ends(1).complains(&["no criterion"]);
    add("NCT99999999#exclusion-1", "met", &["--person", "p1"]).complains(&["NCT99999999"]);
    add("Willing to take part", "yes", &["--everybody"]).ends(2).complains(&["about the person"]);
    add("...", "yes", &["--person", "p1"]).ends(2).complains(&["the words"]);
    add("Diabetes", "yes", &[]).ends(2);
    let nowhere = Place::new();
    nowhere.run(["answer", "list"]).ends(1).complains(&["import"]);
}
