//! One folder that holds a registry: its store and its index, kept in step.

use std::path::Path;

use index::{Answer, Highlight, Options, Related};
use model::{NctId, Study};
use query::{QueryError, Request, Search};

/// A registry opened for reading. Cheap to share between threads behind an `Arc`.
pub struct Registry {}

/// Why the registry cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The query could not be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Registry {
    /// Opens a folder; repairs the index first if it lags behind the store.
    pub fn open(_folder: &Path) -> Result<Self, Error> {
        todo!()
    }
    /// How many studies there are.
    pub fn len(&self) -> usize {
        todo!()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The study of this id, or of this alias.
    pub fn study(&self, _id: NctId) -> Result<Option<Study>, Error> {
        todo!()
    }
    /// The canonical record as it stands in the store.
    pub fn record(&self, _id: NctId) -> Result<Option<std::sync::Arc<[u8]>>, Error> {
        todo!()
    }
    /// Every version of a study, oldest first.
    pub fn versions(&self, _id: NctId) -> Result<Vec<store::Version>, Error> {
        todo!()
    }
    /// Page-only facts of a study's captured pages (see `ingest::Converted::page`), with the format they came from.
    pub fn pages(&self, _id: NctId) -> Result<Vec<(ingest::Format, serde_json::Value)>, Error> {
        todo!()
    }
    /// Reads and runs a request.
    pub fn search(&self, request: &Request, options: &Options) -> Result<Answer, Error> {
        self.run(&request.resolve()?, options)
    }
    /// Runs a resolved search.
    pub fn run(&self, _search: &Search, _options: &Options) -> Result<Answer, Error> {
        todo!()
    }
    /// What a search found in one study, best first, at most `limit` passages.
    pub fn highlights(&self, _search: &Search, _study: &Study, _limit: usize) -> Vec<Highlight> {
        todo!()
    }
    /// The studies most like this one (registry's "related"), best first.
    pub fn related(&self, _id: NctId, _limit: usize) -> Result<Vec<Related>, Error> {
        todo!()
    }
    /// Title and the few facts of a study that result lists show, without reading the whole record twice.
    /// The newest of the record dates in the store: `yyyy-MM-ddTHH:mm:ss`, for `/version` and "data of".
    pub fn data_timestamp(&self) -> String {
        todo!()
    }
    /// A number that changes whenever the data do: for ETag and page tokens.
    pub fn stamp(&self) -> u64 {
        todo!()
    }
    /// Geographic points of the sites of the studies that a search finds: for the map. (lat, lon, sites)
    pub fn points(&self, _search: &Search, _limit: usize) -> Result<Vec<(f32, f32, u32)>, Error> {
        todo!()
    }
    /// Sizes of the canonical records in bytes, with ids: for `/stats/size`.
    pub fn sizes(&self) -> Result<Vec<(NctId, u64)>, Error> {
        todo!()
    }
}
