//! Arms whose people do not add up to those of the study.

use super::{Check, Input, Report, Severity};

pub(super) const CHECK: Check = Check {
    id: "arm_sizes_mismatch",
    explanation: "The sizes of the arms and the enrolment of the study cannot both be right.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let study = input.record.study;
    let arms = &input.protocol.arms;
    let Some(enrolled) = study.integer("EnrollmentCount").filter(|n| *n > 0) else { return };
    let sizes: Option<Vec<u32>> = arms.iter().map(|a| a.size).collect();
    let crossover = study.text("DesignInterventionModel") == Some("CROSSOVER");
    let Some(sizes) = sizes.filter(|s| s.len() > 1 && !crossover) else { return };
    let sum: i64 = sizes.iter().map(|s| i64::from(*s)).sum();
    if sum != enrolled {
        let parts: Vec<String> = sizes.iter().map(u32::to_string).collect();
        let message = format!("the arms have {} = {sum} people, and the study {enrolled}", parts.join(" + "));
        let quote = arms.first().map(|a| a.quote.clone());
        report.add(Severity::Warning, quote, message, "correct the sizes of the arms, or the enrolment");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let summary = "/descriptionModule/briefSummary";
        let words = "30 patients get Gadgetol and 20 patients get Placebo.";
        let expected = "warning `Gadgetol`: the arms have 30 + 20 = 50 people, and the study 60";
        finds(&CHECK, &[(summary, json!(words))], &[expected]);
        finds(&CHECK, &[(summary, json!("30 patients get Gadgetol and 30 patients get Placebo."))], &[]);
    }
}
