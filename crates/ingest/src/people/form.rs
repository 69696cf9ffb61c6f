//! The simple form: one person a row of CSV, or a JSON object; the head names a variable and its unit.
//!
//! `id`, `sex`, `age` or `birth date`, `date` (of all values), `conditions`, `medications`, `procedures` and
//! `allergies` (lists between semicolons), and any variable of the catalogue by id, name or synonym, with its unit in
//! brackets or behind a comma: `HbA1c (%)`, `Creatinine [umol/L]`, `weight, kg`. `ALT ULN` is the laboratory's upper
//! limit for ALT. A list of our own subjects as JSON is read as it is.

use std::{borrow::Cow, io::BufRead};

use model::{
    Birth, Decimal, Fact, FactKind, FactStatus, IssueKind, PartialDate, Problem, ReferenceRange, Sex, Source,
    StatedAge, Subject, Value,
};
use serde_json::{Map, Value as Json};
use vocabulary::{
    unit::{self, Unit},
    variable::{self, Kind, Variable},
};

use super::{
    date,
    meaning::{self, yes_or_no},
    number,
    omop::delimiter,
    session::{EXPECTED, Flow, Session},
};

/// What a column or key is.
#[derive(Clone, Debug, PartialEq)]
enum Role {
    Id,
    Sex,
    Age(Option<Unit>),
    Birth,
    Date,
    List(FactKind),
    Variable(&'static str, Option<String>),
    /// An upper (or else lower) limit of normal.
    Limit(&'static str, Option<String>, bool),
    Unknown(String),
}

/// Reads a form as CSV.
pub(crate) fn csv(session: &mut Session, line: &str, lines: &mut dyn BufRead) -> Flow {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter(line)).flexible(true).from_reader(lines);
    let head: Vec<String> = match reader.byte_headers() {
        Ok(names) => names
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim_matches('\u{feff}').to_owned())
            .collect(),
        Err(error) => return session.issue(IssueKind::Malformed, format!("not CSV: {error}"), None),
    };
    let roles: Vec<Role> = head.iter().map(|name| role(name)).collect();
    if !roles.iter().any(is_known) {
        let message = format!("none of its columns is known; {EXPECTED}");
        return session.issue(IssueKind::UnknownFormat, message, None);
    }
    let (mut record, mut number) = (csv::ByteRecord::new(), 0);
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {
                number += 1;
                session.record = Some(number);
                let cells: Vec<Cow<str>> = record.iter().map(String::from_utf8_lossy).collect();
                if record.len() != head.len() {
                    let message = format!("{} cells where the head has {}", record.len(), head.len());
                    session.issue(IssueKind::BadValue, message, None)?;
                }
                let cells = roles.iter().zip(&head).zip(&cells).map(|((role, name), cell)| Cell {
                    role,
                    name,
                    text: cell.trim(),
                    unit: None,
                    date: None,
                });
                row(session, &cells.collect::<Vec<_>>())?;
            }
            Ok(false) => return Flow::Continue(()),
            Err(error) => return session.issue(IssueKind::Malformed, format!("not CSV: {error}"), None),
        }
    }
}

/// Reads a person from a JSON object.
pub(crate) fn json(session: &mut Session, text: &str) -> Flow {
    let object: Map<String, Json> = match serde_json::from_str(text) {
        Ok(object) => object,
        Err(error) => return super::whole::malformed(session, &error),
    };
    if object.get("facts").is_some_and(Json::is_array) {
        return match serde_json::from_value::<Subject>(Json::Object(object)) {
            Ok(subject) => {
                let place = session.place(None);
                session.person(subject, place)
            }
            Err(error) => session.issue(IssueKind::BadValue, format!("no subject: {error}"), None),
        };
    }
    let values: Vec<(Role, String, JsonCell)> =
        object.into_iter().flat_map(|(key, value)| cells_of(key, value)).collect();
    if !values.iter().any(|(role, ..)| is_known(role)) {
        let message = format!("none of its keys is known; {EXPECTED}");
        return session.issue(IssueKind::UnknownFormat, message, None);
    }
    let cells: Vec<Cell> = values
        .iter()
        .map(|(role, name, cell)| Cell {
            role,
            name,
            text: cell.text.trim(),
            unit: cell.unit.as_deref(),
            date: cell.date.as_deref(),
        })
        .collect();
    row(session, &cells)
}

/// A value of a JSON form.
#[derive(Default)]
struct JsonCell {
    text: String,
    unit: Option<String>,
    date: Option<String>,
}

/// One key may hold several values: a list of `{value, unit, date}`, or of words.
fn cells_of(key: String, value: Json) -> Vec<(Role, String, JsonCell)> {
    let role = role(&key);
    let scalar = |value: &Json| match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    };
    let one = |value: &Json| match value {
        Json::Object(object) => {
            let text = |key: &str| object.get(key).map(scalar).filter(|text| !text.is_empty());
            JsonCell { text: text("value").unwrap_or_default(), unit: text("unit"), date: text("date") }
        }
        other => JsonCell { text: scalar(other), ..JsonCell::default() },
    };
    match &value {
        Json::Array(items) => items.iter().map(|item| (role.clone(), key.clone(), one(item))).collect(),
        other => vec![(role, key, one(other))],
    }
}

