//! What was understood of the person: read from what was sent, shown with its source, to be left out or corrected.

use eligibility::evaluate::{About, Answer};
use matching::asked::{Asked, People};
use maud::{Markup, html};
use model::{Fact, Sex, Source, Subject, Value};

use crate::{
    Site,
    components::labels::date,
    conditional::fnv,
    pages::error::Failure,
    parameters::Parameters,
    person::Wanted,
    submitted::{File, Submitted},
};

/// A person as they were read, and what is asked about them.
pub(super) struct Reading {
    /// The person, without the facts that were left out.
    pub asked: Asked,
    /// How they are to be matched.
    pub wanted: Wanted,
    /// Everything in the form.
    pub fields: Parameters,
    /// The words that were typed.
    pub words: String,
    /// The record that was sent, with all its facts.
    pub record: Option<Subject>,
    /// All facts, those that were left out too.
    facts: Vec<Fact>,
    /// What is broken in the file.
    issues: Vec<String>,
    /// What in the file says nothing to us, and how often it was met.
    not_understood: Vec<(String, u64)>,
    /// How many people are in the file.
    people: usize,
}

impl Reading {
    /// Reads the person and the wishes; `today` is the day if none is named.
    pub fn of(submitted: &Submitted, site: &Site) -> Result<Self, Failure> {
        let today = site.today();
        let fields = &submitted.fields;
        let wanted = Wanted::of(fields).map_err(|fault| Failure::Unreadable(fault.in_words()))?;
        let day = wanted.day.unwrap_or(today);
        // The ends of lines are those of the text, not of the form: places in the text stay the same.
        let mut words = fields.get("note").unwrap_or_default().replace("\r\n", "\n");
        let mut read = People::default();
        let mut record = None;
        match &submitted.file {
            Some(file) if is_note(file) => {
                words = joined(&words, &String::from_utf8_lossy(&file.bytes).replace("\r\n", "\n"));
            }
            Some(file) => {
                read = People::read(&file.name, &file.bytes);
                record = Some(chosen(&read, file, fields)?);
            }
            None => {
                if let Some(text) = fields.get("person") {
                    let broken =
                        |error| Failure::Unreadable(format!("the record in the form is broken: {error}"));
                    record = Some(serde_json::from_str(text).map_err(broken)?);
                }
            }
        }
        let mut asked = match &record {
            None if words.is_empty() => {
                let nobody = "Nothing was said of a person: type or paste a note, or choose a file.";
                return Err(Failure::Unreadable(nobody.to_owned()));
            }
            None => Asked::of_note("", &words, day),
            Some(subject) => Asked::of_both(subject.clone(), &words, day),
        };
        asked.rules.absence = wanted.absence.unwrap_or(asked.rules.absence);
        let id = record.as_ref().map_or("", |record: &Subject| record.id.as_str());
        asked.rules.answers = given(fields);
        asked.rules.answers.extend(site.catalogue.answers(id)?);
        let facts = asked.subject.facts.clone();
        let left_out: Vec<&str> = fields.all("leave").collect();
        asked.subject.facts.retain(|fact| !left_out.contains(&key(fact).as_str()));
        Ok(Self {
            asked,
            wanted,
            fields: fields.clone(),
            words,
            record,
            facts,
            issues: read.issues,
            not_understood: read.not_understood.into_iter().collect(),
            people: read.people.len(),
        })
    }
}

/// Fields with an answer begin so; behind it stand the words that it is about.
pub(super) const ANSWER: &str = "answer:";

/// The answers that were given on the page: they count for this page only.
fn given(fields: &Parameters) -> Vec<Answer> {
    let said = |(name, value): &(String, String)| {
        let holds = match value.as_str() {
            "yes" => true,
            "no" => false,
            _ => return None,
        };
        let question = name.strip_prefix(ANSWER)?.to_owned();
        Some(Answer { question, about: About::Words, holds, by: "you, on this page".to_owned() })
    };
    fields.0.iter().filter_map(said).collect()
}

/// Whether a file is a note, by its name.
fn is_note(file: &File) -> bool {
    let name = file.name.to_lowercase();
    name.ends_with(".txt") || name.ends_with(".md")
}

