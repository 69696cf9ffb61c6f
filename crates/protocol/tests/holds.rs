//! What holds of every protocol: no panic, every quote stands where it says, the JSON has what is documented.
#![allow(clippy::unwrap_used)]

mod common;

use model::Study;
use proptest::prelude::*;
use protocol::{
    checks, json,
    protocol::{Protocol, Status},
    record::Quote,
    text,
};
use serde_json::{Value, json};

/// Compiles and checks a study, and asserts what must hold.
fn holds(study: &Study) {
    let (protocol, findings) = checks::study(study);
    let quotes = quotes(&protocol);
    let of_findings = findings.iter().filter_map(|f| f.quote.as_ref());
    for quote in quotes.into_iter().chain(of_findings) {
        let value =
            quote.field.text(study).unwrap_or_else(|| panic!("{}: {} is no text", study.id(), quote.field));
        assert!(
            quote.bytes(value).is_some(),
            "{}: `{}` is not at its place in {}",
            study.id(),
            quote.text,
            quote.field
        );
    }
    for dose in &protocol.doses {
        assert_eq!(dose.amount.is_none(), dose.status == Status::Missing, "{}: {dose:?}", study.id());
    }
    assert_eq!(protocol.ratio.value.is_none(), protocol.ratio.status == Status::Missing, "{}", study.id());
    let document = json::document(study, &protocol, &findings);
    for key in ["arms", "ratio", "doses", "schedule", "instruments", "dates", "findings"] {
        assert!(!document[key].is_null(), "{}: no {key}", study.id());
    }
    assert!(!text::document(study, &protocol, &findings).is_empty());
}

fn quotes(protocol: &Protocol) -> Vec<&Quote> {
    let mut out: Vec<&Quote> = protocol.arms.iter().map(|a| &a.quote).collect();
    out.extend(&protocol.ratio.quote);
    out.extend(protocol.doses.iter().map(|d| &d.quote));
    out.extend(protocol.schedule.iter().map(|t| &t.quote));
    out.extend(protocol.instruments.iter().map(|n| &n.quote));
    out
}

#[test]
fn of_every_real_record() {
    common::each_real_study(&mut |study| holds(study));
}

/// Odd records: no arms, no kind of study, results alone, absurd numbers, values of other types.
#[test]
fn of_odd_records() {
    let of = |section: Value| {
        let mut section = section;
        section["identificationModule"] = json!({"nctId": "NCT00000001"});
        holds(&Study::new(json!({"protocolSection": section, "resultsSection": {}})).unwrap());
    };
    of(json!({}));
    of(json!({"designModule": {"studyType": "EXPANDED_ACCESS"}}));
    of(json!({"designModule": {"enrollmentInfo": {"count": i64::MAX}, "designInfo": "none"}}));
    of(
        json!({"armsInterventionsModule": {"armGroups": 7, "interventions": [null, 3, {"name": 5}, {"name": ""}]}}),
    );
    of(
        json!({"armsInterventionsModule": {"armGroups": [{}, {"label": "A"}, {"label": "A", "interventionNames": [1, "Drug: "]}]}}),
    );
    of(
        json!({"outcomesModule": {"primaryOutcomes": [{"measure": "x", "timeFrame": "99999999999999999999999 years"}]},
        "statusModule": {"startDateStruct": {"date": "0000-01"}, "completionDateStruct": {"date": "9999-12-31"},
            "primaryCompletionDateStruct": {"date": "2020-02-31"}}}),
    );
}

#[test]
fn an_absurd_number_invents_nothing() {
    let given = |words: &str| {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "armsInterventionsModule": {"interventions": [{"type": "DRUG", "name": "Gadgetol", "description": words}]},
        }});
        checks::study(&Study::new(record).unwrap()).0.doses
    };
    assert_eq!(given("99999999999999999999999999999999999999 mg")[0].amount, None);
    assert_eq!(given("5 x 10^99 cells")[0].status, Status::Missing);
    assert_eq!(given("10^")[0].status, Status::Missing);
}

/// Words that the readers look for, in any order.
const WORDS: [&str; 34] = [
    "5",
    "10",
    "1.5",
    "×",
    "x",
    "^",
    "106",
    "10E6",
    "mg",
    "/",
    "kg",
    "per",
    "day",
    "Day",
    "weeks",
    "every",
    "twice",
    "for",
    "cells",
    "UC-MSCs",
    "mL",
    "-",
    ",",
    "and",
    "to",
    "1:1",
    "randomized",
    "ratio",
    "n=",
    "patients",
    "group",
    "placebo",
    "⁶",
    "é—\\*",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn of_any_words(words in prop::collection::vec(prop::sample::select(&WORDS[..]), 0..40), junk in "\\PC{0,40}") {
        let text = format!("{} {junk}", words.join(" "));
        let study = Study::new(json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "officialTitle": text},
            "descriptionModule": {"briefSummary": text, "detailedDescription": text},
            "designModule": {"designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "NONE"}}},
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": "A", "type": "EXPERIMENTAL", "description": text, "interventionNames": ["Drug: UC-MSCs"]},
                    {"label": text, "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: placebo"]},
                ],
                "interventions": [
                    {"type": "DRUG", "name": "UC-MSCs", "description": text, "otherNames": [text]},
                    {"type": "DRUG", "name": "placebo", "description": junk},
                ],
            },
            "outcomesModule": {"primaryOutcomes": [{"measure": text, "timeFrame": text}]},
            "eligibilityModule": {"eligibilityCriteria": text},
        }})).unwrap();
        holds(&study);
    }
}
