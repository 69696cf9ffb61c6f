//! Criteria that are kept: the same as those that are read, whatever happens to the file.
#![allow(clippy::unwrap_used)]

use std::{fs, ops::ControlFlow, path::Path};

use eligibility::read::Reader;
use ingest::{Format, Raw};
use matching::{
    eligible::Candidate,
    kept::{self, Error, Health, Kept, make},
};
use model::{Place, Study, StudyId};
use serde_json::{Value, json};
use store::{Store, Writer};

fn record(number: u32, criteria: &str) -> Value {
    json!({"protocolSection": {
        "identificationModule": {"nctId": StudyId::new(number.into()).unwrap().to_string(), "briefTitle": "A study"},
        "conditionsModule": {"conditions": ["Breast Cancer"]},
        "eligibilityModule": {"minimumAge": "18 Years", "sex": "FEMALE", "eligibilityCriteria": criteria},
    }})
}

fn text(number: u32) -> String {
    format!(
        "Inclusion Criteria:\n\n* HbA1c above {number}.5 %\n\nExclusion Criteria:\n\n* Stroke within 6 months"
    )
}

fn put(folder: &Path, records: &[Value]) {
    let mut writer = Writer::open(folder).unwrap();
    let source = writer.begin_source("test", None, 0).unwrap();
    for record in records {
        let bytes = serde_json::to_vec(record).unwrap();
        let raw = Raw { format: Format::V2, bytes, place: Place::default() };
        let converted = ingest::convert(&raw).unwrap();
        writer.put(source, &raw, &converted).unwrap();
    }
    writer.commit().unwrap();
}

/// A folder with studies 1 to 5.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let records: Vec<Value> = (1..6).map(|number| record(number, &text(number))).collect();
    put(folder.path(), &records);
    folder
}

fn made(folder: &Path) -> Kept {
    make(folder, &Store::open(folder).unwrap(), 2, &mut |_, _| ()).unwrap()
}

/// What is kept is what would be read now.
#[track_caller]
fn right(folder: &Path, kept: &Kept) {
    let store = Store::open(folder).unwrap();
    let ids = store.ids().unwrap();
    assert!(kept.is_complete() && kept.studies().map(|one| one.0).eq(ids.iter().copied()));
    for id in ids {
        let json = serde_json::from_slice(&store.study(id).unwrap().unwrap()).unwrap();
        let read = Candidate::of(&mut Reader::new(), &Study::new(json).unwrap());
        assert_eq!(format!("{:?}", kept.candidate(id).unwrap()), format!("{read:?}"), "{id}");
    }
}

fn file(folder: &Path) -> std::path::PathBuf {
    kept::folder(folder).join("READ")
}

#[test]
fn what_is_kept_is_what_is_read() {
    let folder = folder();
    let mut told = Vec::new();
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::None);
    let kept = make(folder.path(), &store, 2, &mut |done, total| told.push((done, total))).unwrap();
    assert_eq!(told, [(5, 5)]);
    right(folder.path(), &kept);
    assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::Whole { studies: 5, behind: 0 });
    kept::forget(folder.path()).unwrap();
    assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::None);
}

#[test]
fn the_same_on_one_thread_and_on_two() {
    let (one, two) = (folder(), folder());
    make(one.path(), &Store::open(one.path()).unwrap(), 1, &mut |_, _| ()).unwrap();
    made(two.path());
    assert_eq!(fs::read(file(one.path())).unwrap(), fs::read(file(two.path())).unwrap());
}

#[test]
fn a_study_that_changed_is_read_again() {
    let folder = folder();
    made(folder.path());
    put(folder.path(), &[record(2, "Inclusion Criteria:\n\n* Gout"), record(9, &text(9))]);
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::Whole { studies: 4, behind: 2 });
    // Until then what changed is not there, and nothing old is told of it.
    let before = Kept::open(folder.path(), &store).unwrap().unwrap();
    assert!(!before.is_complete() && before.candidate(StudyId::new(2).unwrap()).is_none());
    right(folder.path(), &made(folder.path()));
}

#[test]
fn another_store_in_the_same_folder_is_noticed() {
    let folder = folder();
    made(folder.path());
    let other = tempfile::tempdir().unwrap();
    let records: Vec<Value> = (1..6).map(|number| record(number, &text(number + 10))).collect();
    put(other.path(), &records);
    fs::create_dir(kept::folder(other.path())).unwrap();
    fs::copy(file(folder.path()), file(other.path())).unwrap();
    right(other.path(), &made(other.path()));
}

#[test]
fn a_damaged_or_cut_file_is_made_anew() {
    let folder = folder();
    made(folder.path());
    let whole = fs::read(file(folder.path())).unwrap();
    let store = Store::open(folder.path()).unwrap();
    for cut in [0, 5, whole.len() / 2, whole.len() - 1] {
        fs::write(file(folder.path()), &whole[..cut]).unwrap();
        assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::Unusable, "{cut}");
        right(folder.path(), &made(folder.path()));
    }
    // Another reader's: its stamp stands before the count, the checksum and the mark.
    let mut other = whole;
    let stamp = other.len() - 28;
    other[stamp] ^= 1;
    fs::write(file(folder.path()), &other).unwrap();
    assert!(Kept::open(folder.path(), &store).unwrap().is_none());
    right(folder.path(), &made(folder.path()));
}

#[test]
fn a_damaged_study_is_told_and_read_again() {
    let folder = folder();
    made(folder.path());
    let mut damaged = fs::read(file(folder.path())).unwrap();
    damaged[40] ^= 0x55;
    fs::write(file(folder.path()), &damaged).unwrap();
    let store = Store::open(folder.path()).unwrap();
    let first = StudyId::new(1).unwrap();
    assert_eq!(kept::check(folder.path(), &store).unwrap(), Health::Damaged(vec![first]));
    let kept = Kept::open(folder.path(), &store).unwrap().unwrap();
    assert!(kept.candidate(first).is_none() && kept.is_damaged());
    // It is the store's version, so only a new import or this makes it again.
    kept::forget(folder.path()).unwrap();
    right(folder.path(), &made(folder.path()));
}

#[test]
fn several_at_once_make_it_once() {
    let folder = folder();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| made(folder.path()))).collect();
        all.into_iter().for_each(|one| right(folder.path(), &one.join().unwrap()));
    });
}

#[cfg(unix)]
#[test]
fn where_nothing_can_be_written_it_says_so() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    // A file where the folder should be refuses even those who may write everywhere.
    fs::write(kept::folder(folder.path()), "").unwrap();
    fs::set_permissions(kept::folder(folder.path()), fs::Permissions::from_mode(0o400)).unwrap();
    let store = Store::open(folder.path()).unwrap();
    let failed = make(folder.path(), &store, 2, &mut |_, _| ()).unwrap_err();
    assert!(matches!(failed, Error::Io { .. }), "{failed}");
}

#[test]
fn real_studies_are_kept_as_they_are_read() {
    let Some(path) = testkit::shared("data/registry") else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::open(folder.path()).unwrap();
    let source = writer.begin_source("real", None, 0).unwrap();
    let mut left = 300;
    let mut files: Vec<_> = fs::read_dir(path).unwrap().flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.into_iter().filter(|file| file.is_file()) {
        let _ = ingest::read(&file, ingest::Limits::default(), &mut |found| {
            if let ingest::Found::Record(raw) = found
                && let Ok(converted) = ingest::convert(&raw)
            {
                writer.put(source, &raw, &converted).unwrap();
                left -= 1;
            }
            if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
    writer.commit().unwrap();
    drop(writer);
    right(folder.path(), &made(folder.path()));
}
