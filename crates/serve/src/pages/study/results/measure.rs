//! The table that baseline and outcome results share: groups across, classes and categories down.

use maud::{Markup, html};
use serde_json::Value;

use crate::components::{
    labels::{items, printed, text},
    markdown,
};

/// Ids and titles of groups, in order.
pub(super) fn groups(module: &Value) -> Vec<(&str, &str)> {
    items(module, "groups")
        .iter()
        .filter_map(|g| Some((text(g, "id")?, text(g, "title").unwrap_or("Group"))))
        .collect()
}

/// The descriptions of groups, one step away.
pub(super) fn descriptions(list: &[Value]) -> Markup {
    let described: Vec<_> = list.iter().filter(|g| text(g, "description").is_some()).collect();
    html! {
        @if !described.is_empty() {
            details { summary { "About the groups" }
                dl.long { @for group in described {
                    dt { (text(group, "title").unwrap_or("Group")) }
                    dd { (markdown::render(text(group, "description").unwrap_or_default())) }
                } }
            }
        }
    }
}

/// The head row: a corner and the groups.
pub(super) fn head(corner: &str, groups: &[(&str, &str)]) -> Markup {
    html! { thead { tr { th scope="col" { (corner) } @for (_, title) in groups { th.number scope="col" { (title) } } } } }
}

/// The item of a list that belongs to a group.
pub(super) fn of_group<'v>(list: &'v [Value], id: &str) -> Option<&'v Value> {
    list.iter().find(|item| text(item, "groupId") == Some(id))
}

/// Rows of how many were counted.
pub(super) fn denominators(measure: &Value, groups: &[(&str, &str)]) -> Markup {
    html! {
        @for denominator in items(measure, "denoms") {
            tr.denominator {
                th scope="row" { "Counted: " (text(denominator, "units").unwrap_or("Participants")) }
                @for (id, _) in groups {
                    td.number { (of_group(items(denominator, "counts"), id).and_then(|c| printed(c, "value")).unwrap_or_default()) }
                }
            }
        }
    }
}

/// Rows of classes and categories with their values.
pub(super) fn rows(measure: &Value, groups: &[(&str, &str)]) -> Markup {
    html! {
        @for class in items(measure, "classes") {
            @for category in items(class, "categories") {
                tr {
                    th scope="row" { (row_title(class, category)) }
                    @for (id, _) in groups { td.number { (of_group(items(category, "measurements"), id).map(value).unwrap_or_default()) } }
                }
            }
        }
    }
}

fn row_title(class: &Value, category: &Value) -> String {
    match (text(class, "title"), text(category, "title")) {
        (Some(class), Some(category)) => format!("{class}: {category}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "Value".to_owned(),
    }
}

/// `12.3 (1.1)`, `12 [10 to 14]`; the registry's words (`NA`, `<0.001`) stay, with their reason.
fn value(measurement: &Value) -> String {
    let mut out = printed(measurement, "value").unwrap_or_else(|| "—".to_owned());
    if let Some(spread) = printed(measurement, "spread") {
        out.push_str(&format!(" ({spread})"));
    }
    let limits = (printed(measurement, "lowerLimit"), printed(measurement, "upperLimit"));
    if let (Some(low), Some(high)) = limits {
        out.push_str(&format!(" [{low} to {high}]"));
    }
    if let Some(comment) = text(measurement, "comment") {
        out.push_str(&format!(" — {comment}"));
    }
    out
}

/// `Mean (Standard Deviation), points`.
pub(super) fn unit(measure: &Value) -> String {
    let words = |key: &str| text(measure, key).map(|w| w.replace('_', " ").to_lowercase());
    let mut out = words("paramType").unwrap_or_default();
    if let Some(spread) = words("dispersionType") {
        out.push_str(&format!(" ({spread})"));
    }
    if let Some(unit) = text(measure, "unitOfMeasure") {
        if !out.is_empty() {
            out.push_str(", ");
        }
        out.push_str(unit);
    }
    out
}
