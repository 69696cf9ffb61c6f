//! Dates between which the outcomes cannot be measured.

use super::{Check, Input, Report, Severity};
use crate::{
    protocol::{Purpose, Timing},
    record::Rank,
};

pub(super) const CHECK: Check = Check {
    id: "dates_infeasible",
    explanation: "Who joins on the first day must still be seen for the whole time frame before the study ends.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let status = input.record.study.text("OverallStatus");
    // A study that was broken off ended before its plan.
    if matches!(status, Some("TERMINATED" | "WITHDRAWN")) || !input.record.interventional() {
        return;
    }
    let protocol = input.protocol;
    let dates = &protocol.dates;
    let Some(start) = dates.start else { return };
    let primary = protocol.longest(|p| p == Purpose::Outcome(Rank::Primary));
    let any = protocol.longest(|p| matches!(p, Purpose::Outcome(_)));
    let any = any.or_else(|| protocol.longest(|p| p == Purpose::LongestFollowUp));
    let mut told = false;
    for (time, end, what) in
        [(primary, dates.primary_completion, "primary completion"), (any, dates.completion, "completion")]
    {
        let (Some(time), Some(end)) = (time, end) else { continue };
        // Dates in the wrong order are told by another check.
        if told || end < start || time.time.before(end).is_some_and(|last| last >= start) {
            continue;
        }
        told = true;
        let message = format!("{} from the start ({start}) is after the {what} ({end})", length(time));
        let remedy = "move the completion, or shorten the time frame";
        report.add(severity(input, time), Some(time.quote.clone()), message, remedy);
    }
}

/// `up to 5 years` and `an average of 1 year` may end earlier for all.
fn severity(input: &Input<'_, '_>, timing: &Timing) -> Severity {
    let frames = input.record.outcomes.iter().filter_map(|o| o.time_frame.as_ref());
    let frame = frames.into_iter().find(|p| p.field == timing.quote.field);
    let vague = ["up", "approximately", "average", "about", "maximum", "anticipated", "expected"];
    let is_vague = frame.is_some_and(|p| p.text.has_any(0..p.text.tokens.len(), &vague));
    if is_vague { Severity::Warning } else { Severity::Error }
}

/// `104 weeks`, `1 week`.
fn length(timing: &Timing) -> String {
    let (value, unit) = (timing.time.value, timing.time.unit.as_str());
    let plural = if value == model::Decimal::ONE { "" } else { "s" };
    format!("{value} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let frame = "/outcomesModule/primaryOutcomes/0/timeFrame";
        let expected = "warning `5 years`: 5 years from the start (2020-01-01) is after the primary completion (2024-01-01)";
        finds(&CHECK, &[(frame, json!("up to 5 years"))], &[expected]);
        let secondary = json!([{"measure": "Later", "timeFrame": "week 260"}]);
        let expected =
            "error `week 260`: 260 weeks from the start (2020-01-01) is after the completion (2024-06-01)";
        finds(&CHECK, &[("/outcomesModule/secondaryOutcomes", secondary)], &[expected]);
        finds(
            &CHECK,
            &[(frame, json!("5 years")), ("/statusModule/overallStatus", json!("TERMINATED"))],
            &[],
        );
    }
}
