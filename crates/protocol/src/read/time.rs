//! Times: `week 24`, `weeks 4, 8 and 12`, `96 weeks`, `D7`, and what they are counted from.

use jiff::{ToSpan, civil::Date};
use model::Decimal;

use super::{
    anchor::{self, Anchor},
    lexicon,
    number::{self, joins_range, plus_minus},
    text::{Kind, Text},
    window,
};

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

const UNITS: [(Unit, &[&str]); 6] = [
    (Unit::Minute, &["min", "mins", "minute", "minutes"]),
    (Unit::Hour, &["h", "hr", "hrs", "hour", "hours"]),
    (Unit::Day, &["d", "day", "days"]),
    (Unit::Week, &["w", "wk", "wks", "week", "weeks"]),
    (Unit::Month, &["mo", "mos", "mon", "month", "months", "mth", "mths"]),
    (Unit::Year, &["y", "yr", "yrs", "year", "years"]),
];

/// Words for units of time.
pub(super) fn unit_words() -> impl Iterator<Item = &'static str> {
    UNITS.iter().flat_map(|(_, words)| words.iter().copied())
}

impl Unit {
    /// The unit that a word means.
    pub fn of(word: &str) -> Option<Self> {
        let first = word.bytes().next()?.to_ascii_lowercase();
        if word.len() > 7 || !matches!(first, b'm' | b'h' | b'd' | b'w' | b'y') {
            return None;
        }
        UNITS.iter().find(|(_, words)| words.iter().any(|w| w.eq_ignore_ascii_case(word))).map(|u| u.0)
    }

    /// `day`, `week` ...
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }

    /// Days of one; a month is a twelfth of 365.25 days.
    pub fn days(self) -> f64 {
        match self {
            Self::Minute => 1.0 / 1440.0,
            Self::Hour => 1.0 / 24.0,
            Self::Day => 1.0,
            Self::Week => 7.0,
            Self::Month => DAYS_OF_A_MONTH,
            Self::Year => 12.0 * DAYS_OF_A_MONTH,
        }
    }
}

/// 365.25 days in twelve months.
pub const DAYS_OF_A_MONTH: f64 = 30.4375;

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// How many.
    pub value: Decimal,
    /// Of what.
    pub unit: Unit,
}

impl Span {
    /// The length in days.
    pub fn days(self) -> f64 {
        let value: f64 = self.value.try_into().unwrap_or(f64::MAX);
        value * self.unit.days()
    }

    /// The day so long before another; calendar months and years. `None` beyond the calendar.
    pub fn before(self, day: Date) -> Option<Date> {
        let whole: Option<i64> = self.value.is_integer().then(|| self.value.try_into().ok()).flatten();
        match (self.unit, whole) {
            (Unit::Month, Some(n)) if n < 100_000 => day.checked_sub(n.months()).ok(),
            (Unit::Year, Some(n)) if n < 10_000 => day.checked_sub(n.years()).ok(),
            _ => {
                let days = self.days().floor();
                // The calendar has fewer than four million days.
                (days < 4e6).then(|| day.checked_sub((days as i64).days()).ok()).flatten()
            }
        }
    }
}

/// How much earlier and later than planned is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Earlier.
    pub before: Span,
    /// Later.
    pub after: Span,
}

/// A planned time, and its tokens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// How long after the anchor.
    pub time: Span,
    /// What the words allow: `± 3 days`, `2 hours (1-3 hours)`.
    pub window: Option<Window>,
    /// What it is counted from, where the words say so.
    pub anchor: Option<Anchor>,
    /// The first token.
    pub from: usize,
    /// The token behind the last.
    pub to: usize,
}

impl Point {
    fn new(time: Span, from: usize, to: usize) -> Self {
        Self { time, window: None, anchor: None, from, to }
    }

    fn at_baseline(self) -> Self {
        Self { anchor: Some(Anchor::Baseline), ..self }
    }
}

