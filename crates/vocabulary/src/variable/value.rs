//! A value of a variable: in its canonical unit, whether it is plausible, and what may have been meant if not.

use model::Decimal;

use super::Variable;
use crate::unit::{self, Unit};

/// A value in the canonical unit of its variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canonical {
    /// The value.
    pub value: Decimal,
    /// Whether it was converted by the analyte's own factor (mass to moles), which depends on the assay for a few.
    pub by_analyte: bool,
}

/// Why a value has no place on the variable's scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The variable has no unit: it is not a number.
    NoNumber,
    /// The value has no unit and the variable needs one.
    NoUnit,
    /// The unit is of another dimension than the variable.
    OtherDimension,
    /// A multiple of a limit of normal: needs the laboratory's range.
    NeedsLimit,
    /// The number is too large to compute with.
    TooLarge,
}

/// The one other unit under which an implausible value would be plausible. A suggestion, never applied unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The unit that may have been meant.
    pub unit: Unit,
    /// The value in the canonical unit if it was.
    pub canonical: Decimal,
}

impl Variable {
    /// A value in the canonical unit. Converted by UCUM where that can, else by the analyte's factor.
    ///
    /// A value without a unit is taken as canonical where that is how it is written (scores, INR, pH).
    pub fn canonical(&self, value: Decimal, unit: Option<Unit>) -> Result<Canonical, Trouble> {
        let to = self.unit.ok_or(Trouble::NoNumber)?;
        let Some(from) = unit else {
            let bare = to.dimension().may_be_unwritten() || to.as_str() == "{ratio}";
            return if bare { Ok(Canonical { value, by_analyte: false }) } else { Err(Trouble::NoUnit) };
        };
        if from == to || from.dimension() == to.dimension() {
            let value = unit::convert(value, from, to).ok_or(Trouble::TooLarge)?;
            return Ok(Canonical { value, by_analyte: false });
        }
        if from.as_str() == "{ratio}" && to.dimension().may_be_unwritten() {
            return Ok(Canonical { value, by_analyte: false });
        }
        match from.as_str() {
            "{ULN}" | "{LLN}" => Err(Trouble::NeedsLimit),
            _ => self.by_analyte(value, from),
        }
    }

    fn by_analyte(&self, value: Decimal, from: Unit) -> Result<Canonical, Trouble> {
        let row = self.conversions.iter().find(|row| row.unit == from);
        let row =
            row.or_else(|| self.conversions.iter().find(|row| row.unit.dimension() == from.dimension()));
        let row = row.ok_or(Trouble::OtherDimension)?;
        let value = unit::convert(value, from, row.unit)
            .and_then(|value| value.checked_mul(row.factor))
            .and_then(|value| value.checked_add(row.offset))
            .ok_or(Trouble::TooLarge)?;
        Ok(Canonical { value: value.normalize(), by_analyte: true })
    }

    /// Whether a value in the canonical unit may be a living person's.
    pub fn is_plausible(&self, canonical: Decimal) -> bool {
        self.plausible.is_none_or(|(low, high)| (low..=high).contains(&canonical))
    }

    /// What may have been meant by an implausible value or by a unit of another dimension: the one unit of the known
    /// confusions under which it is plausible. `None` if it is plausible as written, if no unit makes it so, or if
    /// units with different results do.
    pub fn repair(&self, value: Decimal, unit: Option<Unit>) -> Option<Repair> {
        if self.canonical(value, unit).is_ok_and(|canonical| self.is_plausible(canonical.value)) {
            return None;
        }
        let (near, far) = confused(unit);
        let named = |names: &'static [&'static str]| names.iter().filter_map(|name| unit::of(name));
        match near {
            [] => self.only(value, self.unit.into_iter().chain(self.conversions.iter().map(|row| row.unit))),
            _ => self.only(value, named(near)).or_else(|| self.only(value, named(far))),
        }
    }

    /// The one plausible reading among some units.
    fn only(&self, value: Decimal, units: impl Iterator<Item = Unit>) -> Option<Repair> {
        let mut found: Option<Repair> = None;
        for unit in units {
            let Ok(Canonical { value: canonical, .. }) = self.canonical(value, Some(unit)) else { continue };
            if !self.is_plausible(canonical) {
                continue;
            }
            if found.is_some_and(|one| one.canonical != canonical) {
                return None;
            }
            found = found.or(Some(Repair { unit, canonical }));
        }
        found
    }
}

/// What a unit is mistaken for: by a slip of the prefix, and between conventional and SI units.
fn confused(unit: Option<Unit>) -> (&'static [&'static str], &'static [&'static str]) {
    match unit.map_or("", Unit::as_str) {
        "mg/dL" => (&["g/dL", "g/L"], &["mmol/L", "umol/L"]),
        "g/dL" => (&["g/L", "mg/dL"], &[]),
        "g/L" => (&["g/dL", "mg/dL"], &["mmol/L"]),
        "umol/L" => (&["mg/dL"], &["mmol/L"]),
        "mmol/L" => (&["mg/dL"], &["umol/L", "g/dL"]),
        "10*9/L" => (&["/uL"], &[]),
        "/uL" => (&["10*9/L"], &[]),
        "%" => (&["mmol/mol", "{ratio}"], &[]),
        "mmol/mol" | "{ratio}" => (&["%"], &[]),
        "Cel" => (&["[degF]"], &[]),
        "[degF]" => (&["Cel"], &[]),
        "cm" => (&["m", "[in_i]"], &["mm"]),
        "m" => (&["cm"], &[]),
        "kg" => (&["g", "[lb_av]"], &[]),
        _ => (&[], &[]),
    }
}
