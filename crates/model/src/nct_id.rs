//! The registry's number of a study: `NCT` and eight digits.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a study at ClinicalTrials.gov. Ordered by number, printed with eight digits.
///
/// ```
/// let id: model::NctId = "nct4437511".parse().unwrap();
/// assert_eq!(id.to_string(), "NCT04437511");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NctId(u32);

/// The text is not an NCT id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an NCT id: expected NCT and up to eight digits, such as NCT05507697")]
pub struct NotAnNctId(pub String);

impl NctId {
    /// The id with this number; `None` above eight digits or for zero.
    pub fn new(number: u32) -> Option<Self> {
        (1..=99_999_999).contains(&number).then_some(Self(number))
    }

    /// The digits as a number, without leading zeros.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Reads exactly the canonical spelling (`NCT` in capitals, eight digits).
    pub fn canonical(text: &str) -> Option<Self> {
        let digits = text.strip_prefix("NCT")?;
        (digits.len() == 8).then(|| text.parse().ok()).flatten()
    }
}

impl FromStr for NctId {
    type Err = NotAnNctId;

    /// Case and dropped or added leading zeros do not matter (registry: `^[Nn][Cc][Tt]0*[1-9]\d{0,7}$`).
    fn from_str(text: &str) -> Result<Self, NotAnNctId> {
        let fail = || NotAnNctId(text.chars().take(40).collect());
        let trimmed = text.trim();
        let head = trimmed.get(..3).ok_or_else(fail)?;
        let digits = &trimmed[3..];
        if !head.eq_ignore_ascii_case("NCT")
            || digits.is_empty()
            || !digits.bytes().all(|b| b.is_ascii_digit())
        {
            return Err(fail());
        }
        let digits = digits.trim_start_matches('0');
        if digits.len() > 8 {
            return Err(fail());
        }
        digits.parse().ok().and_then(Self::new).ok_or_else(fail)
    }
}

impl fmt::Display for NctId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NCT{:08}", self.0)
    }
}

impl fmt::Debug for NctId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for NctId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NctId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_registry_reads() {
        for (text, number) in
            [("NCT04437511", 4_437_511), ("nct4437511", 4_437_511), ("NcT000004437511", 4_437_511)]
        {
            assert_eq!(text.parse::<NctId>().unwrap().number(), number, "{text}");
        }
        for text in ["", "NCT", "NCT0", "04437511", "NCT123456789", "NCT12x", "NÇT1", "ééé1"] {
            assert!(text.parse::<NctId>().is_err(), "{text}");
        }
    }
}
