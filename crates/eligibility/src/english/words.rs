//! The words of canonical English: each table is read by the printer and by the parser.

use crate::tree::{Kind, Reason, Relation};

/// A unit, and its words for one and for many.
pub(super) struct UnitWords {
    pub ucum: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    /// Other spellings that are read.
    pub also: &'static [&'static str],
}

/// The units that have words; all others stand as UCUM writes them.
pub(super) const UNITS: &[UnitWords] = &[
    UnitWords { ucum: "a", one: "year", many: "years", also: &["yr", "yrs"] },
    UnitWords { ucum: "mo", one: "month", many: "months", also: &[] },
    UnitWords { ucum: "wk", one: "week", many: "weeks", also: &[] },
    UnitWords { ucum: "d", one: "day", many: "days", also: &[] },
    UnitWords { ucum: "h", one: "hour", many: "hours", also: &[] },
    UnitWords { ucum: "min", one: "minute", many: "minutes", also: &[] },
    UnitWords { ucum: "{half-life}", one: "half-life", many: "half-lives", also: &[] },
    UnitWords { ucum: "{score}", one: "point", many: "points", also: &[] },
    UnitWords { ucum: "{SD}", one: "SD", many: "SD", also: &[] },
    UnitWords { ucum: "mm[Hg]", one: "mmHg", many: "mmHg", also: &[] },
];

/// The multiples of the limits of normal.
pub(super) const LIMITS: &[(&str, &str)] = &[("{ULN}", "x ULN"), ("{LLN}", "x LLN")];

/// Words that can follow a number without a unit, so that none of them is a bare unit.
pub(super) const AFTER_NUMBER: &[&str] = &[
    "and", "or", "to", "of", "in", "at", "with", "since", "before", "during", "after", "current", "ever",
    "future", "x",
];

/// What stands before the name of a concept, by kind.
pub(super) const KINDS: &[(Kind, &str)] = &[
    (Kind::Condition, "condition of"),
    (Kind::Finding, "finding of"),
    (Kind::Status, "status of"),
    (Kind::Event, "event of"),
    (Kind::Procedure, "procedure of"),
    (Kind::DrugClass, "use of any"),
    (Kind::Drug, "use of"),
    (Kind::Treatment, "treatment with"),
    (Kind::Allergy, "allergy to"),
    (Kind::Need, "need of"),
];

/// Kinds whose words are left out where the concept is of that kind anyway.
pub(super) fn is_bare(kind: Kind) -> bool {
    matches!(kind, Kind::Condition | Kind::Finding | Kind::Status | Kind::Event | Kind::Procedure)
}

/// What stands before a fact that is told without a window and an anchor.
pub(super) const TIMES: &[(Relation, &str)] =
    &[(Relation::Current, "current"), (Relation::Ever, "history of"), (Relation::Future, "planned")];

/// Why a person must decide.
pub(super) const REASONS: &[(Reason, &str)] = &[
    (Reason::InvestigatorJudgement, "investigator's judgement"),
    (Reason::ClinicalJudgement, "clinical judgement"),
    (Reason::Subjective, "subjective"),
    (Reason::Consent, "consent"),
    (Reason::OpenList, "open list"),
    (Reason::NotInRecord, "not in the record"),
];

/// A key of a fact whose usual values are said without the key.
pub(super) struct Quality {
    pub key: &'static str,
    /// The values of the notation, and their English.
    pub values: &'static [(&'static str, &'static str)],
}

/// In the order in which they are printed; the places of [`super::print`] and [`super::suffix`] follow it.
pub(super) const QUALITIES: &[Quality] = &[
    Quality {
        key: "severity",
        values: &[
            ("severe", "severe"),
            ("moderate", "moderate"),
            ("mild", "mild"),
            ("advanced", "advanced"),
            ("extensive", "extensive"),
        ],
    },
    Quality {
        key: "control",
        values: &[
            ("uncontrolled", "uncontrolled"),
            ("uncorrected", "uncorrected"),
            ("poorly_controlled", "poorly controlled"),
            ("controlled", "controlled"),
            ("unstable", "unstable"),
        ],
    },
    Quality {
        key: "course",
        values: &[
            ("chronic", "chronic"),
            ("acute", "acute"),
            ("recurrent", "recurrent"),
            ("symptomatic", "symptomatic"),
        ],
    },
    Quality { key: "certainty", values: &[("known", "known"), ("suspected", "suspected")] },
    Quality { key: "significance", values: &[("clinically_significant", "clinically significant")] },
];

/// A phrase that ends a name, if it stands at a word's beginning.
pub(super) const STOPS: &[&str] = &[
    "and",
    "or",
    "in the",
    "in less than",
    "before",
    "during",
    "after",
    "current",
    "ever",
    "future",
    "above",
    "more than",
    "below",
    "less than",
    "at least",
    "at most",
    "exactly",
    "of any value",
    "is",
    "decrease of",
    "increase of",
    "absolute decrease of",
    "absolute increase of",
    "percent decrease of",
    "percent increase of",
    "outside",
];
