//! `trialist assess`: a person held against criteria.

mod pairs;
pub(super) mod subject;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use eligibility::evaluate::{Absence, Settings};
use jiff::civil::Date;

use super::Context;
use crate::{
    absence::{Policy, Values},
    answers::Answers,
    clock,
    ending::{Ending, Unreadable},
};

/// Hold a person against the criteria of a study, or notes against single criteria
///
/// Each criterion is met, not met or unknown; with what decided it, or with what would.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Assess {
    /// The study (NCT id), or a file with a record or with the text of criteria
    #[arg(value_name = "NCT|FILE", required_unless_present = "pairs")]
    study: Option<String>,
    /// The person: FHIR, OMOP tables, Phenopacket, form, or a note as plain text (.txt)
    #[arg(long, value_name = "FILE", required_unless_present = "pairs")]
    subject: Option<PathBuf>,
    /// Lines {annotation_id, note, criterion_type, criterion_text}, each a note and one criterion; `truth` says whether
    /// what the criterion says is so
    #[arg(long, value_name = "FILE", conflicts_with_all = ["study", "subject"])]
    pairs: Option<PathBuf>,
    /// The day that counts as today (2026-05-17); else the day of the computer
    #[arg(long, value_name = "DATE")]
    index_date: Option<Date>,
    /// What it means that nothing is recorded; usually `clinical` for notes and `open` for all else
    #[arg(long, value_enum)]
    absence: Option<Policy>,
    /// Apply suggested repairs of implausible units
    #[arg(long)]
    accept_repairs: bool,
    #[command(flatten)]
    values: Values,
    #[command(flatten)]
    answers: Answers,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist assess NCT04562025 --subject patient.json --index-date 2026-05-17
  trialist assess criteria.txt --subject note.txt
  trialist assess --pairs pairs.jsonl --format jsonl

Policies for what is not recorded:
  open      it is unknown
  closed    it is not so: the record is complete
  clinical  what would rule the person out, and would be mentioned, is presumed absent";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// One finding a line
    Jsonl,
}

impl Assess {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        match (&self.pairs, &self.study, &self.subject) {
            (Some(pairs), ..) => pairs::run(pairs, self.format, &self.settings(Absence::Clinical)?),
            (None, Some(study), Some(subject)) => subject::run(&self, context, study, subject),
            _ => Err(Unreadable("say which study and which --subject, or give --pairs".into()).into()),
        }
    }

    /// How is evaluated, with the policy that is usual for the source.
    fn settings(&self, usual: Absence) -> Result<Settings> {
        let absence = self.absence.map_or(usual, Into::into);
        let index_date = self.index_date.map_or_else(clock::today, Ok)?;
        let (accept_repairs, values_last) = (self.accept_repairs, self.values.last());
        Ok(Settings { accept_repairs, values_last, ..Settings::on(index_date).with(absence) })
    }
}