/// The planned times that tokens name, in their order.
pub fn points(text: &Text<'_>, range: std::ops::Range<usize>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::new();
    let mut i = range.start;
    while i < range.end.min(text.tokens.len()) {
        if let Some((window, to)) = out.last().and_then(|last| window::behind(text, last, i)) {
            if let Some(last) = out.last_mut() {
                last.window = Some(window);
            }
            i = to;
            continue;
        }
        let starts = lexicon::NUMBER | lexicon::DIGITS | lexicon::TIME_UNIT | lexicon::BASELINE;
        if text.kind(i) != Kind::Number && !text.is_a(i, starts) {
            i += 1;
            continue;
        }
        let found = baseline(text, i).or_else(|| labelled(text, i)).or_else(|| counted(text, i));
        let Some((points, next)) = found else {
            i += 1;
            continue;
        };
        for mut point in points {
            if said_twice(text, &out, &point) {
                continue;
            }
            point.anchor = point.anchor.or_else(|| anchor::of(text, point.from, next));
            let Some(time) = window::added(text, &out, &point) else { continue };
            out.push(Point { time, ..point });
        }
        i = next.max(i + 1);
    }
    out
}

/// `24 weeks (6 months)`: the bracket says the same again.
fn said_twice(text: &Text<'_>, out: &[Point], point: &Point) -> bool {
    let bracket = point.from > 0 && text.is(point.from - 1, "(");
    out.last().is_some_and(|last| {
        let (a, b) = (last.time.days(), point.time.days());
        bracket && last.to + 1 == point.from && (a - b).abs() <= 0.15 * a.max(b)
    })
}

/// `Baseline` where it stands in a list of times.
fn baseline(text: &Text<'_>, i: usize) -> Option<(Vec<Point>, usize)> {
    let starts = i == 0 || text.is_any(i - 1, &["at", ",", ":", "and", ";"]);
    let listed = text.is_any(i + 1, &[",", "and", "&", ";", "+"]);
    let here = text.is(i, "baseline") && starts && listed;
    here.then(|| {
        let time = Span { value: Decimal::ZERO, unit: Unit::Day };
        (vec![Point::new(time, i, i + 1).at_baseline()], i + 1)
    })
}

/// `week 24`, `days 0, 7 and 28`, `D7`, `month 3`.
fn labelled(text: &Text<'_>, i: usize) -> Option<(Vec<Point>, usize)> {
    if in_a_cycle(text, i) {
        return None;
    }
    if let Some((value, unit)) = glued_label(text.word(i)) {
        let time = Span { value, unit };
        return Some((vec![Point::new(time, i, i + 1)], i + 1));
    }
    let unit = Unit::of(text.word(i)).filter(|_| text.word(i).len() > 2)?;
    let mut at = i + 1;
    while text.is_any(at, &["-", "#", ":", "("]) && at < i + 3 {
        at += 1;
    }
    if text.kind(at) != Kind::Number || quantity_follows(text, at) {
        return None;
    }
    let (mut numbers, mut next) = numbers(text, at)?;
    // `day 1-7, and 1, 3 and 6 months`: what follows the fall has the unit behind it.
    let other_unit = (next..next + 5)
        .any(|i| Unit::of(text.word(i)).is_some() && text.kind(i - 1) == Kind::Number)
        || Unit::of(text.word(next)).is_some();
    let fall = numbers.windows(2).position(|pair| pair[1].0 <= pair[0].0).map(|n| n + 1);
    let fall = fall.or(Unit::of(text.word(next)).map(|_| 1)).filter(|_| other_unit);
    if let Some((fall, first)) = fall.and_then(|fall| Some((fall, numbers.get(fall)?.1))) {
        next = first;
        numbers.truncate(fall);
    }
    let point = |(value, from, to): Listed| {
        let from = if from == at { i } else { from };
        Point::new(Span { value, unit }, from, to)
    };
    Some((numbers.into_iter().map(point).collect(), next))
}

/// Whether the number at a token has a unit of its own: `day 5 mg`.
fn quantity_follows(text: &Text<'_>, at: usize) -> bool {
    text.is_any(at + 1, &["mg", "ml", "g", "%", "kg"]) || Unit::of(text.word(at + 1)).is_some()
}

/// `D28`, `W12`, `M6`, `Week4`.
fn glued_label(word: &str) -> Option<(Decimal, Unit)> {
    let cut = word.find(|c: char| c.is_ascii_digit()).filter(|cut| *cut > 0)?;
    let (letters, digits) = word.split_at(cut);
    let unit = match letters {
        "D" | "d" => Unit::Day,
        "W" => Unit::Week,
        "M" => Unit::Month,
        "T" | "V" | "Y" | "h" => return None,
        _ => Unit::of(letters).filter(|_| letters.len() > 2)?,
    };
    (digits.len() <= 3).then(|| Some((digits.parse().ok()?, unit)))?
}

