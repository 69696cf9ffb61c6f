//! Masking that the arms do not allow, or that the text denies.

use super::{Check, Input, Report, Severity, field};
use crate::{
    protocol::Role,
    read::phrases::{self, Phrases},
    record::{Passage, Quote},
};

pub(super) const CHECK: Check = Check {
    id: "masking_inconsistent",
    explanation: "Who knows the arm decides how much an outcome can be trusted; arms, text and field must say the same.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let Some(masking) = study.text("DesignMasking") else { return };
    let quote = || field(input, "DesignMasking");
    let masked = study.texts("DesignWhoMasked");
    if masking == "NONE" {
        if let Some(words) = words(input, &phrases::BLIND) {
            let message = format!("nobody is masked by the field, and the text says `{}`", words.text);
            return report.add(Severity::Error, Some(words), message, "correct the field, or the text");
        }
        if let Some(arm) =
            input.protocol.arms.iter().find(|a| a.role == Role::Placebo && input.protocol.arms.len() > 1)
        {
            let message = format!("nobody is masked, and the arm `{}` gets a placebo", arm.label);
            return report.add(
                Severity::Warning,
                quote(),
                message,
                "say who is masked, or why a placebo is given",
            );
        }
        return;
    }
    let participants = masked.is_empty() && masking != "SINGLE" || masked.contains(&"PARTICIPANT");
    if participants && let Some(words) = words(input, &phrases::OPEN) {
        let message = format!("participants are masked by the field, and the text says `{}`", words.text);
        return report.add(Severity::Error, Some(words), message, "correct the field, or the text");
    }
    if participants
        && input.protocol.arms.len() == 1
        && study.text("DesignInterventionModel") == Some("SINGLE_GROUP")
    {
        let message = "participants are masked, and there is one arm, which all of them know".to_owned();
        return report.add(
            Severity::Warning,
            quote(),
            message,
            "correct the masking, or add the arm that is missing",
        );
    }
    if participants && let Some(arm) = input.protocol.arms.iter().find(|a| a.role == Role::NoIntervention) {
        let message = format!(
            "participants are masked, and those of the arm `{}` know that they get nothing",
            arm.label
        );
        report.add(
            Severity::Warning,
            quote(),
            message,
            "say who is masked, or what stands in for the intervention",
        );
    }
}

/// The first of these phrases in a title or the summary, where it is said of the study and not of a part of it or
/// of an earlier one.
fn words(input: &Input<'_, '_>, phrases: &Phrases) -> Option<Quote> {
    let titles = ["BriefTitle", "OfficialTitle", "BriefSummary"];
    let fields = titles.map(crate::record::Field::of);
    let passages = input.record.prose.iter().filter(|p| fields.contains(&p.field));
    passages.into_iter().find_map(|passage| in_passage(passage, phrases))
}

fn in_passage(passage: &Passage<'_>, phrases: &Phrases) -> Option<Quote> {
    const OF_A_PART: [&str; 14] = [
        "extension",
        "phase",
        "period",
        "follow",
        "part",
        "stage",
        "previous",
        "run",
        "then",
        "after",
        "completed",
        "either",
        "subsequent",
        "treatment",
    ];
    let text = &passage.text;
    let (from, to) = phrases.find(text)?;
    let near = from.saturating_sub(6)..to + 4;
    let near = near.start.max(text.sentence(from).start)..near.end.min(text.sentence(from).end);
    (!text.has_any(near, &OF_A_PART)).then(|| passage.quote(from, to))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    const MASKING: &str = "/designModule/designInfo/maskingInfo/masking";
    const TITLE: &str = "/identificationModule/officialTitle";

    #[test]
    fn flagged() {
        let expected = "warning `NONE`: nobody is masked, and the arm `Placebo` gets a placebo";
        finds(&CHECK, &[(MASKING, json!("NONE"))], &[expected]);
        let expected =
            "error `double-blind`: nobody is masked by the field, and the text says `double-blind`";
        finds(&CHECK, &[(MASKING, json!("NONE")), (TITLE, json!("A double-blind trial"))], &[expected]);
        let expected =
            "error `Open-label`: participants are masked by the field, and the text says `Open-label`";
        finds(&CHECK, &[(TITLE, json!("Open-label trial of a drug"))], &[expected]);
        finds(&CHECK, &[(TITLE, json!("A trial with an open-label extension"))], &[]);
    }

    #[test]
    fn arms_that_cannot_be_masked() {
        let nothing = json!({"label": "Control", "type": "NO_INTERVENTION"});
        let expected = "warning `DOUBLE`: participants are masked, and those of the arm `Control` know that they get nothing";
        finds(&CHECK, &[("/armsInterventionsModule/armGroups/1", nothing)], &[expected]);
    }
}
