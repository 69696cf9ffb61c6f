//! FHIR R4 as JSON: bundles, single resources, and bulk data with one resource a line.
//!
//! A bundle is read on its own: its people are handed out at its end. Resources outside of a bundle, and those about
//! people whose Patient is elsewhere, wait for the end of the input and are put together by the patient's id.

mod medication;
mod observation;
mod resource;
mod shape;
mod status;

use std::{collections::HashMap, ops::ControlFlow};

use model::{Death, IssueKind, Sex, Source, Subject};
use serde::Deserialize;
use serde_json::value::RawValue;

use self::{
    resource::{Context, Said},
    shape::{Concept, Reference},
};
use super::{
    date,
    session::{Flow, Group, Session},
    stream::end_of_string,
    whole,
};

/// Medication resources by id and full URL.
pub(in crate::people) type Medications = HashMap<String, Concept>;

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "resourceType")]
    kind: String,
    id: Option<String>,
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(borrow, default)]
    entry: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(default)]
    full_url: Option<String>,
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
}

/// A resource with where it stands.
struct Found<'a> {
    kind: String,
    id: Option<String>,
    url: Option<String>,
    path: Option<String>,
    json: &'a str,
}

/// Reads a bundle or a resource.
pub(crate) fn read(session: &mut Session, text: &str) -> Flow {
    match serde_json::from_str::<Head>(text) {
        Ok(head) if head.kind == "Bundle" => match serde_json::from_str::<Bundle>(text) {
            Ok(bundle) => entries(session, bundle.entry.iter().map(|entry| entry.get())),
            Err(error) => session.issue(IssueKind::BadValue, format!("no bundle of FHIR: {error}"), None),
        },
        Ok(head) => {
            let found = Found { kind: head.kind, id: head.id, url: None, path: None, json: text };
            let mut loose = std::mem::take(&mut session.loose);
            let flow = one(session, &found, &mut loose);
            session.loose = loose;
            flow
        }
        Err(error) if error.is_data() => {
            let message = format!("no FHIR resource: {error}; a `resourceType` was expected");
            session.issue(IssueKind::UnknownFormat, message, None)
        }
        Err(error) => {
            whole::malformed(session, &error)?;
            entries(session, salvage(text).into_iter())
        }
    }
}

/// The complete entries of a bundle that is cut off or damaged further on.
fn salvage(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let Some(list) = text.find("\"entry\"").and_then(|at| Some(at + text[at..].find('[')? + 1)) else {
        return Vec::new();
    };
    let (mut found, mut at, mut depth, mut begin) = (Vec::new(), list, 0_usize, list);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => {
                if depth == 0 {
                    begin = at;
                }
                depth += 1;
            }
            b']' if depth == 0 => break,
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    found.extend(text.get(begin..=at));
                }
            }
            b'"' => match end_of_string(bytes, at + 1) {
                Some(end) => at = end,
                None => break,
            },
            _ => {}
        }
        at += 1;
    }
    found
}

/// Reads the entries of a bundle and hands out its people.
fn entries<'a>(session: &mut Session, entries: impl Iterator<Item = &'a str>) -> Flow {
    let mut all = Vec::new();
    for (number, entry) in entries.enumerate() {
        all.extend(resource_of(session, number, entry)?);
    }
    let mut own = Group::default();
    let mut urls = HashMap::new();
    let mut medications = Medications::new();
    for found in &all {
        if let (Some(url), Some(id)) = (&found.url, &found.id) {
            urls.insert(url.clone(), id.clone());
        }
        match found.kind.as_str() {
            "Patient" => patient(session, found, &mut own)?,
            "Medication" => add_medication(session, found, &mut medications)?,
            _ => {}
        }
    }
    for found in all.iter().filter(|found| !matches!(found.kind.as_str(), "Patient" | "Medication")) {
        let Some(said) = facts(session, found, &medications)? else { continue };
        let id = said.subject.as_ref().and_then(|subject| person_id(subject, &urls));
        let id = id.or_else(|| own.only().map(str::to_owned));
        add(session, &mut own, id, said, found)?;
    }
    for (subject, place) in own.into_people() {
        session.person(subject, place)?;
    }
    Flow::Continue(())
}

/// Puts facts to their person: of the bundle, or elsewhere.
fn add(session: &mut Session, own: &mut Group, id: Option<String>, said: Said, found: &Found) -> Flow {
    let place = session.place(None);
    match id {
        None if said.facts.is_empty() => {}
        None => {
            let message = format!("{} without a patient: passed over", described(found));
            return session.issue(IssueKind::BadValue, message, found.path.clone());
        }
        Some(id) if own.contains(&id) => own.person(&id, &place).facts.extend(said.facts),
        Some(id) => session.loose.person(&id, &place).facts.extend(said.facts),
    }
    Flow::Continue(())
}

/// A resource outside of a bundle.
fn one(session: &mut Session, found: &Found, loose: &mut Group) -> Flow {
    if found.kind == "Patient" {
        return patient(session, found, loose);
    }
    let none = Medications::new();
    let Some(said) = facts(session, found, &none)? else { return Flow::Continue(()) };
    let id = said.subject.as_ref().and_then(|subject| person_id(subject, &HashMap::new()));
    let place = session.place(None);
    match id {
        Some(id) => loose.person(&id, &place).facts.extend(said.facts),
        None => {
            let message = format!("{} without a patient: passed over", described(found));
            session.issue(IssueKind::BadValue, message, None)?;
        }
    }
    Flow::Continue(())
}