/// `96 weeks`, `1, 3 and 6 months`, `12-month`, `two years`.
fn counted(text: &Text<'_>, i: usize) -> Option<(Vec<Point>, usize)> {
    number::whole(text, i)?;
    // `every 3 months`, `each 4 weeks`: how often, not when. `2/3 days`, `1:2` are no lists of times.
    let before = |words: &[&str]| i > 0 && text.is_one_of(i - 1, words);
    if before(&[
        "every",
        "each",
        "/",
        "cycle",
        "other",
        "than",
        "age",
        "aged",
        "grade",
        "last",
        "past",
        "minus",
        "±",
        "additional",
        "another",
        "extra",
        "further",
        "plus",
    ]) {
        return None;
    }
    // `10 ± 2 weeks`
    if i > 2 && plus_minus(text, i - 3) == Some(i) {
        return None;
    }
    if let Some(point) = tolerated(text, i) {
        return Some(point);
    }
    // `7+3 days`: how much later is allowed.
    if i > 1 && text.is(i - 1, "+") && text.kind(i - 2) == Kind::Number {
        return None;
    }
    // `every 2 to 12 weeks`
    if i > 2 && joins_range(text, i - 1) && text.is_any(i - 3, &["every", "each"]) {
        return None;
    }
    let (numbers, next) = numbers(text, i)?;
    let next = if text.is_any(next, &["-", "‑", "–", "th", "st", "nd", "rd"]) { next + 1 } else { next };
    let unit = Unit::of(text.word(next))?;
    // A single letter must be glued or stand alone before a blank, `24 h`; `5 M` is none.
    let to = next + 1;
    let unfit = ["cycle", "cycles", "old", "ago", "prior", "before", "apart", "interval", "intervals", "per"];
    let behind = if text.is_any(to, &["-", "‑"]) { to + 1 } else { to };
    const OF_AGE: [&str; 5] = ["corrected", "gestational", "postmenstrual", "gestation", "pma"];
    let of = if text.is(to, "-") { to + 1 } else { to };
    let of_age = text.is_any(to, &OF_AGE)
        || text.is(of, "of") && (of + 1..of + 3).any(|i| text.is_any(i, &["age", "gestation"]));
    let of_people =
        text.is(behind, "per") && text.is_any(behind + 1, &["subject", "patient", "participant", "person"]);
    if text.is_any(behind, &unfit) && !of_people || of_age || preceded_by_cycle(text, i) {
        return None;
    }
    let count = numbers.len();
    let point = |(n, (value, from, end)): (usize, Listed)| {
        let end = if n + 1 == count { to } else { end };
        Point::new(Span { value, unit }, from, end)
    };
    Some((numbers.into_iter().enumerate().map(point).collect(), to))
}

/// `10 ± 2 weeks`: a time whose unit stands behind what it may be off.
fn tolerated(text: &Text<'_>, i: usize) -> Option<(Vec<Point>, usize)> {
    let value = number::whole(text, i)?;
    let at = plus_minus(text, i + 1)?;
    let off = number::whole(text, at)?;
    let unit = Unit::of(text.word(at + 1))?;
    let off = Span { value: off, unit };
    let point = Point::new(Span { value, unit }, i, at + 2);
    Some((vec![Point { window: Some(Window { before: off, after: off }), ..point }], at + 2))
}

/// `each cycle is 28 days`: the length of a cycle is no planned time.
fn preceded_by_cycle(text: &Text<'_>, i: usize) -> bool {
    (1..=4).any(|back| i >= back && text.is_any(i - back, &["cycle", "cycles"]))
}

/// `cycle 2 day 1`, `cycle 2, day 1 and day 15`: a day that is counted within a cycle.
fn in_a_cycle(text: &Text<'_>, i: usize) -> bool {
    let listed = |at: &usize| {
        let joins = ["day", "days", "d", ",", "and", "&", "or", "-", "–", "to", "through", ":", "("];
        text.kind(*at) == Kind::Number || text.is_any(*at, &joins)
    };
    let first = (i.saturating_sub(24)..i).rev().take_while(listed).last().unwrap_or(i);
    let of_cycle = first > 0 && text.is_any(first - 1, &["cycle", "cycles"]) && text.together(first - 1, i);
    of_cycle
        || (1..=3).any(|back| i >= back && text.is_any(i - back, &["cycle", "cycles"]))
        || text.is_phrase(i + 2, "of each").is_some()
        || text.is_phrase(i + 2, "of cycle").is_some()
}

