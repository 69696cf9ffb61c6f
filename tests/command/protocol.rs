//! Protocols of records of our own and of the demo's studies, and what lint says of them.

use serde_json::{Value, json};

use crate::support::Place;

/// A made-up study with a dose, a time frame that does not fit, and a placebo that is a drug.
fn record() -> String {
    let dates = |date: &str| json!({"date": date, "type": "ESTIMATED"});
    json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000043", "briefTitle": "An Invented Study of Gadgetol"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": dates("2024-01"),
            "primaryCompletionDateStruct": dates("2024-06"),
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Gadgetol", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Gadgetol"]},
                {"label": "Control", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Widgetol"]},
            ],
            "interventions": [
                {"type": "DRUG", "name": "Gadgetol", "description": "10 mg by mouth twice daily for 12 weeks"},
                {"type": "DRUG", "name": "Widgetol", "description": "5 mg by mouth once daily for 12 weeks"},
            ],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Change of TCSS", "timeFrame": "week 52"}]},
    }})
    .to_string()
}

#[test]
fn a_record_is_compiled() {
    let place = Place::new();
    let file = place.file("gadgetol.json", record());
    let path = file.to_str().unwrap();
    let json: Value =
        serde_json::from_str(&place.run(["protocol", path, "--format", "json"]).ends(0).out).unwrap();
    assert_eq!(json["arms"][1]["role"], "active");
    assert_eq!(json["doses"][0]["amount"], json!({"value": 10, "unit": "mg", "per": null}));
    assert_eq!(json["doses"][0]["interval"], json!({"value": 12, "unit": "hour"}));
    assert_eq!(json["doses"][0]["count"], 168);
    assert_eq!(json["schedule"][0]["time"], json!({"value": 52, "unit": "week", "anchor": null}));
    assert_eq!(
        (&json["dates"]["start"], &json["dates"]["primary_completion"]),
        (&"2024-01-01".into(), &"2024-06-30".into())
    );
    assert_eq!(json["instruments"], json!([]), "TCSS is bound in records on neuropathy only");
    let checks: Vec<&str> =
        json["findings"].as_array().unwrap().iter().filter_map(|f| f["check"].as_str()).collect();
    assert_eq!(checks, ["dates_infeasible", "arm_type_mismatch"]);
    let text = place.run(["protocol", path]).ends(0).out;
    assert!(text.contains("10 mg, oral, 168 times, every 12 hours, for 12 weeks"), "{text}");
}

#[test]
fn lint_tells_of_the_protocol() {
    let place = Place::new();
    let file = place.file("gadgetol.json", record());
    let ran = place.run(["lint", file.to_str().unwrap()]).ends(1);
    for words in
        ["error[dates_infeasible]", "primaryOutcomes[0].timeFrame:1:1", "1 | week 52", "^^^^^^^", "remedy"]
    {
        assert!(ran.out.contains(words), "{words}: {}", ran.out);
    }
    let lines = place.run(["lint", "--format", "jsonl", file.to_str().unwrap()]).ends(1).lines();
    let line = lines.iter().find(|l| l["check"] == "dates_infeasible").unwrap();
    assert_eq!(line["field"], "protocolSection.outcomesModule.primaryOutcomes[0].timeFrame");
}

#[test]
fn the_demo_has_protocols() {
    let place = Place::with_demo();
    let lines = place.run(["lint", "--all", "--format", "jsonl"]).ends(0).lines();
    assert!(lines.iter().any(|c| c["check"] == "missing_ratio"), "{lines:?}");
}

#[test]
fn plain_text_is_no_record() {
    let place = Place::new();
    let file = place.file("text.txt", "Inclusion Criteria:\n\n* Age 18 years or older\n");
    place.run(["protocol", file.to_str().unwrap()]).ends(2).complains(&["plain text"]);
}

#[test]
fn doses_for_a_person() {
    let place = Place::new();
    let file = place.file("gadgetol.json", record());
    let path = file.to_str().unwrap();
    let out = place.run(["dose", path, "--weight", "154 lb", "--format", "json"]).ends(0).out;
    let json: Value = serde_json::from_str(&out).unwrap();
    let reading = &json["doses"][0]["readings"][0];
    assert_eq!(reading["each"], json!({"value": 10, "unit": "mg"}));
    assert_eq!(reading["total"], json!({"value": 1680, "unit": "mg"}));
    assert_eq!(reading["factors"][0]["status"], "stated");
    let text =
        place.run(["dose", "--amount", "1*10E6 cells/kg", "--weight", "70", "--count", "3"]).ends(0).out;
    assert!(text.contains("ask: is 1,000,000 meant, or 10,000,000?"), "{text}");
    assert!(
        text.contains("total: 210,000,000 cells in 3")
            && text.contains("body weight = 70 kg [stated: given]")
    );
    place.run(["dose", path, "--weight", "7000"]).ends(2).complains(&["`weight`: 7000 is not in the range"]);
    place.run(["dose"]).ends(2);
}

