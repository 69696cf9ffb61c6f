//! Grades of adverse events (CTCAE).

use crate::score::{Instrument, Item, Outcome, Values};

const GRADES: &[&str] = &["mild", "moderate", "severe", "life-threatening", "death"];

pub(super) const CTCAE: Instrument = Instrument {
    id: "ctcae",
    name: "CTCAE v5.0 grade",
    kind: "rated by a clinician",
    items: &[Item::code("grade", "the grade of one adverse event", 1, 5, GRADES)],
    rule: "the grade: 1 mild; 2 moderate, limits what one does for a household; 3 severe, hospital, limits self-care; 4 life-threatening; 5 death",
    missing: "no grade, no score",
    sources: &["National Cancer Institute, CTCAE v5.0, 27 November 2017"],
    unverified: &[],
    licence: "text of the US government; its terms are those of MedDRA, which is licensed and not shown here",
    notes: &[
        "severity is not seriousness: a serious event is one that kills, threatens life, or needs a hospital",
    ],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let mut out = Outcome::new("grade", "Grade", values.number("grade")).range(1.0, 5.0);
    out.band =
        out.value.as_ref().ok().and_then(|grade| GRADES.get((*grade as usize).checked_sub(1)?).copied());
    vec![out]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::{refuses, scores};

    #[test]
    fn grades() {
        scores(&CTCAE, json!({"grade": 3}), &["grade 3 severe"]);
        scores(&CTCAE, json!({"grade": "death"}), &["grade 5 death"]);
        let asked = "1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death";
        refuses(&CTCAE, json!({"grade": 0}), &[&format!("`grade`: 0 is not in the range; write {asked}")]);
    }
}
