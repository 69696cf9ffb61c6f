//! Import, search, show and related on the demo's studies; what is expected is counted from their JSON.

use std::process::Stdio;

use serde_json::Value;

use crate::support::{Place, demo_file, demo_studies, studies, study, texts};

const ID: &str = "/protocolSection/identificationModule/nctId";
const STATUS: &str = "/protocolSection/statusModule/overallStatus";
const PHASES: &str = "/protocolSection/designModule/phases";

/// How many of the demo's studies have this value at this path.
fn having(path: &str, value: &str) -> usize {
    demo_studies().iter().filter(|s| texts(s, path).iter().any(|v| v == value)).count()
}

#[test]
fn importing_twice_changes_nothing_and_says_so() {
    let place = Place::new();
    let all = demo_studies().len();
    let first = place.import(&demo_file()).ends(0);
    assert!(first.out.contains(&format!("{all}  added")), "{}", first.out);
    assert!(first.out.contains("records/s"), "{}", first.out);
    let second = place.import(&demo_file()).ends(0);
    assert!(second.out.starts_with("nothing changed"), "{}", second.out);
    assert_eq!(place.count(&[]), all);
    let quiet = place.run(["import", "--quiet", demo_file().to_str().unwrap()]).ends(0);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
}

#[test]
fn filters_count_what_the_records_say() {
    let place = Place::with_demo();
    assert_eq!(place.count(&["--status", "recruiting"]), having(STATUS, "RECRUITING"));
    assert_eq!(place.count(&["--status", "active-not-recruiting"]), having(STATUS, "ACTIVE_NOT_RECRUITING"));
    assert_eq!(place.count(&["--phase", "phase3"]), having(PHASES, "PHASE3"));
    let both = demo_studies().into_iter().filter(|s| {
        let phases = texts(s, PHASES);
        texts(s, STATUS) == ["RECRUITING"] && phases.iter().any(|p| p == "PHASE2" || p == "PHASE3")
    });
    assert_eq!(place.count(&["--status", "recruiting", "--phase", "2,3"]), both.count());
    let german = demo_studies().into_iter().filter(|study| {
        let sites = study.pointer("/protocolSection/contactsLocationsModule/locations");
        sites.and_then(Value::as_array).into_iter().flatten().any(|site| site["country"] == "Germany")
    });
    assert_eq!(place.count(&["--country", "Germany"]), german.count());
    let facets = place.run(["search", "--facets", "--format", "jsonl"]).ends(0).lines();
    let recruiting = facets.iter().find(|f| f["facet"] == "status" && f["value"] == "RECRUITING").unwrap();
    assert_eq!(recruiting["count"], having(STATUS, "RECRUITING"));
}

#[test]
fn every_format_has_the_same_studies() {
    let place = Place::with_demo();
    let search = |format: &str| place.run(["search", "diabetes", "--format", format, "--limit", "0"]).ends(0);
    let total = place.count(&["diabetes"]);
    assert!(total > 3);
    let lines = search("jsonl").lines();
    let ids: Vec<&str> = lines.iter().map(|l| l["nctId"].as_str().unwrap()).collect();
    let scores: Vec<f64> = lines.iter().map(|l| l["score"].as_f64().unwrap()).collect();
    assert_eq!(ids.len(), total);
    assert!(scores.is_sorted_by(|a, b| a >= b) && scores.iter().all(|s| *s > 0.0 && *s <= 1.0));
    let json: Value = serde_json::from_str(&search("json").out).unwrap();
    assert_eq!(json["total"], total);
    assert_eq!(json["studies"], Value::from(lines.clone()));
    let csv = search("csv").out;
    assert!(csv.starts_with("nctId,score,briefTitle,"));
    let table = search("table");
    assert!(table.out.lines().all(|line| line.chars().count() <= 80), "{}", table.out);
    assert!(table.out.lines().skip(1).map(|line| &line[..11]).eq(ids.iter().copied()), "{}", table.out);
    for id in ids {
        assert!(csv.contains(&format!("\n{id},")));
    }
}

#[test]
fn pages_of_a_search_join_to_the_whole() {
    let place = Place::with_demo();
    let ids = |offset: &str, limit: &str| -> Vec<Value> {
        let ran = place.run([
            "search",
            "--sort",
            "EnrollmentCount:desc",
            "--format",
            "jsonl",
            "--offset",
            offset,
            "--limit",
            limit,
            "--fields",
            "EnrollmentCount",
        ]);
        ran.ends(0).lines()
    };
    let (whole, first, rest) = (ids("0", "0"), ids("0", "10"), ids("10", "0"));
    assert_eq!(whole, [first, rest].concat());
    let counts: Vec<i64> = whole.iter().filter_map(|l| l["EnrollmentCount"].as_i64()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b) && counts.len() > 50);
}

