//! A number or a unit that was lost or changed in writing.

use eligibility::checks::Finding as OfCriteria;

use super::{Check, Finding, Input, Report, Severity, adopted};
use crate::protocol::{Measure, Status};

pub(super) const CHECK: Check = Check {
    id: "unit_slip",
    explanation: "A power of ten that can be read in two ways, or a value that no person has in the unit, is a slip that may harm.",
    run,
};

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let mut told: Vec<&str> = Vec::new();
    for dose in input.protocol.doses.iter().filter(|d| d.status == Status::Assumed) {
        let quote = dose.quote.text.as_str();
        let Some(amount) = dose.amount.as_ref().filter(|_| !told.contains(&quote)) else { continue };
        told.push(quote);
        let message = match amount.or {
            Some(other) => format!(
                "the amount reads as {} or as {}",
                say(amount),
                say(&Measure { value: other, ..amount.clone() })
            ),
            None => format!("the exponent is no longer raised; {} is assumed", say(amount)),
        };
        report.add(
            Severity::Warning,
            Some(dose.quote.clone()),
            message,
            "write the power out: 1,000,000 or 1 × 10^6",
        );
    }
}

fn say(amount: &Measure) -> String {
    let per = amount.per.as_ref().map(|p| format!("/{p}")).unwrap_or_default();
    format!("{} {}{per}", amount.value, amount.unit)
}

/// A value of the criteria that does not occur in people in its unit.
pub(super) fn of(found: &OfCriteria, criteria: &str) -> Option<Finding> {
    (found.check == "implausible_unit").then(|| adopted(CHECK.id, found, criteria))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let given = |words: &str| json!({"type": "BIOLOGICAL", "name": "Gadgetol", "description": words});
        let place = "/armsInterventionsModule/interventions/0";
        let expected =
            "warning `1*10E6 cells/kg once`: the amount reads as 1000000 cells/kg or as 10000000 cells/kg";
        finds(&CHECK, &[(place, given("1*10E6 cells/kg once."))], &[expected]);
        let expected =
            "warning `2×106 cells/kg once`: the exponent is no longer raised; 2000000 cells/kg is assumed";
        finds(&CHECK, &[(place, given("2×106 cells/kg once."))], &[expected]);
    }
}
