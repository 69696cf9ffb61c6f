//! The neutrophil-to-lymphocyte ratio.

use crate::score::{Instrument, Item, Outcome, Values};

pub(super) const NLR: Instrument = Instrument {
    id: "nlr",
    name: "Neutrophil-to-lymphocyte ratio",
    kind: "formula",
    items: &[
        Item::number("neutrophils", "neutrophils in blood", 0.0, 200.0, "10*9/L").of("anc").also(&["neut"]),
        Item::number("lymphocytes", "lymphocytes in blood", 0.01, 300.0, "10*9/L").of("alc").also(&["lymph"]),
    ],
    rule: "neutrophils by lymphocytes",
    missing: "both are needed",
    sources: &["PMC5690705"],
    unverified: &[],
    licence: "free",
    notes: &["no bands: no limit is agreed upon"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let ratio = values
        .numbers(["neutrophils", "lymphocytes"])
        .map(|[neutrophils, lymphocytes]| neutrophils / lymphocytes);
    vec![Outcome::new("nlr", "Ratio", ratio).digits(2)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::{refuses, scores};

    #[test]
    fn in_any_unit_of_counts() {
        scores(&NLR, json!({"neut": 5.16, "lymph": 2}), &["nlr 2.58"]);
        scores(&NLR, json!({"neut": "5160 /uL", "lymph": "2 G/L"}), &["nlr 2.58"]);
        refuses(&NLR, json!({"lymph": 0}), &["`lymph`: 0 is not in the range; write 0.01 to 300 10*9/L"]);
    }
}
