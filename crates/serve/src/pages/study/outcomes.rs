//! What the protocol means to measure.

use maud::{Markup, html};
use model::Study;
use serde_json::Value;

use crate::components::{labels::text, markdown};

/// The section; absent if no outcome is stated.
pub(super) fn show(study: &Study) -> Option<Markup> {
    let ranks = [("Primary", "PrimaryOutcome"), ("Secondary", "SecondaryOutcome"), ("Other", "OtherOutcome")];
    let ranks = ranks.map(|(name, piece)| (name, study.values(piece)));
    if ranks.iter().all(|r| r.1.is_empty()) {
        return None;
    }
    Some(html! { @for (name, outcomes) in ranks { @if !outcomes.is_empty() { (table(name, &outcomes)) } } })
}

fn table(rank: &str, outcomes: &[&Value]) -> Markup {
    html! {
        h3 { (rank) " (" (outcomes.len()) ")" }
        div.wide {
            table {
                caption.hidden { (rank) " outcomes" }
                thead { tr { th scope="col" { "Measure" } th scope="col" { "Time" } th scope="col" { "Method" } } }
                tbody {
                    @for outcome in outcomes {
                        tr {
                            th scope="row" { (markdown::span(text(outcome, "measure").unwrap_or("not named"))) }
                            td { (markdown::span(text(outcome, "timeFrame").unwrap_or("—"))) }
                            td { @if let Some(words) = text(outcome, "description") { (markdown::render(words)) } }
                        }
                    }
                }
            }
        }
    }
}
