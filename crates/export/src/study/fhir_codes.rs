//! The registry's statuses and phases, and those of FHIR that they mean.

/// Statuses of R4's ResearchStudy and those of the registry that they mean.
pub const STATUSES: [(&str, &[&str]); 8] = [
    ("active", &["RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"]),
    ("approved", &["NOT_YET_RECRUITING", "APPROVED_FOR_MARKETING"]),
    ("closed-to-accrual", &["ACTIVE_NOT_RECRUITING", "NO_LONGER_AVAILABLE"]),
    ("closed-to-accrual-and-intervention", &["ACTIVE_NOT_RECRUITING"]),
    ("temporarily-closed-to-accrual", &["SUSPENDED", "TEMPORARILY_NOT_AVAILABLE"]),
    ("completed", &["COMPLETED"]),
    ("administratively-completed", &["TERMINATED"]),
    ("withdrawn", &["WITHDRAWN"]),
];

/// Phases of FHIR and those of the registry that they mean.
pub const PHASES: [(&str, &[&str]); 8] = [
    ("early-phase-1", &["EARLY_PHASE1"]),
    ("phase-1", &["PHASE1"]),
    ("phase-1-phase-2", &["PHASE1", "PHASE2"]),
    ("phase-2", &["PHASE2"]),
    ("phase-2-phase-3", &["PHASE2", "PHASE3"]),
    ("phase-3", &["PHASE3"]),
    ("phase-4", &["PHASE4"]),
    ("n-a", &["NA"]),
];

/// The status of R4's ResearchStudy for one of the registry's, if there is one.
pub fn status(wire: &str) -> Option<&'static str> {
    STATUSES.iter().find(|(_, wires)| wires.contains(&wire)).map(|(code, _)| *code)
}

/// FHIR's phase for the registry's, which may be two.
pub fn phase(wires: &[&str]) -> Option<&'static str> {
    PHASES.iter().find(|(_, phases)| *phases == wires).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_fhir() {
        assert_eq!(status("TERMINATED"), Some("administratively-completed"));
        assert_eq!(phase(&["PHASE1", "PHASE2"]), Some("phase-1-phase-2"));
        assert_eq!(phase(&[]), None);
    }
}
