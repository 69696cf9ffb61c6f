//! Exports: every reference of a study definition resolves, and no record makes either export fail.
#![allow(clippy::unwrap_used)]

mod common;

use std::collections::BTreeSet;

use eligibility::{
    Eligibility,
    read::{Options, Reader},
};
use model::Study;
use protocol::{
    compile,
    export::{fhir, usdm},
};
use serde_json::{Value, json};

/// Calls `f` with each key and value of a document.
fn walk(value: &Value, f: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(object) => object.iter().for_each(|(key, value)| {
            f(key, value);
            walk(value, f);
        }),
        Value::Array(items) => items.iter().for_each(|item| walk(item, f)),
        _ => {}
    }
}

fn holds(study: &Study) {
    let protocol = compile(study);
    let bundle = fhir::export(study, &protocol).document;
    let (mut known, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    walk(&bundle, &mut |key, value| match (key, value.as_str()) {
        ("fullUrl", Some(url)) => assert!(known.insert(url.to_owned()), "{url}"),
        ("reference" | "definitionUri", Some(url)) => {
            wanted.insert(url.to_owned());
        }
        _ => {}
    });
    assert!(wanted.is_subset(&known), "{}: {:?}", study.id(), wanted.difference(&known));

    let criteria = Eligibility::of(&mut Reader::new(), study, Options::default()).criteria;
    let Ok(exported) = usdm::export(study, &protocol, &criteria) else {
        assert_ne!(study.text("StudyType"), Some("INTERVENTIONAL"));
        return;
    };
    let (mut ids, mut wanted) = (BTreeSet::new(), BTreeSet::new());
    walk(&exported.document, &mut |key, value| match (key, value) {
        ("id", Value::String(id)) => assert!(ids.insert(id.clone()), "{}: {id} twice", study.id()),
        (key, Value::String(id)) if key.ends_with("Id") => {
            wanted.insert(id.clone());
        }
        (key, Value::Array(list)) if key.ends_with("Ids") => {
            wanted.extend(list.iter().map(|id| id.as_str().unwrap().to_owned()));
        }
        _ => {}
    });
    assert!(wanted.is_subset(&ids), "{}: {:?}", study.id(), wanted.difference(&ids));
    assert!(!exported.missing.is_empty(), "a record never says all");
}

#[test]
fn of_real_records() {
    let mut turn = 0;
    common::each_real_study(&mut |study| {
        if turn % 5 == 0 {
            holds(study);
        }
        turn += 1;
    });
}

#[test]
fn of_odd_records() {
    let of = |mut section: Value| {
        section["identificationModule"] = json!({"nctId": "NCT00000001"});
        holds(&Study::new(json!({"protocolSection": section})).unwrap());
    };
    let interventional = json!({"studyType": "INTERVENTIONAL"});
    of(json!({}));
    of(json!({"designModule": interventional}));
    of(json!({"designModule": interventional, "armsInterventionsModule": {
        "armGroups": [{"label": "A"}, {"label": "A"}, {}],
        "interventions": [{"name": "X", "description": "5 mg on days -3, 1 and 8"}, {"name": "X"}]},
        "outcomesModule": {"primaryOutcomes": [{"measure": "A", "timeFrame": "1.5 years"}, {"measure": "A", "timeFrame": "3 days before birth"}]},
        "eligibilityModule": {"minimumAge": "6 Months", "maximumAge": "5 Years", "sex": "FEMALE"}}));
}

#[test]
fn usdm_has_the_windows_of_the_record() {
    let record = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"},
        "designModule": {"studyType": "INTERVENTIONAL"},
        "outcomesModule": {"primaryOutcomes": [{"measure": "A", "timeFrame": "week 4 ± 3 days, week 12"}]}}});
    let study = Study::new(record).unwrap();
    let criteria = Eligibility::of(&mut Reader::new(), &study, Options::default()).criteria;
    let exported = usdm::export(&study, &compile(&study), &criteria).unwrap();
    let mut windows = Vec::new();
    walk(&exported.document, &mut |key, value| {
        let timings = value.as_array().filter(|_| key == "timings").into_iter().flatten();
        let placed = timings.filter(|t| t["value"] != "P0D");
        windows.extend(placed.map(|t| json!([t["value"], t["windowLower"], t["windowUpper"]])));
    });
    let expected = [json!(["P4W", "P3D", "P3D"]), json!(["P12W", null, null])];
    assert_eq!(windows, expected);
}
