//! Reading the store, from any number of threads.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use ingest::Format;
use model::{Issue, StudyId};
use rusqlite::{Connection, OptionalExtension, Params, Row};
use serde::de::DeserializeOwned;

use crate::{
    Error, FILE, Finished, Rank, Sealed, Sighting, Source, Speaking, Version,
    prepare::Role,
    schema,
    seal::{Dictionary, unseal},
    version::{format_code, format_of},
};

/// A folder's record store, for reading. Share it behind an `Arc`; reading goes on while another process writes.
pub struct Store {
    path: Arc<Path>,
    idle: Mutex<Vec<Connection>>,
    dictionaries: RwLock<HashMap<i64, Arc<Dictionary>>>,
}

/// Most connections kept open when idle.
const IDLE: usize = 16;

impl Store {
    /// Opens the store in a folder; creates an empty one if there is none.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let path: Arc<Path> = folder.join(FILE).into();
        let connection = match schema::open_for_reading(&path)? {
            Some(connection) => connection,
            None => {
                drop(schema::open_for_writing(folder)?);
                schema::open_for_reading(&path)?
                    .ok_or_else(|| Error::damaged(&path, "it vanished while it was opened"))?
            }
        };
        Ok(Self { path, idle: Mutex::new(vec![connection]), dictionaries: RwLock::default() })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The canonical record that speaks for a study: JSON bytes, for API v2 sources exactly those received.
    pub fn study(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error> {
        match self.sealed(id)? {
            Some(sealed) => Ok(Some(sealed.open()?.into())),
            None => Ok(None),
        }
    }

    /// The same, unless its registry has the study no longer.
    pub fn present(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error> {
        let found = self.one(
            "SELECT s.id, b.dictionary, b.length, b.bytes FROM study s
             JOIN body b ON b.key = s.speaks * 4 + s.role WHERE s.id = ?1 AND s.gone IS NULL",
            [key(id)],
            packed,
        )?;
        Ok(match found {
            Some(packed) => Some(self.seal(packed)?.open()?.into()),
            None => None,
        })
    }

    /// The canonical record that speaks for a study, to be opened elsewhere.
    pub fn sealed(&self, id: StudyId) -> Result<Option<Sealed>, Error> {
        let found = self.one(
            "SELECT s.id, b.dictionary, b.length, b.bytes FROM study s
             JOIN body b ON b.key = s.speaks * 4 + s.role WHERE s.id = ?1",
            [key(id)],
            packed,
        )?;
        found.map(|packed| self.seal(packed)).transpose()
    }

    /// All studies' canonical records in the order of ids, in batches of at most `batch`.
    ///
    /// Each batch is read at once, so that no commit of a writer is held up by a slow caller: what is committed
    /// meanwhile may or may not be seen.
    pub fn scan(&self, batch: usize) -> Scan<'_> {
        Scan { store: self, batch: i64::try_from(batch.max(1)).unwrap_or(i64::MAX), after: 0, done: false }
    }

    /// Every version of a study, oldest arrival first.
    pub fn versions(&self, id: StudyId) -> Result<Vec<Version>, Error> {
        let rows = self.all(
            "SELECT v.sequence, v.study, v.format, c.name, c.sha256, c.received, v.place, v.sha256, v.length,
                    v.sequence = s.speaks
             FROM version v JOIN source c ON c.id = v.source JOIN study s ON s.id = v.study
             WHERE v.study = ?1 ORDER BY v.sequence",
            [key(id)],
            |row| Ok(version(row)),
        )?;
        let whole: Option<Vec<_>> =
            rows.into_iter().collect::<rusqlite::Result<_>>().map_err(|e| self.fail(e))?;
        let damaged = || Error::damaged(&self.path, format!("a version of {id} is of no known kind"));
        let mut versions = whole.ok_or_else(damaged)?;
        for (sequence, sighting) in self.all(AGAIN, [key(id)], sighting)? {
            if let Ok(at) = versions.binary_search_by_key(&sequence, |v| v.sequence) {
                versions[at].again.push(sighting);
            }
        }
        Ok(versions)
    }

    /// The bytes of a version as they were received.
    pub fn version_bytes(&self, sequence: i64) -> Result<Option<Vec<u8>>, Error> {
        self.body(sequence, Role::Verbatim)
    }

    /// The canonical record of a version: JSON bytes.
    pub fn version_study(&self, sequence: i64) -> Result<Option<Vec<u8>>, Error> {
        match self.body(sequence, Role::Canonical)? {
            Some(converted) => Ok(Some(converted)),
            None => self.body(sequence, Role::Verbatim),
        }
    }

    /// Page-only facts of a version (see [`ingest::Converted::page`]).
    pub fn page(&self, sequence: i64) -> Result<Option<serde_json::Value>, Error> {
        self.json(sequence, Role::Page)
    }

    /// What was odd when a version was converted.
    pub fn issues(&self, sequence: i64) -> Result<Vec<Issue>, Error> {
        Ok(self.json(sequence, Role::Issues)?.unwrap_or_default())
    }

    /// The study whose speaking record lists this id as a former one of its own; the lowest if several do.
    pub fn alias(&self, id: StudyId) -> Result<Option<StudyId>, Error> {
        let sql = "SELECT min(study) FROM alias WHERE alias = ?1";
        let found: Option<Option<i64>> = self.one(sql, [key(id)], |row| row.get(0))?;
        Ok(found.flatten().and_then(id_of))
    }

    /// How many studies there are; withdrawn ones do not count, nor in what follows.
    pub fn len(&self) -> Result<usize, Error> {
        let count: Option<i64> =
            self.one("SELECT count(*) FROM study WHERE gone IS NULL", [], |row| row.get(0))?;
        Ok(count.and_then(|n| usize::try_from(n).ok()).unwrap_or(0))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> Result<bool, Error> {
        Ok(self.last_sequence()? == 0)
    }

    /// How many versions are kept, by the format they came in.
    pub fn formats(&self) -> Result<Vec<(Format, u64)>, Error> {
        let sql = "SELECT format, count(*) FROM version GROUP BY format ORDER BY format";
        let rows = self.all(sql, [], |row| Ok((format_of(row.get(0)?), row.get::<_, i64>(1)?)))?;
        let known = |(format, count): (Option<Format>, i64)| Some((format?, u64::try_from(count).ok()?));
        Ok(rows.into_iter().filter_map(known).collect())
    }

    /// The ids of all studies, ascending.
    pub fn ids(&self) -> Result<Vec<StudyId>, Error> {
        let ids = self.all("SELECT id FROM study WHERE gone IS NULL ORDER BY id", [], |row| row.get(0))?;
        Ok(ids.into_iter().filter_map(id_of).collect())
    }

    /// Ids and lengths in bytes of the canonical records, by id.
    pub fn sizes(&self) -> Result<Vec<(StudyId, u64)>, Error> {
        let sql = "SELECT id, length FROM study WHERE gone IS NULL ORDER BY id";
        let rows = self.all(sql, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
        Ok(rows.into_iter().filter_map(|(id, n)| Some((id_of(id)?, u64::try_from(n).ok()?))).collect())
    }

    /// The number of the newest committed version or withdrawal; 0 if there is none.
    pub fn last_sequence(&self) -> Result<i64, Error> {
        Ok(self.one(LAST, [], |row| row.get(0))?.unwrap_or(0))
    }

    /// The studies whose speaking version changed after a sequence number, or that were withdrawn or came back, each
    /// with the number of that, in the order of these numbers: what an index that stands at `sequence` has to read again.
    pub fn changed_since(&self, sequence: i64) -> Result<Vec<(i64, StudyId)>, Error> {
        let sql = "SELECT speaks, id FROM study WHERE speaks > ?1
                   UNION SELECT sequence, study FROM standing WHERE sequence > ?1 ORDER BY 1";
        let rows = self.all(sql, [sequence], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.into_iter().filter_map(|(at, id)| Some((at, id_of(id)?))).collect())
    }

    /// Every study with the version that speaks for it, in the order of ids: what is derived from a record is still
    /// right as long as this is the same.
    pub fn speaking(&self) -> Result<Vec<(StudyId, Speaking)>, Error> {
        let sql = "SELECT s.id, s.speaks, v.mark FROM study s
                   JOIN version v ON v.study = s.id AND v.sequence = s.speaks WHERE s.gone IS NULL ORDER BY s.id";
        let row = |row: &Row<'_>| Ok((row.get(0)?, Speaking { sequence: row.get(1)?, mark: row.get(2)? }));
        let rows = self.all(sql, [], row)?;
        Ok(rows.into_iter().filter_map(|(id, speaking)| Some((id_of(id)?, speaking))).collect())
    }

    /// The number of the version that speaks for a study; `None` if it is not known or its registry has it no longer.
    pub fn speaks(&self, id: StudyId) -> Result<Option<i64>, Error> {
        self.one("SELECT speaks FROM study WHERE id = ?1 AND gone IS NULL", [key(id)], |row| row.get(0))
    }

    /// The studies of which several versions are kept, by id, each with the number of its newest version and a number
    /// that tells these versions from others.
    pub fn several(&self) -> Result<Vec<(StudyId, i64, i64)>, Error> {
        let sql = "SELECT study, max(sequence), sum(mark & 0xFFFFFFFF) FROM version
                   GROUP BY study HAVING count(*) > 1 ORDER BY study";
        let rows = self.all(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.into_iter().filter_map(|(id, last, mark)| Some((id_of(id)?, last, mark))).collect())
    }

    /// The newest day that a speaking record names as its own or its data's, as `yyyy-MM-ddTHH:mm:ss`. `None` if
    /// no record has one. Reads one short row a study: ask once and keep the answer.
    pub fn data_timestamp(&self) -> Result<Option<String>, Error> {
        let ranks = self.all("SELECT rank FROM study", [], |row| row.get::<_, Vec<u8>>(0))?;
        let days = ranks.iter().filter_map(|bytes| Rank::from_bytes(bytes)?.newest_day());
        Ok(days.max().map(|day| format!("{day}T00:00:00")))
    }

    /// All sources in the order in which their import began.
    pub fn sources(&self) -> Result<Vec<Finished>, Error> {
        self.all("SELECT name, sha256, received, counts FROM source ORDER BY id", [], finished)
    }

    /// What came of a file with this SHA-256, if one was imported to its end; the latest if several.
    pub fn source_done(&self, sha256: &[u8; 32]) -> Result<Option<Finished>, Error> {
        self.one(SOURCE_DONE, [sha256.as_slice()], finished)
    }

    /// The study of a committed record of this format with this SHA-256: a caller who asks first saves itself the
    /// conversion and compression of what is known.
    pub fn known(&self, format: Format, sha256: &[u8; 32]) -> Result<Option<StudyId>, Error> {
        let found: Option<i64> =
            self.one(KNOWN, (mark(sha256), format_code(format), sha256.as_slice()), |row| row.get(0))?;
        Ok(found.and_then(id_of))
    }

    /// A value that [`crate::Writer::meta_set`] kept.
    pub fn meta_get(&self, key: &str) -> Result<Option<String>, Error> {
        self.one("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
    }

    fn json<T: DeserializeOwned>(&self, sequence: i64, role: Role) -> Result<Option<T>, Error> {
        let Some(bytes) = self.body(sequence, role)? else { return Ok(None) };
        let read = serde_json::from_slice(&bytes);
        read.map(Some).map_err(|e| {
            Error::damaged(&self.path, format!("the {role:?} of version {sequence} is no JSON: {e}"))
        })
    }

    fn body(&self, sequence: i64, role: Role) -> Result<Option<Vec<u8>>, Error> {
        let sql = "SELECT dictionary, length, bytes FROM body WHERE key = ?1";
        let Some(key) = body_key(sequence, role) else { return Ok(None) };
        let row = |row: &Row<'_>| Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?));
        let Some((dictionary, length, bytes)) = self.one(sql, [key], row)? else { return Ok(None) };
        let dictionary = self.dictionary(dictionary)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let opened = unseal(&bytes, length, dictionary.as_deref());
        let what = || Error::damaged(&self.path, format!("version {sequence} does not decompress"));
        opened.map(Some).ok_or_else(what)
    }

    fn seal(&self, (id, dictionary, length, bytes): Packed) -> Result<Sealed, Error> {
        let id = id_of(id).ok_or_else(|| Error::damaged(&self.path, format!("{id} is no study's id")))?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        Ok(Sealed { id, length, bytes, dictionary: self.dictionary(dictionary)?, path: self.path.clone() })
    }

    /// A dictionary by id; read once.
    fn dictionary(&self, id: Option<i64>) -> Result<Option<Arc<Dictionary>>, Error> {
        let Some(id) = id else { return Ok(None) };
        let known = self.dictionaries.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let sql = "SELECT bytes FROM dictionary WHERE id = ?1";
        let bytes: Option<Vec<u8>> = self.one(sql, [id], |row| row.get(0))?;
        let bytes = bytes.ok_or_else(|| Error::damaged(&self.path, format!("dictionary {id} is absent")))?;
        let dictionary = Arc::new(Dictionary::new(id, &bytes));
        let mut all = self.dictionaries.write().unwrap_or_else(PoisonError::into_inner);
        Ok(Some(all.entry(id).or_insert(dictionary).clone()))
    }

    /// The first row of a query.
    pub(crate) fn one<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Error> {
        self.with(|connection| connection.prepare_cached(sql)?.query_row(params, read).optional())
    }

    /// All rows of a query.
    pub(crate) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, Error> {
        self.with(|connection| connection.prepare_cached(sql)?.query_map(params, read)?.collect())
    }

    /// Lends an idle connection, or a new one.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle {
            Some(connection) => connection,
            None => schema::open_for_reading(&self.path)?
                .ok_or_else(|| Error::damaged(&self.path, "it vanished while in use"))?,
        };
        let done = work(&connection).map_err(|e| self.fail(e));
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE {
            idle.push(connection);
        }
        done
    }

    fn fail(&self, error: rusqlite::Error) -> Error {
        Error::sqlite(&self.path, error)
    }
}

/// All studies' canonical records in batches; see [`Store::scan`].
pub struct Scan<'s> {
    store: &'s Store,
    batch: i64,
    after: i64,
    done: bool,
}

impl Iterator for Scan<'_> {
    type Item = Result<Vec<Sealed>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let batch = self.read();
        match &batch {
            Ok(records) if records.is_empty() => return None,
            Ok(records) => self.after = records.last().map_or(i64::MAX, |r| key(r.id)),
            Err(_) => self.done = true,
        }
        Some(batch)
    }
}

