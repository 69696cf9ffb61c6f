//! What a protocol is made of. Every part knows how sure it is, and the words it came from.

use jiff::civil::Date;
use model::{Decimal, StudyId};

use crate::{
    read::{
        Unit,
        anchor::Anchor,
        time::{Span, Window},
    },
    record::{Quote, Rank},
};

/// How a value is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// The record says it.
    Stated,
    /// It follows from what the record says.
    Derived,
    /// The words allow another reading; the likelier one is given.
    Assumed,
    /// The record does not say it.
    Missing,
    /// The record says two things.
    Contradictory,
}

impl Status {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
            Self::Assumed => "assumed",
            Self::Missing => "missing",
            Self::Contradictory => "contradictory",
        }
    }
}

/// What an arm is, by what its people get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// What the study is about.
    Experimental,
    /// Something that works, or is hoped to: standard care counts.
    Active,
    /// Something that looks like it and does nothing: saline and vehicle count.
    Placebo,
    /// A procedure that looks like it and does nothing.
    Sham,
    /// Nothing.
    NoIntervention,
    /// The words do not tell.
    Unclear,
}

impl Role {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Experimental => "experimental",
            Self::Active => "active",
            Self::Placebo => "placebo",
            Self::Sham => "sham",
            Self::NoIntervention => "no_intervention",
            Self::Unclear => "unclear",
        }
    }
}

/// An arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// Its label.
    pub label: String,
    /// The registry's type of it, on the wire.
    pub role_typed: Option<String>,
    /// What it is by its content.
    pub role: Role,
    /// Its people, where the text says so.
    pub size: Option<u32>,
    /// The names of its interventions.
    pub interventions: Vec<String>,
    /// Those that every arm gets, when there is another one.
    pub background: Vec<String>,
    /// Where it is described.
    pub quote: Quote,
}

/// A number with a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// The number, or the lower end of a range.
    pub value: Decimal,
    /// The upper end of a range.
    pub high: Option<Decimal>,
    /// The unit: `mg`, `cells`, `mL`, `cells/mL`.
    pub unit: String,
    /// What it is for each of: `kg`, `m2`, `day`, `injection`, `kg/day`.
    pub per: Option<String>,
    /// Another number that the words may mean.
    pub or: Option<Decimal>,
    /// It is the most that is given: `up to 5 mg`.
    pub at_most: bool,
}

/// What is given to the people of an arm.
#[derive(Clone, Debug, PartialEq)]
pub struct Dose {
    /// The arm's label; `None` where the record has no arms.
    pub arm: Option<String>,
    /// The role of the arm.
    pub role: Role,
    /// What is given.
    pub substance: String,
    /// How much at a time, or as `amount.per` says.
    pub amount: Option<Measure>,
    /// How much of it in a volume.
    pub concentration: Option<Measure>,
    /// The volume at a time.
    pub volume: Option<Measure>,
    /// How it is given.
    pub route: Option<&'static str>,
    /// The number of administrations.
    pub count: Option<u32>,
    /// The time between two.
    pub interval: Option<Span>,
    /// From the first to the last.
    pub duration: Option<Span>,
    /// The days of the administrations, as the record counts them.
    pub days: Vec<i64>,
    /// Whether the record says anything of number or timing.
    pub timed: bool,
    /// The number of places or the area that the amount depends on is not said.
    pub open_area: bool,
    /// The distance of two places, in cm.
    pub spacing: Option<Decimal>,
    /// How deep it is put, in cm: the depth, and the upper end of a range.
    pub depth: Option<(Decimal, Option<Decimal>)>,
    /// What it is given in, as the record says it: `normal saline`.
    pub vehicle: Option<String>,
    /// How the amount is known.
    pub status: Status,
    /// The words it was read from.
    pub quote: Quote,
}

/// What a planned time is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// An outcome of this rank.
    Outcome(Rank),
    /// A visit that the text names.
    Visit,
    /// The end of the follow-up.
    LongestFollowUp,
}

impl Purpose {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Outcome(Rank::Primary) => "primary",
            Self::Outcome(Rank::Secondary) => "secondary",
            Self::Outcome(Rank::Other) => "other",
            Self::Visit => "visit",
            Self::LongestFollowUp => "longest_follow_up",
        }
    }
}

/// A planned time.
#[derive(Clone, Debug, PartialEq)]
pub struct Timing {
    /// How long after the anchor.
    pub time: Span,
    /// What it is counted from, where the record says so.
    pub anchor: Option<Anchor>,
    /// How much earlier and later the record allows.
    pub window: Option<Window>,
    /// What is done then.
    pub what: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The words that say when.
    pub quote: Quote,
}

/// The ratio of the arms.
#[derive(Clone, Debug, PartialEq)]
pub struct Ratio {
    /// The parts, in the order of the record.
    pub value: Option<Vec<u32>>,
    /// How it is known.
    pub status: Status,
    /// The words that say it.
    pub quote: Option<Quote>,
}

/// The dates. A month alone is its first day for a start and its last for an end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dates {
    /// The start.
    pub start: Option<Date>,
    /// The primary completion.
    pub primary_completion: Option<Date>,
    /// The completion.
    pub completion: Option<Date>,
    /// When the record was last updated.
    pub last_update: Option<Date>,
    /// The longest time frame of the primary outcomes.
    pub primary_timeframe: Option<Span>,
    /// Months from the start to the last day on which a person can join and still reach the primary completion.
    pub enrolment_months_left: Option<f64>,
}

/// An instrument that the record names.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its id.
    pub id: &'static str,
    /// Where it is named.
    pub quote: Quote,
}

/// A study that can be carried out, as far as its record says how.
#[derive(Clone, Debug, PartialEq)]
pub struct Protocol {
    /// The study.
    pub id: StudyId,
    /// Its arms.
    pub arms: Vec<Arm>,
    /// The ratio of the arms.
    pub ratio: Ratio,
    /// What is given.
    pub doses: Vec<Dose>,
    /// The planned times.
    pub schedule: Vec<Timing>,
    /// The instruments, each once.
    pub instruments: Vec<Named>,
    /// The dates.
    pub dates: Dates,
}

impl Protocol {
    /// Whether any arm has a role.
    pub fn has(&self, role: Role) -> bool {
        self.arms.iter().any(|a| a.role == role)
    }

    /// The longest time of the schedule with a purpose.
    pub fn longest(&self, of: impl Fn(Purpose) -> bool) -> Option<&Timing> {
        let times = self.schedule.iter().filter(|t| of(t.purpose));
        times.max_by(|a, b| a.time.days().total_cmp(&b.time.days()))
    }
}

/// Weeks of a time, rounded to two digits.
pub fn weeks(span: Span) -> f64 {
    (span.days() / Unit::Week.days() * 100.0).round() / 100.0
}
