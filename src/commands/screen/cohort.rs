//! The people of a file or folder, and the study that they are held against.

use std::{ops::ControlFlow, path::Path};

use anyhow::{Result, bail};
use clap::Args;
use eligibility::{
    evaluate::{Absence, Settings},
    tree::Item,
};
use ingest::people::{FoundPerson, read_people, read_people_at};
use jiff::civil::Date;
use model::Subject;

use crate::{
    absence::{Policy, Values},
    clock,
    commands::{Context, assess::subject},
    criteria::{Sources, Target},
    progress::Progress,
    terminal,
};

/// People who are held at once: the rest of the file is not yet in memory.
const BATCH: usize = 256;
/// So many issues are told one by one.
const TOLD: u64 = 5;

/// How people are evaluated.
#[derive(Clone, Debug, Args)]
pub struct Rules {
    /// The day that counts as today (2026-05-17); else the day of the computer
    #[arg(long, value_name = "DATE")]
    index_date: Option<Date>,
    /// What it means that nothing is recorded: `open` unknown; `closed` not so, the record is complete; `clinical` what
    /// would rule the person out and would be mentioned is presumed absent. Usually `clinical` for a note, else `open`
    #[arg(long, value_enum)]
    absence: Option<Policy>,
    /// Apply suggested repairs of implausible units
    #[arg(long)]
    accept_repairs: bool,
    #[command(flatten)]
    values: Values,
}

impl Rules {
    /// The settings, with the policy that is usual for the source.
    pub fn settings(&self, source: &Path) -> Result<Settings> {
        let usual = if subject::is_note(source) { Absence::Clinical } else { Absence::Open };
        let absence = self.absence.map_or(usual, Into::into);
        let index_date = self.index_date.map_or_else(clock::today, Ok)?;
        let (accept_repairs, values_last) = (self.accept_repairs, self.values.last());
        Ok(Settings { accept_repairs, values_last, ..Settings::on(index_date).with(absence) })
    }
}

/// A study by its name, with its criteria.
pub struct Study {
    /// The NCT id, or the name of the file.
    pub name: String,
    /// The criteria; one at least.
    pub items: Vec<Item>,
}

/// The one study of the registry or of a file; none if the registry does not have it, which is told.
pub fn study(context: &Context, asked: &str) -> Result<Option<Study>> {
    let mut found: Vec<Study> = Vec::new();
    let target: Target = asked.parse()?;
    Sources::new(context, None).each(&target, &mut |source| {
        found.push(Study { name: source.trial.clone(), items: source.into_evaluated() });
        Ok(())
    })?;
    if found.len() > 1 {
        bail!("{asked} holds {} studies: people are held against one at a time", found.len());
    }
    Ok(found.pop())
}

/// People as they stand in a file or folder.
pub struct Cohort<'c> {
    /// Where they stand; `-` is standard input.
    pub path: &'c Path,
    /// Without warnings and progress.
    pub quiet: bool,
    /// The day that a note was written.
    pub written: Date,
}

impl Cohort<'_> {
    /// Calls `held` with people, some at a time and in their order. It fails if there is nobody.
    pub fn each(&self, held: &mut dyn FnMut(Vec<Subject>) -> Result<()>) -> Result<()> {
        if subject::is_note(self.path) {
            return held(vec![subject::of_note(self.path, self.written)?]);
        }
        let mut reading = Reading {
            quiet: self.quiet,
            held,
            batch: Vec::new(),
            people: 0,
            issues: 0,
            progress: Progress::new("screening", "people", self.quiet),
        };
        let mut failed = None;
        let mut found = |found| match reading.take(found) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        };
        let limits = ingest::Limits::default();
        let _ = match self.path == Path::new("-") {
            true => read_people("-", std::io::stdin().lock(), None, limits, &mut found),
            false => read_people_at(self.path, None, limits, &mut found),
        };
        match failed {
            Some(error) => Err(error),
            None => reading.finish(self.path),
        }
    }
}

/// A reading of people under way.
struct Reading<'r> {
    quiet: bool,
    held: &'r mut dyn FnMut(Vec<Subject>) -> Result<()>,
    batch: Vec<Subject>,
    people: u64,
    issues: u64,
    progress: Progress,
}

impl Reading<'_> {
    fn take(&mut self, found: FoundPerson) -> Result<()> {
        match found {
            FoundPerson::Person(subject, _) => {
                self.people += 1;
                self.batch.push(*subject);
                if self.batch.len() >= BATCH {
                    (self.held)(std::mem::take(&mut self.batch))?;
                    self.progress.update(0, 0, self.people);
                }
            }
            FoundPerson::Issue(issue) => {
                self.issues += 1;
                if !self.quiet && self.issues <= TOLD {
                    terminal::warn(&issue.to_string());
                }
            }
            FoundPerson::NotUnderstood(_) => {}
        }
        Ok(())
    }

    fn finish(mut self, path: &Path) -> Result<()> {
        (self.held)(std::mem::take(&mut self.batch))?;
        self.progress.finish();
        if self.people == 0 {
            bail!(
                "{} holds no person: FHIR (a bundle, NDJSON), OMOP tables, a Phenopacket, a form (CSV, JSON) or a note \
                 (.txt) is expected",
                path.display()
            );
        }
        if self.issues > TOLD && !self.quiet {
            let rest = terminal::counted(self.issues - TOLD, "more thing", "more things");
            terminal::warn(&format!("{rest} in {} could not be read or is odd", path.display()));
        }
        Ok(())
    }
}
