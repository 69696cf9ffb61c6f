//! The frame around every page.

use maud::{DOCTYPE, Markup, html};

use crate::assets::{ICON, SCRIPT, STYLE};

/// A whole page. `box_text` is what stands in the search box of the head; `None` leaves the box out, for a page
/// that has its own.
pub(crate) fn page(title: &str, box_text: Option<&str>, main: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Trialist" }
                link rel="icon" type="image/svg+xml" href=(ICON.address());
                link rel="stylesheet" href=(STYLE.address());
                script src=(SCRIPT.address()) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top {
                    a.brand href="/" { "Trialist" }
                    @if let Some(text) = box_text { (search_box(text)) }
                    nav aria-label="Site" {
                        a href="/search" { "Find" }
                        a href="/match" { "Match" }
                        a href="/screen" { "Screen" }
                        a href="/compare" { "Compare" }
                        a href="/score" { "Scores" }
                    }
                }
                main #main tabindex="-1" { (main) }
                footer.bottom {
                    p { "For those who come again: " a href="/searches" { "saved searches" } ". For those who write records: " a href="/lint" { "lint" } ". For programs: " a href="/api" { "API" } "." }
                    p {
                        "Study records come from ClinicalTrials.gov and stay on this machine. "
                        "This is no medical advice: ask the study's own contact."
                    }
                }
            }
        }
    }
}

/// The one box: plain words, an expression, an id or a link to a study.
pub(crate) fn search_box(text: &str) -> Markup {
    html! {
        form.box role="search" action="/search" method="get" {
            label.hidden for="q" { "Search: words, an expression, an NCT id or a link to a study" }
            input #q type="search" name="q" value=(text) placeholder="Condition, treatment, sponsor, NCT id …"
                autocomplete="off" spellcheck="false";
            button type="submit" { "Find" }
        }
    }
}
