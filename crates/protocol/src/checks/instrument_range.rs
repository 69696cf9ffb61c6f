//! A score beyond the range of its instrument: `TCSS ≥ 25`.

use super::{Check, Input, Report, Severity};
use crate::{
    compile::Mention,
    read::{Text, number, text::Kind},
    record::Passage,
};

pub(super) const CHECK: Check = Check {
    id: "instrument_range",
    explanation: "No person has such a score: the instrument, its version or the number is another one.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let mentions = input.record.mentions();
    let mut look = |passage: &Passage<'_>, mentions: &[Mention]| {
        for (instrument, from, to) in mentions {
            let Some((low, high)) = instrument.range else { continue };
            let Some((value, end)) = compared(&passage.text, *to) else { continue };
            if value > high || value < low {
                let message =
                    format!("{} goes from {low} to {high}, and {value} is asked for", instrument.name);
                report.add(
                    Severity::Error,
                    Some(passage.quote(*from, end)),
                    message,
                    "check the instrument, its version and the number",
                );
            }
        }
    };
    input.record.criteria.iter().for_each(|c| look(c, &mentions.criteria));
    for (outcome, (measure, description)) in input.record.outcomes.iter().zip(&mentions.outcomes) {
        look(&outcome.measure, measure);
        outcome.description.iter().for_each(|d| look(d, description));
    }
}

/// The number that a score is compared with, right behind the instrument, and the token behind it.
fn compared(text: &Text<'_>, to: usize) -> Option<(f64, usize)> {
    let fill = [
        "score",
        "scores",
        "scale",
        "total",
        "of",
        "a",
        "index",
        "value",
        "is",
        "was",
        ")",
        "class",
        "status",
        "performance",
    ];
    let mut at = to;
    while text.is_any(at, &fill) && at < to + 5 {
        at += 1;
    }
    if !text.is_any(at, &["≥", "≤", ">", "<", "=", "≧", "≦"]) {
        return None;
    }
    let at = if text.is_any(at + 1, &["=", ">", "<"]) { at + 2 } else { at + 1 };
    if text.kind(at) != Kind::Number || !text.together(to - 1, at) {
        return None;
    }
    // A unit or a change in percent is no score.
    let behind = text.word(at + 1);
    let unit = [
        "%", "mm", "cm", "points", "point", "/", "kg", "years", "days", "months", "weeks", "seconds", "m",
        "st", "nd",
    ];
    if unit.iter().any(|u| behind.eq_ignore_ascii_case(u)) {
        return None;
    }
    Some((number::whole(text, at)?.try_into().ok()?, at + 1))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let title = ("/identificationModule/briefTitle", json!("A drug for diabetic neuropathy"));
        let criteria = |text: &str| ("/eligibilityModule", json!({"eligibilityCriteria": text}));
        let expected =
            "error `TCSS score ≥25`: Toronto Clinical Scoring System goes from 0 to 19, and 25 is asked for";
        finds(&CHECK, &[title.clone(), criteria("Inclusion Criteria:\n\n* TCSS score ≥25")], &[expected]);
        finds(&CHECK, &[title, criteria("Inclusion Criteria:\n\n* TCSS score ≥12, decrease ≤30%")], &[]);
    }
}
