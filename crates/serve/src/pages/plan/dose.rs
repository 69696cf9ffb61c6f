//! What a person would get by a study's protocol.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};
use protocol::dosing::{self, Asked, Computed, Reading, text::number};

use super::{status, study};
use crate::{
    Site,
    components::{items, layout},
    pages::{error::Failure, html as answer, work},
    parameters::Parameters,
    submitted::Submitted,
};

/// The form of the calculator.
pub(super) fn form(id: &str, given: &Parameters) -> Markup {
    const SHOWN: [&str; 12] = [
        "weight",
        "height",
        "age",
        "sex",
        "creatinine",
        "region",
        "area",
        "length",
        "limbs",
        "places",
        "spacing",
        "count",
    ];
    html! {
        form.people action={ "/study/" (crate::components::labels::address(id)) "/dose" } method="post" {
            div.pairs {
                @for item in dosing::ITEMS.iter().filter(|item| SHOWN.contains(&item.id)) { (items::field(item, given)) }
                (items::words("girths", "girths of a limb, from one end to the other (cm)", "36, 22", given))
                (items::words("amount", "the amount, where the record has none", "1e6 cells/kg", given))
                (items::words("concentration", "how much is in a volume", "5e6 cells/mL", given))
                (items::words("volume", "the volume at a time", "100 mL", given))
            }
            p.hint { "Fill in what is known. Everything is computed on this machine; nothing is written to disk or to a log." }
            button type="submit" { "Compute" }
        }
    }
}

/// Computes the doses of a study for the person of the form.
pub(crate) async fn post(
    State(site): State<Site>,
    Path(text): Path<String>,
    sent: Submitted,
) -> Result<Response, Failure> {
    work(move || {
        let study = study(&site, &text)?;
        let id = study.id().to_string();
        let (code, result) = match Asked::read(&items::object(&sent.fields)) {
            Ok(asked) => (StatusCode::OK, doses(&dosing::protocol(&protocol::compile(&study), &asked))),
            Err(troubles) => {
                let told = html! {
                    div.warning role="alert" { ul.plain { @for trouble in &troubles { li { (trouble) } } } }
                };
                (StatusCode::BAD_REQUEST, told)
            }
        };
        let main = html! {
            div.plan {
                h1 { "What a person would get in " a href={ "/study/" (crate::components::labels::address(&id)) "/protocol#doses" } { (id) } }
                p.lead { (study.title()) }
                (result)
                section aria-labelledby="again" { h2 #again { "Compute again" } (form(&id, &sent.fields)) }
            }
        };
        Ok((code, answer(layout::page(&format!("Doses of {id}"), Some(""), main))).into_response())
    })
    .await
}

fn doses(doses: &[Computed]) -> Markup {
    html! {
        @if doses.is_empty() { p { "The record tells of no doses." } }
        @for dose in doses.iter().take(40) {
            section {
                h2 { @if let Some(arm) = &dose.arm { (arm) ": " } (dose.substance) }
                @if let Some(question) = &dose.question { p.warning { "Ask: " (question) "." } }
                @for (i, one) in dose.readings.iter().enumerate() {
                    @if dose.readings.len() > 1 { h3 { "Reading " (i + 1) } }
                    (reading(one))
                }
            }
        }
    }
}

fn reading(reading: &Reading) -> Markup {
    html! {
        dl.table { @for (head, words) in dosing::text::lines(reading) { div { dt { (head) } dd { (words) } } } }
        @if !reading.factors.is_empty() {
            details {
                summary { "How it was computed" }
                ul.plain {
                    @for factor in &reading.factors {
                        li { (status(factor.status)) " " (factor.name) " = " (number(factor.value)) " " (factor.unit)
                            span.kind { (factor.source) } }
                    }
                }
            }
        }
    }
}
