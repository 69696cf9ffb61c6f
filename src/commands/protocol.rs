//! `trialist protocol`: a record as something that can be carried out.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use eligibility::{
    Eligibility,
    read::{Options, Reader},
};
use model::Study;
use protocol::{
    checks::{self, Changed},
    export::{Exported, fhir, usdm},
    json, text,
};

use super::Context;
use crate::{
    criteria::{Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// Read a record as a protocol: arms, doses, schedule, instruments, dates, and what does not agree
///
/// Every value is stated by the record, derived from it, assumed where its words allow another reading, missing or
/// contradictory. docs/protocol.md explains the JSON and the rules.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Protocol {
    /// Studies (NCT00000102, NCT00000102@1 for a version), captured pages, records; `-` for standard input
    #[arg(required = true, value_name = "NCT|FILE")]
    targets: Vec<Target>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist protocol NCT04562025
  trialist protocol NCT04562025 --format json | jq .doses
  trialist protocol NCT04562025 --format usdm > study.json
  trialist protocol page.txt record.json --format jsonl

What usdm and fhir cannot hold is told on standard error. Exit code 0 even if there are findings; `trialist lint` is
for those.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document a study
    Json,
    /// One JSON document a study, each on one line
    Jsonl,
    /// A study definition of CDISC's USDM v4; interventional studies
    Usdm,
    /// FHIR R4: a bundle with a ResearchStudy and the plan of its schedule
    Fhir,
}

impl Protocol {
    /// Compiles and prints.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let mut out = terminal::output();
        let mut sources = Sources::new(context, None);
        let mut reader = Reader::new();
        let mut ending = Ending::Done;
        for target in &self.targets {
            let ended = sources.each(target, &mut |source| {
                let Some(study) = &source.study else {
                    let message =
                        format!("{target}: a protocol is read from a record, and this is plain text");
                    return Err(Unreadable(message).into());
                };
                print(study, &source.changes, &mut reader, self.format, context.quiet, &mut out)
            })?;
            if ended != Ending::Done {
                ending = ended;
            }
        }
        out.flush()?;
        Ok(ending)
    }
}

fn print(
    study: &Study,
    changes: &[Changed],
    reader: &mut Reader,
    format: Format,
    quiet: bool,
    out: &mut dyn Write,
) -> Result<()> {
    let eligibility = Eligibility::of(reader, study, Options::default());
    let (protocol, findings) = checks::study_with_criteria(study, &eligibility, changes);
    let document = || json::document(study, &protocol, &findings);
    match format {
        Format::Text => out.write_all(text::document(study, &protocol, &findings).as_bytes())?,
        Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&document())?)?,
        Format::Jsonl => writeln!(out, "{}", document())?,
        Format::Usdm => {
            exported(usdm::export(study, &protocol, &eligibility.criteria).map_err(Unreadable)?, quiet, out)?;
        }
        Format::Fhir => exported(fhir::export(study, &protocol), quiet, out)?,
    }
    Ok(())
}

/// Prints a document of another notation; what it could not hold is told on standard error.
fn exported(exported: Exported, quiet: bool, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(&exported.document)?)?;
    if !quiet {
        exported
            .missing
            .iter()
            .for_each(|what| terminal::note(&format!("not expressed or not known: {what}")));
    }
    Ok(())
}
