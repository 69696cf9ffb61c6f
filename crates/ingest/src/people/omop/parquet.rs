//! Tables as Parquet: each row's columns as text, then as with CSV.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use bytes::Bytes;
use model::IssueKind;
use parquet::{
    errors::ParquetError,
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};

use super::{Cells, Head, Session, add, begin};
use crate::people::session::Flow;

/// Reads a table of a Parquet file.
pub(crate) fn read(session: &mut Session, bytes: Vec<u8>) -> Flow {
    let length = bytes.len() as u64;
    let reader = match guarded(|| SerializedFileReader::new(Bytes::from(bytes))) {
        Ok(reader) if is_inside(&reader, length) => reader,
        Ok(_) => return broken(session, "a column lies outside of the file"),
        Err(error) => return broken(session, &error),
    };
    let schema = reader.metadata().file_metadata().schema();
    let head = Head::new(schema.get_fields().iter().map(|field| field.name().to_owned()));
    let Some(table) = begin(session, &head)? else { return Flow::Continue(()) };
    let mut rows = match guarded(|| reader.get_row_iter(None)) {
        Ok(rows) => rows,
        Err(error) => return broken(session, &error),
    };
    let mut number = 0;
    loop {
        match guarded(|| rows.next().transpose()) {
            Ok(Some(row)) => {
                number += 1;
                let cells: Vec<Cow<str>> = row.get_column_iter().map(|(_, field)| text(field)).collect();
                add(session, table, &Cells { head: &head, cells: &cells }, number)?;
            }
            Ok(None) => return Flow::Continue(()),
            Err(error) => return broken(session, &error),
        }
    }
}

fn broken(session: &mut Session, why: &str) -> Flow {
    session.issue(IssueKind::Malformed, format!("not Parquet, or damaged: {why}"), None)
}

/// Calls the library, which panics on some damaged files.
fn guarded<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result.map_err(|error| error.to_string()),
        Err(_) => Err("the file contradicts itself".to_owned()),
    }
}

/// Whether every column lies inside of the file: what the library would take for granted.
fn is_inside(reader: &SerializedFileReader<Bytes>, length: u64) -> bool {
    let fits = |start: i64, size: i64| {
        let end = start.checked_add(size).and_then(|end| u64::try_from(end).ok());
        start >= 0 && size >= 0 && end.is_some_and(|end| end <= length)
    };
    reader.metadata().row_groups().iter().flat_map(|group| group.columns()).all(|column| {
        let start = column.dictionary_page_offset().unwrap_or_else(|| column.data_page_offset());
        fits(start, column.compressed_size()) && fits(column.data_page_offset(), 0)
    })
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
