//! What happens on which day, counted from the start.

use jiff::{ToSpan, civil::Date};
use model::Decimal;

use super::{Activity, Unplaced};
use crate::{
    protocol::{Dose, Protocol, Purpose, Status, Timing},
    read::{
        anchor::Anchor,
        time::{Span, Unit, Window},
    },
    text::length,
};

/// Something on a day.
#[derive(Clone, Debug)]
pub struct Event {
    /// The day.
    pub nominal: Date,
    /// What the day is called.
    pub name: String,
    /// What is done; empty for the start alone.
    pub activity: Activity,
    /// What the record allows before and after it.
    pub window: Option<Window>,
    /// The participant comes for it; what is taken day by day needs no open site.
    pub at_site: bool,
}

/// More administrations than these are told by their first and last.
const MOST_SINGLE: u32 = 60;

/// The events of a protocol in the order of their days, and what has no day.
pub fn of(protocol: &Protocol, start: Date, arm: Option<&str>) -> (Vec<Event>, Vec<Unplaced>) {
    let nothing = Activity { what: String::new(), purpose: "visit", status: Status::Stated };
    let mut out = vec![Event {
        nominal: start,
        name: "Day 0".to_owned(),
        activity: nothing,
        window: None,
        at_site: true,
    }];
    let mut unplaced = Vec::new();
    let arms: Vec<&Dose> =
        protocol.doses.iter().filter(|d| arm.is_none_or(|a| d.arm.as_deref() == Some(a))).collect();
    for dose in &arms {
        administrations(dose, arm.is_none(), start, &mut out, &mut unplaced);
    }
    let last_dose = out.iter().filter(|e| e.activity.purpose == "dose").map(|e| e.nominal).max();
    for timing in
        protocol.schedule.iter().filter(|t| t.purpose != Purpose::LongestFollowUp || alone(t, protocol))
    {
        match day(timing, start, last_dose) {
            Ok(nominal) => {
                let (name, activity, window) = (name(timing.time), activity(timing), timing.window);
                out.push(Event { nominal, name, activity, window, at_site: true });
            }
            Err(why) => unplaced.push(Unplaced { what: timing.what.clone(), time: length(timing.time), why }),
        }
    }
    out.sort_by_key(|event| event.nominal);
    unplaced.dedup();
    (out, unplaced)
}

/// Whether the longest follow-up is not a visit already.
fn alone(longest: &Timing, protocol: &Protocol) -> bool {
    !protocol.schedule.iter().any(|t| t.purpose != Purpose::LongestFollowUp && t.time == longest.time)
}

fn activity(timing: &Timing) -> Activity {
    // Without an anchor the record does not say what the time is counted from; the start is the likelier reading.
    let status = if timing.anchor.is_some() { Status::Stated } else { Status::Assumed };
    Activity { what: timing.what.clone(), purpose: timing.purpose.as_str(), status }
}

fn day(timing: &Timing, start: Date, last_dose: Option<Date>) -> Result<Date, String> {
    let beyond = || "the day lies beyond the calendar".to_owned();
    match timing.anchor {
        Some(Anchor::LastDose) => {
            let from = last_dose.ok_or("counted from the last administration, whose day is not known")?;
            after(from, timing.time).ok_or_else(beyond)
        }
        Some(anchor @ (Anchor::Surgery | Anchor::Birth | Anchor::Discharge)) => {
            Err(format!("counted from {}, which has no date here", anchor.as_str()))
        }
        _ => after(start, timing.time).ok_or_else(beyond),
    }
}

/// The day so long after another: calendar months and years, whole days of the rest.
fn after(day: Date, time: Span) -> Option<Date> {
    let whole: Option<i64> = time.value.is_integer().then(|| time.value.try_into().ok()).flatten();
    match (time.unit, whole) {
        (Unit::Month, Some(n)) if n.abs() < 100_000 => day.checked_add(n.months()).ok(),
        (Unit::Year, Some(n)) if n.abs() < 10_000 => day.checked_add(n.years()).ok(),
        _ => {
            let days = time.days().floor();
            // The calendar has fewer than four million days.
            (days.abs() < 4e6).then(|| day.checked_add((days as i64).days()).ok()).flatten()
        }
    }
}

/// `Week 24`, `Day 7`; `Day 0` for what is shorter than a day.
fn name(time: Span) -> String {
    let (unit, value) = match time.unit {
        Unit::Minute | Unit::Hour => ("Day", Decimal::from(time.days().floor() as i64)),
        Unit::Day => ("Day", time.value),
        Unit::Week => ("Week", time.value),
        Unit::Month => ("Month", time.value),
        Unit::Year => ("Year", time.value),
    };
    if value.is_zero() { "Day 0".to_owned() } else { format!("{unit} {}", value.normalize()) }
}

/// The administrations of a dose: on the days that the record lists, or every so often.
fn administrations(
    dose: &Dose,
    with_arm: bool,
    start: Date,
    out: &mut Vec<Event>,
    unplaced: &mut Vec<Unplaced>,
) {
    let label = dose.arm.as_ref().filter(|_| with_arm).map(|arm| format!("{arm}: ")).unwrap_or_default();
    let what = format!("{label}{}", dose.substance);
    let Some((offsets, status)) = offsets(dose) else {
        if dose.timed || dose.status != Status::Missing {
            let why = match dose.interval {
                Some(every) => format!("every {}; the record does not say until when", length(every)),
                None => "the record does not say on which days".to_owned(),
            };
            unplaced.push(Unplaced { what, time: "administrations".to_owned(), why });
        }
        return;
    };
    let many = offsets.len() as u32 > MOST_SINGLE;
    for (i, offset) in offsets.iter().enumerate() {
        let last = i + 1 == offsets.len();
        if many && i > 0 && !last {
            continue;
        }
        let Ok(nominal) = start.checked_add(offset.days()) else { continue };
        let which = match (many, i) {
            (true, 0) => format!("{what} (first of {})", offsets.len()),
            (true, _) => format!("{what} (last of {})", offsets.len()),
            (false, _) if offsets.len() > 1 => format!("{what} ({} of {})", i + 1, offsets.len()),
            _ => what.clone(),
        };
        let activity = Activity { what: which, purpose: "dose", status };
        out.push(Event { nominal, name: format!("Day {offset}"), activity, window: None, at_site: !many });
    }
}

/// Days of the administrations after the start, and how they are known.
pub(crate) fn offsets(dose: &Dose) -> Option<(Vec<i64>, Status)> {
    if !dose.days.is_empty() {
        // Days that begin with the first have no day 0.
        let from_one = dose.days.iter().min() == Some(&1);
        let mut days: Vec<i64> = dose.days.iter().map(|day| day - i64::from(from_one)).collect();
        days.sort_unstable();
        days.dedup();
        return Some((days, if from_one { Status::Derived } else { Status::Stated }));
    }
    match (dose.count, dose.interval) {
        (Some(1), _) => Some((vec![0], Status::Assumed)),
        (Some(count), Some(interval)) if count <= 10_000 => {
            let days = (0..count).map(|n| (f64::from(n) * interval.days() + 1e-9).floor() as i64);
            let mut days: Vec<i64> = days.collect();
            days.dedup();
            Some((days, Status::Derived))
        }
        _ => None,
    }
}
