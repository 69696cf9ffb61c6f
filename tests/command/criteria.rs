//! Criteria, lint and diff on texts of our own and on the demo's studies.

use serde_json::Value;

use crate::support::{Place, demo_studies};

const TEXT: &str = "Inclusion Criteria:\n\n* Age 18 to 65 years\n* HbA1c between 7 % and 10 %\n\n\
    Exclusion Criteria:\n\n* Stroke within 6 months before screening\n* Likely to comply poorly, in the opinion of the investigator\n";
const LATER: &str = "Inclusion Criteria:\n\n* Age 18 to 75 years\n* HbA1c between 7 % and 10 %\n\n\
    Exclusion Criteria:\n\n* Stroke within 6 months before screening\n* Pregnancy\n";

/// A made-up study with these criteria.
fn record(criteria: &str) -> String {
    serde_json::json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000042", "briefTitle": "An Invented Study of Diabetes"},
        "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": "2024-05-06"}},
        "eligibilityModule": {
            "eligibilityCriteria": criteria, "sex": "ALL", "minimumAge": "18 Years", "maximumAge": "65 Years",
        },
    }})
    .to_string()
}

#[test]
fn items_are_told_with_their_places() {
    let place = Place::new();
    let file = place.file("ä.txt", format!("é {TEXT}").replacen("é ", "", 1));
    let lines =
        place.run(["criteria", "--format", "jsonl", "--rules", file.to_str().unwrap()]).ends(0).lines();
    let sections: Vec<&str> = lines.iter().map(|l| l["section"].as_str().unwrap()).collect();
    assert_eq!(sections, ["inclusion", "inclusion", "exclusion", "exclusion"]);
    let chars: Vec<char> = TEXT.chars().collect();
    for line in &lines {
        assert_eq!(line["trial"], "ä");
        let at = |key: &str| line[key].as_u64().unwrap() as usize;
        let words: String = chars[at("char_start")..at("char_end")].iter().collect();
        assert_eq!(line["source"], words.as_str());
        assert_eq!(line["rules"][0]["path"], "expr");
    }
    assert_eq!(lines[0]["expr"]["var"], "age");
    assert_eq!(lines[3]["computable"], "human");
    let plain = place.run(["criteria", "--format", "jsonl", file.to_str().unwrap()]).ends(0).lines();
    assert!(plain.iter().all(|line| line.get("rules").is_none()));
}

#[test]
fn standard_input_has_the_section_that_is_said() {
    let place = Place::new();
    let run = |arguments: &[&str]| place.fed(arguments, b"HbA1c > 9 %").ends(0);
    let lines = run(&["criteria", "-", "--section", "exclusion", "--format", "jsonl"]).lines();
    assert_eq!((&lines[0]["section"], &lines[0]["polarity"]), (&"exclusion".into(), &"forbid".into()));
    assert!(
        run(&["criteria", "-"]).out.contains("Must: haemoglobin A1c above 9 %")
            || run(&["criteria", "-"]).out.contains("above 9 %")
    );
    assert!(
        place.fed(&["criteria", "-", "--format", "jsonl"], b"").ends(0).lines()[0]["computable"] == "absent"
    );
}

#[test]
fn studies_are_read_from_the_data_folder() {
    let place = Place::new();
    place.import(&place.file("a.json", record(TEXT))).ends(0);
    let table = place.run(["criteria", "NCT00000042"]).ends(0).out;
    assert!(
        table.contains("An Invented Study")
            && table.contains("✓ resolved")
            && table.contains("☞ for a person"),
        "{table}"
    );
    assert!(table.lines().all(|line| line.chars().count() <= 80), "{table}");
    let english = place.run(["criteria", "NCT00000042", "--format", "english"]).ends(0).out;
    assert!(english.contains("registry age\tMust: age 18 to 65 years\n"), "{english}");
    place
        .run(["criteria", "NCT00000043"])
        .ends(3)
        .complains(&["no study NCT00000043", "did you mean NCT00000042"]);
    place.run(["criteria", "NCT00000042@2"]).ends(2).complains(&["1 version"]);
    place.run(["criteria", "missing.txt"]).ends(1).complains(&["missing.txt cannot be read"]);
}

#[test]
fn other_formats_tell_what_they_cannot_say() {
    let place = Place::new();
    let file = place.file("a.json", record(TEXT));
    let run = |more: &[&str]| {
        let arguments =
            ["criteria", file.to_str().unwrap(), "--format"].into_iter().chain(more.iter().copied());
        place.run(arguments).ends(0)
    };
    let said = ["NCT00000042", "exclusion 2"];
    let five = &run(&["fhir"]).complains(&said).lines()[0];
    assert_eq!(five["resourceType"], "EvidenceVariable");
    assert_eq!(five["extension"][0]["url"], "urn:trialist:not-expressed");
    assert_eq!(run(&["fhir", "--fhir", "r4"]).complains(&said).lines()[0]["resourceType"], "Group");
    let circe = run(&["circe"]).complains(&said);
    let codes = circe.out.contains("4548-4");
    assert!(codes && circe.lines()[0]["InclusionRules"].is_array(), "{}", circe.out);
    assert_eq!(run(&["circe", "-q"]).err, "");
}

