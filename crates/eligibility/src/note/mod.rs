//! A clinician's note about a person to facts: who, what, since when, and what is said not to be so.
//!
//! The words are those of the criteria reader ([`crate::read`]): the same tables find variables, concepts and
//! quantities. Here they are statements. What stands behind `no` is absent, what is said of the family is not the
//! person's, what is `possible` is not certain. Every fact keeps the bytes of the note that it was read from.

mod mention;
mod scope;
mod sentence;
mod value;
mod when;
mod who;

use jiff::civil::Date;
use model::{Fact, Subject};

use crate::read::elements::Elements;
use crate::read::token::Lexer;

/// Reads notes; keeps what it has learned of words between them.
#[derive(Debug, Default)]
pub struct NoteReader {
    lexer: Lexer,
    elements: Elements,
}

impl NoteReader {
    /// A reader.
    pub fn new() -> Self {
        Self::default()
    }

    /// The person that a note is about. `written` is the day that `3 months ago` counts from.
    pub fn read(&mut self, note: &str, written: Date) -> Subject {
        let mut facts: Vec<Fact> = Vec::new();
        let sentences = sentence::cut(note);
        let who = who::read(note, &sentences);
        for sentence in sentences {
            self.elements.read(&mut self.lexer, note, sentence.start, sentence.end);
            let clause = scope::Clause::new(note, &self.elements, written);
            value::read(&clause, &mut facts);
            mention::read(&clause, &mut facts);
        }
        facts.dedup();
        let mut subject = Subject { sex: who.sex, birth: who.birth, facts, ..Subject::default() };
        subject.sort();
        subject
    }
}
