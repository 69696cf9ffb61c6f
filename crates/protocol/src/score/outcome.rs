//! What the items of an instrument come to.

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// These items are missing.
    Lacks(Vec<&'static str>),
    /// The values have no such result.
    Undefined(&'static str),
}

/// A score, or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Its id.
    pub id: &'static str,
    /// What it is.
    pub name: &'static str,
    /// Its value, or why there is none.
    pub value: Result<f64, Why>,
    /// A result that is no number: the profile `21345`, a stage.
    pub word: Option<String>,
    /// How many digits are printed behind the point.
    pub digits: usize,
    /// Its unit in UCUM; empty where it has none.
    pub unit: &'static str,
    /// The least and the greatest, where both are fixed.
    pub range: Option<(f64, f64)>,
    /// What a value like this is called.
    pub band: Option<&'static str>,
    /// Whether rule and bands were found in a source.
    pub verified: bool,
    /// How it came about, where there are several ways.
    pub note: Option<&'static str>,
}

impl Outcome {
    /// A whole number without unit.
    pub(super) fn new(id: &'static str, name: &'static str, value: Result<f64, Why>) -> Self {
        let value =
            value.and_then(|v| if v.is_finite() { Ok(v) } else { Err(Why::Undefined("not a number")) });
        Self {
            id,
            name,
            value,
            word: None,
            digits: 0,
            unit: "",
            range: None,
            band: None,
            verified: true,
            note: None,
        }
    }

    pub(super) fn digits(self, digits: usize) -> Self {
        Self { digits, ..self }
    }

    pub(super) fn unit(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    pub(super) fn range(self, low: f64, high: f64) -> Self {
        Self { range: Some((low, high)), ..self }
    }

    /// Names the value by the last band that begins at or below it, once it is rounded as it is printed.
    pub(super) fn bands(mut self, bands: &[(f64, &'static str)]) -> Self {
        if let Some(value) = self.rounded() {
            self.band = bands.iter().rev().find(|(from, _)| value >= *from).map(|(_, name)| *name);
        }
        self
    }

    pub(super) fn note(self, note: &'static str) -> Self {
        Self { note: Some(note), ..self }
    }

    pub(super) fn unverified(self) -> Self {
        Self { verified: false, ..self }
    }

    /// The value with the digits that it has.
    pub fn printed(&self) -> Option<String> {
        self.value.as_ref().ok().map(|value| format!("{value:.*}", self.digits))
    }

    /// The value, rounded to the digits that it has.
    pub fn rounded(&self) -> Option<f64> {
        self.printed()?.parse().ok()
    }
}
