//! The ankle-brachial index.

use super::wifi;
use crate::score::{Instrument, Item, Outcome, Values, Why};

const fn pressure(id: &'static str, what: &'static str) -> Item {
    Item::number(id, what, 0.0, 350.0, "mm[Hg]")
}

pub(super) const ABI: Instrument = Instrument {
    id: "abi",
    name: "Ankle-brachial index",
    kind: "measured",
    items: &[
        pressure("ankle_sys_l", "systolic pressure at the left ankle: the higher of its two arteries"),
        pressure("ankle_sys_r", "systolic pressure at the right ankle: the higher of its two arteries"),
        pressure("brachial_sys_l", "systolic pressure at the left arm"),
        pressure("brachial_sys_r", "systolic pressure at the right arm"),
    ],
    rule: "of each leg the pressure at the ankle by the higher of the arms; the lower leg counts",
    missing: "a leg without its pressure has no index, and then there is no lower one; both arms are needed",
    sources: &[wifi::SOURCE],
    unverified: &["the bands none to non-compressible: from practice, cited from memory"],
    licence: "free",
    notes: &["above 1.4 the arteries do not yield to the cuff, and the index says little"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let leg = |ankle: &'static str| {
        let [ankle, left, right] = values.numbers([ankle, "brachial_sys_l", "brachial_sys_r"])?;
        let arm = left.max(right);
        if arm > 0.0 { Ok(ankle / arm) } else { Err(Why::Undefined("no pressure at the arms")) }
    };
    let (left, right) = (leg("ankle_sys_l"), leg("ankle_sys_r"));
    let lower = values
        .numbers(["ankle_sys_l", "ankle_sys_r", "brachial_sys_l", "brachial_sys_r"])
        .and_then(|_| Ok(left.clone()?.min(right.clone()?)));
    // Arteries that do not yield to the cuff hide ischaemia.
    let graded = lower.clone().and_then(|index| {
        const STIFF: Why =
            Why::Undefined("arteries that do not yield to the cuff: take the pressure at the toe");
        // As it is printed: 1.40 still counts.
        if index < 1.405 { Ok(index) } else { Err(STIFF) }
    });
    let index = |id, name, value| Outcome::new(id, name, value).digits(2);
    let bands = [
        (0.0, "severe"),
        (0.4, "arterial disease"),
        (0.9, "borderline"),
        (1.0, "normal"),
        (1.41, "non-compressible"),
    ];
    vec![
        index("abi", "Lower index", lower).bands(&bands).unverified(),
        index("left", "Left leg", left).bands(&bands).unverified(),
        index("right", "Right leg", right).bands(&bands).unverified(),
        index("ischaemia", "Ischaemia by the lower index", graded).bands(wifi::OF_INDEX),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn the_higher_arm_and_the_lower_leg() {
        let items =
            json!({"ankle_sys_l": 96, "ankle_sys_r": 130, "brachial_sys_l": 125, "brachial_sys_r": 130});
        scores(
            &ABI,
            items,
            &[
                "abi 0.74 arterial disease",
                "left 0.74 arterial disease",
                "right 1.00 normal",
                "ischaemia 0.74 WIfI grade 1",
            ],
        );
    }

    #[test]
    fn stiff_arteries_have_no_grade() {
        let items =
            json!({"ankle_sys_l": 250, "ankle_sys_r": 260, "brachial_sys_l": 125, "brachial_sys_r": 130});
        let out = ABI.score(&crate::score::read(&ABI, &items).unwrap());
        assert_eq!(out[0].band, Some("non-compressible"));
        assert!(matches!(out[3].value, Err(Why::Undefined(_))));
    }

    #[test]
    fn one_leg() {
        let items = json!({"ankle_sys_l": 50, "brachial_sys_l": 125, "brachial_sys_r": "120 mmHg"});
        let lacks = "lacks ankle_sys_r";
        scores(
            &ABI,
            items,
            &[
                &format!("abi {lacks}"),
                "left 0.40 arterial disease",
                &format!("right {lacks}"),
                &format!("ischaemia {lacks}"),
            ],
        );
    }
}
