//! How a person is evaluated: on which day, with which policy for what is not recorded, with whose answers.

use std::collections::BTreeMap;
use std::fmt;

use jiff::{ToSpan, civil::Date};
use model::Decimal;

use super::answer::Answer;
use crate::tree::Anchor;

/// How a person is evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The day that counts as today.
    pub index_date: Date,
    /// What it means that nothing is recorded.
    pub absence: Absence,
    /// Days of the study; what is absent is the index date.
    pub anchors: BTreeMap<Anchor, Date>,
    /// The last day of the study, for what must not happen during it.
    pub study_end: Option<Date>,
    /// The day that changes are told from.
    pub baseline: Option<Date>,
    /// The day on which the treatment began that changes are told from.
    pub start_of_exposure: Option<Date>,
    /// Lower and upper limits of normal by variable, in its canonical unit, for values without their own.
    pub limits: BTreeMap<String, (Option<Decimal>, Option<Decimal>)>,
    /// Days of a half-life by concept.
    pub half_lives: BTreeMap<String, Decimal>,
    /// What people have answered.
    pub answers: Vec<Answer>,
    /// Whether suggested repairs of implausible units are applied.
    pub accept_repairs: bool,
    /// For how many years a value tells how it is; an older one leaves it unknown. `None`: for ever.
    pub values_last: Option<u16>,
}

/// For how many years a value tells how it is, unless it is said otherwise. Studies look for values of the last weeks or
/// months; this is to keep out what was measured in another part of a life.
pub const VALUES_LAST: u16 = 2;

/// What it means that nothing is recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absence {
    /// Nothing: it is unknown. For records of any kind.
    #[default]
    Open,
    /// That it is not so: the record is complete.
    Closed,
    /// For a note by a clinician: what would rule the person out, and would be mentioned if it were so, is presumed
    /// absent. What a study requires must still be shown.
    Clinical,
}

impl Absence {
    /// All policies.
    pub const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::Clinical];

    /// `open`, `closed`, `clinical`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Clinical => "clinical",
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Settings {
    /// Evaluation on a day, with nothing else told.
    pub fn on(index_date: Date) -> Self {
        Self {
            index_date,
            absence: Absence::Open,
            anchors: BTreeMap::new(),
            study_end: None,
            baseline: None,
            start_of_exposure: None,
            limits: BTreeMap::new(),
            half_lives: BTreeMap::new(),
            answers: Vec::new(),
            accept_repairs: false,
            values_last: Some(VALUES_LAST),
        }
    }

    /// Whether a value of a day, the last that it may be of, is too old to tell how it is.
    pub fn is_outdated(&self, last_day: Date) -> bool {
        let since =
            self.values_last.and_then(|years| self.index_date.checked_sub(i32::from(years).years()).ok());
        since.is_some_and(|since| last_day < since)
    }

    /// The same with another policy.
    pub fn with(self, absence: Absence) -> Self {
        Self { absence, ..self }
    }
}
