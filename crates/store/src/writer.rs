//! The one writer of a folder.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    sync::Arc,
};

use ingest::{Converted, Format, Raw};
use model::{Place, StudyId};
use rusqlite::{Connection, OptionalExtension};

use crate::{
    Counts, Error, FILE, Finished, LOCK, Prepared, Preparer, Put, Rank, Source, SourceId,
    prepare::{Body, Current, KINDS, within_source},
    schema,
    seal::{self, Dictionary},
    store::{KNOWN, LAST, SOURCE_DONE, finished, id_of, key, mark},
    version::format_code,
};

/// How many bodies of a kind make a dictionary's training set. With more the dictionary hardly gets better, and the
/// training holds up the import.
const SAMPLES: usize = 2000;

/// Bytes of training set that suffice: seventy times the dictionary.
const SAMPLE_BYTES: usize = 8 << 20;

/// A longer body is no sample: a few with posted results would be most of the set.
const SAMPLE_LONGEST: usize = 64 << 10;

/// The number of the newest source; 0 if there is none.
const LAST_SOURCE: &str = "SELECT coalesce(max(id), 0) FROM source";

/// The one writer of a folder.
///
/// What was put since the last commit is undone when the writer is dropped, and when any of its methods fails.
pub struct Writer {
    connection: Connection,
    path: PathBuf,
    next: i64,
    open: bool,
    preparer: Preparer,
    /// The same dictionaries as the preparer's, to be had without a lock.
    current: Current,
    /// Bodies without a dictionary, by kind.
    plain: [usize; KINDS],
    /// Sources begun since the last commit: undone with the transaction, they are begun again with the next.
    begun: Vec<(SourceId, Source)>,
    /// The newest source when something was last undone: this and older ones may lack records.
    torn: Option<SourceId>,
    /// Held as long as the writer lives; the system lets it go when the process ends, however it ends.
    _lock: File,
}

