//! Folders that are not what they should be: each error says what happened and what to do.
#![allow(clippy::unwrap_used)]

mod made;

use std::{fs, path::Path};

use made::{id, record, study};
use rusqlite::Connection;
use store::{Error, FILE, Problem, Store, Writer};

/// A store of a few hundred studies.
fn filled(folder: &Path, studies: u32) {
    let mut writer = Writer::open(folder).unwrap();
    let source = writer.begin_source("made up", None, 0).unwrap();
    for number in 1..=studies {
        let (raw, converted) = study(number);
        writer.put(source, &raw, &converted).unwrap();
    }
    writer.commit().unwrap();
}

/// Changes a store behind its back.
fn tamper(folder: &Path, sql: &str) {
    let database = Connection::open(folder.join(FILE)).unwrap();
    database.execute_batch(sql).unwrap();
}

fn open_errors(folder: &Path) -> [Error; 2] {
    [Store::open(folder).err().unwrap(), Writer::open(folder).err().unwrap()]
}

fn check(folder: &Path) -> Vec<Problem> {
    Store::open(folder).unwrap().check(&mut |_, _| ()).unwrap()
}

#[test]
fn an_empty_folder_becomes_an_empty_store() {
    let folder = testkit::folder();
    let deep = folder.path().join("a/b");
    let store = Store::open(&deep).unwrap();
    assert!(store.is_empty().unwrap());
    assert_eq!(store.len().unwrap(), 0);
    assert_eq!(store.data_timestamp().unwrap(), None);
    assert_eq!(store.scan(10).count(), 0);
    assert_eq!(store.last_sequence().unwrap(), 0);
}

#[test]
fn a_newer_store_is_left_alone() {
    let folder = testkit::folder();
    filled(folder.path(), 1);
    tamper(folder.path(), "PRAGMA user_version = 99");
    for error in open_errors(folder.path()) {
        assert!(matches!(error, Error::Newer { found: 99, .. }), "{error}");
        assert!(error.to_string().contains("--data"));
    }
}

#[test]
fn a_file_of_another_kind_is_left_alone() {
    let folder = testkit::folder();
    let path = folder.path().join(FILE);
    let text = "not a database, but long enough to be taken for one at first. ".repeat(100);
    fs::write(&path, &text).unwrap();
    for error in open_errors(folder.path()) {
        assert!(matches!(error, Error::NotOurs { .. }), "{error}");
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    fs::remove_file(&path).unwrap();
    tamper(folder.path(), "CREATE TABLE someone_elses (x)");
    for error in open_errors(folder.path()) {
        assert!(matches!(error, Error::NotOurs { .. }), "{error}");
    }
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    let folder = testkit::folder();
    let path = folder.path().join("file");
    fs::write(&path, "x").unwrap();
    for error in open_errors(&path) {
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
    }
}

#[test]
fn a_second_writer_is_told_so_while_readers_go_on() {
    let folder = testkit::folder();
    filled(folder.path(), 1);
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("x", None, 0).unwrap();
    let (raw, converted) = record(7, "2024-01-01", "t");
    writer.put(source, &raw, &converted).unwrap();
    let error = Writer::open(folder.path()).err().unwrap();
    assert!(matches!(error, Error::InUse { .. }));
    assert!(error.to_string().contains(folder.path().to_str().unwrap()));
    let store = Store::open(folder.path()).unwrap();
    assert!(store.study(id(1)).unwrap().is_some());
    assert!(store.study(id(7)).unwrap().is_none());
    writer.commit().unwrap();
    assert!(store.study(id(7)).unwrap().is_some());
    drop(writer);
    Writer::open(folder.path()).unwrap();
}

#[test]
fn many_threads_share_a_store() {
    let folder = testkit::folder();
    filled(folder.path(), 2100);
    let store = Store::open(folder.path()).unwrap();
    std::thread::scope(|scope| {
        for start in 0..24 {
            let store = &store;
            scope.spawn(move || {
                for number in (1 + start..=2100).step_by(24) {
                    assert_eq!(store.study(id(number)).unwrap().unwrap()[..], study(number).0.bytes[..]);
                }
            });
        }
    });
}

#[test]
fn a_folder_without_permission_can_still_be_read() {
    let folder = testkit::folder();
    filled(folder.path(), 3);
    for name in ["store.sqlite-wal", "store.sqlite-shm"] {
        let _ = fs::remove_file(folder.path().join(name));
    }
    let mut permissions = fs::metadata(folder.path()).unwrap().permissions();
    let before = permissions.clone();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path(), permissions).unwrap();
    if fs::write(folder.path().join("probe"), "").is_err() {
        let error = Writer::open(folder.path()).err().unwrap();
        assert!(matches!(error, Error::InUse { .. } | Error::Denied { .. }), "{error}");
    }
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.study(id(2)).unwrap().unwrap()[..], study(2).0.bytes[..]);
    drop(store);
    fs::set_permissions(folder.path(), before).unwrap();
}

