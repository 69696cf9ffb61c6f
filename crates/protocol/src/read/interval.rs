//! How often: `every 3 weeks`, `twice a day`, `at 4-week intervals`.

use model::Decimal;

use super::{
    frequency::{Said, said},
    number,
    text::Text,
    time::{Span, Unit},
};

/// Words of an interval: how many of which unit.
pub(super) const PERIODS: [(&str, i64, Unit); 12] = [
    ("daily", 1, Unit::Day),
    ("nightly", 1, Unit::Day),
    ("weekly", 1, Unit::Week),
    ("monthly", 1, Unit::Month),
    ("yearly", 1, Unit::Year),
    ("annually", 1, Unit::Year),
    ("fortnightly", 2, Unit::Week),
    ("quarterly", 3, Unit::Month),
    ("qd", 1, Unit::Day),
    ("qod", 2, Unit::Day),
    ("qhs", 1, Unit::Day),
    ("qw", 1, Unit::Week),
];

/// Abbreviations of so many times a day.
pub(super) const PER_DAY: [(&str, i64); 9] = [
    ("bid", 2),
    ("b . i . d", 2),
    ("b . d", 2),
    ("bd", 2),
    ("tid", 3),
    ("t . i . d", 3),
    ("tds", 3),
    ("qid", 4),
    ("q . i . d", 4),
];
fn span(value: impl Into<Decimal>, unit: Unit) -> Span {
    Span { value: value.into(), unit }
}

/// A period shared among so many: twice a day is every 12 hours.
fn shared(times: Decimal, period: Unit) -> Option<Span> {
    if times == Decimal::ONE {
        return Some(span(1, period));
    }
    let (hours, days) = (Decimal::from(24), Decimal::from(7));
    match period {
        Unit::Day => {
            Some(Span { value: hours.checked_div(times)?.round_dp(2).normalize(), unit: Unit::Hour })
        }
        Unit::Week => Some(Span { value: days.checked_div(times)?.round_dp(2).normalize(), unit: Unit::Day }),
        _ => None,
    }
}

/// The time between two administrations, as a token begins to say it.
pub(super) fn interval(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let said = times_a_day(text, i)
        .or_else(|| every(text, i))
        .or_else(|| named_period(text, i))
        .or_else(|| interval_of(text, i))?;
    (!of_visits(text, said.from, said.to)).then_some(said)
}

/// `weekly supply`, `return every 4 weeks`: when people come or get a stock, not when they take something.
fn of_visits(text: &Text<'_>, from: usize, to: usize) -> bool {
    const BEHIND: [&str; 15] = [
        "supply",
        "supplies",
        "visit",
        "visits",
        "clinic",
        "assessment",
        "assessments",
        "monitoring",
        "calls",
        "wound",
        "dressing",
        "dressings",
        "control",
        "controls",
        "check",
    ];
    const BEFORE: [&str; 9] =
        ["return", "returns", "visit", "visits", "seen", "supply", "monitored", "assessed", "evaluated"];
    let before = from.saturating_sub(2)..from;
    text.is_any(to, &BEHIND)
        || before.into_iter().any(|at| text.is_any(at, &BEFORE) && text.together(at, from))
}

/// `once daily`, `twice a week`, `3 times per day`, `BID`.
fn times_a_day(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let abbreviates =
        matches!(text.word(i).as_bytes().first(), Some(b'b' | b'B' | b't' | b'T' | b'q' | b'Q'));
    if abbreviates
        && let Some((to, times)) = PER_DAY.iter().find_map(|(p, n)| Some((text.is_phrase(i, p)?, n)))
    {
        // `placebo TDS`: a transdermal system.
        if text.word(i) == "TDS" && text.has_any(0..text.tokens.len(), &["transdermal", "patch", "placebo"]) {
            return None;
        }
        // `the TDS-IM device`
        if text.is(to, "-") && text.glued(to) && text.glued(to + 1) {
            return None;
        }
        // `bid` is a word, too; abbreviations of one word are in capitals or behind a dose.
        return said(shared(Decimal::from(*times), Unit::Day)?, i, to);
    }
    let (times, next) = match text.word(i) {
        w if w.eq_ignore_ascii_case("once") => (Decimal::ONE, i + 1),
        w if w.eq_ignore_ascii_case("twice") => (Decimal::TWO, i + 1),
        w if w.eq_ignore_ascii_case("thrice") => (Decimal::from(3), i + 1),
        _ => {
            // `2-3 times daily`
            let ranged = i > 1 && number::joins_range(text, i - 1) && number::whole(text, i - 2).is_some();
            // `2, 3, and 6 times daily`
            let joined =
                (i.saturating_sub(2)..i).rev().take_while(|at| text.is_any(*at, &[",", "and", "or"]));
            let first = joined.last().unwrap_or(i);
            let listed = first < i && first > 0 && number::whole(text, first - 1).is_some();
            let number = number::whole(text, i).filter(|_| !ranged && !listed)?;
            (number, text.is_any(i + 1, &["times", "time", "x"]).then_some(i + 2)?)
        }
    };
    let next = if text.is(next, "-") { next + 1 } else { next };
    if let Some((_, n, unit)) = PERIODS.iter().find(|(word, ..)| text.is(next, word)) {
        let period = (*n == 1).then(|| shared(times, *unit)).flatten()?;
        return said(period, i, next + 1);
    }
    if !text.is_any(next, &["a", "per", "each", "every", "/", "in", "the"]) {
        return None;
    }
    // `once every 3 weeks` is read by `every`, from its own word on.
    if let Some(every) = every(text, next).filter(|_| times == Decimal::ONE) {
        return said(every.value, i, every.to);
    }
    let unit = Unit::of(text.word(next + 1)).filter(|u| *u >= Unit::Day)?;
    said(shared(times, unit).filter(|_| times > Decimal::ZERO)?, i, next + 2)
}

