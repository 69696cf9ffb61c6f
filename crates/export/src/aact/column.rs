//! The values of a table, column by column.

use jiff::civil::{Date, date};
use model::PartialDate;
use serde_json::Value;

use super::schema::Kind;

/// The values of one column; one for each row, or none.
#[derive(Debug)]
pub(super) enum Values {
    Text(Texts),
    /// Decimal numbers with the digits that they have.
    Number(Texts),
    Key(Vec<Option<i64>>),
    Integer(Vec<Option<i32>>),
    Boolean(Vec<Option<bool>>),
    /// Days since 1970.
    Date(Vec<Option<i32>>),
    /// Seconds since 1970.
    Timestamp(Vec<Option<i64>>),
}

/// Texts, one behind the other.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub bytes: Vec<u8>,
    /// Where each begins and ends; `None`: there is none.
    pub spans: Vec<Option<(usize, usize)>>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.spans.push(Some((start, self.bytes.len())));
    }

    fn append(&mut self, other: &mut Self) {
        let shift = self.bytes.len();
        self.bytes.append(&mut other.bytes);
        let moved = other.spans.drain(..).map(|span| span.map(|(a, b)| (a + shift, b + shift)));
        self.spans.extend(moved);
    }

    pub fn get(&self, row: usize) -> Option<&str> {
        let (start, end) = (*self.spans.get(row)?)?;
        // What was pushed was text.
        std::str::from_utf8(self.bytes.get(start..end)?).ok()
    }
}

/// One value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell<'v> {
    Null,
    Text(&'v str),
    Number(&'v str),
    Whole(i64),
    Boolean(bool),
    Date(i32),
    Timestamp(i64),
}

impl Values {
    pub fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Texts::default()),
            Kind::Number => Self::Number(Texts::default()),
            Kind::Key => Self::Key(Vec::new()),
            Kind::Integer => Self::Integer(Vec::new()),
            Kind::Boolean => Self::Boolean(Vec::new()),
            Kind::Date => Self::Date(Vec::new()),
            Kind::Timestamp => Self::Timestamp(Vec::new()),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) | Self::Number(texts) => texts.spans.len(),
            Self::Key(values) | Self::Timestamp(values) => values.len(),
            Self::Integer(values) | Self::Date(values) => values.len(),
            Self::Boolean(values) => values.len(),
        }
    }

    /// Bytes of the values, about.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(texts) | Self::Number(texts) => texts.bytes.len() + 8 * texts.spans.len(),
            _ => 8 * self.len(),
        }
    }

    pub fn push_null(&mut self) {
        match self {
            Self::Text(texts) | Self::Number(texts) => texts.spans.push(None),
            Self::Key(values) | Self::Timestamp(values) => values.push(None),
            Self::Integer(values) | Self::Date(values) => values.push(None),
            Self::Boolean(values) => values.push(None),
        }
    }

    /// A value of a record, read as the column's kind; null if it cannot be.
    pub fn push(&mut self, value: &Value) {
        match self {
            Self::Text(texts) => match value {
                Value::String(text) => texts.push(text),
                Value::Null => texts.spans.push(None),
                other => texts.push(&other.to_string()),
            },
            Self::Number(texts) => match value {
                Value::Number(number) => texts.push(&number.to_string()),
                value => match value.as_str().and_then(decimal) {
                    Some(number) => texts.push(number),
                    None => texts.spans.push(None),
                },
            },
            Self::Key(values) => values.push(value.as_i64()),
            Self::Integer(values) => values.push(whole(value)),
            Self::Boolean(values) => values.push(value.as_bool()),
            Self::Date(values) => values.push(value.as_str().and_then(day)),
            Self::Timestamp(values) => {
                let at = value.as_str().and_then(day).map(|day| i64::from(day) * 86_400);
                values.push(at);
            }
        }
    }

    /// A value worked out.
    pub fn put(&mut self, cell: Cell<'_>) {
        match (self, cell) {
            (Self::Text(texts), Cell::Text(text)) | (Self::Number(texts), Cell::Number(text)) => {
                texts.push(text);
            }
            (Self::Key(values), Cell::Whole(number)) => values.push(Some(number)),
            (Self::Integer(values), Cell::Whole(number)) => values.push(i32::try_from(number).ok()),
            (Self::Boolean(values), Cell::Boolean(yes)) => values.push(Some(yes)),
            (Self::Date(values), Cell::Date(day)) => values.push(Some(day)),
            (Self::Timestamp(values), Cell::Timestamp(at)) => values.push(Some(at)),
            (this, cell) => {
                debug_assert_eq!(cell, Cell::Null, "a value of another kind than its column");
                this.push_null();
            }
        }
    }

    pub fn get(&self, row: usize) -> Cell<'_> {
        fn at<'v, T: Copy>(values: &[Option<T>], row: usize, cell: impl Fn(T) -> Cell<'v>) -> Cell<'v> {
            values.get(row).copied().flatten().map_or(Cell::Null, cell)
        }
        match self {
            Self::Text(texts) => texts.get(row).map_or(Cell::Null, Cell::Text),
            Self::Number(texts) => texts.get(row).map_or(Cell::Null, Cell::Number),
            Self::Key(values) => at(values, row, Cell::Whole),
            Self::Integer(values) => at(values, row, |number| Cell::Whole(number.into())),
            Self::Boolean(values) => at(values, row, Cell::Boolean),
            Self::Date(values) => at(values, row, Cell::Date),
            Self::Timestamp(values) => at(values, row, Cell::Timestamp),
        }
    }

    /// Takes the values of another column of the same kind behind its own.
    pub fn append(&mut self, other: &mut Self) {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) | (Self::Number(a), Self::Number(b)) => a.append(b),
            (Self::Key(a), Self::Key(b)) | (Self::Timestamp(a), Self::Timestamp(b)) => a.append(b),
            (Self::Integer(a), Self::Integer(b)) | (Self::Date(a), Self::Date(b)) => a.append(b),
            (Self::Boolean(a), Self::Boolean(b)) => a.append(b),
            _ => debug_assert!(false, "columns of one place have one kind"),
        }
    }
}

