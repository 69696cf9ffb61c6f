//! A participant's dates: when each visit of a protocol falls, within which window, and how far it drifts.
//!
//! [`plan()`] puts the planned times and the administrations of a protocol on days, beginning with the day of the
//! start. Days on which the site is closed are left for the nearest open one within the window. A time that is counted
//! from something without a date (an operation, a birth) is listed, not placed.

mod events;
pub mod ics;
pub mod json;
mod site;
pub mod text;

use jiff::{ToSpan, civil::Date};

pub use site::{Closures, OpenDays};

use crate::{
    protocol::{Protocol, Status},
    read::time::{Span, Window},
};
use events::Event;
pub(crate) use events::offsets;

/// What the days of visits are counted from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CountedFrom {
    /// The start: a visit that moves leaves the others where they are.
    #[default]
    Baseline,
    /// The visit before: a visit that moves takes all later ones along.
    Previous,
}

/// How days are chosen.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// When the site is open.
    pub open: OpenDays,
    /// What days are counted from.
    pub from: CountedFrom,
    /// Days before and after a planned day that are permitted; a proposal by the distance from the start if `None`.
    pub window: Option<u16>,
    /// The arm whose administrations are planned; those of all arms if `None`.
    pub arm: Option<String>,
}

/// Something done at a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Activity {
    /// What: a drug, an outcome.
    pub what: String,
    /// For what: `dose`, `primary`, `secondary`, `other`, `visit`, `longest_follow_up`.
    pub purpose: &'static str,
    /// How its time is known.
    pub status: Status,
}

/// A visit of the participant.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// `Day 7`, `Week 24`.
    pub name: String,
    /// The day by the protocol, counted from the start.
    pub nominal: Date,
    /// The day it is planned for: the nominal one, or counted from the visit before.
    pub planned: Date,
    /// The day it takes place; `None` if no day of the window is open.
    pub date: Option<Date>,
    /// The first and the last permitted day.
    pub window: (Date, Date),
    /// How the window is known: given, or proposed here and assumed.
    pub window_status: Status,
    /// Days from the nominal day to the one it takes place, or is planned for where none is open.
    pub drift: i32,
    /// What is done.
    pub activities: Vec<Activity>,
    /// What is wrong with the day.
    pub trouble: Option<String>,
}

/// A time of the protocol that has no day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// What is done.
    pub what: String,
    /// The time in words.
    pub time: String,
    /// Why it has no day.
    pub why: String,
}

/// The dates of a participant.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The visits, by their days.
    pub visits: Vec<Visit>,
    /// Times without a day.
    pub unplaced: Vec<Unplaced>,
}

/// Puts a protocol on days; `start` is the day on which the participant begins.
pub fn plan(protocol: &Protocol, start: Date, rules: &Rules) -> Calendar {
    let (events, unplaced) = events::of(protocol, start, rules.arm.as_deref());
    let mut visits: Vec<Visit> = Vec::new();
    let mut before: Option<(Date, Date)> = None;
    for same_day in events.chunk_by(|a, b| a.nominal == b.nominal) {
        let nominal = same_day[0].nominal;
        let planned = match (rules.from, before) {
            (CountedFrom::Previous, Some((nominal_before, taken))) if same_day.iter().any(|e| e.at_site) => {
                taken.checked_add((nominal - nominal_before).get_days().days()).unwrap_or(nominal)
            }
            _ => nominal,
        };
        let visit = visit(same_day, start, planned, rules);
        if same_day.iter().any(|event| event.at_site) {
            before = Some((nominal, visit.date.unwrap_or(planned)));
        }
        visits.push(visit);
    }
    Calendar { visits, unplaced }
}

fn visit(events: &[Event], start: Date, planned: Date, rules: &Rules) -> Visit {
    let nominal = events[0].nominal;
    let own = events.iter().find_map(|event| event.window);
    let at_site = events.iter().any(|event| event.at_site);
    let window =
        if at_site { window(start, nominal, planned, rules.window, own) } else { (planned, planned) };
    let first = nominal == start;
    // The start is what was asked for; it is not moved.
    let date = match () {
        () if first => Some(start),
        () if !at_site => Some(planned),
        () => rules.open.nearest(planned, window),
    };
    let trouble = match (date, rules.open.why_closed(planned)) {
        (_, Some(why)) if first => Some(format!("the start is {why}")),
        (None, _) => Some("no day of the window is open".to_owned()),
        _ => None,
    };
    let mut activities: Vec<Activity> = Vec::new();
    for event in events.iter().filter(|event| !event.activity.what.is_empty()) {
        if !activities.contains(&event.activity) {
            activities.push(event.activity.clone());
        }
    }
    Visit {
        name: events[0].name.clone(),
        nominal,
        planned,
        date,
        window,
        window_status: if rules.window.or(own.map(|_| 0)).is_some() || first || !at_site {
            Status::Stated
        } else {
            Status::Assumed
        },
        drift: (date.unwrap_or(planned) - nominal).get_days(),
        activities,
        trouble,
    }
}

/// The permitted days: as given, else as the record has them, else proposed: a tenth of the time since the start, at
/// least one day, at most fourteen.
fn window(
    start: Date,
    nominal: Date,
    planned: Date,
    given: Option<u16>,
    own: Option<Window>,
) -> (Date, Date) {
    let since = (nominal - start).get_days();
    // More than a year before or after is no window.
    let whole = |span: Span| span.days().clamp(0.0, 366.0).floor() as i64;
    let (before, after) = match (given, own) {
        _ if since == 0 => (0, 0),
        (Some(days), _) => (i64::from(days), i64::from(days)),
        (None, Some(own)) => (whole(own.before), whole(own.after)),
        (None, None) => {
            let days = i64::from((since.abs() / 10).clamp(1, 14));
            (days, days)
        }
    };
    (planned.saturating_sub(before.days()), planned.saturating_add(after.days()))
}