impl Scan<'_> {
    fn read(&self) -> Result<Vec<Sealed>, Error> {
        let rows = self.store.all(
            "SELECT s.id, b.dictionary, b.length, b.bytes FROM study s
             JOIN body b ON b.key = s.speaks * 4 + s.role WHERE s.id > ?1 AND s.gone IS NULL
             ORDER BY s.id LIMIT ?2",
            (self.after, self.batch),
            packed,
        )?;
        rows.into_iter().map(|row| self.store.seal(row)).collect()
    }
}

/// Study, dictionary, length once opened, bytes.
type Packed = (i64, Option<i64>, i64, Vec<u8>);

fn packed(row: &Row<'_>) -> rusqlite::Result<Packed> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

/// The number of the newest version or withdrawal.
pub(crate) const LAST: &str = "SELECT max(coalesce((SELECT max(key) / 4 FROM body), 0),
    coalesce((SELECT max(sequence) FROM standing), 0))";

/// Looks a finished source up by SHA-256.
pub(crate) const SOURCE_DONE: &str = "SELECT name, sha256, received, counts FROM source
    WHERE sha256 = ?1 AND counts IS NOT NULL ORDER BY id DESC LIMIT 1";

/// Looks a record up by mark, format and SHA-256.
pub(crate) const KNOWN: &str =
    "SELECT study FROM version WHERE mark = ?1 AND format = ?2 AND sha256 = ?3 ORDER BY sequence LIMIT 1";

