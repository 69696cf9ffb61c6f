//! Nerve conduction velocity against the laboratory's reference.

use crate::score::{Instrument, Item, Outcome, Values, Why};

const fn velocity(id: &'static str, what: &'static str) -> Item {
    Item::number(id, what, 0.0, 120.0, "m/s")
}

const fn mean(id: &'static str) -> Item {
    Item::number(id, "the laboratory's mean for this age and height", 1.0, 120.0, "m/s")
}

const fn deviation(id: &'static str) -> Item {
    Item::number(id, "the laboratory's standard deviation", 0.1, 30.0, "m/s")
}

pub(super) const NCV: Instrument = Instrument {
    id: "ncv",
    name: "Nerve conduction velocity",
    kind: "measured",
    items: &[
        velocity("peroneal_motor", "peroneal nerve, motor"),
        mean("peroneal_motor_mean"),
        deviation("peroneal_motor_sd"),
        velocity("tibial_motor", "tibial nerve, motor"),
        mean("tibial_motor_mean"),
        deviation("tibial_motor_sd"),
        velocity("sural_sensory", "sural nerve, sensory"),
        mean("sural_sensory_mean"),
        deviation("sural_sensory_sd"),
    ],
    rule: "of each nerve z = (value - mean of the laboratory) / its standard deviation; abnormal at -2 and below",
    missing: "a nerve without its value or its reference has no z; the lowest is that of the nerves that have one",
    sources: &["the limit of -2: the criteria of study NCT07183761"],
    unverified: &["no general source for the limit was at hand"],
    licence: "free; references belong to the laboratory and are entered with the values",
    notes: &["a reference holds for one laboratory, and depends on age, height and temperature"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let z = |ids: [&'static str; 3]| values.numbers(ids).map(|[value, mean, sd]| (value - mean) / sd);
    let nerves = [
        ("peroneal", "Peroneal nerve", z(["peroneal_motor", "peroneal_motor_mean", "peroneal_motor_sd"])),
        ("tibial", "Tibial nerve", z(["tibial_motor", "tibial_motor_mean", "tibial_motor_sd"])),
        ("sural", "Sural nerve", z(["sural_sensory", "sural_sensory_mean", "sural_sensory_sd"])),
    ];
    let known = nerves.iter().filter_map(|(_, _, z)| z.as_ref().ok().copied());
    let lowest =
        known.min_by(f64::total_cmp).ok_or(Why::Undefined("no nerve has a value with its reference"));
    let mut out = vec![outcome("lowest", "Lowest z", lowest)];
    out.extend(nerves.into_iter().map(|(id, name, z)| outcome(id, name, z)));
    out
}

fn outcome(id: &'static str, name: &'static str, z: Result<f64, Why>) -> Outcome {
    let abnormal = z
        .as_ref()
        .ok()
        .map(|z| if *z <= -2.0 { "abnormal" } else { "within two deviations below the mean or above" });
    let mut out = Outcome::new(id, name, z).digits(2).unit("{SD}");
    out.band = abnormal;
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn each_nerve_by_its_own_reference() {
        let items = json!({"peroneal_motor": 40, "peroneal_motor_mean": 48, "peroneal_motor_sd": 4,
            "tibial_motor": 47, "tibial_motor_mean": 48, "tibial_motor_sd": 4, "sural_sensory": 40});
        let fine = "within two deviations below the mean or above";
        scores(
            &NCV,
            items,
            &[
                "lowest -2.00 abnormal",
                "peroneal -2.00 abnormal",
                &format!("tibial -0.25 {fine}"),
                "sural lacks sural_sensory_mean, sural_sensory_sd",
            ],
        );
    }
}
