//! An enrolment that no study has.

use super::{Check, Input, Report, Severity};

pub(super) const CHECK: Check = Check {
    id: "enrollment_absurd",
    explanation: "Sums over studies and plans of sites break on a number that stands for something else.",
    run,
};

/// The registry's own mark for a number that is not known consists of nines; no interventional study is as large.
const ABSURD: i64 = 9_999_999;

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let Some(count) = input.record.study.integer("EnrollmentCount") else { return };
    if !(0..ABSURD).contains(&count) {
        let message = format!("no study has {count} participants");
        report.add(Severity::Error, None, message, "state the number that is planned, or that was reached");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let count = "/designModule/enrollmentInfo/count";
        finds(&CHECK, &[(count, json!(99_999_999))], &["error: no study has 99999999 participants"]);
    }
}
