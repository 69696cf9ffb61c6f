//! Who may join: the stated facts and the criteria as written.

use maud::{Markup, html};
use model::{Study, enums};

use super::fact;
use crate::components::{
    criteria,
    labels::{ages, label, sex},
    markdown,
};

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
            Some(text) => (criteria::show(text)),
            None => p.quiet { "The record has no criteria text." },
        }
    })
}
