//! Records made up for the tests.
#![allow(clippy::unwrap_used, dead_code)] // each test binary uses its own part

use ingest::{Converted, Format, Raw};
use model::{Place, StudyId};
use serde_json::json;

pub fn id(number: u32) -> StudyId {
    StudyId::new(number.into()).unwrap()
}

/// A whole v2 record with a date and a title.
pub fn record(number: u32, date: &str, title: &str) -> (Raw, Converted) {
    let study = json!({"protocolSection": {
        "identificationModule": {"nctId": id(number), "briefTitle": title},
        "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": date}},
        "designModule": {"studyType": "INTERVENTIONAL"},
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented"}}
    }});
    let bytes = serde_json::to_vec_pretty(&study).unwrap();
    let raw = Raw { format: Format::V2, bytes, place: Place { file: "x".into(), ..Place::default() } };
    (raw, Converted { id: id(number), study, page: None, issues: vec![] })
}

/// A record with some text of its own; the same for the same number.
pub fn study(number: u32) -> (Raw, Converted) {
    const WORDS: [&str; 16] = [
        "dose",
        "arm",
        "placebo",
        "weeks",
        "patients",
        "with",
        "daily",
        "oral",
        "severe",
        "chronic",
        "and",
        "randomised",
        "the",
        "of",
        "outcome",
        "visit",
    ];
    let mut state = number.wrapping_mul(2_654_435_761).wrapping_add(97);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    };
    let words: Vec<String> = (0..60)
        .map(|_| format!("{}{}", WORDS[next() as usize % 16], if next() % 5 == 0 { next() % 100 } else { 0 }))
        .collect();
    record(number, &format!("20{:02}-03-04", number % 25), &words.join(" "))
}
