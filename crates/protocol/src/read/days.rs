//! The days of administrations, as people write them.

use super::{
    frequency::{Said, said},
    number::{self, joins_range},
    text::{Kind, Text},
    time::Unit,
};

/// `Day 0`, `days 1, 8 and 15`, `days 1-5`, `D1`, `weeks 0, 4, 8`.
pub fn days(text: &Text<'_>, i: usize, goes_on: bool) -> Option<Said<Vec<i64>>> {
    let apart = [
        "until", "between", "through", "till", "by", "after", "before", "than", "to", "post", "from", "each",
        "every", "repeated", "repeat", "repeats", "courses", "per",
    ];
    let again = text.has_any(i.saturating_sub(5)..i, &["repeat", "repeated", "again"]);
    // `a stop date on day 8`: a milestone.
    const MILESTONES: [&str; 7] = ["date", "visit", "visits", "assessment", "quit", "period", "window"];
    let milestone = (i.saturating_sub(4)..i).any(|at| text.is_any(at, &MILESTONES) && text.together(at, i));
    // `following study day 1`, `after protocol day 3`: what is told comes later.
    let of_plan = i > 1 && text.is_any(i - 1, &["study", "protocol", "treatment"]);
    let before = if of_plan { i - 1 } else { i };
    let later = of_plan && text.is(before - 1, "following");
    if again || milestone || later || (before > 0 && text.is_any(before - 1, &apart)) {
        return None;
    }
    // `beginning on day 4`: the first of days that are not told.
    const BEGINNING: [&str; 8] =
        ["begin", "begins", "beginning", "start", "starts", "started", "starting", "commencing"];
    let before = i.saturating_sub(3)..i;
    if before.into_iter().any(|at| text.is_any(at, &BEGINNING) && text.together(at, i)) {
        return None;
    }
    let letter = text.word(i).strip_prefix(['D', 'd']);
    // `D7`, `Day7`
    let digits = letter.map(|rest| rest.strip_prefix("ay").unwrap_or(rest));
    if let Some(first) = digits.and_then(|n| n.parse::<i64>().ok()) {
        return after_letter(text, i, first);
    }
    let unit = Unit::of(text.word(i)).filter(|u| matches!(u, Unit::Day | Unit::Week))?;
    if text.word(i).len() < 3 {
        return None;
    }
    let (out, at) = day_list(text, i + 1)?;
    // `day 6 →`, `day -3 through day 100`, `day 1 until recovery`
    let to_another =
        text.is(at, "to") && (Unit::of(text.word(at + 1)).is_some() || signed(text, at + 1).is_some());
    // `on day 1 or 2`
    let either = text.is(at, "or") && signed(text, at + 1).is_some();
    if text.is_any(at, &THROUGH) || to_another || either {
        return None;
    }
    // `day 1 of each cycle`, `days 1-3 of week 7`, `day 1 for weeks 1-7`: counted from another day than the first.
    let within = ["week", "weeks", "cycle", "cycles", "each", "every", "course", "courses", "a", "the"];
    if text.is_any(at, &["of", "for", "in"]) && text.is_any(at + 1, &within) && !of_each_cycle(text, at) {
        return None;
    }
    // `on day 5 to 14 of birth`: an age.
    if text.is(at, "of") && text.is_any(at + 1, &["birth", "life", "age"]) {
        return None;
    }
    let mut out = out;
    if unit == Unit::Week && (i + 1..at).any(|n| joins_range(text, n) || text.is(n, "through")) {
        return None;
    }
    if unit == Unit::Week {
        // Weeks from 0 on are days after the first; `week 1` may be day 1 or day 7.
        let from_zero = goes_on || out.first() == Some(&0);
        out = if from_zero { out.into_iter().map(|w| w * 7).collect() } else { return None };
    }
    said(out, i, at)
}

