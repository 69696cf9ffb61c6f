//! What the statuses of FHIR R4 resources say about a fact; one function a resource, one line a value.

use model::{Certainty, Fact, FactStatus, Problem};

use super::shape::Concept;

/// Sets the status of a fact by a table; a value that the table does not have is flagged.
pub(super) fn set(fact: &mut Fact, status: Option<&str>, table: fn(&str) -> Option<FactStatus>) {
    let Some(text) = status else { return };
    match table(text) {
        Some(status) => {
            fact.status = status;
            fact.negated |= status == FactStatus::NotDone;
        }
        None => fact.problems.push(Problem::UnknownStatus { text: text.chars().take(40).collect() }),
    }
}

/// `clinicalStatus` of Condition and AllergyIntolerance.
pub(super) fn clinical(status: &str) -> Option<FactStatus> {
    Some(match status {
        "active" | "recurrence" | "relapse" => FactStatus::Current,
        "inactive" | "remission" | "resolved" => FactStatus::Past,
        "unknown" => FactStatus::Unknown,
        _ => return None,
    })
}

/// `verificationStatus` of Condition and AllergyIntolerance: goes before the clinical one.
pub(super) fn verify(fact: &mut Fact, verification: Option<&Concept>) {
    match verification.and_then(Concept::code) {
        None => {}
        Some("confirmed") => fact.certainty = Certainty::Confirmed,
        Some("unconfirmed" | "provisional" | "differential" | "presumed") => {
            fact.certainty = Certainty::Uncertain;
        }
        Some("refuted") => (fact.status, fact.negated) = (FactStatus::Refuted, true),
        Some("entered-in-error") => fact.status = FactStatus::EnteredInError,
        Some(other) => {
            fact.problems.push(Problem::UnknownStatus { text: other.chars().take(40).collect() });
        }
    }
}

/// Observation: only final results count.
pub(super) fn observation(status: &str) -> Option<FactStatus> {
    Some(match status {
        "final" | "amended" | "corrected" => FactStatus::Current,
        "registered" | "preliminary" => FactStatus::Preliminary,
        "cancelled" => FactStatus::Cancelled,
        "entered-in-error" => FactStatus::EnteredInError,
        "unknown" => FactStatus::Unknown,
        _ => return None,
    })
}

/// MedicationRequest, MedicationStatement and MedicationAdministration.
pub(super) fn medication(status: &str) -> Option<FactStatus> {
    Some(match status {
        "active" | "in-progress" => FactStatus::Current,
        "completed" | "stopped" => FactStatus::Past,
        "draft" | "intended" => FactStatus::Planned,
        "not-taken" | "not-done" => FactStatus::NotDone,
        "cancelled" => FactStatus::Cancelled,
        "entered-in-error" => FactStatus::EnteredInError,
        "on-hold" | "unknown" => FactStatus::Unknown,
        _ => return None,
    })
}

/// Procedure and Immunization.
pub(super) fn procedure(status: &str) -> Option<FactStatus> {
    Some(match status {
        "completed" => FactStatus::Past,
        "in-progress" => FactStatus::Current,
        "preparation" => FactStatus::Planned,
        "not-done" => FactStatus::NotDone,
        "entered-in-error" => FactStatus::EnteredInError,
        "on-hold" | "stopped" | "unknown" => FactStatus::Unknown,
        _ => return None,
    })
}

/// Encounter.
pub(super) fn encounter(status: &str) -> Option<FactStatus> {
    Some(match status {
        "planned" => FactStatus::Planned,
        "arrived" | "triaged" | "in-progress" | "onleave" => FactStatus::Current,
        "finished" => FactStatus::Past,
        "cancelled" => FactStatus::Cancelled,
        "entered-in-error" => FactStatus::EnteredInError,
        "unknown" => FactStatus::Unknown,
        _ => return None,
    })
}

/// FamilyMemberHistory.
pub(super) fn family(status: &str) -> Option<FactStatus> {
    Some(match status {
        "partial" | "completed" | "health-unknown" => FactStatus::Unknown,
        "entered-in-error" => FactStatus::EnteredInError,
        _ => return None,
    })
}

/// Consent.
pub(super) fn consent(status: &str) -> Option<FactStatus> {
    Some(match status {
        "active" => FactStatus::Current,
        "draft" | "proposed" => FactStatus::Planned,
        "rejected" => FactStatus::NotDone,
        "inactive" => FactStatus::Past,
        "entered-in-error" => FactStatus::EnteredInError,
        _ => return None,
    })
}

/// ResearchSubject.
pub(super) fn research(status: &str) -> Option<FactStatus> {
    Some(match status {
        "on-study" | "on-study-intervention" | "on-study-observation" | "follow-up" => FactStatus::Current,
        "off-study" | "withdrawn" => FactStatus::Past,
        "candidate" | "eligible" | "pending-on-study" | "potential-candidate" | "screening" => {
            FactStatus::Planned
        }
        "ineligible" | "not-registered" => FactStatus::NotDone,
        _ => return None,
    })
}
