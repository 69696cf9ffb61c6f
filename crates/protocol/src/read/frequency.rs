//! How often and how long: counts, intervals, days, durations of what is given.

use model::Decimal;

use super::{
    days::{days, signed},
    lexicon, number,
    text::{Kind, Text},
    time::{Span, Unit},
};

/// A value with the tokens that say it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// The first token.
    pub from: usize,
    /// The token behind the last.
    pub to: usize,
}

/// When something is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frequency {
    /// The number of administrations.
    pub count: Option<Said<u32>>,
    /// The time between two.
    pub interval: Option<Said<Span>>,
    /// The days of the administrations.
    pub days: Option<Said<Vec<i64>>>,
    /// From the first to the last.
    pub duration: Option<Said<Span>>,
    /// Something is said of number or timing that is none of these: `biweekly`, `cycle`.
    pub other: bool,
    /// There are two intervals or durations: a number cannot be derived from one of them.
    pub nested: bool,
    /// It is said of a course or cycle, of which there may be several, or it is repeated.
    pub courses: bool,
    /// The days go on in another unit: `day 1 and at 3 months`. Those that are read are not all.
    pub open: bool,
    /// The interval is that of courses: `repeats every 14 days`.
    pub of_courses: bool,
    /// There is a first or a subsequent administration: `a single dose` is not all.
    pub several: bool,
    /// The days are those of weeks.
    weeks: bool,
}

impl Frequency {
    /// What tokens say.
    pub fn read(text: &Text<'_>, range: std::ops::Range<usize>) -> Self {
        let mut out = Self::default();
        let mut i = range.start;
        while i < range.end.min(text.tokens.len()) {
            i = out.at(text, i).max(i + 1);
        }
        out
    }

    /// Something of which only the interval may be known.
    pub fn repeated(interval: Option<Said<Span>>) -> Self {
        Self { interval, other: true, ..Self::default() }
    }

    /// Whether it says nothing of number and timing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// As [`Self::fill`], with what another sentence of the same text says: where two intervals, lengths or lists of
    /// days differ, none of them holds throughout.
    pub fn fill_within(&mut self, other: Self) {
        let differ = |a: &Option<Said<Span>>, b: &Option<Said<Span>>| match (a, b) {
            (Some(a), Some(b)) => a.value != b.value,
            _ => false,
        };
        let intervals = self.of_courses == other.of_courses && differ(&self.interval, &other.interval);
        let lengths = differ(&self.duration, &other.duration);
        let days = matches!((&self.days, &other.days), (Some(a), Some(b)) if a.value != b.value);
        let counts = matches!((&self.count, &other.count), (Some(a), Some(b)) if a.value != b.value);
        self.fill(other);
        self.courses |= counts;
        self.nested |= intervals || lengths;
        self.open |= days;
        if intervals || lengths {
            self.duration = None;
        }
    }

    /// Keeps what it has and takes the rest of another.
    pub fn fill(&mut self, other: Self) {
        self.count = self.count.take().or(other.count);
        if self.interval.is_none() || (self.of_courses && !other.of_courses && other.interval.is_some()) {
            (self.interval, self.of_courses) = (other.interval, other.of_courses);
        }
        self.days = self.days.take().or(other.days);
        self.duration = self.duration.take().or(other.duration);
        self.other |= other.other;
        self.nested |= other.nested;
        self.courses |= other.courses;
        self.open |= other.open;
        self.several |= other.several;
    }

    /// Takes an interval, of courses or of administrations; what is said of administrations counts more.
    fn every(&mut self, said: Said<Span>, of_courses: bool) {
        match &self.interval {
            None => (self.interval, self.of_courses) = (Some(said), of_courses),
            Some(_) if self.of_courses && !of_courses => {
                (self.interval, self.of_courses) = (Some(said), false)
            }
            Some(known) => self.nested |= known.value != said.value && of_courses == self.of_courses,
        }
    }

    /// Reads days at a token; those of `Day 0, Day 7 and Day 28` are one list.
    fn on_days(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        let week = Unit::of(text.word(i)) == Some(Unit::Week);
        let goes_on = self.days.as_ref().is_some_and(|known| listed(text, known.to, i) && self.weeks == week);
        let said = days(text, i, goes_on)?;
        let to = said.to;
        self.open |= goes_on_otherwise(text, to, if week { Unit::Week } else { Unit::Day });
        match &mut self.days {
            Some(known) if goes_on => {
                for day in said.value {
                    if !known.value.contains(&day) {
                        known.value.push(day);
                    }
                }
                known.to = to;
            }
            // A second list of the sentence: the first is not all.
            Some(known) => self.open |= said.value != known.value,
            none => {
                self.weeks = week;
                *none = Some(said);
            }
        }
        Some(to)
    }