/// `of each 21-day cycle`, `of every course`: the days of all cycles alike.
fn of_each_cycle(text: &Text<'_>, of: usize) -> bool {
    let cycle = (of + 2..of + 7).find(|i| text.is_any(*i, &["cycle", "cycles", "course"]));
    let plain = |i: usize| {
        text.kind(i) == Kind::Number
            || Unit::of(text.word(i)).is_some()
            || text.is_any(i, &["-", "‑", "treatment", "(", ")", "therapy"])
    };
    let each = text.is(of, "of") && text.is_any(of + 1, &["each", "every", "a"]);
    each && cycle.is_some_and(|cycle| {
        let alone = !text.is_any(cycle + 1, &["1", "2", "then"]);
        alone && text.together(of, cycle) && (of + 2..cycle).all(plain)
    })
}

/// `D1`, `D1-4`, `D1-4, 9-12`: days behind their letter.
fn after_letter(text: &Text<'_>, i: usize, first: i64) -> Option<Said<Vec<i64>>> {
    let high = joins_range(text, i + 1).then(|| signed(text, i + 2)).flatten();
    let high = high.filter(|(high, to)| *high > first && !has_unit(text, to - 1));
    let (last, mut to) = high.unwrap_or((first, i + 1));
    if first > 400 || last - first > 60 {
        return None;
    }
    let mut out: Vec<i64> = (first..=last).collect();
    let goes_on = high.is_some() && text.is_any(to, &[",", "and", "&"]) && signed(text, to + 1).is_some();
    if let Some((more, behind)) = goes_on.then(|| day_list(text, to + 1)).flatten()
        && !has_unit(text, behind - 1)
    {
        out.extend(more);
        to = behind;
    }
    said(out, i, to)
}

/// Words and signs between the first and the last of days.
const THROUGH: [&str; 5] = ["through", "thru", "until", "till", "→"];

/// `1, 8 and 15`, `1-5`, `-6, -5 and -4`, `-3 through 30`.
fn day_list(text: &Text<'_>, i: usize) -> Option<(Vec<i64>, usize)> {
    let (mut out, mut at) = (Vec::new(), i);
    loop {
        let (first, next) = signed(text, at)?;
        let ranged = joins_range(text, next) || text.is_any(next, &["through", "thru"]);
        let last = next + 1 + usize::from(text.is_any(next + 1, &["day", "days"]));
        // `day 8- 15 mg`
        let high = ranged.then(|| signed(text, last)).flatten();
        let high = high.filter(|(high, to)| *high > first && !has_unit(text, to - 1));
        let (last, next) = high.unwrap_or((first, next));
        if first < -100 || last > 400 || last - first > 60 {
            return None;
        }
        out.extend(first..=last);
        at = next;
        let parted = text.is_any(at, &[",", "and", "&", "，", "、", "/"]);
        let skip = if parted && text.is_any(at + 1, &["and", "&"]) { 2 } else { 1 };
        // `day 1, 500 mg`: what follows has a unit.
        // `day 1, 3 times daily`
        let counts = |to: usize| text.is_any(to, &["time", "times"]);
        let figure = |to: usize| text.kind(to - 1) == Kind::Number && !has_unit(text, to - 1) && !counts(to);
        let goes_on = parted && signed(text, at + skip).is_some_and(|(_, to)| figure(to));
        if !goes_on {
            return Some((out, at));
        }
        at += skip;
    }
}

/// A day's number, which may be before the first, and the token behind it.
pub fn signed(text: &Text<'_>, i: usize) -> Option<(i64, usize)> {
    let minus = text.is_any(i, &["-", "−", "–"]) && text.glued(i + 1);
    let at = i + usize::from(minus);
    let value = number::whole(text, at).filter(|n| n.is_integer())?;
    let value: i64 = value.try_into().ok()?;
    Some((if minus { -value } else { value }, at + 1))
}

fn has_unit(text: &Text<'_>, number: usize) -> bool {
    let behind = text.word(number + 1);
    Unit::of(behind).is_some()
        || text.is_any(number + 1, &["mg", "ml", "g", "%", "kg", "ug", "mcg", "x", "×"])
}