impl Writer {
    /// Takes the folder's write lock and opens its store; makes one if there is none.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|e| Error::io(folder, "made", e))?;
        let lock = lock(folder)?;
        let path = folder.join(FILE);
        let connection = schema::open_for_writing(folder)?;
        let tune =
            "PRAGMA cache_size = -65536; PRAGMA journal_size_limit = 67108864; PRAGMA temp_store = MEMORY;";
        connection.execute_batch(tune).map_err(|e| Error::sqlite(&path, e))?;
        connection.set_prepared_statement_cache_capacity(32);
        let mut writer = Self {
            connection,
            path,
            next: 1,
            open: false,
            preparer: Preparer::default(),
            current: Current::default(),
            plain: [0; KINDS],
            begun: Vec::new(),
            torn: None,
            _lock: lock,
        };
        writer.reload()?;
        Ok(writer)
    }

    /// What prepares records for this writer: hashes and compresses them, on other threads. Clone one for each.
    pub fn preparer(&self) -> Preparer {
        self.preparer.clone()
    }

    /// Begins a source. `received`: seconds since 1970.
    pub fn begin_source(
        &mut self,
        name: &str,
        sha256: Option<[u8; 32]>,
        received: i64,
    ) -> Result<SourceId, Error> {
        let source = Source { name: name.to_owned(), sha256, received };
        self.attempt(|w| {
            let id = SourceId(1 + w.connection.query_row(LAST_SOURCE, [], |row| row.get::<_, i64>(0))?);
            w.insert_source(id, &source)?;
            w.begun.push((id, source));
            Ok(id)
        })
    }

    /// Notes that a source was read to its end, and what came of it. From the next commit on, [`Writer::source_done`]
    /// knows it. Does nothing if an error has undone records that may have been of this source, so that its next
    /// import goes through it again.
    pub fn finish_source(&mut self, source: SourceId, counts: &Counts) -> Result<(), Error> {
        if self.torn.is_some_and(|torn| source.0 <= torn.0) {
            return Ok(());
        }
        let text = serde_json::to_string(counts).expect("numbers and strings are JSON");
        self.attempt(|w| {
            w.connection.execute("UPDATE source SET counts = ?2 WHERE id = ?1", (source.0, text)).map(drop)
        })
    }

    /// What came of a file with this SHA-256, if one was imported to its end.
    pub fn source_done(&self, sha256: &[u8; 32]) -> Result<Option<Finished>, Error> {
        let found = self.connection.query_row(SOURCE_DONE, [sha256.as_slice()], finished).optional();
        found.map_err(|e| Error::sqlite(&self.path, e))
    }

    /// The study of a record of this format with this SHA-256, committed or not.
    pub fn known(&self, format: Format, sha256: &[u8; 32]) -> Result<Option<StudyId>, Error> {
        let params = (mark(sha256), format_code(format), sha256.as_slice());
        let statement = self.connection.prepare_cached(KNOWN);
        let found = statement.and_then(|mut s| s.query_row(params, |row| row.get(0)).optional());
        Ok(found.map_err(|e| Error::sqlite(&self.path, e))?.and_then(id_of))
    }

    /// Stores one version: [`Preparer::prepare`] and [`Writer::put_prepared`] in one.
    pub fn put(&mut self, source: SourceId, raw: &Raw, converted: &Converted) -> Result<Put, Error> {
        let prepared = self.preparer.prepare(raw, converted);
        self.put_prepared(source, prepared)
    }

    /// Stores one version; durable only after [`Writer::commit`]. After an error everything since the last commit is
    /// undone.
    pub fn put_prepared(&mut self, source: SourceId, mut prepared: Prepared) -> Result<Put, Error> {
        prepared.bodies.iter_mut().for_each(|body| body.catch_up(&self.current));
        self.attempt(|w| {
            if w.holds(&prepared)? {
                w.note(source, prepared.format, &prepared.sha256, &prepared.place)?;
                return Ok(Put::Unchanged);
            }
            let sequence = w.next;
            w.insert_version(sequence, source, &prepared)?;
            for body in &prepared.bodies {
                w.insert_body(sequence, body)?;
            }
            w.next += 1;
            let put = w.let_speak(sequence, &prepared)?;
            for kind in 1..KINDS {
                w.train_when_due(kind)?;
            }
            Ok(put)
        })
    }

    /// Notes that a record which is known already ([`Writer::known`]) was met in this source. Does nothing if it was
    /// met in a source of that name before.
    pub fn saw(
        &mut self,
        source: SourceId,
        format: Format,
        sha256: &[u8; 32],
        place: &Place,
    ) -> Result<(), Error> {
        self.attempt(|w| w.note(source, format, sha256, &within_source(place)))
    }

    /// Notes a file that has the bytes of a source that was imported to its end. Does nothing if a file of that name
    /// was.
    pub fn saw_copy(&mut self, sha256: &[u8; 32], name: &str, received: i64) -> Result<(), Error> {
        let sql = "INSERT OR IGNORE INTO copy (source, name, received)
                   SELECT max(id), ?2, ?3 FROM source WHERE sha256 = ?1 AND counts IS NOT NULL
                   HAVING count(*) FILTER (WHERE name = ?2) = 0";
        self.attempt(|w| w.connection.execute(sql, (sha256.as_slice(), name, received)).map(drop))
    }

    /// Notes that the registry has a study no longer (`gone`), or has it again. All versions are kept. Whether it is
    /// news: a study that is not known, or stands so already, is left alone. A newer version lets a study come back by
    /// itself.
    pub fn stand(&mut self, id: StudyId, gone: bool, noticed: i64, source: &str) -> Result<bool, Error> {
        self.attempt(|w| {
            let sequence = w.next;
            let sql = "UPDATE study SET gone = ?2 WHERE id = ?1 AND (gone IS NULL) = ?3";
            if w.connection.execute(sql, (key(id), gone.then_some(sequence), gone))? == 0 {
                return Ok(false);
            }
            let sql =
                "INSERT INTO standing (sequence, study, gone, noticed, source) VALUES (?1, ?2, ?3, ?4, ?5)";
            w.connection.execute(sql, (sequence, key(id), gone, noticed, source))?;
            w.next += 1;
            Ok(true)
        })
    }

    /// Makes everything put so far durable, against a killed process and against a power cut. The number of the
    /// newest version that is now safe.
    pub fn commit(&mut self) -> Result<i64, Error> {
        if self.open
            && let Err(error) = self.connection.execute_batch("COMMIT")
        {
            return Err(self.undo(error));
        }
        self.open = false;
        self.begun.clear();
        Ok(self.next - 1)
    }

    /// Keeps a small value under a name; durable with the next commit.
    pub fn meta_set(&mut self, key: &str, value: &str) -> Result<(), Error> {
        self.attempt(|w| {
            w.connection.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", (key, value)).map(drop)
        })
    }

    /// Does something within a transaction, or undoes the transaction.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> rusqlite::Result<T>) -> Result<T, Error> {
        let done = self.begin().and_then(|()| work(self));
        done.map_err(|error| self.undo(error))
    }

    fn begin(&mut self) -> rusqlite::Result<()> {
        if !self.open {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.open = true;
            for (id, source) in &self.begun {
                self.insert_source(*id, source)?;
            }
        }
        Ok(())
    }

    fn insert_source(&self, id: SourceId, source: &Source) -> rusqlite::Result<()> {
        let sql = "INSERT INTO source (id, name, sha256, received) VALUES (?1, ?2, ?3, ?4)";
        let sha256 = source.sha256.as_ref().map(|s| s.as_slice());
        self.connection.prepare_cached(sql)?.execute((id.0, &source.name, sha256, source.received)).map(drop)
    }

    /// Goes back to the last commit.
    fn undo(&mut self, error: rusqlite::Error) -> Error {
        self.open = false;
        if !self.connection.is_autocommit() {
            // Fails only if SQLite has gone back by itself, which is what is wanted.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        // Moves the log into the database and empties it, as far as readers let it: it would be half the disk space
        // of a fresh import. What is not moved now is moved by the next writer.
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
        let committed = self.connection.query_row(LAST_SOURCE, [], |row| row.get(0)).ok().map(SourceId);
        self.torn = self.begun.last().map(|(id, _)| *id).or(committed).or(self.torn);
        let error = Error::sqlite(&self.path, error);
        // If even this fails, the next call meets the same trouble and says so.
        let _ = self.reload();
        error
    }

    /// Reads from the database what the writer keeps in mind.
    fn reload(&mut self) -> Result<(), Error> {
        let fail = |e| Error::sqlite(&self.path, e);
        self.next = 1 + self.connection.query_row(LAST, [], |row| row.get::<_, i64>(0)).map_err(fail)?;
        let dictionaries = "SELECT bytes, id FROM dictionary WHERE kind = ?1 ORDER BY id DESC LIMIT 1";
        let plain = "SELECT count(*) FROM body WHERE kind = ?1 AND kind > 0 AND dictionary IS NULL";
        for kind in 1..KINDS {
            let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?));
            let found =
                self.connection.query_row(dictionaries, [kind as i64], read).optional().map_err(fail)?;
            let dictionary = found.map(|(bytes, id)| Arc::new(Dictionary::new(id, &bytes)));
            self.current[kind] = dictionary.clone();
            self.preparer.set(kind, dictionary);
            let count: i64 =
                self.connection.query_row(plain, [kind as i64], |row| row.get(0)).map_err(fail)?;
            self.plain[kind] = usize::try_from(count).unwrap_or(0);
        }
        Ok(())
    }

    /// Whether this study has this very record in this format.
    fn holds(&self, prepared: &Prepared) -> rusqlite::Result<bool> {
        let sql = "SELECT 1 FROM version WHERE mark = ?1 AND format = ?2 AND study = ?3 AND sha256 = ?4";
        let params = (
            mark(&prepared.sha256),
            format_code(prepared.format),
            key(prepared.id),
            prepared.sha256.as_slice(),
        );
        self.connection.prepare_cached(sql)?.exists(params)
    }

    fn note(&self, source: SourceId, format: Format, sha256: &[u8; 32], place: &str) -> rusqlite::Result<()> {
        let sql = "WITH name (of) AS (SELECT name FROM source WHERE id = ?4)
                   INSERT OR IGNORE INTO sighting (version, source, place)
                   SELECT v.sequence, ?4, ?5 FROM version v, name
                   WHERE v.mark = ?1 AND v.format = ?2 AND v.sha256 = ?3
                   AND (SELECT name FROM source WHERE id = v.source) IS NOT name.of
                   AND NOT EXISTS (SELECT 1 FROM sighting g JOIN source s ON s.id = g.source
                                   WHERE g.version = v.sequence AND s.name = name.of)";
        let params = (mark(sha256), format_code(format), sha256.as_slice(), source.0, place);
        self.connection.prepare_cached(sql)?.execute(params).map(drop)
    }

    fn insert_version(&self, sequence: i64, source: SourceId, prepared: &Prepared) -> rusqlite::Result<()> {
        let sql = "INSERT INTO version (study, sequence, format, source, place, sha256, mark, length)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let params = (
            key(prepared.id),
            sequence,
            format_code(prepared.format),
            source.0,
            &prepared.place,
            prepared.sha256.as_slice(),
            mark(&prepared.sha256),
            prepared.length as i64,
        );
        self.connection.prepare_cached(sql)?.execute(params).map(drop)
    }

    fn insert_body(&mut self, sequence: i64, body: &Body) -> rusqlite::Result<()> {
        let sql = "INSERT INTO body (key, kind, dictionary, length, bytes) VALUES (?1, ?2, ?3, ?4, ?5)";
        let key = sequence * 4 + body.role as i64;
        let dictionary = body.dictionary.as_ref().map(|d| d.id);
        let params = (key, body.kind as i64, dictionary, body.length as i64, &body.bytes);
        self.connection.prepare_cached(sql)?.execute(params)?;
        if body.dictionary.is_none() {
            self.plain[body.kind] += 1;
        }
        Ok(())
    }

    /// Lets a new version speak for its study if its rank is at least that of the one that speaks.
    fn let_speak(&self, sequence: i64, prepared: &Prepared) -> rusqlite::Result<Put> {
        let id = key(prepared.id);
        let mut known = self.connection.prepare_cached("SELECT rank FROM study WHERE id = ?1")?;
        let known: Option<Vec<u8>> = known.query_row([id], |row| row.get(0)).optional()?;
        let speaking = known.as_deref().and_then(Rank::from_bytes);
        if speaking.is_some_and(|rank| rank > prepared.rank) {
            return Ok(Put::Kept);
        }
        let canonical = prepared.canonical();
        let sql = "INSERT OR REPLACE INTO study (id, speaks, role, length, rank) VALUES (?1, ?2, ?3, ?4, ?5)";
        let rank = prepared.rank.to_bytes();
        let params = (id, sequence, canonical.role as i64, canonical.length as i64, rank.as_slice());
        self.connection.prepare_cached(sql)?.execute(params)?;
        if known.is_some() {
            self.connection.prepare_cached("DELETE FROM alias WHERE study = ?1")?.execute([id])?;
        }
        for alias in &prepared.aliases {
            let sql = "INSERT INTO alias (alias, study) VALUES (?1, ?2)";
            self.connection.prepare_cached(sql)?.execute((key(*alias), id))?;
        }
        Ok(if known.is_some() { Put::Changed } else { Put::Added })
    }

    /// Trains the dictionary of a kind once there are enough bodies without one, and compresses those again.
    fn train_when_due(&mut self, kind: usize) -> rusqlite::Result<()> {
        if self.current[kind].is_some() || self.plain[kind] < SAMPLES {
            return Ok(());
        }
        let samples = self.samples(kind)?;
        let Some(bytes) = seal::train(&samples) else {
            // Too uniform to learn from, or too short. Ask again when twice as many are there.
            self.plain[kind] = 0;
            return Ok(());
        };
        drop(samples);
        let sql = "INSERT INTO dictionary (kind, bytes) VALUES (?1, ?2)";
        self.connection.execute(sql, (kind as i64, &bytes))?;
        let dictionary = Arc::new(Dictionary::new(self.connection.last_insert_rowid(), &bytes));
        self.pack(kind, &dictionary)?;
        self.plain[kind] = 0;
        self.current[kind] = Some(dictionary.clone());
        self.preparer.set(kind, Some(dictionary));
        Ok(())
    }

    fn samples(&self, kind: usize) -> rusqlite::Result<Vec<Vec<u8>>> {
        let sql = "SELECT length, bytes FROM body WHERE dictionary IS NULL AND kind > 0 AND kind = ?1
                   AND length <= ?2 ORDER BY key";
        let mut statement = self.connection.prepare(sql)?;
        let mut rows = statement.query((kind as i64, SAMPLE_LONGEST as i64))?;
        let (mut samples, mut total) = (Vec::new(), 0);
        while let Some(row) = rows.next()?
            && total < SAMPLE_BYTES
        {
            let length = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            let Some(sample) = seal::unseal(row.get_ref(1)?.as_blob()?, length, None) else { continue };
            total += sample.len();
            samples.push(sample);
        }
        Ok(samples)
    }

    /// Compresses with a dictionary all bodies of a kind that were stored without one.
    fn pack(&self, kind: usize, dictionary: &Dictionary) -> rusqlite::Result<()> {
        let plain = "SELECT key FROM body WHERE dictionary IS NULL AND kind > 0 AND kind = ?1 ORDER BY key";
        let mut keys = self.connection.prepare(plain)?;
        let keys: Vec<i64> =
            keys.query_map([kind as i64], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut read = self.connection.prepare("SELECT length, bytes FROM body WHERE key = ?1")?;
        let sql = "UPDATE body SET dictionary = ?2, bytes = ?3 WHERE key = ?1";
        let mut write = self.connection.prepare(sql)?;
        for key in keys {
            let (length, bytes): (i64, Vec<u8>) =
                read.query_row([key], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            // What does not decompress stays as it is, for `check` to report.
            if let Some(plain) = seal::unseal(&bytes, length, None) {
                write.execute((key, dictionary.id, seal::seal(&plain, Some(dictionary))))?;
            }
        }
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if self.open {
            // The connection's end would undo it as well; nothing can be said here if this fails.
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        // Moves the log into the database and empties it, as far as readers let it: it would be half the disk space
        // of a fresh import. What is not moved now is moved by the next writer.
        let _ = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)");
    }
}

/// Takes the write lock of a folder.
fn lock(folder: &Path) -> Result<File, Error> {
    let path = folder.join(LOCK);
    let file = File::options().write(true).create(true).truncate(false).open(&path);
    let file = file.map_err(|e| Error::io(&path, "opened", e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(e)) => Err(Error::io(&path, "locked", e)),
    }
}

#[cfg(test)]
mod tests {
    use model::Place;
    use serde_json::json;

    use super::*;
    use crate::Store;

    /// A record whose text does not compress to nothing.
    fn record(number: u32) -> (Raw, Converted) {
        let id = StudyId::new(number.into()).unwrap();
        let words: Vec<String> =
            (0..200u32).map(|i| (i ^ number).wrapping_mul(2_654_435_761).to_string()).collect();
        let study = json!({"protocolSection": {"identificationModule": {"nctId": id, "briefTitle": words.join(" ")}}});
        let raw = Raw { format: Format::V2, bytes: study.to_string().into_bytes(), place: Place::default() };
        (raw, Converted { id, study, page: None, issues: vec![] })
    }

    #[test]
    fn a_source_of_which_something_was_undone_is_not_finished() {
        let folder = testkit::folder();
        let mut writer = Writer::open(folder.path()).unwrap();
        let first = writer.begin_source("first", Some([1; 32]), 0).unwrap();
        let _ = writer.undo(rusqlite::Error::InvalidQuery);
        let (raw, converted) = record(1);
        writer.put(first, &raw, &converted).unwrap();
        let second = writer.begin_source("second", Some([2; 32]), 0).unwrap();
        writer.finish_source(first, &Counts::default()).unwrap();
        writer.finish_source(second, &Counts::default()).unwrap();
        writer.commit().unwrap();
        assert_eq!(writer.source_done(&[1; 32]).unwrap(), None);
        assert!(writer.source_done(&[2; 32]).unwrap().is_some());
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.versions(converted.id).unwrap()[0].source.name, "first");
    }

    /// A disk that fills up while the dictionary is new: records that were prepared with it are still on their way.
    #[test]
    fn a_dictionary_that_was_undone_harms_no_record() {
        let folder = testkit::folder();
        let mut writer = Writer::open(folder.path()).unwrap();
        let source = writer.begin_source("x", None, 0).unwrap();
        writer.commit().unwrap();
        let preparer = writer.preparer();
        let samples = u32::try_from(SAMPLES).unwrap();
        let put = |writer: &mut Writer, n| {
            let (raw, converted) = record(n);
            writer.put(source, &raw, &converted).unwrap();
        };
        (1..=samples).for_each(|n| put(&mut writer, n));
        let (raw, converted) = record(samples + 1);
        let on_its_way = preparer.prepare(&raw, &converted);
        assert!(on_its_way.bodies[0].dictionary.is_some());
        let _ = writer.undo(rusqlite::Error::InvalidQuery);
        writer.put_prepared(source, on_its_way).unwrap();
        writer.commit().unwrap();
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.ids().unwrap(), [converted.id]);
        assert_eq!(store.study(converted.id).unwrap().unwrap()[..], raw.bytes[..]);
        assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
    }

    #[test]
    fn a_full_disk_keeps_what_was_committed_and_the_writer_goes_on_later() {
        let folder = testkit::folder();
        let mut writer = Writer::open(folder.path()).unwrap();
        let source = writer.begin_source("x", None, 0).unwrap();
        let put = |writer: &mut Writer, n| {
            let (raw, converted) = record(n);
            writer.put(source, &raw, &converted)
        };
        put(&mut writer, 1).unwrap();
        assert_eq!(writer.commit().unwrap(), 1);
        let limit = |writer: &Writer, pages: i64| {
            writer.connection.pragma_update(None, "max_page_count", pages).unwrap();
        };
        let pages = |row: &rusqlite::Row<'_>| row.get::<_, i64>(0);
        let now = writer.connection.pragma_query_value(None, "page_count", pages).unwrap();
        limit(&writer, now + 2);
        let error = (2..5000).find_map(|n| put(&mut writer, n).err()).unwrap();
        assert!(matches!(error, Error::Full { .. }), "{error}");
        assert!(error.to_string().contains("make room"));
        assert_eq!(writer.commit().unwrap(), 1, "what came after the commit is undone");
        limit(&writer, 1 << 20);
        assert_eq!(put(&mut writer, 2).unwrap(), Put::Added);
        assert_eq!(writer.commit().unwrap(), 2);
        let store = Store::open(folder.path()).unwrap();
        assert_eq!(store.len().unwrap(), 2);
        assert_eq!(store.check(&mut |_, _| ()).unwrap(), []);
    }
}
