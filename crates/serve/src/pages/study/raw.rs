//! The record itself.

use maud::{Markup, html};
use model::Study;

/// Longest record that is shown within the page, in bytes as laid out; longer ones are one link away.
const LONGEST: usize = 120_000;

/// The section.
pub(super) fn show(study: &Study) -> Markup {
    let address = format!("/api/v2/studies/{}", study.id());
    let json = serde_json::to_string_pretty(study.json()).expect("a JSON value can be printed");
    html! {
        p { a href=(address) { "JSON of this record" } " · "
            a href={ (address) "?format=csv" } { "CSV" } " · "
            @if let Some(address) = study.id().address() { a rel="noreferrer" href=(address) { "At " (study.id().register().name()) } } }
        @if json.len() <= LONGEST {
            details {
                summary { "Show the record (" (json.len().div_ceil(1000)) " kB)" }
                button type="button" data-copy="json" hidden { "Copy" }
                pre.json #json tabindex="0" { (json) }
            }
        } @else {
            p.quiet { "The record is too long to show here (" (json.len().div_ceil(1000)) " kB): follow the link." }
        }
    }
}