/// A cell with what its column says.
struct Cell<'c> {
    role: &'c Role,
    name: &'c str,
    text: &'c str,
    unit: Option<&'c str>,
    date: Option<&'c str>,
}

fn row(session: &mut Session, cells: &[Cell]) -> Flow {
    let number = session.record.unwrap_or(1);
    let mut subject = Subject { id: number.to_string(), ..Subject::default() };
    let day = cells.iter().find(|cell| *cell.role == Role::Date).map(|cell| cell.text);
    let day = date::read(day, "date", &mut subject.problems);
    for cell in cells.iter().filter(|cell| !is_empty(cell.text)) {
        match cell.role {
            Role::Id => cell.text.clone_into(&mut subject.id),
            Role::Sex => set_sex(session, &mut subject, cell.text)?,
            Role::Age(unit) => set_age(&mut subject, cell, *unit, day),
            Role::Birth => {
                let birth = date::read(Some(cell.text), cell.name, &mut subject.problems);
                subject.birth = birth.map(Birth::Date).or(subject.birth);
            }
            Role::Date | Role::Limit(..) => {}
            Role::List(kind) => list(session, &mut subject, *kind, cell, number, day),
            Role::Variable(id, unit) => {
                let unit = cell.unit.or(unit.as_deref());
                if let Some(variable) = variable::by_id(id) {
                    subject.facts.push(fact(session, variable, cell, unit, number, day));
                }
            }
            Role::Unknown(name) => {
                session.missed(&format!("column {name}"));
                let what = model::What::words(cell.name);
                let mut fact =
                    Fact::new(FactKind::Observation, what, FactStatus::Current, source(cell, number));
                fact.start = day;
                meaning::set_text(&mut fact, cell.text, cell.unit);
                subject.facts.push(fact);
            }
        }
    }
    limits(&mut subject, cells);
    let place = session.place(None);
    session.person(subject, place)
}

fn is_empty(text: &str) -> bool {
    text.is_empty() || matches!(text, "NA" | "N/A" | "n/a" | "null" | "NULL" | "?" | "unknown")
}

fn source(cell: &Cell, number: u64) -> Source {
    Source::Row { table: "form".to_owned(), row: number, column: Some(cell.name.to_owned()) }
}