fn joined(first: &str, second: &str) -> String {
    [first, second.trim()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The person of a file that the form names by number, from 1.
fn chosen(read: &People, file: &File, fields: &Parameters) -> Result<Subject, Failure> {
    let number = fields.get("number").map_or(Some(1), |text| text.parse::<usize>().ok()).unwrap_or(0);
    let person = number.checked_sub(1).and_then(|at| read.people.get(at));
    person.cloned().ok_or_else(|| {
        let why = match (read.people.len(), read.issues.first()) {
            (0, Some(issue)) => format!("No person can be read from “{}”. {issue}", file.name),
            (0, None) => format!("“{}” holds no person.", file.name),
            (many, _) => {
                format!("“{}” holds {many} people: say which with a number from 1 to {many}.", file.name)
            }
        };
        Failure::Unreadable(why)
    })
}

/// A name of a fact that stays the same as long as the fact does.
pub(super) fn key(fact: &Fact) -> String {
    let bytes = serde_json::to_vec(fact).unwrap_or_default();
    format!("{:016x}", fnv(&[&bytes]))
}

/// Facts that are shown before "more".
const SHOWN: usize = 12;

/// The facts, each with its source and a box to leave it out; what is broken and what was not understood.
pub(super) fn facts(reading: &Reading) -> Markup {
    let (head, tail) = reading.facts.split_at(reading.facts.len().min(SHOWN));
    html! {
        p { (who(&reading.asked.subject)) }
        @if reading.people > 1 {
            p { "The file holds " (reading.people) " people; this is one of them. Choose the file again, with another number, for the next." }
        }
        @if reading.facts.is_empty() {
            p { "Nothing else was understood. Say it in other words: “type 2 diabetes, HbA1c 8.1 %, on metformin”." }
        } @else {
            fieldset.known {
                legend { "Tick what is wrong: it is left out of the next match" }
                ul { @for fact in head { (row(reading, fact)) } }
                @if !tail.is_empty() {
                    details {
                        summary { (tail.len()) " more facts" }
                        ul { @for fact in tail { (row(reading, fact)) } }
                    }
                }
            }
        }
        @if !reading.issues.is_empty() {
            details {
                summary { (reading.issues.len()) " faults in the file" }
                ul { @for issue in reading.issues.iter().take(50) { li { (issue) } } }
            }
        }
        @if !reading.not_understood.is_empty() {
            details {
                summary { "What was not understood" }
                ul { @for (what, count) in reading.not_understood.iter().take(50) { li { (what) ": " (count) " times" } } }
            }
        }
    }
}

fn who(subject: &Subject) -> String {
    let sex = match subject.sex {
        Some(Sex::Female) => "Female",
        Some(Sex::Male) => "Male",
        Some(Sex::Other) => "Sex stated as neither female nor male",
        None => "Sex not known",
    };
    let birth = match &subject.birth {
        Some(model::Birth::Date(born)) => format!("born {}", date(&born.to_string())),
        Some(model::Birth::Age(age)) => format!("age {} {}", age.value.normalize(), unit(&age.unit)),
        None => "age not known".to_owned(),
    };
    let death = if subject.death.is_some() { ", recorded as dead" } else { "" };
    let id = if subject.id.is_empty() { String::new() } else { format!(" (record {})", subject.id) };
    format!("{sex}, {birth}{death}{id}.")
}

/// The name of a UCUM unit of time.
fn unit(ucum: &str) -> &str {
    match ucum {
        "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        "d" => "days",
        other => other,
    }
}

fn row(reading: &Reading, fact: &Fact) -> Markup {
    let key = key(fact);
    let left_out = reading.fields.all("leave").any(|one| one == key);
    html! {
        li {
            input type="checkbox" id={ "leave-" (key) } name="leave" value=(key) checked[left_out];
            label for={ "leave-" (key) } {
                @if left_out { s { (said(fact)) } " left out" } @else { (said(fact)) }
                span.kind { (place(&fact.source, &reading.words)) }
            }
        }
    }
}

/// A fact in words.
fn said(fact: &Fact) -> String {
    let mut words = String::new();
    if let Some(relation) = &fact.family {
        words += &format!("{relation}: ");
    }
    if fact.negated || fact.says_absent() {
        words += "no ";
    }
    words += fact.what.label();
    let value = fact.value.as_ref().map(value_words).unwrap_or_default();
    if !words.contains(&value) {
        words += &format!(" {value}");
    }
    if let Some(start) = fact.start {
        words += &format!(", {}", date(&start.to_string()));
    }
    if let Some(end) = fact.end {
        words += &format!(" to {}", date(&end.to_string()));
    }
    if !fact.problems.is_empty() {
        words += " (impossible or unreadable: not used)";
    }
    words
}

fn value_words(value: &Value) -> String {
    eligibility::evaluate::value_words(value).unwrap_or_default()
}

/// Where a fact stands, in words; of a note the words themselves.
pub(super) fn place(source: &Source, words: &str) -> String {
    match source {
        Source::Resource { kind, id, part } => {
            let part = part.as_ref().map(|part| format!(" {part}")).unwrap_or_default();
            format!("{kind}/{id}{part}")
        }
        Source::Row { table, row, column } => {
            let column = column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
            format!("{table}, row {row}{column}")
        }
        Source::Path(path) => path.clone(),
        Source::Text { start, end } => match words.get(*start..*end) {
            Some(said) => format!("“{}”", said.split_whitespace().collect::<Vec<_>>().join(" ")),
            None => "typed".to_owned(),
        },
    }
}
