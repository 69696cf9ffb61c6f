//! What kind of sentence it is by its words: one that tells what is given, or of something else.

use std::ops::Range;

use super::{lexicon, text::Text};

/// Words of sentences that say what is given.
pub(super) const GIVING: [&str; 44] = [
    "receive",
    "receives",
    "received",
    "receiving",
    "given",
    "give",
    "administered",
    "administration",
    "administer",
    "inject",
    "injected",
    "injection",
    "injections",
    "infused",
    "infusion",
    "infusions",
    "dose",
    "doses",
    "dosage",
    "dosed",
    "treated",
    "take",
    "taken",
    "takes",
    "taking",
    "treatment",
    "treatments",
    "transplantation",
    "transplanted",
    "orally",
    "intravenously",
    "subcutaneously",
    "start",
    "started",
    "begin",
    "applied",
    "instilled",
    "vaccinated",
    "vaccination",
    "supplement",
    "supplementation",
    "initiated",
    "increased",
    "mg",
];

/// Words of sentences that say what is looked at.
pub(super) const LOOKING: [&str; 26] = [
    "follow",
    "followed",
    "followup",
    "visit",
    "visits",
    "assessed",
    "assessment",
    "assessments",
    "evaluated",
    "evaluation",
    "measured",
    "measure",
    "measurements",
    "monitored",
    "blood",
    "samples",
    "sampling",
    "questionnaire",
    "questionnaires",
    "examined",
    "collected",
    "screening",
    "mri",
    "scans",
    "outcome",
    "outcomes",
];

/// Words of sentences that say how a product is made or packed.
pub(super) const PRODUCT: [&str; 15] = [
    "supplied",
    "cryobag",
    "cryobags",
    "vial",
    "vials",
    "packaged",
    "formulated",
    "ampoule",
    "incubated",
    "seeded",
    "flask",
    "flasks",
    "confluence",
    "centrifuged",
    "centrifugation",
];

/// Words of running sentences that tell of other studies, or of what is usual.
pub(super) const PAST: [&str; 22] = [
    "previous",
    "previously",
    "shown",
    "showed",
    "animal",
    "animals",
    "mice",
    "rats",
    "literature",
    "been",
    "usually",
    "commonly",
    "typically",
    "generally",
    "traditionally",
    "recommended",
    "recommends",
    "recommendation",
    "recommendations",
    "preliminary",
    "studied",
    "studies",
];

/// Words that tell of what only some get, or what may come about.
pub(super) const OPTIONAL: [&str; 7] =
    ["may", "might", "could", "optional", "optionally", "option", "discretion"];

/// Words of sentences on what is given beside.
pub(super) const BESIDE: [&str; 3] = ["concomitant", "concomitantly", "premedication"];

/// Whether tokens say what is given.
pub fn gives(text: &Text<'_>, range: Range<usize>) -> bool {
    text.any(range, lexicon::GIVING)
}

/// Whether tokens say what is looked at.
pub fn looks(text: &Text<'_>, range: Range<usize>) -> bool {
    text.any(range, lexicon::LOOKING)
}

/// Whether a token says what is looked at.
pub fn looks_at(text: &Text<'_>, i: usize) -> bool {
    text.is_a(i, lexicon::LOOKING)
}

/// Whether a token says that people are looked at: `they are followed up monthly`, not `followed by X`.
pub fn watches(text: &Text<'_>, i: usize) -> bool {
    let people = i > 0 && text.is_any(i - 1, &["are", "were", "be", "and", "is"]);
    people && text.is_any(i, &["followed", "monitored", "evaluated"]) && !text.is(i + 1, "by")
}

/// Whether tokens say how a product is made or packed.
pub fn of_product(text: &Text<'_>, range: Range<usize>) -> bool {
    text.any(range, lexicon::PRODUCT)
}

/// Whether tokens tell of the time before the study: `received two doses prior to enrollment`.
pub fn of_history(text: &Text<'_>, mut range: Range<usize>) -> bool {
    const ENTRY: [&str; 9] = [
        "enrollment",
        "enrolment",
        "enrolling",
        "inclusion",
        "randomization",
        "randomisation",
        "entry",
        "screening",
        "participation",
    ];
    text.has(lexicon::BEFORE)
        && range.any(|i| {
            if !text.is_a(i, lexicon::BEFORE) {
                return false;
            }
            let before = text.is_phrase(i, "prior to").or_else(|| text.is_phrase(i, "before"));
            before.is_some_and(|at| text.has_any(at..at + 3, &ENTRY))
        })
}

/// Whether tokens tell of what others have seen: no plan.
pub fn of_past(text: &Text<'_>, mut range: Range<usize>) -> bool {
    if !text.any(range.clone(), lexicon::PAST) {
        return false;
    }
    // `once they have been randomised, they will receive`
    let plans = text.has_any(range.clone(), &["will", "receive", "receives"]);
    range.any(|i| text.is_a(i, lexicon::PAST) && !(plans && text.is(i, "been")))
}

/// The tokens before those that tell of what only some get: `weekly for 4 weeks and may continue daily`.
pub fn for_all(text: &Text<'_>, range: Range<usize>) -> Range<usize> {
    let sentence = text.sentence(range.start).start..range.end;
    if !text.any(sentence.clone(), lexicon::OPTIONAL) {
        return range;
    }
    let end = sentence.into_iter().find(|i| text.is_a(*i, lexicon::OPTIONAL)).unwrap_or(range.end);
    range.start..end.max(range.start)
}

/// Whether tokens tell of what is given beside, which has times of its own.
pub fn beside(text: &Text<'_>, range: Range<usize>) -> bool {
    text.any(range, lexicon::BESIDE)
}
