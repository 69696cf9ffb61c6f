//! `trialist match`: from a person to the studies.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
};

use ::matching::topic::{Settings, Topic, best};
use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde::Deserialize;

use super::Context;
use crate::{
    data,
    ending::{Ending, Unreadable},
    terminal,
};

/// Find the studies that are about a person
///
/// Everything is computed on this machine; nothing about a person is written to disk.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Match {
    /// Notes in plain words, one a line: {"_id": "...", "text": "..."}
    #[arg(long, value_name = "FILE")]
    notes: PathBuf,
    /// At most so many studies for each person (0: all that are about them at all)
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist match --notes topics.jsonl --format trec --top 1000 > run.txt

A line of --format trec is `topic Q0 NCT rank score tag`, best first.";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A run as the TREC conferences compare them
    #[default]
    Trec,
}

/// A line of a file of notes.
#[derive(Deserialize)]
struct Note {
    #[serde(rename = "_id", alias = "id")]
    id: String,
    text: String,
}

impl Match {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let notes = read(&self.notes)?;
        let registry = data::open(&context.data, context.quiet)?;
        let snapshot = registry.index().snapshot();
        let settings = Settings::default();
        let top = if self.top == 0 { usize::MAX } else { self.top };
        let mut out = terminal::output();
        for note in notes {
            let topic = Topic::of_note(&note.text, &settings);
            let scores = topic.scores(&snapshot, &registry, &settings)?;
            for (place, study) in best(&scores, top).into_iter().enumerate() {
                let (id, score) = (snapshot.id(study), scores[study as usize]);
                writeln!(out, "{} Q0 {id} {} {score:.6} trialist", note.id, place + 1)?;
            }
        }
        out.flush()?;
        Ok(Ending::Done)
    }
}

/// The notes of a file; a line that is none ends it all, by its number.
fn read(path: &Path) -> Result<Vec<Note>> {
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut notes = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let place = format!("{}, line {}", path.display(), number + 1);
        let note: Note = serde_json::from_str(&line).map_err(|error| {
            Unreadable(format!("{place}: expected {{\"_id\": ..., \"text\": ...}}: {error}"))
        })?;
        if note.id.is_empty() || note.id.contains(char::is_whitespace) {
            return Err(
                Unreadable(format!("{place}: the id of a note has no blanks, and is not empty")).into()
            );
        }
        notes.push(note);
    }
    Ok(notes)
}
