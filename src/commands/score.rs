//! `trialist score`: what the items of an instrument come to.

use std::{
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use protocol::score::{self, INSTRUMENTS, Instrument};
use serde_json::Value;

use super::Context;
use crate::{
    ending::{Ending, Unreadable},
    terminal,
};

/// Score an instrument from its items: TCSS, DN4, EQ-5D-5L, eGFR, body surface ...
///
/// Units are converted. An item that is not given is missing, and so is what needs it: nothing is filled in. Rule,
/// sources, licence and what could not be verified are shown. Nothing is written to disk. docs/instruments.md has the
/// JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Score {
    /// The instrument; without --json its items are shown
    #[arg(required_unless_present = "list", value_name = "NAME")]
    name: Option<String>,
    /// The items: an object, a file, or `-` for standard input
    #[arg(long, value_name = "FILE|-|{...}", requires = "name")]
    json: Option<String>,
    /// All instruments
    #[arg(long, conflicts_with_all = ["name", "json"])]
    list: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = r#"Examples:
  trialist score --list
  trialist score tcss                              its items
  trialist score egfr_ckdepi2021 --json '{"creatinine": "80 umol/L", "age": 55, "sex": "F"}'
  trialist score ulcer_area --json '{"length": "40 mm", "width": "3 cm", "baseline": 12}'
  trialist score hads --json answers.json --format json

A number without a unit is in the item's own unit. Exit code 0 even if items are missing; 2 if one cannot be read."#;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

impl Score {
    /// Runs the verb.
    pub fn run(self, _: &Context) -> Result<Ending> {
        let mut out = terminal::output();
        let Some(name) = &self.name else {
            list(self.format, &mut out)?;
            out.flush()?;
            return Ok(Ending::Done);
        };
        let instrument = score::instrument(name).ok_or_else(|| unknown(name))?;
        match &self.json {
            None if self.format == Format::Json => {
                write_json(&score::json::instrument(instrument), &mut out)?;
            }
            None => write!(out, "{}", score::text::instrument(instrument))?,
            Some(given) => self.score(instrument, given, &mut out)?,
        }
        out.flush()?;
        Ok(Ending::Done)
    }

    fn score(&self, instrument: &Instrument, given: &str, out: &mut dyn Write) -> Result<()> {
        let items = items(given)?;
        let values = score::read(instrument, &items).map_err(|troubles| {
            let lines: Vec<String> = troubles.iter().map(ToString::to_string).collect();
            Unreadable(lines.join("\n  "))
        })?;
        match self.format {
            Format::Text => Ok(write!(out, "{}", score::text::score(instrument, &values))?),
            Format::Json => write_json(&score::json::score(instrument, &values), out),
        }
    }
}

fn write_json(value: &Value, out: &mut dyn Write) -> Result<()> {
    Ok(writeln!(out, "{}", serde_json::to_string_pretty(value)?)?)
}

fn list(format: Format, out: &mut dyn Write) -> Result<()> {
    if format == Format::Json {
        let all: Value = INSTRUMENTS.iter().map(|i| score::json::instrument(i)).collect();
        return write_json(&all, out);
    }
    writeln!(out, "{}", terminal::bold(&format!("{:<17}{:>5}  NAME", "ID", "ITEMS")))?;
    for instrument in INSTRUMENTS {
        let doubt = if instrument.unverified.is_empty() { "" } else { " (partly unverified)" };
        writeln!(out, "{:<17}{:>5}  {}{doubt}", instrument.id, instrument.items.len(), instrument.name)?;
    }
    Ok(())
}

fn unknown(name: &str) -> Unreadable {
    let near = score::near(name);
    let hint = if near.is_empty() {
        "`trialist score --list` shows all".to_owned()
    } else {
        format!("did you mean {}?", near.join(" or "))
    };
    Unreadable(format!("there is no instrument `{name}`\n  {hint}"))
}

/// Items given as an object, in a file, or on standard input.
fn items(given: &str) -> Result<Value> {
    let text = if given.trim_start().starts_with('{') {
        given.to_owned()
    } else if given == "-" {
        let mut text = String::new();
        std::io::stdin().lock().read_to_string(&mut text).context("standard input cannot be read")?;
        text
    } else {
        std::fs::read_to_string(Path::new(given)).with_context(|| format!("{given} cannot be read"))?
    };
    serde_json::from_str(&text).map_err(|error| Unreadable(format!("the items are no JSON: {error}")).into())
}
