//! `/search`: facets, results, map.

mod asked;
mod empty;
mod facets;
mod results;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use index::{Answer, Facet, Options};
use maud::{Markup, html};
use query::{Link, Request, Search};

use super::{error::Failure, home::by_year, html as answer, work};
use crate::{
    Catalogue, Site,
    components::{
        bars,
        labels::{studies, study_meant},
        layout, map,
    },
    parameters::Parameters,
};
use asked::{Asked, PAGE};

/// Answers with what a search finds; an id or a link in the box goes straight to its study.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Failure> {
    work(move || {
        if let Some(id) = parameters.get("q").and_then(study_meant)
            && site.catalogue.record(id)?.is_some()
        {
            return Ok(
                Redirect::to(&format!("/study/{}", crate::components::labels::address(id))).into_response()
            );
        }
        if let Some(address) = parameters.get("q").and_then(asked::of_link) {
            return Ok(Redirect::to(&address).into_response());
        }
        let asked = Asked::new(parameters);
        Ok(answer(page(&site, &asked)?))
    })
    .await
}

/// What was found, with everything that the page shows of it.
struct Found {
    search: Search,
    answer: Answer,
    points: Vec<map::Point>,
}

fn find(catalogue: &dyn Catalogue, asked: &Asked) -> Result<Found, Failure> {
    let failed = Failure::searching(asked.words());
    let search = catalogue.resolve(&asked.request()).map_err(&failed)?;
    let options = Options { offset: asked.offset(), limit: PAGE, facets: true, explain: true };
    let mut answer = catalogue.run(&search, &options).map_err(&failed)?;
    for name in asked.chosen_facets() {
        widen(catalogue, &asked.request_without(name), name, &mut answer.facets).map_err(&failed)?;
    }
    let points = catalogue.points(&search, 2000).map_err(&failed)?;
    Ok(Found { search, answer, points })
}

/// Counts a chosen facet as if nothing of it were chosen, so that one can see what else there is to choose.
fn widen(
    catalogue: &dyn Catalogue,
    request: &Request,
    name: &str,
    facets: &mut [Facet],
) -> Result<(), registry::Error> {
    let options = Options { facets: true, ..Default::default() };
    let wider = catalogue.run(&catalogue.resolve(request)?, &options)?;
    let wider = wider.facets.into_iter().find(|f| f.name == name);
    if let (Some(wider), Some(narrow)) = (wider, facets.iter_mut().find(|f| f.name == name)) {
        *narrow = wider;
    }
    Ok(())
}

fn page(site: &Site, asked: &Asked) -> Result<Markup, Failure> {
    let found = find(&*site.catalogue, asked)?;
    let total = found.answer.total;
    let main = html! {
        div.search {
            (facets::show(asked, &found.answer.facets))
            section.results aria-labelledby="count" {
                h1 #count { (studies(total)) @if !asked.words().is_empty() { " for “" (asked.words()) "”" } }
                (carried(asked))
                (facets::chips(asked, &found.answer.facets))
                @if found.answer.hits.is_empty() && total == 0 {
                    (empty::show(&*site.catalogue, asked, &found.search)?)
                } @else {
                    (bar(asked))
                    (results::show(site, asked, &found)?)
                    (pages(asked, total))
                }
            }
            aside.overview aria-label="Overview of the results" {
                @if total > 0 { (overview(&found)) }
            }
        }
    };
    let title =
        if asked.words().is_empty() { "Search".to_owned() } else { format!("{} · Search", asked.words()) };
    Ok(layout::page(&title, Some(asked.words()), main))
}

/// What of a link to the registry's site could not be carried over.
fn carried(asked: &Asked) -> Markup {
    let Some(link) = asked.parameters.get("link").and_then(Link::read) else { return html! {} };
    html! {
        p.quiet { "This is the search of a link to clinicaltrials.gov." }
        @if !link.dropped.is_empty() {
            p { "Not carried over from it:" }
            ul { @for line in &link.dropped { li { (line) } } }
        }
    }
}

/// Order and downloads.
fn bar(asked: &Asked) -> Markup {
    html! {
        div.toolbar {
            a.jump href="#filters" { "Filters" }
            form action="/search" method="get" data-at-once {
                @for (name, value) in &asked.parameters.without_all(&["sort", "page"]).0 {
                    input type="hidden" name=(name) value=(value);
                }
                label for="sort" { "Order" }
                select #sort name="sort" {
                    @for (value, label) in asked::ORDERS {
                        option value=(value) selected[asked.order() == value] { (label) }
                    }
                }
                button type="submit" { "Apply" }
            }
            p { a href=(asked.api("json")) { "JSON" } " · " a href=(asked.api("csv")) { "CSV" } }
        }
    }
}

fn pages(asked: &Asked, total: usize) -> Markup {
    let last = total.div_ceil(PAGE).max(1);
    let page = asked.page();
    html! {
        nav.pages aria-label="Pages" {
            @if page > 1 { a rel="prev" href=(asked.address_of_page(page - 1)) { "← Previous" } }
            span { "Page " (page) " of " (last) }
            @if page < last { a rel="next" href=(asked.address_of_page(page + 1)) { "Next →" } }
        }
    }
}

fn overview(found: &Found) -> Markup {
    let years = found.answer.facets.iter().find(|f| f.name == "year").map(by_year).unwrap_or_default();
    html! {
        h2 { "Sites" }
        @if found.points.is_empty() { p.quiet { "No site of these studies has a known place." } }
        @else { (map::world("map", "Sites of the studies found", &found.points)) }
        @if !years.is_empty() {
            h2 { "Starts by year" }
            (bars::columns("starts", "Starts by year", &years))
        }
    }
}