const EPOCH: Date = date(1970, 1, 1);
/// Longer numbers are none that anybody measured, and some databases refuse them.
const LONGEST: usize = 60;

/// Days since 1970 of a date; of a month its last day, as AACT has it. A year alone is no day.
pub(super) fn day(text: &str) -> Option<i32> {
    let date: PartialDate = text.parse().ok()?;
    date.month()?;
    Some(days(date.last_day()))
}

fn days(date: Date) -> i32 {
    (date - EPOCH).get_days()
}

/// A day as it is written.
pub(super) fn written(day: i32) -> String {
    EPOCH
        .checked_add(jiff::Span::new().try_days(day).unwrap_or_default())
        .map_or_else(|_| String::new(), |date| date.to_string())
}

/// A moment as it is written: `2026-11-22 00:00:00`.
pub(super) fn moment(seconds: i64) -> String {
    let day = i32::try_from(seconds.div_euclid(86_400)).map_or_else(|_| String::new(), written);
    let second = seconds.rem_euclid(86_400);
    format!("{day} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)
}

/// A whole number, written as a number or as its digits.
pub(super) fn whole(value: &Value) -> Option<i32> {
    match value {
        Value::Number(number) => number.as_i64()?.try_into().ok(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The text of a decimal number, `-1.5` or `2e-3`; `None` if the text is anything else, such as `1,234` or `<0.01`.
pub(super) fn decimal(text: &str) -> Option<&str> {
    let text = text.trim();
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'));
    let begins = text.bytes().find(|b| !matches!(b, b'-' | b'+' | b'.')).is_some_and(|b| b.is_ascii_digit());
    if !plain || !begins || text.len() > LONGEST {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    (value.is_finite() && !text.ends_with('.')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_day_and_years_on_none() {
        assert_eq!(day("1970-01-02"), Some(1));
        assert_eq!(day("1970-01"), Some(30));
        assert_eq!(day("1970"), None);
        assert_eq!(day("soon"), None);
        assert_eq!(day("2024-02").map(written).as_deref(), Some("2024-02-29"));
        assert_eq!(moment(86_400 + 3_661), "1970-01-02 01:01:01");
        assert_eq!(moment(-1), "1969-12-31 23:59:59");
    }

    #[test]
    fn numbers_are_plain_decimals() {
        for good in ["1", "-1.5", "+2", ".5", "2e-3", " 7 ", "0.000"] {
            assert_eq!(decimal(good), Some(good.trim()), "{good}");
        }
        for bad in ["", "NA", "1,234", "<0.01", "1.", "1e999", "inf", "NaN", "--1", "1-2", "0x10", "1 2"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
