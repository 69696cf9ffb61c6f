//! A study that was registered after it had started.

use super::{Check, Input, Report, Severity, field};

pub(super) const CHECK: Check = Check {
    id: "registered_after_start",
    explanation: "What was planned cannot be told from what was found when the plan is published after the start.",
    run,
};

/// The day from which journals ask for registration before the first participant.
const ASKED_FROM: jiff::civil::Date = jiff::civil::date(2005, 7, 1);

/// Days after the first participant within which US rules want a study to be registered.
const DAYS: i32 = 21;

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let (Some(start), Some(sent)) = (study.date("StartDate"), study.date("StudyFirstSubmitDate")) else {
        return;
    };
    let late = start.last_day().until(sent.first_day()).map_or(0, |span| span.get_days());
    if late > DAYS && start.first_day() >= ASKED_FROM && input.record.interventional() {
        let message =
            format!("the study was first registered ({sent}) {late} days after its start ({start})");
        let quote = field(input, "StudyFirstSubmitDate");
        report.add(
            Severity::Note,
            quote,
            message,
            "say in the record and in reports that it was registered late",
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let sent = "/statusModule/studyFirstSubmitDate";
        let expected = "note `2020-03-01`: the study was first registered (2020-03-01) 60 days after its start (2020-01-01)";
        finds(&CHECK, &[(sent, json!("2020-03-01"))], &[expected]);
        finds(&CHECK, &[(sent, json!("2020-01-20"))], &[]);
    }
}
