//! `trialist diff`: what changed between two versions of criteria, by what they mean.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use console::style;
use eligibility::{
    Item,
    compare::{Change, ChangeKind, diff},
};
use serde_json::{Value, json};

use super::Context;
use crate::{
    criteria::{Source, Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// Compare criteria by what they mean: widened, narrowed, changed, added, removed, moved, reworded
///
/// Judged for the people who may join: a wider exclusion narrows the study. What differs in marks and spaces only is
/// not told.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Diff {
    /// A study, its version (NCT00000102@1), a record, a captured page, plain text
    #[arg(value_name = "OLD")]
    old: Target,
    /// The same of the newer one
    #[arg(value_name = "NEW")]
    new: Target,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist diff NCT04562025@1 NCT04562025
  trialist diff draft-1.txt draft-2.txt --format jsonl

`trialist show NCT --sources` lists the versions of a study. Exit code 0 whether or not there are differences.";

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Table,
    /// One difference a line
    Jsonl,
}

impl Diff {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let mut sources = Sources::new(context, None);
        let mut sides = Vec::new();
        for target in [&self.old, &self.new] {
            let mut found = Vec::new();
            let ending = sources.each(target, &mut |source| {
                found.push(source);
                Ok(())
            })?;
            if ending != Ending::Done {
                return Ok(ending);
            }
            let count = found.len();
            match found.pop() {
                Some(source) if count == 1 => sides.push(source),
                _ => {
                    let has = terminal::counted(count as u64, "study", "studies");
                    return Err(Unreadable(format!("{target} has {has}; one is needed")).into());
                }
            }
        }
        let mut out = terminal::output();
        let changes = diff(sides[0].criteria(), sides[1].criteria());
        for change in &changes {
            let item = |side: usize, place: Option<usize>| sides[side].criteria().items.get(place?);
            let (old, new) = (item(0, change.old), item(1, change.new));
            match self.format {
                Format::Table => table(change, old, new, &mut out)?,
                Format::Jsonl => writeln!(out, "{}", json(change, old, new, &sides))?,
            }
        }
        out.flush()?;
        if !context.quiet {
            let count = terminal::counted(changes.len() as u64, "difference", "differences");
            terminal::note(&count);
        }
        Ok(Ending::Done)
    }
}

const HEAD: usize = 24;

fn table(change: &Change, old: Option<&Item>, new: Option<&Item>, out: &mut dyn Write) -> Result<()> {
    let place = new.or(old).map(|item| format!("{} {}", item.section, item.number)).unwrap_or_default();
    let room = terminal::width().saturating_sub(HEAD);
    let lines = terminal::wrapped(&terminal::one_line(&change.what), room);
    for (n, line) in lines.iter().enumerate() {
        if n == 0 {
            let kind = terminal::fit(change.kind.as_str(), 9);
            let kind = match change.kind {
                ChangeKind::Widened => style(kind).green(),
                ChangeKind::Narrowed => style(kind).red(),
                ChangeKind::Moved | ChangeKind::Reworded => style(kind).dim(),
                _ => style(kind).yellow(),
            };
            writeln!(out, "{kind} {}{line}", terminal::fit(&place, HEAD - 10))?;
        } else {
            writeln!(out, "{:HEAD$}{line}", "")?;
        }
    }
    Ok(())
}

fn json(change: &Change, old: Option<&Item>, new: Option<&Item>, sides: &[Source]) -> Value {
    let item = |source: &Source, item: Option<&Item>| {
        item.map(|item| {
            json!({"file": source.file, "section": item.section.as_str(), "n": item.number.to_string(),
                "start": item.span.start, "end": item.span.end, "source": item.source})
        })
    };
    json!({
        "change": change.kind.as_str(),
        "what": change.what,
        "old": item(&sides[0], old),
        "new": item(&sides[1], new),
    })
}
