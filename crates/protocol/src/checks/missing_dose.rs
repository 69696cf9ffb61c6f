//! Something experimental of which nobody can say how much to give.

use super::{Check, Input, Report, Severity};
use crate::protocol::{Dose, Role, Status};

pub(super) const CHECK: Check = Check {
    id: "missing_dose",
    explanation: "Without an amount the study cannot be carried out again, nor its safety be judged.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    for dose in experimental(input) {
        let same = || input.protocol.doses.iter().filter(|d| d.substance == dose.substance);
        let message = if same().all(|d| d.status == Status::Missing) {
            format!("the record does not say how much of `{}` is given", dose.substance)
        } else if dose.open_area {
            format!(
                "how much of `{}` is given depends on an area or a number of places that is not said",
                dose.substance
            )
        } else {
            continue;
        };
        report.add(
            Severity::Warning,
            Some(dose.quote.clone()),
            message,
            "state the amount, or all that it is computed from",
        );
    }
}

/// One dose of each substance that sets the experimental arms apart.
pub(super) fn experimental<'i>(input: &Input<'i, '_>) -> Vec<&'i Dose> {
    if !input.record.interventional() {
        return Vec::new();
    }
    let protocol = input.protocol;
    let of_all = |dose: &Dose| {
        let arm = protocol.arms.iter().find(|a| Some(&a.label) == dose.arm.as_ref());
        arm.is_some_and(|a| a.background.iter().any(|name| name.contains(&dose.substance)))
    };
    let mut out: Vec<&Dose> = Vec::new();
    let untyped = input.record.arms.iter().all(|arm| arm.interventions.is_empty());
    for dose in &protocol.doses {
        let role = dose.role == Role::Experimental || (untyped && dose.role == Role::Unclear);
        if role && !of_all(dose) && !out.iter().any(|d| d.substance == dose.substance) {
            out.push(dose);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    const GIVEN: &str = "/armsInterventionsModule/interventions/0";

    #[test]
    fn flagged() {
        let expected = "warning `once daily`: the record does not say how much of `Gadgetol` is given";
        let given = json!({"type": "DRUG", "name": "Gadgetol", "description": "by mouth, once daily"});
        assert_eq!(found(&CHECK, &with(&[(GIVEN, given)])).len(), 1);
        let given = json!({"type": "DRUG", "name": "Gadgetol", "description": "once daily"});
        finds(&CHECK, &[(GIVEN, given)], &[expected]);
    }

    #[test]
    fn a_grid_without_an_area() {
        let words = "5 × 10^6 cells/mL, 1 mL per injection, each injection point is 2 cm apart";
        let given = json!({"type": "BIOLOGICAL", "name": "Gadgetol", "description": words});
        let message =
            "how much of `Gadgetol` is given depends on an area or a number of places that is not said";
        let found = found(&CHECK, &with(&[(GIVEN, given)]));
        assert_eq!(found.len(), 1);
        assert!(found[0].ends_with(message), "{found:?}");
    }
}
