//! Body surface by Mosteller and by Du Bois.

use crate::score::{
    Instrument, Outcome, Values, Why,
    item::{HEIGHT, WEIGHT},
};

pub(super) const BSA: Instrument = Instrument {
    id: "bsa",
    name: "Body surface area",
    kind: "formula",
    items: &[HEIGHT, WEIGHT],
    rule: "Mosteller: sqrt(height weight / 3600); Du Bois: 0.007184 height^0.725 weight^0.425; cm, kg, m2",
    missing: "both are needed",
    sources: &["Mosteller, N Engl J Med 1987, and Du Bois and Du Bois 1916, as in public calculators"],
    unverified: &[],
    licence: "free",
    notes: &["the formulas differ by about a percent in adults of usual build"],
    compute,
};

/// A formula of body surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Formula {
    /// The root of height times weight.
    Mosteller,
    /// Du Bois and Du Bois.
    DuBois,
}

/// The surface of a body in m2, of its height in cm and its weight in kg.
pub fn body_surface(formula: Formula, height: f64, weight: f64) -> f64 {
    match formula {
        Formula::Mosteller => (height * weight / 3600.0).sqrt(),
        Formula::DuBois => 0.007184 * height.powf(0.725) * weight.powf(0.425),
    }
}

fn compute(values: &Values) -> Vec<Outcome> {
    const APART: Why = Why::Undefined("height and weight do not go together: exchanged, or in other units?");
    let person = values.numbers(["height", "weight"]).and_then(|[height, weight]| {
        // Kilograms for each square metre of height, from premature infants to the heaviest adults.
        let index = weight / (height / 100.0).powi(2);
        if (4.0..=250.0).contains(&index) { Ok([height, weight]) } else { Err(APART) }
    });
    let by = |formula| person.clone().map(|[height, weight]| body_surface(formula, height, weight));
    let outcome = |id, name, formula| Outcome::new(id, name, by(formula)).digits(3).unit("m2");
    vec![
        outcome("mosteller", "Mosteller", Formula::Mosteller),
        outcome("du_bois", "Du Bois", Formula::DuBois),
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::score::example::scores;

    #[test]
    fn closed_form() {
        scores(&BSA, json!({"cm": 170, "kg": 70}), &["mosteller 1.818", "du_bois 1.810"]);
        scores(&BSA, json!({"height": "1.8 m", "weight": "80 kg"}), &["mosteller 2.000", "du_bois 1.996"]);
        let apart = BSA.score(&crate::score::read(&BSA, &json!({"height": 70, "weight": 170})).unwrap());
        assert!(apart.iter().all(|o| matches!(o.value, Err(Why::Undefined(_)))));
        scores(&BSA, json!({"height": 170}), &["mosteller lacks weight", "du_bois lacks weight"]);
    }
}
