//! One folder that holds a registry: its store and its index, kept in step.
//!
//! [`Registry`] reads, [`import`] writes. The store is the truth; the index is derived from it and is repaired or
//! built anew whenever it lags behind, is of another version or is damaged.

mod import;
mod repair;

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use index::{Answer, Found, Highlight, Index, Marker, Options, Records, Related, Snapshot};
use model::{NctId, Study};
use query::{QueryError, Request, Search};
use serde_json::Value;
use store::Store;

pub use import::{Event, Import, Outcome, Summary, import};
pub use repair::{Repair, rebuild, repair};

/// A registry opened for reading. Cheap to share between threads behind an `Arc`.
pub struct Registry {
    folder: PathBuf,
    store: Store,
    index: Index,
    lags: bool,
    seen: RwLock<Seen>,
    recent: Mutex<Recent>,
    markers: Mutex<Vec<Marker>>,
}

/// How many searches are kept for their next page, their counts and their map.
const RECENT: usize = 32;

/// What was found lately, newest last.
#[derive(Default)]
struct Recent {
    snapshot: Option<Arc<Snapshot>>,
    found: VecDeque<(String, Arc<Found>)>,
}

/// What was looked up once for the data as they are.
#[derive(Clone, Debug, Default)]
struct Seen {
    sequence: i64,
    timestamp: Option<String>,
    sizes: Option<Arc<Vec<(NctId, u64)>>>,
}

