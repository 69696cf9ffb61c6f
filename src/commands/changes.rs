//! `trialist changes`: studies by what changed in them.

use std::{collections::HashSet, io::Write};

use ::history::{
    Event, Kind, Ledger, json,
    ledger::{PORTION, Wanted},
};
use anyhow::Result;
use clap::{Args, builder::PossibleValuesParser};
use index::Options;
use model::{PartialDate, StudyId};
use query::Request;
use registry::Registry;

use super::Context;
use crate::{data, ending::Ending, format::Format, progress::Progress, terminal};

/// Find changes between the versions of studies: enrolment lowered, outcomes changed after the start ...
///
/// Each version is compared with the whole one before it, or with --overall the last with the first. Only versions that
/// were imported can be compared.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Changes {
    /// Only studies that this finds: words or an Essie expression
    query: Vec<String>,
    /// Kinds of change, any of them
    #[arg(long = "kind", value_name = "KIND", value_delimiter = ',',
        value_parser = PossibleValuesParser::new(::history::kind::NAMES))]
    kinds: Vec<String>,
    /// Compare the last version with the first, instead of each with the one before
    #[arg(long)]
    overall: bool,
    /// In versions of this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<PartialDate>,
    /// In versions of this day or earlier
    #[arg(long, value_name = "DATE")]
    until: Option<PartialDate>,
    /// At most so many changes (0: all)
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist changes --kind enrollment-lowered --overall
  trialist changes --kind primary-outcome-changed-after-start --format csv --limit 0
  trialist changes asthma --kind status-stopped,completion-postponed --since 2024-01

A line has the study, the kind, both versions with their dates, and what it said before and after. The latest come
first. `trialist history NCT` shows all that changed in one study.";

impl Changes {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let registry = data::open(&context.data, context.quiet)?;
        let words = self.query.join(" ");
        let found: Option<HashSet<StudyId>> = match words.trim() {
            "" => None,
            term => {
                let request = Request { term: Some(term.to_owned()), ..Request::default() };
                let options = Options { limit: registry.len().max(1), ..Options::default() };
                let answer = registry.search(&request, &options)?;
                Some(answer.hits.into_iter().map(|hit| hit.nct_id).collect())
            }
        };
        let ledger = compared(&registry, context)?;
        let of = |id: StudyId| found.as_ref().is_none_or(|found| found.contains(&id));
        let kinds: Result<Vec<Kind>, String> = self.kinds.iter().map(|kind| kind.parse()).collect();
        let kinds = kinds.map_err(crate::ending::Unreadable)?;
        let wanted =
            Wanted { kinds, overall: self.overall, since: self.since, until: self.until, of: Some(&of) };
        let all = ledger.events(&wanted);
        let shown = if self.limit == 0 { &all[..] } else { &all[..all.len().min(self.limit)] };
        let mut out = terminal::output();
        self.print(&mut out, shown)?;
        out.flush()?;
        if !context.quiet && self.format == Format::Table {
            let changes = terminal::counted(all.len() as u64, "change", "changes");
            let studies = terminal::counted(ledger.studies() as u64, "study", "studies");
            let rest =
                if shown.len() < all.len() { format!("; shown are {}", shown.len()) } else { String::new() };
            terminal::note(&format!("{changes}{rest}. {studies} have several versions"));
        }
        Ok(Ending::Done)
    }

    fn print(&self, out: &mut dyn Write, events: &[Event]) -> Result<()> {
        match self.format {
            Format::Table => events.iter().try_for_each(|event| line(out, event)),
            Format::Json => {
                let all: Vec<_> = events.iter().map(json::event).collect();
                Ok(writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?)
            }
            Format::Jsonl => {
                Ok(events.iter().try_for_each(|event| writeln!(out, "{}", json::event(event)))?)
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(["nctId", "kind", "from", "to", "before", "after"])?;
                for event in events {
                    let day = |(_, day): (usize, Option<PartialDate>)| {
                        day.map_or_else(String::new, |d| d.to_string())
                    };
                    let noted = &event.noted;
                    csv.write_record([
                        &event.id.to_string(),
                        noted.kind.as_str(),
                        &day(event.old),
                        &day(event.new),
                        &noted.before,
                        &noted.after,
                    ])?;
                }
                Ok(csv.flush()?)
            }
        }
    }
}

/// All changes: what is kept of them, and what came since. That is kept as well, part by part, so that little is lost
/// by whoever does not wait.
fn compared(registry: &Registry, context: &Context) -> Result<Ledger> {
    const PARTS: usize = 8;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut progress = Progress::new("comparing versions", "studies", context.quiet);
    let mut ledger = Ledger::open(&context.data);
    for part in 1.. {
        let (changed, left) = ledger.update_some(registry.store(), threads, PORTION)?;
        let read = (part * PORTION) as u64;
        progress.update(read, read + left as u64, read);
        if changed && (left == 0 || part % PARTS == 0) {
            // Where the folder cannot be written, the next run reads the same again.
            let _ = ledger.keep(&context.data);
        }
        if left == 0 {
            break;
        }
    }
    Ok(ledger)
}

fn line(out: &mut dyn Write, event: &Event) -> Result<()> {
    let day = event.new.1.map_or_else(|| "no date".to_owned(), |day| day.to_string());
    let head = format!("{}  {day:<10}  {}", event.id, event.noted.kind);
    writeln!(out, "{head}  {}", terminal::faint(&terminal::one_line(&event.title)))?;
    for (mark, text) in [("-", &event.noted.before), ("+", &event.noted.after)] {
        let text = terminal::one_line(text);
        if !text.is_empty() {
            writeln!(out, "    {mark} {}", terminal::cut(&text, terminal::width().saturating_sub(6)))?;
        }
    }
    Ok(())
}
