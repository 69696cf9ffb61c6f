//! Studies that their registry has no longer: kept, but not among those that are counted and searched.

use model::StudyId;
use rusqlite::Row;

use crate::{
    Error, Rank, Store,
    store::{id_of, key},
};

/// When a study was missed in its registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// The study.
    pub id: StudyId,
    /// Seconds since 1970 at which it was missed.
    pub noticed: i64,
    /// Where it was missed.
    pub source: String,
}

const COLUMNS: &str = "SELECT s.id, w.noticed, w.source FROM study s JOIN standing w ON w.sequence = s.gone";

impl Store {
    /// When a study was missed in its registry; `None` while the registry has it.
    pub fn withdrawal(&self, id: StudyId) -> Result<Option<Withdrawal>, Error> {
        let sql = format!("{COLUMNS} WHERE s.id = ?1");
        Ok(self.one(&sql, [key(id)], withdrawal)?.flatten())
    }

    /// All studies that their registry has no longer, by id.
    pub fn withdrawn(&self) -> Result<Vec<Withdrawal>, Error> {
        Ok(self.all(&format!("{COLUMNS} ORDER BY s.id"), [], withdrawal)?.into_iter().flatten().collect())
    }

    /// The studies that count, by id, each with the day its record names as its own (`yyyymmdd`; 0 if none).
    pub fn days(&self) -> Result<Vec<(StudyId, u32)>, Error> {
        let sql = "SELECT id, rank FROM study WHERE gone IS NULL ORDER BY id";
        let rows = self.all(sql, [], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let day = |rank: &[u8]| Rank::from_bytes(rank).map_or(0, Rank::day);
        Ok(rows.into_iter().filter_map(|(id, rank)| Some((id_of(id)?, day(&rank)))).collect())
    }
}

fn withdrawal(row: &Row<'_>) -> rusqlite::Result<Option<Withdrawal>> {
    let (noticed, source) = (row.get(1)?, row.get(2)?);
    Ok(id_of(row.get(0)?).map(|id| Withdrawal { id, noticed, source }))
}
