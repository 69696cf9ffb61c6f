//! Who may join: the stated facts and the criteria as written.

use axum::{
    extract::{Path, State},
    response::Response,
};
use eligibility::{
    Eligibility,
    read::{Options, Reader},
    record,
};
use maud::{Markup, html};
use model::{Study, StudyId, enums};

use super::fact;
use crate::{
    Site,
    components::{
        criteria,
        labels::{ages, label, sex},
        layout, markdown,
    },
    pages::{error::Failure, html as answer, work},
};

/// Bytes of what was understood that a study's page has room for; the rest is on a page of its own.
const MOST: usize = 20_000;
/// Bytes of that room which each site takes: the sites of the largest studies nearly fill a page.
const SITE: usize = 16;

/// The section; absent if the record says nothing of it.
pub(super) fn show(study: &Study) -> Option<Markup> {
    if study.values("EligibilityModule").is_empty() {
        return None;
    }
    let volunteers = study
        .boolean("HealthyVolunteers")
        .map(|yes| if yes { "Accepts healthy volunteers" } else { "No healthy volunteers" });
    let groups: Vec<&str> =
        study.texts("StdAge").into_iter().map(|a| enums::label("StandardAge", a)).collect();
    Some(html! {
        dl.strip {
            (fact("Ages", Some(ages(study))))
            (fact("Sex", sex(study)))
            (fact("Volunteers", volunteers))
            (fact("Age groups", Some(groups.join(", ")).filter(|g| !g.is_empty())))
            (fact("Sampling", label(study, "SamplingMethod", "SamplingMethod")))
        }
        @if let Some(words) = study.text("GenderDescription") { p { "On gender: " (markdown::span(words)) } }
        @if let Some(words) = study.text("StudyPopulation") { h3 { "Study population" } div.prose { (markdown::render(words)) } }
        @match study.text("EligibilityCriteria") {
            Some(text) => (understood(study, text, MOST.saturating_sub(SITE * study.values("Location").len()))),
            None => p.quiet { "The record has no criteria text." },
        }
    })
}

fn understood(study: &Study, text: &str, most: usize) -> Markup {
    let read = Eligibility::of(&mut Reader::new(), study, Options::default());
    let more = format!("/study/{}/criteria", crate::components::labels::address(study.id()));
    criteria::show(&read, text, most, Some(&more))
}

/// `/study/{id}/criteria`: the criteria alone, however long they are.
pub(crate) async fn get(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, Failure> {
    work(move || {
        let missing = || Failure::NotFound(format!("There is no study “{text}” in this registry"));
        let id: StudyId = text.parse().map_err(|_| missing())?;
        let study = site.catalogue.study(id)?.ok_or_else(missing)?;
        let main = html! {
            h1 { "Criteria of " a href={ "/study/" (crate::components::labels::address(study.id())) "#eligibility" } { (study.id()) } }
            h2 { (study.title()) }
            (understood(&study, record::text(&study), usize::MAX))
        };
        Ok(answer(layout::page(&format!("Criteria of {}", study.id()), Some(""), main)))
    })
    .await
}