#[test]
fn doctor_finds_what_was_changed() {
    let cases = [
        ("UPDATE version SET sha256 = zeroblob(32) WHERE sequence = 7", "version 7 of NCT00000007"),
        ("DELETE FROM body WHERE key = 9 * 4", "version 9 of NCT00000009: its bytes are absent"),
        ("UPDATE body SET bytes = x'00' WHERE key = 44", "version 11 does not decompress"),
        ("DELETE FROM dictionary", "dictionary 1 is absent"),
        ("UPDATE study SET speaks = 5000 WHERE id = 3", "version 5000, which should speak for it, is absent"),
        ("UPDATE study SET length = 1 WHERE id = 4", "another length"),
        ("DELETE FROM source", "source 1, which versions name, is absent"),
        ("DELETE FROM study WHERE id = 5", "none speaks for it"),
    ];
    let whole = testkit::folder();
    filled(whole.path(), 2005);
    assert_eq!(check(whole.path()), []);
    for (sql, expected) in cases {
        let folder = testkit::folder();
        fs::copy(whole.path().join(FILE), folder.path().join(FILE)).unwrap();
        tamper(folder.path(), sql);
        let found: Vec<String> = check(folder.path()).iter().map(Problem::to_string).collect();
        assert!(found.iter().any(|problem| problem.contains(expected)), "{sql}: {found:?}");
    }
}

#[test]
fn bytes_overwritten_anywhere_are_noticed_and_nothing_panics() {
    let folder = testkit::folder();
    filled(folder.path(), 300);
    let path = folder.path().join(FILE);
    let whole = fs::read(&path).unwrap();
    let mut noticings = 0;
    for step in 1..12 {
        let mut broken = whole.clone();
        let at = whole.len() / 12 * step;
        let end = (at + 3000).min(broken.len());
        broken[at..end].fill(0x5a);
        fs::write(&path, &broken).unwrap();
        match Store::open(folder.path()) {
            Ok(store) => {
                let same =
                    |n| matches!(store.study(id(n)), Ok(Some(bytes)) if bytes[..] == study(n).0.bytes[..]);
                let all_same = (1..=300).filter(|n| same(*n)).count() == 300;
                drop((store.ids(), store.versions(id(1)), store.sources(), store.sizes()));
                drop(store.scan(64).collect::<Vec<_>>());
                let noticed = store.check(&mut |_, _| ()).map_or(true, |found| !found.is_empty());
                assert!(noticed || all_same, "at {at}: only room that is not in use may change unnoticed");
                noticings += usize::from(noticed);
            }
            Err(error) => assert!(matches!(error, Error::Damaged { .. } | Error::NotOurs { .. }), "{error}"),
        }
    }
    assert!(noticings > 3, "{noticings}");
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let cut = Store::open(folder.path()).and_then(|store| store.check(&mut |_, _| ()));
    assert!(cut.map_or(true, |found| !found.is_empty()));
}
