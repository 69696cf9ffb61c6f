//! When facts were, and whether that is within a time: known dates decide, partial ones may leave it open.

use jiff::{ToSpan, civil::Date};
use model::{Decimal, Fact, FactKind, FactStatus};
use rust_decimal::prelude::ToPrimitive;

use super::finding::Truth;
use super::settings::Settings;
use crate::sudden::is_sudden;
use crate::tree::{Has, Kind, Relation, When};

/// Days from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

/// When a criterion asks for a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// On the day of evaluation.
    Now,
    /// At any time up to it.
    Ever,
    /// Within these days.
    Within(Days),
    /// Within these days, for which plans count.
    Ahead(Days),
    /// Not yet, but planned or coming.
    Future,
    /// Within a time whose length is not known.
    Unmeasured,
}

/// Whether something happens at once and is over.
pub fn is_momentary(fact: &Fact) -> bool {
    matches!(fact.kind, FactKind::Procedure | FactKind::Event | FactKind::Immunization)
}

/// Whether a fact without a time word is asked for the day of evaluation, or for ever.
pub fn is_about_now(has: &Has) -> bool {
    match &has.when {
        Some(when) => when.relation == Relation::Current,
        None => !matches!(has.kind, Kind::Procedure | Kind::Event | Kind::Allergy),
    }
}

/// When a node asks for its fact.
pub fn asked(has: &Has, settings: &Settings) -> Asked {
    let Some(when) = &has.when else {
        return if is_about_now(has) { Asked::Now } else { Asked::Ever };
    };
    let anchor = anchor_of(when, settings);
    let far = |sign: i64| window_end(&has.concept.0, when, anchor, sign, settings);
    let days = |from: Option<Date>, to: Option<Date>| Some(Days { from: from?, to: to? });
    let within = match when.relation {
        Relation::Current => return Asked::Now,
        Relation::Ever => return Asked::Ever,
        Relation::Future => return Asked::Future,
        Relation::Before => days(far(-1), Some(anchor)).map(Asked::Within),
        Relation::After => days(Some(anchor), far(1)).map(Asked::Ahead),
        Relation::During => {
            days(Some(anchor), Some(settings.study_end.unwrap_or(Date::MAX))).map(Asked::Ahead)
        }
    };
    within.unwrap_or(Asked::Unmeasured)
}

fn anchor_of(when: &When, settings: &Settings) -> Date {
    when.anchor.and_then(|anchor| settings.anchors.get(&anchor).copied()).unwrap_or(settings.index_date)
}

/// The days on which a value of a variable counts that is asked for at a time; `None` if they are not known.
pub fn measured(var: &str, when: &When, settings: &Settings) -> Option<Days> {
    let (today, anchor) = (settings.index_date, anchor_of(when, settings));
    let far = |sign: i64| window_end(var, when, anchor, sign, settings);
    Some(match when.relation {
        Relation::Current => Days { from: today, to: today },
        Relation::Ever => Days { from: Date::MIN, to: today },
        Relation::Before => Days { from: far(-1)?, to: anchor },
        Relation::After => Days { from: anchor, to: far(1)? },
        Relation::During => Days { from: anchor, to: settings.study_end.unwrap_or(Date::MAX) },
        Relation::Future => return None,
    })
}

/// The far end of a window; without one the end of time.
fn window_end(concept: &str, when: &When, anchor: Date, sign: i64, settings: &Settings) -> Option<Date> {
    let Some(window) = &when.window else {
        return Some(if sign < 0 { Date::MIN } else { Date::MAX });
    };
    let day = if window.unit == "{half-life}" {
        let days = settings.half_lives.get(concept)?.checked_mul(window.value)?.floor();
        moved(anchor, days, "d", sign)?
    } else {
        moved(anchor, window.value, &window.unit, sign)?
    };
    if window.incl { Some(day) } else { day.checked_sub(sign.days()).ok() }
}

