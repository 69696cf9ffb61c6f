//! Saved searches: what they found when they were last looked at, and what came and went since.
//!
//! A look compares what a search finds with what it found before, and writes the difference as events. Events are
//! never changed, so that whoever follows them (a person, a feed) sees each once.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use model::StudyId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};

use crate::{
    Error, FILE, Store, schema,
    store::{id_of, key},
};

/// A saved search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Its number; never used twice.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What it asks for, as JSON; the store does not read it.
    pub request: String,
    /// Seconds since 1970 at which it was saved.
    pub saved: i64,
    /// Seconds since 1970 at which its hits were last looked at.
    pub looked: i64,
    /// The number of the last event that somebody was told of; 0 if none.
    pub told: i64,
}

/// What a search finds: studies, each with the number of the version that speaks for it.
pub type Found = BTreeMap<StudyId, i64>;

/// What happened to a study among the hits of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Happened {
    /// It is found, and was not before.
    New,
    /// It is found as before, and its record changed.
    Changed,
    /// It is found no longer.
    Gone,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Grows; never used twice.
    pub number: i64,
    /// The study.
    pub study: StudyId,
    /// What happened.
    pub kind: Happened,
    /// The version that spoke when it was last looked at.
    pub before: Option<i64>,
    /// The version that speaks now.
    pub after: Option<i64>,
    /// Seconds since 1970 at which it was noticed.
    pub noticed: i64,
}

const COLUMNS: &str = "SELECT id, name, request, saved, looked, told FROM search";

impl Store {
    /// All saved searches, by name.
    pub fn searches(&self) -> Result<Vec<Saved>, Error> {
        self.all(&format!("{COLUMNS} ORDER BY name"), [], saved)
    }

    /// The saved search of this name.
    pub fn search(&self, name: &str) -> Result<Option<Saved>, Error> {
        self.one(&format!("{COLUMNS} WHERE name = ?1"), [name], saved)
    }

    /// What a saved search found when it was last looked at.
    pub fn search_found(&self, id: i64) -> Result<Found, Error> {
        let sql = "SELECT study, sequence FROM search_hit WHERE search = ?1";
        let rows = self.all(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.into_iter().filter_map(|(id, at)| Some((id_of(id)?, at))).collect())
    }

    /// What happened to a saved search behind an event (0: from the beginning), the last `most` of it, oldest first.
    pub fn search_news(&self, id: i64, after: i64, most: usize) -> Result<Vec<News>, Error> {
        let sql = "SELECT number, study, kind, before, after, noticed FROM search_event
                   WHERE search = ?1 AND number > ?2 ORDER BY number DESC LIMIT ?3";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows: Vec<News> = self.all(sql, (id, after, most), news)?.into_iter().flatten().collect();
        rows.reverse();
        Ok(rows)
    }
}

/// A folder's saved searches, for writing. Each change is written by itself, while an import may run.
pub struct Searches {
    path: PathBuf,
    connection: Connection,
}

impl Searches {
    /// Opens the saved searches of a data folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { path: folder.join(FILE), connection: schema::open_for_writing(folder)? })
    }

    /// Saves a search with what it finds now, of which nothing is news. False if the name is taken.
    pub fn save(&mut self, name: &str, request: &str, found: &Found, now: i64) -> Result<bool, Error> {
        self.within(|t| {
            let sql = "INSERT OR IGNORE INTO search (name, request, saved, looked, told) VALUES (?1, ?2, ?3, ?3, 0)";
            if t.execute(sql, (name, request, now))? == 0 {
                return Ok(false);
            }
            set_hits(t, t.last_insert_rowid(), found)?;
            Ok(true)
        })
    }

    /// Removes a search with all that is kept of it; whether there was one.
    pub fn remove(&mut self, name: &str) -> Result<bool, Error> {
        self.within(|t| {
            let id = t.query_row("SELECT id FROM search WHERE name = ?1", [name], |row| row.get::<_, i64>(0));
            let Some(id) = id.optional()? else { return Ok(false) };
            t.execute("DELETE FROM search_hit WHERE search = ?1", [id])?;
            t.execute("DELETE FROM search_event WHERE search = ?1", [id])?;
            t.execute("DELETE FROM search WHERE id = ?1", [id])?;
            Ok(true)
        })
    }

    /// Takes what a search finds now in place of `before`, and writes down what happened. Does nothing and says so
    /// (false) where another look came first, so that nothing is told twice.
    pub fn look(
        &mut self,
        id: i64,
        before: &Found,
        found: &Found,
        news: &[(StudyId, Happened)],
        now: i64,
    ) -> Result<bool, Error> {
        self.within(|t| {
            if &hits(t, id)? != before {
                return Ok(false);
            }
            let sql = "INSERT INTO search_event (search, study, kind, before, after, noticed)
                       VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            for (study, kind) in news {
                let (was, is) = (before.get(study), found.get(study));
                t.prepare_cached(sql)?.execute((id, key(*study), *kind as i64, was, is, now))?;
            }
            if before != found {
                set_hits(t, id, found)?;
            }
            t.execute("UPDATE search SET looked = ?2 WHERE id = ?1", (id, now)).map(|rows| rows > 0)
        })
    }

    /// Notes that somebody was told all up to an event.
    pub fn told(&mut self, id: i64, number: i64) -> Result<(), Error> {
        self.within(|t| {
            t.execute("UPDATE search SET told = max(told, ?2) WHERE id = ?1", (id, number)).map(drop)
        })
    }

    fn within<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Error> {
        let done = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|t| {
            let out = work(&t)?;
            t.commit()?;
            Ok(out)
        });
        done.map_err(|error| Error::sqlite(&self.path, error))
    }
}

