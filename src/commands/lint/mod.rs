//! `trialist lint`: what authors should look at in their criteria and in the rest of the protocol.

mod all;
mod of_protocol;

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use console::style;
use eligibility::checks::{
    Finding, Severity,
    report::{self, Ink, Style},
};

use super::Context;
use crate::{
    criteria::{Source, Sources, Target},
    ending::Ending,
    terminal,
};

/// Check criteria and protocol: contradictions, implausible units, missing doses, dates that cannot be met ...
///
/// Findings are printed as a compiler prints them, with the place underlined. spec/criteria/checks.md shows the
/// checks of criteria, docs/protocol.md those of the protocol.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Lint {
    /// Studies (NCT00000102, NCT00000102@1 for a version), captured pages, records, plain text; `-` for standard input
    #[arg(required_unless_present = "all", value_name = "NCT|FILE")]
    targets: Vec<Target>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// From which severity on the exit code is 1
    #[arg(long, value_enum, default_value_t, value_name = "SEVERITY")]
    deny: Deny,
    /// All studies of the data folder: how often each check finds something
    #[arg(long, conflicts_with = "targets")]
    all: bool,
}

const EXAMPLES: &str = "\
Examples:
  trialist lint NCT04562025
  trialist lint protocol.txt --deny warning
  trialist lint --all

Exit code 1 if there is a finding as bad as --deny says, by default an error; 0 with --all.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people
    #[default]
    Table,
    /// One finding a line; with --all, one check a line
    Jsonl,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Deny {
    #[default]
    Error,
    Warning,
    Note,
}

impl Deny {
    fn severity(self) -> Severity {
        match self {
            Self::Error => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Note,
        }
    }
}

/// Findings by severity: errors, warnings, notes.
#[derive(Default)]
struct Counts([u64; 3]);

impl Lint {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        if self.all {
            return all::run(context, self.format);
        }
        let mut out = terminal::output();
        let mut sources = Sources::new(context, None);
        let (mut counts, mut ending) = (Counts::default(), Ending::Done);
        for target in &self.targets {
            let ended = sources.each(target, &mut |source| self.print(&source, &mut out, &mut counts))?;
            if ended != Ending::Done {
                ending = ended;
            }
        }
        out.flush()?;
        if !context.quiet {
            terminal::note(&counts.to_string());
        }
        let denied = counts.0.iter().take(self.deny.severity() as usize + 1).sum::<u64>() > 0;
        Ok(if denied && ending == Ending::Done { Ending::Failed } else { ending })
    }

    fn print(&self, source: &Source, out: &mut dyn Write, counts: &mut Counts) -> Result<()> {
        let text = report::Source::new(&source.file, &source.text);
        for finding in source.eligibility.findings() {
            self.finding(&finding, &text, source, None, out, counts)?;
        }
        let Some(study) = &source.study else { return Ok(()) };
        for found in protocol::checks::study_after(study, &source.changes).1 {
            let field = found.quote.as_ref().map(|q| q.field);
            let value = field.and_then(|f| f.text(study)).unwrap_or_default();
            let path = field.map(|f| f.to_string());
            let name = path.as_ref().map_or_else(|| source.file.clone(), |p| format!("{} {p}", source.file));
            let text = report::Source::new(&name, value);
            self.finding(&of_protocol::finding(found, value), &text, source, path.as_deref(), out, counts)?;
        }
        Ok(())
    }

    /// Prints and counts one finding; `field` is the path of the value it stands in, for those not on criteria.
    fn finding(
        &self,
        finding: &Finding,
        text: &report::Source<'_>,
        source: &Source,
        field: Option<&str>,
        out: &mut dyn Write,
        counts: &mut Counts,
    ) -> Result<()> {
        counts.0[finding.severity as usize] += 1;
        match self.format {
            Format::Table => out.write_all(report::text(finding, text, &Colours).as_bytes())?,
            Format::Jsonl => {
                let mut line = json(finding, text, source);
                line["field"] = field.into();
                writeln!(out, "{line}")?;
            }
        }
        Ok(())
    }
}

fn json(finding: &Finding, text: &report::Source<'_>, source: &Source) -> serde_json::Value {
    let mut line = report::json(finding, text);
    line["file"] = source.file.as_str().into();
    line["trial"] = source.trial.as_str().into();
    line
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [errors, warnings, notes] = self.0;
        let [errors, warnings, notes] = [
            terminal::counted(errors, "error", "errors"),
            terminal::counted(warnings, "warning", "warnings"),
            terminal::counted(notes, "note", "notes"),
        ];
        write!(f, "{errors}, {warnings}, {notes}")
    }
}

/// Colours where standard output is a terminal.
struct Colours;

impl Style for Colours {
    fn paint(&self, ink: Ink, text: &str) -> String {
        let text = style(text);
        let text = match ink {
            Ink::Severity(Severity::Error) | Ink::Mark(Severity::Error) => text.red().bold(),
            Ink::Severity(Severity::Warning) | Ink::Mark(Severity::Warning) => text.yellow().bold(),
            Ink::Severity(Severity::Note) | Ink::Mark(Severity::Note) => text.cyan().bold(),
            Ink::Message | Ink::Remedy => text.bold(),
            Ink::Frame => text.blue(),
        };
        text.to_string()
    }
}
