//! A primary outcome that is another one in a later version of the record.
//!
//! One record alone does not show this; whoever has its versions tells what changed between them.

use model::PartialDate;

use super::{Check, Input, Report, Severity};

pub(super) const CHECK: Check = Check {
    id: "primary_outcome_changed",
    explanation: "An outcome that is chosen when results may be known cannot test what was planned.",
    run,
};

/// When in the course of a study something was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before it started, or nobody can say.
    Unknown,
    /// After its start.
    AfterStart,
    /// After its primary completion.
    AfterCompletion,
}

/// A change of the primary outcomes between two versions of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The day of the version that has the change.
    pub day: Option<PartialDate>,
    /// When that was.
    pub stage: Stage,
    /// The outcomes before, with their time frames; empty if there were none.
    pub before: String,
    /// The outcomes after it; empty if there are none.
    pub after: String,
}

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let place = input.record.outcomes.first().map(|outcome| outcome.measure.whole());
    for change in input.changes {
        let (severity, when) = match change.stage {
            Stage::Unknown => (Severity::Note, ""),
            Stage::AfterStart => (Severity::Warning, ", after the start of the study"),
            Stage::AfterCompletion => (Severity::Warning, ", after the primary completion"),
        };
        let day = change.day.map(|day| format!(" of {day}")).unwrap_or_default();
        let said = |outcomes: &str| match outcomes {
            "" => "none".to_owned(),
            outcomes => format!("`{outcomes}`"),
        };
        let message = format!(
            "the primary outcome was changed in the version{day}{when}: from {} to {}",
            said(&change.before),
            said(&change.after)
        );
        report.add(
            severity,
            place.clone(),
            message,
            "say in reports what was planned first, and why it was changed",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{super::example::*, *};

    #[test]
    fn nothing_changed() {
        assert_eq!(found(&CHECK, &clean()), Vec::<String>::new());
    }

    #[test]
    fn flagged() {
        let change = |stage| Changed {
            day: Some("2021-03-01".parse().unwrap()),
            stage,
            before: "Survival [24 weeks]".to_owned(),
            after: "Survival [12 weeks]".to_owned(),
        };
        let all = [change(Stage::Unknown), change(Stage::AfterStart), change(Stage::AfterCompletion)];
        let said = |severity: &str, when: &str| {
            format!(
                "{severity} `Survival`: the primary outcome was changed in the version of 2021-03-01{when}: from \
                 `Survival [24 weeks]` to `Survival [12 weeks]`"
            )
        };
        let expected = [
            said("note", ""),
            said("warning", ", after the start of the study"),
            said("warning", ", after the primary completion"),
        ];
        assert_eq!(found_after(&CHECK, &clean(), &all), expected);
    }
}
