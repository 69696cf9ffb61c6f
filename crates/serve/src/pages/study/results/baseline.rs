//! Baseline: who took part.

use maud::{Markup, html};
use serde_json::Value;

use super::measure::{denominators, descriptions, groups, head, rows, unit};
use crate::components::{
    labels::{items, text},
    markdown,
};

/// One table, a body for each measure.
pub(super) fn show(module: &Value) -> Markup {
    let groups = groups(module);
    html! {
        h3 { "Baseline" }
        @if let Some(words) = text(module, "populationDescription") { div.prose { (markdown::render(words)) } }
        (descriptions(items(module, "groups")))
        div.wide {
            table {
                caption.hidden { "Baseline characteristics" }
                (head("Measure", &groups))
                tbody { (denominators(module, &groups)) }
                @for measure in items(module, "measures") {
                    tbody {
                        tr.measure { th scope="rowgroup" colspan=(groups.len() + 1) {
                            (text(measure, "title").unwrap_or("Measure")) span.kind { (unit(measure)) }
                        } }
                        (denominators(measure, &groups))
                        (rows(measure, &groups))
                    }
                }
            }
        }
    }
}
