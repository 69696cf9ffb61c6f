//! The visual analogue scale of pain.

use crate::score::{Instrument, Item, Outcome, Values};

pub(super) const VAS_PAIN: Instrument = Instrument {
    id: "vas_pain",
    name: "Visual analogue scale of pain",
    kind: "answered by the patient",
    items: &[Item::number("length", "from the end without pain to the mark", 0.0, 100.0, "mm").also(&["mm"])],
    rule: "the length on a line of 100 mm",
    missing: "no length, no score",
    sources: &["Huskisson, Lancet 1974"],
    unverified: &["the source: cited from memory"],
    licence: "free",
    notes: &["no bands: none are agreed upon"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let length = values.number("length");
    let score = Outcome::new("length", "Pain", length.clone()).digits(1).unit("mm").range(0.0, 100.0);
    let in_cm = Outcome::new("length_cm", "Pain in centimetres", length.map(|mm| mm / 10.0));
    vec![score, in_cm.digits(2).unit("cm").range(0.0, 10.0)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::{refuses, scores};

    #[test]
    fn in_either_unit() {
        scores(&VAS_PAIN, json!({"mm": 47}), &["length 47.0", "length_cm 4.70"]);
        scores(&VAS_PAIN, json!({"length": "4.7 cm"}), &["length 47.0", "length_cm 4.70"]);
        refuses(&VAS_PAIN, json!({"mm": 101}), &["`mm`: 101 is not in the range; write 0 to 100 mm"]);
    }
}
