//! `/score`: instruments, each with a form; what the items come to.

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use protocol::score::{self, INSTRUMENTS, Instrument, Values, text::said};

use super::{error::Failure, html as answer};
use crate::{
    components::{items, layout},
    parameters::Parameters,
    submitted::Submitted,
};

/// The list of instruments.
pub(crate) async fn list() -> Response {
    let main = html! {
        div.narrow {
            h1 { "Instruments" }
            p { "Scores and formulas, with their rules, sources and licences. An item that is not known stays missing, and "
                "so does what needs it." }
            ul.plain {
                @for instrument in INSTRUMENTS {
                    li { a href={ "/score/" (instrument.id) } { (instrument.name) }
                        span.kind { (instrument.kind) @if !instrument.unverified.is_empty() { "; partly unverified" } } }
                }
            }
        }
    };
    answer(layout::page("Instruments", Some(""), main))
}

fn known(name: &str) -> Result<&'static Instrument, Failure> {
    score::instrument(name).ok_or_else(|| {
        let near = score::near(name);
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        Failure::NotFound(format!("There is no instrument “{name}”{hint}"))
    })
}

/// The form of an instrument.
pub(crate) async fn form(Path(name): Path<String>) -> Result<Response, Failure> {
    let instrument = known(&name)?;
    Ok(answer(page(instrument, &Parameters::default(), html! {})))
}

/// Scores what was sent.
pub(crate) async fn post(Path(name): Path<String>, sent: Submitted) -> Result<Response, Failure> {
    let instrument = known(&name)?;
    match score::read(instrument, &items::object(&sent.fields)) {
        Ok(values) => Ok(answer(page(instrument, &sent.fields, result(instrument, &values)))),
        Err(troubles) => {
            let told = html! {
                div.warning role="alert" { ul.plain { @for trouble in &troubles { li { (trouble) } } } }
            };
            Ok((StatusCode::BAD_REQUEST, answer(page(instrument, &sent.fields, told))).into_response())
        }
    }
}

fn page(instrument: &Instrument, given: &Parameters, above: Markup) -> Markup {
    let main = html! {
        div.narrow {
            h1 { (instrument.name) }
            p.quiet { a href="/score" { "All instruments" } " · " (instrument.kind) }
            (above)
            form.people action={ "/score/" (instrument.id) } method="post" {
                @for item in instrument.items { (items::field(item, given)) }
                p.hint { "Everything is computed on this machine. Nothing is written to disk or to a log." }
                button type="submit" { "Score" }
            }
            (about(instrument))
        }
    };
    layout::page(instrument.name, Some(""), main)
}

fn result(instrument: &Instrument, values: &Values) -> Markup {
    let converted = values.iter().filter_map(|(item, given)| {
        let from = given?.from.as_ref()?;
        Some(format!("{} was converted from {from}", item.id))
    });
    let converted: Vec<String> = converted.collect();
    html! {
        section aria-labelledby="result" {
            h2 #result { "Result" }
            dl.table {
                @for outcome in instrument.score(values) {
                    div { dt { (outcome.name) } dd { (said(&outcome)) } }
                }
            }
            @for line in &converted { p.quiet { (line) } }
        }
    }
}

fn about(instrument: &Instrument) -> Markup {
    let rows = [
        ("Rule", &[instrument.rule][..]),
        ("Missing items", &[instrument.missing]),
        ("Sources", instrument.sources),
        ("Not verified", instrument.unverified),
        ("Licence", &[instrument.licence]),
        ("Notes", instrument.notes),
    ];
    html! {
        section aria-labelledby="about" {
            h2 #about { "About it" }
            dl.table {
                @for (name, words) in rows {
                    @if !words.is_empty() { div { dt { (name) } dd { @for word in words { p { (word) } } } } }
                }
            }
        }
    }
}
