//! What criteria and records speak of: age, HbA1c, ECOG, heart failure; the catalogue of `vocabulary/variables.tsv`.
//!
//! ```
//! use vocabulary::{unit, variable};
//! let hba1c = variable::by_code("http://loinc.org", "4548-4").unwrap().variable;
//! assert_eq!((hba1c.id, hba1c.unit.unwrap().as_str()), ("hba1c", "%"));
//! let ifcc = hba1c.canonical(53.into(), unit::of("mmol/mol")).unwrap();
//! assert_eq!(ifcc.value.round_dp(1).to_string(), "7.0");
//! ```

mod catalogue;
mod heading;
mod value;

use model::Decimal;

use crate::unit::Unit;

pub use catalogue::{ByCode, all, by_code, by_id, named};
pub use heading::headings;
pub use value::{Canonical, Repair, Trouble};

/// Something that can be known of a person.
#[derive(Debug)]
pub struct Variable {
    /// Its name in criteria and facts: `hba1c`.
    pub id: &'static str,
    /// Its place in [`all`].
    pub number: u16,
    /// What people call it: `Haemoglobin A1c`.
    pub name: &'static str,
    /// What texts call it, in lower case.
    pub synonyms: Box<[&'static str]>,
    /// LOINC codes of its observations.
    pub loinc: Box<[Code]>,
    /// SNOMED CT codes of it, or of its members (`NYHA class II`).
    pub snomed: Box<[Code]>,
    /// The unit that values are compared in; `None` if it has no number.
    pub unit: Option<Unit>,
    /// The lowest and the highest value, in that unit, that a living person may have: wide limits.
    pub plausible: Option<(Decimal, Decimal)>,
    /// The first and the last letter of a scale of letters (Child-Pugh A to C).
    pub letters: Option<(char, char)>,
    /// Units that convert for this analyte only.
    pub conversions: Box<[Conversion]>,
    /// Whether it is also stated as a multiple of the upper limit of normal.
    pub by_limit: bool,
    /// What kind of thing it is.
    pub kind: Kind,
}

/// A code of a code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: &'static str,
    /// Whether it was found with this meaning in a published table; codes that are not were written from memory.
    pub verified: bool,
}

/// How a unit becomes the canonical one: `canonical = value * factor + offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// From which unit.
    pub unit: Unit,
    /// Multiplied first.
    pub factor: Decimal,
    /// Added then.
    pub offset: Decimal,
}

/// What kind of thing a variable is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A number with a unit.
    Numeric,
    /// A step of a scale.
    Ordinal,
    /// A code: positive, stage III, smoker.
    Coded,
    /// True or false.
    Boolean,
    /// A length of time.
    Duration,
    /// A pair of numbers (blood pressure).
    Composite,
    /// A disease.
    Condition,
    /// A sign or symptom.
    Finding,
    /// Something that happened.
    Event,
    /// Something that was done.
    Procedure,
    /// A drug.
    Drug,
    /// A class of drugs.
    DrugClass,
    /// What one is allergic to.
    Allergen,
    /// A list that stands in a protocol.
    ExternalList,
}
