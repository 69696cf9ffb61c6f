//! The registry's own files: no record is lost, and every one converts.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use ingest::{Converted, Format, Found, Limits, Raw};
use model::{
    Issue, IssueKind,
    piece::{self, Kind},
};
use serde_json::Value;

/// All records and issues of a file.
fn read(path: &Path) -> (Vec<Raw>, Vec<Issue>) {
    let (mut records, mut issues) = (Vec::new(), Vec::new());
    let flow = ingest::read(path, Limits::default(), &mut |found| {
        match found {
            Found::Record(raw) => records.push(raw),
            Found::Issue(issue) => issues.push(issue),
            Found::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    (records, issues)
}

fn convert_all(records: &[Raw]) -> Vec<Converted> {
    records.iter().map(|raw| ingest::convert(raw).unwrap_or_else(|issue| panic!("{issue}"))).collect()
}

/// How often each kind of issue at each path was met.
fn summary(converted: &[Converted]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for issue in converted.iter().flat_map(|c| &c.issues) {
        let path = issue.place.path.as_deref().unwrap_or("?");
        *counts.entry(format!("{}: {path}", issue.kind)).or_default() += 1;
    }
    counts
}

/// Unknown keys over all records, each once.
fn unknown_keys(converted: &[Converted]) -> Vec<String> {
    let mut keys: Vec<_> = converted.iter().flat_map(|c| piece::unknown_keys(&c.study)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

#[test]
fn api_v2_survives_key_for_key() {
    let Some(path) = testkit::shared("data/registry/ctgov-v2.json.zip") else { return };
    let (records, issues) = read(&path);
    assert_eq!((records.len(), issues.len()), (9, 0), "{issues:?}");
    for raw in &records {
        assert_eq!(raw.format, Format::V2);
        let converted = ingest::convert(raw).unwrap();
        let plain: Value = serde_json::from_slice(&raw.bytes).unwrap();
        assert_eq!(converted.study, plain);
        let again = serde_json::to_vec(&converted.study).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&again).unwrap(), plain);
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            String::from_utf8(again).unwrap(),
            "order of keys"
        );
        assert!(raw.place.entry.as_ref().unwrap().contains(&converted.id.to_string()));
        // Keys of the source's own making are told, nothing else is odd.
        assert!(converted.issues.iter().all(|i| i.kind == IssueKind::UnknownKey), "{:?}", converted.issues);
        assert_eq!(converted.issues.len(), piece::unknown_keys(&plain).len());
    }
}

#[test]
fn every_full_study_of_api_v1_converts() {
    let Some(path) = testkit::shared("data/registry/ctgov-v1-full-studies.zip") else { return };
    let (records, issues) = read(&path);
    assert_eq!((records.len(), issues.len()), (1707, 0), "{issues:?}");
    assert!(records.iter().all(|raw| raw.format == Format::V1Full));
    let converted = convert_all(&records);
    // API v2 has no field for this date, which two of the studies have.
    let homeless = "protocolSection.statusModule.ResultsFirstPostedQCCommentsDateStruct";
    assert_eq!(unknown_keys(&converted), [homeless]);
    assert_eq!(summary(&converted), BTreeMap::from([(format!("not converted: {homeless}"), 2)]));
    assert_eq!(converted.iter().filter(|c| c.study["hasResults"] == true).count(), 77);
    converted.iter().for_each(values_fit);
}

/// Every value is of its piece's kind.
fn values_fit(converted: &Converted) {
    let mut misfits = Vec::new();
    piece::walk(&converted.study, &mut |leaf| {
        let fits = match leaf.piece.kind {
            Kind::Text | Kind::Markup | Kind::Time => leaf.value.is_string(),
            Kind::Enum(values) => leaf.value.as_str().is_some_and(|v| values.value(v).is_some()),
            Kind::Boolean => leaf.value.is_boolean(),
            Kind::Integer => leaf.value.is_i64(),
            Kind::Number => leaf.value.is_number(),
            Kind::Date => leaf.value.as_str().is_some_and(|v| v.starts_with(|c: char| c.is_ascii_digit())),
            Kind::GeoPoint => leaf.value.is_object(),
            Kind::Branch => false,
        };
        if !fits {
            misfits.push(leaf.piece.name);
        }
    });
    assert!(misfits.is_empty(), "{}: {misfits:?}", converted.id);
}

#[test]
fn every_row_of_study_fields_converts() {
    let Some(path) = testkit::shared("data/registry/ctgov-v1-study-fields.zip") else { return };
    let (records, issues) = read(&path);
    assert_eq!((records.len(), issues.len()), (1319, 0), "{issues:?}");
    assert!(records.iter().all(|raw| raw.format == Format::V1Fields));
    let converted = convert_all(&records);
    let homeless = ["ResultsFirstPostedQCCommentsDate", "ResultsFirstPostedQCCommentsDateType"];
    assert_eq!(unknown_keys(&converted), homeless);
    assert!(summary(&converted).keys().all(|issue| issue.starts_with("not converted: ")));
    converted.iter().for_each(values_fit);
}

#[test]
fn the_document_pool_is_whole() {
    let Some(path) = testkit::shared("data/relevance/studies.v2.zip") else { return };
    let (records, issues) = read(&path);
    assert_eq!((records.len(), issues.len()), (19_735, 0), "{issues:?}");
    assert!(records.iter().all(|raw| raw.format == Format::V2));
}

#[test]
fn the_legacy_xml_is_whole() {
    let Some(path) = testkit::shared("data/registry/ctgov-legacy-xml.zip") else { return };
    let (records, issues) = read(&path);
    assert_eq!((records.len(), issues.len()), (7320, 0), "{issues:?}");
    assert!(records.iter().all(|raw| raw.format == Format::LegacyXml));
}
