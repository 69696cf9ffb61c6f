//! A participant's visits as a table, on a page and as a document that can be printed.

use jiff::civil::Date;
use maud::{DOCTYPE, Markup, html};
use model::Study;
use protocol::{
    Status,
    calendar::{Activity, Calendar, Visit, text},
};

/// The visits, and the times without a day.
pub(crate) fn table(calendar: &Calendar) -> Markup {
    let proposed = calendar.visits.iter().any(|v| v.window_status == Status::Assumed);
    html! {
        div.wide {
            table.visits {
                caption { "Visits" }
                thead { tr {
                    th scope="col" { "Visit" } th scope="col" { "Day" } th scope="col" { "Permitted" }
                    th scope="col" { "What is done" }
                } }
                tbody { @for visit in &calendar.visits { (row(visit)) } }
            }
        }
        @if proposed {
            p.hint { "The record has no windows. Those that are marked assumed are proposals: a tenth of the time since the "
                "start, at least one day and at most fourteen." }
        }
        @if !calendar.unplaced.is_empty() {
            h2 { "Without a day" }
            ul { @for one in &calendar.unplaced { li { (one.what) ", " (one.time) ": " (one.why) } } }
        }
    }
}

fn row(visit: &Visit) -> Markup {
    html! {
        tr {
            th scope="row" { (visit.name) }
            td {
                @match visit.date {
                    Some(date) => { (date.strftime("%a %-d %b %Y")) }
                    None => { strong.no { "✕ no open day" } }
                }
                @if let Some(drift) = text::drift(visit.drift) { span.kind { (drift) } }
                @if let Some(trouble) = visit.trouble.as_ref().filter(|_| visit.date.is_some()) {
                    span.kind { "! " (trouble) }
                }
            }
            td {
                @if visit.window.0 == visit.window.1 { "this day" } @else {
                    (visit.window.0) " to " (visit.window.1)
                    @if visit.window_status == Status::Assumed { span.kind { "assumed" } }
                }
            }
            td { @if !visit.activities.is_empty() {
                ul.plain { @for one in &visit.activities { li { (activity(one)) } } }
            } }
        }
    }
}

fn activity(activity: &Activity) -> Markup {
    html! {
        (activity.what) " "
        span.kind { (activity.purpose.replace('_', " "))
            @if activity.status == Status::Assumed { "; that it counts from the start is assumed" } }
    }
}

/// A document on its own, for the printer: no address in it, nothing loaded.
pub(crate) fn document(study: &Study, start: Date, calendar: &Calendar) -> String {
    let style = "body{font:11pt/1.4 system-ui,sans-serif;margin:2em;color:#111;background:#fff}\
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;\
        padding:4px 12px 4px 0;border-bottom:1px solid #bbb}tr{break-inside:avoid}ul{margin:0;padding:0;\
        list-style:none}.kind,.hint{color:#444;font-size:9pt}.kind{display:block}caption{display:none}";
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Visits of " (study.id()) " from " (start) }
                style { (style) }
            }
            body {
                h1 { (study.title()) }
                p { (study.id()) ", a participant who starts on " (start.strftime("%-d %B %Y")) }
                (table(calendar))
            }
        }
    };
    page.into_string()
}