#[test]
fn lint_underlines_and_counts() {
    let place = Place::new();
    let file = place.file("odd.txt", "Inclusion Criteria:\n\n* Age at least 65 years and at most 18 years\n");
    let path = file.to_str().unwrap();
    let ran = place.run(["lint", path]).ends(1).complains(&["1 error"]);
    let expected = [
        "error[empty_range]",
        " --> odd.txt:3:",
        "* Age at least 65 years and at most 18 years",
        "^^^^",
        "remedy",
    ];
    expected.iter().for_each(|words| assert!(ran.out.contains(words), "{words}: {}", ran.out));
    assert!(!ran.out.contains('\u{1b}'));
    let lines = place.run(["lint", "--format", "jsonl", path]).ends(1).lines();
    assert_eq!((&lines[0]["check"], &lines[0]["place"]["line"]), (&"empty_range".into(), &3.into()));
    let clean = place.file("clean.txt", "Inclusion Criteria:\n\n* Age 18 years or older\n");
    place.run(["lint", clean.to_str().unwrap()]).ends(0).complains(&["0 errors, 0 warnings"]);
    let field = place.file("field.json", record(LATER));
    let ran = place.run(["lint", field.to_str().unwrap()]).ends(0);
    assert!(ran.out.contains("warning[field_against_text]"), "{}", ran.out);
    place.run(["lint", "--deny", "warning", field.to_str().unwrap()]).ends(1);
}

#[test]
fn differences_are_told_by_what_they_mean() {
    let place = Place::new();
    let (old, new) = (place.file("a.json", record(TEXT)), place.file("b.json", record(LATER)));
    let changes = |old: &str, new: &str| -> Vec<(String, Value)> {
        let lines = place.run(["diff", old, new, "--format", "jsonl"]).ends(0).lines();
        lines.iter().map(|l| (l["change"].as_str().unwrap().to_owned(), l["what"].clone())).collect()
    };
    let found = changes(old.to_str().unwrap(), new.to_str().unwrap());
    let kinds: Vec<&str> = found.iter().map(|f| f.0.as_str()).collect();
    assert_eq!(kinds, ["widened", "removed", "added"], "{found:?}");
    assert_eq!(found[0].1, "upper age 65 → 75 years");
    place.import(&old).ends(0);
    place.import(&new).ends(0);
    assert_eq!(changes("NCT00000042@1", "NCT00000042@2"), found);
    let table = place
        .run(["diff", old.to_str().unwrap(), new.to_str().unwrap()])
        .ends(0)
        .complains(&["3 differences"]);
    assert!(table.out.contains("widened   inclusion 1"), "{}", table.out);
    assert_eq!(place.run(["diff", "NCT00000042", "NCT00000042"]).ends(0).out, "");
}

#[test]
fn a_registry_is_summed_up() {
    let place = Place::with_demo();
    let ran = place
        .run(["criteria", "--all", "--summary", "--format", "json"])
        .ends(0)
        .complains(&["criteria in "]);
    let summary: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(summary["studies"], demo_studies().len());
    let levels = summary["levels"].as_array().unwrap().iter();
    assert_eq!(summary["criteria"], levels.map(|l| l["count"].as_u64().unwrap()).sum::<u64>());
    let again = place.run(["criteria", "--all", "--summary", "--format", "json", "-q"]).ends(0);
    assert_eq!((again.out, again.err.as_str()), (ran.out, ""));
    let table = place.run(["criteria", "--all", "--summary"]).ends(0).out;
    assert!(table.contains("CRITERIA BY LEVEL") && table.contains("LEFT TO PEOPLE"), "{table}");
    let checks = place.run(["lint", "--all", "--format", "jsonl"]).ends(0).complains(&["71 studies"]).lines();
    assert!(checks.iter().any(|c| c["check"] == "unstated_window" && c["studies"].as_u64() > Some(0)));
    place.run(["criteria", "--all"]).ends(2);
}

#[test]
fn a_damaged_record_is_no_text_of_criteria() {
    let place = Place::new();
    for (name, content) in [
        ("cut.json", r#"{"protocolSection": {"identif"#),
        ("nameless.json", r#"{"protocolSection": {"statusModule": {}}}"#),
        ("cut.xml", "<clinical_study><id_info>"),
    ] {
        let file = place.file(name, content);
        place.run(["criteria", file.to_str().unwrap()]).ends(1).complains(&["no study can be read", name]);
    }
    let text = place.file("text.txt", "<18 years");
    assert_eq!(place.run(["criteria", "--format", "jsonl", text.to_str().unwrap()]).ends(0).lines().len(), 1);
}
