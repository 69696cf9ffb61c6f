//! One row of a clinical table, as far as it becomes a fact.

use std::{borrow::Cow, collections::HashMap};

use model::PartialDate;

use super::table::Table;

/// The columns of a table, in lower case.
pub(super) struct Head {
    columns: HashMap<String, usize>,
}

/// A row of a table.
pub(super) struct Cells<'r> {
    pub head: &'r Head,
    pub cells: &'r [Cow<'r, str>],
}

/// What a row says, with concepts as numbers.
pub(super) struct Row {
    pub table: Table,
    pub number: u64,
    pub person: String,
    pub concept: i64,
    pub source_concept: i64,
    pub source_value: Option<String>,
    pub start: Option<String>,
    pub end: Option<String>,
    pub value: Option<String>,
    pub value_text: Option<String>,
    pub value_concept: i64,
    pub operator: i64,
    pub unit_concept: i64,
    pub unit: Option<String>,
    pub low: Option<String>,
    pub high: Option<String>,
    /// `term_exists`, `term_temporal` and `term_modifiers` of note_nlp.
    pub term: [Option<String>; 3],
    /// The day of the note.
    pub day: Option<PartialDate>,
}

impl Head {
    pub fn new(names: impl Iterator<Item = String>) -> Self {
        let names = names.map(|name| name.trim().trim_start_matches('\u{feff}').to_lowercase());
        Self { columns: names.enumerate().map(|(at, name)| (name, at)).collect() }
    }

    pub fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }
}

impl Cells<'_> {
    /// A cell that is not empty.
    pub fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(*self.head.columns.get(column)?)?.trim();
        (!cell.is_empty() && !matches!(cell, "NULL" | "null" | "NA" | "\\N")).then_some(cell)
    }

    /// A whole number; 0, which is "no concept" in the CDM, if there is none.
    pub fn number(&self, column: &str) -> i64 {
        let whole = |text: &str| text.strip_suffix(".0").unwrap_or(text).parse().ok();
        self.get(column).and_then(whole).unwrap_or_default()
    }
}

impl Row {
    pub fn new(table: Table, cells: &Cells, person: String, number: u64) -> Self {
        let text = |column: &str| cells.get(column).map(str::to_owned);
        let prefix = table.prefix();
        let own = |suffix: &str| format!("{prefix}_{suffix}");
        let (start, end) = match table {
            Table::Drug => ("drug_exposure_start_date".to_owned(), "drug_exposure_end_date".to_owned()),
            Table::Measurement | Table::Procedure | Table::Observation => (own("date"), own("end_date")),
            _ => (own("start_date"), own("end_date")),
        };
        let source_value = match table {
            Table::NoteNlp => text("lexical_variant"),
            _ => text(&own("source_value")),
        };
        Self {
            table,
            number,
            person,
            concept: cells.number(&own("concept_id")),
            source_concept: cells.number(&own("source_concept_id")),
            source_value,
            start: text(&start).or_else(|| text(&start.replace("_date", "_datetime"))),
            end: text(&end).or_else(|| text(&end.replace("_date", "_datetime"))),
            value: text("value_as_number"),
            value_text: text("value_as_string").or_else(|| text("value_source_value")),
            value_concept: cells.number("value_as_concept_id"),
            operator: cells.number("operator_concept_id"),
            unit_concept: cells.number("unit_concept_id"),
            unit: text("unit_source_value"),
            low: text("range_low"),
            high: text("range_high"),
            term: [text("term_exists"), text("term_temporal"), text("term_modifiers")],
            day: None,
        }
    }

    /// The concepts whose names and codes are needed.
    pub fn concepts(&self) -> impl Iterator<Item = i64> + use<> {
        let all = [self.concept, self.source_concept, self.value_concept, self.unit_concept];
        all.into_iter().filter(|concept| *concept != 0)
    }
}
