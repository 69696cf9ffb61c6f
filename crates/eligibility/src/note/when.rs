//! Times that a sentence of a note tells: dates, months, years, and how long ago; each as exactly as its words are.
//!
//! A time whose words are not understood, or that no month or year holds (`at age 40`, `years ago`), is told as well: what
//! it is said of happened at some time, and nobody knows when.

use std::ops::Range;

use jiff::{Span, ToSpan, civil::Date};
use model::{PartialDate, partial_date};

/// A time in a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its first byte and the one behind its last, in the note.
    pub from: usize,
    /// The byte behind its last.
    pub to: usize,
    /// What it says.
    pub what: Time,
}

/// What a time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// It was then.
    On(PartialDate),
    /// It began then, and goes on.
    Since(PartialDate),
    /// It was at some time, nobody knows when.
    Unclear,
    /// It is long over; nobody knows when it was.
    Over,
}

/// A word of a sentence in lower case, and where it stands.
struct Word {
    text: String,
    from: usize,
    to: usize,
}

/// Words between a preposition and the time.
const FILL: [&str; 12] =
    ["the", "early", "late", "mid", "spring", "summer", "autumn", "fall", "winter", "of", "year", "about"];

/// The times of a sentence, in order. `written` is the day that `3 months ago` counts from.
pub fn times(note: &str, sentence: Range<usize>, written: Date) -> Vec<Told> {
    let words = words(note, sentence);
    let reader = Times { words: &words, written };
    let (mut out, mut at) = (Vec::new(), 0);
    while at < words.len() {
        match reader.at(at) {
            Some((what, behind)) => {
                let behind = behind.clamp(at + 1, words.len());
                out.push(Told { from: words[at].from, to: words[behind - 1].to, what });
                at = behind;
            }
            None => at += 1,
        }
    }
    out
}

/// Runs of letters and figures; a date in figures (`2026-03-02`, `3/2/2026`) is one word.
fn words(note: &str, sentence: Range<usize>) -> Vec<Word> {
    let mut out: Vec<Word> = Vec::new();
    let text = &note[sentence.clone()];
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let from = sentence.start + at;
        let after = text[at + c.len_utf8()..].chars().next();
        let figure = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let inside = c.is_alphanumeric() || matches!(c, '-' | '/' | '.') && figure(before) && figure(after);
        if inside {
            match out.last_mut().filter(|word| word.to == from) {
                Some(word) => {
                    word.text.extend(c.to_lowercase());
                    word.to = from + c.len_utf8();
                }
                None => out.push(Word { text: c.to_lowercase().collect(), from, to: from + c.len_utf8() }),
            }
        }
        before = Some(c);
    }
    out
}

struct Times<'w> {
    words: &'w [Word],
    written: Date,
}

