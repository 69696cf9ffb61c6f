//! One thing that is known of a person, with where it stands.

use serde::{Deserialize, Serialize};

use crate::{PartialDate, ReferenceRange, Value};

/// One thing that is known of a person. Every fact says where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// What kind of record it is.
    pub kind: FactKind,
    /// What it is about.
    pub what: What,
    /// The value, for what has one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<Value>,
    /// The laboratory's range for this value.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub range: Option<ReferenceRange>,
    /// When it began, was measured or was done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub start: Option<PartialDate>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub end: Option<PartialDate>,
    /// Whether it is so now.
    pub status: FactStatus,
    /// How sure the record is.
    #[serde(default, skip_serializing_if = "Certainty::is_plain")]
    pub certainty: Certainty,
    /// Whether the record says that it is *not* so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub negated: bool,
    /// The relation, if it is about a family member: then it never counts as the person's own.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub family: Option<String>,
    /// Where in the body.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub site: Option<What>,
    /// How severe.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub severity: Option<What>,
    /// Its stage.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub stage: Option<What>,
    /// How it was measured or done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub method: Option<What>,
    /// Where it stands.
    pub source: Source,
    /// What is impossible about it. It is kept as it was; the part in question is unknown in evaluation.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub problems: Vec<Problem>,
}

/// What a fact is about: any of a variable of the catalogue, codes, a concept, and words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct What {
    /// Id of a variable of the catalogue (`hba1c`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variable: Option<String>,
    /// Codes, as recorded. Unknown systems are kept.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub codes: Vec<Coding>,
    /// MeSH ids of the concepts that the words name (`D003924`); several for a combination of drugs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub concepts: Vec<String>,
    /// The words, as recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A code of a vocabulary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Coding {
    /// The vocabulary, as recorded: `http://loinc.org`, `SNOMED`. Empty if it is not named.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// The code.
    pub code: String,
    /// What the vocabulary calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// What kind of record a fact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FactKind {
    /// A disease or problem.
    Condition,
    /// A measurement or finding.
    Observation,
    /// A drug that was taken or given.
    Drug,
    /// A drug that was ordered.
    DrugRequest,
    /// Something that was done.
    Procedure,
    /// An allergy or intolerance.
    Allergy,
    /// A vaccination.
    Immunization,
    /// Something that happened.
    Event,
    /// A state: smoker, pregnant.
    Status,
    /// A visit or stay.
    Encounter,
    /// A consent.
    Consent,
    /// Participation in a study.
    TrialParticipation,
}

/// Whether a fact is so now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FactStatus {
    /// It is so, or goes on.
    Current,
    /// It was so, and is over; or it was done.
    Past,
    /// It is to be: ordered, planned, in preparation.
    Planned,
    /// It was not done.
    NotDone,
    /// It was found not to be so.
    Refuted,
    /// The record is an error: it says nothing.
    EnteredInError,
    /// It was called off: that says nothing about the person.
    Cancelled,
    /// A result that is not final: it does not count yet.
    Preliminary,
    /// The record does not say.
    Unknown,
}

/// How sure a record is of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Certainty {
    /// It says so, and nothing about how sure it is.
    #[default]
    Plain,
    /// Confirmed.
    Confirmed,
    /// Provisional, a differential diagnosis, a preliminary result.
    Uncertain,
}

/// Where a fact stands, so that it can be shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// A FHIR resource.
    Resource {
        /// `Observation`.
        kind: String,
        /// Its id; empty if it has none.
        id: String,
        /// The element inside, if not the whole: `component[0]`.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        part: Option<String>,
    },
    /// A row of a table.
    Row {
        /// The table: `measurement`.
        table: String,
        /// Number of the row, from 1, without the head.
        row: u64,
        /// The column, if not the whole row.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        column: Option<String>,
    },
    /// A place in a JSON document: `phenotypicFeatures[2]`.
    Path(String),
    /// Characters of a text.
    Text {
        /// The first byte.
        start: usize,
        /// The byte behind the last.
        end: usize,
    },
}

