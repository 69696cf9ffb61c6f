//! Verbatim records at rest, every version kept; the system of record.
//!
//! One SQLite file, `store.sqlite`, in the data folder. [`Store`] reads it, from any number of threads and while
//! an import runs; [`Writer`] is the one that writes. Records are compressed by a [`Preparer`] on the caller's
//! threads, so that the writing thread only writes:
//!
//! ```no_run
//! # fn f(records: Vec<(ingest::Raw, ingest::Converted)>) -> Result<(), store::Error> {
//! let mut writer = store::Writer::open("data".as_ref())?;
//! let source = writer.begin_source("studies.json.zip", None, 1_790_000_000)?;
//! let preparer = writer.preparer(); // clone one for each thread
//! for (raw, converted) in &records {
//!     writer.put_prepared(source, preparer.prepare(raw, converted))?;
//! }
//! writer.finish_source(source, &store::Counts::default())?;
//! let acknowledged = writer.commit()?;
//! # let _ = acknowledged; Ok(()) }
//! ```
//!
//! What is acknowledged by [`Writer::commit`] survives the death of the process and of the machine: the database
//! runs in WAL mode with `synchronous = FULL`, one flush a commit.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod answer;
mod check;
mod error;
mod prepare;
mod saved;
mod schema;
mod seal;
mod speaker;
mod standing;
mod store;
mod version;
mod writer;

pub use answer::{Answer, Answers, Kept};
pub use check::Problem;
pub use error::Error;
pub use prepare::{Prepared, Preparer};
pub use saved::{Found, Happened, News, Saved, Searches};
pub use seal::Sealed;
pub use speaker::{Rank, is_whole};
pub use standing::Withdrawal;
pub use store::{Scan, Store};
pub use version::{Counts, Finished, Put, Sighting, Source, SourceId, Speaking, Version};
pub use writer::Writer;

/// Name of the database in the data folder.
pub const FILE: &str = "store.sqlite";

/// Name of the lock that the writer holds in the data folder.
pub const LOCK: &str = "store.lock";
