//! Glomerular filtration by CKD-EPI 2021 from creatinine.

use crate::score::{
    Instrument, Outcome, Values,
    item::{ADULT_AGE, CREATININE, SEX},
};

pub(super) const EGFR_CKDEPI2021: Instrument = Instrument {
    id: "egfr_ckdepi2021",
    name: "Glomerular filtration rate, CKD-EPI 2021 (creatinine)",
    kind: "formula",
    items: &[CREATININE, ADULT_AGE, SEX],
    rule: "142 min(Scr/k, 1)^a max(Scr/k, 1)^-1.200 0.9938^age, times 1.012 if female; k = 0.7 (female) or 0.9 (male), a = -0.241 or -0.302; Scr in mg/dL",
    missing: "all three are needed",
    sources: &["Inker and others, N Engl J Med 2021;385:1737", "National Kidney Foundation, kidney.org"],
    unverified: &[],
    licence: "free",
    notes: &["near a limit the formula decides who may join: say in the protocol which one is meant"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let rate = values.numbers(["creatinine", "age", "sex"]).and_then(|[creatinine, age, _]| {
        let (k, a, factor) =
            if values.word("sex")? == "female" { (0.7, -0.241, 1.012) } else { (0.9, -0.302, 1.0) };
        let ratio = creatinine / k;
        Ok(142.0 * ratio.min(1.0).powf(a) * ratio.max(1.0).powf(-1.2) * 0.9938_f64.powf(age) * factor)
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
            (0.9, 55, "F", "75.50"),
            (1.0, 50, "M", "91.69"),
            (2.0, 60, "M", "37.50"),
            (2.2, 65, "F", "24.27"),
            (0.6, 30, "F", "123.76"),
        ] {
            scores(
                &EGFR_CKDEPI2021,
                json!({"scr": creatinine, "age": age, "sex": sex}),
                &[&format!("egfr {rate}")],
            );
        }
    }

    #[test]
    fn in_micromoles() {
        scores(&EGFR_CKDEPI2021, json!({"scr": "176.84 umol/L", "age": 60, "sex": "male"}), &["egfr 37.50"]);
        scores(&EGFR_CKDEPI2021, json!({"scr": 1}), &["egfr lacks age, sex"]);
    }
}
