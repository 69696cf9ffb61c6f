//! The relational tables of AACT, as many notebooks and courses query them.
//!
//! Names, order and types of the columns are AACT's ([`schema::tables`]). Where its numbers of rows change with every
//! load, ours stay: a row's `id` is the number of its study times [`ROWS_OF_A_STUDY`] and its place among the rows of
//! that study in that table. That needs 64 bits where AACT declares 32: a hash of 32 bits could not be unique for
//! millions of rows.

mod calculated;
mod column;
mod copy;
mod csv;
mod parquet;
mod posted;
mod registered;
mod rows;
pub mod schema;
mod sql;
mod sqlite;

pub use copy::{Loaded, SCHEMA, Server, load};
pub use csv::csv;
pub use parquet::parquet;
pub use rows::ROWS_OF_A_STUDY;
pub use sqlite::sqlite;

use rows::Rows;
use store::Sealed;

use crate::{Error, Records, Way, ordered::ordered, read};

/// Studies made into rows at once.
const BATCH: usize = 64;

/// Makes rows of all records on all threads, lets `form` give them their form there, and hands them on in the order of
/// the records. Returns the number of studies.
fn rows<T: Send>(
    records: impl Records,
    way: &mut Way<'_>,
    form: impl Fn(Rows) -> Result<T, Error> + Sync,
    mut take: impl FnMut(T) -> Result<(), Error>,
) -> Result<u64, Error> {
    let work = |batch: Vec<Sealed>| {
        let mut rows = Rows::new();
        for sealed in &batch {
            rows.add(&read(sealed)?)?;
        }
        Ok((batch.len() as u64, form(rows)?))
    };
    let mut done = 0;
    ordered(way.threads, in_parts(records), work, |(count, formed)| {
        take(formed)?;
        done += count;
        if (way.progress)(done) { Ok(()) } else { Err(Error::Stopped) }
    })?;
    Ok(done)
}

/// The batches of the records in parts of at most [`BATCH`].
fn in_parts(records: impl Records) -> impl Iterator<Item = Result<Vec<Sealed>, Error>> + Send {
    records.flat_map(|batch| match batch {
        Err(error) => vec![Err(error.into())],
        Ok(mut batch) => {
            let mut parts = Vec::new();
            while !batch.is_empty() {
                let rest = batch.split_off(batch.len().min(BATCH));
                parts.push(Ok(std::mem::replace(&mut batch, rest)));
            }
            parts
        }
    })
}
