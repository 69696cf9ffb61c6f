//! The tables as a SQLite database, with indexes and views.

use std::path::Path;

use rusqlite::{
    Connection, ToSql,
    types::{ToSqlOutput, Value, ValueRef},
};

use super::{
    column::{Cell, moment, written},
    rows::{Rows, TableRows},
    schema::{Table, tables},
    sql::{self, Dialect},
};
use crate::{Error, Records, Way};

/// Writes a database to a path where no file is; returns the number of studies.
///
/// Days are texts such as `2026-11-22`, yes and no are 1 and 0.
pub fn sqlite(records: impl Records, path: &Path, way: &mut Way<'_>) -> Result<u64, Error> {
    let mut database = Connection::open(path)?;
    // The file is of use only when it is whole: there is nothing to roll back to.
    database.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA cache_size = -131072; PRAGMA temp_store = FILE;",
    )?;
    let whole = database.transaction()?;
    for table in tables() {
        whole.execute_batch(&sql::create(table, &format!("\"{}\"", table.name), Dialect::Sqlite))?;
    }
    whole.set_prepared_statement_cache_capacity(tables().len());
    let done = super::rows(records, way, Ok, |rows: Rows| {
        rows.tables.iter().try_for_each(|rows| insert(&whole, rows))
    })?;
    for statement in sql::indexes("").chain(sql::views("", Dialect::Sqlite)) {
        whole.execute_batch(&statement)?;
        if !(way.progress)(done) {
            return Err(Error::Stopped);
        }
    }
    whole.execute_batch("ANALYZE")?;
    whole.commit()?;
    database.close().map_err(|(_, error)| error)?;
    Ok(done)
}

fn insert(database: &Connection, rows: &TableRows) -> Result<(), Error> {
    if rows.rows == 0 {
        return Ok(());
    }
    let mut statement = database.prepare_cached(&statement(rows.table))?;
    for row in 0..rows.rows {
        statement
            .execute(rusqlite::params_from_iter(rows.columns.iter().map(|values| Bound(values.get(row)))))?;
    }
    Ok(())
}

fn statement(table: &Table) -> String {
    let places = vec!["?"; table.columns.len()].join(",");
    format!("INSERT INTO \"{}\" VALUES ({places})", table.name)
}

/// A value on its way into the database.
struct Bound<'v>(Cell<'v>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Number(number) => ToSqlOutput::Owned(number.parse().map_or(Value::Null, Value::Real)),
            Cell::Whole(number) => ToSqlOutput::Owned(Value::Integer(number)),
            Cell::Boolean(yes) => ToSqlOutput::Owned(Value::Integer(yes.into())),
            Cell::Date(day) => ToSqlOutput::Owned(Value::Text(written(day))),
            Cell::Timestamp(at) => ToSqlOutput::Owned(Value::Text(moment(at))),
        })
    }
}
