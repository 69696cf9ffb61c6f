//! The moments of a schedule, each with what is done: visits as both notations want them.

use crate::{
    calendar::offsets,
    protocol::{Protocol, Purpose},
    read::{
        anchor::Anchor,
        time::{Span, Unit, Window},
    },
    text::length,
};

/// More administrations of one dose are not written one by one.
const MOST: usize = 60;

/// A moment of the schedule, counted from the start.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    /// Days after the start; negative before it.
    pub days: f64,
    /// The distance from the start as ISO 8601 has it, without a sign: `P24W`.
    pub iso: String,
    /// `24 weeks`.
    pub label: String,
    /// How much earlier and later the record allows.
    pub window: Option<Window>,
    /// What is done.
    pub activities: Vec<Activity>,
}

/// What is done at a moment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Activity {
    /// A substance is given.
    Give(String),
    /// Something is measured.
    Measure(String),
}

impl Activity {
    /// In words.
    pub fn name(&self) -> String {
        match self {
            Self::Give(what) => format!("Administration of {what}"),
            Self::Measure(what) => what.clone(),
        }
    }
}

/// The moments in order, the start first or where it belongs; what cannot be placed goes to `missing`.
pub(super) fn of(protocol: &Protocol, missing: &mut Vec<String>) -> Vec<Moment> {
    let start = Moment {
        days: 0.0,
        iso: "P0D".to_owned(),
        label: "Start".to_owned(),
        window: None,
        activities: Vec::new(),
    };
    let mut out = vec![start];
    for dose in &protocol.doses {
        match offsets(dose) {
            Some((days, _)) if days.len() <= MOST => {
                for day in days {
                    let moment =
                        moment(&mut out, day as f64, || (format!("P{}D", day.abs()), format!("day {day}")));
                    add(moment, Activity::Give(dose.substance.clone()));
                }
            }
            Some((days, _)) => {
                missing.push(format!("{} administrations of {}: written as one", days.len(), dose.substance));
                add(&mut out[0], Activity::Give(dose.substance.clone()));
            }
            None => missing
                .push(format!("when {} is given: the record does not say on which days", dose.substance)),
        }
    }
    for timing in protocol.schedule.iter().filter(|t| t.purpose != Purpose::LongestFollowUp) {
        let placed = !matches!(
            timing.anchor,
            Some(Anchor::LastDose | Anchor::Surgery | Anchor::Birth | Anchor::Discharge)
        );
        if !placed || !timing.time.days().is_finite() {
            let anchor = timing.anchor.map_or("", Anchor::as_str);
            missing.push(format!("{} at {}: counted from {anchor}", timing.what, length(timing.time)));
            continue;
        }
        let moment = moment(&mut out, timing.time.days(), || (iso(timing.time), length(timing.time)));
        add(moment, Activity::Measure(timing.what.clone()));
        match (moment.window, timing.window) {
            (Some(known), Some(other)) if known != other => {
                missing
                    .push(format!("a second window at {}: one of {} is written", moment.label, timing.what));
            }
            (known, other) => moment.window = known.or(other),
        }
    }
    out.sort_by(|a, b| a.days.total_cmp(&b.days));
    missing.dedup();
    out
}

fn moment(out: &mut Vec<Moment>, days: f64, said: impl Fn() -> (String, String)) -> &mut Moment {
    let place = out.iter().position(|m| (m.days - days).abs() < 1e-6).unwrap_or_else(|| {
        let (iso, label) = said();
        out.push(Moment { days, iso, label, window: None, activities: Vec::new() });
        out.len() - 1
    });
    &mut out[place]
}

fn add(moment: &mut Moment, activity: Activity) {
    if !moment.activities.contains(&activity) {
        moment.activities.push(activity);
    }
}

/// `P24W`, `PT6H`; days where the number has a fraction.
pub(super) fn iso(time: Span) -> String {
    let value = time.value.abs().normalize();
    match time.unit {
        Unit::Minute => format!("PT{value}M"),
        Unit::Hour => format!("PT{value}H"),
        Unit::Week if value.is_integer() => format!("P{value}W"),
        Unit::Month if value.is_integer() => format!("P{value}M"),
        Unit::Year if value.is_integer() => format!("P{value}Y"),
        Unit::Day if value.is_integer() => format!("P{value}D"),
        _ => format!("P{:.0}D", time.days().abs()),
    }
}
