//! A person about whom something is known: who they are, and the facts with their sources.

use serde::{Deserialize, Serialize};

use crate::{Birth, Fact, PartialDate, Problem, Source};

/// A person, as far as the records tell. What they do not tell is unknown, never guessed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Subject {
    /// The person's id in the source; not a name.
    pub id: String,
    /// The sex, for clinical purposes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// When they were born.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<Birth>,
    /// That they have died.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub death: Option<Death>,
    /// Times in which the source has recorded whatever happened (OMOP observation periods): what it does not have
    /// there did not happen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub observed: Vec<Period>,
    /// What is known, in the order of variable, concept and time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<Fact>,
    /// What is impossible about sex, birth and death; the values are kept, and unknown in evaluation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// The sex, for clinical purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
    /// Stated as neither.
    Other,
}

/// A person's death.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Death {
    /// When, if it is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<PartialDate>,
    /// Where it stands.
    pub source: Source,
}

/// From a date to a date, both included; without an end it goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Period {
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
}

impl Subject {
    /// Puts the facts in order: by variable, first code, text and time; those alike in the order they were read.
    pub fn sort(&mut self) {
        self.facts.sort_by(|a, b| a.order().cmp(&b.order()));
    }

    /// The facts about a variable of the catalogue, when the facts are in order.
    pub fn about(&self, variable: &str) -> &[Fact] {
        fn name(fact: &Fact) -> &str {
            fact.what.variable.as_deref().unwrap_or_default()
        }
        let first = self.facts.partition_point(|fact| name(fact) < variable);
        let count = self.facts[first..].partition_point(|fact| name(fact) == variable);
        &self.facts[first..first + count]
    }
}
