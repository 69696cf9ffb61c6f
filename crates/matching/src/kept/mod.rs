//! The criteria of a whole registry, read once and kept in the data folder.
//!
//! Reading takes a quarter of a millisecond a study; taking up what was read takes a tenth of it. So what was read is
//! kept in `criteria/READ` beside the index, like which it is derived from the store and holds nothing of its own. Each
//! study stands there with the version it was read from: after an import only the studies are read again that changed.
//! A file that is damaged, or that another reader wrote, is made anew. [`Whole`] is all of it compiled.

mod file;
mod make;
mod whole;

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use eligibility::kept::{self, READER};
use model::StudyId;
use store::{Speaking, Store};

use crate::eligible::Candidate;
use file::{Entry, File};

pub use make::{Progress, make};
pub use whole::{Holding, Whole};

/// The criteria of a registry as they were when they were opened.
#[derive(Debug)]
pub struct Kept {
    file: File,
    complete: bool,
    damaged: AtomicBool,
}

/// Why criteria could not be read and kept.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A record in the store is not the JSON it was.
    #[error("the record of {id} cannot be read: {source}. Run `trialist doctor`")]
    Record {
        /// The study.
        id: StudyId,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The folder cannot be written.
    #[error("what was read of the criteria cannot be kept in {}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// What is kept of a study is damaged.
    #[error("what is kept of the criteria of {0} is damaged. Run `trialist rebuild`")]
    Damaged(StudyId),
    /// A thread broke off.
    #[error("reading criteria broke off")]
    BrokeOff,
}

/// What is the matter with what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// Nothing is kept yet: it comes about when it is needed first.
    None,
    /// It is another program's, or damaged so that it cannot be opened.
    Unusable,
    /// What is kept is whole.
    Whole {
        /// Studies that are kept as they are in the store.
        studies: usize,
        /// Studies of the store that are not; they are read when they are needed.
        behind: usize,
    },
    /// Of these studies what is kept is damaged.
    Damaged(Vec<StudyId>),
}

/// The folder of what is derived from criteria, within the data folder.
pub fn folder(data: &Path) -> PathBuf {
    data.join("criteria")
}

fn path(data: &Path) -> PathBuf {
    folder(data).join("READ")
}

/// Waits until nobody else is writing in the folder of what is kept, and makes it if there is none.
fn lock(data: &Path) -> Result<fs::File, Error> {
    let at = folder(data);
    let locked = fs::create_dir_all(&at).and_then(|()| fs::File::create(at.join("LOCK"))).and_then(|file| {
        file.lock()?;
        Ok(file)
    });
    locked.map_err(|source| Error::Io { path: at, source })
}

/// Names whatever a reading depends on: the reader, and what is noted beside criteria.
fn stamp() -> u64 {
    const BESIDE: &[u8] = include_bytes!("../eligible.rs");
    let mut hash: u64 = 0xCBF2_9CE4_8422_2325;
    for byte in READER.bytes().chain(BESIDE.iter().copied()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash
}

impl Kept {
    /// Opens what is kept in a data folder: of the studies that are as the store has them. `None` if there is nothing
    /// that can be used.
    pub fn open(data: &Path, store: &Store) -> Result<Option<Self>, store::Error> {
        let Some(mut file) = File::open(&path(data), stamp()) else { return Ok(None) };
        let stored = store.speaking()?;
        let is_stored = |entry: &Entry| stored.binary_search(&(entry.id, entry.of)).is_ok();
        let complete = file.retain(is_stored) && file.entries().len() == stored.len();
        Ok(Some(Self { file, complete, damaged: AtomicBool::new(false) }))
    }

    /// Whether every study of the store is kept.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// How many studies are kept.
    pub fn len(&self) -> usize {
        self.file.entries().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The studies that are kept, with the versions they were read from, ascending.
    pub fn studies(&self) -> impl Iterator<Item = (StudyId, Speaking)> {
        self.file.entries().iter().map(|entry| (entry.id, entry.of))
    }

    /// The criteria of a study; `None` if it is not kept, or damaged.
    pub fn candidate(&self, id: StudyId) -> Option<Candidate> {
        self.at(self.file.place(id)?)
    }

    /// The criteria of the study at a place among [`Self::studies`].
    pub fn at(&self, place: usize) -> Option<Candidate> {
        let part = self.file.part(place).ok();
        let found = part.and_then(|part| part.open()).and_then(|bytes| kept::value(&bytes));
        if found.is_none() {
            self.damaged.store(true, Ordering::Relaxed);
        }
        found
    }

    /// Whether a study that was asked for was damaged.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }
}

/// Throws away what is kept; it is made anew when it is needed.
pub fn forget(data: &Path) -> Result<(), Error> {
    let folder = folder(data);
    match fs::remove_dir_all(&folder) {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Error::Io { path: folder, source }),
        _ => Ok(()),
    }
}

/// Reads all that is kept; changes nothing.
pub fn check(data: &Path, store: &Store) -> Result<Health, store::Error> {
    if !path(data).exists() {
        return Ok(Health::None);
    }
    let Some(kept) = Kept::open(data, store)? else { return Ok(Health::Unusable) };
    let places = kept.studies().enumerate();
    let damaged: Vec<StudyId> =
        places.filter(|(place, _)| kept.at(*place).is_none()).map(|(_, (id, _))| id).collect();
    if !damaged.is_empty() {
        return Ok(Health::Damaged(damaged));
    }
    Ok(Health::Whole { studies: kept.len(), behind: store.len()?.saturating_sub(kept.len()) })
}
