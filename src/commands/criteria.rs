//! `trialist criteria`: eligibility text as logic.

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use eligibility::notation::{self, Origin};
use eligibility::read::Reader;
use eligibility::tree::Section;

use super::Context;
use crate::criteria::{self, Source};
use crate::ending::Ending;

/// Read criteria as logic: from captured pages, study records or plain text.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Criteria {
    /// Captured pages, study records, plain text; `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    sources: Vec<PathBuf>,
    /// The section of plain text that has no headings
    #[arg(long, value_enum)]
    section: Option<Side>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist criteria study.json
  trialist criteria --format jsonl page.txt | jq .expr
  echo 'HbA1c > 9 %' | trialist criteria --section exclusion -";

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Inclusion,
    Exclusion,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// One item a line in the notation of criteria
    Jsonl,
}

impl Criteria {
    /// Reads and prints.
    pub fn run(self, _context: &Context) -> Result<Ending> {
        let mut reader = Reader::new();
        let section = self.section.map(|side| match side {
            Side::Inclusion => Section::Inclusion,
            Side::Exclusion => Section::Exclusion,
        });
        let mut out = BufWriter::new(std::io::stdout().lock());
        for path in &self.sources {
            for source in criteria::of_file(&mut reader, path, section)? {
                match self.format {
                    Format::Jsonl => jsonl(&source, &mut out)?,
                    Format::Table => table(&source, &mut out)?,
                }
            }
        }
        out.flush()?;
        Ok(Ending::Done)
    }
}

fn jsonl(source: &Source, out: &mut dyn Write) -> Result<()> {
    for (item, chars) in &source.items {
        let origin = Origin { trial: &source.trial, file: &source.file, chars: *chars };
        serde_json::to_writer(&mut *out, &notation::line(item, origin))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

fn table(source: &Source, out: &mut dyn Write) -> Result<()> {
    for (item, _) in &source.items {
        writeln!(out, "{} {} [{}] {}", item.section, item.number, item.computable, item.source)?;
        if let Some(expr) = &item.expr {
            writeln!(out, "    {}", notation::node(expr))?;
        }
    }
    Ok(())
}
