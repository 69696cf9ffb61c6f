//! AACT's tables: names, columns, types, and where each column comes from.

use std::sync::LazyLock;

/// A table.
#[derive(Debug)]
pub struct Table {
    /// Its name in schema `ctgov`.
    pub name: &'static str,
    /// Its columns, in AACT's order.
    pub columns: Vec<Column>,
    /// What of a record fills which columns, by the part of the record.
    pub(super) fills: Vec<Fill>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// AACT's type of it, in the words of PostgreSQL.
    pub declared: &'static str,
    /// Whether AACT declares it as never null.
    pub not_null: bool,
    /// How its values are held here.
    pub kind: Kind,
    /// Whether it can be known from the records at all.
    pub derivable: bool,
}

/// How the values of a column are held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The number of a row in its own or another table: 64 bits, see [`super`].
    Key,
    /// Text.
    Text,
    /// A whole number of 32 bits.
    Integer,
    /// A decimal number, kept with the digits that it has.
    Number,
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// A moment, to the second.
    Timestamp,
}

/// The columns that one part of a record fills.
#[derive(Debug)]
pub(super) struct Fill {
    pub context: &'static str,
    /// Column, and keys from the part to the value.
    pub columns: Vec<(usize, Vec<&'static str>)>,
}

const TABLE: &str = include_str!("../../data/aact.tsv");

static TABLES: LazyLock<Vec<Table>> = LazyLock::new(|| {
    let mut tables: Vec<Table> = Vec::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [name, column, declared, not_null, from] = cells[..] else { panic!("aact.tsv: `{line}`") };
        if tables.last().is_none_or(|table| table.name != name) {
            tables.push(Table { name, columns: Vec::new(), fills: Vec::new() });
        }
        let table = tables.last_mut().expect("pushed above");
        if let Some((context, path)) = from.split_once(':') {
            table.fill(context, path);
        }
        table.columns.push(Column {
            name: column,
            declared,
            not_null: not_null == "!",
            kind: Kind::of(column, declared),
            derivable: from != "-",
        });
    }
    tables
});

/// All tables, by name.
pub fn tables() -> &'static [Table] {
    &TABLES
}

/// The place of a table among [`tables`].
pub(super) fn place(name: &str) -> usize {
    let found = TABLES.binary_search_by(|table| table.name.cmp(name));
    found.unwrap_or_else(|_| panic!("there is no table `{name}` in aact.tsv"))
}

impl Table {
    /// Whether its rows have numbers of their own.
    pub fn has_id(&self) -> bool {
        self.columns.first().is_some_and(|column| column.name == "id")
    }

    /// Whether any of it can be known from the records.
    pub fn derivable(&self) -> bool {
        self.columns.iter().any(|column| column.derivable)
    }

    fn fill(&mut self, context: &'static str, path: &'static str) {
        let keys = if path.is_empty() { Vec::new() } else { path.split('.').collect() };
        let column = (self.columns.len(), keys);
        match self.fills.iter_mut().find(|fill| fill.context == context) {
            Some(fill) => fill.columns.push(column),
            None => self.fills.push(Fill { context, columns: vec![column] }),
        }
    }
}

impl Kind {
    fn of(name: &str, declared: &str) -> Self {
        match declared {
            "integer" | "bigint" if name == "id" || name.ends_with("_id") => Self::Key,
            "integer" | "bigint" => Self::Integer,
            "numeric" | "double precision" => Self::Number,
            "boolean" => Self::Boolean,
            "date" => Self::Date,
            "timestamp" => Self::Timestamp,
            _ => Self::Text,
        }
    }
}
