//! What came out, where it has been posted.

mod baseline;
mod events;
mod flow;
mod measure;
mod outcomes;

use maud::{Markup, html};
use model::Study;

use super::fact;
use crate::components::markdown;

/// The section; absent without posted results.
pub(super) fn show(study: &Study) -> Option<Markup> {
    let results = study.json().get("resultsSection")?;
    let module = |name: &str| results.get(name);
    let restriction = study.boolean("AgreementRestrictiveAgreement").map(|y| if y { "Yes" } else { "No" });
    Some(html! {
        @if let Some(flow) = module("participantFlowModule") { (flow::show(flow)) }
        @if let Some(baseline) = module("baselineCharacteristicsModule") { (baseline::show(baseline)) }
        @if let Some(measures) = module("outcomeMeasuresModule") { (outcomes::show(measures)) }
        @if let Some(events) = module("adverseEventsModule") { (events::show(events)) }
        @if module("moreInfoModule").is_some() {
            h3 { "More about the results" }
            @if let Some(words) = study.text("LimitationsAndCaveatsDescription") { div.prose { (markdown::render(words)) } }
            dl.table {
                (fact("Contact for the results", study.text("PointOfContactTitle")))
                (fact("Organization", study.text("PointOfContactOrganization")))
                (fact("Phone", study.text("PointOfContactPhone")))
                (fact("E-mail", study.text("PointOfContactEMail")))
                (fact("Agreement restricts publishing", restriction))
            }
        }
    })
}
