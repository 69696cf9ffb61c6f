//! `trialist calendar`: the dates of one participant.

use std::io::Write;

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use model::Study;
use protocol::{
    Protocol,
    calendar::{self, Calendar as Dates, Closures, CountedFrom, OpenDays, Rules, ics},
};

use super::Context;
use crate::{
    criteria::{Sources, Target},
    ending::{Ending, Unreadable},
    terminal,
};

/// The dates of one participant: visits, permitted windows, weekends and closures, drift
///
/// The start is the day of the first administration, of enrolment and of the baseline alike. Times that are counted from
/// something without a date are listed without a day. A record has no windows: those shown are proposals, marked
/// assumed, unless --window gives them. docs/protocol.md has the rules and the JSON.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Calendar {
    /// A study (NCT00000102), a captured page, a record
    #[arg(value_name = "NCT|FILE")]
    target: Target,
    /// The day on which the participant starts
    #[arg(long, value_name = "DAY")]
    start: Date,
    /// Whether visits may fall on Saturdays and Sundays
    #[arg(long, value_enum, default_value_t)]
    weekends: Weekends,
    /// Days on which the site is closed: 2026-04-06,2026-12-24..2027-01-02
    #[arg(long, value_name = "DATES")]
    closed: Vec<Closures>,
    /// What a visit is counted from
    #[arg(long, value_enum, default_value_t)]
    anchor: Anchor,
    /// Days before and after that are permitted
    #[arg(long, value_name = "DAYS")]
    window: Option<u16>,
    /// The arm whose administrations are planned; those of all arms if absent
    #[arg(long, value_name = "LABEL")]
    arm: Option<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

const EXAMPLES: &str = "\
Examples:
  trialist calendar NCT07183761 --start 2026-03-02
  trialist calendar NCT04562025 --start 2026-03-02 --anchor previous --closed 2026-03-09
  trialist calendar NCT07183761 --start 2026-03-02 --window 3 --format ics > visits.ics
  trialist calendar NCT07183761 --start 2026-03-02 --format html > visits.html

Exit code 1 if a visit has no open day in its window.";

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Weekends {
    /// They move to the nearest open day
    #[default]
    Skip,
    /// They may
    Allow,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Anchor {
    /// From the start: a visit that moves leaves the others where they are
    #[default]
    Baseline,
    /// From the visit before: later visits drift along
    Previous,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// A visit a line
    Csv,
    /// iCalendar (RFC 5545), for calendars
    Ics,
    /// A page for the printer
    Html,
}

impl Calendar {
    /// Plans and prints.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let mut out = terminal::output();
        let mut ending = Ending::Done;
        let mut done = 0;
        let found = Sources::new(context, None).each(&self.target, &mut |source| {
            let Some(study) = &source.study else {
                let message =
                    format!("{}: visits are read from a record, and this is plain text", self.target);
                return Err(Unreadable(message).into());
            };
            done += 1;
            if done > 1 {
                bail!("{} holds several studies; a calendar is that of one", self.target);
            }
            let protocol = protocol::compile(study);
            let dates = calendar::plan(&protocol, self.start, &self.rules(&protocol)?);
            if dates.visits.iter().any(|visit| visit.date.is_none()) {
                ending = Ending::Failed;
            }
            self.print(study, &dates, &mut out)
        })?;
        out.flush()?;
        Ok(if found == Ending::Done { ending } else { found })
    }

    fn rules(&self, protocol: &Protocol) -> Result<Rules> {
        let closed = self.closed.iter().cloned().fold(Closures::default(), Closures::and);
        if let Some(arm) = &self.arm
            && !protocol.arms.iter().any(|known| known.label == *arm)
        {
            let labels: Vec<&str> = protocol.arms.iter().map(|arm| arm.label.as_str()).collect();
            return Err(
                Unreadable(format!("there is no arm `{arm}`\n  its arms are {}", labels.join("; "))).into()
            );
        }
        Ok(Rules {
            open: OpenDays { weekends: self.weekends == Weekends::Allow, closed },
            from: match self.anchor {
                Anchor::Baseline => CountedFrom::Baseline,
                Anchor::Previous => CountedFrom::Previous,
            },
            window: self.window,
            arm: self.arm.clone(),
        })
    }

    fn print(&self, study: &Study, dates: &Dates, out: &mut dyn Write) -> Result<()> {
        match self.format {
            Format::Text => {
                let head = format!("{}  {}", study.id(), study.title());
                writeln!(out, "{}\n", terminal::bold(&terminal::one_line(&head)))?;
                write!(out, "{}", calendar::text::calendar(dates))?;
            }
            Format::Json => {
                let mut document = calendar::json::calendar(dates);
                document["nctId"] = study.id().to_string().into();
                document["start"] = self.start.to_string().into();
                writeln!(out, "{}", serde_json::to_string_pretty(&document)?)?;
            }
            Format::Csv => csv(dates, out)?,
            Format::Ics => {
                write!(out, "{}", ics::calendar(dates, &study.id().to_string(), self.start, self.start))?;
            }
            Format::Html => write!(out, "{}", ::serve::calendar_document(study, self.start, dates))?,
        }
        Ok(())
    }
}

fn csv(dates: &Dates, out: &mut dyn Write) -> Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record([
        "visit",
        "nominal",
        "planned",
        "date",
        "from",
        "to",
        "window",
        "drift",
        "activities",
        "trouble",
    ])?;
    for visit in &dates.visits {
        let activities: Vec<String> = visit.activities.iter().map(calendar::text::done).collect();
        csv.write_record([
            visit.name.clone(),
            visit.nominal.to_string(),
            visit.planned.to_string(),
            visit.date.map(|date| date.to_string()).unwrap_or_default(),
            visit.window.0.to_string(),
            visit.window.1.to_string(),
            visit.window_status.as_str().to_owned(),
            visit.drift.to_string(),
            activities.join("|"),
            visit.trouble.clone().unwrap_or_default(),
        ])?;
    }
    Ok(csv.flush()?)
}
