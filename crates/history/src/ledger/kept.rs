//! The ledger in the data folder, so that the next start reads only the versions that came since.
//!
//! `history/CHANGES` is derived from the store, like the index: one zstd stream with a checksum, in it the stamp of what
//! compares versions, and a line of JSON for each study. A file that is damaged, cut or of another stamp counts as
//! none.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{PartialDate, StudyId};
use serde::{Deserialize, Serialize};

use super::{Entry, Event, Ledger};
use crate::Noted;

/// The folder of what is derived from versions, within the data folder.
pub fn folder(data: &Path) -> PathBuf {
    data.join("history")
}

const NAME: &str = "CHANGES";

/// How hard the file is compressed: the usual level of zstd.
const LEVEL: i32 = 3;

/// Names whatever the ledger depends on besides the versions.
fn stamp() -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    for source in [
        &include_bytes!("../kind.rs")[..],
        include_bytes!("../fields.rs"),
        include_bytes!("../timeline.rs"),
        include_bytes!("../ledger.rs"),
        include_bytes!("kept.rs"),
    ] {
        hash.update(source);
    }
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A study.
#[derive(Serialize, Deserialize)]
struct Line {
    id: StudyId,
    read: (i64, i64),
    title: String,
    steps: Vec<Row>,
    overall: Vec<Row>,
}

/// A change: both versions, kind, before and after.
#[derive(Serialize, Deserialize)]
struct Row(Side, Side, String, String, String);

type Side = (usize, Option<PartialDate>);

impl Ledger {
    /// What is kept in a data folder; empty where nothing can be used.
    pub fn open(data: &Path) -> Self {
        read(&folder(data).join(NAME)).unwrap_or_default()
    }

    /// Keeps it in a data folder, in place of what was kept there.
    pub fn keep(&self, data: &Path) -> io::Result<()> {
        let folder = folder(data);
        std::fs::create_dir_all(&folder)?;
        // Two programs may keep theirs at once: each has a file of its own until it is whole.
        let fresh = folder.join(format!("{NAME}.{}", std::process::id()));
        let written = self.write(&fresh).and_then(|()| std::fs::rename(&fresh, folder.join(NAME)));
        if written.is_err() {
            let _ = std::fs::remove_file(&fresh);
        }
        written
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut out = zstd::Encoder::new(File::create(path)?, LEVEL)?;
        out.include_checksum(true)?;
        writeln!(out, "{}", stamp())?;
        for (id, entry) in &self.studies {
            serde_json::to_writer(&mut out, &Line::of(*id, entry))?;
            out.write_all(b"\n")?;
        }
        out.finish()?.sync_all()
    }
}

fn read(path: &Path) -> Option<Ledger> {
    let mut lines = BufReader::new(zstd::Decoder::new(File::open(path).ok()?).ok()?).lines();
    if lines.next()?.ok()? != stamp() {
        return None;
    }
    let entry = |line: io::Result<String>| serde_json::from_str::<Line>(&line.ok()?).ok()?.entry();
    Some(Ledger { studies: lines.map(entry).collect::<Option<_>>()?, sequence: None })
}

impl Line {
    fn of(id: StudyId, entry: &Entry) -> Self {
        let row = |event: &Event| {
            let Noted { kind, before, after } = &event.noted;
            Row(event.old, event.new, kind.as_str().to_owned(), before.clone(), after.clone())
        };
        let rows = |events: &[Event]| events.iter().map(row).collect();
        let title = entry.steps.iter().chain(&*entry.overall).next();
        Self {
            id,
            read: entry.read,
            title: title.map_or_else(String::new, |event| event.title.clone()),
            steps: rows(&entry.steps),
            overall: rows(&entry.overall),
        }
    }

    /// `None` for a kind that is not known.
    fn entry(self) -> Option<(StudyId, Entry)> {
        let Self { id, read, title, steps, overall } = self;
        let event = |Row(old, new, kind, before, after): Row| {
            let noted = Noted { kind: kind.parse().ok()?, before, after };
            Some(Event { id, title: title.clone(), old, new, noted })
        };
        let events = |rows: Vec<Row>| rows.into_iter().map(event).collect::<Option<Arc<[Event]>>>();
        Some((id, Entry { read, steps: events(steps)?, overall: events(overall)? }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, ledger::Wanted};

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        for number in [7, 9] {
            let id: StudyId = format!("NCT9000000{number}").parse().unwrap();
            let noted =
                Noted { kind: Kind::StatusStopped, before: "Recruiting".into(), after: "Ärger \n\"".into() };
            let (old, new) = ((1, None), (2, "2024-05".parse().ok()));
            let steps: Arc<[Event]> = [Event { id, title: "A title".into(), old, new, noted }].into();
            ledger.studies.insert(id, Entry { read: (number, -3), overall: steps.clone(), steps });
        }
        let quiet = Entry { read: (1, 2), steps: [].into(), overall: [].into() };
        ledger.studies.insert("NCT90000001".parse().unwrap(), quiet);
        ledger
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = testkit::folder();
        assert_eq!(Ledger::open(folder.path()).studies(), 0);
        ledger().keep(folder.path()).unwrap();
        ledger().keep(folder.path()).unwrap();
        let back = Ledger::open(folder.path());
        assert_eq!(back.studies, ledger().studies);
        assert_eq!(back.events(&Wanted::default()), ledger().events(&Wanted::default()));
        assert_eq!(
            std::fs::read_dir(super::folder(folder.path())).unwrap().count(),
            1,
            "nothing is left over"
        );
    }

    #[test]
    fn what_is_damaged_counts_as_nothing() {
        let folder = testkit::folder();
        ledger().keep(folder.path()).unwrap();
        let path = super::folder(folder.path()).join(NAME);
        let whole = std::fs::read(&path).unwrap();
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0x10;
            for damaged in [&changed[..], &whole[..at]] {
                std::fs::write(&path, damaged).unwrap();
                let read = Ledger::open(folder.path());
                assert!(read.studies.is_empty() || read.studies == ledger().studies, "byte {at}");
            }
        }
    }
}
