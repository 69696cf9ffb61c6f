//! Studies in the formats of others: AACT's tables, CSV, RIS, FHIR, archives of records.
//!
//! [`study`] turns one study into one document. [`documents`] writes a registry as a stream of such documents,
//! [`aact`] as the relational tables of AACT in Parquet, SQLite, CSV or a PostgreSQL server.
//!
//! Each export reads [`Records`] in the order of ids, on as many threads as it is given, and holds a few batches of
//! them at a time. The same records give the same bytes on any number of threads.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod aact;
pub mod documents;
mod ordered;
pub mod study;

use std::io;

use model::{Study, StudyId};
use store::Sealed;

/// The records to export: batches in the order of ids, each still compressed, so that any thread can open it.
pub trait Records: Iterator<Item = Result<Vec<Sealed>, store::Error>> + Send {}

impl<I: Iterator<Item = Result<Vec<Sealed>, store::Error>> + Send> Records for I {}

/// How an export is done.
pub struct Way<'w> {
    /// Threads that work at once; at least one.
    pub threads: usize,
    /// Told of the number of studies done so far; its answer tells whether to go on.
    pub progress: &'w mut dyn FnMut(u64) -> bool,
}

/// Why an export cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A record in the store is not what it was when it was put there.
    #[error("the record of {0} cannot be read: {1}. Run `trialist doctor`")]
    Record(StudyId, String),
    /// A study has more rows of one table than there are ids for them.
    #[error("{0} has more than {1} rows of the table {2}: there are no ids for them")]
    Rows(StudyId, i64, &'static str),
    /// Nothing can be written.
    #[error("cannot write: {0}")]
    Io(#[from] io::Error),
    /// Parquet cannot be written.
    #[error("cannot write Parquet: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// SQLite cannot be written.
    #[error("cannot write SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// An archive cannot be written.
    #[error("cannot write the archive: {0}")]
    Zip(#[from] ::zip::result::ZipError),
    /// CSV cannot be written.
    #[error("cannot write CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// The database server refused something, or cannot be reached.
    #[error("{0}")]
    Server(String),
    /// The caller asked to stop.
    #[error("stopped")]
    Stopped,
}

/// Opens and reads a record.
fn read(sealed: &Sealed) -> Result<Study, Error> {
    let fail = |why: String| Error::Record(sealed.id(), why);
    let json = serde_json::from_slice(&sealed.open()?).map_err(|error| fail(error.to_string()))?;
    Study::new(json).ok_or_else(|| fail("it has no id of a registry".to_owned()))
}
