//! What checks and differences need to know of a variable.

use rust_decimal::Decimal;

use vocabulary::{by_curie, unit, variable};

use crate::{interval::Interval, tree::Bound};

/// A catalogue of variables and concepts. Every answer may be that it is not known.
pub trait Catalogue: Sync {
    /// The name for people of a variable or concept.
    fn name(&self, id: &str) -> Option<&str> {
        variable::by_id(id).map(|v| v.name).or_else(|| vocabulary::name(by_curie(id)?))
    }

    /// A value of a variable in the variable's canonical unit, and that unit.
    fn convert(&self, var: &str, value: Decimal, unit: &str) -> Option<(Decimal, &str)> {
        let Some(variable) = variable::by_id(var) else { return convert_time(value, unit) };
        let printed = unit::of(unit);
        // A unit that is not known is not the same as none.
        if printed.is_none() && !unit.is_empty() {
            return None;
        }
        Some((variable.canonical(value, printed).ok()?.value, variable.unit?.as_str()))
    }

    /// Whether a value of the variable says nothing without a unit.
    fn needs_unit(&self, var: &str) -> Option<bool> {
        let unit = variable::by_id(var)?.unit?;
        Some(!unit.dimension().may_be_unwritten() && unit.as_str() != "{ratio}")
    }

    /// Values that occur in people, in the canonical unit.
    fn plausible(&self, var: &str) -> Option<Interval> {
        let (low, high) = variable::by_id(var)?.plausible?;
        let end = |value| Some(Bound { value, incl: true });
        Some(Interval::new(end(low), end(high)))
    }

    /// Whether everything that is the first concept is also the second.
    fn is_kind_of(&self, narrow: &str, broad: &str) -> bool {
        is_below(narrow, broad).unwrap_or(false)
    }

    /// Whether this is a name, a synonym or an abbreviation of something in the catalogue.
    fn knows(&self, words: &str) -> bool {
        variable::named(words).is_some()
    }
}

/// The catalogue of the vocabulary, MeSH and the ontologies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtin;

impl Catalogue for Builtin {}

fn is_below(narrow: &str, broad: &str) -> Option<bool> {
    Some(vocabulary::ancestors(by_curie(narrow)?).contains(&by_curie(broad)?))
}

/// Times in days.
fn convert_time(value: Decimal, unit: &str) -> Option<(Decimal, &'static str)> {
    Some((value.checked_mul(days(unit)?)?, "d"))
}

fn days_of_year() -> Decimal {
    Decimal::new(36_525, 2)
}

/// The days in a unit of time; a month is a twelfth of a year of 365.25 days.
pub fn days(unit: &str) -> Option<Decimal> {
    Some(match unit {
        "a" => days_of_year(),
        "mo" => Decimal::new(304_375, 4),
        "wk" => Decimal::from(7),
        "d" => Decimal::ONE,
        "h" => Decimal::ONE.checked_div(Decimal::from(24))?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mesh_knows_kinds() {
        assert!(Builtin.is_kind_of("mesh:D003924", "mesh:D003920"));
        assert!(!Builtin.is_kind_of("mesh:D003920", "mesh:D003924"));
        assert!(!Builtin.is_kind_of("t2dm", "diabetes"));
        assert_eq!(Builtin.name("mesh:D003920"), Some("Diabetes Mellitus"));
    }

    #[test]
    fn twelve_months_are_a_year() {
        let convert = |var, value: i64, unit| Builtin.convert(var, value.into(), unit);
        assert_eq!(convert("age", 12, "mo"), Some((Decimal::ONE, "a")));
        assert_eq!(convert("text:fasting time", 2, "wk"), Some((Decimal::from(14), "d")));
        assert_eq!(convert("weight", 2000, "g"), Some((Decimal::from(2), "kg")));
        assert_eq!(convert("alt", 3, "{ULN}"), None);
    }

    #[test]
    fn bare_numbers() {
        let needs = |var| Builtin.needs_unit(var);
        assert_eq!((needs("hemoglobin"), needs("ecog"), needs("sex")), (Some(true), Some(false), None));
    }
}
