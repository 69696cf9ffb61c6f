//! A study's number at whichever registry has it, and the numbers that a text names.
//!
//! The registries are those of the WHO's network with ClinicalTrials.gov, the two European ones, and the WHO's own
//! universal trial number. Where the syntax of a registry has parts (a year, a country), they are checked; no
//! registry publishes a check digit that could be recomputed.

mod digits;
mod form;
mod named;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::NctId;
pub use form::Register;
pub use named::named;

/// The id of a study at its registry. One number, so that it can be copied, ordered and kept as an integer: those
/// of ClinicalTrials.gov are their digits and come first, the others follow registry by registry.
///
/// ```
/// use model::{Register, StudyId};
/// let id: StudyId = "nct4437511".parse().unwrap();
/// assert_eq!((id.to_string().as_str(), id.number()), ("NCT04437511", 4_437_511));
/// let id: StudyId = "JPRN-UMIN000012345".parse().unwrap();
/// assert_eq!((id.to_string().as_str(), id.register()), ("UMIN000012345", Register::Umin));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StudyId(u64);

/// Bits of the number within its registry; six bits above them tell the registry, and one is left for the sign of
/// those who keep it as a signed integer.
const BITS: u32 = 57;

/// The text is the id of no registry we know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no registry's number of a study, such as NCT05507697, ISRCTN12345678 or 2022-500123-18-00")]
pub struct NotAStudyId(pub String);

impl StudyId {
    /// The id that [`StudyId::number`] gave; `None` for a number that no id has.
    pub fn new(number: u64) -> Option<Self> {
        let register = Register::of_code(number >> BITS)?;
        form::valid(register, number & ((1 << BITS) - 1)).then_some(Self(number))
    }

    /// The id as a number, below 2^63: the digits of an NCT id; registry and digits of others.
    pub fn number(self) -> u64 {
        self.0
    }

    fn packed(register: Register, payload: u64) -> Option<Self> {
        form::valid(register, payload).then_some(Self(register.code() << BITS | payload))
    }

    fn payload(self) -> u64 {
        self.0 & ((1 << BITS) - 1)
    }

    /// The registry.
    pub fn register(self) -> Register {
        Register::of_code(self.0 >> BITS).unwrap_or(Register::ClinicalTrialsGov)
    }

    /// The NCT id, if it is one.
    pub fn nct(self) -> Option<NctId> {
        u32::try_from(self.0).ok().and_then(NctId::new)
    }

    /// The id of the trial as a whole: a EudraCT number without the country of one of its records, an EU trial
    /// number without the count of its submissions; any other id is that already.
    ///
    /// ```
    /// let id: model::StudyId = "EUCTR2013-003828-36-SK".parse().unwrap();
    /// assert_eq!(id.trial().to_string(), "2013-003828-36");
    /// ```
    #[must_use]
    pub fn trial(self) -> Self {
        form::trial(self.register(), self.payload())
            .and_then(|p| Self::packed(self.register(), p))
            .unwrap_or(self)
    }

    /// The study's own page at its registry, where its address follows from the id.
    pub fn address(self) -> Option<String> {
        form::address(self)
    }
}

impl From<NctId> for StudyId {
    fn from(id: NctId) -> Self {
        Self(id.number().into())
    }
}

impl FromStr for StudyId {
    type Err = NotAStudyId;

    /// Case, blanks around and the prefixes of the WHO's platform (`JPRN-`, `EUCTR`, `CTIS`) do not matter; of NCT
    /// ids zeros may be dropped or added.
    fn from_str(text: &str) -> Result<Self, NotAStudyId> {
        form::read(text.trim()).ok_or_else(|| NotAStudyId(text.chars().take(40).collect()))
    }
}

impl fmt::Display for StudyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        form::write(self.register(), self.payload(), f)
    }
}

impl fmt::Debug for StudyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for StudyId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StudyId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
