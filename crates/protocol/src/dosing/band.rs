//! Whether an amount is a usual one.

use super::Ends;

/// Where a value lies against a band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Below it.
    Below,
    /// Within.
    Within,
    /// Above it.
    Above,
}

impl Verdict {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::Within => "within",
            Self::Above => "above",
        }
    }
}

/// A value against a band of usual ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// What is judged.
    pub what: &'static str,
    /// The value, and the upper end of a range.
    pub value: Ends,
    /// The band.
    pub band: (f64, f64),
    /// Where the value lies.
    pub verdict: Verdict,
    /// Where the band comes from.
    pub source: &'static str,
}

/// The middle nine tenths of the doses of cells that are stated for each kilogram in the test data.
pub(super) const CELLS_PER_KG: ((f64, f64), &str) =
    ((1e5, 1e7), "the middle nine tenths of 266 doses of 193 studies (docs/validation.md)");

/// The same of doses of cells that are stated for each administration.
pub(super) const CELLS: ((f64, f64), &str) =
    ((5e5, 2.5e8), "the middle nine tenths of 382 doses of 278 studies (docs/validation.md)");

/// Places of injections of cells into muscles of a leg in published studies.
pub(super) const PLACES: ((f64, f64), &str) =
    ((15.0, 60.0), "published studies of cells in muscles: PMC6477141, table 1");

/// Judges a value; of a range both ends must lie within.
pub(super) fn judge(
    what: &'static str,
    value: Ends,
    (band, source): ((f64, f64), &'static str),
) -> Judgement {
    let verdict = if value.0 < band.0 {
        Verdict::Below
    } else if value.1.unwrap_or(value.0) > band.1 {
        Verdict::Above
    } else {
        Verdict::Within
    };
    Judgement { what, value, band, verdict, source }
}
