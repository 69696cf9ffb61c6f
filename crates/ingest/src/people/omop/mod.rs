//! Tables of the OMOP Common Data Model 5.x, as CSV (comma, tab or semicolon) or Parquet.
//!
//! The head says which table it is. Rows wait for the end of the input, when the persons and the concepts are known:
//! a concept that the vocabulary table does not have keeps its number as a code without meaning.

mod fact;
mod parquet;
mod row;
mod table;

use std::{
    collections::{HashMap, HashSet},
    io::BufRead,
    ops::ControlFlow,
};

use model::{Birth, Coding, Death, IssueKind, PartialDate, Period, Sex, Source, Subject};

use self::row::{Cells, Head, Row};
use super::{
    date,
    session::{Flow, Group, Session},
};

pub(crate) use self::{parquet::read as parquet, table::recognise};
use table::Table;

/// What has been read of the tables.
#[derive(Default)]
pub(crate) struct Tables {
    people: Group,
    rows: Vec<Row>,
    /// Concepts by number, as far as they are needed.
    concepts: HashMap<i64, Coding>,
    needed: HashSet<i64>,
    /// Notes: whose, and when.
    notes: HashMap<String, (String, Option<PartialDate>)>,
    /// Where the tables lie.
    met: bool,
}

/// Reads a table as CSV.
pub(crate) fn csv(session: &mut Session, line: &str, lines: &mut dyn BufRead) -> Flow {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(line)).flexible(true).from_reader(lines);
    let head = match reader.byte_headers() {
        Ok(names) => Head::new(names.iter().map(|name| String::from_utf8_lossy(name).into_owned())),
        Err(error) => return session.issue(IssueKind::Malformed, format!("not CSV: {error}"), None),
    };
    let Some(table) = begin(session, &head)? else { return Flow::Continue(()) };
    let (mut record, mut number) = (csv::ByteRecord::new(), 0);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {
                number += 1;
                let cells: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
                add(session, table, &Cells { head: &head, cells: &cells }, number)?;
            }
            Ok(false) => return Flow::Continue(()),
            Err(error) => return session.issue(IssueKind::Malformed, format!("not CSV: {error}"), None),
        }
    }
}

/// The character between the cells of a line.
pub(crate) fn delimiter(line: &str) -> u8 {
    let count = |c: char| line.matches(c).count();
    [(count('\t'), b'\t'), (count(';'), b';'), (count(','), b',')]
        .into_iter()
        .max_by_key(|of| of.0)
        .map_or(b',', |of| of.1)
}

/// Which table it is; tables that say nothing to us are counted, unknown ones are an issue.
fn begin(session: &mut Session, head: &Head) -> ControlFlow<(), Option<Table>> {
    session.record = None;
    session.byte = None;
    match Table::of(head) {
        Some(Table::Other) => {
            session.missed("OMOP table that is not read");
            ControlFlow::Continue(None)
        }
        Some(table) => {
            session.tables.met = true;
            ControlFlow::Continue(Some(table))
        }
        None => {
            let message = "no OMOP table that we know: its columns are those of no table of the CDM 5.x; expected \
                 person, condition_occurrence, measurement, drug_exposure, procedure_occurrence, observation, \
                 visit_occurrence, death, observation_period, note, note_nlp or concept";
            session.issue(IssueKind::UnknownFormat, message, None)?;
            ControlFlow::Continue(None)
        }
    }
}

