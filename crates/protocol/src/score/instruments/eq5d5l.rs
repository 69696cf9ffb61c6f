//! EQ-5D-5L: the profile, and the index of a country's value set.

use crate::score::{Instrument, Item, Outcome, Values, Why};

const DIMENSIONS: [&str; 5] = ["MO", "SC", "UA", "PD", "AD"];

const fn level(id: &'static str, what: &'static str) -> Item {
    Item::code(id, what, 1, 5, &[])
}

pub(super) const EQ5D5L: Instrument = Instrument {
    id: "eq5d5l",
    name: "EQ-5D-5L",
    kind: "answered by the patient",
    items: &[
        level("MO", "mobility: the level 1 to 5 on the form"),
        level("SC", "self-care: the level 1 to 5 on the form"),
        level("UA", "usual activities: the level 1 to 5 on the form"),
        level("PD", "pain or discomfort: the level 1 to 5 on the form"),
        level("AD", "anxiety or depression: the level 1 to 5 on the form"),
        Item::code("EQVAS", "the visual scale, 0 to 100", 0, 100, &[]).optional(),
        Item::word("value_set", "the country whose values make the index", &[("China", &["CN", "CHN"])])
            .optional(),
    ],
    rule: "the profile is the five levels in a row; the index is 1 less the country's decrements of each level",
    missing: "a missing dimension makes profile and index missing",
    sources: &[
        "China: additive coefficients of the published set, as in the value-set tables of the R package eq5d",
        "Devlin, Roudijk and Ludwig 2022, doi 10.1007/978-3-030-89289-0",
    ],
    unverified: &["the licence of each country's set"],
    licence: "wording and layout belong to EuroQol and need a registration: levels only; coefficients are published",
    notes: &["an index holds for the country of its value set; China is the one that is known here"],
    compute,
};

/// Decrements of levels 1 to 5, in thousandths, dimension by dimension.
const CHINA: [[i32; 5]; 5] = [
    [0, 66, 158, 287, 345],
    [0, 48, 116, 210, 253],
    [0, 45, 107, 194, 233],
    [0, 58, 138, 252, 302],
    [0, 49, 118, 215, 258],
];

fn compute(values: &Values) -> Vec<Outcome> {
    let levels = values.numbers(DIMENSIONS);
    let index = levels.clone().and_then(|levels| {
        let of = |(row, level): (&[i32; 5], &f64)| row.get(*level as usize - 1).copied();
        let down = CHINA.iter().zip(&levels).map(of).sum::<Option<i32>>();
        down.map(|down| f64::from(1000 - down) / 1000.0).ok_or(Why::Undefined("no such level"))
    });
    let profile = levels.map(|levels| levels.iter().fold(0.0, |all, level| all * 10.0 + level));
    let word = profile.as_ref().ok().map(|p| format!("{p:05}"));
    let mut profile = Outcome::new("profile", "Profile", profile);
    profile.word = word;
    let index = Outcome::new("index_china", "Index, value set of China", index).digits(3).range(-0.391, 1.0);
    let scale = values.given("EQVAS").map(|given| given.value);
    let scale = scale.map(|value| Outcome::new("eqvas", "Visual scale", Ok(value)).range(0.0, 100.0));
    [index, profile].into_iter().chain(scale).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::{refuses, scores};

    #[test]
    fn ends_and_middle() {
        let of = |level| json!({"MO": level, "SC": level, "UA": level, "PD": level, "AD": level});
        scores(&EQ5D5L, of(1), &["index_china 1.000", "profile 11111"]);
        scores(&EQ5D5L, of(5), &["index_china -0.391", "profile 55555"]);
        let items = json!({"MO": 2, "SC": 1, "UA": 3, "PD": 4, "AD": 5, "EQVAS": 70});
        scores(&EQ5D5L, items, &["index_china 0.317", "profile 21345", "eqvas 70"]);
    }

    #[test]
    fn no_index_without_all_dimensions_and_no_other_country() {
        let items = json!({"MO": 2, "SC": 1});
        scores(&EQ5D5L, items, &["index_china lacks UA, PD, AD", "profile lacks UA, PD, AD"]);
        refuses(
            &EQ5D5L,
            json!({"value_set": "Germany"}),
            &["`value_set`: “Germany” is no answer; write China"],
        );
    }
}
