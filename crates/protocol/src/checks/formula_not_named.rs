//! A kidney function whose formula is not named.

use super::{Check, Input, Report, Severity};
pub(super) const CHECK: Check = Check {
    id: "formula_not_named",
    explanation: "Formulas differ by several mL/min near the usual limits, so that they decide who may join.",
    run,
};

const FORMULAS: [&str; 12] = [
    "mdrd",
    "ckd",
    "cockcroft",
    "cockroft",
    "gault",
    "schwartz",
    "epi",
    "jelliffe",
    "measured",
    "24",
    "iothalamate",
    "edta",
];

fn run(input: &Input<'_, '_>, report: &mut Report<'_>) {
    let Some(criteria) = &input.record.criteria else { return };
    let named = input.record.mentions().criteria.iter().find(|(i, ..)| matches!(i.id, "egfr" | "crcl"));
    let Some((instrument, from, to)) = named else { return };
    if criteria.text.has_any(0..criteria.text.tokens.len(), &FORMULAS) {
        return;
    }
    let quote = criteria.quote(*from, *to);
    let message = format!("{} decides who may join, and the formula is not named", instrument.name);
    report.add(
        Severity::Note,
        Some(quote),
        message,
        "name the formula: CKD-EPI 2021, MDRD, Cockcroft-Gault ...",
    );
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn flagged() {
        let criteria = |text: &str| [("/eligibilityModule", json!({"eligibilityCriteria": text}))];
        let expected = "note `Creatinine clearance`: Creatinine clearance decides who may join, and the formula is not named";
        finds(&CHECK, &criteria("Exclusion Criteria:\n\n* Creatinine clearance <30 ml/min"), &[expected]);
        finds(&CHECK, &criteria("Exclusion Criteria:\n\n* eGFR <30 (MDRD)"), &[]);
    }
}
