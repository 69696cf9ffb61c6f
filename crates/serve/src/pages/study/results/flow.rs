//! Participant flow: who started, who finished, who left and why.

use maud::{Markup, html};
use serde_json::Value;

use super::measure::{descriptions, groups, head, of_group};
use crate::components::{
    labels::{items, printed, text},
    markdown,
};

/// The flow, period by period.
pub(super) fn show(module: &Value) -> Markup {
    let groups = groups(module);
    html! {
        h3 { "Participant flow" }
        @for key in ["recruitmentDetails", "preAssignmentDetails"] {
            @if let Some(words) = text(module, key) { div.prose { (markdown::render(words)) } }
        }
        (descriptions(items(module, "groups")))
        @for period in items(module, "periods") {
            @let title = text(period, "title").unwrap_or("Period");
            div.wide {
                table {
                    caption { (title) }
                    (head("Milestone", &groups))
                    tbody {
                        @for milestone in items(period, "milestones") { (row(milestone, "achievements", &groups)) }
                        @for reason in items(period, "dropWithdraws") { (row(reason, "reasons", &groups)) }
                    }
                }
            }
        }
    }
}

fn row(entry: &Value, list: &str, groups: &[(&str, &str)]) -> Markup {
    let left = list == "reasons";
    let name = text(entry, "type").unwrap_or("Not named");
    html! {
        tr {
            th scope="row" { @if left { "Left: " } (milestone(name)) }
            @for (id, _) in groups {
                td.number { (of_group(items(entry, list), id).and_then(|a| printed(a, "numSubjects")).unwrap_or_default()) }
            }
        }
    }
}

/// The registry shouts the three fixed ones.
fn milestone(name: &str) -> &str {
    match name {
        "STARTED" => "Started",
        "COMPLETED" => "Completed",
        "NOT COMPLETED" => "Not completed",
        other => other,
    }
}
