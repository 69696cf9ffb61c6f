//! `trialist match`: from a person to the studies.

mod notes;
mod show;

use std::path::{Path, PathBuf};

use ::matching::{asked::Asked, filter::Filter, rank::matched};
use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use jiff::civil::Date;

use super::{Context, assess::subject};
use crate::{
    absence::Policy,
    answers::Answers,
    clock, criteria, data,
    ending::{Ending, Unreadable},
    private,
};

/// Find the studies that are about a person, and that they may join
///
/// The most relevant studies are held against the person. Everything is computed on this machine; nothing about a
/// person is written to disk unless you ask for it with --save.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Match {
    /// The person: FHIR, OMOP tables, Phenopacket, form, or a note as plain text (.txt)
    #[arg(long, value_name = "FILE", required_unless_present = "notes")]
    subject: Option<PathBuf>,
    /// Notes in plain words, one a line: {"_id": "...", "text": "..."}; printed as a TREC run
    #[arg(long, value_name = "FILE", conflicts_with = "subject")]
    notes: Option<PathBuf>,
    /// Only studies on this condition
    #[arg(long, value_name = "QUERY")]
    cond: Option<String>,
    /// Only studies of this status: RECRUITING ...
    #[arg(long, value_delimiter = ',')]
    status: Vec<String>,
    /// Only studies with a site within a distance: latitude,longitude,50km (or 30mi)
    #[arg(long, value_name = "LAT,LON,DISTANCE", allow_hyphen_values = true)]
    near: Option<String>,
    /// The day that counts as today (2026-05-17); else the day of the computer
    #[arg(long, value_name = "DATE")]
    index_date: Option<Date>,
    /// At most so many studies for each person (0: all that are about them at all)
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
    /// Show also studies that criteria rule the person out of
    #[arg(long)]
    all: bool,
    /// What it means that nothing is recorded: `open` unknown; `closed` not so, the record is complete; `clinical` what
    /// would rule the person out and would be mentioned is presumed absent. Usually `clinical` for a note, else `open`
    #[arg(long, value_enum)]
    absence: Option<Policy>,
    #[command(flatten)]
    answers: Answers,
    /// Keep what is found, with the facts about the person, as JSON in a new file that only you may read
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum)]
    format: Option<Format>,
}

const EXAMPLES: &str = "\
Examples:
  trialist match --subject patient.json --status RECRUITING --near 48.14,11.58,50km
  trialist match --subject note.txt --all --format jsonl
  trialist match --notes topics.jsonl --format trec --top 1000 > run.txt

A line of --format trec is `topic Q0 NCT rank score tag`, best first.";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// One JSON document
    Json,
    /// One study a line
    Jsonl,
    /// A run as the TREC conferences compare them
    Trec,
}

impl Match {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        if self.save.is_some() && (self.notes.is_some() || self.format == Some(Format::Trec)) {
            return Err(Unreadable(
                "--save keeps verdicts with their facts; a run of --format trec has none".into(),
            )
            .into());
        }
        let day = self.index_date.map_or_else(clock::today, Ok)?;
        let mut people = match (&self.notes, &self.subject) {
            (Some(path), _) => {
                let notes = notes::read(path)?;
                notes.iter().map(|note| Asked::of_note(&note.id, &note.text, day)).collect()
            }
            (_, Some(path)) => of_file(path, day, context.quiet)?,
            _ => bail!("say whom with --subject or --notes"),
        };
        let usual = if self.notes.is_some() { Format::Trec } else { Format::Table };
        let registry = data::open(&context.data, context.quiet)?;
        let is_note = self.subject.as_deref().is_none_or(subject::is_note);
        for asked in &mut people {
            asked.rules.absence = self.absence.map_or(asked.rules.absence, Into::into);
            asked.rules.answers = self.answers.about(&context.data, &asked.subject, is_note)?;
        }
        let (known, filter) = (criteria::known(&registry, context)?, self.filter());
        let save = self.save.as_deref().map(private::create).transpose()?;
        let mut printer = show::Printer::new(&registry, self.format.unwrap_or(usual), self.top, self.all);
        if let Some(file) = save {
            printer.keep(file);
        }
        // A run names studies and says nothing of their criteria.
        let explained = match (self.format.unwrap_or(usual), self.top) {
            (Format::Trec, _) => 0,
            (_, 0) => usize::MAX,
            (_, top) => top,
        };
        for asked in &people {
            printer.person(asked, matched(&registry, &known, asked, &filter, explained)?)?;
        }
        printer.finish()?;
        if known.is_damaged() {
            criteria::forget_damaged(context);
        }
        Ok(Ending::Done)
    }

    fn filter(&self) -> Filter {
        Filter {
            cond: self.cond.clone(),
            status: self.status.clone(),
            near: self.near.clone(),
            ..Filter::default()
        }
    }
}

/// The people of a file; of a note, the one that it is about.
fn of_file(path: &Path, day: Date, quiet: bool) -> Result<Vec<Asked>> {
    if subject::is_note(path) {
        let bytes = std::fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let id = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        return Ok(vec![Asked::of_note(&id, &String::from_utf8_lossy(&bytes), day)]);
    }
    let people = subject::people(path, quiet)?;
    Ok(people.into_iter().map(|subject| Asked::of_subject(subject, day)).collect())
}