    /// Reads at a token; the token behind what was read.
    fn at(&mut self, text: &Text<'_>, i: usize) -> usize {
        let starts = lexicon::NUMBER | lexicon::DIGITS | lexicon::WHEN;
        if text.kind(i) != Kind::Number && !text.is_a(i, starts) {
            return i + 1;
        }
        if let Some(said) = interval(text, i) {
            let to = said.to;
            let before = said.from.saturating_sub(3)..said.from;
            self.every(said, text.has_any(before, &["repeat", "repeats", "repeated"]));
            return to;
        }
        if let Some(to) = self.on_days(text, i) {
            return to;
        }
        if let Some(said) = duration(text, i) {
            let to = said.to;
            self.nested |= self.duration.as_ref().is_some_and(|known| known.value != said.value);
            self.duration = self.duration.take().or(Some(said));
            return to;
        }
        if let Some(said) = count(text, i) {
            let to = said.to;
            self.count = self.count.take().or(Some(said));
            return to;
        }
        self.several |= text.is_any(i, &ORDER) && text.is_any(i + 1, &GIVEN);
        let whole = text.has_any(i.saturating_sub(4)..i, &["entire", "whole"]);
        self.courses |= !whole && text.is_any(i, &COURSES);
        self.other |=
            text.is_any(i, &OTHER) || (text.is_any(i, &["day", "days"]) && signed(text, i + 1).is_some());
        i + 1
    }
}

/// Whether nothing but a joining word or a tolerance stands between two days of a list: `day 5 (± 1) and day 13`.
fn listed(text: &Text<'_>, from: usize, to: usize) -> bool {
    let joins = |i: usize| text.kind(i) != Kind::Word || text.is_any(i, &["and", "day", "days", "then"]);
    to <= from + 2 || to <= from + 9 && text.is(from, "(") && (from..to).all(joins)
}

/// `and at 3 months` behind a list of days.
fn goes_on_otherwise(text: &Text<'_>, to: usize, unit: Unit) -> bool {
    // `on days 1 and 15 or on days 1, 8, 15 and 22`
    if text.is(to, "or") && (to + 1..to + 3).any(|i| Unit::of(text.word(i)) == Some(unit)) {
        return true;
    }
    let mut at = to;
    while text.is_any(at, &[")", ",", "and", "at", "&", "then", "on", "after", "again"]) && at < to + 5 {
        at += 1;
    }
    let counted = number::whole(text, at).is_some() && Unit::of(text.word(at + 1)).is_some();
    let labelled = Unit::of(text.word(at)).is_some_and(|u| u > unit) && signed(text, at + 1).is_some();
    at > to && text.together(to - 1, at) && (counted || labelled)
}

/// Words before an administration that is not the only one.
const ORDER: [&str; 5] = ["first", "second", "subsequent", "later", "next"];

/// Words of courses, of which there may be several.
const COURSES: [&str; 7] = ["course", "courses", "cycle", "cycles", "repeated", "repeat", "repeats"];

/// The first words of all that is read here, but for numbers, units of time and words with digits.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let plain =
        ["once", "twice", "thrice", "every", "each", "interval", "intervals", "for", "during", "over"];
    let periods = PERIODS.iter().map(|(word, ..)| *word).chain(PER_DAY.iter().map(|(phrase, _)| *phrase));
    plain.into_iter().chain(periods).chain(ORDER).chain(COURSES).chain(OTHER)
}

/// Words that say something of number or timing without saying what.
const OTHER: [&str; 21] = [
    "biweekly",
    "bimonthly",
    "cycle",
    "cycles",
    "continuous",
    "continuously",
    "once",
    "weekly",
    "preoperatively",
    "before",
    "prior",
    "intraoperatively",
    "during",
    "bolus",
    "overnight",
    "every",
    "repeated",
    "repeat",
    "repeats",
    "courses",
    "morning",
];

