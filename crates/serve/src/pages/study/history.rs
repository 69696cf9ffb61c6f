//! Where the record came from: its versions, the pages it was also seen on, with what was odd there.

use ingest::Format;
use maud::{Markup, html};
use model::Study;
use serde_json::Value;

use crate::{
    Site,
    components::labels::{date, grouped},
    pages::error::Failure,
};

/// The section.
pub(super) fn show(site: &Site, study: &Study) -> Result<Option<Markup>, Failure> {
    let versions = site.catalogue.versions(study.id())?;
    let pages = site.catalogue.pages(study.id())?;
    if versions.is_empty() && pages.is_empty() {
        return Ok(None);
    }
    Ok(Some(html! {
        @if !versions.is_empty() { (table(&versions)) }
        @if versions.len() > 1 { p { a href={ "/study/" (study.id()) "/history" } { "What changed from version to version" } } }
        @for (format, facts) in &pages { (page(*format, facts)) }
    }))
}

/// That the registry has the study no longer.
pub(crate) fn withdrawn(site: &Site, id: model::StudyId) -> Markup {
    let marked =
        site.catalogue.registry().and_then(|registry| registry.store().withdrawal(id).ok().flatten());
    html! {
        @if let Some(marked) = marked {
            p.stopped { "The registry has this study no longer: it was missed on " (received(marked.noticed)) " at "
                (marked.source) ". The record is kept as it was received last, and is not among what a search finds." }
        }
    }
}

fn table(versions: &[store::Version]) -> Markup {
    html! {
        p { "Every version received is kept; the one marked speaks for the study." }
        div.wide {
            table {
                caption.hidden { "Versions of this record, oldest first" }
                thead { tr { th scope="col" { "Received" } th scope="col" { "Format" } th scope="col" { "Source" }
                    th.number scope="col" { "Bytes" } th scope="col" { "SHA-256" } th scope="col" { "Speaks" } } }
                tbody {
                    @for version in versions {
                        tr {
                            td { (received(version.source.received)) }
                            td { (name(version.format)) }
                            td.path {
                                (version.place)
                                @if !version.again.is_empty() {
                                    " · met again in " (version.again.len()) " more"
                                }
                            }
                            td.number { (grouped(version.bytes)) }
                            td { code title=(hex(&version.sha256)) { (hex(&version.sha256[..6])) "…" } }
                            td { @if version.speaks { "✓ yes" } @else { "no" } }
                        }
                    }
                }
            }
        }
    }
}

pub(crate) fn received(seconds: i64) -> String {
    let day = jiff::Timestamp::from_second(seconds).map(|t| t.to_string());
    day.map_or_else(|_| "unknown".to_owned(), |t| date(t.get(..10).unwrap_or(&t)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn name(format: Format) -> &'static str {
    match format {
        Format::V2 => "API v2",
        Format::V1Full => "API v1, full study",
        Format::V1Fields => "API v1, study fields",
        Format::LegacyXml => "Legacy XML",
        Format::Ictrp => "WHO ICTRP, XML",
        Format::IctrpCsv => "WHO ICTRP, CSV",
        Format::Isrctn => "ISRCTN, XML",
        Format::Ctis => "EU CTIS, JSON",
        Format::Fhir => "FHIR ResearchStudy",
        Format::Usdm => "USDM v4",
        Format::PageVeeva => "Page of ClinicalTrials.Veeva",
        Format::PageMedPath => "Page of MedPath",
        Format::PageInclinical => "Page of an inclinicaltrials site",
        Format::PageIgnite => "Ignite page",
    }
}

/// What only the page says, kept as it said it.
fn page(format: Format, facts: &Value) -> Markup {
    let rows = facts.as_object().into_iter().flatten().filter(|(key, _)| *key != "offsets");
    html! {
        h3 { "Source page facts: " (name(format)) }
        p.quiet { "Said by the page alone; not part of the registry's record." }
        dl.table { @for (key, value) in rows { div { dt { (history::fields::spaced(key)) } dd { (fact(value)) } } } }
        @if let Some(offsets) = facts.get("offsets").and_then(Value::as_object).filter(|o| !o.is_empty()) {
            details {
                summary { "Where it was read: " (offsets.len()) " values with their characters" }
                p.quiet { "From the first character to behind the last, counted from 0 in the captured page." }
                ul.plain { @for (path, span) in offsets { li { code { (path) } " " (characters(span)) } } }
            }
        }
    }
}

/// `120–245`.
fn characters(span: &Value) -> String {
    let ends = span.as_array().into_iter().flatten().map(Value::to_string);
    ends.collect::<Vec<_>>().join("–")
}

fn fact(value: &Value) -> Markup {
    html! {
        @match value {
            Value::String(text) => (text),
            Value::Bool(yes) => @if *yes { "Yes" } @else { "No" },
            Value::Array(items) => ul.plain { @for item in items { li { (line(item)) } } },
            other => (other),
        }
    }
}

/// An object on one line: its values, in order.
fn line(value: &Value) -> String {
    match value {
        Value::Object(map) => map.values().map(line).collect::<Vec<_>>().join(" · "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
