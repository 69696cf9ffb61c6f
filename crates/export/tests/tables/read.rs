//! Readers of the formats: every value as text, in one spelling for all of them.

use std::{fs::File, path::Path};

use export::aact::schema::{Kind, Table};
use parquet::{
    file::reader::{FileReader, SerializedFileReader},
    record::Field,
};
use rusqlite::{Connection, types::Value};

/// The rows of a table; `None` is null.
pub type Rows = Vec<Vec<Option<String>>>;

/// Numbers as doubles print, so that `1.50` and `1.5` are one.
fn number(text: &str) -> String {
    text.parse::<f64>().unwrap().to_string()
}

pub fn parquet(folder: &Path, table: &Table) -> Rows {
    let file = File::open(folder.join(format!("{}.parquet", table.name))).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let names: Vec<String> =
        reader.metadata().file_metadata().schema().get_fields().iter().map(|f| f.name().to_owned()).collect();
    assert_eq!(names, table.columns.iter().map(|c| c.name).collect::<Vec<_>>());
    let rows = reader.get_row_iter(None).unwrap();
    let text = |(_, field): (&String, &Field)| match field {
        Field::Null => None,
        Field::Str(text) => Some(text.clone()),
        Field::Bool(yes) => Some(if *yes { "t" } else { "f" }.to_owned()),
        Field::TimestampMicros(at) => Some(format!("at {}", at / 1_000_000)),
        Field::Date(day) => Some(format!("day {day}")),
        Field::Int(n) => Some(n.to_string()),
        Field::Long(n) => Some(n.to_string()),
        Field::Double(n) => Some(n.to_string()),
        other => panic!("{other:?}"),
    };
    rows.map(|row| row.unwrap().get_column_iter().map(text).collect()).collect()
}

/// A day or a moment as Parquet holds it.
fn timed(kind: Kind, text: &str) -> String {
    let date: jiff::civil::Date = text[..10].parse().unwrap();
    let day = (date - jiff::civil::date(1970, 1, 1)).get_days();
    if kind == Kind::Date {
        return format!("day {day}");
    }
    assert_eq!(&text[10..], " 00:00:00");
    format!("at {}", i64::from(day) * 86_400)
}

pub fn sqlite(database: &Connection, table: &Table) -> Rows {
    let order = if table.has_id() { "id" } else { "nct_id" };
    let mut statement =
        database.prepare(&format!("SELECT * FROM \"{}\" ORDER BY {order}", table.name)).unwrap();
    let names: Vec<&str> = statement.column_names().collect();
    assert_eq!(names, table.columns.iter().map(|c| c.name).collect::<Vec<_>>());
    let rows = statement.query_map([], |row| {
        let cell = |(place, column): (usize, &export::aact::schema::Column)| {
            Ok(match row.get::<_, Value>(place)? {
                Value::Null => None,
                Value::Text(text) if matches!(column.kind, Kind::Date | Kind::Timestamp) => {
                    Some(timed(column.kind, &text))
                }
                Value::Text(text) => Some(text),
                Value::Integer(yes) if column.kind == Kind::Boolean => {
                    Some(["f", "t"][yes as usize].to_owned())
                }
                Value::Integer(n) => Some(n.to_string()),
                Value::Real(n) => Some(n.to_string()),
                Value::Blob(_) => panic!("{}.{}", table.name, column.name),
            })
        };
        table.columns.iter().enumerate().map(cell).collect()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// CSV in which an empty field is null and a quoted empty one a text.
pub fn csv(folder: &Path, table: &Table) -> Rows {
    let text = std::fs::read_to_string(folder.join(format!("{}.csv", table.name))).unwrap();
    let mut lines = fields(&text).into_iter();
    let names: Vec<String> = lines.next().unwrap().into_iter().flatten().collect();
    assert_eq!(names, table.columns.iter().map(|c| c.name).collect::<Vec<_>>());
    let row = |row: Vec<Option<String>>| {
        assert_eq!(row.len(), table.columns.len());
        let cell = |(value, column): (Option<String>, &export::aact::schema::Column)| {
            value.map(|text| match column.kind {
                Kind::Number => number(&text),
                Kind::Date | Kind::Timestamp => timed(column.kind, &text),
                _ => text,
            })
        };
        row.into_iter().zip(&table.columns).map(cell).collect()
    };
    lines.map(row).collect()
}

fn fields(text: &str) -> Vec<Vec<Option<String>>> {
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut rest = text;
    while !rest.is_empty() {
        let (field, length) = field(rest);
        row.push(field);
        if rest.as_bytes()[length] == b'\n' {
            rows.push(std::mem::take(&mut row));
        }
        rest = &rest[length + 1..];
    }
    rows
}

/// The field at the start of a text, and how long it stands there.
fn field(text: &str) -> (Option<String>, usize) {
    if !text.starts_with('"') {
        let end = text.find([',', '\n']).unwrap();
        return ((end > 0).then(|| text[..end].to_owned()), end);
    }
    let mut end = 1;
    loop {
        end += text[end..].find('"').unwrap() + 1;
        if !text[end..].starts_with('"') {
            return (Some(text[1..end - 1].replace("\"\"", "\"")), end);
        }
        end += 1;
    }
}