const PERIODS: [(&str, i64, Unit); 12] = [
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

const PER_DAY: [(&str, i64); 9] = [
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

pub(super) fn said<T>(value: T, from: usize, to: usize) -> Option<Said<T>> {
    Some(Said { value, from, to })
}

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

fn interval(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let said = times_a_day(text, i)
        .or_else(|| every(text, i))
        .or_else(|| named_period(text, i))
        .or_else(|| interval_of(text, i))?;
    (!of_visits(text, said.from, said.to)).then_some(said)
}

/// `weekly supply`, `return every 4 weeks`: when people come or get a stock, not when they take something.
fn of_visits(text: &Text<'_>, from: usize, to: usize) -> bool {
    const BEHIND: [&str; 9] = [
        "supply",
        "supplies",
        "visit",
        "visits",
        "clinic",
        "assessment",
        "assessments",
        "monitoring",
        "calls",
    ];
    const BEFORE: [&str; 9] =
        ["return", "returns", "visit", "visits", "seen", "supply", "monitored", "assessed", "evaluated"];
    let before = from.saturating_sub(2)..from;
    text.is_any(to, &BEHIND)
        || before.into_iter().any(|at| text.is_any(at, &BEFORE) && text.together(at, from))
}

/// `once daily`, `twice a week`, `3 times per day`, `BID`.
fn times_a_day(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    if let Some((to, times)) = PER_DAY.iter().find_map(|(p, n)| Some((text.is_phrase(i, p)?, n))) {
        // `bid` is a word, too; abbreviations of one word are in capitals or behind a dose.
        return said(shared(Decimal::from(*times), Unit::Day)?, i, to);
    }
    let (times, next) = match text.word(i) {
        w if w.eq_ignore_ascii_case("once") => (Decimal::ONE, i + 1),
        w if w.eq_ignore_ascii_case("twice") => (Decimal::TWO, i + 1),
        w if w.eq_ignore_ascii_case("thrice") => (Decimal::from(3), i + 1),
        _ => {
            let number = number::whole(text, i)?;
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
        return said(Span { value: number.value, unit: Unit::of(text.word(at))? }, i, at + 1);
    }
    // `q3w`, `Q12h`
    let rest = word.strip_prefix(['q', 'Q'])?;
    if rest.is_empty() {
        let value = number::whole(text, i + 1)?;
        return said(Span { value, unit: Unit::of(text.word(i + 2))? }, i, i + 3);
    }
    let cut = rest.find(|c: char| !c.is_ascii_digit()).filter(|cut| *cut > 0)?;
    let (digits, unit) = rest.split_at(cut);
    said(Span { value: digits.parse().ok()?, unit: Unit::of(unit)? }, i, i + 1)
}

/// `daily`, `weekly`, `3-weekly`.
fn named_period(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    let (word, n, unit) = PERIODS.iter().find(|(word, ..)| text.is(i, word))?;
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
fn interval_of(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    if text.is_any(i, &["interval", "intervals"]) {
        let at = if text.is_any(i + 1, &["of", ":", "between"]) { i + 2 } else { i + 1 };
        let value = number::whole(text, at)?;
        let unit_at = if text.is(at + 1, "-") { at + 2 } else { at + 1 };
        return said(Span { value, unit: Unit::of(text.word(unit_at))? }, i, unit_at + 1);
    }
    let value = number::whole(text, i)?;
    let unit_at = if text.is(i + 1, "-") { i + 2 } else { i + 1 };
    let unit = Unit::of(text.word(unit_at))?;
    let at = if text.is(unit_at + 1, "-") { unit_at + 2 } else { unit_at + 1 };
    text.is_any(at, &["apart", "interval", "intervals"]).then(|| said(Span { value, unit }, i, at + 1))?
}

/// What is counted when something is given.
const GIVEN: [&str; 19] = [
    "does",
    "injection",
    "injections",
    "infusion",
    "infusions",
    "dose",
    "doses",
    "administration",
    "administrations",
    "times",
    "time",
    "applications",
    "application",
    "transplantations",
    "vaccinations",
    "immunizations",
    "treatments",
    "sessions",
    "fractions",
];

/// `three injections`, `3 times`, `a single intravenous infusion`, `one-time`, `once`.
fn count(text: &Text<'_>, i: usize) -> Option<Said<u32>> {
    if text.is_any(i, &["once", "twice"]) {
        let more = [
            "a", "per", "daily", "weekly", "every", "in", "/", "monthly", "each", "-", "the", "at", "as",
            "day",
        ];
        let alone = !text.is_any(i + 1, &more) && Unit::of(text.word(i + 1)).is_none();
        let passes = text.is_any(i + 1, &["", ".", ",", ";", ")", "only", "on", "by", "after", "before"]);
        // `twice at two week intervals`, `once-off`
        let at_intervals = text.is(i + 1, "at") && interval_of(text, i + 2).is_some();
        let off = text.is(i + 1, "-") && text.is_any(i + 2, &["off", "only"]);
        return (alone && passes || at_intervals || off)
            .then(|| said(if text.is(i, "once") { 1 } else { 2 }, i, i + 1))?;
    }
    let value: u32 = number::whole(text, i).filter(|n| n.is_integer())?.try_into().ok()?;
    let bare = i == 0
        || !text.is_any(
            i - 1,
            &["-", "/", "–", "to", "dose", "at", "of", "phase", "than", "or", ">", "<", "≥", "≤", "="],
        );
    // `divided into 10 injections`: places of one administration.
    let parts = i > 1
        && text.is_any(i - 1, &["into", "in", "by", "over", "among", "across", "between"])
        && text.has_any(i.saturating_sub(4)..i - 1, &["divided", "split", "distributed", "spread"]);
    if value == 0 || value > 400 || !bare || parts {
        return None;
    }
    let mut at = i + 1;
    while at < i + 4 && !text.is_any(at, &GIVEN) {
        let passes = text.is(at, "-") || (text.kind(at) == Kind::Word && Unit::of(text.word(at)).is_none());
        let quantity = text.is_any(
            at,
            &[
                "different",
                "various",
                "separate",
                "escalating",
                "fixed",
                "mg",
                "ml",
                "g",
                "of",
                "and",
                "or",
                "per",
                "the",
                "cells",
                "groups",
                "arms",
            ],
        );
        if !passes || quantity {
            return None;
        }
        at += 1;
    }
    let singular =
        text.is_any(at, &["injection", "infusion", "dose", "administration", "application", "time"]);
    let hyphened = text.is(at, "time") && text.is(i + 1, "-");
    if !text.is_any(at, &GIVEN)
        || (singular && value > 1 && !hyphened)
        || (value == 1 && text.is(i, "1") && text.is(at, "dose"))
    {
        return None;
    }
    // `3 times a day`, `2 doses daily`, `3 times higher`, `two injections per day`.
    let rate = [
        "a", "per", "daily", "each", "every", "higher", "the", "/", "more", "weekly", "greater", "level",
        "levels", "upper", "uln", "normal", "baseline",
    ];
    // `2 infusions of 2 million cells/kg per week`
    let each_time = (at..at + 10).any(|n| {
        let per = text.is_any(n, &["per", "/"]) && text.is_any(n + 1, &["week", "day", "month", "year"]);
        per && text.together(at, n)
    });
    // `5 injections per person`
    let of_people = text.is(at + 1, "per")
        && text.is_any(at + 2, &["person", "patient", "subject", "participant", "trial", "group", "arm"]);
    (!each_time && (of_people || !text.is_any(at + 1, &rate))).then(|| said(value, i, at + 1))?
}

/// `for 15 consecutive days`, `for a total of 12 weeks`, `for six months`.
fn duration(text: &Text<'_>, i: usize) -> Option<Said<Span>> {
    if !text.is_any(i, &["for", "during", "over"]) {
        return None;
    }
    let mut at = i + 1;
    const FILL: [&str; 10] =
        ["a", "total", "of", "period", "the", "first", "about", "approximately", "consecutive", "continuous"];
    while text.is_any(at, &FILL) && at < i + 5 {
        at += 1;
    }
    let number = number::read(text, at).filter(|n| n.high.is_none())?;
    let mut at = number.next;
    while text.is_any(at, &["consecutive", "-", "continuous", "successive", "full"]) && at < number.next + 2 {
        at += 1;
    }
    let unit = Unit::of(text.word(at)).filter(|u| *u >= Unit::Day)?;
    let of_other = text
        .is_any(at + 1, &["before", "prior", "after", "follow", "old", "of", "cycle", "cycles"])
        || text.is_any(at + 2, &["cycle", "cycles"]);
    // `normal levels for three consecutive days`: a condition, not what is given.
    const CONDITIONS: [&str; 19] = [
        "followed",
        "monitored",
        "observed",
        "assessed",
        "evaluated",
        "measured",
        "level",
        "levels",
        "count",
        "counts",
        "fever",
        "afebrile",
        "stable",
        "normal",
        "negative",
        "symptoms",
        "free",
        "supply",
        "lasting",
    ];
    let condition = (i.saturating_sub(2)..i).any(|n| text.is_any(n, &CONDITIONS) && text.together(n, i));
    (!of_other && !condition).then(|| said(Span { value: number.value, unit }, i, at + 1))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(words: &str, expected: &str) {
        let text = Text::new(words);
        let found = Frequency::read(&text, 0..text.tokens.len());
        let span = |s: &Said<Span>| format!("{} {}", s.value.value, s.value.unit.as_str());
        let parts = [
            found.count.as_ref().map(|c| format!("{}x", c.value)),
            found.interval.as_ref().map(|s| format!("every {}", span(s))),
            found.days.as_ref().map(|d| format!("on {:?}", d.value)),
            found.duration.as_ref().map(|s| format!("for {}", span(s))),
        ];
        assert_eq!(parts.into_iter().flatten().collect::<Vec<_>>().join(" "), expected, "{words}");
    }

    #[test]
    fn counts() {
        reads("three injections of hUC-MSCs (on Day 0, Day 7, and Day 28)", "3x on [0, 7, 28]");
        reads("infusion for three times with an interval of 4 weeks", "3x every 4 week");
        reads("once a week, 3 times in total", "3x every 1 week");
        reads("3 times in total, once a week", "3x every 1 week");
        reads("a single intravenous infusion", "1x");
        reads("3 times of UC-MSCs", "3x");
        reads("two doses 21 days apart", "2x every 21 day");
        reads("given once.", "1x");
        reads("2-time injection group", "2x");
        reads("twice at two week intervals", "2x every 2 week");
        reads("once-off, over 1 hour", "1x");
        reads("20 million cells divided into 10 injections", "");
    }

    #[test]
    fn intervals() {
        reads("twice daily for 12 weeks", "every 12 hour for 12 week");
        reads("once daily", "every 1 day");
        reads("BID", "every 12 hour");
        reads("three times a day", "every 8 hour");
        reads("every 3 weeks", "every 3 week");
        reads("q3w", "every 3 week");
        reads("every other day", "every 2 day");
        reads("once every two weeks", "every 2 week");
        reads("weekly for 4 consecutive weeks", "every 1 week for 4 week");
        reads("at 4-week intervals", "every 4 week");
        reads("activities of daily living", "");
        reads("a weekly supply, return every 6 weeks, at monthly visits", "");
    }

    #[test]
    fn numbers_of_other_things() {
        reads("a stable count for two consecutive days", "");
        reads("one or two doses, 1-2 doses", "");
        reads("AST > 3 times ULN", "");
        reads("a stop date on day 10, the visit on day 12", "");
    }

    #[test]
    fn days_of_administration() {
        reads("on days 1, 8 and 15", "on [1, 8, 15]");
        reads("days 1-5", "on [1, 2, 3, 4, 5]");
        reads("on Days -4, -3 and -2", "on [-4, -3, -2]");
        reads("at weeks 0, 4, 8", "on [0, 28, 56]");
        reads("3 does of cells at week 0, week 4, week 8", "3x on [0, 28, 56]");
        reads("at week 1, week 2", "");
        reads("for week 0 - 4", "");
        reads("days 0, 7 and 14. Dose", "on [0, 7, 14]");
        reads("two different doses", "");
        reads("2 infusions of cells per week for 4 weeks", "for 4 week");
        reads("on Day 1, 500 mg", "on [1]");
        reads("until day 28", "");
        reads("IV D1-4, 9-12; D20", "on [1, 2, 3, 4, 9, 10, 11, 12, 20]");
        reads("PO D1-4, cyclophosphamide", "on [1, 2, 3, 4]");
        reads("on days 1-3 of week 7", "");
        reads("600 mg for 15 consecutive days", "for 15 day");
        reads("the response is followed over 48 weeks", "");
        reads("beginning on day 0, starting day 4", "");
        reads("Days 1 thru 5, then", "on [1, 2, 3, 4, 5]");
        reads("Days -3 through Day 2", "on [-3, -2, -1, 0, 1, 2]");
        reads("Days -3 through Day 100", "");
        reads("Days 6 →", "");
        reads("IV on day 5 to 14 of birth", "");
        reads("2 capsules on day one", "on [1]");
        reads("each at Day 0, Day 5 (±1) and Day 13 (±1)", "on [0, 5, 13]");
        reads("for continuous six days", "for 6 day");
    }

    #[test]
    fn what_goes_on_is_not_all() {
        let of = |words: &str| {
            let text = Text::new(words);
            let when = Frequency::read(&text, 0..text.tokens.len());
            (when.open, when.of_courses)
        };
        assert_eq!(of("at day 1 and at 3 months"), (true, false));
        assert_eq!(of("on day 0 and week 4"), (true, false));
        assert_eq!(of("at baseline (day 0) and 1 month later"), (true, false));
        assert_eq!(of("on days 1 and 15 or on days 1, 8, 15 and 22"), (true, false));
        assert_eq!(of("on days 1, 8 and 15 for 3 months"), (false, false));
        assert_eq!(of("on days 1, 4, and 10. Treatment repeats every 14 days"), (false, true));
        assert_eq!(of("twice daily on days 2-19, repeated every 21 days"), (false, false));
        assert_eq!(of("at week 0, week 2, week 4"), (false, false));
        assert_eq!(of("as an inpatient on day -9, and 5 mg on days -7 to -4"), (true, false));
    }
}
