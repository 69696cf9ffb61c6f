//! How often and how long: counts, intervals, days, durations of what is given.

use super::{
    count::{self, count, duration},
    days::{days, signed},
    interval::{self, interval},
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
    /// Days are told that are not read: `on days 1-3 of week 7`.
    unread: bool,
    /// The days are those of weeks.
    weeks: bool,
}

impl Frequency {
    /// What tokens say.
    pub fn read(text: &Text<'_>, range: std::ops::Range<usize>) -> Self {
        let mut out = Self::default();
        let mut i = range.start;
        let end = range.end.min(text.tokens.len());
        while i < end {
            i = out.at(text, i).max(i + 1);
        }
        // `once in the first week and twice a week in the following weeks`: neither is so throughout.
        out.nested |= !out.is_empty() && begins_otherwise(text, range.start..end);
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
        // What is given on some days with an interval of its own has none on the others.
        let value = |i: &Option<Said<Span>>| i.as_ref().map(|i| i.value);
        let on_some = days && value(&self.interval) != value(&other.interval);
        let unread = self.unread && other.days.is_some() || other.unread && self.days.is_some();
        self.fill(other);
        self.courses |= counts;
        self.nested |= intervals || lengths || on_some;
        self.open |= days || unread;
        if intervals || lengths {
            self.duration = None;
        }
    }

    /// As [`Self::fill`], with what is said of another part: what is not said of both holds for neither.
    pub fn fill_apart(&mut self, other: Self) {
        fn differ<T: PartialEq>(a: &Option<Said<T>>, b: &Option<Said<T>>) -> bool {
            a.as_ref().map(|a| &a.value) != b.as_ref().map(|b| &b.value)
        }
        let counts = differ(&self.count, &other.count);
        let intervals = differ(&self.interval, &other.interval);
        let days = differ(&self.days, &other.days);
        let lengths = differ(&self.duration, &other.duration);
        self.fill(other);
        self.courses |= counts;
        self.open |= days;
        self.nested |= intervals;
        if lengths {
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
        self.unread |= other.unread;
        self.several |= other.several;
    }

    /// Takes an interval, of courses or of administrations; what is said of administrations counts more.
    fn every(&mut self, said: Said<Span>, of_courses: bool) {
        match &self.interval {
            None => (self.interval, self.of_courses) = (Some(said), of_courses),
            Some(_) if self.of_courses && !of_courses => {
                (self.interval, self.of_courses) = (Some(said), false);
            }
            Some(known) => self.nested |= known.value != said.value && of_courses == self.of_courses,
        }
    }

    /// Reads days at a token; those of `Day 0, Day 7 and Day 28` are one list.
    fn on_days(&mut self, text: &Text<'_>, i: usize) -> Option<usize> {
        let week = Unit::of(text.word(i)) == Some(Unit::Week);
        let goes_on = self.days.as_ref().is_some_and(|known| listed(text, known.to, i) && self.weeks == week);
        let said = days(text, i, goes_on);
        // `on day 1 and day 15 of the cycle`: what is read is not all.
        self.open |= goes_on && said.is_none() && text.is_any(i, &["day", "days"]);
        let said = said?;
        let to = said.to;
        // `D0 or D1`
        self.open |= goes_on && self.days.as_ref().is_some_and(|known| text.has_any(known.to..i, &["or"]));
        self.open |= goes_on_otherwise(text, to, if week { Unit::Week } else { Unit::Day });
        self.open |= behind_event(text, i);
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
            // `a dose, repeated every week` is no course.
            let dose = text.has_any(text.sentence(i).start..i, &["dose", "injection", "infusion"])
                && !text.has_any(text.sentence(i).start..i, &COURSE);
            let repeated = text.has_any(before, &["repeat", "repeats", "repeated"]);
            self.every(said, !dose && repeated || of_whole_courses(text, i));
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
            // `six injections (group 1) or four injections (group 2)`
            let either = self.count.as_ref().filter(|known| known.value != said.value);
            self.courses |= either.is_some_and(|known| text.has_any(known.to..i, &["or"]));
            self.courses |= said.value > 1 && in_numbered_period(text, i);
            self.count = self.count.take().or(Some(said));
            return to;
        }
        self.several |= text.is_any(i, &ORDER) && text.is_any(i + 1, &count::GIVEN);
        let whole = text.has_any(i.saturating_sub(4)..i, &["entire", "whole"]);
        self.courses |= !whole && text.is_any(i, &COURSES);
        let unread = text.is_any(i, &["day", "days"]) && signed(text, i + 1).is_some();
        self.unread |= unread;
        self.other |= text.is_any(i, &OTHER) || unread;
        i + 1
    }
}

