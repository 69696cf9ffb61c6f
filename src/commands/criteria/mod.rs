//! `trialist criteria`: eligibility text as logic.

mod summary;
mod table;

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use eligibility::{
    english,
    export::{About, Export, circe, evidence_variable, fhir_group},
    names::CatalogueNames,
    notation,
    places::Places,
    tree::Section,
};

use super::Context;
use crate::{
    criteria::{Source, Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// Read criteria as logic: of studies, captured pages, records or plain text
///
/// Each item is printed with how much of it a record can decide: resolved (all), partial, human (nothing), flagged
/// (a value is implausible as written), absent (there are no criteria). Words that are left to a person are named
/// with the reason. docs/criteria-language.md explains the notation.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Criteria {
    /// Studies (NCT00000102, NCT00000102@1 for a version), captured pages, records, plain text; `-` for standard input
    #[arg(required_unless_present = "all", value_name = "NCT|FILE")]
    targets: Vec<Target>,
    /// The section of text that has no headings
    #[arg(long, value_enum)]
    section: Option<Side>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// The version of FHIR: r5 EvidenceVariable, r4 Group
    #[arg(long, value_enum, default_value_t)]
    fhir: Fhir,
    /// With jsonl: the rule that read each node, and its characters
    #[arg(long)]
    rules: bool,
    /// All studies of the data folder; with --summary
    #[arg(long, requires = "summary", conflicts_with = "targets")]
    all: bool,
    /// How much can be computed, and what is left to people; as table or json
    #[arg(long, requires = "all")]
    summary: bool,
}

const EXAMPLES: &str = "\
Examples:
  trialist criteria NCT04562025
  trialist criteria --format jsonl page.txt | jq .expr
  echo 'HbA1c > 9 %' | trialist criteria --section exclusion -
  trialist criteria NCT04562025 --format fhir > evidence-variable.json
  trialist criteria --all --summary

FHIR and Circe are one document a line. What they cannot say is told on standard error; FHIR documents also have it
as extensions named urn:trialist:not-expressed.";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Inclusion,
    Exclusion,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// One item a line in the notation of criteria
    Jsonl,
    /// Canonical English, which can be read back
    English,
    /// FHIR, see --fhir
    Fhir,
    /// A cohort expression of OHDSI Circe
    Circe,
    /// One document; with --summary only
    Json,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Fhir {
    #[default]
    R5,
    R4,
}

impl Criteria {
    /// Reads and prints.
    pub fn run(self, context: &Context) -> Result<Ending> {
        if self.summary {
            return match self.format {
                Format::Table => summary::run(context, false),
                Format::Json => summary::run(context, true),
                _ => Err(Unreadable("--summary is printed as table or json".into()).into()),
            };
        }
        if self.format == Format::Json {
            return Err(
                Unreadable("items are printed as jsonl, one a line; json is for --summary".into()).into()
            );
        }
        let section = self.section.map(|side| match side {
            Side::Inclusion => Section::Inclusion,
            Side::Exclusion => Section::Exclusion,
        });
        let mut out = terminal::output();
        let mut sources = Sources::new(context, section);
        let mut ending = Ending::Done;
        for target in &self.targets {
            let ended = sources.each(target, &mut |source| self.print(&source, &mut out, context.quiet))?;
            if ended != Ending::Done {
                ending = ended;
            }
        }
        out.flush()?;
        Ok(ending)
    }

    fn print(&self, source: &Source, out: &mut dyn Write, quiet: bool) -> Result<()> {
        let about = About { id: &source.trial, title: &source.title };
        match self.format {
            Format::Jsonl => jsonl(source, self.rules, out),
            Format::English => english(source, out),
            Format::Circe => {
                let export = circe::export(source.criteria(), about, &CatalogueNames);
                gaps(&export, source, quiet);
                Ok(writeln!(out, "{}", export.document)?)
            }
            Format::Fhir => {
                let format = match self.fhir {
                    Fhir::R5 => evidence_variable::export,
                    Fhir::R4 => fhir_group::export,
                };
                let export = format(source.criteria(), about, &CatalogueNames);
                gaps(&export, source, quiet);
                Ok(writeln!(out, "{}", export.with_extensions())?)
            }
            Format::Table | Format::Json => table::print(source, out),
        }
    }
}

/// One item a line in the notation.
fn jsonl(source: &Source, rules: bool, out: &mut dyn Write) -> Result<()> {
    let places = Places::new(&source.text);
    let lines = notation::lines(source.criteria(), &source.text, &source.trial, &source.file);
    for (item, mut line) in source.criteria().items.iter().zip(lines) {
        if let Some(expr) = item.expr.as_ref().filter(|_| rules) {
            line["rules"] = notation::rules(expr, &|span| places.chars(span)).into();
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// One item a line in canonical English.
fn english(source: &Source, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "# {}", terminal::one_line(&source.heading()))?;
    for item in &source.criteria().items {
        let english = english::print_item_with(item, &CatalogueNames);
        writeln!(out, "{} {}\t{}", item.section, item.number, terminal::one_line(&english))?;
    }
    Ok(())
}

/// Tells what a document does not say.
fn gaps(export: &Export, source: &Source, quiet: bool) {
    for gap in export.not_expressed.iter().filter(|_| !quiet) {
        terminal::note(&terminal::one_line(&format!("{}: {gap}", source.trial)));
    }
}
