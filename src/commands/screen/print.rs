//! Verdicts of people and the attrition of a study on standard output.

use std::io::{BufWriter, StdoutLock, Write};

use ::matching::screen::{Counts, Row, Screening, report};
use anyhow::Result;
use eligibility::evaluate::{Ruling, Standing, Truth};
use serde_json::Value;

use super::{Rows, Screen};
use crate::format::Format;
use crate::terminal;

type Out = BufWriter<StdoutLock<'static>>;

/// Prints people as they come, and the criteria at the end.
pub struct Printer {
    study: String,
    to: To,
}

/// Where it is printed, and what is kept until the end.
enum To {
    Csv(Box<csv::Writer<Out>>, Rows),
    Lines(Out),
    Json(Out, Vec<Row>),
    /// With at most so many people of each verdict.
    Table(Out, Vec<Row>, usize),
}

/// The columns of a person.
const PERSON: [&str; 6] = ["subject", "verdict", "notMet", "unknown", "forPerson", "died"];
/// The columns of a criterion.
const CRITERION: [&str; 11] = [
    "criterion",
    "text",
    "met",
    "notMet",
    "unknown",
    "forPerson",
    "left",
    "aloneBlocked",
    "gainedEligible",
    "gainedUndetermined",
    "unknownOnly",
];

impl Printer {
    /// As the command line says.
    pub fn new(verb: &Screen, study: &str) -> Result<Self> {
        let out = terminal::output();
        let to = match verb.format {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                match verb.rows {
                    Rows::People => csv.write_record(PERSON)?,
                    Rows::Criteria => csv.write_record(CRITERION)?,
                }
                To::Csv(Box::new(csv), verb.rows)
            }
            Format::Jsonl => To::Lines(out),
            Format::Json => To::Json(out, Vec::new()),
            Format::Table => To::Table(out, Vec::new(), if verb.top == 0 { usize::MAX } else { verb.top }),
        };
        Ok(Self { study: study.to_owned(), to })
    }

    /// Prints a person, or keeps what is printed at the end.
    pub fn person(&mut self, screening: &Screening, row: Row) -> Result<()> {
        match &mut self.to {
            To::Csv(csv, Rows::People) => record(csv, &PERSON, &report::person(screening.items(), &row))?,
            To::Csv(_, Rows::Criteria) => {}
            To::Lines(out) => writeln!(out, "{}", report::person(screening.items(), &row))?,
            To::Json(_, people) => people.push(row),
            To::Table(_, people, top) => {
                let alike = people.iter().filter(|kept| kept.ruling == row.ruling).count();
                people.extend((alike < *top).then_some(row));
            }
        }
        Ok(())
    }

    /// Prints what is left to print.
    pub fn finish(self, screening: &Screening) -> Result<()> {
        match self.to {
            To::Csv(mut csv, rows) => {
                for criterion in report::criteria(screening).iter().filter(|_| rows == Rows::Criteria) {
                    record(&mut csv, &CRITERION, criterion)?;
                }
                csv.flush()?;
            }
            To::Lines(mut out) => {
                for criterion in report::criteria(screening) {
                    writeln!(out, "{criterion}")?;
                }
                writeln!(out, "{}", Value::from(report::head(&self.study, screening)))?;
                out.flush()?;
            }
            To::Json(mut out, people) => {
                let document = report::document(&self.study, screening, &people);
                writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
                out.flush()?;
            }
            To::Table(mut out, people, top) => {
                head(&mut out, &self.study, screening)?;
                criteria(&mut out, screening)?;
                list(&mut out, screening, &people, top)?;
                out.flush()?;
            }
        }
        Ok(())
    }
}

fn record(csv: &mut csv::Writer<Out>, columns: &[&str], of: &Value) -> Result<()> {
    Ok(csv.write_record(columns.iter().map(|column| cell(&of[*column])))?)
}

/// A value in a cell of a table; lists are joined by `|`.
pub fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join("|"),
        other => other.to_string(),
    }
}