/// `In period 1, 5 injections`: what is said of one of several parts of a treatment.
fn in_numbered_period(text: &Text<'_>, i: usize) -> bool {
    let mut before = text.sentence(i).start..i;
    before
        .any(|at| text.is(at, "period") && text.is_any(at + 1, &["1", "2", "3", "i", "ii", "iii", "a", "b"]))
}

/// Whether tokens tell of a first time and of the rest of it, each with times of its own.
fn begins_otherwise(text: &Text<'_>, range: std::ops::Range<usize>) -> bool {
    let long = |i: usize| Unit::of(text.word(i)).is_some_and(|u| u > Unit::Day);
    let time = |i: usize| long(i + 1) || number::whole(text, i + 1).is_some() && long(i + 2);
    let mut ordered = range.filter(|i| text.is_a(*i, lexicon::WHEN) && time(*i));
    ordered.any(|i| text.is(i, "first")) && ordered.any(|i| text.is_any(i, &REST))
}

/// `two courses on days 1, 3 and 5, administered every 21 days`: the time between two courses.
fn of_whole_courses(text: &Text<'_>, i: usize) -> bool {
    const PASSED: [&str; 9] = [",", "and", "on", "day", "days", "administered", "given", "-", "&"];
    let passed = |at: &usize| text.kind(*at) == Kind::Number || text.is_any(*at, &PASSED);
    let first = (i.saturating_sub(16)..i).rev().take_while(passed).last().unwrap_or(i);
    first > 0 && text.is_any(first - 1, &["courses", "cycles"]) && text.together(first - 1, i)
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

/// `at surgery and day 4`: the days that are told are not all.
fn behind_event(text: &Text<'_>, i: usize) -> bool {
    const EVENTS: [&str; 14] = [
        "surgery",
        "operation",
        "transplantation",
        "transplant",
        "baseline",
        "screening",
        "admission",
        "randomization",
        "randomisation",
        "enrollment",
        "inclusion",
        "birth",
        "delivery",
        "induction",
    ];
    let joined = if i > 0 && text.is_any(i - 1, &["on", "at"]) { i - 1 } else { i };
    joined > 1 && text.is_any(joined - 1, &["and", "&"]) && text.is_any(joined - 2, &EVENTS)
}

/// Words before an administration that is not the only one.
const ORDER: [&str; 5] = ["first", "second", "subsequent", "later", "next"];

/// Words before the time that is left.
const REST: [&str; 4] = ["following", "remaining", "next", "subsequent"];

/// Words for what is repeated as a whole.
const COURSE: [&str; 8] =
    ["treatment", "treatments", "course", "courses", "cycle", "cycles", "therapy", "regimen"];

/// Words of courses, of which there may be several.
const COURSES: [&str; 7] = ["course", "courses", "cycle", "cycles", "repeated", "repeat", "repeats"];

/// The first words of all that is read here, but for numbers, units of time and words with digits.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    let plain = [
        "once",
        "twice",
        "thrice",
        "every",
        "each",
        "per",
        "interval",
        "intervals",
        "for",
        "during",
        "over",
        "duration",
        "x",
        "×",
    ];
    let periods = interval::PERIODS
        .iter()
        .map(|(word, ..)| *word)
        .chain(interval::PER_DAY.iter().map(|(phrase, _)| *phrase));
    plain.into_iter().chain(periods).chain(ORDER).chain(REST).chain(COURSES).chain(OTHER)
}

