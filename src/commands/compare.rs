//! `trialist compare`: protocols side by side.

use std::io::Write;

use anyhow::Result;
use clap::{Args, ValueEnum};
use protocol::{compare, dosing::Asked};
use serde_json::json;

use super::Context;
use crate::{
    criteria::{Source, Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// Protocols side by side: population, arms, doses in one unit, times, outcomes by instrument, limits of eligibility
///
/// Amounts per kilogram and square metre are those of one person; masses are in mg, volumes in mL.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Compare {
    /// Two to six studies (NCT00000102, NCT00000102@1 for a version), captured pages, records
    #[arg(required = true, num_args = 1..=6, value_name = "NCT|FILE")]
    targets: Vec<Target>,
    /// Weight of the person
    #[arg(long, value_name = "KG", default_value = "70")]
    weight: String,
    /// Height of the person
    #[arg(long, value_name = "CM", default_value = "170")]
    height: String,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist compare NCT07183761 NCT05507697
  trialist compare NCT07183761 NCT05507697 NCT04562025 --weight 60 --format json
  trialist compare NCT00000102@1 NCT00000102";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

impl Compare {
    /// Reads, compares and prints.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let person =
            Asked::read(&json!({"weight": self.weight, "height": self.height})).map_err(|troubles| {
                let lines: Vec<String> = troubles.iter().map(ToString::to_string).collect();
                Unreadable(lines.join("\n  "))
            })?;
        let mut found: Vec<Source> = Vec::new();
        let mut sources = Sources::new(context, None);
        for target in &self.targets {
            let ended = sources.each(target, &mut |source| {
                found.push(source);
                Ok(())
            })?;
            if ended != Ending::Done {
                return Ok(ended);
            }
        }
        let studies: Vec<_> =
            found.iter().filter_map(|source| Some((source.study.as_ref()?, &source.eligibility))).collect();
        if !(2..=6).contains(&studies.len()) || studies.len() < found.len() {
            let message = format!("two to six studies are compared; {} were given", studies.len());
            return Err(Unreadable(message).into());
        }
        let comparison = compare::compare(&studies, &person);
        let mut out = terminal::output();
        match self.format {
            Format::Text => write!(out, "{}", compare::text::comparison(&comparison))?,
            Format::Json => {
                let mut document = compare::json::comparison(&comparison);
                document["person"] = json!({"weight": self.weight, "height": self.height});
                writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
            }
        }
        out.flush()?;
        Ok(Ending::Done)
    }
}