/// `every 3 weeks`, `every other day`, `every day`, `q3w`, `q 12 h`.
fn every(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let word = text.word(i);
    if text.is_any(i, &["every", "each"]) {
        if text.is(i + 1, "other") {
            return said(span(2, Unit::of(text.word(i + 2))?), i, i + 3);
        }
        if let Some(unit) = Unit::of(text.word(i + 1)) {
            return said(span(1, unit), i, i + 2);
        }
        let number = number::read(text, i + 1).filter(|n| n.high.is_none())?;
        let at = if text.is_any(number.next, &["-", "consecutive"]) { number.next + 1 } else { number.next };
        // `of each 28-day cycle`: the time between two courses.
        let of_courses = text.is_any(at + 1, &["cycle", "cycles", "course", "courses"]);
        let unit = Unit::of(text.word(at)).filter(|_| !of_courses)?;
        return said(Span { value: number.value, unit }, i, at + 1);
    }
    // `one infusion per week`
    if text.is(i, "per") {
        const ONE: [&str; 5] = ["injection", "infusion", "dose", "administration", "time"];
        let one = i > 0 && text.is_any(i - 1, &ONE);
        let unit = Unit::of(text.word(i + 1)).filter(|u| one && *u >= Unit::Day)?;
        return said(span(1, unit), i, i + 2);
    }
    // `q3w`, `Q12h`
    let rest = word.strip_prefix(['q', 'Q'])?;
    if rest.is_empty() {
        let value = number::whole(text, i + 1)?;
        return said(Span { value, unit: Unit::of(text.word(i + 2))? }, i, i + 3);
    }
    // `q12 hours`
    if let (Ok(value), Some(unit)) = (rest.parse(), Unit::of(text.word(i + 1))) {
        return said(Span { value, unit }, i, i + 2);
    }
    let cut = rest.find(|c: char| !c.is_ascii_digit()).filter(|cut| *cut > 0)?;
    let (digits, unit) = rest.split_at(cut);
    said(Span { value: digits.parse().ok()?, unit: Unit::of(unit)? }, i, i + 1)
}

/// `daily`, `weekly`, `3-weekly`.
fn named_period(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let (word, n, unit) = PERIODS.iter().find(|(word, ..)| text.is(i, word))?;
    // `2-3 times daily` is read from the number on, or not at all.
    if i > 0 && text.is_any(i - 1, &["times", "time"]) {
        return None;
    }
    let joined = i > 1 && text.is(i - 1, "-");
    if joined || (i > 0 && text.is(i - 1, "bi")) {
        let many = number::whole(text, i - 2).filter(|_| *word == "weekly")?;
        return said(Span { value: many, unit: *unit }, i - 2, i + 1);
    }
    // `daily dose`, `daily activities`: only what is given daily counts.
    let of_life =
        ["living", "activities", "activity", "life", "practice", "routine", "diary", "pain", "insulin"];
    (!text.is_any(i + 1, &of_life)).then(|| said(span(*n, *unit), i, i + 1))?
}

/// `with an interval of 4 weeks`, `at 4-week intervals`, `3 weeks apart`, `4 weekly intervals`.
pub(super) fn interval_of(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    if text.is_any(i, &["interval", "intervals"]) {
        let at = if text.is_any(i + 1, &["of", ":", "between"]) { i + 2 } else { i + 1 };
        let value = number::whole(text, at)?;
        let unit_at = if text.is(at + 1, "-") { at + 2 } else { at + 1 };
        return said(Span { value, unit: Unit::of(text.word(unit_at))? }, i, unit_at + 1);
    }
    // `24 ± 4 hours apart`
    // `a month apart`
    if i > 0 && text.is(i - 1, "a") && text.is(i + 1, "apart") {
        return said(span(1, Unit::of(text.word(i))?), i - 1, i + 2);
    }
    // `21 to 28 days apart`
    let ranged = i > 1 && number::joins_range(text, i - 1) && number::whole(text, i - 2).is_some();
    let tolerance =
        ranged || i > 0 && (text.is(i - 1, "±") || i > 2 && number::plus_minus(text, i - 3) == Some(i));
    let number::Number { value, next, .. } =
        number::read(text, i).filter(|n| !tolerance && n.high.is_none())?;
    let unit_at = if text.is(next, "-") { next + 1 } else { next };
    let unit = Unit::of(text.word(unit_at))?;
    let at = if text.is(unit_at + 1, "-") { unit_at + 2 } else { unit_at + 1 };
    let behind = text.is_any(at, &["apart", "interval", "intervals"]);
    let before = i > 1 && text.is_any(i - 1, &["by", "of"]) && text.is_any(i - 2, &["separated", "interval"]);
    let to = if behind { at + 1 } else { unit_at + 1 };
    (behind || before).then(|| said(Span { value, unit }, i, to))?
}
