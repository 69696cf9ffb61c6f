//! `trialist watch`: what is new, changed or gone in saved searches since the last time.

use std::io::Write;

use ::history::{
    json,
    look::{self, Item},
};
use anyhow::Result;
use clap::Args;
use store::{Happened, Searches};

use super::{Context, searches};
use crate::{clock, data, ending::Ending, format::Format, terminal};

/// Tell what is new, changed or gone in saved searches since they were last watched
///
/// A study is told once, with what came of it all in all. The feeds of `trialist serve` are not touched by it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Watch {
    /// A saved search; all of them if none is named
    name: Option<String>,
    /// Tell the same again the next time
    #[arg(long)]
    keep: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist watch
  trialist watch asthma-germany --format jsonl
  trialist sync -q; trialist watch > news.txt || mail -s news me@example.org < news.txt

Exit code 0 if nothing is new, 4 if something is, 3 if there is no such saved search.";

impl Watch {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let registry = data::open(&context.data, context.quiet)?;
        let store = registry.store();
        let chosen = match &self.name {
            None => store.searches()?,
            Some(name) => match store.search(name)? {
                Some(saved) => vec![saved],
                None => return searches::unknown(store, name),
            },
        };
        let mut told = Vec::new();
        let mut all: Vec<(String, Item)> = Vec::new();
        for saved in &chosen {
            look::look(&registry, saved, clock::now())?;
            let (items, last) = look::since_told(store, saved)?;
            told.push((saved.id, last));
            all.extend(items.into_iter().map(|item| (saved.name.clone(), item)));
        }
        let mut out = terminal::output();
        self.print(&mut out, &all)?;
        out.flush()?;
        // Only what has reached its reader counts as told.
        if !self.keep {
            let mut searches = Searches::open(&context.data)?;
            told.iter().try_for_each(|(id, last)| searches.told(*id, *last))?;
        }
        if !context.quiet && self.format == Format::Table && all.is_empty() {
            let searches = terminal::counted(chosen.len() as u64, "saved search", "saved searches");
            terminal::note(&format!("nothing is new in {searches}"));
        }
        Ok(if all.is_empty() { Ending::Done } else { Ending::News })
    }

    fn print(&self, out: &mut dyn Write, all: &[(String, Item)]) -> Result<()> {
        match self.format {
            Format::Table => {
                let mut last = "";
                for (name, item) in all {
                    if last != name {
                        last = name;
                        writeln!(out, "{}", terminal::bold(name))?;
                    }
                    line(out, item)?;
                }
                Ok(())
            }
            Format::Json => {
                let all: Vec<_> = all.iter().map(|(name, item)| json::news(name, item)).collect();
                Ok(writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?)
            }
            Format::Jsonl => {
                Ok(all.iter().try_for_each(|(name, item)| writeln!(out, "{}", json::news(name, item)))?)
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(["search", "change", "nctId", "briefTitle", "fields"])?;
                for (name, item) in all {
                    let fields = labels(item);
                    csv.write_record([
                        name,
                        json::happened(item.kind),
                        &item.id.to_string(),
                        &item.title,
                        &fields,
                    ])?;
                }
                Ok(csv.flush()?)
            }
        }
    }
}

fn line(out: &mut dyn Write, item: &Item) -> Result<()> {
    let title = terminal::one_line(&item.title);
    writeln!(out, "  {:<8} {}  {title}", json::happened(item.kind), item.id)?;
    if item.kind == Happened::Changed {
        let room = terminal::width().saturating_sub(13);
        for line in terminal::wrapped(&labels(item), room) {
            writeln!(out, "{:13}{line}", "")?;
        }
    }
    Ok(())
}

/// The names of the fields that changed, each once.
fn labels(item: &Item) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for field in &item.fields {
        if !labels.contains(&field.label.as_str()) {
            labels.push(&field.label);
        }
    }
    labels.join(", ")
}
