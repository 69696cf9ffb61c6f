//! Lines that label what stands below them: `Age:`, `Hepatic:`, `Allowed:`, `Excluded within 30 days of study entry:`.
//!
//! The records of the National Cancer Institute and of the AIDS Clinical Trials Group are written under such labels.
//! A label is no criterion; some say how what stands below them is meant.

use vocabulary::variable::Variable;

use super::leaf::is_numeric;
use super::lexicon::{Phrase, exactly};

/// What a label says of the lines below it.
#[derive(Clone, Copy, Debug)]
pub enum Label {
    /// Nothing.
    Plain,
    /// They are permitted, and ask for nothing.
    Allowed,
    /// They must hold.
    Required,
    /// They must not hold.
    Excluded,
    /// Values without a name are of this variable.
    About(&'static Variable),
    /// One or more of them must hold.
    AnyOf,
}

/// Labels that are neither criteria nor names of what could be asked for where they stand by themselves.
const PLAIN: &[&str] = &[
    "allowed and excluded",
    "biologic therapy",
    "biological therapy",
    "cardiac",
    "cardiovascular",
    "chemotherapy",
    "co-existing condition",
    "co-existing conditions",
    "concurrent medication",
    "concurrent medications",
    "concurrent therapy",
    "concurrent treatment",
    "criteria",
    "demographics",
    "endocrine",
    "endocrine therapy",
    "fertility",
    "following",
    "following criteria",
    "gastrointestinal",
    "general",
    "hematologic",
    "hematologic function",
    "hematological",
    "hematology",
    "hematopoietic",
    "hepatic",
    "hepatic function",
    "hepatobiliary",
    "hormone receptor status",
    "immunologic",
    "laboratory",
    "laboratory values",
    "medical",
    "menopausal status",
    "metabolic",
    "neurologic",
    "neurological",
    "note",
    "other",
    "other criteria",
    "performance status",
    "prior medication",
    "prior medications",
    "prior or concurrent therapy",
    "prior therapy",
    "prior treatment",
    "prior/concurrent therapy",
    "pulmonary",
    "radiation therapy",
    "radiotherapy",
    "renal",
    "renal function",
    "respiratory",
    "risk behavior",
    "sex",
    "surgery",
    "the following",
    "the following criteria",
];

/// A label between dashes is no longer than this.
const LONGEST_FRAMED: usize = 60;

/// Names of treatments among the labels.
const TREATMENTS: &[&str] = &[
    "biologic therapy",
    "biological therapy",
    "chemotherapy",
    "endocrine therapy",
    "radiation therapy",
    "radiotherapy",
    "surgery",
];

/// Whether a line is nothing but the name of a treatment, without a colon behind it.
pub fn is_treatment(line: &str) -> bool {
    let plain = line.trim_matches(|c: char| !c.is_alphanumeric());
    let colon = line.trim_end_matches(['*', '_', ' ']).ends_with(':');
    !colon && TREATMENTS.iter().any(|treatment| plain.eq_ignore_ascii_case(treatment))
}

/// Whether a line begins with those who take part, or speaks of a duty: it is no member of a list of treatments.
pub fn is_of_people(line: &str) -> bool {
    const PEOPLE: [&str; 9] = [
        "patient",
        "patients",
        "subject",
        "subjects",
        "participant",
        "participants",
        "children",
        "women",
        "men",
    ];
    const DUTIES: [&str; 3] = ["must", "required", "consent"];
    let is = |word: &str, known: &[&str]| known.iter().any(|known| word.eq_ignore_ascii_case(known));
    let mut words = line.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).enumerate();
    words.any(|(at, word)| at < 3 && is(word, &PEOPLE) || is(word, &DUTIES))
}

/// What a line without a bullet labels; `None` if it is no label. One without a colon counts only where the line
/// is nothing but a known label.
pub fn label(line: &str) -> Option<Label> {
    let plain = line.trim_matches(|c: char| !c.is_alphanumeric());
    if plain.is_empty() || plain.len() > 110 {
        return None;
    }
    // `--Patient Characteristics--`, as the records of the National Cancer Institute had them.
    if line.starts_with("--") && line.ends_with("--") && plain.len() <= LONGEST_FRAMED {
        return Some(about(plain).unwrap_or(Label::Plain));
    }
    let colon = line.trim_end_matches(['*', '_', ' ']).ends_with(':');
    // Of lines without a colon only those of two words are labels.
    if !colon && plain.bytes().filter(|b| *b == b' ').nth(1).is_some() {
        return None;
    }
    let lower = plain.to_lowercase();
    if PLAIN.contains(&lower.as_str()) && (colon || lower.split(' ').count() <= 2) {
        return Some(about(plain).unwrap_or(Label::Plain));
    }
    if !colon {
        return None;
    }
    if lower.starts_with("per amendment") {
        return Some(Label::Plain);
    }
    // `Prior medication: excluded:`
    let said =
        lower.rsplit_once(": ").filter(|(head, _)| PLAIN.contains(head)).map_or(&*lower, |(_, said)| said);
    let words = said.split_whitespace().count();
    if matches!(said, "allowed" | "permitted" | "recommended" | "acceptable" | "allowed but not recommended")
        || said.starts_with("allowed ") && words <= 6
        || said.ends_with("may be included") && words <= 12
    {
        return Some(Label::Allowed);
    }
    if words <= 12 && (said.starts_with("excluded") || said.contains(" may not have")) {
        return Some(Label::Excluded);
    }
    let must =
        ["must have", "must", "must be", "must have the following", "must meet the following criteria"];
    if said == "required" || words <= 8 && must.iter().any(|m| said.ends_with(m)) {
        return Some(Label::Required);
    }
    let any = ["at least one of the following", "any of the following", "one or more of the following"];
    let one = ["one of the following", "either of the following", "any one of the following"];
    if words <= 14 && any.iter().chain(&one).any(|cue| said.ends_with(cue)) {
        return Some(Label::AnyOf);
    }
    about(plain)
}

/// The variable of numbers that a label names.
fn about(plain: &str) -> Option<Label> {
    match exactly(plain)? {
        Phrase::Var(variable) if is_numeric(variable) => Some(Label::About(variable)),
        _ => None,
    }
}
