//! An outcome of which nobody can say when to measure it.

use super::{Check, Input, Report, Severity};
use crate::record::{OutcomeWords, Rank};

pub(super) const CHECK: Check = Check {
    id: "timeframe_missing",
    explanation: "An outcome without a time can be measured whenever it suits the result.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    // Sources that lose the time frames lose them all.
    let outcomes = &input.record.outcomes;
    if !input.record.interventional() {
        return;
    }
    for outcome in outcomes.iter().filter(|o| !says_when(o)) {
        let severity = if outcome.rank == Rank::Primary { Severity::Warning } else { Severity::Note };
        let quote = outcome.time_frame.as_ref().unwrap_or(&outcome.measure).whole();
        let message = match &outcome.time_frame {
            Some(frame) => format!("the time frame says no time: `{}`", frame.text.source.trim()),
            None => "the outcome has no time frame".to_owned(),
        };
        report.add(severity, Some(quote), message, "say when the outcome is measured");
    }
}

fn says_when(outcome: &OutcomeWords<'_>) -> bool {
    let Some(frame) = &outcome.time_frame else { return false };
    let words = frame.text.source.trim().trim_end_matches('.').to_ascii_lowercase();
    let empty = [
        "n/a",
        "na",
        "none",
        "-",
        "?",
        "unspecified",
        "not specified",
        "tbd",
        "unknown",
        "not applicable",
        "time frame",
    ];
    !empty.contains(&words.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let frame = "/outcomesModule/primaryOutcomes/0/timeFrame";
        finds(&CHECK, &[(frame, json!(null))], &["warning `Survival`: the outcome has no time frame"]);
        finds(&CHECK, &[(frame, json!("N/A"))], &["warning `N/A`: the time frame says no time: `N/A`"]);
        finds(&CHECK, &[(frame, json!("through study completion"))], &[]);
    }
}
