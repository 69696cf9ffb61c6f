//! Posted outcome measures with their analyses.

use maud::{Markup, html};
use serde_json::Value;

use super::measure::{denominators, descriptions, groups, head, rows, unit};
use crate::{
    components::{
        labels::{items, printed, text, texts},
        markdown,
    },
    pages::study::fact,
};

/// One block a measure; the primary ones are open.
pub(super) fn show(module: &Value) -> Markup {
    let measures = items(module, "outcomeMeasures");
    html! {
        h3 { "Outcome measures (" (measures.len()) ")" }
        @for measure in measures {
            details.measure open[text(measure, "type") == Some("PRIMARY")] {
                summary { span.kind { (rank(measure)) } " " (markdown::span(text(measure, "title").unwrap_or("Measure"))) }
                (one(measure))
            }
        }
    }
}

fn rank(measure: &Value) -> String {
    let words = text(measure, "type").unwrap_or("OTHER").replace('_', " ").to_lowercase();
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

fn one(measure: &Value) -> Markup {
    let groups = groups(measure);
    html! {
        @if let Some(words) = text(measure, "description") { div.prose { (markdown::render(words)) } }
        dl.table {
            (fact("Time", text(measure, "timeFrame")))
            (fact("Counted people", text(measure, "populationDescription")))
            (fact("Value", Some(unit(measure)).filter(|u| !u.is_empty())))
            (fact("Status of reporting", text(measure, "reportingStatus").filter(|s| *s != "POSTED")))
            (fact("Expected", text(measure, "anticipatedPostingDate")))
        }
        (descriptions(items(measure, "groups")))
        @if !items(measure, "classes").is_empty() {
            div.wide {
                table {
                    caption.hidden { "Values of " (text(measure, "title").unwrap_or("the measure")) }
                    (head("Value", &groups))
                    tbody { (denominators(measure, &groups)) (rows(measure, &groups)) }
                }
            }
        }
        @for (i, analysis) in items(measure, "analyses").iter().enumerate() { (analysis_of(i + 1, analysis, &groups)) }
    }
}

fn analysis_of(number: usize, analysis: &Value, groups: &[(&str, &str)]) -> Markup {
    let compared: Vec<&str> = texts(analysis, "groupIds")
        .into_iter()
        .map(|id| groups.iter().find(|g| g.0 == id).map_or(id, |g| g.1))
        .collect();
    html! {
        h4 { "Analysis " (number) }
        dl.table {
            (fact("Groups", Some(compared.join(" vs ")).filter(|g| !g.is_empty())))
            (fact("Method", text(analysis, "statisticalMethod")))
            (fact("p", printed(analysis, "pValue")))
            (fact("About p", text(analysis, "pValueComment")))
            (fact("Estimate", estimate(analysis)))
            (fact("Interval", interval(analysis)))
            (fact("Hypothesis", text(analysis, "nonInferiorityType").map(|t| t.replace('_', " ").to_lowercase())))
            (fact("About the hypothesis", text(analysis, "nonInferiorityComment")))
            (fact("Comment", text(analysis, "statisticalComment").or_else(|| text(analysis, "groupDescription"))))
            (fact("About the estimate", text(analysis, "estimateComment")))
            (fact("Other analysis", text(analysis, "otherAnalysisDescription")))
        }
    }
}

/// `Hazard Ratio (HR) 0.72, standard error of the mean 0.1`.
fn estimate(analysis: &Value) -> Option<String> {
    let value = printed(analysis, "paramValue")?;
    let mut out = format!("{} {value}", text(analysis, "paramType").unwrap_or("Estimate"));
    if let Some(spread) = printed(analysis, "dispersionValue") {
        let kind = text(analysis, "dispersionType").unwrap_or("dispersion").replace('_', " ").to_lowercase();
        out.push_str(&format!(", {kind} {spread}"));
    }
    Some(out)
}

/// `95 %: 0.6 to 0.9`; an open side is said to be open.
fn interval(analysis: &Value) -> Option<String> {
    let (low, high) = (printed(analysis, "ciLowerLimit"), printed(analysis, "ciUpperLimit"));
    if low.is_none() && high.is_none() {
        return None;
    }
    let level = printed(analysis, "ciPctValue").map_or_else(String::new, |p| format!("{p} %: "));
    let side = |s: Option<String>| s.unwrap_or_else(|| "open".to_owned());
    Some(format!("{level}{} to {}", side(low), side(high)))
}
