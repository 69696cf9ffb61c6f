//! `trialist whatif`: a study a little different, and who would join it then.

use std::io::{BufWriter, StdoutLock, Write};
use std::path::PathBuf;

use ::matching::screen::{
    report,
    whatif::{Change, Count, Gains, Question, STEPS, Search},
};
use anyhow::Result;
use clap::Args;
use eligibility::{
    relax::{Move, Trouble, limits},
    tree::{Item, Var},
};
use serde_json::{Value, json};
use vocabulary::variable;

use super::{
    Context,
    screen::cohort::{self, Cohort, Rules},
};
use crate::{
    ending::{Ending, Unreadable},
    format::Format,
    terminal,
};

/// Move a limit of a study, or drop a criterion, and see how many people become eligible
///
/// Without --relax and --curve: which single change brings most. Limits are only moved outwards, so nobody is ruled out by it. The
/// people are read twice. Everything is computed on this machine; nothing about a person is written to disk.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct WhatIf {
    /// The study (NCT id), or a file with a record or with the text of criteria
    #[arg(value_name = "NCT|FILE")]
    study: String,
    /// The people: FHIR bundles or NDJSON, OMOP tables (CSV, Parquet), Phenopackets, a form (CSV, JSON), or a folder of
    /// these
    #[arg(long, value_name = "FILE|DIR")]
    subjects: PathBuf,
    /// A limit to be moved, as seen from the people: "hba1c<=13", "age>=16", "bmi<40 kg/m2"; several are moved together
    #[arg(long, value_name = "LIMIT")]
    relax: Vec<String>,
    /// Every step of the limits of a variable: hba1c
    #[arg(long, value_name = "VARIABLE")]
    curve: Option<String>,
    #[command(flatten)]
    rules: Rules,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// With table: at most so many changes (0: all)
    #[arg(long, value_name = "N", default_value_t = 20)]
    top: usize,
}

const EXAMPLES: &str = "\
Examples:
  trialist whatif NCT04562025 --subjects cohort.ndjson
  trialist whatif NCT04562025 --subjects cohort.ndjson --relax 'hba1c<=13' --relax 'age>=16'
  trialist whatif NCT04562025 --subjects cohort.ndjson --curve hba1c --format csv > curve.csv

A line of csv or jsonl is a change: `now` (none), `asked` (all of --relax), `step` (of --curve), `limit` (moved so far
that it keeps out nobody whom a number lets in) or `without` (a criterion dropped).";

impl WhatIf {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        if self.subjects.as_os_str() == "-" {
            return Err(
                Unreadable("the people are read twice: give them as a file, not as `-`".into()).into()
            );
        }
        let asked: Vec<Move> =
            self.relax.iter().map(|text| text.parse()).collect::<Result<_, _>>().map_err(said)?;
        let curve = self.curve.as_deref().map(named).transpose().map_err(said)?;
        let Some(study) = cohort::study(context, &self.study)? else { return Ok(Ending::NotFound) };
        let settings = self.rules.settings(&self.subjects)?;
        let items = study.items;
        let known = |trouble| with_limits(trouble, &items);
        let cohort = Cohort { path: &self.subjects, quiet: context.quiet, written: settings.index_date };
        let question = Question { items: items.clone(), settings, asked, curve };
        let mut search = Search::new(question.clone()).map_err(known)?;
        cohort.each(&mut |people| {
            search.look(&people);
            Ok(())
        })?;
        let mut count = search.count().map_err(known)?;
        let mut gained = Vec::new();
        // What is odd about the people was told the first time.
        let again = Cohort { quiet: true, ..cohort };
        again.each(&mut |people| {
            count.hold(&people, &mut |subject| gained.push(subject.id.clone()));
            Ok(())
        })?;
        let told = Told { study: study.name, question, count, gained };
        told.print(self.format, if self.top == 0 { usize::MAX } else { self.top })?;
        Ok(Ending::Done)
    }
}

/// A wish that cannot be fulfilled is a fault of the command line.
fn said(trouble: Trouble) -> anyhow::Error {
    Unreadable(trouble.to_string()).into()
}

/// The same with the limits that there are.
fn with_limits(trouble: Trouble, items: &[Item]) -> anyhow::Error {
    let all: Vec<String> = limits(items).iter().map(ToString::to_string).collect();
    let there =
        if all.is_empty() { "it sets none".to_owned() } else { format!("it sets {}", all.join(", ")) };
    Unreadable(format!("{trouble}; {there}")).into()
}

fn named(name: &str) -> Result<Var, Trouble> {
    let known = variable::by_id(name).or_else(|| variable::named(name));
    known.map(|variable| Var(variable.id.into())).ok_or_else(|| Trouble::NoVariable(name.to_owned()))
}

/// What was found, to be told.
struct Told {
    study: String,
    question: Question,
    count: Count,
    /// Those whom what was asked for makes eligible.
    gained: Vec<String>,
}

type Out = BufWriter<StdoutLock<'static>>;

/// The columns of a change.
const COLUMNS: [&str; 9] = [
    "kind",
    "change",
    "bound",
    "criteria",
    "eligible",
    "undetermined",
    "ineligible",
    "gainedEligible",
    "gainedUndetermined",
];

