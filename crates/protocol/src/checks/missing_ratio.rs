//! A randomised study that says neither the ratio of its arms nor their sizes.

use super::{Check, Input, Report, Severity, field};
use crate::protocol::Status;

pub(super) const CHECK: Check = Check {
    id: "missing_ratio",
    explanation: "The ratio is needed to make the list of assignments, and to know the power of the comparison.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let protocol = input.protocol;
    let randomised = input.record.study.text("DesignAllocation") == Some("RANDOMIZED");
    let sized = !protocol.arms.is_empty() && protocol.arms.iter().all(|a| a.size.is_some());
    let one_arm = input.record.arms.len() == 1;
    if randomised && !sized && !one_arm && protocol.ratio.status == Status::Missing {
        let message =
            "the study is randomised, and neither the ratio of its arms nor their sizes are said".to_owned();
        report.add(Severity::Note, field(input, "DesignAllocation"), message, "state the ratio, such as 1:1");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let summary = "/descriptionModule/briefSummary";
        let expected = "note `RANDOMIZED`: the study is randomised, and neither the ratio of its arms nor their sizes are said";
        finds(&CHECK, &[(summary, json!("People are randomised."))], &[expected]);
        finds(
            &CHECK,
            &[(summary, json!("Of 60 people, 30 patients get Gadgetol and 30 patients get Placebo."))],
            &[],
        );
    }
}
