//! What goes in comes out: versions, speakers, sources, dictionaries.

#![allow(clippy::unwrap_used)]

mod made;

use std::collections::BTreeMap;

use ingest::Format;
use made::{id, record, study};
use model::{Issue, IssueKind, Place};
use serde_json::json;
use store::{Counts, Error, Put, Store, Writer};

#[test]
fn a_record_comes_back_as_received() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("some/file.json", Some([7; 32]), 1_700_000_000).unwrap();
    let (mut raw, converted) = record(1, "2024-01-01", "  a title ");
    raw.bytes.extend_from_slice(b"  \n");
    raw.place = Place { entry: Some("a.json".into()), record: Some(3), byte: Some(9), ..raw.place };
    assert_eq!(writer.put(source, &raw, &converted).unwrap(), Put::Added);
    assert_eq!(writer.put(source, &raw, &converted).unwrap(), Put::Unchanged);

    let store = Store::open(folder.path()).unwrap();
    assert!(store.is_empty().unwrap(), "not yet committed");
    assert_eq!(writer.commit().unwrap(), 1);
    assert_eq!(store.study(id(1)).unwrap().unwrap()[..], raw.bytes[..]);
    assert_eq!(store.version_bytes(1).unwrap().unwrap(), raw.bytes);
    assert_eq!(store.study(id(2)).unwrap(), None);
    assert_eq!(store.version_bytes(i64::MAX).unwrap(), None);
    let versions = store.versions(id(1)).unwrap();
    assert_eq!(versions.len(), 1);
    let v = &versions[0];
    assert_eq!((v.sequence, v.id, v.format, v.speaks), (1, id(1), Format::V2, true));
    assert_eq!((v.place.as_str(), v.bytes), ("a.json, record 3, byte 9", raw.bytes.len() as u64));
    assert_eq!((v.source.name.as_str(), v.source.received), ("some/file.json", 1_700_000_000));
    assert_eq!(store.known(Format::V2, &v.sha256).unwrap(), Some(id(1)));
    assert_eq!(store.known(Format::V1Full, &v.sha256).unwrap(), None);
    assert_eq!(store.sizes().unwrap(), [(id(1), raw.bytes.len() as u64)]);
    assert_eq!(store.formats().unwrap(), [(Format::V2, 1)]);
    assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
}

#[test]
fn a_version_tells_all_its_sources() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let (raw, converted) = record(1, "2024-01-01", "a title");
    let mut import = |name: &str, sha256: [u8; 32], received| {
        let source = writer.begin_source(name, Some(sha256), received).unwrap();
        let put = writer.put(source, &raw, &converted).unwrap();
        writer.finish_source(source, &Counts::default()).unwrap();
        put
    };
    assert_eq!(import("a.json", [1; 32], 10), Put::Added);
    assert_eq!(import("b.json", [2; 32], 20), Put::Unchanged);
    assert_eq!(import("b.json", [3; 32], 30), Put::Unchanged);
    assert_eq!(import("a.json", [4; 32], 40), Put::Unchanged);
    let seen = writer.preparer().prepare(&raw, &converted).sha256();
    let third = writer.begin_source("c.json", None, 50).unwrap();
    let place = Place { record: Some(7), ..raw.place.clone() };
    writer.saw(third, Format::V2, &seen, &place).unwrap();
    writer.saw(third, Format::V1Full, &seen, &place).unwrap();
    for (of, name) in [([1; 32], "copy of a"), ([1; 32], "a.json"), ([2; 32], "copy of b"), ([9; 32], "?")] {
        writer.saw_copy(&of, name, 60).unwrap();
    }
    writer.commit().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let versions = store.versions(id(1)).unwrap();
    assert_eq!((versions.len(), versions[0].source.name.as_str()), (1, "a.json"));
    let again: Vec<_> =
        versions[0].again.iter().map(|s| (s.source.name.as_str(), s.source.received)).collect();
    assert_eq!(again, [("b.json", 20), ("c.json", 50), ("copy of a", 60), ("copy of b", 60)]);
    assert_eq!(versions[0].again[1].place, "record 7");
    assert_eq!(versions[0].again[2].source.sha256, Some([1; 32]));
    assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
}

