//! `trialist searches`: searches that are kept by name.

use std::io::Write;

use ::history::look::{self, Asked};
use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use store::{Saved, Store};

use super::{Context, search::Search};
use crate::{
    clock, data,
    ending::{Ending, Unreadable},
    format::Format,
    terminal,
};

/// Keep, list, show and remove saved searches
///
/// `trialist watch` tells what is new, changed or gone in them; `trialist serve` has them at /searches, each with a
/// feed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Searches {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  trialist searches save asthma-germany asthma --country Germany --status recruiting
  trialist searches list
  trialist searches show asthma-germany
  trialist searches remove asthma-germany";

#[derive(Debug, Subcommand)]
enum What {
    Save(Save),
    List(List),
    Show(Named),
    Remove(Named),
}

/// Keep a search by a name, with the queries and filters of `trialist search`
#[derive(Debug, Args)]
struct Save {
    /// What to call it: letters, digits, `-`, `_`, `.`
    name: String,
    #[command(flatten)]
    search: Box<Search>,
}

/// List the saved searches
#[derive(Debug, Args)]
struct List {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// One saved search
#[derive(Debug, Args)]
struct Named {
    /// Its name
    name: String,
}

impl Searches {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        data::must_exist(&context.data)?;
        match self.what {
            What::Save(save) => save.run(context),
            What::List(list) => list.run(context),
            What::Show(named) => named.show(context),
            What::Remove(named) => named.remove(context),
        }
    }
}

/// Says that there is no such saved search.
pub fn unknown(store: &Store, name: &str) -> Result<Ending> {
    let names: Vec<String> = store.searches()?.into_iter().map(|saved| saved.name).collect();
    let there = if names.is_empty() { "there are none".to_owned() } else { names.join(", ") };
    terminal::complain(&format!("there is no saved search `{name}`: {there}"));
    Ok(Ending::NotFound)
}

impl Save {
    fn run(self, context: &Context) -> Result<Ending> {
        if !look::is_name(&self.name) {
            let why = "a name has 1 to 64 letters, digits, `-`, `_` and `.`, and begins with no dot";
            return Err(Unreadable(format!("`{}`: {why}", self.name)).into());
        }
        let request = self.search.request(context.quiet)?;
        if !context.quiet {
            request.read()?.hints.iter().for_each(|h| terminal::note(&format!("hint: {}", h.rendered())));
        }
        let registry = data::open(&context.data, context.quiet)?;
        if !look::save(&registry, &self.name, &request, clock::now())? {
            bail!(
                "there is a saved search `{0}` already. To save it anew, first `trialist searches remove {0}`",
                self.name
            );
        }
        if !context.quiet {
            let saved = look::named(registry.store(), &self.name)?;
            let found = registry.store().search_found(saved.id)?.len();
            let found = terminal::counted(found as u64, "study", "studies");
            terminal::note(&format!("saved; it finds {found} now: {}", request.described()?));
        }
        Ok(Ending::Done)
    }
}

impl List {
    fn run(self, context: &Context) -> Result<Ending> {
        let store = Store::open(&context.data)?;
        let all = store.searches()?;
        let rows: Vec<Value> = all.iter().map(|saved| row(&store, saved)).collect::<Result<_>>()?;
        let mut out = terminal::output();
        match self.format {
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?,
            Format::Jsonl => rows.iter().try_for_each(|row| writeln!(out, "{row}"))?,
            Format::Table => {
                for row in &rows {
                    let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
                    let (name, query) = (text("name"), terminal::one_line(&text("query")));
                    writeln!(
                        out,
                        "{name:<24} {:>8} studies, {:>4} news  {query}",
                        row["studies"], row["news"]
                    )?;
                }
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(&mut out);
                csv.write_record(["name", "query", "studies", "news", "saved"])?;
                for row in &rows {
                    let text =
                        |key: &str| row[key].as_str().map_or_else(|| row[key].to_string(), str::to_owned);
                    csv.write_record(["name", "query", "studies", "news", "saved"].map(text))?;
                }
                csv.flush()?;
            }
        }
        out.flush()?;
        Ok(Ending::Done)
    }
}

fn row(store: &Store, saved: &Saved) -> Result<Value> {
    let asked = Asked::saved(saved)?;
    let query = asked.request().described().unwrap_or_default();
    let news = store.search_news(saved.id, saved.told, usize::MAX)?.len();
    Ok(json!({
        "name": saved.name,
        "query": query,
        "parameters": asked.0.iter().map(|(name, value)| (name.clone(), json!(value))).collect::<serde_json::Map<_, _>>(),
        "studies": store.search_found(saved.id)?.len(),
        "news": news,
        "saved": ::history::json::moment(saved.saved),
        "looked": ::history::json::moment(saved.looked),
    }))
}

impl Named {
    fn show(self, context: &Context) -> Result<Ending> {
        let store = Store::open(&context.data)?;
        let Some(saved) = store.search(&self.name)? else { return unknown(&store, &self.name) };
        let mut out = terminal::output();
        writeln!(out, "{}", serde_json::to_string_pretty(&row(&store, &saved)?)?)?;
        out.flush()?;
        Ok(Ending::Done)
    }

    fn remove(self, context: &Context) -> Result<Ending> {
        if !store::Searches::open(&context.data)?.remove(&self.name)? {
            return unknown(&Store::open(&context.data)?, &self.name);
        }
        Ok(Ending::Done)
    }
}
