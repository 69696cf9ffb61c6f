//! Notes in plain words, one a line.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::ending::Unreadable;

/// A line of a file of notes.
#[derive(Deserialize)]
pub struct Note {
    /// What the results are called by.
    #[serde(rename = "_id", alias = "id")]
    pub id: String,
    /// The note.
    pub text: String,
}

/// The notes of a file; a line that is none ends it all, by its number.
pub fn read(path: &Path) -> Result<Vec<Note>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut notes = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("{}, line {}", path.display(), number + 1);
        let expected = "expected {\"_id\": \"...\", \"text\": \"...\"}";
        let note: Note = serde_json::from_str(&line)
            .map_err(|error| Unreadable(format!("{place}: {expected}: {error}")))?;
        if note.id.is_empty() || note.id.contains(char::is_whitespace) {
            return Err(
                Unreadable(format!("{place}: the id of a note is not empty and has no blanks")).into()
            );
        }
        notes.push(note);
    }
    Ok(notes)
}