#[test]
fn the_richest_newest_version_speaks_in_any_order() {
    let mut all = vec![
        (record(1, "2024-01-01", "old"), Format::V2),
        (record(1, "2025-01-01", "new"), Format::V2),
        (record(1, "2026-01-01", "a page"), Format::PageVeeva),
        (record(1, "2025-01-01", "new, as XML"), Format::LegacyXml),
    ];
    let mut puts = BTreeMap::new();
    for turn in 0..all.len() {
        all.rotate_left(1);
        let folder = testkit::folder();
        let mut writer = Writer::open(folder.path()).unwrap();
        let source = writer.begin_source("x", None, 0).unwrap();
        for ((raw, converted), format) in &all {
            let mut raw = raw.clone();
            raw.format = *format;
            if *format != Format::V2 {
                raw.bytes = format!("<{format:?}>").into_bytes();
            }
            puts.entry(turn).or_insert_with(Vec::new).push(writer.put(source, &raw, converted).unwrap());
        }
        writer.commit().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let speaks = store.study(id(1)).unwrap().unwrap();
        assert_eq!(speaks[..], record(1, "2025-01-01", "new").0.bytes[..], "turn {turn}");
        assert_eq!(store.versions(id(1)).unwrap().iter().filter(|v| v.speaks).count(), 1);
        assert_eq!(store.versions(id(1)).unwrap().len(), 4);
    }
    use Put::*;
    assert_eq!(puts[&3], [Added, Changed, Kept, Kept]);
}

#[test]
fn converted_records_keep_both_shapes_and_what_was_odd() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("page.html", None, 0).unwrap();
    let (mut raw, mut converted) = record(5, "2024-01-01", "a page");
    (raw.format, raw.bytes) = (Format::PageIgnite, b"<html>\xff".to_vec());
    converted.page = Some(json!({"flags": [true], "offsets": {"a.b": [1, 2]}}));
    let place = Place { file: "page.html".into(), byte: Some(12), ..Place::default() };
    converted.issues = vec![Issue::new(IssueKind::SourceFault, "half a sentence", place)];
    writer.put(source, &raw, &converted).unwrap();
    writer.commit().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.version_bytes(1).unwrap().unwrap(), raw.bytes);
    let canonical: serde_json::Value = serde_json::from_slice(&store.study(id(5)).unwrap().unwrap()).unwrap();
    assert_eq!(canonical, converted.study);
    assert_eq!(store.version_study(1).unwrap().unwrap()[..], store.study(id(5)).unwrap().unwrap()[..]);
    assert_eq!(store.page(1).unwrap(), converted.page);
    assert_eq!(store.issues(1).unwrap(), converted.issues);
    assert_eq!(store.issues(2).unwrap(), []);
    assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
}

#[test]
fn a_v2_record_in_a_wrong_encoding_speaks_in_utf8() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("x", None, 0).unwrap();
    let (mut raw, converted) = record(1, "2024-01-01", "t");
    raw.bytes.push(0xe9);
    writer.put(source, &raw, &converted).unwrap();
    writer.commit().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert!(std::str::from_utf8(&store.study(id(1)).unwrap().unwrap()).is_ok());
    assert_eq!(store.version_bytes(1).unwrap().unwrap(), raw.bytes);
}

#[test]
fn aliases_follow_the_speaking_version() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("x", None, 0).unwrap();
    let with = |date: &str, aliases: &[&str]| {
        let (mut raw, mut converted) = record(9, date, "t");
        converted.study["protocolSection"]["identificationModule"]["nctIdAliases"] = json!(aliases);
        raw.bytes = converted.study.to_string().into_bytes();
        (raw, converted)
    };
    let (raw, converted) = with("2024-01-01", &["NCT00000003", "nct4", "junk", "NCT00000009"]);
    writer.put(source, &raw, &converted).unwrap();
    writer.commit().unwrap();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.alias(id(3)).unwrap(), Some(id(9)));
    assert_eq!(store.alias(id(4)).unwrap(), Some(id(9)));
    assert_eq!(store.alias(id(9)).unwrap(), None);
    let (raw, converted) = with("2025-01-01", &["NCT00000004"]);
    writer.put(source, &raw, &converted).unwrap();
    writer.commit().unwrap();
    assert_eq!(store.alias(id(3)).unwrap(), None);
    assert_eq!(store.alias(id(4)).unwrap(), Some(id(9)));
}

#[test]
fn changes_are_listed_by_sequence() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("x", None, 0).unwrap();
    let mut put = |n, date, title| {
        let (raw, converted) = record(n, date, title);
        writer.put(source, &raw, &converted).unwrap();
        writer.commit().unwrap()
    };
    put(30, "2024-01-01", "a");
    let middle = put(10, "2024-01-01", "b");
    put(20, "2024-01-01", "c");
    put(30, "2025-01-01", "d");
    put(10, "2023-01-01", "kept behind");
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.changed_since(middle).unwrap(), [(3, id(20)), (4, id(30))]);
    assert_eq!(store.changed_since(store.last_sequence().unwrap()).unwrap(), []);
    assert_eq!(store.last_sequence().unwrap(), 5);
    assert_eq!(store.ids().unwrap(), [id(10), id(20), id(30)]);
    assert_eq!(store.len().unwrap(), 3);
    assert_eq!(store.data_timestamp().unwrap().unwrap(), "2025-01-01T00:00:00");
    let scanned: Vec<_> = store.scan(2).map(Result::unwrap).collect();
    assert_eq!(scanned.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    for sealed in scanned.iter().flatten() {
        let bytes = sealed.open().unwrap();
        assert_eq!(bytes[..], store.study(sealed.id()).unwrap().unwrap()[..]);
        assert_eq!(sealed.length(), bytes.len());
    }
}

