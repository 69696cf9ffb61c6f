//! Ranked studies on standard output.

use std::io::{BufWriter, StdoutLock, Write};

use ::matching::rank::Ranked;
use anyhow::Result;
use eligibility::evaluate::{Truth, Verdict};
use registry::Registry;
use serde_json::{Value, json};

use super::{Asked, Format};
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
}

impl<'r> Printer<'r> {
    /// At most `top` studies (0: all) a person; those that rule the person out only with `all`.
    pub fn new(registry: &'r Registry, format: Format, top: usize, all: bool) -> Self {
        let top = if top == 0 { usize::MAX } else { top };
        Self { registry, format, top, all, out: terminal::output(), people: Vec::new() }
    }

    /// Prints the studies of a person.
    pub fn person(&mut self, asked: &Asked, ranked: &[Ranked]) -> Result<()> {
        if self.format == Format::Trec {
            return self.trec(asked, ranked);
        }
        // Who may join, or may perhaps, comes before who may not; within each the better fit first.
        let (out, mut shown): (Vec<&Ranked>, Vec<&Ranked>) = ranked.iter().partition(|r| is_ruled_out(r));
        let hidden = if self.all { 0 } else { out.len() };
        shown.extend(out.into_iter().filter(|_| self.all));
        let total = shown.len();
        shown.truncate(self.top);
        match self.format {
            Format::Table => self.table(asked, &shown, total, hidden),
            Format::Jsonl => self.lines(asked, &shown, hidden),
            _ => {
                let rows: Result<Vec<Value>> = shown.iter().map(|r| self.row(asked, r)).collect();
                self.people.push(json!({
                    "subject": asked.subject.id, "indexDate": asked.rules.index_date.to_string(),
                    "absence": asked.rules.absence.as_str(), "total": total, "hidden": hidden, "studies": rows?,
                }));
                Ok(())
            }
        }
    }

    fn lines(&mut self, asked: &Asked, shown: &[&Ranked], hidden: usize) -> Result<()> {
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
        if self.format == Format::Json {
            writeln!(self.out, "{}", serde_json::to_string_pretty(&json!({"people": self.people}))?)?;
        }
        Ok(self.out.flush()?)
    }

    fn trec(&mut self, asked: &Asked, ranked: &[Ranked]) -> Result<()> {
        for (place, r) in ranked.iter().take(self.top).enumerate() {
            writeln!(self.out, "{} Q0 {} {} {:.6} trialist", asked.subject.id, r.id, place + 1, r.score)?;
        }
        Ok(())
    }

    fn table(&mut self, asked: &Asked, shown: &[&Ranked], total: usize, hidden: usize) -> Result<()> {
        let id = if asked.subject.id.is_empty() { "person" } else { &asked.subject.id };
        let head = format!("{id}: {}", terminal::counted(total as u64, "study", "studies"));
        writeln!(self.out, "{}", terminal::bold(&head))?;
        writeln!(self.out, "on {}; what is not recorded: {}", asked.rules.index_date, asked.rules.absence)?;
        for r in shown {
            let title = studies::study(self.registry, r.id)?.title();
            writeln!(self.out, "{}  {}", r.id, terminal::one_line(&title))?;
            writeln!(self.out, "    {}", terminal::faint(&verdict(r)))?;
            for blocker in blockers(r).into_iter().take(3) {
                writeln!(
                    self.out,
                    "    {}",
                    terminal::faint(&format!("not met: {}", terminal::one_line(&blocker)))
                )?;
            }
        }
        if hidden > 0 {
            writeln!(self.out, "{}", hidden_note(hidden))?;
        }
        Ok(())
    }

    fn row(&self, asked: &Asked, r: &Ranked) -> Result<Value> {
        let study = studies::study(self.registry, r.id)?;
        let fit = r.fit;
        Ok(json!({
            "subject": asked.subject.id, "nctId": r.id, "score": r.score, "briefTitle": study.title(),
            "overallStatus": study.text("OverallStatus"), "verdict": name(r), "blockers": blockers(r),
            "inclusion": {"met": fit.included, "notMet": fit.missed, "unknown": fit.open}, "excludedBy": fit.excluded,
            "unknown": unknown(r),
        }))
    }
}

fn hidden_note(hidden: usize) -> String {
    let studies = terminal::counted(hidden as u64, "study", "studies");
    format!("{studies} whose criteria rule the person out are shown with --all")
}

/// Whether a criterion that is not met by facts, not by presumption, rules the person out.
fn is_ruled_out(r: &Ranked) -> bool {
    r.assessed.as_ref().is_some_and(|(_, found)| {
        found.findings.iter().any(|finding| finding.truth() == Truth::NotMet && !finding.is_presumed())
    })
}

fn name(r: &Ranked) -> &'static str {
    match r.assessed.as_ref().map(|(_, found)| &found.verdict) {
        Some(Verdict::Ineligible { .. }) => "ineligible",
        Some(Verdict::Eligible { .. }) => "eligible",
        Some(Verdict::Undetermined { .. }) => "undetermined",
        None => "notAssessed",
    }
}

fn verdict(r: &Ranked) -> String {
    r.assessed
        .as_ref()
        .map_or_else(|| "not assessed".to_owned(), |(_, found)| subject::verdict(&found.verdict))
}

/// The words of the criteria that rule the person out.
fn blockers(r: &Ranked) -> Vec<String> {
    let Some((candidate, found)) = &r.assessed else { return Vec::new() };
    let Verdict::Ineligible { blockers } = &found.verdict else { return Vec::new() };
    blockers.iter().map(|at| candidate.criteria.items[*at].source.clone()).collect()
}

/// The words of the criteria that are open, the most decisive first.
fn unknown(r: &Ranked) -> Vec<String> {
    let Some((candidate, found)) = &r.assessed else { return Vec::new() };
    let Verdict::Undetermined { unknown } = &found.verdict else { return Vec::new() };
    unknown.iter().map(|at| candidate.criteria.items[*at].source.clone()).collect()
}
