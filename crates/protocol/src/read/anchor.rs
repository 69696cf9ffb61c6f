//! What times are counted from.

use super::{lexicon, text::Text};

/// What a time is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The person joins.
    Enrollment,
    /// The first measurement.
    Baseline,
    /// The arm is assigned.
    Randomization,
    /// The first administration.
    FirstDose,
    /// The last administration.
    LastDose,
    /// An administration, without saying which.
    Treatment,
    /// An operation.
    Surgery,
    /// Birth or delivery.
    Birth,
    /// Leaving the hospital.
    Discharge,
}

impl Anchor {
    /// `enrollment`, `first_dose` ...
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enrollment => "enrollment",
            Self::Baseline => "baseline",
            Self::Randomization => "randomization",
            Self::FirstDose => "first_dose",
            Self::LastDose => "last_dose",
            Self::Treatment => "treatment",
            Self::Surgery => "surgery",
            Self::Birth => "birth",
            Self::Discharge => "discharge",
        }
    }
}

const ANCHORS: [(Anchor, &[&str]); 9] = [
    (
        Anchor::FirstDose,
        &[
            "first dose",
            "first infusion",
            "first injection",
            "first administration",
            "first treatment",
            "initial treatment",
            "initial cell treatment",
            "initial dose",
            "first cell",
            "start of treatment",
            "initiation of treatment",
            "treatment initiation",
            "treatment start",
            "starting treatment",
            "starting",
            "initiation",
        ],
    ),
    (
        Anchor::LastDose,
        &[
            "last dose",
            "last infusion",
            "last injection",
            "last administration",
            "final dose",
            "end of treatment",
            "end of therapy",
            "completion of treatment",
            "last treatment",
            "treatment discontinuation",
        ],
    ),
    (Anchor::Enrollment, &["enrollment", "enrolment", "inclusion", "recruitment", "entry", "study entry"]),
    (Anchor::Baseline, &["baseline"]),
    (Anchor::Randomization, &["randomization", "randomisation", "allocation"]),
    (Anchor::Surgery, &["surgery", "operation", "operative", "operatively", "op", "surgical"]),
    (Anchor::Birth, &["birth", "delivery", "partum"]),
    (Anchor::Discharge, &["discharge"]),
    (
        Anchor::Treatment,
        &[
            "treatment",
            "therapy",
            "injection",
            "infusion",
            "transplantation",
            "transplant",
            "administration",
            "dose",
            "dosing",
            "implantation",
            "intervention",
            "application",
            "vaccination",
            "procedure",
        ],
    ),
];

/// All phrases.
pub(super) fn phrases() -> impl Iterator<Item = &'static str> {
    ANCHORS.iter().flat_map(|(_, phrases)| phrases.iter().copied())
}

/// What a time is counted from: said behind it (`48 weeks after treatment`) or before it (`From enrollment to`).
pub fn of(text: &Text<'_>, from: usize, to: usize) -> Option<Anchor> {
    if let Some(anchor) = text.word(to).to_ascii_lowercase().strip_prefix("post").and_then(|rest| {
        let glued = ANCHORS.iter().find(|(_, p)| p.contains(&rest)).map(|a| a.0);
        glued.or_else(|| behind(text, to + 1, 3))
    }) {
        return Some(anchor);
    }
    let said = (to..to + 3).find(|i| text.is_any(*i, &["after", "post", "from", "following", "since"]));
    if let Some(i) = said.filter(|i| text.together(to.saturating_sub(1), *i)) {
        return behind(text, i + 1, 6);
    }
    let back = from.saturating_sub(8)..from;
    let start = back.rev().find(|i| text.is_any(*i, &["from", "since"]) && text.together(*i, from))?;
    behind(text, start + 1, from - start)
}

fn behind(text: &Text<'_>, i: usize, within: usize) -> Option<Anchor> {
    (i..i + within).filter(|at| text.is_a(*at, lexicon::ANCHOR)).find_map(|at| {
        let named =
            ANCHORS.iter().find(|(_, phrases)| phrases.iter().any(|p| text.is_phrase(at, p).is_some()));
        named.map(|a| a.0)
    })
}
