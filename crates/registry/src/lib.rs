//! One folder that holds a registry: its store and its index, kept in step.
//!
//! [`Registry`] reads, [`import`] writes. The store is the truth; the index is derived from it and is repaired or
//! built anew whenever it lags behind, is of another version or is damaged.

mod import;
mod repair;
mod snapshots;
pub mod statistics;

use std::{
    collections::HashMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use index::{Answer, Found, Highlight, Index, Marker, Options, Records, Related, Scores, SiteHit, Snapshot};
use model::{Piece, Same, Study, StudyId};
use query::{QueryError, Request, Search};
use serde_json::Value;
use snapshots::{RANKED, RECENT, Recent, Snapshots};
use statistics::{Counter, Statistic};
use store::Store;

pub use import::{Event, Import, Outcome, Summary, import};
pub use repair::{Repair, Standing, rebuild, repair, stand};

/// A registry opened for reading. Cheap to share between threads behind an `Arc`.
pub struct Registry {
    folder: PathBuf,
    store: Store,
    index: Index,
    lags: bool,
    seen: RwLock<Seen>,
    snapshots: Snapshots,
    recent: Mutex<Recent<Found>>,
    ranked: Mutex<Recent<Scores>>,
    counted: Mutex<Counted>,
    markers: Mutex<Vec<Marker>>,
}

/// Records read at once where all of them are.
const BATCH: usize = 512;

/// Pieces counted in one pass over the records: what is held of their texts meanwhile is some 50 bytes a different one.
const AT_ONCE: usize = 64;

/// Statistics of the data as they are.
#[derive(Default)]
struct Counted {
    sequence: i64,
    by_piece: HashMap<u16, Arc<Statistic>>,
}

/// What was looked up once for the data as they are.
#[derive(Clone, Debug, Default)]
struct Seen {
    sequence: i64,
    timestamp: Option<String>,
    sizes: Option<Arc<Vec<(StudyId, u64)>>>,
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
        id: StudyId,
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
            snapshots: Snapshots::default(),
            recent: Mutex::new(Recent::of(RECENT)),
            ranked: Mutex::new(Recent::of(RANKED)),
            counted: Mutex::default(),
            markers: Mutex::default(),
        };
        registry.look();
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
        self.look();
        Ok(true)
    }

    fn look(&self) {
        let snapshot = self.index.snapshot();
        let seen = Seen { sequence: snapshot.sequence().unwrap_or(0), ..Seen::default() };
        if let Some(gone) = self.snapshots.add(seen.sequence as u64, snapshot) {
            self.recent.lock().unwrap_or_else(PoisonError::into_inner).forget(&gone);
            self.ranked.lock().unwrap_or_else(PoisonError::into_inner).forget(&gone);
        }
        *self.seen.write().unwrap_or_else(PoisonError::into_inner) = seen;
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
    pub fn study(&self, id: StudyId) -> Result<Option<Study>, Error> {
        let Some(bytes) = self.record(id)? else { return Ok(None) };
        let json = serde_json::from_slice(&bytes).map_err(|source| Error::Record { id, source })?;
        Ok(Study::new(json))
    }

    /// The canonical record as it stands in the store, of this id or of this alias. That of a study which its registry
    /// has no longer is the one it became part of, if there is one, else its own.
    pub fn record(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error> {
        if let Some(present) = self.store.present(id)? {
            return Ok(Some(present));
        }
        let current = self.store.alias(id)?;
        Ok(self.store.study(current.unwrap_or(id))?)
    }

    /// Every version of a study, oldest first.
    pub fn versions(&self, id: StudyId) -> Result<Vec<store::Version>, Error> {
        Ok(self.store.versions(id)?)
    }

    /// Page-only facts of a study's captured pages (see `ingest::Converted::page`), with the format they came from.
    pub fn pages(&self, id: StudyId) -> Result<Vec<(ingest::Format, Value)>, Error> {
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
        let snapshot = self.index.snapshot();
        let found = self.found(&snapshot, search)?;
        Ok(snapshot.answer(&found, search, options, self)?)
    }

    /// Runs a resolved search over the data as they were when [`Registry::stamp`] was `stamp`; `None` if those are no
    /// longer held. The last few are, so that whoever reads page by page meets every study once although others were
    /// imported meanwhile.
    pub fn run_as_of(&self, stamp: u64, search: &Search, options: &Options) -> Result<Option<Answer>, Error> {
        let Some(snapshot) = self.snapshots.get(stamp) else { return Ok(None) };
        let found = self.found(&snapshot, search)?;
        Ok(Some(snapshot.answer(&found, search, options, self)?))
    }

    /// For each study the sites that a search is about: see [`Snapshot::sites_found`].
    pub fn sites_found(&self, search: &Search, studies: &[StudyId]) -> Result<Vec<Vec<SiteHit>>, Error> {
        Ok(self.index.snapshot().sites_found(search, studies, self)?)
    }

    /// What a search finds: from what was found lately, or run.
    fn found(&self, snapshot: &Arc<Snapshot>, search: &Search) -> Result<Arc<Found>, Error> {
        // The order is not part of what is found.
        let key = format!("{}\0{}\0{:?}{}", search.query, search.filter, search.decay, search.only_nct);
        let lock = || self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = lock().get(snapshot, &key) {
            return Ok(found);
        }
        let ranked = self.ranked(snapshot, search)?;
        let found = Arc::new(snapshot.find_among(Scores::clone(&ranked), search, self)?);
        lock().put(snapshot, key, found.clone());
        Ok(found)
    }

    /// How the query of a search ranks: those who narrow a search ask it again with other filters.
    fn ranked(&self, snapshot: &Arc<Snapshot>, search: &Search) -> Result<Arc<Scores>, Error> {
        let key = search.query.to_string();
        let lock = || self.ranked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ranked) = lock().get(snapshot, &key) {
            return Ok(ranked);
        }
        let ranked = Arc::new(snapshot.ranked(search, self)?);
        lock().put(snapshot, key, ranked.clone());
        Ok(ranked)
    }

    /// Shows every record, by ascending id, until told to stop. Records are read in batches; one batch is in memory.
    pub fn each_record(&self, show: &mut dyn FnMut(StudyId, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        for batch in self.store.scan(BATCH) {
            for sealed in batch? {
                if show(sealed.id(), &sealed.open()?).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// What values some pieces have over all records. Counted once for the data as they are, one caller at a time:
    /// a pass over all records takes a while where there are many.
    pub fn statistics(&self, pieces: &[&'static Piece]) -> Result<Vec<Arc<Statistic>>, Error> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let sequence = self.seen().sequence;
        if counted.sequence != sequence {
            *counted = Counted { sequence, by_piece: HashMap::new() };
        }
        let unknown: Vec<&'static Piece> =
            pieces.iter().filter(|p| !counted.by_piece.contains_key(&p.id)).copied().collect();
        for group in unknown.chunks(AT_ONCE) {
            for statistic in self.count(group)? {
                counted.by_piece.insert(statistic.piece.id, Arc::new(statistic));
            }
        }
        Ok(pieces.iter().filter_map(|p| counted.by_piece.get(&p.id).cloned()).collect())
    }

    fn count(&self, pieces: &[&'static Piece]) -> Result<Vec<Statistic>, Error> {
        let mut whole = Counter::new(pieces);
        for batch in self.store.scan(BATCH) {
            let batch = batch?;
            let workers = std::thread::available_parallelism().map_or(1, usize::from);
            let share = batch.len().div_ceil(workers).max(1);
            let counted: Vec<Result<Counter, Error>> = std::thread::scope(|scope| {
                let of = |part| scope.spawn(move || count(pieces, part));
                let started: Vec<_> = batch.chunks(share).map(of).collect();
                started
                    .into_iter()
                    .map(|t| t.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                    .collect()
            });
            counted.into_iter().try_for_each(|part| part.map(|part| whole.merge(part)))?;
        }
        whole.finish(|id| self.study(id))
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
    pub fn related(&self, id: StudyId, limit: usize) -> Result<Vec<Related>, Error> {
        Ok(self.index.snapshot().related(id, limit)?)
    }

    /// The other records of the same trial, by identifiers, and what is in dispute.
    pub fn same(&self, id: StudyId) -> Same {
        self.index.snapshot().identity().same(id)
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
        let snapshot = self.index.snapshot();
        let found = self.found(&snapshot, search)?;
        Ok(snapshot.places(found.scores(), limit))
    }

    /// Sizes of the canonical records in bytes, with ids: for `/stats/size`.
    pub fn sizes(&self) -> Result<Vec<(StudyId, u64)>, Error> {
        if let Some(sizes) = self.seen().sizes {
            return Ok(sizes.to_vec());
        }
        let sizes = Arc::new(self.store.sizes()?);
        self.seen.write().unwrap_or_else(PoisonError::into_inner).sizes = Some(sizes.clone());
        Ok(sizes.to_vec())
    }
}

fn count(pieces: &[&'static Piece], batch: &[store::Sealed]) -> Result<Counter, Error> {
    let mut counter = Counter::new(pieces);
    // Statistics are those of the registry whose API asks for them.
    for sealed in batch.iter().filter(|sealed| sealed.id().nct().is_some()) {
        let id = sealed.id();
        let json = serde_json::from_slice(&sealed.open()?).map_err(|source| Error::Record { id, source })?;
        Study::new(json).iter().for_each(|study| counter.add(study));
    }
    Ok(counter)
}

impl Records for Registry {
    fn record(&self, id: StudyId) -> Option<Value> {
        let bytes = self.store.study(id).ok()??;
        serde_json::from_slice(&bytes).ok()
    }
}