impl Times<'_> {
    fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }

    /// The time that begins at a word, and the word behind it.
    fn at(&self, at: usize) -> Option<(Time, usize)> {
        self.since(at)
            .or_else(|| self.age(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.near(at))
            .or_else(|| self.dated(at))
    }

    /// `since yesterday`, `since 3 weeks ago`.
    fn since(&self, at: usize) -> Option<(Time, usize)> {
        let (time, behind) =
            self.near(at + 1).or_else(|| self.ago(at + 1)).filter(|_| self.word(at) == "since")?;
        let time = match time {
            Time::On(date) => Time::Since(date),
            other => other,
        };
        Some((time, behind))
    }

    /// `at age 40`, `at the age of 40`, `in childhood`, `as a child`: the age today is not known to the day.
    fn age(&self, at: usize) -> Option<(Time, usize)> {
        let behind = match [self.word(at), self.word(at + 1), self.word(at + 2), self.word(at + 3)] {
            ["at", "the", "age", "of"] => at + 5,
            ["at", "age", "of", _] => at + 4,
            ["at", "age", ..] => at + 3,
            ["in" | "during", "childhood" | "infancy" | "adolescence", ..] => at + 2,
            ["as", "a", "child" | "teenager" | "baby", _] => at + 3,
            ["in", "his" | "her" | "their", decade, _]
                if decade.ends_with("ies") || decade.ends_with("0s") =>
            {
                at + 3
            }
            _ => return None,
        };
        Some((Time::Over, behind))
    }

    /// `3 weeks ago`, `a year earlier`, `several months ago`, `two days before admission`.
    fn ago(&self, at: usize) -> Option<(Time, usize)> {
        let (number, unit) = self.length(at)?;
        let end = if number.0.is_some() || number.1 > at { unit + 1 } else { at + 1 };
        let time = match self.word(end) {
            "ago" | "earlier" | "back" => {
                let day = number.0.and_then(|number| self.before(number, self.word(unit)));
                day.map_or(Time::Unclear, Time::On)
            }
            // The day that it is told from stands elsewhere.
            "before" | "prior" | "previously" => Time::Unclear,
            _ => return None,
        };
        Some((time, end + 1))
    }

    /// A length of time: its number, if it is one, with the word it ends before; and the place of its unit.
    fn length(&self, at: usize) -> Option<((Option<i64>, usize), usize)> {
        let is_unit = |at: usize| span(1, self.word(at)).is_some();
        if is_unit(at) {
            // `years ago`
            return Some(((None, at), at));
        }
        let number = number(self.word(at));
        let vague =
            matches!(self.word(at), "few" | "several" | "many" | "some" | "couple" | "number" | "couples");
        let mut unit = at + 1;
        while matches!(self.word(unit), "few" | "couple" | "number" | "of" | "or" | "to" | "more" | "half")
            || self.word(unit).bytes().all(|b| b.is_ascii_digit()) && !self.word(unit).is_empty()
        {
            unit += 1;
        }
        let told = number.is_some() || vague;
        let exact = number.filter(|_| unit == at + 1);
        (told && unit < at + 5 && is_unit(unit)).then_some(((exact, unit), unit))
    }

    /// The date so long before the note, as exactly as the unit is.
    fn before(&self, number: i64, unit: &str) -> Option<PartialDate> {
        let (span, parts) = span(number, unit)?;
        let day = self.written.checked_sub(span).ok()?;
        PartialDate::new(day.year(), (parts > 1).then(|| day.month()), (parts > 2).then(|| day.day()))
    }

    /// `yesterday`, `today`, `last month`, `last week`, `recently`.
    fn near(&self, at: usize) -> Option<(Time, usize)> {
        let days = |from: i64, to: i64| {
            let day = |ago: i64| self.written.checked_sub(ago.days()).ok();
            day(from).zip(day(to)).and_then(|(from, to)| covering(from, to)).map_or(Time::Unclear, Time::On)
        };
        let whole = |number, unit| self.before(number, unit).map_or(Time::Unclear, Time::On);
        Some(match (self.word(at), self.word(at + 1)) {
            ("yesterday", _) => (days(1, 1), at + 1),
            ("today", _) => (days(0, 0), at + 1),
            ("this", "morning" | "afternoon" | "evening") => (days(0, 0), at + 2),
            ("last" | "previous", "night" | "evening") => (days(1, 1), at + 2),
            ("last" | "previous", "week") => (days(13, 1), at + 2),
            ("last" | "previous", "month") => (whole(1, "months"), at + 2),
            ("last" | "previous", "year") => (whole(1, "years"), at + 2),
            ("this", "year") => (whole(0, "years"), at + 2),
            ("earlier", "this") | ("recently", _) => (Time::Unclear, at + 1),
            ("last", month) if partial_date::month(month).is_some() => return self.month(at + 1, false),
            _ => return None,
        })
    }

    /// `in August 2026`, `since 2019`, `on 2026-03-02`, `March 2, 2026`, `(2020)`.
    fn dated(&self, at: usize) -> Option<(Time, usize)> {
        let since = matches!(self.word(at), "since" | "from");
        let told = since
            || matches!(self.word(at), "in" | "on" | "during" | "until" | "till" | "by" | "around" | "circa");
        let over = matches!(self.word(at), "until" | "till" | "by" | "before" | "after" | "from");
        let mut first = at + usize::from(told);
        while told && FILL.contains(&self.word(first)) {
            first += 1;
        }
        let (time, end) = match self.day(first) {
            Some((date, end)) => (Time::On(date), end),
            None => self.month(first, !told).or_else(|| self.year(first, told))?,
        };
        let time = match time {
            Time::On(_) if over && !since => Time::Over,
            Time::On(_) if self.word(at) == "from" => Time::Unclear,
            Time::On(date) if since => Time::Since(date),
            time => time,
        };
        Some((time, end))
    }

    /// A date to the day, and the word behind it.
    fn day(&self, at: usize) -> Option<(PartialDate, usize)> {
        let date = |year: i16, month: i8, day: i8| PartialDate::new(year, Some(month), Some(day));
        let parts: Vec<&str> = self.word(at).split(['-', '/', '.']).collect();
        let part = |n: usize| parts.get(n).and_then(|part| part.parse::<i16>().ok());
        let small = |n: usize| part(n).and_then(|part| i8::try_from(part).ok());
        match (parts.len(), parts[0].len()) {
            (3, 4) => return Some((date(part(0)?, small(1)?, small(2)?)?, at + 1)),
            (2, 4) => return Some((PartialDate::new(part(0)?, Some(small(1)?), None)?, at + 1)),
            (3, 1 | 2) if parts[2].len() == 4 => {
                // `3/4/2026` is in March or in April.
                let (a, b) = (small(0)?, small(1)?);
                let year = part(2)?;
                let found = match (a, b) {
                    (day, month) if day > 12 => date(year, month, day),
                    (month, day) if day > 12 || month == day => date(year, month, day),
                    _ => PartialDate::new(year, None, None),
                };
                return Some((found?, at + 1));
            }
            (2, 1 | 2) if parts[1].len() == 4 => {
                return Some((PartialDate::new(part(1)?, Some(small(0)?), None)?, at + 1));
            }
            _ => {}
        }
        // `March 2, 2026`, `2 March 2026`, `2nd of March 2026`
        let of = |day: &str, month: &str, year: &str| {
            date(year_of(year, self.written)?, partial_date::month(month)?, day_of(day)?)
        };
        let [a, b, c, d] = [self.word(at), self.word(at + 1), self.word(at + 2), self.word(at + 3)];
        of(b, a, c)
            .or_else(|| of(a, b, c))
            .map(|date| (date, at + 3))
            .or_else(|| of(a, c, d).filter(|_| b == "of").map(|date| (date, at + 4)))
    }

    /// A month, with its year if that is told: else the last one that has begun. `alone`: only with its year.
    fn month(&self, at: usize, alone: bool) -> Option<(Time, usize)> {
        let month = partial_date::month(self.word(at))?;
        let of = usize::from(self.word(at + 1) == "of");
        if let Some(year) = year_of(self.word(at + 1 + of), self.written) {
            return Some((Time::On(PartialDate::new(year, Some(month), None)?), at + 2 + of));
        }
        if alone {
            return None;
        }
        let year = self.written.year() - i16::from(month > self.written.month());
        let end = at + 1 + usize::from(day_of(self.word(at + 1)).is_some());
        Some((Time::On(PartialDate::new(year, Some(month), None)?), end))
    }

    /// A year; without a word before it only if nothing else can be meant.
    fn year(&self, at: usize, told: bool) -> Option<(Time, usize)> {
        let year = year_of(self.word(at), self.written).filter(|_| told)?;
        Some((Time::On(PartialDate::new(year, None, None)?), at + 1))
    }
}