#[test]
fn dates_of_a_participant() {
    let place = Place::new();
    let file = place.file("gadgetol.json", record());
    let path = file.to_str().unwrap();
    let run = |more: &[&str]| {
        place.run(["calendar", path, "--start", "2026-03-02"].into_iter().chain(more.iter().copied()))
    };
    let json: Value = serde_json::from_str(&run(&["--format", "json"]).ends(0).out).unwrap();
    let last = json["visits"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["name"], &last["date"]), (&"Week 52".into(), &"2027-03-01".into()));
    assert_eq!(last["window"], json!({"from": "2027-02-15", "to": "2027-03-15", "status": "assumed"}));
    let ics = run(&["--format", "ics"]).ends(0).out;
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"), "{ics}");
    assert!(run(&["--format", "csv"]).ends(0).out.starts_with("visit,nominal,planned,date,"));
    let html = run(&["--format", "html"]).ends(0).out;
    assert!(html.contains("Mon 1 Mar 2027") && !html.contains("href"), "{html}");
    run(&["--window", "0", "--closed", "2027-03-01"]).ends(1);
    run(&["--arm", "Nobody"]).ends(2).complains(&["its arms are Gadgetol; Control"]);
    run(&["--closed", "soon"]).ends(2).complains(&["is no day; write 2026-12-24"]);
}

#[test]
fn protocols_side_by_side() {
    let place = Place::new();
    let one = place.file("one.json", record());
    let two = place.file(
        "two.json",
        record().replace("10 mg by mouth", "0.02 g by mouth").replace("NCT00000043", "NCT00000044"),
    );
    let paths = [one.to_str().unwrap(), two.to_str().unwrap()];
    let out = place.run(["compare", paths[0], paths[1], "--format", "json"]).ends(0).out;
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["studies"][0]["doses"][0]["total"], json!({"value": 1680, "unit": "mg"}));
    assert_eq!(json["studies"][1]["doses"][0]["each"], json!({"value": 20, "unit": "mg"}));
    assert_eq!(json["outcomes"][0]["studies"][1][0]["rank"], "primary");
    let text = place.run(["compare", paths[0], paths[1]]).ends(0).out;
    assert!(text.contains("NCT00000044  Gadgetol: 20 mg, 168 times, 3,360 mg in all"), "{text}");
    place.run(["compare", paths[0]]).ends(2).complains(&["two to six studies are compared; 1 were given"]);
}

#[test]
fn what_is_written_as_usdm_reads_back() {
    let place = Place::with_demo();
    let mut read = 0;
    for id in place
        .run([
            "search",
            "AREA[StudyType]INTERVENTIONAL",
            "--format",
            "csv",
            "--fields",
            "NCTId",
            "--limit",
            "20",
        ])
        .out
        .lines()
        .skip(1)
    {
        let id = id.split(',').next().unwrap();
        let written = place.run(["protocol", id, "--format", "usdm"]).ends(0);
        let other = Place::new();
        let file = other.file("study.json", &written.out);
        other.import(&file).ends(0);
        let record = |place: &Place| -> Value {
            serde_json::from_str(&place.run(["show", id, "--format", "json"]).ends(0).out).unwrap()
        };
        let (before, after) = (record(&place), record(&other));
        for path in [
            "identificationModule/nctId",
            "identificationModule/briefTitle",
            "identificationModule/officialTitle",
            "sponsorCollaboratorsModule/leadSponsor/name",
            "designModule/studyType",
            "designModule/enrollmentInfo/count",
            "designModule/designInfo/interventionModel",
            "eligibilityModule/sex",
        ] {
            let at = |record: &Value| record.pointer(&format!("/protocolSection/{path}")).cloned();
            assert_eq!(at(&before), at(&after), "{id}: {path}");
        }
        let outcomes = |record: &Value| {
            record
                .pointer("/protocolSection/outcomesModule/primaryOutcomes")
                .and_then(|o| o.as_array().map(Vec::len))
        };
        assert_eq!(outcomes(&before), outcomes(&after), "{id}");
        read += 1;
    }
    assert!(read > 5, "{read} studies");
}
