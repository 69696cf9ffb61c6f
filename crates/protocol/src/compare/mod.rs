//! Protocols side by side: population, arms, doses in one unit, times on one axis, outcomes by instrument, limits of
//! eligibility on one axis each.

pub mod json;
mod limits;
mod outcomes;
pub mod text;

use eligibility::Eligibility;
use model::{Decimal, Study, enums};
use vocabulary::unit;

pub use limits::{Range, Variable};
pub use outcomes::{Measured, Row};

use crate::{
    Protocol, compile,
    dosing::{self, Asked, Ends},
    protocol::{Arm, Role},
};

/// Studies side by side.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The studies, in the order asked for.
    pub sides: Vec<Side>,
    /// Outcomes by what they are measured with.
    pub outcomes: Vec<Row>,
    /// Limits of people's values by variable.
    pub limits: Vec<Variable>,
    /// The end of the axis of times, in days.
    pub longest: f64,
}

/// A study in a comparison.
#[derive(Clone, Debug)]
pub struct Side {
    /// Its protocol.
    pub protocol: Protocol,
    /// Its title.
    pub title: String,
    /// Who and how: a name and what the record says.
    pub population: Vec<(&'static str, Option<String>)>,
    /// Its doses in common units.
    pub doses: Vec<Level>,
}

/// A dose for one person, masses in mg and volumes in mL.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The arm.
    pub arm: Option<String>,
    /// Its role.
    pub role: Role,
    /// What is given.
    pub substance: String,
    /// The amount as the record says it.
    pub stated: Option<String>,
    /// The unit.
    pub unit: String,
    /// How much at a time.
    pub each: Option<Ends>,
    /// What the amount is still for each of.
    pub per: Option<&'static str>,
    /// Number of administrations.
    pub count: Option<u32>,
    /// How much in all.
    pub total: Option<Ends>,
    /// The number can be read in two ways; this is the likelier.
    pub asked: bool,
}

/// The person of whom amounts are where nobody is described: 70 kg and 170 cm.
pub fn usual_person() -> serde_json::Value {
    serde_json::json!({"weight": 70, "height": 170})
}

/// Compares studies; amounts per kilogram and square metre are those of a person.
pub fn compare(studies: &[(&Study, &Eligibility)], person: &Asked) -> Comparison {
    let sides: Vec<Side> = studies.iter().map(|(study, _)| side(study, person)).collect();
    let times = sides.iter().flat_map(|side| &side.protocol.schedule).map(|timing| timing.time.days());
    let doses = sides.iter().flat_map(|side| &side.protocol.doses).flat_map(administrations);
    let longest = times.chain(doses).filter(|days| days.is_finite()).fold(0.0, f64::max);
    Comparison {
        outcomes: outcomes::rows(studies.iter().map(|(study, _)| *study)),
        limits: limits::of(studies.iter().map(|(_, eligibility)| *eligibility)),
        longest,
        sides,
    }
}

/// The days of the administrations of a dose after the first, as far as the record says them.
pub fn administrations(dose: &crate::protocol::Dose) -> Vec<f64> {
    crate::calendar::offsets(dose)
        .map(|(days, _)| days.into_iter().map(|day| day as f64).collect())
        .unwrap_or_default()
}

fn side(study: &Study, person: &Asked) -> Side {
    let protocol = compile(study);
    let doses = dosing::protocol(&protocol, person).into_iter().filter_map(level).collect();
    Side { title: study.title(), population: population(study, &protocol), doses, protocol }
}

fn population(study: &Study, protocol: &Protocol) -> Vec<(&'static str, Option<String>)> {
    let label = |piece, kind| study.text(piece).map(|value| enums::label(kind, value).to_owned());
    let age = |piece| study.text(piece).map(str::to_owned);
    let ages = match (age("MinimumAge"), age("MaximumAge")) {
        (None, None) => None,
        (low, high) => Some(format!(
            "{} to {}",
            low.unwrap_or_else(|| "any".into()),
            high.unwrap_or_else(|| "any".into())
        )),
    };
    let ratio = protocol.ratio.value.as_ref().map(|parts| {
        let parts: Vec<String> = parts.iter().map(u32::to_string).collect();
        format!("{} ({})", parts.join(":"), protocol.ratio.status.as_str())
    });
    let list = |piece| Some(study.texts(piece).join(", ")).filter(|words| !words.is_empty());
    let sites = study.values("Location").len();
    vec![
        ("Conditions", list("Condition")),
        ("Status", label("OverallStatus", "Status")),
        ("Enrolment", study.integer("EnrollmentCount").map(|n| n.to_string())),
        ("Ages", ages),
        ("Sex", label("Sex", "Sex")),
        ("Allocation", label("DesignAllocation", "DesignAllocation")),
        ("Ratio", ratio),
        ("Masking", label("DesignMasking", "DesignMasking")),
        ("Sites", (sites > 0).then(|| sites.to_string())),
        ("Start", protocol.dates.start.map(|day| day.to_string())),
        ("Primary completion", protocol.dates.primary_completion.map(|day| day.to_string())),
    ]
}

/// A dose in common units; `None` of one whose amount is not known.
fn level(dose: dosing::Computed) -> Option<Level> {
    let reading = dose.readings.into_iter().next()?;
    let (unit, factor) = common(&reading.unit);
    let stated = reading.factors.iter().find(|factor| factor.name == "amount");
    let scaled = |(low, high): Ends| (low * factor, high.map(|high| high * factor));
    Some(Level {
        arm: dose.arm,
        role: dose.role,
        substance: dose.substance,
        stated: stated.map(|amount| format!("{} {}", dosing::text::number(amount.value), amount.unit)),
        unit,
        each: reading.each.map(scaled),
        per: reading.per,
        count: reading.count,
        total: reading.total.map(scaled),
        asked: dose.question.is_some(),
    })
}

/// The common unit of a unit's kind, and what a value is multiplied by.
fn common(unit: &str) -> (String, f64) {
    for to in ["mg", "mL"] {
        let both = unit::of(unit).zip(unit::of(to));
        if let Some(factor) = both.and_then(|(from, to)| unit::convert(Decimal::ONE, from, to)) {
            return (to.to_owned(), f64::try_from(factor).unwrap_or(1.0));
        }
    }
    (unit.to_owned(), 1.0)
}

/// An arm in one line: its role as it is, its type where that is another, its people.
pub fn arm(arm: &Arm) -> String {
    let size = arm.size.map(|n| format!(", {n} people")).unwrap_or_default();
    let typed = arm.role_typed.as_deref().map(|typed| format!(", typed {typed}")).unwrap_or_default();
    let gets = if arm.interventions.is_empty() {
        String::new()
    } else {
        format!(": {}", arm.interventions.join(" + "))
    };
    format!("{} ({}{typed}{size}){gets}", arm.label, arm.role.as_str().replace('_', " "))
}
