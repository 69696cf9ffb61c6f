//! The whole way from XML to record, on examples of our own and on all real records.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Read,
};

use model::{IssueKind, PartialDate, Place, piece};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::convert;
use crate::{Converted, Format, Raw};

fn raw(bytes: &[u8]) -> Raw {
    let place = Place { file: "x.xml".into(), ..Place::default() };
    Raw { format: Format::LegacyXml, bytes: bytes.to_vec(), place }
}

/// Calls `each` with the name and the bytes of every record of the real archive.
fn each_real(mut each: impl FnMut(&str, &[u8])) {
    let Some(path) = testkit::shared("data/registry/ctgov-legacy-xml.zip") else { return };
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).unwrap();
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        each(&name, &bytes);
    }
}

#[test]
fn every_real_record_converts() {
    let (mut records, mut kinds, mut unread) = (0, BTreeMap::new(), BTreeMap::new());
    let mut spent = std::time::Duration::ZERO;
    let mut unknown = BTreeSet::new();
    let mut wrong = Vec::new();
    each_real(|name, bytes| {
        let raw = raw(bytes);
        let start = std::time::Instant::now();
        let converted = convert(&raw).unwrap_or_else(|e| panic!("{name}: {e}"));
        spent += start.elapsed();
        records += 1;
        unknown.extend(piece::unknown_keys(&converted.study));
        for issue in &converted.issues {
            *kinds.entry(issue.kind.to_string()).or_insert(0) += 1;
            let path = issue.place.path.clone().unwrap_or_default();
            *unread.entry((issue.kind, path)).or_insert(0) += 1;
        }
        let bad = converted.issues.iter().any(|i| i.kind == IssueKind::BadValue);
        piece::walk(&converted.study, &mut |leaf| {
            if !legal(leaf.piece.kind, leaf.value) && !bad {
                wrong.push(format!("{name} {} {}", leaf.piece.name, leaf.value));
            }
        });
    });
    println!("{records} records, {spent:?}, {kinds:?}\n{unread:#?}");
    assert_eq!(unknown, BTreeSet::new());
    assert_eq!(wrong, Vec::<String>::new());
}

fn legal(kind: piece::Kind, value: &Value) -> bool {
    use piece::Kind::*;
    match kind {
        Branch => value.is_object(),
        Text | Markup => value.as_str().is_some_and(|t| !t.trim().is_empty()),
        Enum(t) => value.as_str().is_some_and(|v| t.value(v).is_some()),
        Boolean => value.is_boolean(),
        Integer => value.is_i64() || value.is_u64(),
        Number => value.is_number(),
        Date => value.as_str().is_some_and(|d| d.parse::<PartialDate>().is_ok_and(|p| d == p.to_string())),
        Time => value.as_str().is_some_and(|t| t.parse::<model::Age>().is_ok()),
        GeoPoint => value.get("lat").is_some_and(Value::is_number),
    }
}
