//! From people to studies, on the demo's studies.

use serde_json::Value;

use crate::support::Place;

const NOTE: &str = "A 50-year-old woman with type 2 diabetes and albuminuria, HbA1c 8.1 %, on metformin.";
const TODAY: &str = "2026-05-17";

fn ids(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|row| row["nctId"].as_str().unwrap()).collect()
}

#[test]
fn a_note_finds_its_studies_and_nothing_is_dropped_silently() {
    let place = Place::with_demo();
    let note = place.file("note.txt", NOTE);
    let note = note.to_str().unwrap();
    let base = ["match", "--subject", note, "--index-date", TODAY, "--top", "0"];
    let run = |more: &[&'static str]| place.run(base.into_iter().chain(more.iter().copied())).ends(0);
    let all = run(&["--all", "--format", "jsonl"]).lines();
    assert!(ids(&all).contains(&"NCT90000004"), "{:?}", ids(&all));
    let male = all.iter().position(|row| row["nctId"] == "NCT90000059").unwrap();
    assert!(all[male]["verdict"] == "ineligible" && !all[male]["blockers"].as_array().unwrap().is_empty());
    assert!(all[male..].iter().all(|row| row["verdict"] == "ineligible"), "those ruled out come last");

    let shown = run(&["--format", "json"]);
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    let person = &shown["people"][0];
    let (total, hidden) = (person["total"].as_u64().unwrap(), person["hidden"].as_u64().unwrap());
    assert_eq!(total + hidden, all.len() as u64);
    assert!(hidden > 0 && run(&[]).out.contains("--all"));

    let open = run(&["--all", "--status", "recruiting", "--cond", "diabetes", "--format", "jsonl"]).lines();
    assert!(!open.is_empty() && open.iter().all(|row| row["overallStatus"] == "RECRUITING"));
}

#[test]
fn notes_become_a_run() {
    let place = Place::with_demo();
    let line = serde_json::json!({"_id": "t-1", "text": NOTE});
    let notes = place.file("topics.jsonl", format!("{line}\n\n"));
    let notes = notes.to_str().unwrap();
    let command = ["match", "--notes", notes, "--format", "trec", "--top", "5", "--index-date", TODAY];
    let first = place.run(command).ends(0).out;
    let rows: Vec<Vec<&str>> = first.lines().map(|line| line.split(' ').collect()).collect();
    assert_eq!(rows.len(), 5);
    for (place, row) in rows.iter().enumerate() {
        let [topic, q0, id, rank, score, tag] = row[..] else { panic!("{row:?}") };
        assert_eq!((topic, q0, tag, rank), ("t-1", "Q0", "trialist", (place + 1).to_string().as_str()));
        assert!(id.starts_with("NCT") && score.parse::<f32>().unwrap() > 0.0);
    }
    assert_eq!(first, place.run(command).ends(0).out, "the same input gives the same output");
}

#[test]
fn wrong_files_are_named_with_what_was_expected() {
    let place = Place::with_demo();
    let notes = place.file("bad.jsonl", "{\"text\": \"a cough\"}\n");
    place.run(["match", "--notes", notes.to_str().unwrap()]).ends(2).complains(&["line 1", "_id"]);
    let nobody = place.file("nobody.json", "{\"a\": 1}");
    place.run(["match", "--subject", nobody.to_str().unwrap()]).ends(1).complains(&["no person"]);
    place.run(["match"]).ends(2);
}

#[test]
fn what_is_not_recorded_means_what_the_command_line_says() {
    let place = Place::with_demo();
    let form = place.file("people.csv", "id,sex,age,diabetes mellitus type 2\np1,female,50,yes\n");
    let undetermined = |policy: &str| {
        let command =
            ["match", "--subject", form.to_str().unwrap(), "--index-date", TODAY, "--top", "0", "--all"];
        let run = place.run(command.into_iter().chain(["--format", "jsonl", "--absence", policy])).ends(0);
        run.lines().iter().filter(|row| row["verdict"] == "undetermined").count()
    };
    assert!(undetermined("open") > undetermined("closed"));
}

#[test]
fn what_is_found_is_kept_only_where_it_is_asked_for() {
    let place = Place::with_demo();
    let note = place.file("note.txt", NOTE);
    let kept = note.with_file_name("kept.json");
    let base = ["match", "--subject", note.to_str().unwrap(), "--index-date", TODAY, "--top", "3"];
    let whole = ["--save", kept.to_str().unwrap()];
    let shown = place.run(base.into_iter().chain(["--format", "json"])).ends(0).out;
    let table = place.run(base).ends(0).out;
    assert!(!kept.exists());
    assert_eq!(place.run(base.into_iter().chain(whole)).ends(0).out, table, "what is printed stays as it is");
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), shown);
    place.run(base.into_iter().chain(whole)).ends(1).complains(&["is there already"]);
    place.run(base.into_iter().chain(whole).chain(["--format", "trec"])).ends(2).complains(&["--save"]);
}
