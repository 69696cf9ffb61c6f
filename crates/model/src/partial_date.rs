//! A date that says only what is known: a year, a month or a day.

use std::{cmp::Ordering, fmt, str::FromStr};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// `yyyy`, `yyyy-MM` or `yyyy-MM-dd`: a span of days, never filled up with a guess.
///
/// ```
/// let month: model::PartialDate = "January 2020".parse().unwrap();
/// assert_eq!(month.to_string(), "2020-01");
/// assert_eq!(month.last_day().to_string(), "2020-01-31");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialDate {
    year: i16,
    month: i8,
    day: i8,
}

/// The text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date: expected 2022, 2022-05, 2022-05-17, 05/17/2022 or May 17, 2022")]
pub struct NotADate(pub String);

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl PartialDate {
    /// A date from its parts; `None` if the calendar has no such date.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<Self> {
        let (month, day) = (month.unwrap_or(0), day.unwrap_or(0));
        if !(0..=9999).contains(&year) || (month == 0 && day != 0) {
            return None;
        }
        Date::new(year, month.max(1), day.max(1)).ok()?;
        ((0..=12).contains(&month) && day >= 0).then_some(Self { year, month, day })
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.year
    }

    /// The month, 1 to 12, if it is known.
    pub fn month(self) -> Option<i8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day of the month if it is known.
    pub fn day(self) -> Option<i8> {
        (self.day > 0).then_some(self.day)
    }

    /// The first day that the date may mean.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month.max(1), self.day.max(1)).expect("new() has checked the calendar")
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> Date {
        match (self.month, self.day) {
            (0, _) => Date::new(self.year, 12, 31).expect("every year has a 31 December"),
            (_, 0) => self.first_day().last_of_month(),
            _ => self.first_day(),
        }
    }

    /// A full date.
    pub fn from_day(date: Date) -> Self {
        Self { year: date.year(), month: date.month(), day: date.day() }
    }

    /// As people write it: `September 25, 2020`, `September 2020`, `2020`.
    pub fn long(self) -> String {
        let name = |m: i8| {
            let lower = MONTHS[m as usize - 1];
            format!("{}{}", lower[..1].to_uppercase(), &lower[1..])
        };
        match (self.month, self.day) {
            (0, _) => self.year.to_string(),
            (m, 0) => format!("{} {}", name(m), self.year),
            (m, d) => format!("{} {d}, {}", name(m), self.year),
        }
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    /// ISO forms, with or without a time behind; `MM/DD/YYYY`; `January 5, 2020`; `January 2020`; `5 January 2020`.
    fn from_str(text: &str) -> Result<Self, NotADate> {
        parse(text.trim()).ok_or_else(|| NotADate(text.chars().take(60).collect()))
    }
}

fn parse(text: &str) -> Option<PartialDate> {
    if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('/') {
        let parts: Vec<&str> = text.split('/').collect();
        return match parts[..] {
            [month, day, year] => {
                PartialDate::new(number(year, 4)?, Some(number(month, 2)?), Some(number(day, 2)?))
            }
            [month, year] => PartialDate::new(number(year, 4)?, Some(number(month, 2)?), None),
            _ => None,
        };
    }
    if text.chars().any(|c| c.is_ascii_alphabetic()) && !iso_with_time(text) {
        return long_form(text);
    }
    let day_part = if iso_with_time(text) { text.get(..10)? } else { text };
    let parts: Vec<&str> = day_part.split('-').collect();
    match parts[..] {
        [year] => PartialDate::new(number(year, 4)?, None, None),
        [year, month] => PartialDate::new(number(year, 4)?, Some(number(month, 2)?), None),
        [year, month, day] => {
            PartialDate::new(number(year, 4)?, Some(number(month, 2)?), Some(number(day, 2)?))
        }
        _ => None,
    }
}

fn iso_with_time(text: &str) -> bool {
    text.len() > 10 && text.as_bytes()[10] == b'T' && text.is_char_boundary(10)
}

/// A number of at most `digits` digits; a year has exactly four.
fn number<T: FromStr>(text: &str, digits: usize) -> Option<T> {
    let fits = if digits == 4 { text.len() == 4 } else { (1..=digits).contains(&text.len()) };
    (fits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// The number of a month by its English name in small letters, whole or cut after three letters or more (`sept.`).
pub fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let named = (word.len() >= 3).then(|| MONTHS.iter().position(|name| name.starts_with(word)))?;
    named.map(|place| place as i8 + 1)
}

fn long_form(text: &str) -> Option<PartialDate> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split([' ', ',']).filter(|w| !w.is_empty()).collect();
    match words[..] {
        [m, year] => PartialDate::new(number(year, 4)?, Some(month(m)?), None),
        [a, b, year] => {
            let (m, day) = if let Some(m) = month(a) { (m, b) } else { (month(b)?, a) };
            PartialDate::new(number(year, 4)?, Some(m), Some(number(day, 2)?))
        }
        _ => None,
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl fmt::Debug for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PartialDate {
    /// By first day, then by last: of two dates that may begin together the more exact one stands first.
    fn cmp(&self, other: &Self) -> Ordering {
        (self.first_day(), self.last_day()).cmp(&(other.first_day(), other.last_day()))
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_every_spelling_of_the_registry() {
        for (text, iso) in [
            ("2022", "2022"),
            ("2022-05", "2022-05"),
            ("2022-05-17", "2022-05-17"),
            ("01/15/2015", "2015-01-15"),
            ("January 5, 2020", "2020-01-05"),
            ("5 January 2020", "2020-01-05"),
            ("September 2020", "2020-09"),
            ("2016-11-03T12:30", "2016-11-03"),
            ("2012-02-29", "2012-02-29"),
        ] {
            assert_eq!(text.parse::<PartialDate>().map(|d| d.to_string()), Ok(iso.to_owned()), "{text}");
        }
        for text in
            ["", "22", "2022-13", "2022-02-30", "yesterday", "May", "2022-5-", "12", "Ma 2020", "-2020"]
        {
            assert!(text.parse::<PartialDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn spans() {
        let year: PartialDate = "2024".parse().unwrap();
        assert_eq!(
            (year.first_day().to_string(), year.last_day().to_string()),
            ("2024-01-01".into(), "2024-12-31".into())
        );
        let month: PartialDate = "2024-02".parse().unwrap();
        assert_eq!(month.last_day().to_string(), "2024-02-29");
        assert_eq!("2020-09-25".parse::<PartialDate>().unwrap().long(), "September 25, 2020");
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,24}") {
            let _ = text.parse::<PartialDate>();
        }

        #[test]
        fn print_then_parse(year in 0i16..=9999, month in 0i8..=12, day in 0i8..=31) {
            let parts = (Some(month).filter(|m| *m > 0), Some(day).filter(|d| *d > 0));
            if let Some(date) = PartialDate::new(year, parts.0, parts.1) {
                prop_assert_eq!(date.to_string().parse::<PartialDate>(), Ok(date));
                prop_assert!(date.first_day() <= date.last_day());
            }
        }
    }
}
