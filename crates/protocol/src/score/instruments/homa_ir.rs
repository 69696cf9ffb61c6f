//! HOMA-IR: resistance to insulin, by the first model.

use crate::score::{Instrument, Item, Outcome, Values};

pub(super) const HOMA_IR: Instrument = Instrument {
    id: "homa_ir",
    name: "HOMA-IR",
    kind: "formula",
    items: &[
        Item::number("glucose", "fasting glucose in plasma", 1.0, 60.0, "mmol/L")
            .of("glucose_fasting")
            .also(&["glu_mmol", "glu"]),
        Item::number("insulin", "fasting insulin", 0.0, 500.0, "u[IU]/mL")
            .of("insulin_level")
            .also(&["ins_uU", "ins"]),
    ],
    rule: "glucose (mmol/L) times insulin (uU/mL) / 22.5",
    missing: "both are needed",
    sources: &["Matthews and others, Diabetologia 1985"],
    unverified: &["formula and source: written from memory"],
    licence: "the first model is free; the calculator of the second (HOMA2) is licensed by Oxford",
    notes: &[
        "no bands: limits differ between populations and assays",
        "pmol/L are converted by 6.945; 6.00 is in use as well and gives 16 % more",
    ],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let index = values.numbers(["glucose", "insulin"]).map(|[glucose, insulin]| glucose * insulin / 22.5);
    vec![Outcome::new("homa_ir", "HOMA-IR", index).digits(2).unverified()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn in_conventional_and_other_units() {
        scores(&HOMA_IR, json!({"glu_mmol": 4.5, "ins_uU": 5}), &["homa_ir 1.00"]);
        scores(&HOMA_IR, json!({"glucose": "90 mg/dL", "insulin": "10 uU/mL"}), &["homa_ir 2.22"]);
    }
}
