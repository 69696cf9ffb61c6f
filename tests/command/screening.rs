//! A study held against many people: files of our own.

use serde_json::{Value, json};

use crate::support::Place;

const CRITERIA: &str = "Inclusion Criteria:\n\n* Age 18 to 65 years\n* HbA1c of at most 10 %\n\n\
    Exclusion Criteria:\n\n* HbA1c > 10 %\n";
const PEOPLE: &str = "id,age,sex,HbA1c (%)\nfits,40,male,8\nold,70,female,8\nhigh,40,male,10.4\n\
    higher,40,male,12\nboth,70,male,12\nunmeasured,40,male,\n";

struct Cohort {
    place: Place,
    criteria: String,
    people: String,
}

fn cohort() -> Cohort {
    let place = Place::new();
    let path = |name: &str, text: &str| place.file(name, text).to_str().unwrap().to_owned();
    let (criteria, people) = (path("criteria.txt", CRITERIA), path("people.csv", PEOPLE));
    Cohort { place, criteria, people }
}

impl Cohort {
    fn run(&self, verb: &str, more: &[&str]) -> crate::support::Ran {
        let usual = [verb, &self.criteria, "--subjects", &self.people, "--index-date", "2026-05-17"];
        self.place.run(usual.into_iter().chain(more.iter().copied()))
    }
}