/// Takes a row.
fn add(session: &mut Session, table: Table, cells: &Cells, number: u64) -> Flow {
    session.record = Some(number);
    let place = session.place(None);
    let tables = &mut session.tables;
    if table == Table::Concept {
        tables.concept(cells);
        return Flow::Continue(());
    }
    let person = match table {
        Table::NoteNlp => cells.get("note_id"),
        _ => cells.get("person_id"),
    };
    let Some(person) = person.map(str::to_owned) else {
        return session.issue(
            IssueKind::BadValue,
            format!("a row of {} without a person", table.name()),
            None,
        );
    };
    match table {
        Table::Person => demographics(tables.people.person(&person, &place), cells),
        Table::ObservationPeriod => {
            let subject = tables.people.person(&person, &place);
            let mut day = |column| date::read(cells.get(column), column, &mut subject.problems);
            let period = Period {
                start: day("observation_period_start_date"),
                end: day("observation_period_end_date"),
            };
            subject.observed.push(period);
        }
        Table::Death => {
            let subject = tables.people.person(&person, &place);
            let date = date::read(cells.get("death_date"), "death_date", &mut subject.problems);
            let source = Source::Row { table: "death".to_owned(), row: number, column: None };
            subject.death = Some(Death { date, source });
        }
        Table::Note => {
            let day = cells.get("note_date").and_then(date::parse);
            if let Some(note) = cells.get("note_id") {
                tables.notes.insert(note.to_owned(), (person, day));
            }
        }
        _ => {
            let row = Row::new(table, cells, person, number);
            tables.needed.extend(row.concepts());
            tables.rows.push(row);
        }
    }
    Flow::Continue(())
}

impl Tables {
    /// Keeps a concept if a row has named it; all, if no row has come yet.
    fn concept(&mut self, cells: &Cells) {
        let number = cells.number("concept_id");
        if number != 0 && (self.needed.is_empty() || self.needed.contains(&number)) {
            let text = |column| cells.get(column).unwrap_or_default().to_owned();
            let coding = Coding {
                system: text("vocabulary_id"),
                code: text("concept_code"),
                display: cells.get("concept_name").map(str::to_owned),
            };
            self.concepts.insert(number, coding);
        }
    }
}

/// OMOP's numbers for the sexes.
const MALE: i64 = 8507;
const FEMALE: i64 = 8532;
const OTHER: i64 = 8521;

fn demographics(subject: &mut Subject, cells: &Cells) {
    let word = cells.get("gender_source_value").unwrap_or_default().to_ascii_lowercase();
    subject.sex = match (cells.number("gender_concept_id"), word.as_str()) {
        (MALE, _) | (0, "m" | "male") => Some(Sex::Male),
        (FEMALE, _) | (0, "f" | "female") => Some(Sex::Female),
        (OTHER, _) => Some(Sex::Other),
        _ => None,
    };
    let number = |column| cells.get(column).and_then(|text| text.parse::<i16>().ok()).filter(|n| *n > 0);
    let small = |column| number(column).and_then(|n| i8::try_from(n).ok());
    let date = match number("year_of_birth") {
        Some(year) => {
            let month = small("month_of_birth");
            let date = PartialDate::new(year, month, month.and(small("day_of_birth")));
            if date.is_none() {
                let text = format!("{year}-{}", month.unwrap_or_default());
                let element = "year_of_birth".to_owned();
                subject.problems.push(model::Problem::ImpossibleDate { element, text });
            }
            date
        }
        None => date::read(cells.get("birth_datetime"), "birth_datetime", &mut subject.problems),
    };
    subject.birth = date.map(Birth::Date);
}

/// Hands out the persons, each with the facts of all tables.
pub(crate) fn finish(session: &mut Session) -> Flow {
    let mut tables = std::mem::take(&mut session.tables);
    if !tables.met {
        return Flow::Continue(());
    }
    (session.record, session.byte) = (None, None);
    let place = session.place(None);
    for mut row in std::mem::take(&mut tables.rows) {
        if row.table == Table::NoteNlp {
            let Some((person, day)) = tables.notes.get(&row.person).cloned() else {
                session.missed("note_nlp row of an unknown note");
                continue;
            };
            row.person = person;
            row.day = day;
        }
        let unknown = row.concepts().filter(|concept| !tables.concepts.contains_key(concept)).count();
        for _ in 0..unknown {
            session.missed("OMOP concept without a row in the table concept");
        }
        let (fact, person) = fact::of(row, &tables.concepts, &mut session.meaning);
        tables.people.person(&person, &place).facts.push(fact);
    }
    for (subject, place) in tables.people.into_people() {
        session.person(subject, place)?;
    }
    Flow::Continue(())
}
