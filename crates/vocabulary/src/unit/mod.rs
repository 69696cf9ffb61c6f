//! Units of measure: read as people and systems write them, spelled as UCUM does, converted exactly.
//!
//! `mg/dl`, `x10⁹/L`, `mmHg`, `cells/mm3`, `U/Kg/Day` and `mL/min per 1.73 m²` each have one [`Unit`]. A unit has a
//! [`Dimension`], and units of one dimension convert without further knowledge ([`convert`]). What depends on the
//! substance (mg/dL to mmol/L) is the affair of a [`Variable`](crate::variable::Variable).

mod read;
mod table;

use std::fmt;

use model::Decimal;

pub use read::{longest, of};

/// A unit of the table `vocabulary/units.tsv`; two are equal if they are spelled equally in UCUM.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Unit(u16);

/// What a unit measures, as far as clinical values go: `%` and `mmol/mol` are two, `U/L` and `[IU]/L` are one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(u8);

impl Unit {
    /// The UCUM spelling: `10*9/L`, `mm[Hg]`, `mL/min/{1.73_m2}`.
    pub fn as_str(self) -> &'static str {
        table::row(self).unit
    }

    /// What it measures.
    pub fn dimension(self) -> Dimension {
        table::row(self).dimension
    }

    /// All units, in the order of their UCUM spelling.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..table::len() as u16).map(Self)
    }
}

impl Dimension {
    /// What people call it: `mass/volume`, `time`, `scale`.
    pub fn as_str(self) -> &'static str {
        table::dimension(self)
    }

    /// Whether a value without a unit has this dimension: scores and classes, counts, INR, pH.
    pub fn may_be_unwritten(self) -> bool {
        matches!(self.as_str(), "scale" | "number" | "clotting ratio" | "acidity" | "standard deviations")
    }
}

/// A value in another unit of the same dimension; `None` if the dimensions differ or the number grows too large.
///
/// Exact as far as 28 digits go: 12 months are one year.
///
/// ```
/// use vocabulary::unit;
/// let (mg_l, g_dl) = (unit::of("mg/l").unwrap(), unit::of("g/dL").unwrap());
/// assert_eq!(unit::convert(138_000.into(), mg_l, g_dl), Some("13.8".parse().unwrap()));
/// ```
pub fn convert(value: Decimal, from: Unit, to: Unit) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    let (a, b) = (table::row(from), table::row(to));
    if a.dimension != b.dimension {
        return None;
    }
    // (value + a.offset) * a.factor = (result + b.offset) * b.factor, with factors as fractions: one division.
    let top = value.checked_add(a.offset)?.checked_mul(a.numerator)?.checked_mul(b.denominator)?;
    let bottom = a.denominator.checked_mul(b.numerator)?;
    Some(top.checked_div(bottom)?.checked_sub(b.offset)?.normalize())
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