#[test]
fn sources_are_known_once_finished_and_meta_is_kept() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    assert_eq!(writer.source_done(&[1; 32]).unwrap(), None);
    let source = writer.begin_source("a.zip", Some([1; 32]), 5).unwrap();
    assert_eq!(writer.source_done(&[1; 32]).unwrap(), None, "not finished");
    let mut counts = Counts::default();
    counts.count(Put::Added);
    counts.issue(IssueKind::BadValue);
    writer.finish_source(source, &counts).unwrap();
    writer.begin_source("b.zip", None, 6).unwrap();
    writer.meta_set("k", "v").unwrap();
    writer.meta_set("k", "w").unwrap();
    writer.commit().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let done = store.source_done(&[1; 32]).unwrap().unwrap();
    assert_eq!((done.source.name.as_str(), done.counts), ("a.zip", Some(counts)));
    assert_eq!(store.source_done(&[2; 32]).unwrap(), None);
    let sources = store.sources().unwrap();
    assert_eq!(sources.len(), 2);
    assert_eq!(sources[1].counts, None);
    assert_eq!(store.meta_get("k").unwrap().unwrap(), "w");
    assert_eq!(store.meta_get("none").unwrap(), None);
}

#[test]
fn what_was_not_committed_is_undone() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("x", None, 0).unwrap();
    let put = |writer: &mut Writer, n| {
        let (raw, converted) = record(n, "2024-01-01", "t");
        writer.put(source, &raw, &converted).unwrap()
    };
    put(&mut writer, 1);
    assert_eq!(writer.commit().unwrap(), 1);
    put(&mut writer, 2);
    drop(writer);
    let mut writer = Writer::open(folder.path()).unwrap();
    assert_eq!(put(&mut writer, 2), Put::Added);
    assert_eq!(put(&mut writer, 1), Put::Unchanged);
    assert_eq!(writer.commit().unwrap(), 2);
    assert!(matches!(Writer::open(folder.path()), Err(Error::InUse { .. })));
}

#[test]
fn a_dictionary_is_trained_once_there_is_enough() {
    let folder = testkit::folder();
    let mut total = 0;
    for part in 0..3 {
        let mut writer = Writer::open(folder.path()).unwrap();
        let source = writer.begin_source("x", None, 0).unwrap();
        for n in part * 900..(part + 1) * 900 {
            let (raw, converted) = study(n + 1);
            total += raw.bytes.len();
            writer.put(source, &raw, &converted).unwrap();
        }
        writer.commit().unwrap();
    }
    let store = Store::open(folder.path()).unwrap();
    for n in 0..2700 {
        assert_eq!(store.study(id(n + 1)).unwrap().unwrap()[..], study(n + 1).0.bytes[..]);
    }
    assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
    drop(store);
    let size = std::fs::metadata(folder.path().join(store::FILE)).unwrap().len();
    assert!(size < total as u64, "{size} of {total}");
    let database = rusqlite::Connection::open(folder.path().join(store::FILE)).unwrap();
    let plain = "SELECT count(*) FROM body WHERE dictionary IS NULL";
    assert_eq!(database.query_row(plain, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
    let dictionaries = "SELECT count(*) FROM dictionary";
    assert_eq!(database.query_row(dictionaries, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn what_is_written_does_not_depend_on_when_it_was_prepared() {
    let bytes = |late: bool| {
        let folder = testkit::folder();
        let mut writer = Writer::open(folder.path()).unwrap();
        let source = writer.begin_source("x", None, 0).unwrap();
        let preparer = writer.preparer();
        let all: Vec<_> = (1..2300).map(study).collect();
        let prepared = |(raw, converted): &(_, _)| preparer.prepare(raw, converted);
        if late {
            all.iter()
                .for_each(|r| assert_eq!(writer.put_prepared(source, prepared(r)).unwrap(), Put::Added));
        } else {
            let before: Vec<_> = all.iter().map(prepared).collect();
            before.into_iter().for_each(|p| assert_eq!(writer.put_prepared(source, p).unwrap(), Put::Added));
        }
        writer.commit().unwrap();
        drop(writer);
        std::fs::read(folder.path().join(store::FILE)).unwrap()
    };
    assert!(bytes(true) == bytes(false));
}