/// A day moved by a whole number of units of time; parts of weeks and longer units become days.
pub fn moved(from: Date, amount: Decimal, unit: &str, sign: i64) -> Option<Date> {
    let days = |each: i64| Some((amount * Decimal::from(each)).ceil().to_i64()? * sign);
    let whole = || Some(amount.to_i64().filter(|_| amount.is_integer())? * sign);
    if amount.abs() > Decimal::from(100_000) {
        return None;
    }
    let span = match (unit, whole()) {
        ("a", Some(years)) if years.abs() < 9000 => years.years(),
        ("mo", Some(months)) => months.months(),
        ("a", None) => days(365)?.days(),
        ("mo", None) => days(30)?.days(),
        ("wk", _) => days(7)?.days(),
        ("d", _) => days(1)?.days(),
        ("h" | "min" | "s", _) => 0.days(),
        _ => return None,
    };
    from.checked_add(span).ok()
}

/// Whether a fact was so in the time that is asked for.
pub fn in_time(fact: &Fact, asked: Asked, settings: &Settings) -> Truth {
    let today = settings.index_date;
    let planned = fact.status == FactStatus::Planned;
    let comes = fact.start.is_some_and(|start| start.first_day() > today);
    match asked {
        Asked::Future => Truth::of(planned || comes),
        Asked::Ahead(_) if planned => Truth::Met,
        _ if planned => Truth::NotMet,
        Asked::Unmeasured => Truth::Unknown,
        Asked::Now if fact.status == FactStatus::Past && !is_momentary(fact) => Truth::NotMet,
        Asked::Now => overlaps(fact, Days { from: today, to: today }, is_momentary(fact), today),
        Asked::Ever => overlaps(fact, Days { from: Date::MIN, to: today }, is_momentary(fact), today),
        Asked::Within(days) | Asked::Ahead(days) => {
            overlaps(fact, days, is_momentary(fact) || is_sudden(fact), today)
        }
    }
}

/// Whether a fact was so on one of some days.
fn overlaps(fact: &Fact, days: Days, momentary: bool, today: Date) -> Truth {
    let start = fact.start.map(|date| Days { from: date.first_day(), to: date.last_day() });
    let end = fact.end.map(|date| Days { from: date.first_day(), to: date.last_day() });
    // What comes at once is when it began, however long its traces last.
    let end = if momentary { start.or(end) } else { end };
    let inside = |part: Option<Days>| part.is_some_and(|part| part.from >= days.from && part.to <= days.to);
    if start.is_none() && end.is_none() {
        return undated(fact, days, momentary, today);
    }
    let over = fact.status == FactStatus::Past && !momentary;
    let perhaps_over = fact.status == FactStatus::Unknown && days.from < days.to;
    // When something that is over ended is not told: between its beginning and today.
    let first_end = end
        .map_or(if over || perhaps_over { start.map_or(Date::MIN, |s| s.from) } else { Date::MAX }, |end| {
            end.from
        });
    let last_end = end.map_or(if over { today } else { Date::MAX }, |end| end.to);
    let (first, last) = start.map_or((Date::MIN, None), |start| (start.from, Some(start.to)));
    if first > days.to || last_end < days.from {
        Truth::NotMet
    } else if inside(start)
        || inside(end)
        || last.is_some_and(|last| last <= days.to) && first_end >= days.from
    {
        Truth::Met
    } else {
        Truth::Unknown
    }
}

/// Whether a fact without dates was so: it is so now, or was so at some time.
fn undated(fact: &Fact, days: Days, momentary: bool, today: Date) -> Truth {
    let now = (days.from..=days.to).contains(&today);
    let ever = days.from == Date::MIN && days.to >= today;
    let denied = fact.says_absent() && now;
    let goes_on = match fact.status {
        FactStatus::Past => false,
        FactStatus::Unknown => days.from == days.to,
        _ => true,
    };
    let lasting = !momentary && goes_on && now;
    if ever || denied || lasting { Truth::Met } else { Truth::Unknown }
}

/// The completed units between two days.
pub fn completed(from: Date, to: Date, unit: &str) -> Option<i64> {
    let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month());
    // The last of a month counts as the day that a shorter month does not have.
    let reached = to.day() >= from.day() || to == to.last_of_month();
    let months = months - i64::from(!reached);
    let days = || i64::from(to.since(from).map_or(0, |span| span.get_days()));
    Some(match unit {
        "a" => months.div_euclid(12),
        "mo" => months,
        "wk" => days().div_euclid(7),
        "d" => days(),
        _ => return None,
    })
}
