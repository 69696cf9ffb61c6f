//! Numbers as records write them, exactly: as JSON numbers, as text with a sign before and a unit behind.

use std::fmt;

use model::{Comparator, Decimal};
use serde::{Deserialize, Deserializer, de};

/// A number of JSON, or a text that should be one; exact as far as it was written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Number {
    Exact(Decimal),
    /// What cannot be read or computed with.
    Other(String),
}

impl Number {
    fn of(text: &str) -> Self {
        text.trim().parse().map_or_else(|_| Self::Other(text.chars().take(40).collect()), Self::Exact)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl de::Visitor<'_> for Visitor {
    type Value = Number;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a number")
    }

    fn visit_i64<E>(self, value: i64) -> Result<Number, E> {
        Ok(Number::Exact(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Number, E> {
        Ok(Number::Exact(value.into()))
    }

    /// The shortest text that reads back as the same number is what was written, up to 15 digits.
    fn visit_f64<E>(self, value: f64) -> Result<Number, E> {
        Ok(Number::of(&value.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Number, E> {
        Ok(Number::of(text))
    }
}

/// A number in words: sign, number, and what stands behind (a unit, or nothing).
///
/// `<0.1`, `≥ 90 mL/min`, `7,5` (a comma that is no thousands separator is a point), `1,200`.
pub(crate) fn quantity(text: &str) -> Option<(Comparator, Decimal, &str)> {
    let text = text.trim();
    let sign = text.len() - text.trim_start_matches(['<', '>', '=', '\u{2264}', '\u{2265}']).len();
    let comparator = Comparator::of(&text[..sign])?;
    let rest = text[sign..].trim_start();
    let digits = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '+')));
    let (number, behind) = rest.split_at(digits.unwrap_or(rest.len()));
    let number = number.trim_end_matches([',', '.']);
    Some((comparator, decimal(number)?, behind.trim()))
}

fn decimal(text: &str) -> Option<Decimal> {
    let Some((whole, part)) = text.rsplit_once(',') else { return text.parse().ok() };
    let thousands =
        part.len() == 3 && !whole.is_empty() && whole.trim_start_matches('-') != "0" || part.contains('.');
    if thousands { text.replace(',', "").parse().ok() } else { format!("{whole}.{part}").parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_exact() {
        let number = |json: &str| serde_json::from_str::<Number>(json).unwrap();
        for (json, text) in [
            ("7.2", "7.2"),
            ("0.1", "0.1"),
            ("5", "5"),
            ("-3", "-3"),
            ("\"6.50\"", "6.50"),
            ("175.98241711129813", "175.98241711129813"),
        ] {
            assert_eq!(number(json), Number::Exact(text.parse().unwrap()), "{json}");
        }
        assert_eq!(number("\"many\""), Number::Other("many".into()));
        assert!(matches!(number("1e300"), Number::Other(_)));
        assert!(serde_json::from_str::<Number>("[1]").is_err());
    }

    #[test]
    fn numbers_in_words() {
        for (text, comparator, value, behind) in [
            ("<0.1", Comparator::Less, "0.1", ""),
            ("≥ 90 mL/min", Comparator::AtLeast, "90", "mL/min"),
            ("7.2 %", Comparator::Exact, "7.2", "%"),
            ("7,5", Comparator::Exact, "7.5", ""),
            ("1,200", Comparator::Exact, "1200", ""),
            ("0,125", Comparator::Exact, "0.125", ""),
            (">=60", Comparator::AtLeast, "60", ""),
        ] {
            assert_eq!(quantity(text), Some((comparator, value.parse().unwrap(), behind)), "{text}");
        }
        for text in ["", "positive", "<>3", "-", "1-2-3"] {
            assert_eq!(quantity(text), None, "{text}");
        }
    }
}
