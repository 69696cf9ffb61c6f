//! Areas of the body, and the places of a lattice over them.

use crate::{
    protocol::Status,
    score::{Formula, body_surface},
};

use super::{Asked, Factor};

/// Shares of the body surface of an adult in percent, by the rule of nines.
const NINES: &[(&str, f64)] =
    &[("head", 9.0), ("arm", 9.0), ("arms", 18.0), ("trunk", 36.0), ("leg", 18.0), ("legs", 36.0)];

/// The same by Lund and Browder.
const LUND_BROWDER: &[(&str, f64)] = &[
    ("leg", 20.0),
    ("legs", 40.0),
    ("thigh", 9.5),
    ("thighs", 19.0),
    ("lower-leg", 7.0),
    ("lower-legs", 14.0),
    ("foot", 3.5),
    ("feet", 7.0),
];

/// An area in cm2, with what it was computed from.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// The area in cm2.
    pub value: f64,
    /// The factors, the area itself last.
    pub factors: Vec<Factor>,
}

/// The surface of a frustum without its ends, in cm2, of two girths in cm and the distance between them along the axis.
///
/// ```
/// let both = 2.0 * protocol::dosing::area::frustum(36.0, 22.0, 35.0);
/// assert_eq!(both.round(), 2034.0);
/// ```
pub fn frustum(girth: f64, other: f64, length: f64) -> f64 {
    let (r, s) = (girth / std::f64::consts::TAU, other / std::f64::consts::TAU);
    std::f64::consts::PI * (r + s) * (r - s).hypot(length)
}

/// Places of a square lattice over an area: one for each square of the spacing, to the nearest.
pub fn square(area: f64, spacing: f64) -> f64 {
    (area / (spacing * spacing)).round()
}

/// The same of a lattice of equal triangles, which has more by 2/sqrt(3).
pub fn hexagonal(area: f64, spacing: f64) -> f64 {
    (area / (spacing * spacing * 3.0_f64.sqrt() / 2.0)).round()
}

/// The area that is asked about: as given, by girths, or as a share of the body surface. Else what must be said.
pub fn asked(asked: &Asked) -> Result<Area, Vec<String>> {
    if let Some(value) = asked.number("area") {
        return Ok(Area { value, factors: vec![given("area", value, "cm2", "given")] });
    }
    if !asked.girths.is_empty() {
        return by_girths(asked);
    }
    match asked.word("region") {
        Some(region) => by_share(asked, region),
        None => Err(vec![
            "the area: --area (cm2), --girths with --length (cm), or --region (legs, lower-legs, feet ...)"
                .to_owned(),
        ]),
    }
}

/// The body surface in m2.
pub fn surface(asked: &Asked) -> Result<Factor, Vec<String>> {
    let (weight, height) = (asked.number("weight"), asked.number("height"));
    let need = |missing: bool, what: &str| missing.then(|| what.to_owned());
    let (Some(weight), Some(height)) = (weight, height) else {
        let needs = [
            need(weight.is_none(), "the weight: --weight (kg)"),
            need(height.is_none(), "the height: --height (cm)"),
        ];
        return Err(needs.into_iter().flatten().collect());
    };
    let (formula, name) = match asked.word("surface") {
        Some("du-bois") => (Formula::DuBois, "Du Bois"),
        _ => (Formula::Mosteller, "Mosteller"),
    };
    let source = format!("{name}, {height} cm and {weight} kg");
    let value = body_surface(formula, height, weight);
    Ok(Factor { name: "body surface", value, unit: "m2".to_owned(), status: Status::Derived, source })
}

fn by_girths(asked: &Asked) -> Result<Area, Vec<String>> {
    let Some(length) = asked.number("length") else {
        return Err(vec!["the distance from the first girth to the last: --length (cm)".to_owned()]);
    };
    let parts = asked.girths.len().saturating_sub(1).max(1) as f64;
    let one: f64 = asked.girths.windows(2).map(|pair| frustum(pair[0], pair[1], length / parts)).sum();
    let limbs = asked.number("limbs").unwrap_or(1.0);
    let girths: Vec<String> = asked.girths.iter().map(f64::to_string).collect();
    let source = format!("girths {} cm over {length} cm, as cones; given", girths.join(", "));
    let area = one * limbs;
    let factors = vec![
        derived("area of one limb", one, "cm2", source),
        given(
            "limbs",
            limbs,
            "",
            if asked.number("limbs").is_some() { "given" } else { "one, as nothing else is given" },
        ),
        derived("area", area, "cm2", "limbs times the area of one".to_owned()),
    ];
    Ok(Area { value: area, factors })
}

fn by_share(asked: &Asked, region: &'static str) -> Result<Area, Vec<String>> {
    let find =
        |table: &[(&str, f64)]| table.iter().find(|(name, _)| *name == region).map(|(_, share)| *share);
    let nines = || find(NINES).map(|share| (share, "the rule of nines, which overestimates"));
    let browder = || find(LUND_BROWDER).map(|share| (share, "Lund and Browder for adults, not verified"));
    let share = match asked.word("shares") {
        Some("nines") => nines(),
        Some("lund-browder") => browder(),
        _ => nines().or_else(browder),
    };
    let Some((share, rule)) = share else {
        return Err(vec![format!(
            "an area for `{region}`: this rule has no share of it; use the other --shares, or --area"
        )]);
    };
    if asked.number("age").is_some_and(|age| age < 18.0) {
        return Err(vec![
            "an area measured on the child: shares of the body surface are those of adults".to_owned(),
        ]);
    }
    let surface = surface(asked)?;
    let value = surface.value * 10_000.0 * share / 100.0;
    let factors = vec![
        surface,
        derived("share of the body surface", share, "%", format!("{region} by {rule}")),
        derived("area", value, "cm2", "body surface times its share".to_owned()),
    ];
    Ok(Area { value, factors })
}

fn given(name: &'static str, value: f64, unit: &str, source: &str) -> Factor {
    Factor { name, value, unit: unit.to_owned(), status: Status::Stated, source: source.to_owned() }
}

fn derived(name: &'static str, value: f64, unit: &str, source: String) -> Factor {
    Factor { name, value, unit: unit.to_owned(), status: Status::Derived, source }
}