/// The resource of an entry; `None`, with an issue, if there is none.
fn resource_of<'a>(session: &mut Session, number: usize, entry: &'a str) -> Read<Option<Found<'a>>> {
    let path = format!("entry[{number}]");
    let entry = match serde_json::from_str::<Entry>(entry) {
        Ok(entry) => entry,
        Err(error) => {
            session.issue(IssueKind::BadValue, format!("no entry of a bundle: {error}"), Some(path))?;
            return Read::Continue(None);
        }
    };
    // Answers to a batch, and deletions, have none.
    let Some(resource) = entry.resource else {
        session.missed("entry without resource");
        return Read::Continue(None);
    };
    let path = format!("{path}.resource");
    match serde_json::from_str::<Head>(resource.get()) {
        Ok(head) => {
            let id = head.id.or_else(|| entry.full_url.as_deref().map(|url| last_part(url).to_owned()));
            let json = resource.get();
            Read::Continue(Some(Found { kind: head.kind, id, url: entry.full_url, path: Some(path), json }))
        }
        Err(error) => {
            session.issue(IssueKind::BadValue, format!("no FHIR resource: {error}"), Some(path))?;
            Read::Continue(None)
        }
    }
}

/// What a resource says; `None` if nothing to us, or, with an issue, if it is broken.
fn facts(session: &mut Session, found: &Found, medications: &Medications) -> Read<Option<Said>> {
    let mut context = Context { meaning: &mut session.meaning, medications, missed: Vec::new() };
    let read = resource::read(&found.kind, found.json, &mut context);
    let missed = context.missed;
    for element in missed {
        session.missed(element);
    }
    match read {
        Some(Ok(said)) => Read::Continue(Some(said)),
        Some(Err(error)) => {
            let message = format!("{} cannot be read and was passed over: {error}", described(found));
            session.issue(IssueKind::BadValue, message, found.path.clone())?;
            Read::Continue(None)
        }
        None => {
            session.missed(&format!("resource {}", found.kind));
            Read::Continue(None)
        }
    }
}

fn patient(session: &mut Session, found: &Found, group: &mut Group) -> Flow {
    let patient = match serde_json::from_str::<shape::Patient>(found.json) {
        Ok(patient) => patient,
        Err(error) => {
            let message = format!("{} cannot be read: {error}", described(found));
            session.issue(IssueKind::BadValue, message, found.path.clone())?;
            // The person is there all the same: what is said about them has somewhere to go.
            shape::Patient { id: found.id.clone(), ..shape::Patient::default() }
        }
    };
    let id = patient.id.clone().or_else(|| found.id.clone()).unwrap_or_default();
    let place = session.place(None);
    fill(group.person(&id, &place), &patient);
    Flow::Continue(())
}

fn fill(subject: &mut Subject, patient: &shape::Patient) {
    let birth_sex =
        patient.extension.iter().find(|e| e.url.as_deref().is_some_and(|url| url.ends_with("birthsex")));
    let birth_sex = birth_sex.and_then(|extension| extension.value_code.as_deref());
    subject.sex = match (patient.gender.as_deref(), birth_sex) {
        (Some("male"), _) | (_, Some("M")) => Some(Sex::Male),
        (Some("female"), _) | (_, Some("F")) => Some(Sex::Female),
        (Some("other"), _) => Some(Sex::Other),
        _ => None,
    };
    let birth = date::read(patient.birth_date.as_deref(), "birthDate", &mut subject.problems);
    subject.birth = birth.map(model::Birth::Date);
    let died = date::read(patient.deceased_date_time.as_deref(), "deceasedDateTime", &mut subject.problems);
    if patient.deceased_boolean == Some(true) || patient.deceased_date_time.is_some() {
        let source = Source::Resource {
            kind: "Patient".to_owned(),
            id: subject.id.clone(),
            part: Some("deceased".to_owned()),
        };
        subject.death = Some(Death { date: died, source });
    }
}

fn add_medication(session: &mut Session, found: &Found, all: &mut Medications) -> Flow {
    match serde_json::from_str::<shape::Contained>(found.json) {
        Ok(shape::Contained { code: Some(code), .. }) => {
            let names = found.id.iter().chain(&found.url);
            all.extend(names.map(|name| (name.clone(), code.clone())));
            Flow::Continue(())
        }
        Ok(_) => Flow::Continue(()),
        Err(error) => {
            let message = format!("{} cannot be read: {error}", described(found));
            session.issue(IssueKind::BadValue, message, found.path.clone())
        }
    }
}

/// The id of the patient that a reference names: `Patient/1`, `urn:uuid:...`, an address ending in `Patient/1`.
fn person_id(reference: &Reference, urls: &HashMap<String, String>) -> Option<String> {
    let text = reference.reference.as_deref()?;
    if let Some(id) = urls.get(text) {
        return Some(id.clone());
    }
    let text = text.split("/_history/").next()?;
    let id = last_part(text);
    (!id.is_empty() && !text.starts_with('#')).then(|| id.to_owned())
}

fn last_part(url: &str) -> &str {
    let url = url.strip_prefix("urn:uuid:").or_else(|| url.strip_prefix("urn:oid:")).unwrap_or(url);
    url.rsplit('/').next().unwrap_or_default()
}

fn described(found: &Found) -> String {
    let id = found.id.as_deref().map(|id| format!(" {}", id.chars().take(64).collect::<String>()));
    format!("{}{}", found.kind.chars().take(40).collect::<String>(), id.unwrap_or_default())
}

/// Something read, or the receiver's wish to stop.
type Read<T> = ControlFlow<(), T>;
