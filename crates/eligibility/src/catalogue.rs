//! What checks and differences need to know of a variable.

use rust_decimal::Decimal;

use crate::interval::Interval;

/// A catalogue of variables and concepts. Every answer may be that it is not known.
pub trait Catalogue: Sync {
    /// The name for people of a variable or concept.
    fn name(&self, id: &str) -> Option<&str> {
        mesh(id).and_then(vocabulary::name)
    }

    /// A value of a variable in the variable's canonical unit, and that unit.
    fn convert(&self, var: &str, value: Decimal, unit: &str) -> Option<(Decimal, &str)> {
        convert_time(var, value, unit)
    }

    /// Whether a value of the variable says nothing without a unit.
    fn needs_unit(&self, var: &str) -> Option<bool> {
        Some(DIMENSIONED.contains(&var))
    }

    /// Values that occur in people, in the canonical unit.
    fn plausible(&self, var: &str) -> Option<Interval> {
        let _ = var;
        None
    }

    /// Whether everything that is the first concept is also the second.
    fn is_kind_of(&self, narrow: &str, broad: &str) -> bool {
        is_below(narrow, broad).unwrap_or(false)
    }

    /// Whether this is a name, a synonym or an abbreviation of something in the catalogue.
    fn knows(&self, words: &str) -> bool {
        let _ = words;
        false
    }
}

/// The little that holds without any catalogue: units of time, and the commonest measurements.
#[derive(Clone, Copy, Debug, Default)]
pub struct Builtin;

impl Catalogue for Builtin {}

/// Measurements that are given in several units, so that a bare number says nothing.
const DIMENSIONED: &[&str] = &[
    "albumin",
    "anc",
    "bilirubin_total",
    "birth_weight",
    "calcium",
    "chol_total",
    "cpeptide_fasting",
    "creatinine",
    "crp",
    "d_dimer",
    "ferritin",
    "glucose_2h",
    "glucose_fasting",
    "glucose_random",
    "hba1c",
    "hdl",
    "height",
    "hemoglobin",
    "ldl",
    "platelets",
    "potassium",
    "psa",
    "sodium",
    "temperature",
    "testosterone",
    "triglycerides",
    "troponin_i",
    "troponin_t",
    "urea",
    "uric_acid",
    "vitamin_d",
    "wbc",
    "weight",
];

fn mesh(id: &str) -> Option<vocabulary::ConceptId> {
    vocabulary::by_mesh_id(id.strip_prefix("mesh:")?)
}

fn is_below(narrow: &str, broad: &str) -> Option<bool> {
    Some(vocabulary::ancestors(mesh(narrow)?).contains(&mesh(broad)?))
}

/// Ages in years, other times in days.
fn convert_time(var: &str, value: Decimal, unit: &str) -> Option<(Decimal, &'static str)> {
    if var == "age" && unit == "a" {
        return Some((value, "a"));
    }
    let days = value.checked_mul(days(unit)?)?;
    if var == "age" { Some((days.checked_div(days_of_year())?, "a")) } else { Some((days, "d")) }
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
        assert_eq!(convert("diabetes_duration", 2, "wk"), Some((Decimal::from(14), "d")));
        assert_eq!(convert("weight", 2, "kg"), None);
    }
}
