//! An arm to which no intervention is given, and that is not said to get none.

use super::{Check, Input, Report, Severity};
use crate::protocol::Role;

pub(super) const CHECK: Check = Check {
    id: "arm_without_intervention",
    explanation: "Nobody can treat the people of an arm by a record that does not say what they get.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let arms = &input.protocol.arms;
    // Sources that lose which arm gets what lose it for all arms.
    let lost = arms.iter().all(|arm| arm.interventions.is_empty());
    if lost || !input.record.interventional() {
        return;
    }
    for arm in arms.iter().filter(|a| a.interventions.is_empty() && a.role_typed.is_some()) {
        let nothing =
            arm.role_typed.as_deref() == Some("NO_INTERVENTION") || arm.role == Role::NoIntervention;
        if !nothing {
            let message =
                "no intervention is given to this arm, and it is not typed as one without".to_owned();
            report.add(Severity::Warning, Some(arm.quote.clone()), message, "link the arm to what it gets");
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let names = "/armsInterventionsModule/armGroups/1/interventionNames";
        let expected =
            "warning `Placebo`: no intervention is given to this arm, and it is not typed as one without";
        finds(&CHECK, &[(names, json!([]))], &[expected]);
        let typed = ("/armsInterventionsModule/armGroups/1/type", json!("NO_INTERVENTION"));
        finds(&CHECK, &[(names, json!([])), typed], &[]);
    }
}
