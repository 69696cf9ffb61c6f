//! The verbs, one file each.

mod answer;
mod assess;
mod calendar;
mod changes;
mod compare;
mod criteria;
mod demo;
mod diff;
mod doctor;
mod dose;
mod export;
mod history;
mod import;
mod lint;
mod matching;
mod protocol;
mod rebuild;
mod related;
mod score;
mod screen;
mod search;
mod searches;
mod serve;
pub mod show;
mod sync;
mod watch;
mod whatif;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::{
    data,
    ending::{CODES, Ending},
};

/// Find, read, match and plan clinical trials from registry records, on your own machine.
#[derive(Debug, Parser)]
#[command(name = "trialist", version, after_help = format!("{EXAMPLES}\n\n{CODES}"), arg_required_else_help = true)]
pub struct Cli {
    /// Folder of the registry; by default the platform's place for this program's data
    #[arg(long, global = true, env = "TRIALIST_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// No progress, hints and summaries; errors are still told
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
Examples:
  trialist demo                                    a registry in the browser, at once
  trialist import ctg-studies.json.zip             a bulk download, a folder, a page ...
  trialist sync                                    all of ClinicalTrials.gov, and later what changed
  trialist search lung cancer --status recruiting
  trialist show NCT04562025
  trialist criteria NCT04562025                    who may join, as logic
  trialist protocol NCT04562025                    arms, doses, schedule, as far as the record says
  trialist dose NCT04562025 --weight 70            what a person would get
  trialist calendar NCT07183761 --start 2026-03-02 the dates of one participant
  trialist score tcss                              instruments: their items, and what they come to
  trialist lint NCT04562025                        what its authors should look at
  trialist export --format aact-parquet --out aact AACT's tables, and other formats
  trialist history NCT04562025                     what changed from version to version
  trialist watch                                   what is new in the saved searches
  trialist serve";

#[derive(Debug, Subcommand)]
enum Verb {
    Demo(demo::Demo),
    Import(import::Import),
    Search(Box<search::Search>),
    Match(matching::Match),
    Screen(Box<screen::Screen>),
    #[command(name = "whatif")]
    WhatIf(Box<whatif::WhatIf>),
    Show(show::Show),
    Criteria(criteria::Criteria),
    Assess(Box<assess::Assess>),
    Protocol(protocol::Protocol),
    Dose(Box<dose::Dose>),
    Calendar(calendar::Calendar),
    Compare(compare::Compare),
    Score(score::Score),
    Answer(answer::Answer),
    Lint(lint::Lint),
    Diff(diff::Diff),
    Related(related::Related),
    Export(Box<export::Export>),
    History(history::History),
    Changes(changes::Changes),
    Searches(searches::Searches),
    Watch(watch::Watch),
    Sync(sync::Sync),
    Serve(serve::Serve),
    Rebuild(rebuild::Rebuild),
    Doctor(doctor::Doctor),
}

/// What every verb is told.
pub struct Context {
    /// The data folder.
    pub data: PathBuf,
    /// Say nothing but results and errors.
    pub quiet: bool,
}

/// Does what the command line asks for.
pub fn run(cli: Cli) -> Result<Ending> {
    let context = Context { data: data::folder(cli.data)?, quiet: cli.quiet };
    match cli.verb {
        Verb::Demo(demo) => demo.run(&context),
        Verb::Import(import) => import.run(&context),
        Verb::Criteria(criteria) => criteria.run(&context),
        Verb::Assess(assess) => assess.run(&context),
        Verb::Protocol(protocol) => protocol.run(&context),
        Verb::Dose(dose) => dose.run(&context),
        Verb::Calendar(calendar) => calendar.run(&context),
        Verb::Compare(compare) => compare.run(&context),
        Verb::Score(score) => score.run(&context),
        Verb::Answer(answer) => answer.run(&context),
        Verb::Lint(lint) => lint.run(&context),
        Verb::Diff(diff) => diff.run(&context),
        Verb::Search(search) => search.run(&context),
        Verb::Match(verb) => verb.run(&context),
        Verb::Screen(screen) => screen.run(&context),
        Verb::WhatIf(whatif) => whatif.run(&context),
        Verb::Show(show) => show.run(&context),
        Verb::Export(export) => export.run(&context),
        Verb::Related(related) => related.run(&context),
        Verb::History(history) => history.run(&context),
        Verb::Changes(changes) => changes.run(&context),
        Verb::Searches(searches) => searches.run(&context),
        Verb::Watch(watch) => watch.run(&context),
        Verb::Sync(sync) => sync.run(&context),
        Verb::Serve(serve) => serve.run(&context),
        Verb::Rebuild(rebuild) => rebuild.run(&context),
        Verb::Doctor(doctor) => doctor.run(&context),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
