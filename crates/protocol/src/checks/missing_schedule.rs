//! Something experimental of which nobody can say how often or when to give it.

use super::{Check, Input, Report, Severity, missing_dose::experimental};

pub(super) const CHECK: Check = Check {
    id: "missing_schedule",
    explanation: "Neither the number nor the times of administrations are said, so that no visit can be planned.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    for dose in experimental(input) {
        let same = input.protocol.doses.iter().filter(|d| d.substance == dose.substance);
        if same.into_iter().all(|d| !d.timed) {
            let message = format!("the record says neither how often nor when `{}` is given", dose.substance);
            report.add(
                Severity::Warning,
                Some(dose.quote.clone()),
                message,
                "state the number and the days of administrations",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let given = json!({"type": "DRUG", "name": "Gadgetol", "description": "10 mg by mouth"});
        let expected =
            "warning `10 mg by mouth`: the record says neither how often nor when `Gadgetol` is given";
        finds(&CHECK, &[("/armsInterventionsModule/interventions/0", given)], &[expected]);
    }
}