fn head(out: &mut Out, study: &str, screening: &Screening) -> Result<()> {
    let (tally, settings) = (screening.tally(), screening.settings());
    let people = terminal::counted(tally.people(), "person", "people");
    writeln!(out, "{}", terminal::bold(&format!("{study} and {people}")))?;
    let number = |ruling| terminal::grouped(tally.of(ruling));
    writeln!(
        out,
        "{} eligible on all computable criteria, {} undetermined, {} ineligible",
        number(Ruling::Eligible),
        number(Ruling::Undetermined),
        number(Ruling::Ineligible)
    )?;
    if tally.died > 0 {
        writeln!(
            out,
            "{} of the ineligible have died; no criterion counts them",
            terminal::grouped(tally.died)
        )?;
    }
    writeln!(out, "on {}; what is not recorded: {}\n", settings.index_date, settings.absence)?;
    Ok(())
}

/// Heads of the columns of counts, and what stands in them.
type Count = (&'static str, fn(&Counts) -> u64);
const COUNTS: [Count; 8] = [
    ("NOT MET", |c| c.not_met),
    ("UNKNOWN", |c| c.unknown),
    ("PERSON", |c| c.for_person),
    ("LEFT", |c| c.left),
    ("ALONE", |c| c.alone_blocked),
    ("+ELIG", |c| c.gained_eligible),
    ("+UNDET", |c| c.gained_undetermined),
    ("ONLY ?", |c| c.unknown_only),
];
/// Columns of the name of a criterion, of a count, and the least that is left for its words.
const NAME: usize = 19;
const COUNT: usize = 9;
const WORDS: usize = 24;

fn criteria(out: &mut Out, screening: &Screening) -> Result<()> {
    // Where the terminal is too narrow for the words beside the counts they stand below.
    let room = terminal::width().saturating_sub(NAME + COUNT * COUNTS.len() + 2);
    let heads: String = COUNTS.iter().map(|(head, _)| format!("{head:>COUNT$}")).collect();
    writeln!(out, "{}", terminal::bold(&format!("{:NAME$}{heads}", "CRITERION")))?;
    for (item, counts) in screening.items().iter().zip(&screening.tally().criteria) {
        let words = terminal::one_line(&item.source);
        let numbers: String =
            COUNTS.iter().map(|(_, of)| format!("{:>COUNT$}", terminal::grouped(of(counts)))).collect();
        let beside = if room >= WORDS { terminal::cut(&words, room) } else { String::new() };
        writeln!(out, "{}", format!("{:NAME$}{numbers}  {beside}", report::name(item)).trim_end())?;
        if room < WORDS && !words.is_empty() {
            let line = terminal::cut(&format!("    {words}"), terminal::width());
            writeln!(out, "{}", terminal::faint(&line))?;
        }
    }
    Ok(writeln!(out)?)
}

/// The people of each verdict, with the criteria that it hangs on.
fn list(out: &mut Out, screening: &Screening, people: &[Row], top: usize) -> Result<()> {
    let items = screening.items();
    for ruling in Ruling::ALL {
        let total = screening.tally().of(ruling);
        if total == 0 {
            continue;
        }
        writeln!(out, "{}", terminal::bold(&format!("{} ({})", ruling.as_str(), terminal::grouped(total))))?;
        let (standing, word) = match ruling {
            Ruling::Ineligible => (Standing::NotMet, "not met"),
            Ruling::Undetermined => (Standing::Unknown, "unknown"),
            Ruling::Eligible => (Standing::ForPerson, "for a person"),
        };
        for row in people.iter().filter(|row| row.ruling == ruling) {
            let names = report::names(items, row, standing).join(", ");
            let why = match row.lives {
                Truth::NotMet => "  died".to_owned(),
                _ if names.is_empty() => String::new(),
                _ => format!("  {word}: {names}"),
            };
            let line = format!("  {}{why}", terminal::one_line(&row.subject));
            writeln!(out, "{}", terminal::cut(&line, terminal::width()))?;
        }
        let hidden = total.saturating_sub(top as u64);
        if hidden > 0 {
            writeln!(out, "  … and {} more; --top 0 or --format csv has all", terminal::grouped(hidden))?;
        }
    }
    Ok(())
}
