//! Whether the store is whole: for `trialist doctor`.

use std::fmt;

use model::StudyId;
use rusqlite::Row;

use crate::{Error, Store, prepare::sha256, store::id_of};

/// Something that is wrong in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// SQLite's own check found the file damaged.
    File(String),
    /// A dictionary that records were compressed with is absent.
    DictionaryAbsent(i64),
    /// The bytes of a version cannot be read back, or are not those that were received.
    Version {
        /// The version.
        sequence: i64,
        /// Its study.
        id: StudyId,
        /// What is wrong with it.
        what: String,
    },
    /// A study's speaking version is absent, or has no canonical record.
    Speaker {
        /// The study.
        id: StudyId,
        /// What is wrong with it.
        what: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(what) => write!(f, "the database file: {what}"),
            Self::DictionaryAbsent(id) => write!(f, "the compression dictionary {id} is absent"),
            Self::Version { sequence, id, what } => write!(f, "version {sequence} of {id}: {what}"),
            Self::Speaker { id, what } => write!(f, "{id}: {what}"),
        }
    }
}

impl Store {
    /// Reads everything and says what is wrong; empty if all is well. `progress` is told how many versions of how
    /// many were read.
    pub fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Vec<Problem>, Error> {
        let mut problems = self.check_file()?;
        for part in [Self::check_dictionaries, Self::check_sources, Self::check_speakers] {
            match part(self) {
                Ok(found) => problems.extend(found),
                Err(Error::Damaged { what, .. }) => problems.push(Problem::File(what)),
                Err(other) => return Err(other),
            }
        }
        match self.check_versions(progress, &mut problems) {
            Err(Error::Damaged { what, .. }) => problems.push(Problem::File(what)),
            done => done?,
        }
        Ok(problems)
    }

    fn check_file(&self) -> Result<Vec<Problem>, Error> {
        let found = self.all("PRAGMA integrity_check(20)", [], |row| row.get::<_, String>(0));
        match found {
            Ok(lines) => Ok(lines.into_iter().filter(|line| line != "ok").map(Problem::File).collect()),
            Err(Error::Damaged { what, .. }) => Ok(vec![Problem::File(what)]),
            Err(other) => Err(other),
        }
    }

    fn check_dictionaries(&self) -> Result<Vec<Problem>, Error> {
        let sql = "SELECT DISTINCT dictionary FROM body WHERE dictionary IS NOT NULL
                   AND dictionary NOT IN (SELECT id FROM dictionary) ORDER BY 1";
        Ok(self.all(sql, [], |row| row.get(0))?.into_iter().map(Problem::DictionaryAbsent).collect())
    }

    fn check_sources(&self) -> Result<Vec<Problem>, Error> {
        let sql =
            "SELECT DISTINCT source FROM version WHERE source NOT IN (SELECT id FROM source) ORDER BY 1";
        let absent = |id: i64| Problem::File(format!("source {id}, which versions name, is absent"));
        let mut found: Vec<Problem> = self.all(sql, [], |row| row.get(0))?.into_iter().map(absent).collect();
        let sql = "SELECT count(*) FROM sighting WHERE source NOT IN (SELECT id FROM source)
                   OR version NOT IN (SELECT sequence FROM version)";
        let lost: i64 = self.all(sql, [], |row| row.get::<_, i64>(0))?.into_iter().sum();
        if lost > 0 {
            found.push(Problem::File(format!("{lost} notes of further sources name what is absent")));
        }
        Ok(found)
    }

    fn check_speakers(&self) -> Result<Vec<Problem>, Error> {
        let sql = "SELECT s.id, s.speaks, v.sequence IS NULL, b.length IS NULL, b.length IS NOT s.length
                   FROM study s LEFT JOIN version v ON v.study = s.id AND v.sequence = s.speaks
                   LEFT JOIN body b ON b.key = s.speaks * 4 + s.role
                   WHERE v.sequence IS NULL OR b.length IS NOT s.length
                   UNION ALL
                   SELECT study, max(sequence), 0, 0, 0 FROM version
                   WHERE study NOT IN (SELECT id FROM study) GROUP BY study ORDER BY 1";
        Ok(self.all(sql, [], speaker)?.into_iter().flatten().collect())
    }

    fn check_versions(
        &self,
        progress: &mut dyn FnMut(u64, u64),
        problems: &mut Vec<Problem>,
    ) -> Result<(), Error> {
        let sql = "SELECT study, sequence, sha256, length FROM version ORDER BY sequence";
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        let versions: Vec<(i64, i64, Vec<u8>, i64)> = self.all(sql, [], read)?;
        let total = versions.len() as u64;
        for (done, (id, sequence, sha256, length)) in versions.into_iter().enumerate() {
            let Some(id) = id_of(id) else {
                problems.push(Problem::File(format!("version {sequence} is of no study")));
                continue;
            };
            if let Some(what) = self.check_version(sequence, &sha256, length)? {
                problems.push(Problem::Version { sequence, id, what });
            }
            progress(done as u64 + 1, total);
        }
        Ok(())
    }

    /// What is wrong with a version, if anything is.
    fn check_version(&self, sequence: i64, expected: &[u8], length: i64) -> Result<Option<String>, Error> {
        let bytes = match self.version_bytes(sequence) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Some("its bytes are absent".into())),
            Err(Error::Damaged { what, .. }) => return Ok(Some(what)),
            Err(other) => return Err(other),
        };
        if i64::try_from(bytes.len()) != Ok(length) || sha256(&bytes) != expected {
            return Ok(Some("its bytes are not those that were received".into()));
        }
        let rest = self
            .version_study(sequence)
            .and_then(|_| self.page(sequence))
            .and_then(|_| self.issues(sequence));
        match rest {
            Ok(_) => Ok(None),
            Err(Error::Damaged { what, .. }) => Ok(Some(what)),
            Err(other) => Err(other),
        }
    }
}

fn speaker(row: &Row<'_>) -> rusqlite::Result<Option<Problem>> {
    let (sequence, no_version, no_body, other_length): (i64, bool, bool, bool) =
        (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
    let what = match (no_version, no_body, other_length) {
        (true, ..) => format!("version {sequence}, which should speak for it, is absent"),
        (_, true, _) => format!("the canonical record of version {sequence} is absent"),
        (.., true) => format!("the canonical record of version {sequence} has another length than noted"),
        _ => "it has versions, but none speaks for it".to_owned(),
    };
    Ok(id_of(row.get(0)?).map(|id| Problem::Speaker { id, what }))
}
