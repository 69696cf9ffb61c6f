//! An arm that is typed as something that it is not.

use super::{Check, Input, Report, Severity};
use crate::protocol::Role;

pub(super) const CHECK: Check = Check {
    id: "arm_type_mismatch",
    explanation: "Searches, reviews and people who may join rely on the type; a placebo that is a drug misleads them.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    for arm in &input.protocol.arms {
        let Some(typed) = arm.role_typed.as_deref() else { continue };
        if !contradicts(typed, arm.role) {
            continue;
        }
        let given = if arm.interventions.is_empty() {
            String::new()
        } else {
            format!(" ({})", arm.interventions.join(", "))
        };
        let is = match arm.role {
            Role::Active => "something that acts",
            Role::Placebo => "a placebo",
            Role::Sham => "a sham",
            Role::NoIntervention => "nothing",
            Role::Experimental => "what the study is about",
            Role::Unclear => continue,
        };
        let message = format!("the arm is typed {typed}, and what it gets is {is}{given}");
        report.add(
            Severity::Warning,
            Some(arm.quote.clone()),
            message,
            "correct the type, or say what the arm gets",
        );
    }
}

fn contradicts(typed: &str, role: Role) -> bool {
    use Role::{Active, Experimental, NoIntervention, Placebo, Sham};
    match typed {
        "EXPERIMENTAL" => matches!(role, Placebo | Sham | Active | NoIntervention),
        "PLACEBO_COMPARATOR" => matches!(role, Active | NoIntervention | Experimental),
        "SHAM_COMPARATOR" => matches!(role, Active | NoIntervention | Experimental),
        "ACTIVE_COMPARATOR" => matches!(role, Placebo | Sham | NoIntervention),
        "NO_INTERVENTION" => matches!(role, Active | Placebo | Sham | Experimental),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    const ARMS: &str = "/armsInterventionsModule/armGroups";
    const INTERVENTIONS: &str = "/armsInterventionsModule/interventions";

    #[test]
    fn flagged() {
        let arms = json!([
            {"label": "Gadgetol", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Gadgetol"]},
            {"label": "Comparator", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Widgetol"]},
        ]);
        let given = json!([{"type": "DRUG", "name": "Gadgetol"}, {"type": "DRUG", "name": "Widgetol"}]);
        let expected = "warning `Comparator`: the arm is typed PLACEBO_COMPARATOR, and what it gets is something that acts (Widgetol)";
        finds(&CHECK, &[(ARMS, arms), (INTERVENTIONS, given)], &[expected]);
        let expected =
            "warning `Placebo`: the arm is typed EXPERIMENTAL, and what it gets is a placebo (Placebo)";
        finds(&CHECK, &[("/armsInterventionsModule/armGroups/1/type", json!("EXPERIMENTAL"))], &[expected]);
    }

    #[test]
    fn a_placebo_on_top_of_what_all_get_is_a_placebo() {
        let arms = json!([
            {"label": "A", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Gadgetol", "Drug: Widgetol"]},
            {"label": "B", "type": "PLACEBO_COMPARATOR", "interventionNames": ["Drug: Placebo", "Drug: Widgetol"]},
        ]);
        let names = ["Gadgetol", "Placebo", "Widgetol"].map(|name| json!({"type": "DRUG", "name": name}));
        finds(&CHECK, &[(ARMS, arms), (INTERVENTIONS, json!(names))], &[]);
    }
}
