//! Records for the tests of the checks.

use model::Study;
use serde_json::{Value, json};

use super::{Changed, Check, Input, Report};
use crate::{compile, record::Record};

/// A randomised study of a drug against placebo, without a fault.
pub(crate) fn clean() -> Value {
    json!({
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "A drug for a disease"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "startDateStruct": {"date": "2020-01-01", "type": "ACTUAL"},
            "primaryCompletionDateStruct": {"date": "2024-01-01", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2024-06-01", "type": "ESTIMATED"},
            "studyFirstSubmitDate": "2019-12-01",
            "lastUpdateSubmitDate": "2021-01-01",
            "lastUpdatePostDateStruct": {"date": "2021-01-05", "type": "ACTUAL"},
        },
        "descriptionModule": {"briefSummary": "People are randomised 1:1."},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE2"],
            "designInfo": {"allocation": "RANDOMIZED", "maskingInfo": {"masking": "DOUBLE"}},
            "enrollmentInfo": {"count": 60},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Gadgetol", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Gadgetol"]},
                {"label": "Placebo", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Placebo"]},
            ],
            "interventions": [
                {"type": "DRUG", "name": "Gadgetol", "description": "10 mg by mouth once daily for 12 weeks"},
                {"type": "DRUG", "name": "Placebo", "description": "tablets once daily for 12 weeks"},
            ],
        },
        "outcomesModule": {"primaryOutcomes": [{"measure": "Survival", "timeFrame": "12 weeks"}]},
    })
}

/// The clean record with other values at JSON pointers.
pub(crate) fn with(changes: &[(&str, Value)]) -> Value {
    let mut record = clean();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = record.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}"));
        match parent {
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = value.clone(),
            other => other[key] = value.clone(),
        }
    }
    record
}

/// What one check finds in a record, a line each: severity, quote, message.
pub(crate) fn found(check: &Check, protocol_section: &Value) -> Vec<String> {
    found_after(check, protocol_section, &[])
}

/// The same, with what changed between versions.
pub(crate) fn found_after(check: &Check, protocol_section: &Value, changes: &[Changed]) -> Vec<String> {
    let study = Study::new(json!({"protocolSection": protocol_section})).unwrap();
    let record = Record::new(&study);
    let protocol = compile::of(&record);
    let mut out = Vec::new();
    (check.run)(
        &Input { record: &record, protocol: &protocol, changes },
        &mut Report { check, out: &mut out },
    );
    assert!(out.iter().all(|f| !f.remedy.is_empty()), "a finding says what to do");
    let quote = |f: &super::Finding| f.quote.as_ref().map(|q| format!(" `{}`", q.text)).unwrap_or_default();
    out.iter().map(|f| format!("{}{}: {}", f.severity, quote(f), f.message)).collect()
}

/// Asserts that the check finds nothing in the clean record, and this in the changed one.
#[track_caller]
pub(crate) fn finds(check: &Check, changes: &[(&str, Value)], expected: &[&str]) {
    assert_eq!(found(check, &clean()), Vec::<String>::new(), "the clean record");
    assert_eq!(found(check, &with(changes)), expected);
}
