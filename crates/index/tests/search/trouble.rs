//! An index that is missing, foreign, damaged or of another version is refused with a reason, never with a panic.

use std::{fs, path::Path};

use index::{Analyst, Budget, Error, Index, Options, Writer};
use query::{Request, Search};

use crate::corpus::{DEMO, Studies, term};

/// A small index in a folder of its own.
fn made() -> (tempfile::TempDir, Studies) {
    let folder = testkit::folder();
    let few: Studies = Studies(DEMO.records.0.iter().take(6).map(|(id, json)| (*id, json.clone())).collect());
    let mut writer = Writer::open(folder.path(), Budget { bytes: 30 << 20, threads: 1 }).unwrap();
    let mut analyst = Analyst::new();
    for (id, json) in &few.0 {
        writer.put(analyst.study(*id, json), true).unwrap();
    }
    writer.commit(41).unwrap();
    writer.finish().unwrap();
    (folder, few)
}

fn is_stale(folder: &Path) -> bool {
    matches!(Index::open(folder), Err(Error::Stale { .. }))
}

#[test]
fn a_whole_index_opens() {
    let (folder, few) = made();
    let index = Index::open(folder.path()).unwrap();
    assert_eq!((index.snapshot().len(), index.sequence().unwrap()), (few.0.len(), Some(41)));
    assert!(index.damaged().unwrap().is_empty());
}

#[test]
fn a_folder_without_an_index_is_stale() {
    let folder = testkit::folder();
    assert!(is_stale(folder.path()));
    assert!(is_stale(&folder.path().join("nowhere")));
}

#[test]
fn another_version_is_stale() {
    let (folder, _) = made();
    let stamp = folder.path().join("LAYOUT");
    let text = fs::read_to_string(&stamp).unwrap();
    fs::write(&stamp, text.replace("trialist-index-", "trialist-index-9")).unwrap();
    assert!(is_stale(folder.path()));
    fs::remove_file(&stamp).unwrap();
    assert!(is_stale(folder.path()), "an index that is not ours");
    assert!(matches!(Writer::open(folder.path(), Budget::default()), Err(Error::Stale { .. })));
}

#[test]
fn a_stamp_that_is_no_text_is_an_error() {
    let (folder, _) = made();
    fs::write(folder.path().join("LAYOUT"), [0xFF, 0xFE, 0x00]).unwrap();
    assert!(Index::open(folder.path()).is_err());
}

/// Each file of the index is cut, emptied, flipped and removed in turn. Opening and searching either fails with a
/// reason or works; a flipped byte is named by the check.
#[test]
fn damage_never_panics() {
    let (folder, few) = made();
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    let search = term("diabetes OR AREA[StartDate]RANGE[2010, MAX]");
    for name in names.iter().filter(|n| !n.to_string_lossy().ends_with(".lock")) {
        let path = folder.path().join(name);
        let whole = fs::read(&path).unwrap();
        for (how, bytes) in damages(&whole) {
            match bytes {
                Some(bytes) => fs::write(&path, bytes).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            let tried = std::panic::catch_unwind(|| tried(folder.path(), &search, &few));
            assert!(tried.is_ok(), "{} {how}: a panic", name.to_string_lossy());
        }
        fs::write(&path, whole).unwrap();
    }
    assert_eq!(Index::open(folder.path()).unwrap().snapshot().len(), few.0.len());
}

/// Whole bytes, damaged in the ways that disks and interrupted copies damage them.
fn damages(whole: &[u8]) -> Vec<(&'static str, Option<Vec<u8>>)> {
    let half = whole[..whole.len() / 2].to_vec();
    vec![
        ("removed", None),
        ("emptied", Some(Vec::new())),
        ("cut", Some(half)),
        ("foreign", Some(b"no index".to_vec())),
    ]
}

/// Opens the index as the registry does: checked first, searched if it is whole.
fn tried(folder: &Path, search: &Search, few: &Studies) -> Result<usize, Error> {
    let index = Index::open(folder)?;
    if !index.damaged()?.is_empty() {
        return Ok(0);
    }
    let options = Options { limit: 10, facets: true, explain: true, ..Options::default() };
    Ok(index.snapshot().search(search, &options, few)?.total)
}

#[test]
fn a_flipped_byte_is_found() {
    let (folder, _) = made();
    let mut checked = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let ours = path.extension().is_some_and(|e| e == "idx" || e == "pos" || e == "term");
        let whole = fs::read(&path).unwrap();
        if ours && whole.len() > 64 {
            let mut flipped = whole.clone();
            flipped[whole.len() / 4] ^= 0x10;
            fs::write(&path, flipped).unwrap();
            let damaged = Index::open(folder.path()).and_then(|index| index.damaged());
            assert!(damaged.is_err() || damaged.is_ok_and(|d| !d.is_empty()), "{}", path.display());
            fs::write(&path, whole).unwrap();
            checked += 1;
        }
    }
    assert!(checked >= 3, "only {checked} files were damaged");
}

#[test]
fn an_empty_index_answers() {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path(), Budget { bytes: 30 << 20, threads: 1 }).unwrap();
    writer.commit(0).unwrap();
    writer.finish().unwrap();
    let snapshot = Index::open(folder.path()).unwrap().snapshot();
    let options = Options { limit: 10, facets: true, explain: true, ..Options::default() };
    let all = Request::default().resolve().unwrap();
    for search in [all, term("cancer"), term("AREA[NumLocationContacts]0")] {
        assert_eq!(snapshot.search(&search, &options, &Studies::default()).unwrap().total, 0);
    }
    assert!(snapshot.related("NCT00000001".parse().unwrap(), 5).unwrap().is_empty());
}
