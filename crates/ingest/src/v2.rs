//! ClinicalTrials.gov API v2: already the canonical record; it is only looked over.

use model::{
    Age, Issue, IssueKind, PartialDate,
    piece::{self, Kind, Leaf, Piece},
};
use serde_json::Value;

use crate::{
    Converted, Raw,
    json::{self, Remarks},
};

/// Reads an API v2 study. Nothing in it is changed.
pub(crate) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let study = Value::Object(json::parse(raw)?);
    let mut remarks = Remarks::new(raw);
    for path in piece::unknown_keys(&study) {
        remarks.add(IssueKind::UnknownKey, &path, "the data structure has no such key; kept");
    }
    piece::walk(&study, &mut |leaf| look_over(&leaf, &mut remarks));
    json::finish(raw, study, remarks.issues)
}

fn look_over(leaf: &Leaf, remarks: &mut Remarks) {
    if let Some(expected) = misfit(leaf.piece, leaf.value) {
        let message = format!("{} is {}; expected {expected}; kept", leaf.piece.name, shown(leaf.value));
        remarks.add(IssueKind::BadValue, leaf.piece.path, message);
    }
}

/// A value for a message: not all of it if it is long.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

/// What a piece expects, if it cannot hold this value.
pub(crate) fn misfit(piece: &Piece, value: &Value) -> Option<&'static str> {
    let text = value.as_str();
    let (fits, expected) = match piece.kind {
        Kind::Branch => return None,
        Kind::Text | Kind::Markup => (text.is_some(), "text"),
        Kind::Enum(values) => (text.is_some_and(|t| values.value(t).is_some()), "a value of its enumeration"),
        Kind::Boolean => (value.is_boolean(), "true or false"),
        Kind::Integer => (value.is_i64() || value.is_u64(), "a whole number"),
        Kind::Number => (value.is_number(), "a number"),
        Kind::Date => (text.is_some_and(is_date), "a date"),
        Kind::Time => (text.is_some_and(|t| t.parse::<Age>().is_ok()), "a number and a unit of time"),
        Kind::GeoPoint => {
            let number = |key| value.get(key).is_some_and(Value::is_number);
            (number("lat") && number("lon"), "an object with lat and lon")
        }
    };
    (!fits).then_some(expected)
}

/// Whether the text is an ISO date, partial or with a time: `May 2020` would be a date, but not one of API v2.
fn is_date(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b':' | b'T' | b'.' | b'Z'))
        && text.parse::<PartialDate>().is_ok()
}
