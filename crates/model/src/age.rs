//! An age or duration as the registry states it: a number and a unit (`18 Years`, `6 Months`).

use std::{cmp::Ordering, fmt, str::FromStr};

/// A span of time with the unit it was stated in; compared by length (1 year > 6 months).
#[derive(Clone, Copy, Debug)]
pub struct Age {
    /// How many of the unit.
    pub value: f64,
    /// The unit as stated.
    pub unit: AgeUnit,
}

/// The units of the registry's `NormalizedTime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum AgeUnit {
    Years,
    Months,
    Weeks,
    Days,
    Hours,
    Minutes,
}

/// The text is not an age.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an age: expected a number and a unit, such as 18 years, 6 months or 18d")]
pub struct NotAnAge(pub String);

impl AgeUnit {
    /// Length of one unit in minutes. A year is 365.25 days and a month a twelfth of it, so that
    /// 12 months are one year and 52 weeks are a little less.
    pub fn minutes(self) -> f64 {
        const DAY: f64 = 1440.0;
        match self {
            Self::Years => 365.25 * DAY,
            Self::Months => 365.25 / 12.0 * DAY,
            Self::Weeks => 7.0 * DAY,
            Self::Days => DAY,
            Self::Hours => 60.0,
            Self::Minutes => 1.0,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Years => "Year",
            Self::Months => "Month",
            Self::Weeks => "Week",
            Self::Days => "Day",
            Self::Hours => "Hour",
            Self::Minutes => "Minute",
        }
    }
}

impl Age {
    /// Length in minutes, the measure by which ages are compared.
    pub fn minutes(self) -> f64 {
        self.value * self.unit.minutes()
    }

    /// Length in years of 365.25 days.
    pub fn years(self) -> f64 {
        self.minutes() / AgeUnit::Years.minutes()
    }
}

impl FromStr for Age {
    type Err = NotAnAge;

    /// `18 Years`, `18 years`, `1 Year`, `18y`, `18d`, `6mo`, `30 min`.
    fn from_str(text: &str) -> Result<Self, NotAnAge> {
        parse(text.trim()).ok_or_else(|| NotAnAge(text.chars().take(40).collect()))
    }
}

fn parse(text: &str) -> Option<Age> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let value: f64 = text[..split].parse().ok()?;
    let unit = match text[split..].trim().to_lowercase().as_str() {
        "y" | "yr" | "yrs" | "year" | "years" => AgeUnit::Years,
        "m" | "mo" | "mos" | "month" | "months" => AgeUnit::Months,
        "w" | "wk" | "wks" | "week" | "weeks" => AgeUnit::Weeks,
        "d" | "day" | "days" => AgeUnit::Days,
        "h" | "hr" | "hrs" | "hour" | "hours" => AgeUnit::Hours,
        "min" | "mins" | "minute" | "minutes" => AgeUnit::Minutes,
        _ => return None,
    };
    value.is_finite().then_some(Age { value, unit })
}

impl fmt::Display for Age {
    /// The registry's spelling: singular for one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.value == 1.0 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.value, self.unit.name())
    }
}

impl PartialEq for Age {
    fn eq(&self, other: &Self) -> bool {
        self.minutes() == other.minutes()
    }
}

impl PartialOrd for Age {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.minutes().partial_cmp(&other.minutes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compares_as_durations() {
        let age = |t: &str| t.parse::<Age>().unwrap();
        assert!(age("1 Year") > age("6 Months"));
        assert!(age("12 months") == age("1y"));
        assert!(age("18d") < age("3 Weeks"));
        assert_eq!(age("18 years").to_string(), "18 Years");
        assert_eq!(age("1 y").to_string(), "1 Year");
        for text in ["", "years", "18", "18 parsecs", "N/A", ". years"] {
            assert!(text.parse::<Age>().is_err(), "{text}");
        }
    }
}
