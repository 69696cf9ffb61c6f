//! People against criteria: notes and files of our own.

use serde_json::{Value, json};

use crate::support::{Place, demo_studies};

const CRITERIA: &str = "Inclusion Criteria:\n\n* Age 18 to 65 years\n* HbA1c between 7 % and 10 %\n\n\
    Exclusion Criteria:\n\n* Stroke\n* Pregnancy\n";

#[test]
fn pairs_have_a_truth_and_its_evidence() {
    let place = Place::new();
    let note = "0. A 70-year-old woman with a history of stroke.\n1. She denies chest pain.";
    let pair = |id: u32, section: &str, text: Value| {
        format!(
            "{}\n",
            json!({"annotation_id": id, "note": note, "criterion_type": section, "criterion_text": text})
        )
    };
    let pairs = [
        pair(1, "inclusion", "Age 18 to 65 years".into()),
        pair(2, "exclusion", "History of stroke".into()),
        pair(3, "exclusion", "Chest pain".into()),
        pair(4, "exclusion", "Psoriasis".into()),
        pair(5, "inclusion", "Psoriasis".into()),
        pair(6, "exclusion", "HbA1c > 9 %".into()),
        pair(7, "exclusion", Value::Null),
    ];
    let file = place.file("pairs.jsonl", pairs.concat());
    let run = |more: &[&str]| {
        let arguments =
            ["assess", "--pairs", file.to_str().unwrap(), "--format", "jsonl", "--index-date", "2026-05-17"];
        place.run(arguments.into_iter().chain(more.iter().copied())).ends(0).lines()
    };
    let lines = run(&[]);
    let truths: Vec<&str> = lines.iter().map(|line| line["truth"].as_str().unwrap()).collect();
    assert_eq!(truths, ["not_met", "met", "not_met", "not_met", "unknown", "unknown", "unknown"]);
    assert_eq!(lines[3]["presumed"], true);
    let span: Vec<usize> = serde_json::from_value(lines[1]["evidence"][0]["source"]["span"].clone()).unwrap();
    assert_eq!(&note[span[0]..span[1]], "stroke");
    assert_eq!(run(&["--absence", "open"])[3]["truth"], "unknown");
    assert_eq!(run(&["--absence", "closed"])[4]["truth"], "not_met");
    let bad = place.file("bad.jsonl", "{}\n");
    let ran = place.run(["assess", "--pairs", bad.to_str().unwrap()]).ends(1);
    assert!(ran.err.contains("line 1"), "{}", ran.err);
}

#[test]
fn one_person_against_one_study() {
    let place = Place::new();
    let criteria = place.file("criteria.txt", CRITERIA);
    let assess = |name: &str, subject: &str, more: &[&str]| {
        let subject = place.file(name, subject);
        let arguments = [criteria.to_str().unwrap(), "--subject", subject.to_str().unwrap()];
        let all =
            ["assess", "--index-date", "2026-05-17"].into_iter().chain(arguments).chain(more.iter().copied());
        place.run(all).ends(0).out
    };
    let table = assess("note.txt", "A 50-year-old man. HbA1c 8.1 %.", &[]);
    assert!(table.contains(": eligible"), "{table}");
    assert!(table.contains("2026-05-17") && table.contains("clinical"), "{table}");
    assert!(assess("note.txt", "A 50-year-old man.", &[]).contains("undetermined, 1 criterion unknown"));
    assert!(
        assess("old.txt", "A 70-year-old man with stroke.", &[]).contains("ineligible, 2 criteria not met")
    );
    let bundle =
        json!({"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1980"}).to_string();
    let lines = assess("patient.json", &bundle, &["--format", "jsonl"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.last().unwrap()["verdict"], "undetermined");
    assert_eq!((&lines[0]["subject"], &lines[0]["absence"]), (&"p1".into(), &"open".into()));
    let nobody = place.file("nobody.json", "{}");
    let ran =
        place.run(["assess", criteria.to_str().unwrap(), "--subject", nobody.to_str().unwrap()]).ends(1);
    assert!(ran.err.contains("holds no person"), "{}", ran.err);
    place.run(["assess", criteria.to_str().unwrap()]).ends(2);
}

#[test]
fn every_study_of_the_demo_is_assessed() {
    let place = Place::with_demo();
    let note = place.file("note.txt", "A 44-year-old woman with asthma takes salbutamol.");
    for study in demo_studies().iter().step_by(12) {
        let id = study.pointer("/protocolSection/identificationModule/nctId").unwrap().as_str().unwrap();
        let ran = place.run(["assess", id, "--subject", note.to_str().unwrap()]).ends(0);
        assert!(ran.out.contains(id), "{}", ran.out);
    }
    place.run(["assess", "NCT99999999", "--subject", note.to_str().unwrap()]).ends(3);
}
