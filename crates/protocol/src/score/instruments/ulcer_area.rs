//! The area of an ulcer, and what of it has closed.

use std::f64::consts::FRAC_PI_4;

use crate::score::{Instrument, Item, Outcome, Values, Why};

pub(super) const ULCER_AREA: Instrument = Instrument {
    id: "ulcer_area",
    name: "Ulcer area",
    kind: "measured",
    items: &[
        Item::number("length", "the greatest length", 0.0, 100.0, "cm").also(&["length_cm"]).optional(),
        Item::number("width", "the greatest width across it", 0.0, 100.0, "cm")
            .also(&["width_cm"])
            .optional(),
        Item::number("planimetry", "the area as traced", 0.0, 5000.0, "cm2")
            .also(&["planimetry_cm2"])
            .optional(),
        Item::number("baseline", "the area at the first visit, by the same method", 0.01, 5000.0, "cm2")
            .also(&["baseline_cm2"])
            .optional(),
    ],
    rule: "the traced area; without it that of an ellipse, pi/4 length width; reduction = 100 (first - now) / first",
    missing: "neither a tracing nor both lengths: no area; no first area: no reduction",
    sources: &["Rogers and others 2010, PMC2909508", "Diabetes Care 2007;30:2641"],
    unverified: &[],
    licence: "free",
    notes: &[
        "length times width overestimates: by 41 % on average in ten wounds",
        "an ulcer without area is healed when a second visit confirms it",
    ],
    compute,
};

fn compute(values: &Values) -> Vec<Outcome> {
    let sides = values.numbers(["length", "width"]);
    let (area, how) = match (values.number("planimetry"), &sides) {
        (Ok(area), _) => (Ok(area), "traced"),
        (_, Ok([length, width])) if width > length => (
            Ok(FRAC_PI_4 * length * width),
            "as an ellipse; the width is greater than the length: exchanged?",
        ),
        (_, Ok([length, width])) => (Ok(FRAC_PI_4 * length * width), "as an ellipse"),
        _ => (Err(Why::Lacks(vec!["planimetry", "length", "width"])), ""),
    };
    let reduction =
        values.number("baseline").and_then(|first| area.clone().map(|now| 100.0 * (first - now) / first));
    let mut now = Outcome::new("area", "Area", area).digits(2).unit("cm2");
    if now.value == Ok(0.0) {
        now.band = Some("healed, if a second visit confirms it");
    }
    let mut out = vec![if how.is_empty() { now } else { now.note(how) }];
    let overestimates = "overestimates the area; for comparison with reports that use it";
    if let Ok([length, width]) = sides {
        out.push(
            Outcome::new("product", "Length times width", Ok(length * width))
                .digits(2)
                .unit("cm2")
                .note(overestimates),
        );
    }
    out.push(Outcome::new("reduction", "Reduction since the first visit", reduction).digits(1).unit("%"));
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn a_tracing_counts_more() {
        scores(
            &ULCER_AREA,
            json!({"length_cm": 4, "width_cm": 3}),
            &["area 9.42", "product 12.00", "reduction lacks baseline"],
        );
        scores(
            &ULCER_AREA,
            json!({"length": "40 mm", "width": "3 cm", "planimetry": 9, "baseline": 12}),
            &["area 9.00", "product 12.00", "reduction 25.0"],
        );
        scores(
            &ULCER_AREA,
            json!({"planimetry": 0, "baseline": 12}),
            &["area 0.00 healed, if a second visit confirms it", "reduction 100.0"],
        );
        scores(
            &ULCER_AREA,
            json!({"length": 4}),
            &["area lacks planimetry, length, width", "reduction lacks baseline"],
        );
    }
}
