//! The studies most like this one, and why.

use maud::{Markup, html};
use model::{Study, StudyId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    Site,
    components::{labels::phases, pill},
    pages::error::Failure,
};

/// How many are shown.
const MOST: usize = 20;

/// The section; absent if no study is like this one.
pub(super) fn show(site: &Site, study: &Study) -> Result<Option<Markup>, Failure> {
    let mut rows = Vec::new();
    for related in site.catalogue.related(study.id(), MOST)? {
        if let Some(other) = head(site, related.nct_id)? {
            rows.push((related, other));
        }
    }
    Ok((!rows.is_empty()).then(|| {
        html! {
            div.wide {
                table.related {
                    caption.hidden { "Related studies, closest first" }
                    thead { tr { th scope="col" { "Status" } th scope="col" { "Study" } th scope="col" { "Phase" }
                        th scope="col" { "Why" } } }
                    tbody {
                        @for (related, other) in &rows {
                            tr {
                                td { @if let Some(status) = other.text("OverallStatus") { (pill::status(status)) } }
                                th scope="row" { a href={ "/study/" (crate::components::labels::address(other.id())) } { (other.title()) } span.id { (other.id()) } }
                                td { (phases(other).unwrap_or_default()) }
                                td { (related.shares.join("; ")) }
                            }
                        }
                    }
                }
            }
        }
    }))
}

/// The parts of a record that a row shows; the rest is passed over unread.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    protocol_section: Modules,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Modules {
    identification_module: Value,
    status_module: Value,
    design_module: Value,
}

/// A study as far as a row shows it.
fn head(site: &Site, id: StudyId) -> Result<Option<Study>, Failure> {
    let Some(record) = site.catalogue.record(id)? else { return Ok(None) };
    let Ok(Head { protocol_section: modules }) = serde_json::from_slice(&record) else { return Ok(None) };
    Ok(Study::new(json!({"protocolSection": {
        "identificationModule": modules.identification_module,
        "statusModule": modules.status_module,
        "designModule": modules.design_module,
    }})))
}
