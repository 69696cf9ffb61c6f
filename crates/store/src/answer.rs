//! What people have answered where no record decides: kept beside the records, by the person it is about.
//!
//! Answers are few and come one at a time, so each is written by itself, while an import may run.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Row};

use crate::{Error, FILE, Store, schema};

/// An answer as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The id of the person it is about; empty where it holds for everybody.
    pub subject: String,
    /// `words`, or the section of the criterion it is about: the same words there are another question.
    pub about: String,
    /// The words as they are compared.
    #[serde(skip)]
    pub phrase: String,
    /// The words as they stand.
    pub question: String,
    /// Whether it is so.
    pub holds: bool,
    /// Who answered.
    pub by: String,
    /// When: `yyyy-mm-dd`.
    pub date: String,
    /// Why, or from where.
    pub note: String,
}

/// An answer that is kept, and its number.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Kept {
    /// The number by which it is removed; never used twice.
    pub number: i64,
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
}

const COLUMNS: &str = "id, subject, about, phrase, question, holds, name, day, note";

impl Store {
    /// The answers about a person, and those that hold for everybody; all there are if no person is named.
    pub fn answers(&self, subject: Option<&str>) -> Result<Vec<Kept>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM answer WHERE ?1 IS NULL OR subject = ?1 OR subject = '' ORDER BY id"
        );
        self.all(&sql, [subject], kept)
    }
}

/// A folder's answers, for writing.
pub struct Answers {
    path: PathBuf,
    connection: Connection,
}

impl Answers {
    /// Opens the answers of a data folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Ok(Self { path: folder.join(FILE), connection: schema::open_for_writing(folder)? })
    }

    /// Keeps an answer. What was answered already stays as it was: then the answer that stands is the error.
    pub fn add(&mut self, answer: &Answer) -> Result<Result<i64, Kept>, Error> {
        self.added(answer).map_err(|error| Error::sqlite(&self.path, error))
    }

    fn added(&mut self, answer: &Answer) -> rusqlite::Result<Result<i64, Kept>> {
        let transaction =
            self.connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        let sql = format!("SELECT {COLUMNS} FROM answer WHERE subject = ?1 AND about = ?2 AND phrase = ?3");
        let same = (&answer.subject, &answer.about, &answer.phrase);
        if let Some(standing) = transaction.query_row(&sql, same, kept).optional()? {
            return Ok(Err(standing));
        }
        transaction.execute(
            "INSERT INTO answer (subject, about, phrase, question, holds, name, day, note)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                &answer.subject,
                &answer.about,
                &answer.phrase,
                &answer.question,
                answer.holds,
                &answer.by,
                &answer.date,
                &answer.note,
            ),
        )?;
        let number = transaction.last_insert_rowid();
        transaction.commit()?;
        Ok(Ok(number))
    }

    /// Removes an answer by its number; whether there was one.
    pub fn remove(&mut self, number: i64) -> Result<bool, Error> {
        let gone = self.connection.execute("DELETE FROM answer WHERE id = ?1", [number]);
        gone.map(|rows| rows > 0).map_err(|error| Error::sqlite(&self.path, error))
    }
}

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        number: row.get(0)?,
        answer: Answer {
            subject: row.get(1)?,
            about: row.get(2)?,
            phrase: row.get(3)?,
            question: row.get(4)?,
            holds: row.get(5)?,
            by: row.get(6)?,
            date: row.get(7)?,
            note: row.get(8)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(subject: &str, holds: bool) -> Answer {
        Answer {
            subject: subject.into(),
            about: "words".into(),
            phrase: "able to comply".into(),
            question: "Able to comply".into(),
            holds,
            by: "A. B.".into(),
            date: "2026-05-17".into(),
            note: String::new(),
        }
    }

    #[test]
    fn an_answer_is_given_once_a_person_and_stays_until_it_is_removed() {
        let folder = testkit::folder();
        let mut answers = Answers::open(folder.path()).unwrap();
        let first = answers.add(&answer("p1", true)).unwrap().unwrap();
        let second = answers.add(&answer("p2", false)).unwrap().unwrap();
        let standing = answers.add(&answer("p1", false)).unwrap().unwrap_err();
        assert_eq!((standing.number, standing.answer.holds), (first, true));
        let store = Store::open(folder.path()).unwrap();
        let of = |subject: &str| store.answers(Some(subject)).unwrap();
        assert_eq!(of("p1").iter().map(|kept| kept.number).collect::<Vec<_>>(), [first]);
        assert_eq!((of("p3").len(), store.answers(None).unwrap().len()), (0, 2));
        assert!(answers.remove(second).unwrap() && !answers.remove(second).unwrap());
        let third = answers.add(&answer("", true)).unwrap().unwrap();
        assert!(third > second, "a number is never used twice");
        assert_eq!(of("p3").len(), 1, "what holds for everybody holds for them");
    }
}
