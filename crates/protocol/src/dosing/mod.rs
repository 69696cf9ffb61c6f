//! Dose arithmetic: what a person would get by a protocol, with the source of every factor.
//!
//! An amount in the record becomes an amount for one person: per kilogram by the weight, per square metre by the body
//! surface, per place by the number of places, which a lattice over an [`area`] gives. What is not known is asked for;
//! where the record's number can be read in two ways both are computed and neither is chosen.
//!
//! ```
//! use protocol::dosing::{Asked, free};
//! let asked = Asked::read(&serde_json::json!({"amount": "1e6 cells/kg", "weight": 70, "count": 3})).unwrap();
//! let reading = &free(&asked).unwrap().readings[0];
//! assert_eq!((reading.each.unwrap().0, reading.total.unwrap().0), (7e7, 2.1e8));
//! ```

mod amount;
pub mod area;
mod asked;
mod band;
pub mod json;
pub mod text;

pub use amount::{dose, free};
pub use area::Area;
pub use asked::{Asked, ITEMS};
pub use band::{Judgement, Verdict};

use crate::protocol::{Dose, Protocol, Role, Status};

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Factor {
    /// What it is: `body weight`, `places`.
    pub name: &'static str,
    /// Its value.
    pub value: f64,
    /// Its unit; empty where it has none.
    pub unit: String,
    /// How it is known: stated by the record or whoever asks, derived, assumed.
    pub status: Status,
    /// Where it comes from: the record's words, the option, the rule.
    pub source: String,
}

/// An amount, or the two ends of a range.
pub type Ends = (f64, Option<f64>);

/// What one reading of a dose comes to. `None`: something is missing, and `needs` says what.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Every number that went into it, in order.
    pub factors: Vec<Factor>,
    /// The unit of the amounts: `cells`, `mg`.
    pub unit: String,
    /// How much at a time.
    pub each: Option<Ends>,
    /// What the amount is still for each of: an eye, a joint.
    pub per: Option<&'static str>,
    /// Number of places at a time.
    pub places: Option<u64>,
    /// Volume at a time in mL.
    pub volume: Option<Ends>,
    /// Syringes at a time.
    pub syringes: Option<u64>,
    /// The same for each kilogram of the person.
    pub per_kg: Option<Ends>,
    /// Number of administrations.
    pub count: Option<u32>,
    /// How much in all.
    pub total: Option<Ends>,
    /// Volume in all, in mL.
    pub total_volume: Option<Ends>,
    /// Whether it is a usual amount.
    pub judged: Vec<Judgement>,
    /// What must be said before the rest can be computed, and how.
    pub needs: Vec<String>,
}

/// A dose for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Computed {
    /// The arm.
    pub arm: Option<String>,
    /// Its role.
    pub role: Role,
    /// What is given.
    pub substance: String,
    /// What whoever planned the study must be asked, where the number can be read in two ways.
    pub question: Option<String>,
    /// What it comes to; two where the number can be read in two ways.
    pub readings: Vec<Reading>,
    /// The record's words.
    pub quote: String,
}

/// The doses of a protocol for one person.
pub fn protocol(protocol: &Protocol, asked: &Asked) -> Vec<Computed> {
    let given = |d: &&Dose| !(d.amount.is_none() && d.role != Role::Experimental && d.role != Role::Unclear);
    protocol.doses.iter().filter(given).map(|d| dose(d, asked)).collect()
}