#[test]
fn a_country_is_found_by_any_of_its_names_and_every_bad_name_is_told() {
    let place = Place::with_demo();
    let turkey = place.count(&["--country", "Türkiye"]);
    assert!(turkey > 0 && turkey == place.count(&["--country", "Turkey"]));
    let ran = place.run(["search", "AREA[Conditon]x AND AREA[Phse]y OR AREA[Sponsr]z"]).ends(2);
    ran.complains(&["Conditon", "did you mean Condition", "Phse", "Phase", "Sponsr"]);
}

#[test]
fn near_spellings_are_told_as_people_write_them() {
    let place = Place::with_demo();
    place.run(["search", "Diabte"]).ends(0).complains(&["Diabte: did you mean diabetes"]);
}

#[test]
fn queries_that_cannot_be_read_show_where_and_what_was_meant() {
    let place = Place::with_demo();
    let ran = place.run(["search", "AREA[Phse]PHASE2"]).ends(2).complains(&["Phase", "AREA[Phse]", "^^^^"]);
    assert_eq!(ran.out, "");
    place.run(["search", "--filter", "heart AND", "--phase", "2"]).ends(2).complains(&["heart AND\n"]);
    place.run(["search", "--status", "opne"]).ends(2).complains(&["--status", "recruiting"]);
    place.run(["search", "--near", "somewhere"]).ends(2).complains(&["filter.geo"]);
    place.run(["search", "--fields", "BreifTitle"]).ends(2).complains(&["BriefTitle"]);
    place.run(["search", "--no-such-option"]).ends(2);
}

#[test]
fn a_study_is_found_shown_and_has_relatives() {
    let place = Place::with_demo();
    let demo = demo_studies();
    let one = demo.iter().find(|s| texts(s, ID) == ["NCT90000004"]).unwrap();
    assert_eq!(
        place.run(["search", "nct90000004", "--format", "jsonl"]).ends(0).lines()[0]["nctId"],
        "NCT90000004"
    );
    let json: Value =
        serde_json::from_str(&place.run(["show", "NCT90000904", "--format", "json"]).ends(0).out).unwrap();
    assert_eq!(&json, one, "a former id shows the study as it was imported");
    let text = std::fs::read_to_string(demo_file()).unwrap();
    let raw = place.run(["show", "NCT90000004", "--raw"]).ends(0).out;
    assert!(text.lines().any(|line| line == raw));
    let page = place.run(["show", "NCT90000004"]).ends(0).out;
    for part in ["NCT90000004", "Status", "Eligibility", "Primary outcomes", "Sites (43)", "Arms"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    let related = place.run(["related", "NCT90000004", "--format", "jsonl"]).ends(0).lines();
    assert!(!related.is_empty() && related.iter().all(|r| r["nctId"] != "NCT90000004"));
    assert!(related.iter().all(|r| !r["shares"].as_array().unwrap().is_empty()));
}

#[test]
fn unknown_studies_end_with_their_own_code() {
    let place = Place::with_demo();
    place.run(["show", "NCT90000400"]).ends(3).complains(&["NCT90000400", "did you mean"]);
    place.run(["related", "NCT00000001"]).ends(3).complains(&["NCT00000001"]);
    place.run(["show", "NCT"]).ends(2);
    place.run(["show", "NCT90000004", "--version", "2", "--raw"]).ends(2).complains(&["1 version"]);
}

#[test]
fn sources_tell_which_version_speaks_and_why() {
    let place = Place::with_demo();
    let old = study(90_000_004).replace("2024-05-06", "1999-01-01");
    let fed = place.fed(&["import", "-"], old.as_bytes()).ends(0);
    assert!(fed.out.contains("1  kept"), "{}", fed.out);
    let sources = place.run(["show", "NCT90000004", "--sources", "--format", "jsonl"]).ends(0).lines();
    let speaks: Vec<_> = sources.iter().map(|s| s["speaks"].as_bool().unwrap()).collect();
    assert_eq!(speaks, [true, false]);
    assert_eq!(sources[1]["source"], "-");
    assert!(sources[1]["why"].as_str().unwrap().contains("version 1 is of a later date"), "{}", sources[1]);
    assert_eq!(place.run(["show", "NCT90000004", "--version", "2", "--raw"]).ends(0).out, old);
    let page = place.run(["show", "NCT90000004", "--sources"]).ends(0).out;
    assert!(page.contains("sha-256   ") && page.contains("UTC") && page.contains("speaks"));
}

#[test]
fn sources_tell_every_file_that_has_the_version() {
    let place = Place::new();
    let first = place.file("first.json", study(1));
    let second = place.file("second.ndjson", studies(1..3));
    let same = place.file("same.json", study(1));
    for path in [&first, &second, &same] {
        place.import(path).ends(0);
        assert!(place.import(path).ends(0).out.contains("nothing changed"));
    }
    let lines = place.run(["show", "NCT1", "--sources", "--format", "jsonl"]).ends(0).lines();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0]["source"].as_str().unwrap().ends_with("first.json"));
    let again: Vec<_> = lines[0]["alsoIn"].as_array().unwrap().iter().collect();
    assert_eq!(again.len(), 2, "{again:?}");
    assert!(again.iter().any(|s| s["source"].as_str().unwrap().ends_with("second.ndjson")));
    assert!(again.iter().any(|s| s["source"].as_str().unwrap().ends_with("same.json")));
    let page = place.run(["show", "NCT1", "--sources"]).ends(0).out;
    assert!(page.contains("also in   ") && page.contains("second.ndjson"), "{page}");
}

