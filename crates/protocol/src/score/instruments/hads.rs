//! The Hospital Anxiety and Depression Scale: codes and scoring; the wording is licensed.

use crate::score::{Instrument, Item, Outcome, Values};

const fn coded(id: &'static str, what: &'static str) -> Item {
    Item::code(id, what, 0, 3, &[])
}

const ANXIETY: &str = "anxiety: the code printed on the licensed form";
const DEPRESSION: &str = "depression: the code printed on the licensed form";

pub(super) const HADS: Instrument = Instrument {
    id: "hads",
    name: "Hospital Anxiety and Depression Scale",
    kind: "answered by the patient",
    items: &[
        coded("q1", ANXIETY),
        coded("q2", DEPRESSION),
        coded("q3", ANXIETY),
        coded("q4", DEPRESSION),
        coded("q5", ANXIETY),
        coded("q6", DEPRESSION),
        coded("q7", ANXIETY),
        coded("q8", DEPRESSION),
        coded("q9", ANXIETY),
        coded("q10", DEPRESSION),
        coded("q11", ANXIETY),
        coded("q12", DEPRESSION),
        coded("q13", ANXIETY),
        coded("q14", DEPRESSION),
    ],
    rule: "anxiety is the sum of the odd items, depression that of the even ones",
    missing: "a missing item makes its subscale missing; a rule that fills in one of seven is in use, unverified here, and not applied",
    sources: &[
        "Zigmond and Snaith, Acta Psychiatr Scand 1983",
        "Snaith, Health Qual Life Outcomes 2003;1:29 (bands)",
    ],
    unverified: &["the terms of the licence"],
    licence: "licensed (GL Assessment, Mapi): codes and scoring only, the site brings the wording",
    notes: &["items run in both directions: enter the code that is printed, not the place of the answer"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let part = |id, name, what: &'static str| {
        let bands = [(0.0, "normal"), (8.0, "borderline"), (11.0, "case")];
        Outcome::new(id, name, values.sum(|item| item.what == what)).range(0.0, 21.0).bands(&bands)
    };
    vec![part("anxiety", "Anxiety", ANXIETY), part("depression", "Depression", DEPRESSION)]
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value};

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn odd_and_even_items() {
        let given = |codes: [i64; 14]| -> Value {
            let codes = codes.iter().enumerate();
            codes.map(|(i, code)| (format!("q{}", i + 1), Value::from(*code))).collect::<Map<_, _>>().into()
        };
        scores(
            &HADS,
            given([3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0, 3, 0]),
            &["anxiety 21 case", "depression 0 normal"],
        );
        scores(
            &HADS,
            given([1, 2, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]),
            &["anxiety 7 normal", "depression 11 case"],
        );
        let mut items = given([2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
        scores(&HADS, items.clone(), &["anxiety 8 borderline", "depression 7 normal"]);
        items["q2"] = Value::Null;
        scores(&HADS, items, &["anxiety 8 borderline", "depression lacks q2"]);
    }
}
