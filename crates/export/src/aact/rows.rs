//! Rows of the tables, made study by study.

use model::{NctId, Study};
use serde_json::Value;

use super::{
    column::{Cell, Values, moment, written},
    schema::{self, Table},
};
use crate::Error;

/// So many rows of one table can a study have: the number of a row is that of its study times this, and its place
/// among the study's rows. The largest stays below 2^53, so that it is exact where numbers are floating point, too.
pub const ROWS_OF_A_STUDY: i64 = 10_000_000;

/// Rows of all tables.
#[derive(Debug)]
pub(super) struct Rows {
    pub tables: Vec<TableRows>,
}

/// Rows of one table.
#[derive(Debug)]
pub(super) struct TableRows {
    pub table: &'static Table,
    pub rows: usize,
    pub columns: Vec<Values>,
}

impl Rows {
    pub fn new() -> Self {
        Self { tables: schema::tables().iter().map(TableRows::new).collect() }
    }

    /// Adds the rows of a study.
    pub fn add(&mut self, study: &Study) -> Result<(), Error> {
        let Some(id) = study.id().nct() else {
            return Err(Error::Record(study.id(), "AACT has studies of ClinicalTrials.gov only".to_owned()));
        };
        let mut rows = StudyRows::new(self, id);
        super::registered::add(study.json(), &mut rows);
        super::posted::add(study.json(), &mut rows);
        super::calculated::add(study.json(), &mut rows);
        rows.check()
    }
}

impl TableRows {
    pub fn new(table: &'static Table) -> Self {
        let columns = table.columns.iter().map(|column| Values::new(column.kind)).collect();
        Self { table, rows: 0, columns }
    }

    /// Bytes of the rows, about.
    pub fn size(&self) -> usize {
        self.columns.iter().map(Values::size).sum()
    }

    /// A line a row: cells with a sign between them, `null` where there is none, and texts as `text` writes them.
    pub fn lines(&self, between: u8, null: &[u8], text: fn(&str, &mut Vec<u8>)) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.size());
        for row in 0..self.rows {
            for (place, values) in self.columns.iter().enumerate() {
                if place > 0 {
                    out.push(between);
                }
                match values.get(row) {
                    Cell::Null => out.extend_from_slice(null),
                    Cell::Text(words) => text(words, &mut out),
                    Cell::Number(number) => out.extend_from_slice(number.as_bytes()),
                    Cell::Whole(number) => out.extend_from_slice(number.to_string().as_bytes()),
                    Cell::Boolean(yes) => out.push(if yes { b't' } else { b'f' }),
                    Cell::Date(day) => out.extend_from_slice(written(day).as_bytes()),
                    Cell::Timestamp(at) => out.extend_from_slice(moment(at).as_bytes()),
                }
            }
            out.push(b'\n');
        }
        out
    }

    /// Takes the rows of another part of the same table behind its own.
    pub fn append(&mut self, other: &mut Self) {
        for (mine, others) in self.columns.iter_mut().zip(&mut other.columns) {
            mine.append(others);
        }
        self.rows += std::mem::take(&mut other.rows);
    }
}

/// The rows of one study.
pub(super) struct StudyRows<'r> {
    rows: &'r mut Rows,
    id: NctId,
    nct_id: String,
    /// Rows of each table before this study's.
    before: Vec<usize>,
}

impl<'r> StudyRows<'r> {
    fn new(rows: &'r mut Rows, id: NctId) -> Self {
        let before = rows.tables.iter().map(|table| table.rows).collect();
        Self { rows, id, nct_id: id.to_string(), before }
    }

    pub fn id(&self) -> NctId {
        self.id
    }

    /// Begins a row; it ends when it is dropped, and what was not set is null.
    pub fn row(&mut self, table: &str) -> Row<'_> {
        let place = schema::place(table);
        let rows = &mut self.rows.tables[place];
        let nth = rows.rows - self.before[place] + 1;
        let key = i64::from(self.id.number()) * ROWS_OF_A_STUDY + nth as i64;
        let mut row = Row { rows, key };
        if row.rows.table.has_id() {
            row.put("id", Cell::Whole(key));
        }
        row.put("nct_id", Cell::Text(&self.nct_id));
        row
    }

    fn check(&self) -> Result<(), Error> {
        let most = ROWS_OF_A_STUDY - 1;
        for (rows, before) in self.rows.tables.iter().zip(&self.before) {
            if (rows.rows - before) as i64 > most {
                return Err(Error::Rows(self.id.into(), most, rows.table.name));
            }
        }
        Ok(())
    }
}

/// A row in the making.
pub(super) struct Row<'r> {
    rows: &'r mut TableRows,
    key: i64,
}

impl Row<'_> {
    /// Ends the row and tells its number.
    pub fn done(&self) -> i64 {
        self.key
    }

    /// Sets the columns that this part of a record fills.
    pub fn fill(&mut self, context: &str, part: &Value) -> &mut Self {
        let fill = self.rows.table.fills.iter().find(|fill| fill.context == context);
        debug_assert!(fill.is_some(), "{}: nothing is filled from `{context}`", self.rows.table.name);
        for (column, keys) in fill.iter().flat_map(|fill| &fill.columns) {
            self.rows.columns[*column].push(at(part, keys));
        }
        self
    }

    /// Sets a column.
    pub fn put(&mut self, column: &str, cell: Cell<'_>) -> &mut Self {
        let place = self.rows.table.columns.iter().position(|c| c.name == column);
        let values = place.and_then(|place| self.rows.columns.get_mut(place));
        debug_assert!(values.is_some(), "{} has no column `{column}`", self.rows.table.name);
        if let Some(values) = values.filter(|values| values.len() == self.rows.rows) {
            values.put(cell);
        }
        self
    }

    pub fn text(&mut self, column: &str, text: &str) -> &mut Self {
        self.put(column, Cell::Text(text))
    }

    pub fn number_of(&mut self, column: &str, number: Option<i64>) -> &mut Self {
        self.put(column, number.map_or(Cell::Null, Cell::Whole))
    }

    pub fn boolean(&mut self, column: &str, yes: Option<bool>) -> &mut Self {
        self.put(column, yes.map_or(Cell::Null, Cell::Boolean))
    }

    /// Sets both columns that tell when the row was made: when the registry loaded the data, if the record tells.
    pub fn loaded(&mut self, record: &Value) -> &mut Self {
        let at = super::calculated::loaded(record);
        let at = at.map_or(Cell::Null, |day| Cell::Timestamp(i64::from(day) * 86_400));
        self.put("created_at", at).put("updated_at", at)
    }
}

impl Drop for Row<'_> {
    fn drop(&mut self) {
        self.rows.rows += 1;
        let rows = self.rows.rows;
        self.rows.columns.iter_mut().filter(|values| values.len() < rows).for_each(Values::push_null);
    }
}

static NULL: Value = Value::Null;

/// The value at these keys; null if there is none.
pub(super) fn at<'v>(part: &'v Value, keys: &[&str]) -> &'v Value {
    let step = |part: &'v Value, key: &&str| part.as_object()?.get(*key);
    keys.iter().try_fold(part, step).unwrap_or(&NULL)
}

/// The value at a path of keys joined by dots; null if there is none.
pub(super) fn of<'v>(part: &'v Value, path: &str) -> &'v Value {
    path.split('.').try_fold(part, |part, key| part.as_object()?.get(key)).unwrap_or(&NULL)
}

/// The items of the list at a path; none if there is no list.
pub(super) fn items<'v>(part: &'v Value, path: &str) -> &'v [Value] {
    of(part, path).as_array().map_or(&[], Vec::as_slice)
}
