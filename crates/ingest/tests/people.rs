//! People of every format: each resource, table and status; broken input; and what real bundles hold.

// Helpers of tests may fail as tests do.
#![allow(clippy::unwrap_used)]

#[path = "people/broken.rs"]
mod broken;
#[path = "people/fhir.rs"]
mod fhir;
#[path = "people/form.rs"]
mod form;
#[path = "people/omop.rs"]
mod omop;
#[path = "people/phenopackets.rs"]
mod phenopackets;
#[path = "people/real_data.rs"]
mod real_data;

use std::{collections::BTreeMap, ops::ControlFlow, path::Path};

use ingest::{
    Limits,
    people::{FoundPerson, PeopleFormat, read_people, read_people_at},
};
use model::{Fact, Issue, Subject, Value};

/// All that a reading finds.
#[derive(Debug, Default, PartialEq)]
struct All {
    people: Vec<Subject>,
    issues: Vec<Issue>,
    missed: BTreeMap<String, u64>,
}

impl All {
    fn take(&mut self, found: FoundPerson) -> ControlFlow<()> {
        match found {
            FoundPerson::Person(subject, _) => self.people.push(*subject),
            FoundPerson::Issue(issue) => self.issues.push(issue),
            FoundPerson::NotUnderstood(missed) => self.missed = missed,
        }
        ControlFlow::Continue(())
    }

    /// The one person.
    fn person(&self) -> &Subject {
        assert_eq!(self.people.len(), 1, "{self:#?}");
        &self.people[0]
    }

    fn issue_lines(&self) -> Vec<String> {
        self.issues.iter().map(ToString::to_string).collect()
    }
}

fn read(text: impl AsRef<[u8]>) -> All {
    read_as(text, None)
}

fn read_as(text: impl AsRef<[u8]>, format: Option<PeopleFormat>) -> All {
    let mut all = All::default();
    let _ = read_people("test", text.as_ref(), format, Limits::default(), &mut |found| all.take(found));
    all
}

fn read_at(path: &Path) -> All {
    let mut all = All::default();
    let _ = read_people_at(path, None, Limits::default(), &mut |found| all.take(found));
    all
}

/// A fact in a line: label, status, sign of negation, value, times, problems.
fn line(fact: &Fact) -> String {
    let mut line = format!("{:?} {}", fact.kind, fact.what.label());
    if let Some(variable) = fact.what.variable.as_deref().filter(|variable| *variable != fact.what.label()) {
        line += &format!(" ({variable})");
    }
    line += &format!(" {:?}", fact.status);
    if fact.negated {
        line += " not";
    }
    if let Some(family) = &fact.family {
        line += &format!(" of {family}");
    }
    if let Some(value) = &fact.value {
        line += &format!(" = {}", shown(value));
    }
    let date = |date: Option<model::PartialDate>| date.map(|date| date.to_string()).unwrap_or_default();
    if fact.start.is_some() || fact.end.is_some() {
        line += &format!(" [{}..{}]", date(fact.start), date(fact.end));
    }
    for problem in &fact.problems {
        line += &format!(" !{problem:?}");
    }
    line
}

fn shown(value: &Value) -> String {
    match value {
        Value::Quantity(quantity) => {
            let canonical = quantity.canonical.map(|value| format!(" ({})", value.round_dp(4).normalize()));
            format!(
                "{:?} {} {}{}",
                quantity.comparator,
                quantity.value,
                quantity.ucum.as_deref().or(quantity.unit.as_deref()).unwrap_or("-"),
                canonical.unwrap_or_default()
            )
        }
        Value::Coded(what) => what.label().to_owned(),
        Value::Text(text) => format!("`{text}`"),
        Value::Boolean(yes) => yes.to_string(),
        Value::Range(range) => {
            let end = |end: &Option<model::Quantity>| {
                end.clone().map(|q| shown(&Value::Quantity(q))).unwrap_or_default()
            };
            format!("{} to {}", end(&range.low), end(&range.high))
        }
    }
}

fn lines(subject: &Subject) -> String {
    subject.facts.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A table of CSV as Parquet, every column text.
fn parquet_of(text: &str) -> Vec<u8> {
    use std::sync::Arc;

    use parquet::{
        basic::{Compression, ZstdLevel},
        data_type::{ByteArray, ByteArrayType},
        file::{properties::WriterProperties, writer::SerializedFileWriter},
        schema::parser::parse_message_type,
    };
    let delimiter = if text.contains('\t') { '\t' } else { ',' };
    let rows: Vec<Vec<&str>> = text.lines().map(|line| line.split(delimiter).collect()).collect();
    let columns: String = rows[0].iter().map(|name| format!("REQUIRED BYTE_ARRAY {name} (UTF8); ")).collect();
    let schema = Arc::new(parse_message_type(&format!("message table {{ {columns} }}")).unwrap());
    let compression =
        if rows.len() > 3 { Compression::SNAPPY } else { Compression::ZSTD(ZstdLevel::default()) };
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for column in 0..rows[0].len() {
        let mut out = group.next_column().unwrap().unwrap();
        let values: Vec<ByteArray> = rows[1..].iter().map(|row| ByteArray::from(row[column])).collect();
        out.typed::<ByteArrayType>().write_batch(&values, None, None).unwrap();
        out.close().unwrap();
    }
    group.close().unwrap();
    writer.into_inner().unwrap()
}
