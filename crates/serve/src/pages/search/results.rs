//! The list of results.

use std::borrow::Cow;

use index::{Highlight, Hit, Reason};
use maud::{Markup, html};
use model::{Study, enums, piece};
use serde_json::Value;

use super::{Found, asked::Asked};
use crate::{
    Site,
    components::{
        labels::{enrollment, label, phases, text},
        map, pill,
        time_bar::{self, Axis, Times},
    },
    pages::error::Failure,
};

/// One list item a hit; their dates share one axis.
pub(super) fn show(site: &Site, asked: &Asked, found: &Found) -> Result<Markup, Failure> {
    let mut rows = Vec::new();
    for hit in &found.answer.hits {
        if let Some(study) = site.catalogue.study(hit.nct_id)? {
            rows.push((hit, study));
        }
    }
    let today = site.today();
    let times: Vec<Times> = rows.iter().map(|(_, s)| Times::of(s)).collect();
    let axis = Axis::around(&times, today);
    Ok(html! {
        ol.hits start=(asked.offset() + 1) {
            @for ((hit, study), times) in rows.iter().zip(&times) {
                @let marks = site.catalogue.highlights(&found.search, study, 3);
                li {
                    article {
                        h2 { a href={ "/study/" (crate::components::labels::address(study.id())) } { (study.title()) }
                            @if let Some(acronym) = study.text("Acronym") { " (" (acronym) ")" } }
                        p.facts {
                            @if let Some(status) = study.text("OverallStatus") { (pill::status(status)) }
                            span.id { (study.id()) }
                            @if let Some(phases) = phases(study) { span { (phases) } }
                            @if let Some(kind) = label(study, "StudyType", "StudyType") { span { (kind) } }
                        }
                        (subjects(study))
                        p.facts.quiet {
                            @if let Some(sponsor) = study.text("LeadSponsorName") { span { (sponsor) } }
                            @if let Some(count) = enrollment(study) { span { "Participants: " (count) } }
                            @if times.any() { (time_bar::small(times, axis, today)) }
                        }
                        (nearest(asked, hit, study))
                        (matched(&marks))
                        (why(hit))
                    }
                }
            }
        }
    })
}

/// Conditions and interventions, a few of each.
fn subjects(study: &Study) -> Markup {
    let interventions: Vec<(&str, &str)> = study
        .values("Intervention")
        .into_iter()
        .filter_map(|i| {
            Some((enums::label("InterventionType", text(i, "type").unwrap_or("OTHER")), text(i, "name")?))
        })
        .collect();
    html! {
        p.subjects { (few(&study.texts("Condition"), 4)) }
        @if !interventions.is_empty() {
            p.subjects.quiet {
                @for (i, (kind, name)) in interventions.iter().take(4).enumerate() {
                    @if i > 0 { " · " } (kind) ": " (name)
                }
                @if interventions.len() > 4 { " · " (interventions.len() - 4) " more" }
            }
        }
    }
}

fn few(texts: &[&str], most: usize) -> String {
    let mut out = texts.iter().take(most).copied().collect::<Vec<_>>().join(" · ");
    if texts.len() > most {
        out.push_str(&format!(" · {} more", texts.len() - most));
    }
    out
}

/// The nearest site that is open, if the search has a centre; else the nearest one at all.
fn nearest(asked: &Asked, hit: &Hit, study: &Study) -> Markup {
    let Some(centre) = asked.centre() else { return html! {} };
    let overall = study.text("OverallStatus") == Some("RECRUITING");
    let is_open = |site: &Value| text(site, "status").map_or(overall, |s| s == "RECRUITING");
    let at = |site: &Value| {
        Some((site.pointer("/geoPoint/lat")?.as_f64()?, site.pointer("/geoPoint/lon")?.as_f64()?))
    };
    let sites = study.values("Location").into_iter().filter_map(|s| Some((s, map::km(centre, at(s)?))));
    let mut sites: Vec<_> = sites.map(|(site, km)| (!is_open(site), km, site)).collect();
    sites.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    html! {
        @match sites.first() {
            Some((closed, km, site)) => p.near {
                @if *closed { "Nearest site (not open): " } @else { "Nearest open site: " }
                @for key in ["facility", "city"] { @if let Some(word) = text(site, key) { (word) ", " } }
                strong { (format!("{km:.0} km")) }
            },
            None => @if let Some(km) = hit.km { p.near { "Nearest site: " strong { (format!("{km:.0} km")) } } },
        }
    }
}

/// Passages with the words that matched.
fn matched(marks: &[Highlight]) -> Markup {
    html! {
        @if !marks.is_empty() {
            ul.matched aria-label="Words that matched" {
                @for mark in marks { li { span.where { (piece_title(&mark.piece)) } " " (marked(mark)) } }
            }
        }
    }
}

fn piece_title(name: &str) -> Cow<'_, str> {
    match piece::by_name(name).map(|p| p.title) {
        Some(title) if !title.is_empty() => title.into(),
        _ => name.into(),
    }
}

/// The text with its marks; a mark that does not fit the text is passed over.
fn marked(highlight: &Highlight) -> Markup {
    let mut at = 0;
    let mut parts = Vec::new();
    for &(start, end) in &highlight.marks {
        if let (Some(before), Some(hit)) = (highlight.text.get(at..start), highlight.text.get(start..end)) {
            parts.push((before, hit));
            at = end;
        }
    }
    html! { @for (before, hit) in parts { (before) mark { (hit) } } (highlight.text.get(at..).unwrap_or_default()) }
}

fn why(hit: &Hit) -> Markup {
    html! {
        @if !hit.why.is_empty() {
            details.why {
                summary { "Why here" span.hidden { ": score of " (hit.nct_id) } }
                p { "Score " (format!("{:.3}", hit.score)) " of 1." }
                table {
                    caption.hidden { "Parts of the score" }
                    thead { tr { th scope="col" { "Words" } th scope="col" { "Found in" } th scope="col" { "How" }
                        th.number scope="col" { "Counts" } } }
                    tbody { @for reason in &hit.why { (clause(reason)) } }
                }
            }
        }
    }
}

fn clause(reason: &Reason) -> Markup {
    html! {
        tr { th scope="row" { (reason.words) } td { (piece_title(&reason.piece)) } td { (reason.how) }
            td.number { (format!("{:.3}", reason.counts)) } }
    }
}
