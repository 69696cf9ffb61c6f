//! An end before its start.

use super::{Check, Input, Report, Severity, field};

pub(super) const CHECK: Check = Check {
    id: "dates_out_of_order",
    explanation: "A study starts, then its primary outcome is complete, then all of it.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let dates = &input.protocol.dates;
    let pairs = [
        ("start", dates.start, "primary completion", dates.primary_completion, "PrimaryCompletionDate"),
        ("start", dates.start, "completion", dates.completion, "CompletionDate"),
        ("primary completion", dates.primary_completion, "completion", dates.completion, "CompletionDate"),
    ];
    for (first, a, second, b, piece) in pairs {
        let (Some(a), Some(b)) = (a, b) else { continue };
        // The end of a month may stand for a day that is known elsewhere.
        if b < a && (a.year(), a.month()) != (b.year(), b.month()) {
            let message = format!("the {second} ({b}) is before the {first} ({a})");
            report.add(Severity::Error, field(input, piece), message, "correct one of the two dates");
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let expected =
            "error `2023-05`: the completion (2023-05-31) is before the primary completion (2024-01-01)";
        finds(&CHECK, &[("/statusModule/completionDateStruct/date", json!("2023-05"))], &[expected]);
    }
}