fn span(number: i64, unit: &str) -> Option<(Span, u8)> {
    Some(match unit {
        "year" | "years" | "yr" | "yrs" => (Span::new().try_years(number).ok()?, 1),
        "month" | "months" | "mo" | "mos" => (Span::new().try_months(number).ok()?, 2),
        "week" | "weeks" | "wk" | "wks" => (Span::new().try_weeks(number).ok()?, 3),
        "day" | "days" => (Span::new().try_days(number).ok()?, 3),
        "hour" | "hours" | "minute" | "minutes" => (Span::new(), 3),
        _ => return None,
    })
}

fn number(word: &str) -> Option<i64> {
    const NAMES: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    match word {
        "a" | "an" => Some(1),
        _ => NAMES.iter().position(|name| *name == word).map(|n| n as i64).or_else(|| word.parse().ok()),
    }
}

fn day_of(word: &str) -> Option<i8> {
    let figures = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = &word[figures.len()..];
    let day = figures.parse::<i8>().ok().filter(|day| (1..=31).contains(day))?;
    matches!(ending, "" | "st" | "nd" | "rd" | "th").then_some(day)
}

/// A year in which something of a living person's may have been, or that is near ahead.
fn year_of(word: &str, written: Date) -> Option<i16> {
    let year = word.parse::<i16>().ok().filter(|_| word.len() == 4)?;
    (1900..=written.year().saturating_add(10)).contains(&year).then_some(year)
}

/// The month or year that two days lie in, or the day if they are one.
fn covering(from: Date, to: Date) -> Option<PartialDate> {
    let same_month = from.month() == to.month();
    match () {
        () if from == to => Some(PartialDate::from_day(from)),
        () if from.year() != to.year() => None,
        () => PartialDate::new(from.year(), same_month.then(|| from.month()), None),
    }
}
