//! How the study is done: design, arms and interventions.

use maud::{Markup, html};
use model::{Study, enums};
use serde_json::Value;

use super::fact;
use crate::components::{
    labels::{enrollment, grouped, label, printed, text, texts},
    markdown,
};

/// The section; absent if the record says nothing of it.
pub(super) fn show(study: &Study) -> Option<Markup> {
    if study.values("DesignModule").is_empty() && study.values("ArmsInterventionsModule").is_empty() {
        return None;
    }
    let arms = study.values("ArmGroup");
    let interventions = study.values("Intervention");
    Some(html! {
        p { a href={ "/study/" (crate::components::labels::address(study.id())) "/protocol" } { "Schedule, doses, dates and findings" }
            ": the record as a protocol" }
        (design(study))
        @if !arms.is_empty() {
            p.lead { (sentence(study, &arms)) }
            (diagram(study, &arms))
            (table(&arms, &interventions))
        }
        @if !interventions.is_empty() { (list(&interventions)) }
    })
}

fn design(study: &Study) -> Markup {
    let masked = study.texts("DesignWhoMasked");
    let masked: Vec<&str> = masked.into_iter().map(|w| enums::label("WhoMasked", w)).collect();
    let registry = study.boolean("PatientRegistry").map(|y| if y { "Yes" } else { "No" });
    html! {
        dl.table {
            (fact("Study type", label(study, "StudyType", "StudyType")))
            (fact("Primary purpose", label(study, "DesignPrimaryPurpose", "PrimaryPurpose")))
            (fact("Allocation", label(study, "DesignAllocation", "DesignAllocation")))
            (fact("Interventional model", label(study, "DesignInterventionModel", "InterventionalAssignment")))
            (fact("Observational model", label(study, "DesignObservationalModel", "ObservationalModel")))
            (fact("Time perspective", label(study, "DesignTimePerspective", "DesignTimePerspective")))
            (fact("Masking", label(study, "DesignMasking", "DesignMasking")))
            (fact("Who is masked", Some(masked.join(", ")).filter(|m| !m.is_empty())))
            (fact("Enrolment", enrollment(study)))
            (fact("Patient registry", registry))
            (fact("Follow-up", study.text("TargetDuration")))
            (fact("Samples kept", label(study, "BioSpecRetention", "BioSpecRetention")))
        }
        @for (name, piece) in [("About the model", "DesignInterventionModelDescription"),
            ("About the masking", "DesignMaskingDescription"), ("About the samples", "BioSpecDescription")] {
            @if let Some(words) = study.text(piece) { h3 { (name) } div.prose { (markdown::render(words)) } }
        }
    }
}

/// `42 participants in 2 arms, one of them with a placebo`. The word placebo is used only where the arm's own words
/// or its interventions use it: the registry's arm type alone has been wrong.
fn sentence(study: &Study, arms: &[&Value]) -> String {
    let people = match study.integer("EnrollmentCount") {
        Some(1) => "1 participant".to_owned(),
        Some(n) if n != 99_999_999 => format!("{} participants", grouped(n as u64)),
        _ => "Participants".to_owned(),
    };
    let groups = if arms.len() == 1 { "1 arm".to_owned() } else { format!("{} arms", arms.len()) };
    let typed = arms.iter().filter(|a| text(a, "type") == Some("PLACEBO_COMPARATOR")).count();
    let said =
        arms.iter().any(|a| says_placebo(a)) || study.values("Intervention").iter().any(|i| says_placebo(i));
    let tail = match (typed > 0, said) {
        (_, true) => ", with a placebo",
        (true, false) => ", with a comparator that the record calls placebo while describing none",
        (false, false) => "",
    };
    format!("{people} in {groups}{tail}.")
}

fn says_placebo(object: &Value) -> bool {
    ["name", "description"].iter().filter_map(|key| text(object, key)).any(|words| {
        let words = words.to_lowercase();
        ["placebo", "saline", "sham"].iter().any(|w| words.contains(w))
    })
}