/// A number of a list: its value, its first token, the token behind its last.
type Listed = (Decimal, usize, usize);

/// A number, a list of numbers, or the upper end of a range, each with its tokens.
fn numbers(text: &Text<'_>, i: usize) -> Option<(Vec<Listed>, usize)> {
    let mut out = Vec::new();
    let mut at = i;
    loop {
        let value = number::whole(text, at)?;
        let end = at + 1;
        let ranged = joins_range(text, end).then(|| number::whole(text, end + 1)).flatten();
        match ranged.filter(|high| *high > value) {
            // `0-24 hours`, `day 1 to 28`: the end is the planned time.
            Some(high) => {
                out.push((high, at, end + 2));
                at = end + 2;
            }
            None => {
                out.push((value, at, end));
                at = end;
            }
        }
        let comma = text.is_any(at, &[",", "，", "、", "&", "and", "or", "/"]);
        let skip = if comma && text.is_any(at + 1, &["and", "or", "&"]) { 2 } else { 1 };
        let goes_on = comma && text.kind(at + skip) == Kind::Number && out.len() < 40;
        // `week 4, 12 months`: what follows has a unit of its own.
        let own_unit = Unit::of(text.word(at + skip + 1)).is_some();
        let labelled = i > 0 && Unit::of(text.word(i - 1)).is_some();
        if !goes_on || (own_unit && labelled) {
            return Some((out, at));
        }
        at += skip;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(words: &str, expected: &[&str]) {
        let text = Text::new(words);
        let say = |p: Point| {
            let anchor = p.anchor.map(|a| format!(" {}", a.as_str())).unwrap_or_default();
            format!("{} {}{anchor}", p.time.value, p.time.unit.as_str())
        };
        let found: Vec<String> = points(&text, 0..text.tokens.len()).into_iter().map(say).collect();
        assert_eq!(found, expected, "{words}");
    }

    #[test]
    fn time_frames() {
        reads("From enrollment to week 24 of the study period", &["24 week enrollment"]);
        reads("At enrollment and week 104 of the study period", &["104 week"]);
        reads("Baseline, week 4, week 12", &["0 day baseline", "4 week", "12 week"]);
        reads("From Baseline (0 W) to 48 weeks after treatment", &["0 week baseline", "48 week treatment"]);
        reads("48 weeks from baseline", &["48 week baseline"]);
        reads("3 months", &["3 month"]);
        reads("1, 3 and 6 months post-surgery", &["1 month surgery", "3 month surgery", "6 month surgery"]);
        reads("Days 0, 7 and 28; D90", &["0 day", "7 day", "28 day", "90 day"]);
        reads("24 weeks (6 months)", &["24 week"]);
        reads("0-24 hours post dose", &["24 hour treatment"]);
        reads("every 3 months up to two years", &["2 year"]);
        reads("Cycle 1 Day 1 (each cycle is 28 days)", &[]);
        reads("12-month follow-up", &["12 month"]);
        reads("day 1-7, and 1, 3 month", &["7 day", "1 month", "3 month"]);
        reads("postoperative day 3", &["3 day"]);
        reads("through study completion, an average of 1 year", &["1 year"]);
        reads("", &[]);
        reads("every 2 to 12 weeks", &[]);
        reads("at 7+3 days", &[]);
        reads("Cycle 1, Day 1 and Day 15; Cycle 2, Day 1 and Day 15 at pre-dose", &[]);
        reads("for an additional 48 weeks", &[]);
    }

    #[test]
    fn before_a_day() {
        let end = "2028-04-01".parse().unwrap();
        let span = |value: i64, unit| Span { value: value.into(), unit };
        assert_eq!(span(104, Unit::Week).before(end).unwrap().to_string(), "2026-04-04");
        assert_eq!(span(3, Unit::Month).before(end).unwrap().to_string(), "2028-01-01");
        assert_eq!(span(99_999_999, Unit::Year).before(end), None);
    }
}