/// Why the registry cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The index failed.
    #[error(transparent)]
    Index(#[from] index::Error),
    /// A record in the store is not the JSON it was when it was put there.
    #[error("the record of {id} cannot be read: {source}. Run `trialist doctor`")]
    Record {
        /// The study.
        id: NctId,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

/// The folder of the index within the data folder.
pub fn index_folder(folder: &Path) -> PathBuf {
    folder.join("index")
}

impl Registry {
    /// Opens a folder; repairs the index first if it lags behind the store and no import is under way.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_with(folder, &mut |_, _| ())
    }

    /// The same, telling how many studies of how many have been indexed while repairing.
    pub fn open_with(folder: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Self, Error> {
        let store = Store::open(folder)?;
        let lags = repair(folder, progress)? == Repair::Denied;
        let index = match Index::open(&index_folder(folder)) {
            // Whatever is the matter with it, it holds nothing that the store does not.
            Err(index::Error::Search(_) | index::Error::Stale { .. }) => {
                rebuild(folder, progress)?;
                Index::open(&index_folder(folder))?
            }
            opened => opened?,
        };
        let registry = Self {
            folder: folder.to_owned(),
            store,
            index,
            lags,
            seen: RwLock::default(),
            recent: Mutex::default(),
            markers: Mutex::default(),
        };
        registry.look()?;
        Ok(registry)
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether the index was behind the store when the folder was opened and could not be repaired for want of
    /// permission to write: what was imported last is then not found.
    pub fn lags(&self) -> bool {
        self.lags
    }

    /// The record store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The index.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Takes up what was imported since; returns whether anything was.
    pub fn refresh(&self) -> Result<bool, Error> {
        if self.index.sequence()? == Some(self.seen().sequence) {
            return Ok(false);
        }
        self.index.reload()?;
        self.look()?;
        Ok(true)
    }

    fn look(&self) -> Result<(), Error> {
        let seen = Seen { sequence: self.index.sequence()?.unwrap_or(0), ..Seen::default() };
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
        Ok(())
    }

    fn seen(&self) -> Seen {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many studies can be found.
    pub fn len(&self) -> usize {
        self.index.snapshot().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The study of this id, or of this alias.
    pub fn study(&self, id: NctId) -> Result<Option<Study>, Error> {
        let Some(bytes) = self.record(id)? else { return Ok(None) };
        let json = serde_json::from_slice(&bytes).map_err(|source| Error::Record { id, source })?;
        Ok(Study::new(json))
    }

    /// The canonical record as it stands in the store, of this id or of this alias.
    pub fn record(&self, id: NctId) -> Result<Option<Arc<[u8]>>, Error> {
        if let Some(record) = self.store.study(id)? {
            return Ok(Some(record));
        }
        match self.store.alias(id)? {
            Some(current) => Ok(self.store.study(current)?),
            None => Ok(None),
        }
    }

    /// Every version of a study, oldest first.
    pub fn versions(&self, id: NctId) -> Result<Vec<store::Version>, Error> {
        Ok(self.store.versions(id)?)
    }

    /// Page-only facts of a study's captured pages (see `ingest::Converted::page`), with the format they came from.
    pub fn pages(&self, id: NctId) -> Result<Vec<(ingest::Format, Value)>, Error> {
        let mut pages = Vec::new();
        for version in self.store.versions(id)? {
            if let Some(page) = self.store.page(version.sequence)? {
                pages.push((version.format, page));
            }
        }
        Ok(pages)
    }

    /// Reads and runs a request.
    pub fn search(&self, request: &Request, options: &Options) -> Result<Answer, Error> {
        self.run(&request.resolve()?, options)
    }

    /// Runs a resolved search.
    pub fn run(&self, search: &Search, options: &Options) -> Result<Answer, Error> {
        let (snapshot, found) = self.found(search)?;
        Ok(snapshot.answer(&found, search, options, self)?)
    }

    /// What a search finds: from what was found lately, or run.
    fn found(&self, search: &Search) -> Result<(Arc<Snapshot>, Arc<Found>), Error> {
        let snapshot = self.index.snapshot();
        // The order is not part of what is found.
        let key = format!("{}\0{}\0{:?}", search.query, search.filter, search.decay);
        let lock = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(&snapshot, &key) {
            return Ok((snapshot, found));
        }
        let found = Arc::new(snapshot.find(search, self)?);
        lock().put(&snapshot, key, found.clone());
        Ok((snapshot, found))
    }

    /// What a search found in one study, best first, at most `limit` passages.
    pub fn highlights(&self, search: &Search, study: &Study, limit: usize) -> Vec<Highlight> {
        let lock = || self.markers.lock().unwrap_or_else(PoisonError::into_inner);
        let mut marker = lock().pop().unwrap_or_default();
        let found = marker.highlights(&search.query, study, limit);
        lock().push(marker);
        found
    }

    /// The studies most like this one, best first.
    pub fn related(&self, id: NctId, limit: usize) -> Result<Vec<Related>, Error> {
        Ok(self.index.snapshot().related(id, limit)?)
    }

    /// The newest date of the data (`yyyy-MM-ddTHH:mm:ss`): for `/version` and "data of".
    pub fn data_timestamp(&self) -> String {
        if let Some(timestamp) = self.seen().timestamp {
            return timestamp;
        }
        // A store that cannot say has told so to whoever read a record; a page goes on without the date.
        let timestamp = self.store.data_timestamp().ok().flatten().unwrap_or_default();
        self.seen.write().unwrap_or_else(PoisonError::into_inner).timestamp = Some(timestamp.clone());
        timestamp
    }

    /// A number that changes whenever the data do: for ETag and page tokens.
    pub fn stamp(&self) -> u64 {
        self.seen().sequence as u64
    }

    /// Points of the sites of the studies that a search finds, with the number of sites at each, largest first: for
    /// the map.
    pub fn points(&self, search: &Search, limit: usize) -> Result<Vec<(f32, f32, u32)>, Error> {
        let (snapshot, found) = self.found(search)?;
        Ok(snapshot.places(found.scores(), limit))
    }

    /// Sizes of the canonical records in bytes, with ids: for `/stats/size`.
    pub fn sizes(&self) -> Result<Vec<(NctId, u64)>, Error> {
        if let Some(sizes) = self.seen().sizes {
            return Ok(sizes.to_vec());
        }
        let sizes = Arc::new(self.store.sizes()?);
        self.seen.write().unwrap_or_else(PoisonError::into_inner).sizes = Some(sizes.clone());
        Ok(sizes.to_vec())
    }
}

impl Recent {
    fn get(&mut self, snapshot: &Arc<Snapshot>, key: &str) -> Option<Arc<Found>> {
        if !self.snapshot.as_ref().is_some_and(|s| Arc::ptr_eq(s, snapshot)) {
            return None;
        }
        let at = self.found.iter().position(|(k, _)| k == key)?;
        let entry = self.found.remove(at)?;
        let found = entry.1.clone();
        self.found.push_back(entry);
        Some(found)
    }

    fn put(&mut self, snapshot: &Arc<Snapshot>, key: String, found: Arc<Found>) {
        if !self.snapshot.as_ref().is_some_and(|s| Arc::ptr_eq(s, snapshot)) {
            self.found.clear();
            self.snapshot = Some(snapshot.clone());
        }
        if self.found.len() >= RECENT {
            self.found.pop_front();
        }
        self.found.push_back((key, found));
    }
}

impl Records for Registry {
    fn record(&self, id: NctId) -> Option<Value> {
        let bytes = self.store.study(id).ok()??;
        serde_json::from_slice(&bytes).ok()
    }
}
