//! `/match`: from a person to the studies. What is sent is held in memory until the page is written, and forgotten.

mod form;
mod next;
mod person;
mod signs;
mod studies;

use axum::{extract::State, response::Response};
use eligibility::evaluate::Absence;
use maud::{Markup, html};

use super::{error::Failure, html as answer, work};
use crate::{Site, components::layout, submitted::Submitted};
use person::Reading;

/// So many studies of each group are gone through for what somebody only has to wait for.
const EXPLAINED: usize = 200;

/// Answers with the empty form.
pub(crate) async fn get(State(site): State<Site>) -> Response {
    let main = html! {
        div.matching {
            h1 { "Which studies may this person join?" }
            (form::empty(&site))
        }
    };
    answer(layout::page("Match a person", Some(""), main))
}

/// Answers with the studies of the person who was sent.
pub(crate) async fn post(State(site): State<Site>, submitted: Submitted) -> Result<Response, Failure> {
    work(move || {
        let reading = Reading::of(&submitted, &site)?;
        let explained = reading.wanted.top.max(EXPLAINED);
        let ranked =
            site.catalogue.matched(&site.known(), &reading.asked, &reading.wanted.filter, explained)?;
        let shown = studies::Shown::of(&site, &reading, ranked)?;
        Ok(answer(page(&site, &reading, &shown)))
    })
    .await
}

fn page(site: &Site, reading: &Reading, shown: &studies::Shown) -> Markup {
    let main = html! {
        div.matching {
            h1 { "Which studies may this person join?" }
            p.lead { (studies::heading(reading, shown)) " " a href="#person" { "What was understood, and how to correct it" } }
            p.rules { (rules(reading)) }
            (next::show(&next::questions(shown)))
            (studies::show(reading, shown))
            (form::filled(site, reading, &next::questions(shown)))
        }
    };
    layout::page("Match a person", Some(""), main)
}

/// The index date and the absence policy in words.
fn rules(reading: &Reading) -> Markup {
    let rules = &reading.asked.rules;
    html! {
        "As of " (crate::components::labels::date(&rules.index_date.to_string())) ". " (policy(rules.absence))
    }
}

/// What a policy means, in a sentence.
fn policy(absence: Absence) -> &'static str {
    match absence {
        Absence::Open => "What is not recorded is unknown.",
        Absence::Closed => "The record counts as complete: what is not recorded is not so.",
        Absence::Clinical => {
            "What would rule the person out, and a clinician would have mentioned, is presumed absent where nothing is \
             said of it; what a study requires must be shown."
        }
    }
}
