//! What stands behind a planned time: how far it may be off, and times that are added to those before.

use model::Decimal;

use super::{
    number::{self, joins_range, plus_minus},
    text::Text,
    time::{Point, Span, Unit, Window},
};

/// The window that the tokens at `i`, right behind a time, give it, and the token behind them: `± 3 days`,
/// `(+/- 1 week)`, `(1-3 hours)` behind `2 hours`.
pub fn behind(text: &Text<'_>, last: &Point, i: usize) -> Option<(Window, usize)> {
    if i != last.to || last.window.is_some() {
        return None;
    }
    let bracket = usize::from(text.is(i, "("));
    let at = i + bracket;
    let close = |to: usize| if bracket == 1 && text.is(to, ")") { to + 1 } else { to };
    if let Some(at) = plus_minus(text, at) {
        let (span, to) = span(text, at, last.time.unit)?;
        return Some((Window { before: span, after: span }, close(to)));
    }
    let (low, high) = (number::whole(text, at)?, number::whole(text, at + 2)?);
    let unit = Unit::of(text.word(at + 3))?;
    let around = bracket == 1 && joins_range(text, at + 1) && unit == last.time.unit;
    if !around || !(low..=high).contains(&last.time.value) || low == high {
        return None;
    }
    let off = |by: Decimal| Span { value: by.abs(), unit };
    let window = Window { before: off(last.time.value - low), after: off(high - last.time.value) };
    Some((window, close(at + 4)))
}

/// A length of time; its unit may be that of the time before it.
fn span(text: &Text<'_>, at: usize, unit: Unit) -> Option<(Span, usize)> {
    let value = number::whole(text, at)?;
    let behind = if text.is(at + 1, "-") { at + 2 } else { at + 1 };
    match Unit::of(text.word(behind)) {
        Some(unit) => Some((Span { value, unit }, behind + 1)),
        None => Some((Span { value, unit }, at + 1)),
    }
}

/// The time of a point that may count from the end of the one before: `every 3 months for 2 years, then every 6 months
/// for 3 years` ends after five. `None` where the two cannot be added.
pub fn added(text: &Text<'_>, before: &[Point], point: &Point) -> Option<Span> {
    // `then every 6 months for years 2-5`: counted from the start.
    if Unit::of(text.word(point.from)).is_some() {
        return Some(point.time);
    }
    let Some(last) = before.last().filter(|last| repeated(text, last) && repeated(text, point)) else {
        return Some(point.time);
    };
    let then = text.has_any(last.to..point.from, &["then", "thereafter", "subsequently"]);
    if !(then || point.from - last.to < 8) || !text.together(last.from, point.from) {
        return Some(point.time);
    }
    let months = |span: Span| match span.unit {
        Unit::Month => Some(span.value),
        Unit::Year => span.value.checked_mul(Decimal::from(12)),
        _ => None,
    };
    if last.time.unit == point.time.unit {
        let value = last.time.value.checked_add(point.time.value)?;
        return Some(Span { value, unit: point.time.unit });
    }
    let value = months(last.time)?.checked_add(months(point.time)?)?;
    Some(Span { value, unit: Unit::Month })
}

/// `every 3 months for 2 years`, `monthly x 1 year`: how long something is repeated.
fn repeated(text: &Text<'_>, point: &Point) -> bool {
    const EVERY: [&str; 7] = ["every", "each", "monthly", "weekly", "daily", "quarterly", "yearly"];
    // `for the next 2 years`
    let next = (1..3)
        .take_while(|n| *n <= point.from && text.is_any(point.from - n, &["the", "next", "first"]))
        .count();
    let Some(at) = point.from.checked_sub(1 + next) else { return false };
    text.is_any(at, &["for", "x", "×"]) && text.has_any(at.saturating_sub(5)..at, &EVERY)
}

#[cfg(test)]
mod tests {
    use super::{super::time::points, *};

    #[track_caller]
    fn reads(words: &str, expected: &[&str]) {
        let text = Text::new(words);
        let say = |s: Span| format!("{} {}", s.value, s.unit.as_str());
        let one = |p: &Point| {
            let window = p.window.map(|w| format!(" -{} +{}", say(w.before), say(w.after)));
            format!("{}{}", say(p.time), window.unwrap_or_default())
        };
        let found: Vec<String> = points(&text, 0..text.tokens.len()).iter().map(one).collect();
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn windows() {
        reads("week 24 ± 7 days", &["24 week -7 day +7 day"]);
        reads("Day 28 (+/- 3 days) and Day 90", &["28 day -3 day +3 day", "90 day"]);
        reads("day 14±2", &["14 day -2 day +2 day"]);
        reads(
            "at 2 hours (1-3 hours) and 6 hours (4-8 hours)",
            &["2 hour -1 hour +1 hour", "6 hour -2 hour +2 hour"],
        );
        reads("24 weeks (6 months)", &["24 week"]);
        reads("10 +/- 2 weeks after surgery", &["10 week -2 week +2 week"]);
        reads("until 40 weeks corrected gestational age, 18-24 months-of-age", &[]);
    }

    #[test]
    fn times_that_add_up() {
        reads("every 3 months for 2 years, then every 6 months for 3 years", &["2 year", "5 year"]);
        reads("every 3 months x 1 year, then every 4 months x 1 year", &["1 year", "2 year"]);
        reads("every 2 months for 1 year, every 3 months for 2 years", &["1 year", "3 year"]);
        reads("every 4 months for 1 year, every 6 months for the next 2 years", &["1 year", "3 year"]);
        reads("monthly for 6 months, then every 3 months for 1 year", &["6 month", "18 month"]);
        reads("followed for 6 months, then treated for 1 year", &["6 month", "1 year"]);
    }
}
