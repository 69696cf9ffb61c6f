//! The dates of a study, and how long people can join.

use jiff::civil::Date;
use model::{PartialDate, Study};

use crate::{
    protocol::{Dates, Purpose, Timing},
    read::time::{DAYS_OF_A_MONTH, Span},
    record::Rank,
};

/// The dates of a record with its schedule.
pub fn read(study: &Study, schedule: &[Timing]) -> Dates {
    let end = |name: &str| study.date(name).map(PartialDate::last_day);
    let update = study.date("LastUpdatePostDate").or_else(|| study.date("LastUpdateSubmitDate"));
    let mut out = Dates {
        start: study.date("StartDate").map(PartialDate::first_day),
        primary_completion: end("PrimaryCompletionDate"),
        completion: end("CompletionDate"),
        last_update: update.map(PartialDate::last_day),
        primary_timeframe: longest(schedule, |p| p == Purpose::Outcome(Rank::Primary)),
        enrolment_months_left: None,
    };
    let any = || longest(schedule, |p| p == Purpose::LongestFollowUp);
    let left = match (out.primary_completion, out.primary_timeframe) {
        (Some(end), Some(time)) => months_left(out.start, end, time),
        (None, _) => out.completion.zip(any()).and_then(|(end, time)| months_left(out.start, end, time)),
        _ => None,
    };
    out.enrolment_months_left = left;
    out
}

/// The longest time with a purpose.
pub fn longest(schedule: &[Timing], of: impl Fn(Purpose) -> bool) -> Option<Span> {
    let times = schedule.iter().filter(|t| of(t.purpose)).map(|t| t.time);
    times.max_by(|a, b| a.days().total_cmp(&b.days()))
}

/// Months from the start to the last day on which a person who joins is seen for so long before the end.
fn months_left(start: Option<Date>, end: Date, time: Span) -> Option<f64> {
    let last = time.before(end)?;
    let days = f64::from(start?.until(last).ok()?.get_days());
    Some((days / DAYS_OF_A_MONTH * 100.0).round() / 100.0)
}
