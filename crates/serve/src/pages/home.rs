//! `/`: one box, the doors, and what the registry holds.

use axum::{extract::State, response::Response};
use index::{Answer, Facet, Options};
use maud::{Markup, html};
use query::Request;

use super::{error::Failure, html, work};
use crate::{
    Site,
    components::{
        bars::{self, Column},
        labels::{date, grouped, studies},
        layout, pill,
    },
    parameters::Parameters,
};

/// Answers with the first page.
pub(crate) async fn get(State(site): State<Site>) -> Result<Response, Failure> {
    work(move || {
        let search = site.catalogue.resolve(&Request::default())?;
        let options = Options { facets: true, ..Default::default() };
        let answer = site.catalogue.run(&search, &options)?;
        Ok(html(page(&answer, &site.catalogue.data_timestamp())))
    })
    .await
}

fn page(answer: &Answer, timestamp: &str) -> Markup {
    let main = html! {
        div.home {
            h1 { "Clinical trials, on this machine" }
            (layout::search_box(""))
            p.hint { "Plain words, an expression such as " code { "AREA[Phase]PHASE3 AND asthma" }
                ", an NCT id, or a link to a study." }
            (doors())
            section.holds aria-labelledby="holds" {
                h2 #holds { "What this registry holds" }
                @if answer.total == 0 {
                    p { "Nothing yet. Fill it with " code { "trialist import FILE" } "." }
                } @else {
                    p { strong { (studies(answer.total)) } ", data of " (date(timestamp.get(..10).unwrap_or(timestamp))) "." }
                    div.pair { (statuses(answer)) (years(answer)) }
                }
            }
        }
    };
    layout::page("Clinical trials on this machine", None, main)
}

/// The ways in.
fn doors() -> Markup {
    let built = [
        ("/search", "Find", "Search all studies, with filters and a map."),
        ("/match", "Match a person", "Which studies may this person join?"),
        ("/screen", "Screen a cohort", "Who of these people may join this study?"),
        ("/compare", "Compare", "Two to six studies side by side."),
    ];
    html! {
        ul.doors {
            @for (address, name, what) in built {
                li { a href=(address) { strong { (name) } span { (what) } } }
            }
        }
    }
}

fn facet<'a>(answer: &'a Answer, name: &str) -> Option<&'a Facet> {
    answer.facets.iter().find(|f| f.name == name)
}

fn statuses(answer: &Answer) -> Markup {
    let Some(facet) = facet(answer, "status") else { return html! {} };
    let most = facet.values.iter().map(|v| v.count).max().unwrap_or(0);
    html! {
        div {
            h3 { "By status" }
            table.bars {
                caption.hidden { "Studies by status" }
                thead.hidden { tr { th scope="col" { "Status" } th scope="col" { "Studies" } th scope="col" { "Share" } } }
                tbody {
                    @for value in &facet.values {
                        @let link = Parameters::default().with("status", &value.value).address("/search");
                        tr {
                            th scope="row" { a href=(link) { (pill::status(&value.value)) } }
                            td.number { (grouped(value.count as u64)) }
                            td.wide { (bars::bar(value.count, most)) }
                        }
                    }
                }
            }
        }
    }
}

fn years(answer: &Answer) -> Markup {
    let Some(facet) = facet(answer, "year") else { return html! {} };
    html! { div { h3 { "By year of start" } (bars::columns("years", "Studies by year of start", &by_year(facet))) } }
}

/// A column for every year between the first and the last, empty ones too; at most the last 30.
pub(crate) fn by_year(facet: &Facet) -> Vec<Column> {
    let counts: std::collections::BTreeMap<i32, usize> =
        facet.values.iter().filter_map(|v| Some((v.value.parse().ok()?, v.count))).collect();
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return Vec::new();
    };
    let first = (*first).max(last - 29);
    (first..=*last)
        .map(|year| Column { label: year.to_string(), count: counts.get(&year).copied().unwrap_or(0) })
        .collect()
}
