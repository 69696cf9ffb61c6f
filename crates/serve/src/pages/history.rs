//! `/study/{id}/history`: what changed from version to version, the latest first.

use axum::{
    extract::{Path, State},
    response::Response,
};
use eligibility::read::Reader;
use history::{
    Step, Timeline,
    fields::Field,
    words::{self, Fate, Part},
};
use maud::{Markup, html};
use model::StudyId;

use super::{
    error::Failure,
    html as answer,
    study::history::{name, received, withdrawn},
    work,
};
use crate::{
    Site,
    components::{labels::date, layout},
    parameters::Parameters,
};

/// Steps on a page.
const STEPS: usize = 12;
/// Fields of a step that are shown; the others are in the JSON.
const FIELDS: usize = 60;
/// Characters shown of a stretch that is the same, at each of its ends.
const NEAR: usize = 80;

impl From<history::Error> for Failure {
    fn from(error: history::Error) -> Self {
        match error {
            history::Error::NoSearch(name) => Self::NotFound(format!("There is no saved search “{name}”")),
            history::Error::NoVersion { .. } => Self::Unreadable(error.to_string()),
            other => Self::Internal(other.to_string()),
        }
    }
}

/// Answers with the history of a study.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
) -> Result<Response, Failure> {
    work(move || {
        let missing = || Failure::NotFound(format!("There is no study “{text}” in this registry"));
        let id: StudyId = text.parse().map_err(|_| missing())?;
        let registry = site.catalogue.registry().ok_or_else(missing)?;
        let timeline = Timeline::of(registry.store(), id)?;
        if timeline.versions.is_empty() {
            return Err(missing());
        }
        let before = given.get("page").and_then(|page| page.parse().ok()).unwrap_or(1usize).max(1);
        Ok(answer(page(&site, &timeline, before)))
    })
    .await
}

fn page(site: &Site, timeline: &Timeline, number: usize) -> Markup {
    let id = timeline.id;
    let title = timeline.versions.iter().find(|v| v.speaks).map(|v| v.study.title()).unwrap_or_default();
    let steps = timeline.steps();
    let last = steps.len().div_ceil(STEPS).max(1);
    let number = number.min(last);
    let shown = steps.iter().rev().skip((number - 1) * STEPS).take(STEPS);
    let mut reader = Reader::new();
    let main = html! {
        div.plan {
            h1 { "History of " a href={ "/study/" (id) "#history" } { (id) } }
            p.lead { (title) }
            (withdrawn(site, id))
            p.quiet { "Versions of this registry, each compared with the whole one before it. What changed before the first "
                "of them is not known. Fields that merely date a version are left out. "
                a href={ "/api/x1/studies/" (id) "/history" } { "JSON" } "." }
            section aria-labelledby="versions" { h2 #versions { "Versions" } (versions(timeline)) }
            @if steps.is_empty() { p { "No version differs from another in what is compared." } }
            @for step in shown { (change(step, &mut reader)) }
            @if last > 1 {
                nav.pages aria-label="Pages" {
                    @if number > 1 { a rel="prev" href={ "?page=" (number - 1) } { "← Later" } }
                    span { "Page " (number) " of " (last) }
                    @if number < last { a rel="next" href={ "?page=" (number + 1) } { "Earlier →" } }
                }
            }
        }
    };
    layout::page(&format!("History of {id}"), Some(""), main)
}

fn versions(timeline: &Timeline) -> Markup {
    html! {
        div.wide {
            table {
                caption.hidden { "Versions, the latest first" }
                thead { tr { th scope="col" { "Date" } th scope="col" { "Received" } th scope="col" { "Format" }
                    th scope="col" { "Note" } } }
                tbody {
                    @for version in timeline.versions.iter().rev() {
                        tr {
                            td { (version.day.map_or_else(|| "none".to_owned(), |day| date(&day.to_string()))) }
                            td { (received(version.received)) }
                            td { (name(version.format)) }
                            td { @if version.speaks { "✓ speaks" } @else if !version.whole { "a part only, not compared" } }
                        }
                    }
                }
            }
        }
    }
}

/// One step: its kinds, its fields by module, its criteria by what they mean.
fn change(step: &Step<'_>, reader: &mut Reader) -> Markup {
    let day = |version: &history::Version| match version.day {
        Some(day) => date(&day.to_string()),
        None => version.name(),
    };
    let anchor = format!("v{}", step.new.number);
    let criteria = step.criteria(reader);
    let fields: Vec<&Field> = step.fields.iter().filter(|f| f.piece != "EligibilityCriteria").collect();
    let shown = &fields[..fields.len().min(FIELDS)];
    let modules: std::collections::BTreeSet<&str> = shown.iter().map(|field| field.module.as_str()).collect();
    html! {
        section aria-labelledby=(anchor) {
            h2 id=(anchor) { (day(step.new)) span.kind { "compared with " (day(step.old)) } }
            @if !step.noted.is_empty() {
                ul.plain { @for noted in &step.noted { li { strong { (spoken(noted.kind.as_str())) }
                    @if !noted.before.is_empty() || !noted.after.is_empty() { ": " (short(&noted.before)) " → " (short(&noted.after)) } } } }
            }
            @for module in modules {
                h3 { (module) }
                dl.change { @for field in shown.iter().filter(|field| field.module == module) { (row(field)) } }
            }
            @if fields.len() > FIELDS { p.quiet { "And " (fields.len() - FIELDS) " more fields: see the JSON." } }
            @if let Some(criteria) = criteria {
                h3 { "Criteria" }
                @if criteria.changes.is_empty() { p { "They mean the same." } }
                ul.plain.change { @for change in &criteria.changes {
                    li { strong { (change.kind.as_str()) } ": " (change.what) }
                } }
            }
            @for field in step.fields.iter().filter(|f| f.piece == "EligibilityCriteria") {
                details { summary { "The words of the criteria" } dl.change { (row(field)) } }
            }
        }
    }
}

fn row(field: &Field) -> Markup {
    let parts = words::compare(
        field.before.as_deref().unwrap_or_default(),
        field.after.as_deref().unwrap_or_default(),
    );
    html! {
        div {
            dt { (field.label) @if !field.item.is_empty() { span.kind { (field.item) } } }
            dd { @for (at, part) in parts.iter().enumerate() { (marked(part, at == 0, at + 1 == parts.len())) } }
        }
    }
}

/// Words that are the same, added or removed: told by a line and by a hidden word, not by colour.
fn marked(part: &Part, first: bool, last: bool) -> Markup {
    html! {
        @match part.fate {
            Fate::Same => (near(&part.text, first, last)),
            Fate::Added => ins { span.hidden { " added: " } (part.text) },
            Fate::Removed => del { span.hidden { " removed: " } (part.text) },
        }
    }
}

/// The ends of a long stretch, as far as something else is beside them.
fn near(text: &str, first: bool, last: bool) -> String {
    let count = text.chars().count();
    if count <= 3 * NEAR {
        return text.to_owned();
    }
    let start: String = if first { String::new() } else { text.chars().take(NEAR).collect() };
    let end: String = if last { String::new() } else { text.chars().skip(count - NEAR).collect() };
    format!("{start} […] {end}")
}

/// `enrollment-lowered` as `Enrollment lowered`.
fn spoken(kind: &str) -> String {
    let mut words = kind.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

fn short(text: &str) -> String {
    const MOST: usize = 240;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None if text.is_empty() => "none".to_owned(),
        None => text.to_owned(),
    }
}
