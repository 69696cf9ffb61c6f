//! What the study is about: summary, conditions, treatments, ids, sponsors, dates, oversight.

use std::collections::BTreeSet;

use maud::{Markup, html};
use model::{Same, Study, enums};

use super::fact;
use crate::{
    components::{
        labels::{date, label, text},
        markdown,
    },
    parameters::Parameters,
};

/// The section; every study has one.
pub(super) fn show(study: &Study, same: &Same) -> Option<Markup> {
    Some(html! {
        @if let Some(title) = study.text("OfficialTitle").filter(|t| Some(*t) != study.text("BriefTitle")) {
            p.official { "Official title: " (title) }
        }
        @if let Some(summary) = study.text("BriefSummary") { h3 { "Summary" } div.prose { (markdown::render(summary)) } }
        @if let Some(full) = study.text("DetailedDescription") {
            details.full { summary { "Full description" } div.prose { (markdown::render(full)) } }
        }
        h3 { "Conditions" }
        (links(&study.texts("Condition"), "cond"))
        @let treatments = treatments(study);
        @if !treatments.is_empty() { h3 { "Treatments" } ul.plain { @for t in &treatments { li { (t) } } } }
        @let keywords = study.texts("Keyword");
        @if !keywords.is_empty() { h3 { "Keywords" } (links(&keywords, "q")) }
        (mesh(study))
        (identity(study, same))
        (dates(study))
        (oversight(study))
    })
}

fn links(texts: &[&str], parameter: &str) -> Markup {
    html! {
        @if texts.is_empty() { p.quiet { "None stated." } }
        @else {
            ul.tags { @for text in texts {
                li { a href=(Parameters::default().with(parameter, quoted(text)).address("/search")) { (text) } }
            } }
        }
    }
}

/// As a phrase, so that brackets and capitals in it are words.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\\'], " "))
}

/// `Drug: Metformin`, in the registry's order.
fn treatments(study: &Study) -> Vec<String> {
    let one = |i: &&serde_json::Value| {
        let kind = enums::label("InterventionType", text(i, "type").unwrap_or("OTHER"));
        format!("{kind}: {}", text(i, "name").unwrap_or("not named"))
    };
    study.values("Intervention").iter().map(one).collect()
}

fn mesh(study: &Study) -> Markup {
    let terms = [
        ("MeSH of the conditions", study.texts("ConditionMeshTerm")),
        ("Broader terms of the conditions", study.texts("ConditionAncestorTerm")),
        ("MeSH of the interventions", study.texts("InterventionMeshTerm")),
        ("Broader terms of the interventions", study.texts("InterventionAncestorTerm")),
    ];
    html! {
        @if terms.iter().any(|t| !t.1.is_empty()) {
            details { summary { "MeSH terms" }
                @for (name, terms) in terms.iter().filter(|t| !t.1.is_empty()) { h4 { (name) } (links(terms, "q")) }
            }
        }
    }
}

fn identity(study: &Study, same: &Same) -> Markup {
    let funders = [study.texts("LeadSponsorClass"), study.texts("CollaboratorClass")].concat();
    let funders: BTreeSet<&str> = funders.into_iter().map(funder).collect();
    let join = |piece: &str| Some(study.texts(piece).join(", ")).filter(|t| !t.is_empty());
    html! {
        h3 { "Who and which" }
        dl.table {
            (fact(if study.id().nct().is_some() { "NCT number" } else { "Number" }, Some(study.id().to_string())))
            (fact("Registry", study.id().nct().is_none().then(|| study.id().register().name())))
            (elsewhere(same))
            (fact("Former numbers", join("NCTIdAlias")))
            (fact("Sponsor's number", study.text("OrgStudyId")))
            (secondary(study))
            (fact("Sponsor", study.text("LeadSponsorName")))
            (fact("Organization", study.text("OrgFullName")))
            (fact("Collaborators", join("CollaboratorName")))
            (fact("Funder types", Some(funders.into_iter().collect::<Vec<_>>().join(", ")).filter(|t| !t.is_empty())))
            (fact("Responsible party", label(study, "ResponsiblePartyType", "ResponsiblePartyType")))
            (fact("Investigator", investigator(study)))
        }
    }
}

/// The four kinds of funders that filters know.
fn funder(class: &str) -> &'static str {
    match class {
        "INDUSTRY" => "Industry",
        "NIH" => "NIH",
        "FED" => "U.S. federal agency",
        _ => "Other",
    }
}

/// The trial's records and numbers at other registries, and what is in dispute.
fn elsewhere(same: &Same) -> Markup {
    let numbers: Vec<String> =
        same.numbers.iter().map(|id| format!("{id} ({})", id.register().name())).collect();
    html! {
        @for id in &same.studies {
            div { dt { "Also registered as" } dd { a href={ "/study/" (crate::components::labels::address(id)) } { (id) } ", " (id.register().name()) } }
        }
        (fact("Also registered as", Some(numbers.join(", ")).filter(|t| !t.is_empty())))
        @for dispute in &same.disputes {
            div { dt { "In dispute" } dd {
                @for id in &dispute.studies { a href={ "/study/" (crate::components::labels::address(id)) } { (id) } " " }
                "are named by "
                @match dispute.identifier { Some(id) => { (id) } None => { "a chain of numbers" } }
                " and not taken for one trial"
            } }
        }
    }
}

fn secondary(study: &Study) -> Markup {
    html! {
        @for info in study.values("SecondaryIdInfo") {
            @if let Some(id) = text(info, "id") {
                @let kind = text(info, "type").map(|t| enums::label("SecondaryIdType", t));
                div { dt { "Other number" } dd { (id)
                    @if let Some(kind) = kind { " (" (kind) ")" }
                    @if let Some(domain) = text(info, "domain") { ", " (domain) }
                } }
            }
        }
    }
}

fn investigator(study: &Study) -> Option<String> {
    let parts = [
        "ResponsiblePartyInvestigatorFullName",
        "ResponsiblePartyInvestigatorTitle",
        "ResponsiblePartyInvestigatorAffiliation",
    ];
    let parts: Vec<&str> = parts.iter().filter_map(|p| study.text(p)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn dates(study: &Study) -> Markup {
    let rows = [
        ("First submitted", "StudyFirstSubmitDate"),
        ("First posted", "StudyFirstPostDate"),
        ("Start", "StartDate"),
        ("Primary completion", "PrimaryCompletionDate"),
        ("Completion", "CompletionDate"),
        ("Results first posted", "ResultsFirstPostDate"),
        ("Last update posted", "LastUpdatePostDate"),
        ("Last verified", "StatusVerifiedDate"),
    ];
    html! {
        @if rows.iter().any(|r| study.text(r.1).is_some()) {
            h3 { "Dates" }
        dl.table { @for (name, piece) in rows { (fact(name, study.text(piece).map(date))) } }
        }
    }
}

fn oversight(study: &Study) -> Markup {
    let yes = |piece: &str| study.boolean(piece).map(|y| if y { "Yes" } else { "No" });
    let rows = [
        ("Data monitoring committee", "OversightHasDMC"),
        ("FDA-regulated drug", "IsFDARegulatedDrug"),
        ("FDA-regulated device", "IsFDARegulatedDevice"),
        ("Unapproved device", "IsUnapprovedDevice"),
        ("FDAAA 801 violation", "FDAAA801Violation"),
    ];
    html! {
        @if rows.iter().any(|r| yes(r.1).is_some()) {
            h3 { "Oversight" }
            dl.table { @for (name, piece) in rows { (fact(name, yes(piece))) } }
        }
    }
}
