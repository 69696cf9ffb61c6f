//! Notes against single criteria, a pair a line.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use eligibility::evaluate::{Finding, Missing, Outcome, Person, Settings, Want, evaluate, to_json};
use eligibility::note::NoteReader;
use eligibility::read::{Options, Reader};
use eligibility::tree::{Polarity, Reason, Section};
use model::Subject;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Format;
use crate::{ending::Ending, terminal};

/// A note and a criterion.
#[derive(Deserialize)]
struct Pair {
    annotation_id: Value,
    note: String,
    criterion_type: String,
    /// Absent where there is no criterion: that is unknown.
    #[serde(default, deserialize_with = "words")]
    criterion_text: String,
}

fn words<'d, D: serde::Deserializer<'d>>(from: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(from)?.unwrap_or_default())
}

/// Reads pairs and prints a finding for each, in order.
pub fn run(path: &Path, format: Format, settings: &Settings) -> Result<Ending> {
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let input: Box<dyn Read> = Box::new(file);
    let mut out = terminal::output();
    let mut reader = Readers::default();
    for (number, line) in BufReader::new(input).lines().enumerate() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let pair: Pair = serde_json::from_str(&line)
            .with_context(|| format!("{}, line {}: not a pair", path.display(), number + 1))?;
        let finding = reader.finding(&pair, settings);
        match format {
            Format::Jsonl => {
                let said = to_json(&finding);
                let mut row = json!({"annotation_id": pair.annotation_id, "truth": finding.holds().as_str()});
                for key in ["evidence", "missing", "presumed", "conflict"] {
                    if let Some(value) = said.get(key) {
                        row[key] = value.clone();
                    }
                }
                writeln!(out, "{row}")?;
            }
            Format::Table => table(&mut out, &pair, &finding)?,
        }
    }
    out.flush()?;
    Ok(Ending::Done)
}

fn table(out: &mut dyn Write, pair: &Pair, finding: &Finding) -> Result<()> {
    let id = &pair.annotation_id;
    writeln!(out, "{id} {} {}: {}", finding.holds(), pair.criterion_type, pair.criterion_text.trim())?;
    for line in super::subject::reasons(finding) {
        writeln!(out, "    {line}")?;
    }
    Ok(())
}

/// The readers, and the last note: pairs of one note stand together.
#[derive(Default)]
struct Readers {
    criteria: Reader,
    notes: NoteReader,
    last: Option<(String, Subject)>,
}

impl Readers {
    fn finding(&mut self, pair: &Pair, settings: &Settings) -> Finding {
        let (section, polarity) = match pair.criterion_type.as_str() {
            "exclusion" => (Section::Exclusion, Polarity::Forbid),
            _ => (Section::Inclusion, Polarity::Require),
        };
        if self.last.as_ref().is_none_or(|(note, _)| *note != pair.note) {
            self.last = Some((pair.note.clone(), self.notes.read(&pair.note, settings.index_date)));
        }
        let criteria = self.criteria.read(&pair.criterion_text, Options { section, ..Options::default() });
        let empty = Subject::default();
        let person = Person::new(self.last.as_ref().map_or(&empty, |(_, subject)| subject));
        let findings = criteria.items.iter().map(|item| evaluate(item, &person, settings)).collect();
        Finding::together(polarity, findings).unwrap_or_else(|| {
            let want = Want::Answer { reason: Reason::NotInRecord, question: pair.criterion_text.clone() };
            Finding::new(polarity, Outcome::open(Missing { at: Vec::new(), want }))
        })
    }
}
