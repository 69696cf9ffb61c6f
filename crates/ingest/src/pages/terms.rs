//! The words that the sites print for the registry's values.

use model::enums::EnumType;

/// What sites print where the registry's own table has no such label: enumeration, printed (lower case), value.
const PRINTED: &[(&str, &str, &str)] = &[
    ("Status", "enrolling", "RECRUITING"),
    ("Status", "not yet enrolling", "NOT_YET_RECRUITING"),
    ("Status", "invitation-only", "ENROLLING_BY_INVITATION"),
    ("Status", "invitation only", "ENROLLING_BY_INVITATION"),
    ("Status", "active, not enrolling", "ACTIVE_NOT_RECRUITING"),
    ("Status", "active not recruiting", "ACTIVE_NOT_RECRUITING"),
    ("Status", "unknown", "UNKNOWN"),
    ("Phase", "n/a", "NA"),
    ("Phase", "phase 0", "EARLY_PHASE1"),
    ("InterventionalAssignment", "single group", "SINGLE_GROUP"),
    ("InterventionalAssignment", "parallel", "PARALLEL"),
    ("InterventionalAssignment", "crossover", "CROSSOVER"),
    ("InterventionalAssignment", "factorial", "FACTORIAL"),
    ("InterventionalAssignment", "sequential", "SEQUENTIAL"),
    ("DesignMasking", "open", "NONE"),
    ("DesignMasking", "open label", "NONE"),
    ("DesignMasking", "none", "NONE"),
    ("DesignAllocation", "nonrandomized", "NON_RANDOMIZED"),
    ("DesignAllocation", "non randomized", "NON_RANDOMIZED"),
    ("WhoMasked", "subject", "PARTICIPANT"),
    ("WhoMasked", "caregiver", "CARE_PROVIDER"),
    ("WhoMasked", "care provider", "CARE_PROVIDER"),
    ("WhoMasked", "outcomes assessor", "OUTCOMES_ASSESSOR"),
    ("Sex", "both", "ALL"),
    ("StudyType", "observational [patient registry]", "OBSERVATIONAL"),
];

/// The wire value of what a site prints for this enumeration.
pub(super) fn value(values: &EnumType, printed: &str) -> Option<&'static str> {
    let printed = printed.trim();
    if let Some(found) = values.find(printed) {
        return Some(found.value);
    }
    let lower = printed.to_lowercase();
    let lower = match values.name {
        // `Quadruple Blind`, `Double (Participant, Investigator)`, `None (Open label)`
        "DesignMasking" => lower.split('(').next().unwrap_or_default().trim().trim_end_matches(" blind"),
        _ => &lower,
    };
    let known = PRINTED.iter().find(|(name, text, _)| *name == values.name && *text == lower);
    known.map(|k| k.2).or_else(|| Some(values.find(lower)?.value))
}

/// The wire value by the enumeration's name.
pub(super) fn by_name(name: &str, printed: &str) -> Option<&'static str> {
    value(model::enums::by_name(name)?, printed)
}

/// The phases of `Phase 1/Phase 2`, `Phase 1 / Phase 2`, `Phase 2`, `N/A`, lowest first; `None` if it is no phase.
pub(super) fn phases(printed: &str) -> Option<Vec<&'static str>> {
    if let Some(one) = by_name("Phase", printed) {
        return Some(vec![one]);
    }
    printed.split(['/', '|', ',']).map(|part| by_name("Phase", part)).collect()
}

/// Where a phase stands in the registry's order.
pub(super) fn phase_rank(value: &str) -> usize {
    let known = model::enums::by_name("Phase").map(|t| t.values.iter().position(|v| v.value == value));
    known.flatten().unwrap_or(usize::MAX)
}

/// A whole number as people print it (`1,200`).
pub(super) fn count(printed: &str) -> Option<u64> {
    let digits: String = printed.trim().chars().filter(|c| *c != ',').collect();
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Type and name of `Biological: HUC-MSCs`; `None` if the type is not the registry's.
pub(super) fn intervention(printed: &str) -> Option<(&'static str, &str)> {
    let (kind, name) = printed.split_once(": ")?;
    Some((by_name("InterventionType", kind)?, name.trim()))
}

/// Whether a text speaks of an inactive control.
pub(super) fn says_placebo(text: &str) -> bool {
    const WORDS: [&str; 7] = ["placebo", "saline", "sham", "vehicle", "dummy", "inactive", "sugar pill"];
    let text = text.to_lowercase();
    WORDS.iter().any(|w| text.contains(w))
}
