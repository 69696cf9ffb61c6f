//! The dates of a participant of a study.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use jiff::civil::Date;
use maud::{Markup, html};
use protocol::calendar::{self, CountedFrom, OpenDays, Rules, ics};

use super::study;
use crate::{
    Site,
    components::{layout, visits},
    pages::{error::Failure, html as answer, work},
    parameters::Parameters,
};

/// The form; `today` stands in it where no start was given.
pub(super) fn form(id: &str, given: &Parameters, today: Date) -> Markup {
    let start = given.get("start").map_or_else(|| today.to_string(), str::to_owned);
    let chosen = |name: &str, value: &str| given.get(name) == Some(value);
    html! {
        form.people action={ "/study/" (crate::components::labels::address(id)) "/calendar" } method="get" {
            div.pairs {
                div.field { label for="start" { "The day of the start" }
                    input #start type="date" name="start" value=(start) required; }
                div.field { label for="window" { "Days before and after that are permitted; proposed if blank" }
                    input #window name="window" inputmode="numeric" value=(given.get("window").unwrap_or_default()) autocomplete="off"; }
                div.field { label for="weekends" { "Saturdays and Sundays" }
                    select #weekends name="weekends" {
                        option value="skip" { "are left for the nearest open day" }
                        option value="allow" selected[chosen("weekends", "allow")] { "are days like others" }
                    } }
                div.field { label for="anchor" { "A visit is counted from" }
                    select #anchor name="anchor" {
                        option value="baseline" { "the start" }
                        option value="previous" selected[chosen("anchor", "previous")] { "the visit before" }
                    } }
                div.field { label for="closed" { "Days on which the site is closed" }
                    input #closed name="closed" value=(given.get("closed").unwrap_or_default())
                        placeholder="2026-04-06, 2026-12-24..2027-01-02" autocomplete="off"; }
            }
            button type="submit" { "Show the dates" }
        }
    }
}

/// Answers with the dates as a page, or with `format=ics` as iCalendar.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
) -> Result<Response, Failure> {
    work(move || {
        let study = study(&site, &text)?;
        let id = study.id().to_string();
        let (start, rules) = asked(&given, site.today()).map_err(Failure::Unreadable)?;
        let dates = calendar::plan(&protocol::compile(&study), start, &rules);
        if given.get("format") == Some("ics") {
            let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
            return Ok((kind, ics::calendar(&dates, &id, start, start)).into_response());
        }
        let address = given.clone().with("format", "ics").address(&format!("/study/{}/calendar", crate::components::labels::address(&id)));
        let main = html! {
            div.plan {
                h1 { "Dates of a participant in " a href={ "/study/" (crate::components::labels::address(&id)) "/protocol" } { (id) } }
                p.lead { (study.title()) ", start on " (start) }
                (visits::table(&dates))
                p.toolbar { a href=(address) { "For a calendar (iCalendar)" } }
                section.toolbar aria-labelledby="again" { div {
                    h2 #again { "Other days" } (form(&id, &given, site.today()))
                } }
            }
        };
        Ok(answer(layout::page(&format!("Dates of {id}"), Some(""), main)))
    })
    .await
}

fn asked(given: &Parameters, today: Date) -> Result<(Date, Rules), String> {
    let start = match given.get("start") {
        None => today,
        Some(text) => text.parse().map_err(|_| format!("“{text}” is no day; write 2026-03-02"))?,
    };
    let window = given.get("window").map(|text| {
        text.parse::<u16>().map_err(|_| format!("“{text}” is no number of days; write 3, or nothing"))
    });
    let closed = given.get("closed").unwrap_or_default().parse()?;
    let from =
        if given.get("anchor") == Some("previous") { CountedFrom::Previous } else { CountedFrom::Baseline };
    let open = OpenDays { weekends: given.get("weekends") == Some("allow"), closed };
    Ok((start, Rules { open, from, window: window.transpose()?, arm: None }))
}
