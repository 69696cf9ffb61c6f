//! Fontaine stages of peripheral arterial disease.

use crate::score::{Instrument, Item, Outcome, Values};

pub(super) const FONTAINE: Instrument = Instrument {
    id: "fontaine",
    name: "Fontaine stages",
    kind: "classification",
    items: &[Item::word(
        "stage",
        "I without symptoms; IIa pain on walking more than 200 m, IIb 200 m or less; III pain at rest; IV ulcer or gangrene",
        &[("I", &["1"]), ("IIa", &["2a"]), ("IIb", &["2b"]), ("III", &["3"]), ("IV", &["4"])],
    )],
    rule: "the stage, and its number from 1 to 4",
    missing: "no stage, no number",
    sources: &["trial protocol, doi 10.1186/s13063-017-1997-1, table 1", "ESC guideline 2017"],
    unverified: &[],
    licence: "free",
    notes: &["IIa and IIb share the number 2"],
    compute,
};

const STAGES: [(f64, &str); 5] = [
    (1.0, "no symptoms"),
    (2.0, "pain on walking more than 200 m"),
    (2.0, "pain on walking 200 m or less"),
    (3.0, "pain at rest"),
    (4.0, "ulcer or gangrene"),
];

fn compute(values: &Values) -> Vec<Outcome> {
    let row = values.number("stage").map(|at| STAGES[(at as usize).min(STAGES.len() - 1)]);
    let mut out = Outcome::new("stage", "Stage", row.clone().map(|(number, _)| number)).range(1.0, 4.0);
    out.band = row.ok().map(|(_, means)| means);
    out.word = values.word("stage").ok().map(str::to_owned);
    vec![out]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::{refuses, scores};

    #[test]
    fn stages() {
        scores(&FONTAINE, json!({"stage": "2B"}), &["stage IIb pain on walking 200 m or less"]);
        scores(&FONTAINE, json!({"stage": "iv"}), &["stage IV ulcer or gangrene"]);
        scores(&FONTAINE, json!({}), &["stage lacks stage"]);
        refuses(
            &FONTAINE,
            json!({"stage": "II"}),
            &["`stage`: “II” is no answer; write I, IIa, IIb, III, IV"],
        );
    }
}