/// Where the versions of a study were met again: in other sources, and in copies of all of these.
const AGAIN: &str = "
    WITH seen (version, source, place, first) AS (
        SELECT sequence, source, place, 1 FROM version WHERE study = ?1
        UNION ALL
        SELECT g.version, g.source, g.place, 0 FROM version v JOIN sighting g ON g.version = v.sequence
        WHERE v.study = ?1
    )
    SELECT version, name, sha256, received, place FROM seen JOIN source ON id = seen.source WHERE NOT first
    UNION ALL
    SELECT version, k.name, c.sha256, k.received, place
    FROM seen JOIN copy k ON k.source = seen.source JOIN source c ON c.id = seen.source
    ORDER BY 4, 2";

/// The key of a body; `None` for a number that no version can have.
pub(crate) fn body_key(sequence: i64, role: Role) -> Option<i64> {
    sequence.checked_mul(4)?.checked_add(role as i64)
}

/// A study's id as the database keeps it: below 2^63, so that the signs agree.
pub(crate) fn key(id: StudyId) -> i64 {
    id.number().cast_signed()
}

/// The id of a key; `None` if no study has it.
pub(crate) fn id_of(key: i64) -> Option<StudyId> {
    u64::try_from(key).ok().and_then(StudyId::new)
}

/// The first eight bytes of a SHA-256: enough to find it, a quarter of its size in the index.
pub(crate) fn mark(sha256: &[u8; 32]) -> i64 {
    let [a, b, c, d, e, f, g, h, ..] = *sha256;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// Reads a source's row: name, sha256, received, counts.
pub(crate) fn finished(row: &Row<'_>) -> rusqlite::Result<Finished> {
    let counts: Option<String> = row.get(3)?;
    let sha256: Option<Vec<u8>> = row.get(1)?;
    let source = Source {
        name: row.get(0)?,
        sha256: sha256.and_then(|bytes| bytes.try_into().ok()),
        received: row.get(2)?,
    };
    Ok(Finished { source, counts: counts.map(|text| serde_json::from_str(&text).unwrap_or_default()) })
}

/// Reads a row of [`AGAIN`].
fn sighting(row: &Row<'_>) -> rusqlite::Result<(i64, Sighting)> {
    let sha256: Option<Vec<u8>> = row.get(2)?;
    let source = Source {
        name: row.get(1)?,
        sha256: sha256.and_then(|bytes| bytes.try_into().ok()),
        received: row.get(3)?,
    };
    Ok((row.get(0)?, Sighting { source, place: row.get(4)? }))
}

/// Reads a version's row; `None` within if a value is out of range.
fn version(row: &Row<'_>) -> rusqlite::Result<Option<Version>> {
    let source: Option<Vec<u8>> = row.get(4)?;
    let (id, format, bytes) = (id_of(row.get(1)?), format_of(row.get(2)?), row.get::<_, i64>(8)?);
    let sha256: Result<[u8; 32], _> = row.get::<_, Vec<u8>>(7)?.try_into();
    let (Some(id), Some(format), Ok(sha256)) = (id, format, sha256) else { return Ok(None) };
    Ok(Some(Version {
        sequence: row.get(0)?,
        id,
        format,
        source: Source {
            name: row.get(3)?,
            sha256: source.and_then(|bytes| bytes.try_into().ok()),
            received: row.get(5)?,
        },
        place: row.get(6)?,
        sha256,
        bytes: u64::try_from(bytes).unwrap_or(0),
        speaks: row.get(9)?,
        again: Vec::new(),
    }))
}
