//! What was found of a study and its people.

use eligibility::evaluate::{Absence, Ruling, Standing, Truth};
use matching::screen::{
    Row, report,
    whatif::{Change, Count, Gains},
};
use maud::{Markup, html};

use super::{chart, curve, whatif};
use crate::{
    components::{labels::grouped, layout},
    screening::Screened,
};

/// So many people of each verdict are listed.
const LISTED: usize = 100;
/// So many changes.
const CHANGES: usize = 10;

/// The page; `more` asks what if, and `again` is the form.
pub(super) fn page(found: &Screened, more: &Markup, again: &Markup) -> Markup {
    let (tally, settings) = (found.screening.tally(), found.screening.settings());
    let id = found.study.id();
    let policy = match settings.absence {
        Absence::Open => "what is not recorded is unknown",
        Absence::Closed => "what is not recorded is not so",
        Absence::Clinical => "what would rule somebody out, and would be mentioned, is presumed absent",
    };
    let main = html! {
        h1 { a href={ "/study/" (crate::components::labels::address(id)) } { (id) } " and " (grouped(tally.people())) @if tally.people() == 1 { " person" } @else { " people" } }
        p { (found.study.title()) }
        dl.strip {
            @for ruling in Ruling::ALL {
                div { dt { (sign(ruling)) " " (word(ruling)) } dd { (grouped(tally.of(ruling))) } }
            }
            @if tally.died > 0 { div { dt { "Of these died" } dd { (grouped(tally.died)) } } }
            div { dt { "On the day" } dd { (settings.index_date) } }
        }
        p.hint { "Held against the criteria of the record; " (policy) ". Nothing about these people was kept: this page is all there is of it." }
        (issues(found))
        section aria-labelledby="attrition" {
            h2 #attrition { "Which criteria keep people out" }
            (chart::funnel(&found.screening))
        }
        @if let Some(changes) = &found.changes { (best(found, changes, more)) }
        section aria-labelledby="people" {
            h2 #people { "People" }
            @for ruling in Ruling::ALL { (list(found, ruling)) }
        }
        (again)
    };
    layout::page(&format!("{id}: screening"), Some(""), main)
}

fn sign(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Eligible => "✓",
        Ruling::Undetermined => "?",
        Ruling::Ineligible => "✕",
    }
}

fn word(ruling: Ruling) -> &'static str {
    match ruling {
        Ruling::Eligible => "Eligible on all that records can decide",
        Ruling::Undetermined => "Undetermined",
        Ruling::Ineligible => "Ineligible",
    }
}

fn issues(found: &Screened) -> Markup {
    html! {
        @if !found.issues.is_empty() {
            details {
                summary { "What is odd about the people (" (grouped((found.issues.len() + found.more_issues) as u64)) ")" }
                ul {
                    @for issue in &found.issues { li { (issue) } }
                    @if found.more_issues > 0 { li { "and " (grouped(found.more_issues as u64)) " more" } }
                }
            }
        }
    }
}

/// Single changes of the study that let most people in.
fn best(found: &Screened, changes: &Count, more: &Markup) -> Markup {
    let best: Vec<(&Change, &Gains)> = changes.best().into_iter().take(CHANGES).collect();
    let items = found.screening.items();
    let name = |place: &usize| items.get(*place).map(report::name).unwrap_or_default();
    let words = |change: &Change| match change {
        Change::Without(place) => format!("without {}", name(place)),
        Change::Moved(wish, places) => {
            format!("{wish} ({})", places.iter().map(name).collect::<Vec<_>>().join(", "))
        }
        Change::AsItIs | Change::Asked(..) | Change::Step(..) => String::new(),
    };
    html! {
        section aria-labelledby="changes" {
            h2 #changes { "What if" }
            (whatif::moved(found, changes))
            (curve::steps(found, changes))
            (more)
            @if best.is_empty() {
                p { "No single change makes anybody eligible or undetermined who is ruled out." }
            } @else {
                p { "Single changes of the study that let most people in: a criterion dropped, or a limit moved so far that it "
                    "keeps nobody out." }
                div.wide {
                    table {
                        caption.hidden { "Changes and whom they let in" }
                        thead { tr {
                            th scope="col" { "Change" } th.number scope="col" { "More eligible" }
                            th.number scope="col" { "More undetermined" }
                        } }
                        tbody {
                            @for (change, gains) in best {
                                tr {
                                    th scope="row" { (words(change)) }
                                    td.number { (grouped(gains.gained_eligible)) }
                                    td.number { (grouped(gains.gained_undetermined)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn list(found: &Screened, ruling: Ruling) -> Markup {
    let people: Vec<&Row> = found.rows.iter().filter(|row| row.ruling == ruling).collect();
    let names = |row: &Row, standing| report::names(found.screening.items(), row, standing).join(", ");
    html! {
        @if !people.is_empty() {
            h3 { (sign(ruling)) " " (word(ruling)) " (" (grouped(people.len() as u64)) ")" }
            div.wide {
                table {
                    caption.hidden { "People: " (word(ruling)) }
                    thead { tr {
                        th scope="col" { "Person" } th scope="col" { "✕ Not met" } th scope="col" { "? Unknown" }
                        th scope="col" { "☞ For a person" }
                    } }
                    tbody {
                        @for row in people.iter().take(LISTED) {
                            tr {
                                th scope="row" { (if row.subject.is_empty() { "without an id" } else { &row.subject }) }
                                td { @if row.lives == Truth::NotMet { "died" } @else { (names(row, Standing::NotMet)) } }
                                td { (names(row, Standing::Unknown)) }
                                td { (names(row, Standing::ForPerson)) }
                            }
                        }
                    }
                }
            }
            @if people.len() > LISTED {
                p.quiet { "The first " (LISTED) ". All of them: " code { "POST /api/x1/screen" } ", or the command "
                    code { "trialist screen" } "." }
            }
        }
    }
}
