//! Quantitative sensory testing against a reference that the site brings.

use crate::score::{Instrument, Item, Outcome, Values, Why};

const fn threshold(id: &'static str, what: &'static str) -> Item {
    Item::number(id, what, 0.001, 10_000.0, "")
}

const fn mean(id: &'static str) -> Item {
    Item::number(id, "the reference: mean of the decimal logarithms", -5.0, 5.0, "")
}

const fn deviation(id: &'static str) -> Item {
    Item::number(id, "the reference: standard deviation of the decimal logarithms", 0.0001, 5.0, "")
}

pub(super) const QST: Instrument = Instrument {
    id: "qst",
    name: "Quantitative sensory testing",
    kind: "measured",
    items: &[
        threshold("cold_detection", "cold detection, as the difference from the skin"),
        mean("cold_detection_mean"),
        deviation("cold_detection_sd"),
        threshold("warm_detection", "warm detection, as the difference from the skin"),
        mean("warm_detection_mean"),
        deviation("warm_detection_sd"),
        threshold("cold_pain", "cold pain"),
        mean("cold_pain_mean"),
        deviation("cold_pain_sd"),
        threshold("heat_pain", "heat pain"),
        mean("heat_pain_mean"),
        deviation("heat_pain_sd"),
        threshold("vibration", "vibration"),
        mean("vibration_mean"),
        deviation("vibration_sd"),
        threshold("mechanical_detection", "mechanical detection"),
        mean("mechanical_detection_mean"),
        deviation("mechanical_detection_sd"),
    ],
    rule: "of each threshold z = (log10 value - mean of the reference) / its standard deviation",
    missing: "a threshold without its reference has no z; there is no total",
    sources: &["the protocol of the German research network on neuropathic pain, Rolke and others 2006"],
    unverified: &["the rule and the source: from memory; networks differ in which thresholds are logged"],
    licence: "the protocol is published; its reference data are not free and are entered by the site",
    notes: &["the sign of z is that of the threshold: turn it where a higher threshold is a loss"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let z = |ids: [&'static str; 3]| -> Result<f64, Why> {
        values.numbers(ids).map(|[value, mean, sd]| (value.log10() - mean) / sd)
    };
    let tests = [
        (
            "cold_detection",
            "Cold detection",
            z(["cold_detection", "cold_detection_mean", "cold_detection_sd"]),
        ),
        (
            "warm_detection",
            "Warm detection",
            z(["warm_detection", "warm_detection_mean", "warm_detection_sd"]),
        ),
        ("cold_pain", "Cold pain", z(["cold_pain", "cold_pain_mean", "cold_pain_sd"])),
        ("heat_pain", "Heat pain", z(["heat_pain", "heat_pain_mean", "heat_pain_sd"])),
        ("vibration", "Vibration", z(["vibration", "vibration_mean", "vibration_sd"])),
        (
            "mechanical_detection",
            "Mechanical detection",
            z(["mechanical_detection", "mechanical_detection_mean", "mechanical_detection_sd"]),
        ),
    ];
    let outcome = |(id, name, z)| Outcome::new(id, name, z).digits(2).unit("{SD}").unverified();
    tests.into_iter().map(outcome).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn on_the_logarithmic_scale() {
        let items = json!({"vibration": 100, "vibration_mean": 1, "vibration_sd": 0.5});
        let out = QST.score(&crate::score::read(&QST, &items).unwrap());
        assert_eq!(out[4].printed().as_deref(), Some("2.00"));
        assert_eq!(
            out[0].value,
            Err(Why::Lacks(vec!["cold_detection", "cold_detection_mean", "cold_detection_sd"]))
        );
    }
}
