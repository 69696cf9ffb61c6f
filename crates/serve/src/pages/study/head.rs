//! The head of a study's page: title, id, status, sponsor, time, the facts in a strip.

use jiff::civil::Date;
use maud::{Markup, html};
use model::Study;

use super::fact;
use crate::components::{
    labels::{ages, date, enrollment, grouped, label, phases, sex},
    pill, time_bar,
};

/// Everything above the sections.
pub(super) fn show(study: &Study, today: Date) -> Markup {
    html! {
        header.head {
            p.facts {
                @if let Some(status) = study.text("OverallStatus") { (pill::status(status)) }
                span.id #nct { (study.id()) }
                button type="button" data-copy="nct" hidden { "Copy id" }
                @if let Some(kind) = label(study, "StudyType", "StudyType") { span { (kind) } }
                @if let Some(phases) = phases(study) { span { (phases) } }
                a href="#results" hidden[study.boolean("HasResults") != Some(true)] { "Results posted" }
            }
            h1 { (study.title()) @if let Some(acronym) = study.text("Acronym") { " (" (acronym) ")" } }
            @if let Some(sponsor) = study.text("LeadSponsorName") { p.sponsor { (sponsor) } }
            @if let Some(why) = study.text("WhyStopped") { p.stopped { "Stopped: " (crate::components::markdown::span(why)) } }
            (last_known(study))
            (time_bar::large(study, today))
            (strip(study))
        }
    }
}

/// A study whose status is unknown once had one.
fn last_known(study: &Study) -> Markup {
    let verified = study.text("StatusVerifiedDate").map(date);
    html! {
        @if let Some(last) = label(study, "LastKnownStatus", "Status") {
            p.stopped { "Last known status: " (last) @if let Some(day) = verified { ", verified " (day) } }
        }
    }
}

fn strip(study: &Study) -> Markup {
    let count = |piece: &str| {
        let n = study.values(piece).len();
        (n > 0).then(|| grouped(n as u64))
    };
    let volunteers =
        study.boolean("HealthyVolunteers").map(|yes| if yes { "accepted" } else { "not accepted" });
    html! {
        dl.strip {
            (fact("Participants", enrollment(study)))
            (fact("Ages", Some(ages(study))))
            (fact("Sex", sex(study)))
            (fact("Healthy volunteers", volunteers))
            (fact("Arms", count("ArmGroup")))
            (fact("Sites", count("Location")))
            (fact("Allocation", label(study, "DesignAllocation", "DesignAllocation")))
            (fact("Masking", label(study, "DesignMasking", "DesignMasking")))
        }
    }
}