/// Words that say something of number or timing without saying what.
const OTHER: [&str; 23] = [
    "except",
    "excluding",
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
pub(super) fn said<T>(value: T, from: usize, to: usize) -> Option<Said<T>> {
    Some(Said { value, from, to })
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
        reads("two injections spaced 21 to 28 days apart", "2x");
        reads("given once.", "1x");
        reads("2-time injection group", "2x");
        reads("twice at two week intervals", "2x every 2 week");
        reads("once-off, over 1 hour", "1x");
        reads("an injection, 1 dose.", "1x");
        reads("at 1 dose level", "");
        reads("20 million cells divided into 10 injections", "");
        reads("20 million cells divided evenly into ~10 injections", "");
        reads("a total of three times", "3x");
        reads("one of the three doses of X", "");
        reads("to evaluate three doses of X", "");
        reads("to evaluate the safety of giving three doses of X", "");
        reads("8 intramuscular injections at designated sites", "");
        reads("15 transendocardial injections; ten injections of 0.4 mL (single procedure)", "");
        reads("the 1st infusion, 2nd infusion", "");
        reads("an additional 3 infusions, 200 mg as a single dose at bedtime", "");
        reads("the following five treatments", "");
        reads("a single oral daily dose", "every 1 day");
    }

    #[test]
    fn intervals() {
        reads("twice daily for 12 weeks", "every 12 hour for 12 week");
        reads("once daily", "every 1 day");
        reads("BID", "every 12 hour");
        reads("three times a day", "every 8 hour");
        reads("every 3 weeks", "every 3 week");
        reads("q3w", "every 3 week");
        reads("q12 hours", "every 12 hour");
        reads("two infusions, one with the drug and one without", "");
        reads("a single intravenous transfusion of cells that are cultured over 21 days", "1x");
        reads("every other day", "every 2 day");
        reads("once every two weeks", "every 2 week");
        reads("weekly for 4 consecutive weeks", "every 1 week for 4 week");
        reads("at 4-week intervals", "every 4 week");
        reads("one infusion per week", "every 1 week");
        reads("on consecutive days, 24±4 hours apart", "every 24 hour");
        reads("2-3 times daily", "");
        reads("2, 3, and 6 times daily, 2 or 4 times daily", "");
        reads("2 injections separated by 14 days, separated by 5 to 7 days", "2x every 14 day");
        reads("on days 1-5 of each 28-day cycle", "on [1, 2, 3, 4, 5]");
        reads("a dressing, followed by weekly wound control", "");
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
        reads("on day 8- 15 mg", "on [8]");
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
        reads("on days 1, 8 and 15 of each 28-day cycle", "on [1, 8, 15]");
        reads("on day 1 of cycle 1, on days 1-3 of each first cycle", "");
        reads("600 mg for 15 consecutive days", "for 15 day");
        reads("once a week for the first four weeks", "every 1 week");
        reads("5 mg daily for 10 days per month, 5 mg daily for 5 days a week", "every 1 day");
        reads("for 5 days, followed by a 2-day holiday", "");
        reads("the response is followed over 48 weeks", "");
        reads("beginning on day 0, starting day 4, starting on d14", "");
        reads("Days 1 thru 5, then", "on [1, 2, 3, 4, 5]");
        reads("Days -3 through Day 2", "on [-3, -2, -1, 0, 1, 2]");
        reads("Days -3 through Day 100", "");
        reads("4 times of cells at Day 1，Day 3，Day 5，Day7", "4x on [1, 3, 5, 7]");
        reads("given IV over 7 days every 3 weeks", "every 3 week");
        reads("Days 6 →", "");
        reads("on day 1 or 2", "");
        reads("IV on day 5 to 14 of birth", "");
        reads("2 capsules on day one", "on [1]");
        reads("each at Day 0, Day 5 (±1) and Day 13 (±1)", "on [0, 5, 13]");
        reads("for continuous six days", "for 6 day");
        reads("daily x 5 days", "every 1 day for 5 day");
        reads("Frequency: twice a day. Duration: 12 weeks", "every 12 hour for 12 week");
        reads("study duration: 12 weeks; 2 x 3 weeks; 5 mg x 1 day", "");
        reads("IM x 3 days 3, 5, and 7", "on [3, 5, 7]");
        reads("following study day 1, daily", "every 1 day");
        reads("Duration of treatment: 28 days", "for 28 day");
        reads("12 monthly infusions, two daily doses", "12x every 1 month");
        reads("in the period day 30 to day 60", "");
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
        assert_eq!(of("at surgery and day 4 after the transplant"), (true, false));
        assert_eq!(of("at baseline (day 0) and 1 month later"), (true, false));
        assert_eq!(of("on days 1 and 15 or on days 1, 8, 15 and 22"), (true, false));
        let nested = |words: &str| {
            let text = Text::new(words);
            Frequency::read(&text, 0..text.tokens.len()).nested
        };
        assert!(nested("once in the first week and twice a week in the following 8 weeks"));
        assert!(!nested("daily for the following 8 weeks"));
        assert_eq!(of("on days 1, 8 and 15 for 3 months"), (false, false));
        assert_eq!(of("on days 1, 4, and 10. Treatment repeats every 14 days"), (false, true));
        assert_eq!(of("twice daily on days 2-19, repeated every 21 days"), (false, false));
        assert_eq!(of("a dose of cells, repeated every week"), (false, false));
        assert_eq!(of("two courses on days 1, 3 and 5, administered every 21 days"), (false, true));
        assert_eq!(of("at week 0, week 2, week 4"), (false, false));
        assert_eq!(of("as an inpatient on day -9, and 5 mg on days -7 to -4"), (true, false));
        assert_eq!(of("on day 1, day 15 and day 29 of the cycle"), (true, false));
        let courses = |words: &str| Frequency::read(&Text::new(words), 0..99).courses;
        assert!(courses("in period 1, 5 injections; six infusions or four infusions"));
        assert!(!courses("over a period of 3 days, 5 injections"));
        let part = |words: &str| Frequency::read(&Text::new(words), 0..99);
        let mut when = part("X on days 15-17");
        when.fill_within(part("X on days 1-3 of week 7"));
        assert!(when.open);
    }
}
