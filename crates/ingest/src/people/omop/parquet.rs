//! Tables as Parquet: each row's columns as text, then as with CSV.

use std::borrow::Cow;

use bytes::Bytes;
use model::IssueKind;
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

use super::{Cells, Head, Session, add, begin};
use crate::people::session::Flow;

/// Reads a table of a Parquet file.
pub(crate) fn read(session: &mut Session, bytes: Vec<u8>) -> Flow {
    let reader = match SerializedFileReader::new(Bytes::from(bytes)) {
        Ok(reader) => reader,
        Err(error) => return session.issue(IssueKind::Malformed, format!("not Parquet: {error}"), None),
    };
    let schema = reader.metadata().file_metadata().schema();
    let head = Head::new(schema.get_fields().iter().map(|field| field.name().to_owned()));
    let Some(table) = begin(session, &head)? else { return Flow::Continue(()) };
    let rows = match reader.get_row_iter(None) {
        Ok(rows) => rows,
        Err(error) => return session.issue(IssueKind::Malformed, format!("not Parquet: {error}"), None),
    };
    for (number, row) in rows.enumerate() {
        match row {
            Ok(row) => {
                let cells: Vec<Cow<str>> = row.get_column_iter().map(|(_, field)| text(field)).collect();
                add(session, table, &Cells { head: &head, cells: &cells }, number as u64 + 1)?;
            }
            Err(error) => {
                return session.issue(
                    IssueKind::Malformed,
                    format!("a damaged row of Parquet: {error}"),
                    None,
                );
            }
        }
    }
    Flow::Continue(())
}

/// A value as CSV would have it.
fn text(field: &Field) -> Cow<'_, str> {
    match field {
        Field::Null => Cow::Borrowed(""),
        Field::Str(text) => Cow::Borrowed(text),
        Field::Bytes(bytes) => Cow::Owned(String::from_utf8_lossy(bytes.data()).into_owned()),
        Field::Float(number) => Cow::Owned(number.to_string()),
        Field::Double(number) => Cow::Owned(number.to_string()),
        Field::Date(days) => Cow::Owned(day(i64::from(*days))),
        Field::TimestampMillis(millis) => Cow::Owned(day(millis.div_euclid(86_400_000))),
        Field::TimestampMicros(micros) => Cow::Owned(day(micros.div_euclid(86_400_000_000))),
        other => Cow::Owned(other.to_string()),
    }
}

/// A day counted from 1970-01-01; empty beyond the calendar.
fn day(days: i64) -> String {
    let first = jiff::civil::Date::constant(1970, 1, 1);
    let span = jiff::Span::new().try_days(days);
    span.and_then(|span| first.checked_add(span)).map(|date| date.to_string()).unwrap_or_default()
}