impl Told {
    fn print(&self, format: Format, top: usize) -> Result<()> {
        let mut out = terminal::output();
        match format {
            Format::Table => self.table(&mut out, top)?,
            Format::Json => {
                let settings = &self.question.settings;
                let document = json!({
                    "study": self.study,
                    "indexDate": settings.index_date.to_string(),
                    "absence": settings.absence.as_str(),
                    "changes": self.count.changes().map(|(change, gains)| self.row(change, gains)).collect::<Vec<_>>(),
                    "gained": self.gained,
                });
                writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
            }
            Format::Jsonl => {
                for (change, gains) in self.count.changes() {
                    writeln!(out, "{}", self.row(change, gains))?;
                }
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(&mut out);
                csv.write_record(COLUMNS)?;
                for (change, gains) in self.count.changes() {
                    let row = self.row(change, gains);
                    csv.write_record(COLUMNS.iter().map(|column| super::screen::print::cell(&row[*column])))?;
                }
                csv.flush()?;
            }
        }
        Ok(out.flush()?)
    }

    fn row(&self, change: &Change, gains: &Gains) -> Value {
        let (kind, wish, places): (&str, Option<&Move>, &[usize]) = match change {
            Change::AsItIs => ("now", None, &[]),
            Change::Asked(wishes, places) => ("asked", wishes.first().filter(|_| wishes.len() == 1), places),
            Change::Without(place) => ("without", None, std::slice::from_ref(place)),
            Change::Moved(wish, places) => ("limit", Some(wish), places),
            Change::Step(wish, places) => ("step", Some(wish), places),
        };
        let bound = wish.filter(|wish| !wish.is_away()).map(|wish| wish.bound.value.to_string());
        json!({
            "kind": kind,
            "change": self.words(change),
            "bound": bound,
            "criteria": self.names(places),
            "eligible": gains.eligible,
            "undetermined": gains.undetermined,
            "ineligible": gains.ineligible,
            "gainedEligible": gains.gained_eligible,
            "gainedUndetermined": gains.gained_undetermined,
        })
    }

    fn names(&self, places: &[usize]) -> Vec<String> {
        places.iter().filter_map(|place| self.question.items.get(*place).map(report::name)).collect()
    }

    fn words(&self, change: &Change) -> String {
        match change {
            Change::AsItIs => "as it is".to_owned(),
            Change::Asked(wishes, _) => {
                wishes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
            }
            Change::Without(place) => format!("without {}", self.names(&[*place]).join("")),
            Change::Moved(wish, _) | Change::Step(wish, _) => wish.to_string(),
        }
    }

    fn table(&self, out: &mut Out, top: usize) -> Result<()> {
        let settings = &self.question.settings;
        let people =
            self.count.changes().next().map_or(0, |(_, g)| g.eligible + g.undetermined + g.ineligible);
        let people = terminal::counted(people, "person", "people");
        writeln!(out, "{}", terminal::bold(&format!("{} and {people}", self.study)))?;
        writeln!(out, "on {}; what is not recorded: {}\n", settings.index_date, settings.absence)?;
        let head = format!("{:>9}{:>9}{:>9}{:>9}  CHANGE", "ELIGIBLE", "UNDETER.", "+ELIG", "+UNDET");
        writeln!(out, "{}", terminal::bold(&head))?;
        let of = |wanted: fn(&Change) -> bool| self.count.changes().filter(move |(change, _)| wanted(change));
        for (change, gains) in of(|change| matches!(change, Change::AsItIs | Change::Asked(..))) {
            self.line(out, change, gains)?;
        }
        let steps: Vec<(&Change, &Gains)> = of(|change| matches!(change, Change::Step(..))).collect();
        if !steps.is_empty() {
            writeln!(out, "\n{}", terminal::bold("Step by step"))?;
            steps.iter().try_for_each(|(change, gains)| self.line(out, change, gains))?;
            if steps.len() >= STEPS {
                writeln!(out, "  {STEPS} steps of more, at even distances")?;
            }
        }
        let best = self.count.best();
        writeln!(out, "\n{}", terminal::bold("Single changes that bring most"))?;
        if best.is_empty() {
            writeln!(out, "  No single change makes anybody eligible or undetermined who is ruled out now.")?;
        }
        best.iter().take(top).try_for_each(|(change, gains)| self.line(out, change, gains))?;
        if best.len() > top {
            writeln!(out, "  … and {} more; --top 0 has all", best.len() - top)?;
        }
        Ok(())
    }

    fn line(&self, out: &mut Out, change: &Change, gains: &Gains) -> Result<()> {
        let places: &[usize] = match change {
            Change::AsItIs => &[],
            Change::Without(place) => std::slice::from_ref(place),
            Change::Asked(_, places) | Change::Moved(_, places) | Change::Step(_, places) => places,
        };
        let words = match change {
            Change::Without(place) => {
                let source = self.question.items.get(*place).map_or("", |item| &item.source);
                format!("{}: {}", self.words(change), terminal::one_line(source))
            }
            _ if places.is_empty() => self.words(change),
            _ => format!("{} ({})", self.words(change), self.names(places).join(", ")),
        };
        let number = terminal::grouped;
        let line = format!(
            "{:>9}{:>9}{:>9}{:>9}  {words}",
            number(gains.eligible),
            number(gains.undetermined),
            number(gains.gained_eligible),
            number(gains.gained_undetermined)
        );
        Ok(writeln!(out, "{}", terminal::cut(&line, terminal::width()))?)
    }
}
