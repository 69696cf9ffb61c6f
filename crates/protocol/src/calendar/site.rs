//! When a site is open.

use std::{ops::RangeInclusive, str::FromStr};

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

/// Days on which a site is closed: single ones and ranges.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closures(Vec<RangeInclusive<Date>>);

/// When a site is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenDays {
    /// Whether Saturdays and Sundays are days like others.
    pub weekends: bool,
    /// Days on which it is closed.
    pub closed: Closures,
}

impl Closures {
    /// These days and others.
    pub fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl FromStr for Closures {
    type Err = String;

    /// `2026-04-06, 2026-12-24..2027-01-02`.
    fn from_str(text: &str) -> Result<Self, String> {
        let day = |part: &str| {
            let part = part.trim();
            part.parse::<Date>()
                .map_err(|_| format!("“{part}” is no day; write 2026-12-24, or 2026-12-24..2027-01-02"))
        };
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        let ranges = parts.map(|part| match part.split_once("..") {
            None => day(part).map(|d| d..=d),
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                if from <= to {
                    Ok(from..=to)
                } else {
                    Err(format!("“{}” ends before it begins", part.trim()))
                }
            }
        });
        Ok(Self(ranges.collect::<Result<_, String>>()?))
    }
}

impl OpenDays {
    /// Why the site is closed on a day; `None` if it is open.
    pub fn why_closed(&self, day: Date) -> Option<&'static str> {
        match day.weekday() {
            Weekday::Saturday if !self.weekends => Some("on a Saturday"),
            Weekday::Sunday if !self.weekends => Some("on a Sunday"),
            _ if self.closed.0.iter().any(|range| range.contains(&day)) => {
                Some("on a day on which the site is closed")
            }
            _ => None,
        }
    }

    /// The open day nearest to a planned one within a window; of two the later one.
    pub(super) fn nearest(&self, planned: Date, (first, last): (Date, Date)) -> Option<Date> {
        let widest = (planned - first).get_days().max((last - planned).get_days());
        (0..=i64::from(widest)).find_map(|off| {
            let both = [planned.checked_add(off.days()).ok(), planned.checked_sub(off.days()).ok()];
            both.into_iter()
                .flatten()
                .find(|day| (first..=last).contains(day) && self.why_closed(*day).is_none())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn the_nearest_open_day() {
        let open =
            OpenDays { weekends: false, closed: "2026-03-09, 2026-03-16..2026-03-20".parse().unwrap() };
        let nearest = |planned, first, last| open.nearest(day(planned), (day(first), day(last)));
        assert_eq!(nearest("2026-03-10", "2026-03-09", "2026-03-11"), Some(day("2026-03-10")));
        // A Sunday; Monday is closed: Friday is as far as Tuesday, and Tuesday is later.
        assert_eq!(nearest("2026-03-08", "2026-03-06", "2026-03-10"), Some(day("2026-03-10")));
        assert_eq!(nearest("2026-03-18", "2026-03-15", "2026-03-21"), None);
    }

    #[test]
    fn closures_are_read() {
        assert_eq!("".parse::<Closures>(), Ok(Closures::default()));
        assert!("2026-13-01".parse::<Closures>().is_err());
        assert_eq!(
            "2026-03-02..2026-03-01".parse::<Closures>(),
            Err("“2026-03-02..2026-03-01” ends before it begins".into())
        );
    }
}
