//! Transcutaneous oxygen pressure.

use super::wifi;
use crate::score::{Instrument, Item, Outcome, Values};

pub(super) const TCPO2: Instrument = Instrument {
    id: "tcpo2",
    name: "Transcutaneous oxygen pressure",
    kind: "measured",
    items: &[Item::number("pressure", "the value of one probe", 0.0, 150.0, "mm[Hg]")
        .of("tcpo2")
        .also(&["mmHg", "tcpo2"])],
    rule: "the value of one probe",
    missing: "no value, no grade",
    sources: &[wifi::SOURCE],
    unverified: &[],
    licence: "free",
    notes: &["place of the probe, its temperature and the posture belong to the value"],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let value = values.number("pressure");
    vec![
        Outcome::new("pressure", "Oxygen pressure", value)
            .unit("mm[Hg]")
            .range(0.0, 150.0)
            .bands(wifi::OF_OXYGEN),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn grades() {
        for (value, said) in [
            (29, "pressure 29 WIfI grade 3"),
            (30, "pressure 30 WIfI grade 2"),
            (39, "pressure 39 WIfI grade 2"),
            (40, "pressure 40 WIfI grade 1"),
            (60, "pressure 60 WIfI grade 0"),
        ] {
            scores(&TCPO2, json!({"mmHg": value}), &[said]);
        }
        scores(&TCPO2, json!({"pressure": "4 kPa"}), &["pressure 30 WIfI grade 2"]);
    }
}
