//! Publications, links, data sharing, documents.

use maud::{Markup, html};
use model::{Study, enums};
use serde_json::Value;

use super::fact;
use crate::components::{
    labels::{date, items, label, text},
    markdown,
};

/// The section; absent if there is nothing to refer to.
pub(super) fn show(study: &Study) -> Option<Markup> {
    let references = study.values("Reference");
    let links = study.values("SeeAlsoLink");
    let documents = study.values("LargeDoc");
    let data = study.values("AvailIPD");
    let sharing = !study.values("IPDSharingStatementModule").is_empty();
    if references.is_empty() && links.is_empty() && documents.is_empty() && data.is_empty() && !sharing {
        return None;
    }
    Some(html! {
        @if !references.is_empty() { h3 { "Publications" } ol.references { @for r in &references { li { (publication(r)) } } } }
        @if !links.is_empty() { h3 { "Links" } ul.plain { @for l in &links { li { (link(l)) } } } }
        @if !documents.is_empty() { h3 { "Documents" } ul.plain { @for d in &documents { li { (document(d)) } } } }
        @if !data.is_empty() { h3 { "Data available" } ul.plain { @for d in &data { li { (available(d)) } } } }
        @if sharing { (plan(study)) }
    })
}

fn publication(reference: &Value) -> Markup {
    let kind = text(reference, "type").map(|t| enums::label("ReferenceType", t));
    html! {
        (markdown::span(text(reference, "citation").unwrap_or("Citation not given")))
        @if let Some(kind) = kind { span.quiet { " [" (kind) "]" } }
        @if let Some(pmid) = text(reference, "pmid") { " " a rel="noreferrer" href={ "https://pubmed.ncbi.nlm.nih.gov/" (pmid) "/" } { "PubMed " (pmid) } }
        @for retraction in items(reference, "retractions") {
            strong { " Retracted" @if let Some(source) = text(retraction, "source") { ": " (source) } }
        }
    }
}

/// Only web addresses become links: a record may hold anything.
fn address(url: &str, label: &str) -> Markup {
    html! {
        @if url.starts_with("https://") || url.starts_with("http://") { a rel="noreferrer" href=(url) { (label) } }
        @else { (label) @if label != url { " (" (url) ")" } }
    }
}

fn link(link: &Value) -> Markup {
    let url = text(link, "url").unwrap_or_default();
    address(url, text(link, "label").unwrap_or(url))
}

fn document(document: &Value) -> Markup {
    html! {
        (text(document, "label").or_else(|| text(document, "filename")).unwrap_or("Document"))
        @if let Some(day) = text(document, "date") { ", " (date(day)) }
        @if let Some(size) = document.get("size").and_then(Value::as_u64) { ", " (size.div_ceil(1000)) " kB" }
        @if let Some(file) = text(document, "filename") { span.quiet { " (" (file) ")" } }
    }
}

fn available(data: &Value) -> Markup {
    let url = text(data, "url").unwrap_or_default();
    html! {
        (address(url, text(data, "id").unwrap_or(url)))
        @if let Some(kind) = text(data, "type") { " (" (kind) ")" }
        @if let Some(comment) = text(data, "comment") { ": " (comment) }
    }
}

fn plan(study: &Study) -> Markup {
    let kinds: Vec<&str> = study
        .texts("IPDSharingInfoType")
        .into_iter()
        .map(|t| enums::label("IpdSharingInfoType", t))
        .collect();
    html! {
        h3 { "Sharing of participants' data" }
        dl.table {
            (fact("Plan", label(study, "IPDSharing", "IpdSharing")))
            (fact("What", Some(kinds.join(", ")).filter(|k| !k.is_empty())))
            (fact("When", study.text("IPDSharingTimeFrame")))
            (fact("To whom", study.text("IPDSharingAccessCriteria")))
        }
        @if let Some(words) = study.text("IPDSharingDescription") { div.prose { (markdown::render(words)) } }
        @if let Some(url) = study.text("IPDSharingURL") { p { (address(url, url)) } }
    }
}
