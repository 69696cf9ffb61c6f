//! `trialist screen`: from a study to the people.

pub(super) mod cohort;
pub(super) mod print;

use std::path::PathBuf;

use ::matching::screen::{Row, Screening};
use anyhow::Result;
use clap::{Args, ValueEnum};

use super::Context;
use crate::ending::{Ending, Unreadable};
use crate::format::Format;
use cohort::{Cohort, Rules};

/// Hold a study against many people: who may join, and which criteria keep the others out
///
/// Everything is computed on this machine; nothing about a person is written to disk.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Screen {
    /// The study (NCT id), or a file with a record or with the text of criteria
    #[arg(value_name = "NCT|FILE")]
    study: String,
    /// The people: FHIR bundles or NDJSON, OMOP tables (CSV, Parquet), Phenopackets, a form (CSV, JSON), a folder of
    /// these, or a note as plain text; `-` is standard input
    #[arg(long, value_name = "FILE|DIR")]
    subjects: PathBuf,
    #[command(flatten)]
    rules: Rules,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// What a line of csv is
    #[arg(long, value_enum, default_value_t)]
    rows: Rows,
    /// With table: at most so many people by name (0: all)
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
}

const EXAMPLES: &str = "\
Examples:
  trialist screen NCT04562025 --subjects cohort.ndjson --index-date 2026-05-17
  trialist screen NCT04562025 --subjects omop/ --absence closed --format csv > people.csv
  trialist screen criteria.txt --subjects cohort.csv --format csv --rows criteria

What is counted of each criterion:
  not met       people who do not meet it
  unknown       people of whom it is not known; a record would settle it
  for a person  people of whom it is not known; only people can settle it
  left          people whom neither it nor a criterion before it rules out
  alone         people whom only this criterion rules out
  without it    how many more would be eligible, and undetermined, if it were dropped
  only unknown  people for whom this is all that is not known";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// A person, with the verdict
    #[default]
    People,
    /// A criterion, with whom it keeps out
    Criteria,
}

impl Screen {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        if self.rows == Rows::Criteria && self.format != Format::Csv {
            return Err(Unreadable("--rows is for --format csv; the other formats print both".into()).into());
        }
        let Some(study) = cohort::study(context, &self.study)? else { return Ok(Ending::NotFound) };
        let settings = self.rules.settings(&self.subjects)?;
        let mut screening = Screening::new(study.items, settings.clone());
        let mut printer = print::Printer::new(&self, &study.name)?;
        let cohort = Cohort { path: &self.subjects, quiet: context.quiet, written: settings.index_date };
        cohort.each(&mut |people| {
            let rows: Vec<Row> = screening.hold(&people);
            rows.into_iter().try_for_each(|row| printer.person(&screening, row))
        })?;
        printer.finish(&screening)?;
        Ok(Ending::Done)
    }
}
