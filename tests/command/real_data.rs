//! Every file of real data beside the project: no record is lost, every id is found, every kind of issue is listed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    ops::ControlFlow,
    path::Path,
};

use ingest::{Format, Found, Limits, Raw};
use model::{IssueKind, StudyId};
use serde_json::Value;

use crate::support::Place;

/// The id of a record, found in its bytes without the conversion; pages have no fixed place for it.
fn id(raw: &Raw) -> StudyId {
    let text = String::from_utf8_lossy(&raw.bytes);
    let behind = match raw.format {
        Format::V2 => "\"nctId\"",
        Format::V1Full | Format::V1Fields => "\"NCTId\"",
        Format::LegacyXml => "<nct_id>",
        _ => return ingest::convert(raw).unwrap().id,
    };
    let at = text.find(behind).unwrap() + behind.len();
    let at = at + text[at..].find("NCT").unwrap();
    text[at..at + 11].parse().unwrap()
}

/// All records below a folder, by format, and their ids.
fn scan(folder: &Path, counts: &mut BTreeMap<String, usize>, ids: &mut BTreeSet<StudyId>) {
    for entry in fs::read_dir(folder).unwrap() {
        let flow = ingest::read(&entry.unwrap().path(), Limits::default(), &mut |found| {
            if let Found::Record(raw) = found {
                ids.insert(id(&raw));
                *counts.entry(format!("{:?}", raw.format)).or_default() += 1;
            }
            ControlFlow::Continue(())
        });
        assert!(flow.is_continue());
    }
}

#[test]
fn every_record_arrives_and_every_issue_is_listed() {
    let Some(registry) = testkit::shared("data/registry") else { return };
    let Some(seeds) = testkit::shared("seeds") else { return };
    let (mut counts, mut ids) = (BTreeMap::new(), BTreeSet::new());
    scan(&registry, &mut counts, &mut ids);
    scan(&seeds, &mut counts, &mut ids);
    let of = |names: &[&str]| names.iter().filter_map(|n| counts.get(*n)).sum::<usize>();
    assert_eq!(of(&["LegacyXml"]), 7_320);
    assert_eq!(of(&["V1Full"]), 1_707);
    assert_eq!(of(&["V1Fields"]), 1_319);
    assert_eq!(of(&["V2"]), 9);
    assert_eq!(of(&["PageVeeva", "PageMedPath", "PageInclinical", "PageIgnite"]), 5);

    let place = Place::new();
    let list = place.file("issues.jsonl", "");
    let paths = [&registry, &seeds, &list].map(|p| p.to_str().unwrap());
    let ran = place.run(["import", paths[0], paths[1], "--issues", paths[2]]).ends(0);
    assert!(ran.out.contains("10,360 records of"), "{}", ran.out);
    check_ids(&place, &ids);
    check_issues(&ran.out, &list);
    assert!(place.run(["doctor"]).ends(0).out.contains("all is well"));
    let again = place.run(["import", paths[0], paths[1]]).ends(0);
    assert!(again.out.starts_with("nothing changed"), "{}", again.out);
}

fn check_ids(place: &Place, ids: &BTreeSet<StudyId>) {
    assert_eq!(place.count(&[]), ids.len());
    let all = place.run(["search", "--limit", "0", "--format", "jsonl", "--fields", "NCTId"]).ends(0);
    let found: BTreeSet<StudyId> =
        all.lines().iter().map(|l| l["nctId"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(&found, ids);
}

/// The summary counts what the list has, kind by kind.
fn check_issues(summary: &str, list: &Path) {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for line in fs::read_to_string(list).unwrap().lines() {
        let issue: Value = serde_json::from_str(line).unwrap();
        let kind: IssueKind = serde_json::from_value(issue["kind"].clone()).unwrap();
        *kinds.entry(kind.to_string()).or_default() += 1;
    }
    assert!(kinds.contains_key("known fault of the source"), "{kinds:?}");
    for (kind, count) in kinds {
        let told = summary.lines().any(|line| {
            let (number, name) = line.trim().split_once("  ").unwrap_or_default();
            number.replace(',', "") == count.to_string() && name == kind
        });
        assert!(told, "{count} {kind} in: {summary}");
    }
}