fn hits(t: &Transaction<'_>, id: i64) -> rusqlite::Result<Found> {
    let mut statement = t.prepare_cached("SELECT study, sequence FROM search_hit WHERE search = ?1")?;
    let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows: Vec<(i64, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    Ok(rows.into_iter().filter_map(|(id, at)| Some((id_of(id)?, at))).collect())
}

fn set_hits(t: &Transaction<'_>, id: i64, found: &Found) -> rusqlite::Result<()> {
    t.execute("DELETE FROM search_hit WHERE search = ?1", [id])?;
    let mut insert =
        t.prepare_cached("INSERT INTO search_hit (search, study, sequence) VALUES (?1, ?2, ?3)")?;
    found.iter().try_for_each(|(study, at)| insert.execute((id, key(*study), at)).map(drop))
}

fn saved(row: &Row<'_>) -> rusqlite::Result<Saved> {
    Ok(Saved {
        id: row.get(0)?,
        name: row.get(1)?,
        request: row.get(2)?,
        saved: row.get(3)?,
        looked: row.get(4)?,
        told: row.get(5)?,
    })
}

fn news(row: &Row<'_>) -> rusqlite::Result<Option<News>> {
    let kind = match row.get::<_, i64>(2)? {
        0 => Happened::New,
        1 => Happened::Changed,
        _ => Happened::Gone,
    };
    let (number, before, after, noticed) = (row.get(0)?, row.get(3)?, row.get(4)?, row.get(5)?);
    let study = id_of(row.get(1)?);
    Ok(study.map(|study| News { number, study, kind, before, after, noticed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(hits: &[(u32, i64)]) -> Found {
        hits.iter().map(|(id, at)| (StudyId::new((*id).into()).unwrap(), *at)).collect()
    }

    #[test]
    fn what_happened_is_written_once_and_goes_with_its_search() {
        let folder = testkit::folder();
        let mut searches = Searches::open(folder.path()).unwrap();
        let first = found(&[(1, 10), (2, 11)]);
        assert!(searches.save("mine", "{}", &first, 100).unwrap());
        assert!(!searches.save("mine", "{}", &first, 100).unwrap(), "the name is taken");
        let store = Store::open(folder.path()).unwrap();
        let id = store.search("mine").unwrap().unwrap().id;
        let second = found(&[(2, 12), (3, 13)]);
        let news = [(1, Happened::Gone), (2, Happened::Changed), (3, Happened::New)];
        let news = news.map(|(id, kind)| (StudyId::new(id).unwrap(), kind));
        assert!(searches.look(id, &first, &second, &news, 200).unwrap());
        assert!(!searches.look(id, &first, &second, &news, 201).unwrap(), "another look came first");
        assert_eq!(store.search_found(id).unwrap(), second);
        let told = store.search_news(id, 0, 9).unwrap();
        let told: Vec<_> = told.iter().map(|n| (n.study.number(), n.kind, n.before, n.after)).collect();
        assert_eq!(
            told,
            [
                (1, Happened::Gone, Some(10), None),
                (2, Happened::Changed, Some(11), Some(12)),
                (3, Happened::New, None, Some(13))
            ]
        );
        assert_eq!(store.search_news(id, 0, 1).unwrap()[0].study.number(), 3, "the last are shown");
        searches.told(id, 2).unwrap();
        assert_eq!(store.search("mine").unwrap().unwrap().told, 2);
        assert!(searches.remove("mine").unwrap() && !searches.remove("mine").unwrap());
        assert_eq!(store.searches().unwrap(), []);
        assert_eq!(store.search_news(id, 0, 9).unwrap(), []);
    }
}