/// What is impossible or unreadable about a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "problem")]
pub enum Problem {
    /// Outside of what a living person may have.
    #[serde(rename_all = "camelCase")]
    Implausible {
        /// The one other unit that would make it plausible: a suggestion, not applied.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        suggested_unit: Option<String>,
    },
    /// The unit measures something else than the variable.
    #[serde(rename_all = "camelCase")]
    OtherDimension {
        /// The unit as given.
        unit: String,
        /// The one unit that would make it plausible: a suggestion, not applied.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        suggested_unit: Option<String>,
    },
    /// The unit is not known.
    UnknownUnit {
        /// As given.
        unit: String,
    },
    /// A number without a unit where one is needed.
    NoUnit,
    /// A number that cannot be read or computed with.
    NotANumber {
        /// As given.
        text: String,
    },
    /// A date that the calendar does not have, or that is none.
    ImpossibleDate {
        /// The element: `onsetDateTime`.
        element: String,
        /// As given.
        text: String,
    },
    /// It ends before it begins.
    EndsBeforeStart,
    /// It begins before the person was born.
    BeforeBirth,
    /// A status that the source's format does not have.
    UnknownStatus {
        /// As given.
        text: String,
    },
}

impl Fact {
    /// A fact about something, with nothing else known but where it stands.
    pub fn new(kind: FactKind, what: What, status: FactStatus, source: Source) -> Self {
        Self {
            kind,
            what,
            value: None,
            range: None,
            start: None,
            end: None,
            status,
            certainty: Certainty::Plain,
            negated: false,
            family: None,
            site: None,
            severity: None,
            stage: None,
            method: None,
            source,
            problems: Vec::new(),
        }
    }

    /// Whether it may count at all: the person's own, and no error, refuted, cancelled or preliminary.
    pub fn counts(&self) -> bool {
        use FactStatus::*;
        self.family.is_none() && !matches!(self.status, EnteredInError | Refuted | Cancelled | Preliminary)
    }

    /// Whether it says that the person does not have something: negated, answered with no, not done, or refuted; and is
    /// their own.
    pub fn says_absent(&self) -> bool {
        self.family.is_none()
            && !matches!(
                self.status,
                FactStatus::EnteredInError | FactStatus::Cancelled | FactStatus::Preliminary
            )
            && (self.negated
                || self.value == Some(Value::Boolean(false))
                || matches!(self.status, FactStatus::Refuted | FactStatus::NotDone))
    }

    /// Whether the value can be used: no problem is about it.
    pub fn value_is_usable(&self) -> bool {
        !self.problems.iter().any(Problem::is_about_the_value)
    }

    /// What facts are put in order by.
    pub(crate) fn order(&self) -> impl Ord + '_ {
        let what = &self.what;
        (
            what.variable.as_deref(),
            self.kind,
            what.codes.first().map(|coding| (coding.system.as_str(), coding.code.as_str())),
            what.text.as_deref(),
            self.start,
        )
    }
}

impl What {
    /// Words alone.
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    /// What to call it: its words, else what a vocabulary calls it, else the variable, else a code.
    pub fn label(&self) -> &str {
        let display = || self.codes.iter().find_map(|coding| coding.display.as_deref());
        let code = || self.codes.first().map(|coding| coding.code.as_str());
        self.text.as_deref().or_else(display).or(self.variable.as_deref()).or_else(code).unwrap_or_default()
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.variable.is_none() && self.codes.is_empty() && self.text.is_none()
    }
}

impl Certainty {
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

impl Problem {
    /// Whether the value is in question, not a date or a status.
    pub fn is_about_the_value(&self) -> bool {
        use Problem::*;
        matches!(
            self,
            Implausible { .. } | OtherDimension { .. } | UnknownUnit { .. } | NoUnit | NotANumber { .. }
        )
    }
}

fn is_false(value: &bool) -> bool {
    !*value
}
