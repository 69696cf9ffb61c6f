//! `/study/{id}/protocol`: a study's record as something that can be carried out, with what is wrong with it, what a
//! person would get, and a participant's dates.

pub(crate) mod calendar;
pub(crate) mod dose;

use axum::{
    extract::{Path, State},
    response::Response,
};
use eligibility::{
    Eligibility,
    checks::Severity,
    read::{Options, Reader},
};
use maud::{Markup, html};
use model::{Study, StudyId};
use protocol::{
    Protocol, Status,
    checks::{self, Finding},
    score, text,
};

use super::{error::Failure, html as answer, lint, work};
use crate::{
    Site,
    components::{layout, timeline},
    parameters::Parameters,
};

/// The study that an address names.
pub(super) fn study(site: &Site, text: &str) -> Result<Study, Failure> {
    let missing = || Failure::NotFound(format!("There is no study “{text}” in this registry"));
    let id: StudyId = text.parse().map_err(|_| missing())?;
    site.catalogue.study(id)?.ok_or_else(missing)
}

/// Answers with the protocol of a study.
pub(crate) async fn get(State(site): State<Site>, Path(text): Path<String>) -> Result<Response, Failure> {
    work(move || {
        let study = study(&site, &text)?;
        let eligibility = Eligibility::of(&mut Reader::new(), &study, Options::default());
        let changes = lint::changes(&site, study.id())?;
        let (protocol, findings) = checks::study_with_criteria(&study, &eligibility, &changes);
        Ok(answer(page(&study, &protocol, &findings, &site)))
    })
    .await
}

fn page(study: &Study, protocol: &Protocol, findings: &[Finding], site: &Site) -> Markup {
    let id = study.id();
    let main = html! {
        div.plan {
            h1 { "Protocol of " a href={ "/study/" (crate::components::labels::address(id)) "#protocol" } { (id) } }
            p.lead { (study.title()) }
            p.quiet { "Read from the record by rules. Each value says how it is known: " (status(Status::Stated)) " by the record, "
                (status(Status::Derived)) " from it, " (status(Status::Assumed)) " where its words can be read in another way, "
                (status(Status::Missing)) "." }
            section aria-labelledby="findings" { h2 #findings { "Findings" } (found(findings)) }
            section aria-labelledby="arms" { h2 #arms { "Arms" } (arms(protocol)) }
            section aria-labelledby="schedule" {
                h2 #schedule { "Schedule" }
                (timeline::chart("plan", "Schedule of the study", &timeline::lanes(protocol, "")))
            }
            section aria-labelledby="doses" { h2 #doses { "Doses" } (doses(protocol)) }
            section aria-labelledby="person" {
                h2 #person { "What a person would get" }
                (dose::form(&id.to_string(), &Parameters::default()))
            }
            section aria-labelledby="dates" {
                h2 #dates { "A participant's dates" }
                (calendar::form(&id.to_string(), &Parameters::default(), site.today()))
            }
            section aria-labelledby="instruments" { h2 #instruments { "Instruments" } (instruments(protocol)) }
        }
    };
    layout::page(&format!("Protocol of {id}"), Some(""), main)
}

/// A status by its colour, a sign and its word.
pub(crate) fn status(status: Status) -> Markup {
    let (class, sign) = match status {
        Status::Stated => ("open", "✓"),
        Status::Derived => ("soon", "="),
        Status::Assumed => ("held", "?"),
        Status::Missing => ("unknown", "–"),
        Status::Contradictory => ("ended", "✕"),
    };
    html! { span class={ "pill " (class) } { span aria-hidden="true" { (sign) " " } (status.as_str()) } }
}

fn severity(severity: Severity) -> Markup {
    let (class, sign) = match severity {
        Severity::Error => ("ended", "✕"),
        Severity::Warning => ("held", "!"),
        Severity::Note => ("soon", "i"),
    };
    html! { span class={ "pill " (class) } { span aria-hidden="true" { (sign) " " } (severity) } }
}

fn found(findings: &[Finding]) -> Markup {
    html! {
        @if findings.is_empty() { p { "Nothing was found. A check that is not sure says nothing." } }
        ul.found {
            @for finding in findings.iter().take(100) {
                li {
                    p { (severity(finding.severity)) " " (finding.message) }
                    @if let Some(quote) = &finding.quote { p.said { "“" (cut(&quote.text)) "”" } }
                    p.quiet { (finding.explanation) " Remedy: " (finding.remedy) "." }
                }
            }
        }
    }
}

/// At most three hundred characters.
fn cut(words: &str) -> String {
    let mut out: String = words.chars().take(300).collect();
    if out.len() < words.len() {
        out.push('…');
    }
    out
}

fn arms(protocol: &Protocol) -> Markup {
    let ratio = protocol.ratio.value.as_ref();
    let ratio = ratio.map(|parts| parts.iter().map(u32::to_string).collect::<Vec<_>>().join(":"));
    html! {
        @if protocol.arms.is_empty() { p.quiet { "The record names no arms." } } @else {
            div.wide {
                table {
                    caption.hidden { "Arms" }
                    thead { tr { th scope="col" { "Arm" } th scope="col" { "By its content" } th scope="col" { "Typed as" }
                        th scope="col" { "People" } th scope="col" { "Gets" } } }
                    tbody {
                        @for arm in protocol.arms.iter().take(60) {
                            tr {
                                th scope="row" { (cut(&arm.label)) }
                                td { (arm.role.as_str().replace('_', " ")) }
                                td { (arm.role_typed.as_deref().unwrap_or("—")) }
                                td { @match arm.size { Some(n) => (n), None => "—" } }
                                td { (arm.interventions.join(" + ")) @if !arm.background.is_empty() {
                                    span.kind { "all arms get " (arm.background.join(", ")) } } }
                            }
                        }
                    }
                }
            }
        }
        p { "Ratio: " (ratio.as_deref().unwrap_or("not said")) " " (status(protocol.ratio.status)) }
    }
}

fn doses(protocol: &Protocol) -> Markup {
    html! {
        @if protocol.doses.is_empty() { p.quiet { "The record tells of no doses." } }
        ul.found {
            @for dose in protocol.doses.iter().take(60) {
                li {
                    p { (status(dose.status)) " " (text::dose(dose)) }
                    p.said.quiet { "“" (cut(&dose.quote.text)) "”" }
                }
            }
        }
    }
}

fn instruments(protocol: &Protocol) -> Markup {
    html! {
        @if protocol.instruments.is_empty() { p.quiet { "The record names none that is known here." } }
        ul {
            @for named in &protocol.instruments {
                li {
                    @match score::instrument(named.id) {
                        Some(instrument) => a href={ "/score/" (instrument.id) } { (instrument.name) },
                        None => (protocol::compile::instrument(named.id).map_or(named.id, |i| i.name)),
                    }
                }
            }
        }
    }
}
