//! Errors as pages: what happened, where, what to do.

use axum::{
    extract::OriginalUri,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use maud::{Markup, html};
use query::QueryError;

use crate::components::layout;

/// Why a page cannot be shown.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A query that cannot be read, and the words in the search box.
    Query(Box<QueryError>, String),
    /// There is no such page or study: what was asked for.
    NotFound(String),
    /// What was sent cannot be read: what is wrong with it.
    Unreadable(String),
    /// More than so many bytes were sent.
    TooLarge(usize),
    /// We are at fault.
    Internal(String),
}

impl Failure {
    /// A registry's error, met while `words` stood in the search box.
    pub fn searching(words: &str) -> impl Fn(registry::Error) -> Self + '_ {
        move |error| match error {
            registry::Error::Query(error) => Self::Query(Box::new(error), words.to_owned()),
            other => Self::Internal(other.to_string()),
        }
    }
}

impl From<registry::Error> for Failure {
    fn from(error: registry::Error) -> Self {
        Self::searching("")(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, page) = match self {
            Self::Query(error, words) => (StatusCode::BAD_REQUEST, query(&error, &words)),
            Self::NotFound(what) => (StatusCode::NOT_FOUND, missing(&what)),
            Self::Unreadable(what) => (StatusCode::BAD_REQUEST, unreadable(&what)),
            Self::TooLarge(most) => (StatusCode::PAYLOAD_TOO_LARGE, too_large(most)),
            Self::Internal(what) => (StatusCode::INTERNAL_SERVER_ERROR, broken(&what)),
        };
        (status, Html(page.into_string())).into_response()
    }
}

/// Any address that no page has.
pub(crate) async fn not_found(OriginalUri(uri): OriginalUri) -> Failure {
    Failure::NotFound(format!("There is no page at {}", uri.path()))
}

fn query(error: &QueryError, words: &str) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "The search cannot be read" }
            @for error in error.all() {
                p { "In " (place(&error.parameter)) ": " (error.message) }
                (marked(error))
                @if !error.near.is_empty() {
                    p { "Perhaps you meant " (error.near.join(", ")) "." }
                }
            }
            h2 { "What to do" }
            ul {
                li { "Change the words in the box above." }
                li { "To search for the characters themselves, put them in double quotes." }
                li { a href="/api#expressions" { "How expressions are written" } }
            }
        }
    };
    layout::page("The search cannot be read", Some(words), main)
}

/// What the parameter is called on the page.
fn place(parameter: &str) -> &str {
    let short = parameter.strip_prefix("query.").unwrap_or(parameter);
    match short {
        "term" => "the search box",
        "filter.advanced" => "the filters",
        "filter.geo" => "the place",
        other => model::area::by_param(other).and_then(|a| a.label).unwrap_or(other),
    }
}

/// The text with the place at fault marked; nothing if the place lies outside of it.
fn marked(error: &QueryError) -> Markup {
    let (start, end) = (error.span.start, error.span.end.max(error.span.start));
    let parts = (error.text.get(..start), error.text.get(start..end), error.text.get(end..));
    let (Some(before), Some(fault), Some(after)) = parts else { return html! { pre.query { (error.text) } } };
    html! {
        pre.query { (before) mark { @if fault.is_empty() { "▲" } @else { (fault) } } (after) }
    }
}

fn missing(what: &str) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "Not found" }
            p { (what) "." }
            h2 { "What to do" }
            ul {
                li { "Search for it by words or by its NCT id in the box above." }
                li { "If it is a study, import a newer file: " code { "trialist import FILE" } }
                li { a href="/" { "Begin at the first page" } }
            }
        }
    };
    layout::page("Not found", Some(""), main)
}

fn unreadable(what: &str) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "What was sent cannot be read" }
            p { (what) }
            h2 { "What to do" }
            ul {
                li { "Go back with your browser: what you typed stands there still." }
                li { "A person is read from a note in plain words, a FHIR R4 bundle or NDJSON, a Phenopacket, or a form (CSV or JSON)." }
                li { a href="/match" { "Begin anew" } }
            }
        }
    };
    layout::page("What was sent cannot be read", Some(""), main)
}

fn too_large(most: usize) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "Too large" }
            p { "More was sent than the " (megabytes(most)) " that this site takes at once. Nothing of it was kept." }
            h2 { "What to do" }
            ul {
                li { "Send one person at a time." }
                li { "Match it in the terminal, which has no such limit: " code { "trialist match --subject FILE" } }
                li { "Whoever runs this site can raise the limit: " code { "trialist serve --most-sent MEGABYTES" } }
            }
        }
    };
    layout::page("Too large", Some(""), main)
}

/// A limit in megabytes of 2^20 bytes.
pub(crate) fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes >> 20)
}

fn broken(what: &str) -> Markup {
    let main = html! {
        div.narrow {
            h1 { "Something is broken" }
            p { (what) }
            h2 { "What to do" }
            p { "Nothing is lost: the records stand in the store. Run " code { "trialist doctor" }
                ", and if it finds the index at fault, " code { "trialist rebuild" } "." }
        }
    };
    layout::page("Something is broken", Some(""), main)
}
