//! When a person was born, and how old they are on a day: both within limits if the record is not exact.

use jiff::{ToSpan, civil::Date};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

use crate::PartialDate;

/// When a person was born: as a date, or as an age that was stated.
///
/// ```
/// use model::Birth;
/// let birth = Birth::Date("1960-05".parse().unwrap());
/// assert_eq!(birth.years_on("2020-05-15".parse().unwrap()), Some((59, 60)));
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Birth {
    /// A date, perhaps only its year or month.
    Date(PartialDate),
    /// An age.
    Age(StatedAge),
}

/// An age as somebody has stated it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatedAge {
    /// How many, counted in completed units.
    pub value: Decimal,
    /// The unit in UCUM: `a`, `mo`, `wk` or `d`.
    pub unit: String,
    /// The day it was stated; without one it holds on whatever day is asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub on: Option<PartialDate>,
}

impl Birth {
    /// The first and the last day on which the person may have been born, seen from `day`. `None` if the age is
    /// absurd or its unit is none of time.
    pub fn days(&self, day: Date) -> Option<(Date, Date)> {
        match self {
            Self::Date(date) => Some((date.first_day(), date.last_day())),
            Self::Age(age) => {
                let stated = age.on.unwrap_or_else(|| PartialDate::from_day(day));
                let first = age.earlier(stated.first_day(), 1)?.checked_add(1.day()).ok()?;
                Some((first, age.earlier(stated.last_day(), 0)?))
            }
        }
    }

    /// The least and the most completed years on a day. `None` before birth and for absurd ages.
    pub fn years_on(&self, day: Date) -> Option<(i16, i16)> {
        let (first, last) = self.days(day)?;
        let (most, least) = (completed_years(first, day), completed_years(last, day));
        (most >= 0).then(|| (least.max(0), most))
    }

    /// The least and the most days lived on a day. `None` before birth and for absurd ages.
    pub fn days_on(&self, day: Date) -> Option<(i32, i32)> {
        let (first, last) = self.days(day)?;
        let lived = |born: Date| day.since(born).map_or(0, |span| span.get_days());
        (first <= day).then(|| (lived(last).max(0), lived(first)))
    }
}

impl StatedAge {
    /// The day so many units, and `more`, before a day.
    fn earlier(&self, day: Date, more: i64) -> Option<Date> {
        let value = self.value.trunc().to_i64().filter(|value| (0..1_000_000).contains(value))? + more;
        let value = i32::try_from(value).ok()?;
        let span = match self.unit.as_str() {
            "a" if value < 5000 => value.years(),
            "mo" if value < 60_000 => value.months(),
            "wk" if value < 260_000 => value.weeks(),
            "d" => value.days(),
            _ => return None,
        };
        day.checked_sub(span).ok()
    }
}

fn completed_years(born: Date, day: Date) -> i16 {
    let before_birthday = (day.month(), day.day()) < (born.month(), born.day());
    day.year() - born.year() - i16::from(before_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn ages_are_certain_but_for_the_edges() {
        for (born, on, years) in [
            ("1960-05-17", "2020-05-16", Some((59, 59))),
            ("1960-05-17", "2020-05-17", Some((60, 60))),
            ("1960-05", "2020-05-15", Some((59, 60))),
            ("1960-05", "2020-06-01", Some((60, 60))),
            ("1960", "2020-12-31", Some((60, 60))),
            ("1960", "2020-06-30", Some((59, 60))),
            ("2021", "2020-06-30", None),
            ("2020", "2020-06-30", Some((0, 0))),
        ] {
            let birth = Birth::Date(born.parse().unwrap());
            assert_eq!(birth.years_on(day(on)), years, "{born} on {on}");
        }
    }

    #[test]
    fn stated_ages_grow_older() {
        let age = |value: &str, unit: &str, on: Option<&str>| {
            Birth::Age(StatedAge {
                value: value.parse().unwrap(),
                unit: unit.to_owned(),
                on: on.map(|on| on.parse().unwrap()),
            })
        };
        let fifty_eight = age("58", "a", Some("2020-03-01"));
        assert_eq!(fifty_eight.years_on(day("2020-03-01")), Some((58, 58)));
        assert_eq!(fifty_eight.years_on(day("2020-09-01")), Some((58, 59)));
        assert_eq!(fifty_eight.years_on(day("2021-03-01")), Some((59, 59)));
        assert_eq!(age("58.7", "a", None).years_on(day("1999-01-01")), Some((58, 58)));
        assert_eq!(age("18", "mo", None).years_on(day("1999-01-01")), Some((1, 1)));
        assert_eq!(age("2", "d", None).days_on(day("1999-01-03")), Some((2, 2)));
        for absurd in [age("-3", "a", None), age("99999999", "a", None), age("3", "kg", None)] {
            assert_eq!(absurd.years_on(day("1999-01-01")), None);
        }
        assert_eq!(age("240", "a", None).years_on(day("2020-01-01")), Some((240, 240)));
    }

    #[test]
    fn writes_and_reads_back() {
        for birth in [
            Birth::Date("1960-05".parse().unwrap()),
            Birth::Age(StatedAge { value: Decimal::from(58), unit: "a".into(), on: None }),
        ] {
            let text = serde_json::to_string(&birth).unwrap();
            assert_eq!(serde_json::from_str::<Birth>(&text).unwrap(), birth, "{text}");
        }
    }
}
