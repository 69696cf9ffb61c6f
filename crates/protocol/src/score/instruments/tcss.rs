//! The Toronto Clinical Scoring System of diabetic neuropathy.

use crate::score::{Instrument, Item, Outcome, Values};

const SYMPTOM: &[&str] = &["absent", "present"];
const REFLEX: &[&str] = &["normal", "reduced", "absent"];
const SENSE: &[&str] = &["normal", "abnormal"];

pub(super) const TCSS: Instrument = Instrument {
    id: "tcss",
    name: "Toronto Clinical Scoring System",
    kind: "rated by a clinician",
    items: &[
        Item::code("sym_foot_pain", "pain in the feet", 0, 1, SYMPTOM),
        Item::code("sym_numbness", "numbness in the feet", 0, 1, SYMPTOM),
        Item::code("sym_tingling", "tingling in the feet", 0, 1, SYMPTOM),
        Item::code("sym_weakness", "weakness in the feet", 0, 1, SYMPTOM),
        Item::code("sym_ataxia", "unsteady gait", 0, 1, SYMPTOM),
        Item::code("sym_upper_limb", "the like in the arms", 0, 1, SYMPTOM),
        Item::code("reflex_knee_l", "knee reflex, left", 0, 2, REFLEX),
        Item::code("reflex_knee_r", "knee reflex, right", 0, 2, REFLEX),
        Item::code("reflex_ankle_l", "ankle reflex, left", 0, 2, REFLEX),
        Item::code("reflex_ankle_r", "ankle reflex, right", 0, 2, REFLEX),
        Item::code("sens_pinprick", "pinprick at the great toe", 0, 1, SENSE),
        Item::code("sens_temperature", "temperature at the great toe", 0, 1, SENSE),
        Item::code("sens_light_touch", "light touch at the great toe", 0, 1, SENSE),
        Item::code("sens_vibration", "vibration at the great toe", 0, 1, SENSE),
        Item::code("sens_position", "position of the great toe", 0, 1, SENSE),
    ],
    rule: "the sum of all items; higher is worse",
    missing: "a missing item makes the total missing: no rule for filling in is published",
    sources: &[
        "Bril and Perkins, Diabetes Care 2002;25:2048 (PMID 12401755)",
        "items and bands also in a public calculator that cites it",
    ],
    unverified: &["the items against the table of the first paper, which was not at hand"],
    licence: "clinical findings: free to use, to be cited",
    notes: &[
        "not the modified score (mTCNS, 0 to 33), which has no reflexes",
        "TCSS is also the name of a concussion score",
    ],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let part = |prefix: &'static str| values.sum(|item| item.id.starts_with(prefix));
    vec![
        Outcome::new("total", "Total", values.sum(|_| true)).range(0.0, 19.0).bands(&[
            (0.0, "none"),
            (6.0, "mild"),
            (9.0, "moderate"),
            (12.0, "severe"),
        ]),
        Outcome::new("symptoms", "Symptoms", part("sym_")).range(0.0, 6.0),
        Outcome::new("reflexes", "Reflexes", part("reflex_")).range(0.0, 8.0),
        Outcome::new("sensation", "Sensation", part("sens_")).range(0.0, 5.0),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::score::example::scores;

    fn all(value: i64) -> Value {
        let most = |item: &Item| if item.id.starts_with("reflex") { value * 2 } else { value };
        TCSS.items
            .iter()
            .map(|item| (item.id.to_owned(), Value::from(most(item))))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    #[test]
    fn from_nothing_to_all() {
        scores(&TCSS, all(0), &["total 0 none", "symptoms 0", "reflexes 0", "sensation 0"]);
        scores(&TCSS, all(1), &["total 19 severe", "symptoms 6", "reflexes 8", "sensation 5"]);
    }

    #[test]
    fn bands_begin_where_they_should() {
        for (total, band) in
            [(5, "none"), (6, "mild"), (8, "mild"), (9, "moderate"), (11, "moderate"), (12, "severe")]
        {
            let outcome = Outcome::new("total", "", Ok(f64::from(total)));
            let mut items = all(0);
            // Symptoms, sensation, then reflexes by two and one, until the total is reached.
            let mut left = total;
            for item in TCSS.items {
                let most = if item.id.starts_with("reflex") { 2 } else { 1 };
                items[item.id] = json!(left.clamp(0, most));
                left -= left.clamp(0, most);
            }
            assert_eq!(outcome.value, TCSS.score(&crate::score::read(&TCSS, &items).unwrap())[0].value);
            assert_eq!(
                TCSS.score(&crate::score::read(&TCSS, &items).unwrap())[0].band,
                Some(band),
                "{total}"
            );
        }
    }

    #[test]
    fn a_missing_item_is_not_filled_in() {
        let mut items = all(1);
        items["reflex_knee_l"] = Value::Null;
        scores(
            &TCSS,
            items,
            &["total lacks reflex_knee_l", "symptoms 6", "reflexes lacks reflex_knee_l", "sensation 5"],
        );
    }
}
