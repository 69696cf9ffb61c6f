//! Verbatim records at rest, every version kept; the system of record.
use std::{path::Path, sync::Arc};

use ingest::{Converted, Format, Raw};
use model::NctId;

/// What came of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The study was not known.
    Added,
    /// A new version, which now speaks for the study.
    Changed,
    /// A new version, kept behind the one that speaks.
    Kept,
    /// This very record from this format was known.
    Unchanged,
}

/// Where records came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File path as given, or `-`.
    pub name: String,
    /// SHA-256 of the whole file where it is known.
    pub sha256: Option<[u8; 32]>,
    /// Seconds since 1970 at which the import began (an argument: the store reads no clock).
    pub received: i64,
}

/// One version of a record, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Number in the order of arrival; grows.
    pub sequence: i64,
    /// The study.
    pub id: NctId,
    /// Format it came in.
    pub format: Format,
    /// Source it came from.
    pub source: Source,
    /// Entry, record number and byte of it, printed.
    pub place: String,
    /// Of the verbatim bytes.
    pub sha256: [u8; 32],
    /// Length of the verbatim bytes.
    pub bytes: u64,
    /// Whether it is the one that speaks for the study.
    pub speaks: bool,
}

/// A folder's record store.
pub struct Store {}

/// Why the store cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {}

impl Store {
    /// Opens the store in a folder for reading; creates an empty one if there is none.
    pub fn open(_folder: &Path) -> Result<Self, Error> {
        todo!()
    }
    /// The canonical record that speaks for a study: JSON bytes.
    pub fn study(&self, _id: NctId) -> Result<Option<Arc<[u8]>>, Error> {
        todo!()
    }
}

/// The one writer of a folder.
pub struct Writer {}

impl Writer {
    /// Takes the folder's write lock.
    pub fn open(_folder: &Path) -> Result<Self, Error> {
        todo!()
    }
    /// Stores one version; durable only after [`Writer::commit`].
    pub fn put(&mut self, _raw: &Raw, _converted: &Converted) -> Result<Put, Error> {
        todo!()
    }
    /// Makes everything put so far durable.
    pub fn commit(&mut self) -> Result<(), Error> {
        todo!()
    }
}
