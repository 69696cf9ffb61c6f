//! DN4: codes and scoring; the wording is not ours to show.

use crate::score::{Instrument, Item, Outcome, Values};

const YES_NO: &[&str] = &["no", "yes"];

const fn asked(id: &'static str) -> Item {
    Item::code(id, "interview; wording on the licensed form", 0, 1, YES_NO)
}

const fn examined(id: &'static str) -> Item {
    Item::code(id, "examination; wording on the licensed form", 0, 1, YES_NO)
}

pub(super) const DN4: Instrument = Instrument {
    id: "dn4",
    name: "DN4 (Douleur Neuropathique 4)",
    kind: "interview and examination",
    items: &[
        asked("burning"),
        asked("painful_cold"),
        asked("electric_shocks"),
        asked("tingling"),
        asked("pins_needles"),
        asked("numbness"),
        asked("itching"),
        examined("hypoesthesia_touch"),
        examined("hypoesthesia_prick"),
        examined("brush_allodynia"),
    ],
    rule: "the number of items answered with yes; the interview alone is the first seven",
    missing: "a missing item makes the total missing; the interview needs its seven only",
    sources: &[
        "Bouhassira and others, Pain 2005;114:29",
        "a health service's page of the questionnaire; PMC7136290, table 3",
    ],
    unverified: &["the terms of the licence"],
    licence: "copyright, distributed by Mapi (ePROVIDE): codes and scoring only, the site brings the wording",
    notes: &[],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let interview = values.sum(|item| item.what.starts_with("interview"));
    let bands = |from| [(0.0, "neuropathic pain unlikely"), (from, "neuropathic pain likely")];
    vec![
        Outcome::new("total", "Total", values.sum(|_| true)).range(0.0, 10.0).bands(&bands(4.0)),
        Outcome::new("interview", "Interview alone", interview).range(0.0, 7.0).bands(&bands(3.0)),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn four_of_ten_three_of_seven() {
        let mut items = json!({"burning": 1, "painful_cold": "yes", "electric_shocks": true, "tingling": 0,
            "pins_needles": 0, "numbness": 0, "itching": 0});
        let lacks = "total lacks hypoesthesia_touch, hypoesthesia_prick, brush_allodynia";
        scores(&DN4, items.clone(), &[lacks, "interview 3 neuropathic pain likely"]);
        for item in ["hypoesthesia_touch", "hypoesthesia_prick", "brush_allodynia"] {
            items[item] = json!(0);
        }
        let interview = "interview 3 neuropathic pain likely";
        scores(&DN4, items.clone(), &["total 3 neuropathic pain unlikely", interview]);
        items["brush_allodynia"] = json!(1);
        scores(&DN4, items, &["total 4 neuropathic pain likely", interview]);
    }
}
