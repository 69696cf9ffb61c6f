//! Laser Doppler perfusion monitoring: the rise from rest to peak.

use crate::score::{Instrument, Item, Outcome, Values, Why};

const fn units(id: &'static str, what: &'static str) -> Item {
    Item::number(id, what, 0.0, 10_000.0, "")
}

pub(super) const LDPM: Instrument = Instrument {
    id: "ldpm",
    name: "Laser Doppler perfusion monitoring",
    kind: "measured",
    items: &[
        units("rest_PU", "perfusion at rest, in the device's units").also(&["rest"]),
        units("peak_PU", "perfusion at its peak, in the same units").also(&["peak"]),
        units("biological_zero_PU", "what the device shows without flow").also(&["biological_zero"]),
    ],
    rule: "100 (peak - rest) / (rest - biological zero), in percent",
    missing: "all three are needed",
    sources: &["practice of perfusion measurement"],
    unverified: &["the rule: written from memory"],
    licence: "free",
    notes: &["perfusion units are arbitrary: never compare devices, only changes"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let change =
        values.numbers(["rest_PU", "peak_PU", "biological_zero_PU"]).and_then(|[rest, peak, zero]| {
            let flow = rest - zero;
            if flow > 0.0 {
                Ok(100.0 * (peak - rest) / flow)
            } else {
                Err(Why::Undefined("the value at rest is not above the biological zero"))
            }
        });
    vec![Outcome::new("change", "Rise from rest to peak", change).digits(1).unit("%").unverified()]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn a_rise_above_the_zero() {
        scores(&LDPM, json!({"rest_PU": 12, "peak_PU": 32, "biological_zero_PU": 2}), &["change 200.0"]);
        let none = json!({"rest": 2, "peak": 32, "biological_zero": 2});
        scores(&LDPM, none, &["change the value at rest is not above the biological zero"]);
    }
}
