//! A person to be matched: read from a note, from a record, or from a record and words added to it.

use std::{collections::BTreeMap, ops::ControlFlow};

use eligibility::{
    evaluate::{Absence, Settings as Rules},
    note::NoteReader,
};
use ingest::{
    Limits,
    people::{FoundPerson, read_people},
};
use jiff::civil::Date;
use model::Subject;

use crate::topic::{Settings, Topic};

/// A person to be matched: what they are about, what is known, and how that is held against criteria.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Which studies are about them.
    pub topic: Topic,
    /// What is known.
    pub subject: Subject,
    /// How that is held against criteria.
    pub rules: Rules,
}

impl Asked {
    /// The person that a note is about, written on `day`. What would rule them out, and would be mentioned, is presumed
    /// absent ([`Absence::Clinical`]).
    pub fn of_note(id: &str, text: &str, day: Date) -> Self {
        Self {
            topic: Topic::of_note(text, &Settings::default()),
            subject: Subject { id: id.to_owned(), ..NoteReader::new().read(text, day) },
            rules: Rules::on(day).with(Absence::Clinical),
        }
    }

    /// The person of a record. What is not recorded is unknown ([`Absence::Open`]).
    pub fn of_subject(subject: Subject, day: Date) -> Self {
        let topic = topic(&subject, day);
        Self { topic, subject, rules: Rules::on(day).with(Absence::Open) }
    }

    /// The person of a record, and what somebody adds to it in words. Sex and birth are those of the record if it has
    /// them.
    pub fn of_both(mut subject: Subject, words: &str, day: Date) -> Self {
        let added = NoteReader::new().read(words, day);
        subject.sex = subject.sex.or(added.sex);
        subject.birth = subject.birth.or(added.birth);
        subject.facts.extend(added.facts);
        subject.sort();
        Self::of_subject(subject, day)
    }
}

fn topic(subject: &Subject, day: Date) -> Topic {
    let days = subject.birth.as_ref().and_then(|birth| birth.days_on(day));
    let age = days.map(|(least, most)| f64::from(least + most) / 2.0 / 365.25);
    Topic::of_subject(subject, age, &Settings::default())
}

/// What was found in bytes that should hold people.
#[derive(Clone, Debug, Default)]
pub struct People {
    /// The people, in order.
    pub people: Vec<Subject>,
    /// What is broken, with its place.
    pub issues: Vec<String>,
    /// How often something was met that says nothing to us.
    pub not_understood: BTreeMap<String, u64>,
}

impl People {
    /// Finds the people of a FHIR bundle or NDJSON, Phenopacket, OMOP table or form; `name` is what places call it.
    pub fn read(name: &str, bytes: &[u8]) -> Self {
        let mut all = Self::default();
        let limits = Limits { record_bytes: bytes.len() as u64 };
        let _ = read_people(name, bytes, None, limits, &mut |found| {
            match found {
                FoundPerson::Person(subject, _) => all.people.push(*subject),
                FoundPerson::Issue(issue) => all.issues.push(issue.to_string()),
                FoundPerson::NotUnderstood(what) => all.not_understood.extend(what),
            }
            ControlFlow::Continue(())
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use eligibility::evaluate::Person;
    use jiff::civil::date;
    use model::Sex;

    use super::*;

    #[test]
    fn words_add_to_a_record_and_do_not_overrule_who_it_is_about() {
        let bundle =
            r#"{"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-02-01"}"#;
        let mut read = People::read("p.json", bundle.as_bytes());
        let subject = read.people.pop().unwrap();
        let asked = Asked::of_both(subject, "A 20-year-old man. HbA1c 8.1 %.", date(2026, 5, 17));
        assert_eq!(asked.subject.sex, Some(Sex::Female));
        assert_eq!(asked.topic.age.map(f64::floor), Some(56.0));
        assert_eq!(Person::new(&asked.subject).about("hba1c").count(), 1);
    }

    #[test]
    fn what_holds_nobody_says_so() {
        for text in ["", "{", "[1, 2", "\u{0}\u{1}", "{\"resourceType\": \"Claim\"}"] {
            assert!(People::read("x", text.as_bytes()).people.is_empty(), "{text:?}");
        }
    }
}
