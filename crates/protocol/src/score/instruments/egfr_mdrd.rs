//! Glomerular filtration by MDRD with four variables, without the term for race.

use crate::score::{
    Instrument, Outcome, Values,
    item::{ADULT_AGE, CREATININE, SEX},
};

pub(super) const EGFR_MDRD: Instrument = Instrument {
    id: "egfr_mdrd",
    name: "Glomerular filtration rate, MDRD (IDMS creatinine, no race term)",
    kind: "formula",
    items: &[CREATININE, ADULT_AGE, SEX],
    rule: "175 Scr^-1.154 age^-0.203, times 0.742 if female; Scr in mg/dL",
    missing: "all three are needed",
    sources: &["Levey and others 2006", "a public copy of the formula, vespr.org"],
    unverified: &["the factors of the variants, which are not applied"],
    licence: "free",
    notes: &["variants multiply by 1.212 for Black people or 1.233 in China: neither is applied here"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let rate = values.numbers(["creatinine", "age", "sex"]).and_then(|[creatinine, age, _]| {
        let factor = if values.word("sex")? == "female" { 0.742 } else { 1.0 };
        Ok(175.0 * creatinine.powf(-1.154) * age.powf(-0.203) * factor)
    });
    vec![Outcome::new("egfr", "Filtration rate", rate).digits(2).unit("mL/min/{1.73_m2}")]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn published_values() {
        for (creatinine, age, sex, rate) in [
            (0.9, 55, "F", "65.01"),
            (1.0, 50, "M", "79.09"),
            (2.0, 60, "M", "34.25"),
            (2.2, 65, "F", "22.40"),
            (0.6, 30, "F", "117.38"),
        ] {
            scores(
                &EGFR_MDRD,
                json!({"scr": creatinine, "age": age, "sex": sex}),
                &[&format!("egfr {rate}")],
            );
        }
    }
}
