//! Files go in, studies come out; twice is once; the index is repaired.
#![allow(clippy::unwrap_used)]

use std::{ops::ControlFlow, path::Path};

use index::Options;
use ingest::Limits;
use query::Request;
use registry::{Event, Import, Registry, Repair, Summary, import, repair};

fn demo() -> std::path::PathBuf {
    testkit::root().join("demo/studies.ndjson")
}

fn take_in(folder: &Path, paths: &[&Path]) -> Summary {
    let paths = paths.iter().map(|p| p.to_path_buf()).collect();
    let what = Import {
        paths,
        source: None,
        received: 1_790_000_000,
        strict: false,
        workers: 2,
        limits: Limits::default(),
    };
    import(folder, &what, &mut |_: Event<'_>| ControlFlow::Continue(())).unwrap()
}

fn count(registry: &Registry, term: &str) -> usize {
    let request = Request { term: Some(term.to_owned()), ..Request::default() };
    registry.search(&request, &Options::default()).unwrap().total
}

#[test]
fn the_demo_goes_in_once() {
    let folder = testkit::folder();
    let first = take_in(folder.path(), &[&demo()]);
    let records = first.counts.added;
    assert!(records >= 60 && first.lost == 0, "{first:?}");
    let again = take_in(folder.path(), &[&demo()]);
    assert_eq!((again.counts.added, again.counts.changed, again.known_files), (0, 0, 1));
    let registry = Registry::open(folder.path()).unwrap();
    assert_eq!(registry.len() as u64, records);
    assert!(count(&registry, "diabetes") > 1);
    assert_eq!(count(&registry, "NCT05507697"), 1);
    let id = "NCT05507697".parse().unwrap();
    assert!(registry.study(id).unwrap().is_some() && !registry.related(id, 5).unwrap().is_empty());
}

#[test]
fn a_lost_index_is_derived_again() {
    let folder = testkit::folder();
    let records = take_in(folder.path(), &[&demo()]).counts.added;
    std::fs::remove_dir_all(registry::index_folder(folder.path())).unwrap();
    assert_eq!(repair(folder.path(), &mut |_, _| ()).unwrap(), Repair::Rebuilt(records));
    assert_eq!(repair(folder.path(), &mut |_, _| ()).unwrap(), Repair::Nothing);
    assert_eq!(Registry::open(folder.path()).unwrap().len() as u64, records);
}

#[test]
fn an_index_behind_the_store_catches_up() {
    let folder = testkit::folder();
    let text = std::fs::read_to_string(demo()).unwrap();
    let half: String = text.lines().take(30).map(|l| format!("{l}\n")).collect();
    let path = folder.path().join("half.ndjson");
    std::fs::write(&path, half).unwrap();
    take_in(folder.path(), &[&path]);
    // The store takes the rest without the index hearing of it, as after a kill between the two commits.
    let mut writer = store::Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("rest", None, 0).unwrap();
    let mut put = 0;
    let _ = ingest::read(&demo(), Limits::default(), &mut |found| {
        if let ingest::Found::Record(raw) = found {
            let converted = ingest::convert(&raw).unwrap();
            put += u64::from(writer.put(source, &raw, &converted).unwrap() == store::Put::Added);
        }
        ControlFlow::Continue(())
    });
    writer.commit().unwrap();
    drop(writer);
    assert_eq!(repair(folder.path(), &mut |_, _| ()).unwrap(), Repair::CaughtUp(put));
    let registry = Registry::open(folder.path()).unwrap();
    assert_eq!(registry.len() as u64, 30 + put);
}
