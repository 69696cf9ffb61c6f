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

/// Thresholds that are spread evenly on their own scale.
const fn plain_mean(id: &'static str) -> Item {
    Item::number(id, "the reference: mean, as measured", 0.0, 10_000.0, "")
}

const fn plain_deviation(id: &'static str) -> Item {
    Item::number(id, "the reference: standard deviation, as measured", 0.0001, 10_000.0, "")
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
        plain_mean("cold_pain_mean"),
        plain_deviation("cold_pain_sd"),
        threshold("heat_pain", "heat pain"),
        plain_mean("heat_pain_mean"),
        plain_deviation("heat_pain_sd"),
        threshold("vibration", "vibration"),
        plain_mean("vibration_mean"),
        plain_deviation("vibration_sd"),
        threshold("mechanical_detection", "mechanical detection"),
        mean("mechanical_detection_mean"),
        deviation("mechanical_detection_sd"),
    ],
    rule: "of each threshold z = (value - mean of the reference) / its standard deviation; of the decimal logarithms for cold, warm and mechanical detection, as measured for pain by cold and heat and for vibration",
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
    let plain = |ids: [&'static str; 3]| -> Result<f64, Why> {
        values.numbers(ids).map(|[value, mean, sd]| (value - mean) / sd)
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
        ("cold_pain", "Cold pain", plain(["cold_pain", "cold_pain_mean", "cold_pain_sd"])),
        ("heat_pain", "Heat pain", plain(["heat_pain", "heat_pain_mean", "heat_pain_sd"])),
        ("vibration", "Vibration", plain(["vibration", "vibration_mean", "vibration_sd"])),
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
    fn on_the_scale_of_each() {
        let items = json!({
            "mechanical_detection": 100, "mechanical_detection_mean": 1, "mechanical_detection_sd": 0.5,
            "heat_pain": 48, "heat_pain_mean": 45, "heat_pain_sd": 3,
        });
        let out = QST.score(&crate::score::read(&QST, &items).unwrap());
        assert_eq!(out[5].printed().as_deref(), Some("2.00"));
        assert_eq!(out[3].printed().as_deref(), Some("1.00"));
        assert_eq!(
            out[0].value,
            Err(Why::Lacks(vec!["cold_detection", "cold_detection_mean", "cold_detection_sd"]))
        );
    }
}
