//! What the words on number and timing of administrations come to.

use model::Decimal;

use crate::read::{
    frequency::{Frequency, Said},
    time::{Span, Unit},
};

/// Number and times of administrations.
pub(super) struct When {
    pub count: Option<u32>,
    pub interval: Option<Span>,
    pub duration: Option<Span>,
    pub days: Vec<i64>,
    pub timed: bool,
}

impl When {
    /// What the words come to; `per_day` where the amount is one of a day, `cyclic` where the record tells of cycles or
    /// of anything that is repeated, `courses` where that is what is given.
    pub fn of(when: &Frequency, per_day: bool, cyclic: bool, courses: bool) -> Self {
        // `twice weekly (on days 1 and 4)`: the days of each week, not all of them.
        let weekly = when.interval.as_ref().is_some_and(|s| (2.0..=7.0).contains(&s.value.days()));
        let of_a_week = |d: &Said<Vec<i64>>| {
            weekly && !when.of_courses && d.value.len() > 1 && d.value.iter().all(|day| (1..=7).contains(day))
        };
        let days = when.days.as_ref().filter(|d| !when.open && !of_a_week(d));
        let days = days.map(|d| d.value.clone()).unwrap_or_default();
        // Of two lengths neither is that of the whole.
        let duration = when.duration.as_ref().filter(|_| !when.nested).map(|d| d.value);
        let daily = Span { value: Decimal::ONE, unit: Unit::Day };
        // Of two intervals neither holds throughout; that of courses is not that of the days within one.
        let gap = days.windows(2).map(|two| (two[1] - two[0]).max(0)).min();
        let longer = |s: Span| gap.is_some_and(|gap| s.days() > gap as f64);
        // Nor is that of courses known to be that of administrations, but where there is one a course.
        let one = days.len() == 1 || when.count.as_ref().is_some_and(|c| c.value == 1);
        let within = when.of_courses && !one;
        let interval = when
            .interval
            .as_ref()
            .filter(|_| !when.nested && !within)
            .map(|s| s.value)
            // `days 1, 2 and 3, every 3 weeks`
            .filter(|s| !longer(*s))
            // `for 4 consecutive days every 3 weeks`
            .filter(|s| duration.is_none_or(|all| s.days() <= all.days()))
            .or_else(|| (per_day && days.len() != 1 && gap.is_none_or(|gap| gap <= 1)).then_some(daily));
        let counted = when.count.as_ref().filter(|_| !when.courses).map(|c| c.value);
        // Once with an interval, or another number than that of the days, is said of something else.
        let single = interval.is_some() || when.days.as_ref().is_some_and(|d| d.value.len() > 1);
        let odd = counted.is_some_and(|n| n == 1 && (single || when.several));
        let counted = counted.filter(|_| !odd);
        let counted = counted.filter(|n| days.len() < 2 || usize::try_from(*n) == Ok(days.len()));
        // `2 injections once a month for three months` are not all.
        let whole = interval.zip(duration).and_then(|(each, all)| fits(each, all));
        let other = counted.is_some_and(|n| whole.is_some_and(|all| n != all && n != all + 1));
        let counted = counted.filter(|_| !other);
        // Days within cycles are not all of the administrations.
        let listed = (days.len() > 1 && interval.is_none() && !when.other && !when.nested && !cyclic)
            .then(|| u32::try_from(days.len()).ok())
            .flatten();
        let simple = !when.nested && !when.other && !cyclic && !odd && !other;
        let count = counted.or(listed).or_else(|| simple.then(|| fits(interval?, duration?))?);
        let timed = !when.is_empty() || per_day;
        // Where there are courses, days and weeks are the length of one, months and years that of all.
        let of_one = when.courses || courses && duration.is_some_and(|all| all.unit <= Unit::Week);
        let duration = duration.filter(|_| !of_one);
        Self { count, interval, duration, days, timed }
    }
}

/// How often an interval fits into a duration, where it does without a rest.
fn fits(interval: Span, duration: Span) -> Option<u32> {
    let (each, all) = (interval.days(), duration.days());
    let times = all / each;
    let same_kind = (interval.unit <= Unit::Week) == (duration.unit <= Unit::Week);
    let whole = each > 0.0 && (times - times.round()).abs() < 1e-6 && (1.0..=4000.0).contains(&times);
    (whole && same_kind).then_some(times.round() as u32)
}