fn set_sex(session: &mut Session, subject: &mut Subject, text: &str) -> Flow {
    subject.sex = match text.to_lowercase().as_str() {
        "f" | "female" | "woman" | "w" | "girl" => Some(Sex::Female),
        "m" | "male" | "man" | "boy" => Some(Sex::Male),
        "other" | "o" | "diverse" | "intersex" => Some(Sex::Other),
        _ => {
            let message = format!("`{}` is no sex: expected female, male or other", short(text));
            return session.issue(IssueKind::BadValue, message, Some("sex".to_owned()));
        }
    };
    Flow::Continue(())
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn set_age(subject: &mut Subject, cell: &Cell, unit: Option<Unit>, day: Option<PartialDate>) {
    let read = number::quantity(cell.text);
    let Some((_, value, behind)) = read else {
        subject.problems.push(Problem::NotANumber { text: short(cell.text) });
        return;
    };
    let unit = unit::of(behind).or(cell.unit.and_then(unit::of)).or(unit).map_or("a", Unit::as_str);
    let on = cell.date.and_then(date::parse).or(day);
    let age = StatedAge { value, unit: unit.to_owned(), on };
    subject.birth = subject.birth.take().or(Some(Birth::Age(age)));
}

/// `type 2 diabetes; hypertension; no asthma`.
fn list(
    session: &mut Session,
    subject: &mut Subject,
    kind: FactKind,
    cell: &Cell,
    number: u64,
    day: Option<PartialDate>,
) {
    for item in cell.text.split([';', '|']).map(str::trim).filter(|item| !is_empty(item)) {
        let (negated, words) = match item.split_once(' ') {
            Some((no, rest)) if no.eq_ignore_ascii_case("no") => (true, rest.trim()),
            _ => (false, item),
        };
        let what = session.meaning.what(Vec::new(), Some(words.to_owned()));
        let status = if kind == FactKind::Procedure { FactStatus::Past } else { FactStatus::Current };
        let mut fact = Fact::new(kind, what, status, source(cell, number));
        // The day is when it was so, not when it began: only something done has it as its time.
        fact.start = if kind == FactKind::Procedure { cell.date.and_then(date::parse) } else { None };
        fact.negated = negated;
        if kind == FactKind::Observation {
            fact.start = day;
        }
        subject.facts.push(fact);
    }
}

fn fact(
    session: &mut Session,
    variable: &'static Variable,
    cell: &Cell,
    unit: Option<&str>,
    number: u64,
    day: Option<PartialDate>,
) -> Fact {
    let kind = match variable.kind {
        Kind::Condition => FactKind::Condition,
        Kind::Procedure => FactKind::Procedure,
        Kind::Drug | Kind::DrugClass => FactKind::Drug,
        Kind::Allergen => FactKind::Allergy,
        Kind::Event => FactKind::Event,
        Kind::Boolean => FactKind::Status,
        _ => FactKind::Observation,
    };
    let mut what = session.meaning.what(Vec::new(), Some(cell.name.to_owned()));
    what.variable = Some(variable.id.to_owned());
    let mut fact = Fact::new(kind, what, FactStatus::Current, source(cell, number));
    let stated = cell.date.filter(|text| !text.is_empty());
    fact.start = date::read(stated, cell.name, &mut fact.problems).or(day);
    // A number without a unit in the head is in the canonical unit only if that is how it is written.
    meaning::set_text(&mut fact, cell.text, unit);
    if kind != FactKind::Observation {
        fact.start = date::read(stated, cell.name, &mut Vec::new());
        if let Some(yes) = yes_or_no(cell.text) {
            // Of a disease or drug, "no" is its absence; a state has its value.
            let is_state = kind == FactKind::Status;
            fact.value = is_state.then_some(Value::Boolean(yes));
            fact.negated = !yes && !is_state;
        }
    }
    fact
}

/// Gives the limits of normal to the values of their variable.
fn limits(subject: &mut Subject, cells: &[Cell]) {
    for cell in cells {
        let Role::Limit(id, unit, upper) = cell.role else { continue };
        let Some((_, value, behind)) = number::quantity(cell.text) else { continue };
        for fact in subject.facts.iter_mut().filter(|fact| fact.what.variable.as_deref() == Some(*id)) {
            let given = Some(behind).filter(|unit| !unit.is_empty()).or(cell.unit).or(unit.as_deref());
            let own = match &fact.value {
                Some(Value::Quantity(quantity)) => quantity.unit.clone(),
                _ => None,
            };
            let unit = given.or(own.as_deref());
            let limit = limit(fact, value, unit);
            let range = fact.range.get_or_insert_with(ReferenceRange::default);
            *(if *upper { &mut range.high } else { &mut range.low }) = Some(limit);
        }
    }
}

fn limit(fact: &Fact, value: Decimal, unit: Option<&str>) -> model::Quantity {
    let measured = meaning::Measured { value, comparator: model::Comparator::Exact, unit, code: None };
    meaning::measure(&fact.what, &measured, &mut Vec::new())
}

fn is_known(role: &Role) -> bool {
    !matches!(role, Role::Unknown(_) | Role::Id | Role::Date)
}

/// What a head says: `HbA1c (%)`.
fn role(head: &str) -> Role {
    let head = head.trim();
    let (name, unit) = name_and_unit(head);
    let lower = name.to_lowercase().replace('_', " ");
    match lower.trim() {
        "id" | "subject" | "subject id" | "person" | "person id" | "patient" | "patient id" => {
            return Role::Id;
        }
        "sex" | "gender" => return Role::Sex,
        "age" => return Role::Age(unit.as_deref().and_then(unit::of)),
        "birth" | "birthdate" | "birth date" | "date of birth" | "dob" | "born" | "year of birth" => {
            return Role::Birth;
        }
        "date" | "visit date" | "as of" | "index date" => return Role::Date,
        "conditions" | "condition" | "diagnoses" | "diagnosis" | "problems" => {
            return Role::List(FactKind::Condition);
        }
        "medications" | "medication" | "drugs" | "treatments" => return Role::List(FactKind::Drug),
        "procedures" => return Role::List(FactKind::Procedure),
        "allergies" => return Role::List(FactKind::Allergy),
        _ => {}
    }
    for (end, upper) in [(" uln", true), (" lln", false)] {
        let limited = lower.strip_suffix(end).and_then(find);
        if let Some(variable) = limited {
            return Role::Limit(variable.id, unit, upper);
        }
    }
    match find(name).or_else(|| find(&lower)) {
        Some(variable) => Role::Variable(variable.id, unit),
        None => Role::Unknown(short(head)),
    }
}

fn find(name: &str) -> Option<&'static Variable> {
    variable::named(name).filter(|variable| !matches!(variable.id, "sex" | "age"))
}

/// The name and the unit of a head: in brackets, behind a comma, or as the last word of a known name.
fn name_and_unit(head: &str) -> (&str, Option<String>) {
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let (Some(at), true) = (head.find(open), head.ends_with(close)) {
            let unit = head[at + 1..head.len() - 1].trim().to_owned();
            // `(CRP)` is another name, not a unit; but what is no unit at all must be seen.
            let is_name = variable::named(&unit).is_some() && unit::of(&unit).is_none();
            return (head[..at].trim(), Some(unit).filter(|unit| !unit.is_empty() && !is_name));
        }
    }
    for separator in [',', '_', ' '] {
        if let Some((name, unit)) = head.rsplit_once(separator)
            && unit::of(unit).is_some_and(|unit| !matches!(unit.as_str(), "{ULN}" | "{LLN}"))
            && variable::named(head).is_none()
            && (variable::named(&name.replace('_', " ")).is_some() || variable::named(name).is_some())
        {
            return (name.trim(), Some(unit.trim().to_owned()));
        }
    }
    (head, None)
}
