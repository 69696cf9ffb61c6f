//! Creatinine clearance by Cockcroft and Gault.

use crate::score::{
    Instrument, Outcome, Values,
    item::{ADULT_AGE, CREATININE, SEX, WEIGHT},
};

pub(super) const CRCL_CG: Instrument = Instrument {
    id: "crcl_cg",
    name: "Creatinine clearance, Cockcroft-Gault",
    kind: "formula",
    items: &[ADULT_AGE, WEIGHT, CREATININE, SEX],
    rule: "(140 - age) weight / (72 Scr), times 0.85 if female; weight in kg, Scr in mg/dL",
    missing: "all four are needed",
    sources: &["Cockcroft and Gault, Nephron 1976"],
    unverified: &["formula and source: written from memory"],
    licence: "free",
    notes: &["not scaled to body surface: it is no eGFR per 1.73 m2"],
    compute,
};

/// The clearance in mL/min: age in years, weight in kg, serum creatinine in mg/dL.
pub fn clearance(age: f64, weight: f64, creatinine: f64, female: bool) -> f64 {
    let factor = if female { 0.85 } else { 1.0 };
    (140.0 - age) * weight / (72.0 * creatinine) * factor
}

fn compute(values: &Values) -> Vec<Outcome> {
    let clearance =
        values.numbers(["age", "weight", "creatinine", "sex"]).and_then(|[age, weight, creatinine, _]| {
            Ok(clearance(age, weight, creatinine, values.word("sex")? == "female"))
        });
    vec![Outcome::new("crcl", "Creatinine clearance", clearance).digits(2).unit("mL/min").unverified()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn a_man_and_a_woman() {
        let mut items = json!({"age": 60, "kg": 72, "scr_mgdl": 1, "sex": "M"});
        scores(&CRCL_CG, items.clone(), &["crcl 80.00"]);
        items["sex"] = json!("F");
        scores(&CRCL_CG, items, &["crcl 68.00"]);
    }
}
