//! The parts of FHIR resources that we read; all else is passed over.

use serde::Deserialize;

use super::super::number::Number;

/// A code with its words; as older versions and careless writers have it, also a bare string.
#[derive(Clone, Debug, Default)]
pub(in crate::people) struct Concept {
    pub coding: Vec<Coding>,
    pub text: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::people) struct Coding {
    pub system: Option<String>,
    pub code: Option<String>,
    pub display: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ConceptForm {
    Bare(String),
    Full {
        #[serde(default)]
        coding: Vec<Coding>,
        text: Option<String>,
    },
}

impl<'de> Deserialize<'de> for Concept {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match ConceptForm::deserialize(deserializer)? {
            ConceptForm::Bare(code) => {
                Self { coding: vec![Coding { code: Some(code), ..Coding::default() }], text: None }
            }
            ConceptForm::Full { coding, text } => Self { coding, text },
        })
    }
}

impl Concept {
    /// The code, where a concept is a status.
    pub fn code(&self) -> Option<&str> {
        self.coding.iter().find_map(|coding| coding.code.as_deref()).or(self.text.as_deref())
    }

    pub fn has_code(&self, code: &str) -> bool {
        self.coding.iter().any(|coding| coding.code.as_deref() == Some(code))
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_none()
            && self.coding.iter().all(|coding| coding.code.is_none() && coding.display.is_none())
    }
}

/// One, or several of which the first counts: elements that are a list in some resources or versions.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

impl<T> OneOrMany<T> {
    pub fn into_first(self) -> Option<T> {
        match self {
            Self::Many(all) => all.into_iter().next(),
            Self::One(one) => Some(one),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Quantity {
    pub value: Option<Number>,
    pub comparator: Option<String>,
    pub unit: Option<String>,
    pub code: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Span {
    pub start: Option<String>,
    pub end: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Range {
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ratio {
    pub numerator: Option<Quantity>,
    pub denominator: Option<Quantity>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Reference {
    pub reference: Option<String>,
    pub display: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Patient {
    pub id: Option<String>,
    pub gender: Option<String>,
    pub birth_date: Option<String>,
    pub deceased_boolean: Option<bool>,
    pub deceased_date_time: Option<String>,
    pub extension: Vec<Extension>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Extension {
    pub url: Option<String>,
    pub value_code: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Condition {
    pub id: Option<String>,
    pub clinical_status: Option<Concept>,
    pub verification_status: Option<Concept>,
    pub severity: Option<Concept>,
    pub code: Option<Concept>,
    pub body_site: Option<OneOrMany<Concept>>,
    pub subject: Option<Reference>,
    pub patient: Option<Reference>,
    pub onset_date_time: Option<String>,
    pub onset_period: Option<Span>,
    pub onset_age: Option<Quantity>,
    pub onset_string: Option<String>,
    pub abatement_date_time: Option<String>,
    pub abatement_period: Option<Span>,
    pub abatement_boolean: Option<bool>,
    pub abatement_string: Option<String>,
    pub abatement_age: Option<Quantity>,
    pub recorded_date: Option<String>,
    pub stage: Option<OneOrMany<Stage>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Stage {
    pub summary: Option<Concept>,
}

/// An observation; a component of one has the same elements but for status and time.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Observation {
    pub id: Option<String>,
    pub status: Option<String>,
    pub code: Option<Concept>,
    pub subject: Option<Reference>,
    pub effective_date_time: Option<String>,
    pub effective_instant: Option<String>,
    pub effective_period: Option<Span>,
    pub body_site: Option<Concept>,
    pub method: Option<Concept>,
    pub component: Vec<Observation>,
    pub value_quantity: Option<Quantity>,
    pub value_codeable_concept: Option<Concept>,
    pub value_string: Option<String>,
    pub value_boolean: Option<bool>,
    pub value_integer: Option<Number>,
    pub value_range: Option<Range>,
    pub value_ratio: Option<Ratio>,
    pub value_date_time: Option<String>,
    pub reference_range: Vec<ReferenceRange>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ReferenceRange {
    pub low: Option<Quantity>,
    pub high: Option<Quantity>,
    #[serde(rename = "type")]
    pub kind: Option<Concept>,
    pub applies_to: Vec<Concept>,
}

/// MedicationRequest, MedicationStatement and MedicationAdministration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Medication {
    pub id: Option<String>,
    pub status: Option<String>,
    pub intent: Option<String>,
    pub do_not_perform: Option<bool>,
    pub medication_codeable_concept: Option<Concept>,
    pub medication_reference: Option<Reference>,
    pub contained: Vec<Contained>,
    pub subject: Option<Reference>,
    pub authored_on: Option<String>,
    pub effective_date_time: Option<String>,
    pub effective_period: Option<Span>,
    pub dispense_request: Option<Dispense>,
    pub dosage_instruction: Vec<Dosage>,
    /// A list in a statement, one in an administration.
    pub dosage: Option<OneOrMany<Dosage>>,
}

/// A medication resource, inside another one or of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Contained {
    pub id: Option<String>,
    pub code: Option<Concept>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Dispense {
    pub validity_period: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Dosage {
    pub as_needed_boolean: Option<bool>,
    pub timing: Option<Timing>,
    pub dose_and_rate: Vec<DoseAndRate>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct DoseAndRate {
    pub dose_quantity: Option<Quantity>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Timing {
    pub repeat: Option<Repeat>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Repeat {
    pub frequency: Option<Number>,
    pub period: Option<Number>,
    pub period_unit: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Procedure {
    pub id: Option<String>,
    pub status: Option<String>,
    pub code: Option<Concept>,
    pub subject: Option<Reference>,
    pub performed_date_time: Option<String>,
    pub performed_period: Option<Span>,
    pub body_site: Option<OneOrMany<Concept>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Allergy {
    pub id: Option<String>,
    pub clinical_status: Option<Concept>,
    pub verification_status: Option<Concept>,
    pub code: Option<Concept>,
    pub patient: Option<Reference>,
    pub criticality: Option<String>,
    pub onset_date_time: Option<String>,
    pub onset_period: Option<Span>,
    pub recorded_date: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Immunization {
    pub id: Option<String>,
    pub status: Option<String>,
    pub vaccine_code: Option<Concept>,
    pub patient: Option<Reference>,
    pub occurrence_date_time: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Encounter {
    pub id: Option<String>,
    pub status: Option<String>,
    pub class: Option<Coding>,
    #[serde(rename = "type")]
    pub kind: Vec<Concept>,
    pub subject: Option<Reference>,
    pub period: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FamilyHistory {
    pub id: Option<String>,
    pub status: Option<String>,
    pub patient: Option<Reference>,
    pub relationship: Option<Concept>,
    pub condition: Vec<FamilyCondition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct FamilyCondition {
    pub code: Option<Concept>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Consent {
    pub id: Option<String>,
    pub status: Option<String>,
    pub scope: Option<Concept>,
    pub category: Vec<Concept>,
    pub patient: Option<Reference>,
    pub date_time: Option<String>,
    pub provision: Option<Provision>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Provision {
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub period: Option<Span>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResearchSubject {
    pub id: Option<String>,
    pub status: Option<String>,
    pub period: Option<Span>,
    pub study: Option<Reference>,
    pub individual: Option<Reference>,
    pub subject: Option<Reference>,
}
