//! `/api`: what the API answers, with links to try.

use axum::response::Response;
use maud::{Markup, html};

use super::html as answer;
use crate::{
    api::{
        endpoint::{Endpoint, Kind},
        openapi,
    },
    components::layout,
};

const EXAMPLES: [(&str, &str); 10] = [
    ("/api/v2/studies?query.cond=diabetes&countTotal=true", "Studies of a condition, with their number"),
    (
        "/api/v2/studies?query.term=AREA%5BPhase%5DPHASE3&fields=NCTId,BriefTitle,Phase",
        "Some fields of a search",
    ),
    (
        "/api/v2/studies?filter.overallStatus=RECRUITING&sort=LastUpdatePostDate:desc&pageSize=5",
        "Recruiting, newest first",
    ),
    ("/api/v2/studies?format=csv&pageSize=100", "Thirty columns of CSV"),
    ("/api/x1/studies/NCT05507697/criteria", "The criteria of a study as logic"),
    ("/api/v2/stats/field/values?fields=Phase", "The values of a field over all studies"),
    (
        "/api/x1/studies?query.cond=diabetes&age=45&sex=female&facets=status,phase&explain=true",
        "Facets and reasons",
    ),
    ("/api/x1/sites?query.cond=diabetes&format=csv", "A row for each site"),
    ("/api/v2/version", "The version of the API and of the data"),
    ("/api/v2/stats/size", "How large the records are"),
];

const EXPRESSIONS: [(&str, &str); 8] = [
    ("heart attack", "the words, their variants and synonyms"),
    ("\"heart attack\"", "the words side by side"),
    ("asthma AND NOT children", "AND, OR, NOT and brackets, in capitals"),
    ("AREA[Phase]PHASE3", "one field or area by its name"),
    ("AREA[StartDate]RANGE[2020-01, MAX]", "dates, numbers and ages between two ends"),
    ("AREA[MaximumAge]MISSING", "studies in which the field is empty"),
    ("SEARCH[Location](AREA[LocationCity]Boston AND AREA[LocationStatus]RECRUITING)", "both in one site"),
    ("DISTANCE[52.5,13.4,50km]", "studies with a site in the circle"),
];

/// Answers with the description.
pub(crate) async fn get() -> Response {
    answer(layout::page("API", Some(""), content()))
}

fn content() -> Markup {
    html! {
        div.narrow {
            h1 { "API" }
            p { "The same addresses, parameters and answers as version 2 of the API of ClinicalTrials.gov, from the "
                "records on this machine: a client works here after its base address is changed." }
            h2 { "Try" }
            dl.examples {
                @for (address, what) in EXAMPLES { dt { (what) } dd { a href=(address) { code { (address) } } } }
            }
            h2 { "Endpoints" }
            p { "The same as an OpenAPI document: " a href="/api/openapi.json" { code { "/api/openapi.json" } } "." }
            @for endpoint in openapi::all() { (described(endpoint)) }
            p { "Errors of " code { "/api/v2" } " are plain text with status 400 or 404, worded as upstream, with what was "
                "probably meant below; with " code { "Accept: application/problem+json" } ", and always under "
                code { "/api/x1" } ", they are problems (RFC 9457) that name all that is wrong. Answers carry an "
                code { "ETag" } "; a page token stays good when the data change." }
            h2 #expressions { "Expressions" }
            p { "The search box and the " code { "query.*" } " parameters take plain words or expressions." }
            table {
                caption.hidden { "Forms of an expression" }
                thead { tr { th scope="col" { "Form" } th scope="col" { "Finds" } } }
                tbody {
                    @for (form, what) in EXPRESSIONS { tr { th scope="row" { code { (form) } } td { (what) } } }
                }
            }
        }
    }
}

/// An endpoint and its parameters; those of the searches are many and are opened where they are wanted.
fn described(endpoint: &Endpoint) -> Markup {
    let method = if endpoint.takes.is_empty() { "GET" } else { "POST" };
    html! {
        details {
            summary { code { (method) " " (endpoint.path) } " " (endpoint.about) "." }
            @if !endpoint.takes.is_empty() { p { "Takes " (endpoint.takes.join(", ")) "." } }
            p { "Answers with " (endpoint.answers.join(", ")) "." }
            @if endpoint.all().next().is_some() {
                div.wide tabindex="0" role="region" aria-label={ "Parameters of " (endpoint.path) } {
                    table {
                        caption.hidden { "Parameters of " (endpoint.path) }
                        thead { tr { th scope="col" { "Parameter" } th scope="col" { "Value" } th scope="col" { "Meaning" } } }
                        tbody {
                            @for parameter in endpoint.all() {
                                tr {
                                    th scope="row" { code { (parameter.name) } }
                                    td { (value(&parameter.kind)) }
                                    td { (parameter.about) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn value(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::List => "list".to_owned(),
        Kind::Some(values) => format!("list of {}", values.join(", ")),
        Kind::One(values) => values.join(", "),
        Kind::Flag => "true, false".to_owned(),
        Kind::Number(0, most) => format!("a number up to {most}"),
        Kind::Number(usual, most) => format!("a number up to {most}; {usual} if absent"),
    }
}
