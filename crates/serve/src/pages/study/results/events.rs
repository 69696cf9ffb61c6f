//! Adverse events: deaths, serious, other.

use maud::{Markup, html};
use serde_json::Value;

use super::measure::{descriptions, head, of_group};
use crate::components::{
    labels::{items, printed, text},
    markdown,
};

/// Events shown before "more".
const SHOWN: usize = 25;

/// The totals and the two lists.
pub(super) fn show(module: &Value) -> Markup {
    let list = items(module, "eventGroups");
    let groups: Vec<(&str, &str)> =
        list.iter().filter_map(|g| Some((text(g, "id")?, text(g, "title").unwrap_or("Group")))).collect();
    html! {
        h3 { "Adverse events" }
        @if let Some(words) = text(module, "timeFrame") { p { "Time: " (markdown::span(words)) } }
        @if let Some(words) = text(module, "description") { div.prose { (markdown::render(words)) } }
        @if let Some(percent) = text(module, "frequencyThreshold") { p.quiet { "Other events are listed from " (percent) " % on." } }
        (descriptions(list))
        (totals(list, &groups))
        (events("Serious events", items(module, "seriousEvents"), &groups))
        (events("Other events", items(module, "otherEvents"), &groups))
    }
}

fn totals(list: &[Value], groups: &[(&str, &str)]) -> Markup {
    let rows = [
        ("Deaths from any cause", "deathsNumAffected", "deathsNumAtRisk"),
        ("With serious events", "seriousNumAffected", "seriousNumAtRisk"),
        ("With other events", "otherNumAffected", "otherNumAtRisk"),
    ];
    html! {
        div.wide {
            table {
                caption { "People affected, of those at risk" }
                (head("Kind", groups))
                tbody { @for (name, affected, risk) in rows {
                    tr { th scope="row" { (name) } @for group in list { td.number { (share(group, affected, risk)) } } }
                } }
            }
        }
    }
}

/// `3 of 40`.
fn share(object: &Value, affected: &str, risk: &str) -> String {
    match (printed(object, affected), printed(object, risk)) {
        (Some(affected), Some(risk)) => format!("{affected} of {risk}"),
        (Some(one), None) => one,
        _ => "—".to_owned(),
    }
}

fn events(title: &str, events: &[Value], groups: &[(&str, &str)]) -> Markup {
    let (first, rest) = events.split_at(events.len().min(SHOWN));
    html! {
        @if !first.is_empty() {
            details {
                summary { (title) " (" (events.len()) ")" }
                (table(title, first, groups))
                @if !rest.is_empty() { details { summary { (rest.len()) " more" } (table(title, rest, groups)) } }
            }
        }
    }
}

fn table(title: &str, events: &[Value], groups: &[(&str, &str)]) -> Markup {
    html! {
        div.wide {
            table {
                caption.hidden { (title) }
                (head("Event", groups))
                tbody { @for event in events {
                    tr {
                        th scope="row" { (text(event, "term").unwrap_or("Not named"))
                            @if let Some(system) = text(event, "organSystem") { span.kind { (system) } } }
                        @for (id, _) in groups {
                            td.number { (of_group(items(event, "stats"), id).map(|s| share(s, "numAffected", "numAtRisk")).unwrap_or_default()) }
                        }
                    }
                } }
            }
        }
    }
}
