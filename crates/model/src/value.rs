//! The value of a fact: exact numbers with what is known of them, codes, words, yes or no.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::What;

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// A number with a unit.
    Quantity(Quantity),
    /// From one number to another.
    Range(Range),
    /// A code: positive, stage III.
    Coded(What),
    /// Words.
    Text(String),
    /// Yes or no.
    Boolean(bool),
}

/// A number as it was recorded, and in the unit of its variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// The number.
    pub value: Decimal,
    /// Whether the true value is beyond the number: `<0.1`.
    #[serde(default, skip_serializing_if = "Comparator::is_exact")]
    pub comparator: Comparator,
    /// The unit as recorded.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub unit: Option<String>,
    /// The unit in UCUM, if it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ucum: Option<String>,
    /// The number in the canonical unit of the variable, if the unit allows it. Given also when it is implausible.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub canonical: Option<Decimal>,
}

/// A number between two, both in one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Range {
    /// The least.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub low: Option<Quantity>,
    /// The most.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub high: Option<Quantity>,
}

/// Where the true value lies, seen from the number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Comparator {
    /// At it.
    #[default]
    #[serde(rename = "=")]
    Exact,
    /// Below.
    #[serde(rename = "<")]
    Less,
    /// Below or at it.
    #[serde(rename = "<=")]
    AtMost,
    /// Above or at it.
    #[serde(rename = ">=")]
    AtLeast,
    /// Above.
    #[serde(rename = ">")]
    More,
}

/// The laboratory's limits of normal, in the unit of the value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReferenceRange {
    /// The lower limit of normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<Quantity>,
    /// The upper limit of normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<Quantity>,
}

/// All numbers from one to another; an absent bound is no bound.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    /// The lower bound, and whether it belongs to it.
    pub low: Option<(Decimal, bool)>,
    /// The upper bound, and whether it belongs to it.
    pub high: Option<(Decimal, bool)>,
}

impl Quantity {
    /// A number without a unit.
    pub fn new(value: Decimal) -> Self {
        Self { value, comparator: Comparator::Exact, unit: None, ucum: None, canonical: None }
    }

    /// Where the true value lies, in the unit as recorded.
    pub fn interval(&self) -> Interval {
        self.comparator.interval(self.value)
    }

    /// Where the true value lies, in the canonical unit of the variable.
    pub fn canonical_interval(&self) -> Option<Interval> {
        self.canonical.map(|value| self.comparator.interval(value))
    }
}

impl Value {
    /// Where the true value lies in the canonical unit of the variable, for numbers that have one.
    pub fn canonical_interval(&self) -> Option<Interval> {
        match self {
            Self::Quantity(quantity) => quantity.canonical_interval(),
            Self::Range(range) => {
                let end = |end: &Option<Quantity>| end.as_ref().and_then(|end| end.canonical);
                let (low, high) = (end(&range.low), end(&range.high));
                (low.is_some() || high.is_some())
                    .then(|| Interval { low: low.map(|v| (v, true)), high: high.map(|v| (v, true)) })
            }
            Self::Coded(_) | Self::Text(_) | Self::Boolean(_) => None,
        }
    }
}

impl Comparator {
    /// The comparator of a sign: `<`, `<=`, `>=`, `>`, `=`; also `≤` and `≥`.
    pub fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "<" => Self::Less,
            "<=" | "\u{2264}" => Self::AtMost,
            ">=" | "\u{2265}" => Self::AtLeast,
            ">" => Self::More,
            "=" | "" => Self::Exact,
            _ => return None,
        })
    }

    /// All numbers that it allows.
    pub fn interval(self, value: Decimal) -> Interval {
        let (low, high) = match self {
            Self::Exact => (Some((value, true)), Some((value, true))),
            Self::Less => (None, Some((value, false))),
            Self::AtMost => (None, Some((value, true))),
            Self::AtLeast => (Some((value, true)), None),
            Self::More => (Some((value, false)), None),
        };
        Interval { low, high }
    }

    fn is_exact(&self) -> bool {
        *self == Self::Exact
    }
}