#[test]
fn facts_of_a_captured_page_are_shown_with_their_characters() {
    let place = Place::new();
    // An invented study in the layout of one of the sites.
    let text = "ClinicalTrials.Veeva\n\nMenu\n\nEvening Light and Sleep (EVELISA)\n\nN\n\nNorthport Institute\n\n\
                Status and phase\n\nCompleted\nN/A\n\nConditions\n\nInsomnia\n\nTreatments\n\nDevice: Amber lamp\n\n\
                Study type\n\nInterventional\n\nFunder types\n\nIndustry\n\nIdentifiers\n\nNCT90000123\n\n\
                Details and patient eligibility\n\nAbout\n\nDoes amber light help?\n";
    place.import(&place.file("page.txt", text)).ends(1).complains(&["before its footer"]);
    let id =
        place.run(["search", "--format", "jsonl"]).ends(0).lines()[0]["nctId"].as_str().unwrap().to_owned();
    let ran = place.run(["show", &id, "--sources", "--format", "json"]).ends(0);
    let sources: Value = serde_json::from_str(&ran.out).unwrap();
    let offsets = sources[0]["page"]["offsets"].as_object().unwrap();
    let (path, span) = offsets.iter().find(|(path, _)| path.ends_with("nctId")).unwrap();
    let [from, to] = [0, 1].map(|i| span[i].as_u64().unwrap() as usize);
    let read: String = text.chars().skip(from).take(to - from).collect();
    assert!(read.contains(&id), "{path}: {read}");
    let record = place.run(["show", &id, "--version", "1", "--format", "json"]).ends(0).out;
    assert!(!record.contains("offsets"), "the record stays the registry's own");
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let place = Place::with_demo();
    let mut command = place.command();
    command.args(["search", "--format", "jsonl", "--limit", "0", "--fields", "NCTId,EligibilityCriteria"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn without_a_registry_it_says_what_to_do_and_makes_nothing() {
    let place = Place::new();
    for arguments in [&["search", "x"][..], &["show", "NCT00000001"], &["doctor"], &["rebuild"], &["serve"]] {
        place.run(arguments.iter().copied()).ends(1).complains(&["no registry", "trialist import", "--data"]);
    }
    assert!(!place.data().exists());
}

#[test]
fn doctor_and_rebuild() {
    let place = Place::with_demo();
    let well = place.run(["doctor"]).ends(0);
    assert!(well.out.contains("all is well") && well.out.contains("71 studies"), "{}", well.out);
    let index = place.data().join("index");
    let largest = std::fs::read_dir(&index).unwrap().flatten().map(|e| e.path());
    let largest = largest.filter(|p| p.extension().is_some_and(|e| e != "json" && e != "lock"));
    let victim = largest.max_by_key(|p| p.metadata().unwrap().len()).unwrap();
    let mut bytes = std::fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    std::fs::write(&victim, bytes).unwrap();
    let ill = place.run(["doctor"]).ends(1);
    assert!(ill.out.contains("trialist rebuild"), "{}", ill.out);
    place.run(["rebuild"]).ends(0).complains(&["indexed 71 studies"]);
    place.run(["doctor"]).ends(0);
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(place.count(&[]), 71, "a lost index is built anew");
}