/// The arms as branches, each with what it gets.
fn diagram(study: &Study, arms: &[&Value]) -> Markup {
    let shown = &arms[..arms.len().min(12)];
    let height = 34 * shown.len() + 6;
    let middle = height as f64 / 2.0;
    let split = match study.text("DesignAllocation") {
        Some("RANDOMIZED") => "Randomised",
        Some("NON_RANDOMIZED") => "Assigned",
        _ => "Enrolled",
    };
    html! {
        figure.arms {
            svg viewBox={ "0 0 640 " (height) } role="img" aria-labelledby="arms-t arms-d" {
                title #arms-t { "Arms of the study" }
                desc #arms-d { (split) " to: " (shown.iter().filter_map(|a| text(a, "label")).collect::<Vec<_>>().join("; ")) }
                text.split x="0" y=(middle + 5.0) { (split) }
                @for (i, arm) in shown.iter().enumerate() {
                    @let y = 34 * i + 20;
                    path.branch d={ "M96 " (middle) "C125 " (middle) " 115 " (y) " 145 " (y) } {}
                    rect.arm x="145" y=(y - 13) width="490" height="26" rx="4" {}
                    text x="155" y=(y + 5) { (shorten(text(arm, "label").unwrap_or("Arm"), 60)) }
                }
            }
            @if arms.len() > shown.len() { figcaption { "The first " (shown.len()) " of " (arms.len()) " arms." } }
        }
    }
}

fn shorten(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_owned();
    }
    words.chars().take(most - 1).chain(['…']).collect()
}

/// A row for every arm and intervention that belong together.
fn table(arms: &[&Value], interventions: &[&Value]) -> Markup {
    html! {
        h3 { "Arms and interventions" }
        div.wide {
            table {
                caption.hidden { "Arms and their interventions" }
                thead { tr { th scope="col" { "Arm" } th scope="col" { "Intervention" } th scope="col" { "Description" } } }
                tbody {
                    @for arm in arms {
                        @let given = given(arm, interventions);
                        @let rows = given.len().max(1);
                        @for row in 0..rows {
                            tr {
                                @if row == 0 { th scope="rowgroup" rowspan=(rows) { (arm_head(arm)) } }
                                td { (given.get(row).map_or("—", String::as_str)) }
                                @if row == 0 { td rowspan=(rows) {
                                    @if let Some(words) = text(arm, "description") { (markdown::render(words)) }
                                } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn arm_head(arm: &Value) -> Markup {
    let kind = text(arm, "type").map(|t| enums::label("ArmGroupType", t));
    html! { (text(arm, "label").unwrap_or("Arm")) @if let Some(kind) = kind { span.kind { (kind) } } }
}

/// What an arm gets: its own list, or else the interventions that name it.
fn given(arm: &Value, interventions: &[&Value]) -> Vec<String> {
    let own: Vec<String> = texts(arm, "interventionNames").into_iter().map(str::to_owned).collect();
    if !own.is_empty() {
        return own;
    }
    let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
    let label = text(arm, "label").unwrap_or_default();
    let names = interventions.iter().filter(|i| texts(i, "armGroupLabels").iter().any(|l| same(l, label)));
    names.filter_map(|i| printed(i, "name")).collect()
}

fn list(interventions: &[&Value]) -> Markup {
    html! {
        h3 { "Interventions" }
        dl.long {
            @for one in interventions {
                dt { (enums::label("InterventionType", text(one, "type").unwrap_or("OTHER"))) ": "
                    (text(one, "name").unwrap_or("not named")) }
                dd {
                    @if let Some(words) = text(one, "description") { (markdown::render(words)) }
                    @let others = texts(one, "otherNames");
                    @if !others.is_empty() { p.quiet { "Also called " (others.join(", ")) } }
                    @let arms = texts(one, "armGroupLabels");
                    @if !arms.is_empty() { p.quiet { "Arms: " (arms.join("; ")) } }
                }
            }
        }
    }
}
