//! The left column: the words fields and the facets; and the chips of what is chosen.

use index::Facet;
use maud::{Markup, html};

use super::asked::{Asked, FIELDS};
use crate::components::{bars, labels::grouped};

/// Values of a facet that are shown before "more".
const SHOWN: usize = 6;
/// Values of a facet that are shown at all.
const MOST: usize = 40;

/// One form: what is ticked and typed in it is the search.
pub(super) fn show(asked: &Asked, facets: &[Facet]) -> Markup {
    html! {
        form.facets #filters action="/search" method="get" data-at-once aria-label="Filters" {
            @for name in ["q", "sort", "filter", "lead"] {
                @if let Some(value) = asked.parameters.get(name) { input type="hidden" name=(name) value=(value); }
            }
            details open[asked.parameters.0.iter().any(|(n, v)| is_field(n) && !v.is_empty())] {
                summary { "Fields and place" }
                @for (name, label) in FIELDS { (field(asked, name, label)) }
                (field(asked, "within", "Within (km)"))
            }
            @for facet in facets.iter().filter(|f| !f.values.is_empty()) { (one(asked, facet)) }
            button type="submit" { "Apply" }
        }
    }
}

fn is_field(name: &str) -> bool {
    FIELDS.iter().any(|f| f.0 == name)
}

fn field(asked: &Asked, name: &str, label: &str) -> Markup {
    html! {
        p.field {
            label for={ "f-" (name) } { (label) }
            input id={ "f-" (name) } name=(name) value=(asked.parameters.get(name).unwrap_or_default())
                autocomplete="off";
        }
    }
}

fn one(asked: &Asked, facet: &Facet) -> Markup {
    let chosen: Vec<&str> = asked.parameters.all(facet.name).collect();
    let most = facet.values.iter().map(|v| v.count).max().unwrap_or(0);
    let mut values: Vec<_> = facet.values.iter().take(MOST).collect();
    if facet.name == "year" {
        values.sort_by(|a, b| b.value.cmp(&a.value));
    }
    let (head, tail) = values.split_at(values.len().min(SHOWN));
    let row = |value: &&index::FacetValue| {
        let id = format!("{}-{}", facet.name, value.value.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
        html! {
            li {
                input type="checkbox" id=(id) name=(facet.name) value=(value.value)
                    checked[chosen.contains(&value.value.as_str())];
                label for=(id) { span.name { (value.label) } span.count { (grouped(value.count as u64)) }
                    (bars::bar(value.count, most)) }
            }
        }
    };
    html! {
        fieldset {
            legend { (title(facet.name)) }
            ul { @for value in head { (row(value)) } }
            @if !tail.is_empty() {
                details open[tail.iter().any(|v| chosen.contains(&v.value.as_str()))] {
                    summary { (tail.len()) " more" span.hidden { " of " (title(facet.name)) } }
                    ul { @for value in tail { (row(value)) } }
                }
            }
        }
    }
}

/// What people call a facet.
pub(super) fn title(name: &str) -> &'static str {
    match name {
        "status" => "Status",
        "phase" => "Phase",
        "type" => "Study type",
        "sex" => "Sex",
        "age" => "Age group",
        "country" => "Country",
        "sponsor" => "Lead sponsor",
        "intervention" => "Intervention",
        "condition" => "Condition (MeSH)",
        _ => "Year of start",
    }
}

/// What is chosen, each with a link that takes it away.
pub(super) fn chips(asked: &Asked, facets: &[Facet]) -> Markup {
    let mut chips = Vec::new();
    for name in asked.chosen_facets() {
        let facet = facets.iter().find(|f| f.name == name);
        for value in asked.parameters.all(name) {
            let label =
                facet.and_then(|f| f.values.iter().find(|v| v.value == value)).map_or(value, |v| &v.label);
            chips.push((title(name), label, asked.parameters.without(name, value)));
        }
    }
    let fields = FIELDS.iter().copied().chain([("lead", "Lead sponsor"), ("filter", "Filter")]);
    for (name, label) in fields {
        if let Some(value) = asked.parameters.get(name) {
            chips.push((label, value, asked.parameters.without(name, value)));
        }
    }
    html! {
        @if !chips.is_empty() {
            ul.chips aria-label="Chosen filters" {
                @for (title, label, without) in &chips {
                    li { a href=(without.without_all(&["page"]).address("/search")) {
                        (title) ": " (label) " " span aria-hidden="true" { "✕" } span.hidden { ", remove" }
                    } }
                }
            }
        }
    }
}