#[test]
fn verdicts_and_attrition_in_every_format() {
    let cohort = cohort();
    let table = cohort.run("screen", &[]).ends(0).out;
    for words in
        ["6 people", "1 eligible", "1 undetermined, 4 ineligible", "on 2026-05-17", "open", "inclusion-2"]
    {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(cohort.run("screen", &["--top", "1"]).ends(0).out.contains("and 3 more"));
    let document: Value =
        serde_json::from_str(&cohort.run("screen", &["--format", "json"]).ends(0).out).unwrap();
    assert_eq!((&document["eligible"], &document["ineligible"]), (&1.into(), &4.into()));
    let age = &document["criteria"][0];
    assert_eq!(
        (&age["notMet"], &age["aloneBlocked"], &age["gainedEligible"]),
        (&2.into(), &1.into(), &1.into())
    );
    assert_eq!(document["criteria"][1]["aloneBlocked"], 0, "what two criteria rule out, neither does alone");
    let lines = cohort.run("screen", &["--format", "jsonl"]).ends(0).lines();
    assert_eq!(lines.len(), 6 + 3 + 1);
    assert_eq!((&lines[0]["subject"], &lines[0]["verdict"]), (&"fits".into(), &"eligible".into()));
    assert_eq!(lines[9]["people"], 6);
    let csv = cohort.run("screen", &["--format", "csv"]).ends(0).out;
    assert!(csv.contains("high,ineligible,inclusion-2|exclusion-1,,,false"), "{csv}");
    let csv = cohort.run("screen", &["--format", "csv", "--rows", "criteria"]).ends(0).out;
    assert!(csv.starts_with("criterion,text,met,"), "{csv}");
    assert_eq!(csv.lines().count(), 4);
}

#[test]
fn people_from_standard_input_and_a_folder() {
    let cohort = cohort();
    let arguments = ["screen", &cohort.criteria, "--subjects", "-", "--index-date", "2026-05-17"];
    assert!(cohort.place.fed(&arguments, PEOPLE.as_bytes()).ends(0).out.contains("6 people"));
    let patient =
        |id: &str| format!("{{\"resourceType\":\"Patient\",\"id\":\"{id}\",\"birthDate\":\"1980\"}}");
    let first = cohort.place.file("folder/a.json", patient("a"));
    cohort.place.file("folder/b.json", patient("b"));
    let folder = first.parent().unwrap().to_str().unwrap().to_owned();
    let ran =
        cohort.place.run(["screen", &cohort.criteria, "--subjects", &folder, "--index-date", "2026-05-17"]);
    assert!(ran.ends(0).out.contains("2 people"));
}

#[test]
fn what_cannot_be_done_is_told() {
    let cohort = cohort();
    let nobody = cohort.place.file("nobody.json", "{}");
    let ran = cohort.place.run(["screen", &cohort.criteria, "--subjects", nobody.to_str().unwrap()]).ends(1);
    assert!(ran.err.contains("holds no person"), "{}", ran.err);
    cohort.run("screen", &["--rows", "criteria"]).ends(2);
    let demo = Place::with_demo();
    demo.run(["screen", "NCT99999999", "--subjects", &cohort.people]).ends(3);
    let ran = cohort.run("whatif", &["--relax", "hba1c<=9"]).ends(2);
    assert!(ran.err.contains("only be moved outwards") && ran.err.contains("age ≤ 65"), "{}", ran.err);
    assert!(cohort.run("whatif", &["--relax", "gadgets<=9"]).ends(2).err.contains("no variable `gadgets`"));
    assert!(cohort.run("whatif", &["--curve", "bmi"]).ends(2).err.contains("no upper limit of bmi"));
    cohort.place.run(["whatif", &cohort.criteria, "--subjects", "-"]).ends(2);
}

#[test]
fn a_limit_moved_lets_people_in() {
    let cohort = cohort();
    let table = cohort.run("whatif", &["--relax", "hba1c<=11"]).ends(0).out;
    assert!(table.contains("hba1c ≤ 11 (inclusion-2, exclusion-1)"), "{table}");
    let run = |more: &[&str]| cohort.run("whatif", &[more, &["--format", "jsonl"]].concat()).ends(0).lines();
    let asked = run(&["--relax", "hba1c<=11"]);
    assert_eq!((&asked[1]["kind"], &asked[1]["gainedEligible"]), (&"asked".into(), &1.into()));
    let both = run(&["--relax", "hba1c<=12", "--relax", "age<=70"]);
    assert_eq!(both[1]["eligible"], 5);
    let steps: Vec<(String, u64)> = run(&["--curve", "hba1c"])
        .iter()
        .filter(|line| line["kind"] == "step")
        .map(|line| (line["bound"].as_str().unwrap().to_owned(), line["eligible"].as_u64().unwrap()))
        .collect();
    assert_eq!(steps, [("10.4".to_owned(), 2), ("12".to_owned(), 3)]);
    let csv = cohort.run("whatif", &["--format", "csv"]).ends(0).out;
    assert!(csv.contains("limit,age ≤ 70 a,70,inclusion-1,2,"), "{csv}");
    let document: Value = serde_json::from_str(
        &cohort.run("whatif", &["--relax", "hba1c<=11", "--format", "json"]).ends(0).out,
    )
    .unwrap();
    assert_eq!(document["gained"], serde_json::json!(["high"]));
}

/// A woman of 40 with a good HbA1c, and perhaps a day of death.
fn bundle(id: &str, died: Option<&str>) -> String {
    let mut patient =
        json!({"resourceType": "Patient", "id": id, "gender": "female", "birthDate": "1986-02-01"});
    if let Some(day) = died {
        patient["deceasedDateTime"] = day.into();
    }
    let value = json!({"resourceType": "Observation", "id": format!("o-{id}"), "status": "final",
        "subject": {"reference": format!("Patient/{id}")}, "effectiveDateTime": "2026-01-02",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "valueQuantity": {"value": 8, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}});
    let entries = [patient, value].map(|resource| json!({"resource": resource}));
    format!("{}\n", json!({"resourceType": "Bundle", "type": "collection", "entry": entries}))
}

#[test]
fn who_has_died_is_ineligible_and_counted_as_such() {
    let mut cohort = cohort();
    let people =
        [bundle("alive", None), bundle("dead", Some("2020-01-01")), bundle("later", Some("2026-06-01"))];
    cohort.people = cohort.place.file("people.ndjson", people.concat()).to_str().unwrap().to_owned();
    let table = cohort.run("screen", &[]).ends(0).out;
    assert!(table.contains("2 eligible") && table.contains("1 of the ineligible have died"), "{table}");
    assert!(table.contains("dead  died"), "{table}");
    let found: Value =
        serde_json::from_str(&cohort.run("screen", &["--format", "json"]).ends(0).out).unwrap();
    assert_eq!((&found["died"], &found["ineligible"]), (&1.into(), &1.into()));
    assert_eq!(found["criteria"][0]["met"], 2, "{found}");
    let of = |n: usize, key: &str| found["subjects"][n][key].clone();
    assert_eq!([of(0, "died"), of(1, "died"), of(2, "died")], [json!(false), json!(true), json!(false)]);
    assert_eq!(of(1, "verdict"), "ineligible");
    let gains = cohort.run("whatif", &["--relax", "hba1c<=20", "--format", "jsonl"]).ends(0).lines();
    assert_eq!((&gains[0]["eligible"], &gains[0]["ineligible"]), (&2.into(), &1.into()), "{gains:?}");
    let assessed = cohort.place.run([
        "assess",
        &cohort.criteria,
        "--subject",
        &cohort.people,
        "--index-date",
        "2026-05-17",
    ]);
    let assessed = assessed.ends(0).out;
    assert!(
        assessed.contains("ineligible, died on 2020-01-01") && assessed.contains("- alive on that day"),
        "{assessed}"
    );
}
