//! Scores of instruments from items given in every way.

use serde_json::{Value, json};

use crate::support::Place;

const ITEMS: &str = r#"{"creatinine": "176.84 umol/L", "age": 60, "sex": "M"}"#;

#[test]
fn items_come_in_line_from_a_file_and_from_standard_input() {
    let place = Place::new();
    let file = place.file("items.json", ITEMS);
    let arguments = |given| ["score", "egfr_ckdepi2021", "--format", "json", "--json", given];
    let inline = place.run(arguments(ITEMS)).ends(0).out;
    assert_eq!(place.run(arguments(file.to_str().unwrap())).ends(0).out, inline);
    assert_eq!(place.fed(&arguments("-"), ITEMS.as_bytes()).ends(0).out, inline);
    let json: Value = serde_json::from_str(&inline).unwrap();
    assert_eq!((&json["score"], &json["unit"]), (&json!(37.5), &json!("mL/min/{1.73_m2}")));
    assert_eq!(json["given"]["creatinine"], json!({"value": 2.0, "unit": "mg/dL", "from": "176.84 umol/L"}));
    assert_eq!(json["missing"], json!([]));
}

#[test]
fn what_is_missing_is_said_and_what_is_wrong_is_refused() {
    let place = Place::new();
    let text = place.run(["score", "tcss", "--json", r#"{"sym_ataxia": 1}"#]).ends(0).out;
    assert!(text.contains("Total: missing: needs sym_foot_pain, sym_numbness"), "{text}");
    place.run(["score", "tcss", "--json", r#"{"sym_ataxia": 3, "reflex": 1}"#]).ends(2).complains(&[
        "`sym_ataxia`: 3 is not in the range; write 0 absent, 1 present",
        "`reflex`",
        "no such item",
    ]);
    place.run(["score", "tcsss"]).ends(2).complains(&["did you mean tcss?"]);
    place.run(["score", "tcss", "--json", "{"]).ends(2).complains(&["no JSON"]);
    place
        .run(["score", "tcss", "--json", "nowhere.json"])
        .ends(1)
        .complains(&["nowhere.json cannot be read"]);
}

#[test]
fn instruments_and_items_are_listed() {
    let place = Place::new();
    assert_eq!(place.run(["score", "--list"]).ends(0).out.lines().count(), 20);
    let all: Value =
        serde_json::from_str(&place.run(["score", "--list", "--format", "json"]).ends(0).out).unwrap();
    assert_eq!(all.as_array().unwrap().len(), 19);
    assert!(
        place
            .run(["score", "hads"])
            .ends(0)
            .out
            .contains("q14  depression: the code printed on the licensed form")
    );
}
