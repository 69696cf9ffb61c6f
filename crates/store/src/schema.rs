//! The database's tables, and how a file comes to have them.
//!
//! `study`: one row a study: which version speaks, and what lists need of it. `version`: one row a version,
//! without its bytes. `body`: the bytes, compressed; only ever added to, but for the packing of the first few
//! thousand once a dictionary exists. A body's key is `sequence * 4 + role`, so that a study is two look-ups
//! by integer key away. `sighting` and `copy`: where the bytes of a version were met again, in another
//! source or in a file that is the same as a known one. `answer`: what people have answered where no record decides.
//! `standing`: when a study was missed in its registry, and when it was back. `search`, `search_hit`, `search_event`:
//! saved searches, what they found when they were last looked at, and what came and went since.

use std::{fs, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::{Error, FILE};

/// `Tria`, in the file's header: tells our databases from others.
pub(crate) const APPLICATION: i64 = 0x5472_6961;

/// Steps from each format to the next; the format of a file is the number of steps taken.
const STEPS: [&str; 4] = [
    "
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE dictionary (id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, bytes BLOB NOT NULL);
    CREATE TABLE source (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        sha256 BLOB,
        received INTEGER NOT NULL,
        counts TEXT  -- JSON; NULL until the source was imported to its end
    );
    CREATE INDEX source_sha256 ON source (sha256) WHERE counts IS NOT NULL;
    CREATE TABLE study (
        id INTEGER PRIMARY KEY,
        speaks INTEGER NOT NULL,  -- sequence of the version that speaks
        role INTEGER NOT NULL,    -- which of its bodies is the canonical record
        length INTEGER NOT NULL,  -- of the canonical record
        rank BLOB NOT NULL        -- of that version
    );
    CREATE UNIQUE INDEX study_speaks ON study (speaks);
    CREATE TABLE version (
        study INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        format INTEGER NOT NULL,
        source INTEGER NOT NULL,
        place TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        mark INTEGER NOT NULL,    -- the first eight bytes of sha256
        length INTEGER NOT NULL,
        PRIMARY KEY (study, sequence)
    ) WITHOUT ROWID;
    CREATE INDEX version_mark ON version (mark);
    CREATE TABLE alias (
        alias INTEGER NOT NULL,
        study INTEGER NOT NULL,
        PRIMARY KEY (alias, study)
    ) WITHOUT ROWID;
    CREATE INDEX alias_study ON alias (study);
    CREATE TABLE body (
        key INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,    -- 0: never with a dictionary
        dictionary INTEGER,
        length INTEGER NOT NULL,
        bytes BLOB NOT NULL
    );
    CREATE INDEX body_plain ON body (kind) WHERE dictionary IS NULL AND kind > 0;
",
    "
    CREATE TABLE sighting (
        version INTEGER NOT NULL, -- its sequence
        source INTEGER NOT NULL,  -- never one of the name of its first source
        place TEXT NOT NULL,
        PRIMARY KEY (version, source)
    ) WITHOUT ROWID;
    CREATE TABLE copy (
        source INTEGER NOT NULL,  -- the one whose bytes it has
        name TEXT NOT NULL,
        received INTEGER NOT NULL,
        PRIMARY KEY (source, name)
    ) WITHOUT ROWID;
",
    "
    CREATE TABLE answer (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL,    -- id of the person; empty where it holds for everybody
        about TEXT NOT NULL,      -- words, or the section of the criterion
        phrase TEXT NOT NULL,     -- the words as they are compared
        question TEXT NOT NULL,   -- the words as they stand
        holds INTEGER NOT NULL,
        name TEXT NOT NULL,       -- who answered
        day TEXT NOT NULL,        -- when: yyyy-mm-dd
        note TEXT NOT NULL
    );
    CREATE UNIQUE INDEX answer_once ON answer (subject, about, phrase);
",
    "
    ALTER TABLE study ADD COLUMN gone INTEGER;  -- sequence of its withdrawal; NULL while the registry has it
    CREATE TABLE standing (
        sequence INTEGER PRIMARY KEY,  -- counted with the versions
        study INTEGER NOT NULL,
        gone INTEGER NOT NULL,         -- 1: withdrawn, 0: back
        noticed INTEGER NOT NULL,
        source TEXT NOT NULL
    );
    CREATE INDEX standing_study ON standing (study);
    CREATE TABLE search (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        request TEXT NOT NULL,         -- JSON
        saved INTEGER NOT NULL,
        looked INTEGER NOT NULL,       -- when its hits were last looked at
        told INTEGER NOT NULL          -- the last event that somebody was told of
    );
    CREATE TABLE search_hit (
        search INTEGER NOT NULL,
        study INTEGER NOT NULL,
        sequence INTEGER NOT NULL,     -- of the version that spoke
        PRIMARY KEY (search, study)
    ) WITHOUT ROWID;
    CREATE TABLE search_event (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        search INTEGER NOT NULL,
        study INTEGER NOT NULL,
        kind INTEGER NOT NULL,         -- 0 new, 1 changed, 2 gone
        before INTEGER,                -- sequence of the version that spoke when it was last looked at
        after INTEGER,                 -- sequence of the version that speaks now
        noticed INTEGER NOT NULL
    );
    CREATE INDEX search_event_search ON search_event (search, number);
",
];

/// The newest format, which this program writes.
pub(crate) const FORMAT: i64 = STEPS.len() as i64;

/// Bytes of a database page. A compressed record of the mean size fills 4096 bytes badly, as every one begins pages
/// of its own. 7,316 records of 11 KB, file size by that of the records (`examples/measure.rs`): 0.334 with
/// pages of 4 KB, 0.337 with 8, 0.314 with 16, 0.299 with 32, 0.296 with 64, at equal speed.
const PAGE: i64 = 32768;

/// How long to wait for another process's lock.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens the database of a folder for writing; makes folder, file and tables, and brings an older file up to date.
pub(crate) fn open_for_writing(folder: &Path) -> Result<Connection, Error> {
    fs::create_dir_all(folder).map_err(|e| Error::io(folder, "made", e))?;
    let path = folder.join(FILE);
    let fail = |e| Error::sqlite(&path, e);
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(&path, flags).map_err(fail)?;
    connection.busy_timeout(PATIENCE).map_err(fail)?;
    if is_new(&connection).map_err(fail)? {
        connection.pragma_update(None, "page_size", PAGE).map_err(fail)?;
    } else {
        recognise(&connection, &path)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(fail)?;
    migrate(&mut connection).map_err(fail)?;
    Ok(connection)
}

/// Opens the database of a folder for reading. `None` if there is no such file or it is of an older format.
pub(crate) fn open_for_reading(path: &Path) -> Result<Option<Connection>, Error> {
    match path.metadata() {
        Ok(meta) if meta.len() == 0 => return Ok(None),
        Ok(_) => {}
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(Error::io(path, "opened", e)),
    }
    let connection = reader(path)?;
    Ok((recognise(&connection, path)? == FORMAT).then_some(connection))
}

/// A connection that reads; on a medium that cannot be written, one that takes the file as unchanging.
fn reader(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let first = Connection::open_with_flags(path, flags).and_then(|connection| {
        connection.busy_timeout(PATIENCE)?;
        is_new(&connection)?;
        Ok(connection)
    });
    match first.map_err(|e| Error::sqlite(path, e)) {
        Err(Error::Denied { .. }) if !has_log(path) => unchanging(path, flags),
        other => other,
    }
}

/// Whether commits are waiting in a write-ahead log, which an unchanging reading would pass over.
fn has_log(path: &Path) -> bool {
    let log = path.with_file_name(format!("{FILE}-wal"));
    log.metadata().is_ok_and(|m| m.len() > 0)
}

/// Without shared memory SQLite reads a WAL database only if told that nobody writes it.
fn unchanging(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
    let text = path.to_string_lossy();
    let escaped = text.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    let uri = format!("file:{escaped}?immutable=1");
    let connection = Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI);
    connection.and_then(|c| is_new(&c).map(|_| c)).map_err(|e| Error::sqlite(path, e))
}

/// Whether the file has nothing in it yet.
fn is_new(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

/// The format of one of our files; an error if it is another's or too new.
fn recognise(connection: &Connection, path: &Path) -> Result<i64, Error> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let application = pragma("application_id").map_err(|e| Error::sqlite(path, e))?;
    let found = pragma("user_version").map_err(|e| Error::sqlite(path, e))?;
    // A file without tables is what a disk leaves that was full when the store was made.
    if application == 0 && found == 0 && is_new(connection).map_err(|e| Error::sqlite(path, e))? {
        return Ok(0);
    }
    if application != APPLICATION {
        return Err(Error::NotOurs { path: path.to_owned() });
    }
    if found > FORMAT {
        return Err(Error::Newer { path: path.to_owned(), found, known: FORMAT });
    }
    Ok(found)
}

/// Takes the steps that are missing, all or none. Two processes may try at once: the second finds nothing to do.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    if found < FORMAT {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", FORMAT)?;
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unchanging_store_is_read_whatever_its_path_is_called() {
        let folder = testkit::folder();
        let odd = folder.path().join("50% of #1?");
        drop(open_for_writing(&odd).unwrap());
        let path = odd.join(FILE);
        let connection = unchanging(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        assert_eq!(recognise(&connection, &path).unwrap(), FORMAT);
        assert!(!has_log(&path));
    }

    #[test]
    fn steps_are_taken_once() {
        let folder = testkit::folder();
        for _ in 0..2 {
            let connection = open_for_writing(folder.path()).unwrap();
            let pragma =
                |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).unwrap();
            assert_eq!((pragma("user_version"), pragma("page_size")), (FORMAT, PAGE));
            // 2 is FULL: each commit is flushed to the disk.
            assert_eq!(pragma("synchronous"), 2);
        }
    }

    #[test]
    fn a_file_of_the_first_format_keeps_what_it_has() {
        let folder = testkit::folder();
        let path = folder.path().join(FILE);
        let old = Connection::open(&path).unwrap();
        old.execute_batch(STEPS[0]).unwrap();
        old.execute_batch("INSERT INTO meta VALUES ('kept', 'so')").unwrap();
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        let store = crate::Store::open(folder.path()).unwrap();
        assert_eq!(store.meta_get("kept").unwrap().as_deref(), Some("so"));
        assert_eq!(store.versions(model::StudyId::new(1).unwrap()).unwrap(), []);
        assert_eq!(recognise(&reader(&path).unwrap(), &path).unwrap(), FORMAT);
    }

    /// A file of an older format is brought up to date by whoever opens it, a reader as well.
    #[test]
    fn an_older_file_is_not_read_as_it_is() {
        let folder = testkit::folder();
        let connection = open_for_writing(folder.path()).unwrap();
        connection.pragma_update(None, "user_version", FORMAT - 1).unwrap();
        drop(connection);
        assert!(open_for_reading(&folder.path().join(FILE)).unwrap().is_none());
    }
}
