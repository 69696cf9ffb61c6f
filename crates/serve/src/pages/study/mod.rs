//! `/study/{id}`: everything that is known of one study, the record itself included.

mod about;
pub(crate) mod eligibility;
mod head;
pub(crate) mod history;
mod outcomes;
mod protocol;
mod raw;
mod references;
mod related;
mod results;
mod sites;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use model::{Study, StudyId};

use super::{error::Failure, html as answer, work};
use crate::{Site, components::layout};

/// A part of the page with its place in the side index.
pub(super) struct Section {
    id: &'static str,
    title: &'static str,
    body: Markup,
}

/// Answers with a study's page; other spellings and aliases of the id are sent to its address.
pub(crate) async fn get(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, Failure> {
    work(move || {
        let missing = || Failure::NotFound(format!("There is no study “{text}” in this registry"));
        let id: StudyId = text.parse().map_err(|_| missing())?;
        let study = site.catalogue.study(id)?.ok_or_else(missing)?;
        if study.id().to_string() != text {
            return Ok(Redirect::permanent(&format!(
                "/study/{}",
                crate::components::labels::address(study.id())
            ))
            .into_response());
        }
        Ok(answer(page(&site, &study)?))
    })
    .await
}

fn page(site: &Site, study: &Study) -> Result<Markup, Failure> {
    let sections = sections(site, study)?;
    let main = html! {
        (head::show(study, site.today()))
        (history::withdrawn(site, study.id()))
        div.study {
            nav.index aria-label="Sections of this study" {
                ul { @for section in &sections { li { a href={ "#" (section.id) } { (section.title) } } } }
            }
            div.sections {
                @for section in &sections {
                    section id=(section.id) aria-labelledby={ (section.id) "-h" } {
                        h2 id={ (section.id) "-h" } { (section.title) }
                        (section.body)
                    }
                }
            }
        }
    };
    Ok(layout::page(&format!("{} · {}", study.title(), study.id()), Some(""), main))
}

/// The parts that have something to show, in reading order.
fn sections(site: &Site, study: &Study) -> Result<Vec<Section>, Failure> {
    let parts = [
        ("about", "About", about::show(study, &site.catalogue.same(study.id()))),
        ("eligibility", "Eligibility", eligibility::show(study)),
        ("protocol", "Protocol", protocol::show(study)),
        ("outcomes", "Outcomes", outcomes::show(study)),
        ("sites", "Sites and contacts", sites::show(study)),
        ("results", "Results", results::show(study)),
        ("references", "References and data", references::show(study)),
        ("related", "Related studies", related::show(site, study)?),
        ("history", "History and sources", history::show(site, study)?),
        ("raw", "Raw record", Some(raw::show(study))),
    ];
    Ok(parts.into_iter().filter_map(|(id, title, body)| Some(Section { id, title, body: body? })).collect())
}

/// A row of a list of facts, if there is a fact.
pub(super) fn fact(name: &str, value: Option<impl AsRef<str>>) -> Markup {
    html! { @if let Some(value) = value { div { dt { (name) } dd { (value.as_ref()) } } } }
}
