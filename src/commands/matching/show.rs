//! Ranked studies on standard output.

use std::fs::File;
use std::io::{BufWriter, StdoutLock, Write};

use ::matching::{
    asked::Asked,
    json,
    next::questions,
    rank::{Ranked, Standing, in_groups},
    waiting::wait_of,
};
use anyhow::Result;
use eligibility::evaluate::{Person, Truth, life};
use registry::Registry;
use serde_json::Value;

use super::Format;
use crate::{commands::assess::subject, studies, terminal};

/// Prints person by person.
pub struct Printer<'r> {
    registry: &'r Registry,
    format: Format,
    top: usize,
    all: bool,
    out: BufWriter<StdoutLock<'static>>,
    /// For a JSON document, which is printed at the end.
    people: Vec<Value>,
    /// Where they are kept besides.
    kept: Option<File>,
}

impl<'r> Printer<'r> {
    /// At most `top` studies (0: all) a person; those that rule the person out only with `all`.
    pub fn new(registry: &'r Registry, format: Format, top: usize, all: bool) -> Self {
        let top = if top == 0 { usize::MAX } else { top };
        Self { registry, format, top, all, out: terminal::output(), people: Vec::new(), kept: None }
    }

    /// Keeps what is found in a file, whatever is printed.
    pub fn keep(&mut self, file: File) {
        self.kept = Some(file);
    }

    /// Prints the studies of a person.
    pub fn person(&mut self, asked: &Asked, ranked: Vec<Ranked>) -> Result<()> {
        if self.format == Format::Trec {
            return self.trec(asked, &ranked);
        }
        // Who may join, or may perhaps, comes before who may not; within each the better fit first.
        let mut shown = in_groups(ranked);
        let all = shown.len();
        shown.retain(|one| self.all || one.standing() != Standing::Ineligible);
        let (total, hidden) = (shown.len(), all - shown.len());
        shown.truncate(self.top);
        if self.format == Format::Json || self.kept.is_some() {
            let rows: Result<Vec<Value>> = shown.iter().map(|r| self.row(asked, r)).collect();
            self.people.push(json::person(asked, total, hidden, &shown, rows?));
        }
        match self.format {
            Format::Table => self.table(asked, &shown, total, hidden),
            Format::Jsonl => self.lines(asked, &shown, hidden),
            Format::Json | Format::Trec => Ok(()),
        }
    }

    fn lines(&mut self, asked: &Asked, shown: &[Ranked], hidden: usize) -> Result<()> {
        for r in shown {
            let row = self.row(asked, r)?;
            writeln!(self.out, "{row}")?;
        }
        if hidden > 0 {
            terminal::note(&hidden_note(hidden));
        }
        Ok(())
    }

    /// Prints what is left to print.
    pub fn finish(mut self) -> Result<()> {
        let document = serde_json::json!({"people": self.people});
        if self.format == Format::Json {
            writeln!(self.out, "{}", serde_json::to_string_pretty(&document)?)?;
        }
        if let Some(mut file) = self.kept {
            writeln!(file, "{}", serde_json::to_string_pretty(&document)?)?;
            file.sync_all()?;
        }
        Ok(self.out.flush()?)
    }

    fn trec(&mut self, asked: &Asked, ranked: &[Ranked]) -> Result<()> {
        for (place, r) in ranked.iter().take(self.top).enumerate() {
            writeln!(self.out, "{} Q0 {} {} {:.6} trialist", asked.subject.id, r.id, place + 1, r.score)?;
        }
        Ok(())
    }

    fn table(&mut self, asked: &Asked, shown: &[Ranked], total: usize, hidden: usize) -> Result<()> {
        let id = if asked.subject.id.is_empty() { "person" } else { &asked.subject.id };
        let head = format!("{id}: {}", terminal::counted(total as u64, "study", "studies"));
        writeln!(self.out, "{}", terminal::bold(&head))?;
        writeln!(self.out, "on {}; what is not recorded: {}", asked.rules.index_date, asked.rules.absence)?;
        if let Some(life) = life(&asked.subject, asked.rules.index_date) {
            for line in subject::reasons(&life) {
                writeln!(self.out, "{line}")?;
            }
            if life.truth() == Truth::NotMet {
                writeln!(self.out, "Who has died can join no study.")?;
            }
        }
        self.ask_next(shown)?;
        let person = Person::new(&asked.subject);
        for r in shown {
            let title = studies::study(self.registry, r.id)?.title();
            writeln!(self.out, "{}  {}", r.id, terminal::one_line(&title))?;
            writeln!(self.out, "    {}", terminal::faint(&verdict(r)))?;
            if let Some(wait) = wait_of(r, &person, &asked.rules) {
                writeln!(
                    self.out,
                    "    nothing rules the person out from {} on, if all else stays",
                    wait.from
                )?;
            }
            for blocker in r.blockers().into_iter().take(3) {
                writeln!(
                    self.out,
                    "    {}",
                    terminal::faint(&format!("not met: {}", terminal::one_line(&blocker.source)))
                )?;
            }
        }
        if hidden > 0 {
            writeln!(self.out, "{}", hidden_note(hidden))?;
        }
        Ok(())
    }

    /// What to ask next about the studies that are shown.
    fn ask_next(&mut self, shown: &[Ranked]) -> Result<()> {
        let questions = questions(shown, ASKED);
        if questions.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "Ask next:")?;
        for one in questions {
            let criteria = terminal::counted(one.settles as u64, "criterion", "criteria");
            let studies = terminal::counted(one.studies as u64, "study", "studies");
            let words = terminal::one_line(&one.words);
            writeln!(self.out, "  {words}: settles {criteria} of {studies}")?;
        }
        Ok(())
    }

    fn row(&self, asked: &Asked, r: &Ranked) -> Result<Value> {
        let study = studies::study(self.registry, r.id)?;
        Ok(json::study(asked, r, &study, false))
    }
}

/// Questions that the table shows.
const ASKED: usize = 5;

fn hidden_note(hidden: usize) -> String {
    let studies = terminal::counted(hidden as u64, "study", "studies");
    format!("{studies} that the person is ruled out of are shown with --all")
}

fn verdict(r: &Ranked) -> String {
    r.assessed.as_ref().map_or_else(|| "not assessed".to_owned(), |(_, found)| subject::verdict(found))
}
