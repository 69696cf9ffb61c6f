//! What an intervention is by its words: a placebo, a sham, standard care, nothing, or something that acts.

use crate::{
    read::{Text, lexicon, phrases, text::Kind},
    record::InterventionWords,
};

/// What an intervention is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Looks like a drug and does nothing.
    Placebo,
    /// Looks like a procedure and does nothing.
    Sham,
    /// What everybody with the disease gets.
    Standard,
    /// Nothing is done.
    Nothing,
    /// Something that acts.
    Active,
    /// `Control`, `Group B`: a name that does not tell.
    Unnamed,
}

impl Content {
    /// What an intervention is, by its name, else by its other names, else by its description.
    pub fn of(intervention: &InterventionWords<'_>) -> Self {
        of(intervention)
    }
}

/// Words of vehicles; a name made of them alone is a placebo.
pub const VEHICLE: [&str; 44] = [
    "plasmalyte",
    "lyte",
    "plasma",
    "ringer",
    "ringers",
    "lactate",
    "lactated",
    "hartmann",
    "dextrose",
    "pbs",
    "phosphate",
    "buffered",
    "buffer",
    "medium",
    "media",
    "culture",
    "albumin",
    "human",
    "autologous",
    "containing",
    "saline",
    "placebo",
    "placebos",
    "vehicle",
    "normal",
    "physiological",
    "physiologic",
    "isotonic",
    "sodium",
    "chloride",
    "nacl",
    "suspension",
    "liquid",
    "solution",
    "solvent",
    "sterile",
    "distilled",
    "water",
    "dummy",
    "excipient",
    "serum",
    "carrier",
    "cell",
    "free",
];
/// Words that a name of a vehicle needs one of.
const NAMES_A_VEHICLE: [&str; 17] = [
    "plasmalyte",
    "lyte",
    "ringer",
    "ringers",
    "pbs",
    "medium",
    "saline",
    "placebo",
    "placebos",
    "vehicle",
    "dummy",
    "suspension",
    "solvent",
    "chloride",
    "nacl",
    "water",
    "excipient",
];
/// Words that say nothing of what is given.
const EMPTY: [&str; 40] = [
    "group",
    "groups",
    "arm",
    "arms",
    "cohort",
    "control",
    "controls",
    "controlled",
    "comparator",
    "comparison",
    "experimental",
    "intervention",
    "treatment",
    "treated",
    "study",
    "test",
    "the",
    "a",
    "b",
    "of",
    "and",
    "for",
    "with",
    "only",
    "alone",
    "drug",
    "injection",
    "infusion",
    "injections",
    "infusions",
    "oral",
    "iv",
    "intravenous",
    "capsule",
    "capsules",
    "tablet",
    "tablets",
    "0",
    "9",
    "matching",
];

/// Whether a text has one of these phrases.
pub fn says(text: &Text<'_>, phrases: &[&str]) -> bool {
    // Most tokens begin with no letter that a phrase begins with.
    let bit = |word: &str| match word.as_bytes().first() {
        Some(letter) if letter.is_ascii_alphabetic() => 1_u32 << (letter.to_ascii_lowercase() - b'a'),
        _ => 1 << 31,
    };
    let firsts = phrases.iter().fold(0, |all, phrase| all | bit(phrase));
    let may = |i: &usize| firsts & bit(text.word(*i)) != 0;
    (0..text.tokens.len()).filter(may).any(|i| phrases.iter().any(|p| text.is_phrase(i, p).is_some()))
}

/// Whether a text speaks of a placebo or a vehicle.
pub fn says_placebo(text: &Text<'_>) -> bool {
    says(
        text,
        &[
            "placebo",
            "placebos",
            "vehicle",
            "dummy",
            "saline",
            "sodium chloride",
            "nacl",
            "sugar pill",
            "sugar pills",
            "inert",
            "inactive",
            "distilled water",
            "sterile water",
            "cell - free",
            "without cells",
            "suspension liquid",
            "excipient",
            "excipients",
            "lactose",
            "maltodextrin",
            "starch",
            "cellulose",
            "dextrose",
            "placebo - controlled",
            "base cream",
            "water",
        ],
    )
}

/// Whether a text tells of a drug by its strength: `1 mL of 1% lidocaine`. What a placebo is made of is none.
pub fn names_strength(text: &Text<'_>) -> bool {
    const EXCIPIENTS: [&str; 22] = [
        "lactose",
        "starch",
        "cellulose",
        "maltodextrin",
        "dextrose",
        "glucose",
        "sucrose",
        "dmso",
        "hsa",
        "ethanol",
        "alcohol",
        "glycerol",
        "glycerin",
        "mannitol",
        "sugar",
        "bacteriostatic",
        "salt",
        "methylcellulose",
        "of",
        "in",
        "the",
        "power",
    ];
    (1..text.tokens.len()).any(|i| {
        let strength = text.is(i, "%") && text.kind(i - 1) == Kind::Number;
        let drug = text.kind(i + 1) == Kind::Word && text.word(i + 1).len() > 5;
        let inert = text.is_any(i + 1, &VEHICLE) || text.is_any(i + 1, &EXCIPIENTS);
        strength && drug && !inert && text.together(i, i + 1)
    })
}

/// Whether a text speaks of saline or a vehicle.
pub fn says_placebo_alone(text: &Text<'_>) -> bool {
    says(text, &["saline", "vehicle", "inert", "inactive", "sodium chloride"])
}

/// Whether a text speaks of a sham.
pub fn says_sham(text: &Text<'_>) -> bool {
    phrases::SHAM.is_in(text)
}

/// Whether a text says that nothing is done.
pub fn says_nothing(text: &Text<'_>) -> bool {
    phrases::NOTHING.is_in(text)
}

/// Whether a text speaks of standard care.
pub fn says_standard(text: &Text<'_>) -> bool {
    phrases::STANDARD.is_in(text)
}

/// Whether a text says that standard care is all: `conventional therapy only`.
pub fn says_standard_only(text: &Text<'_>) -> bool {
    phrases::STANDARD.ends(text).any(|to| text.is_any(to, &["only", "alone"]))
}

/// What a name means.
pub fn of_name(text: &Text<'_>) -> Content {
    let words: Vec<&str> =
        (0..text.tokens.len()).filter(|i| text.kind(*i) != Kind::Sign).map(|i| text.word(i)).collect();
    let among = |word: &str, list: &[&str]| list.iter().any(|w| w.eq_ignore_ascii_case(word));
    let tells: Vec<&&str> = words
        .iter()
        .filter(|w| !among(w, &EMPTY) && w.len() > 1 && !w.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    if phrases::SHAM.is_in(text) {
        return Content::Sham;
    }
    let vehicle =
        tells.iter().all(|w| among(w, &VEHICLE)) && tells.iter().any(|w| among(w, &NAMES_A_VEHICLE));
    if vehicle || names_placebo(text) {
        return Content::Placebo;
    }
    if phrases::NOTHING.is_in(text) {
        return Content::Nothing;
    }
    if phrases::STANDARD.is_in(text) && !says(text, &["+", "plus", "combined", "cells", "add"]) {
        return Content::Standard;
    }
    if tells.is_empty() { Content::Unnamed } else { Content::Active }
}

/// `Placebo for X`, `X placebo`; not `X or placebo`.
fn names_placebo(text: &Text<'_>) -> bool {
    let at = (0..text.tokens.len()).find(|i| text.is_any(*i, &["placebo", "placebos"]));
    let either = ["or", "/", "and", "vs", "versus", "+", "plus", "&"];
    at.is_some_and(|i| {
        let joined = i > 0 && text.is_any(i - 1, &either) || text.is_any(i + 1, &either);
        !joined && !text.is(i + 1, "controlled") && !text.is(i + 2, "controlled")
    })
}

fn of(intervention: &InterventionWords<'_>) -> Content {
    let by_name = of_name(&intervention.name.text);
    // A sham known by what it really is; a device may be known by both of its uses.
    let says_other = |words: &[&str]| intervention.others.iter().any(|o| says(&o.text, words));
    if says_other(phrases::SHAM.phrases) && !says_other(&["active", "real", "verum", "true"]) {
        return Content::Sham;
    }
    if by_name != Content::Unnamed {
        return by_name;
    }
    let others = intervention.others.iter().map(|o| of_name(&o.text));
    if let Some(other) = others.into_iter().find(|c| *c != Content::Unnamed) {
        return other;
    }
    match &intervention.description {
        Some(d) if says_sham(&d.text) => Content::Sham,
        Some(d) if says(&d.text, &["placebo", "placebos"]) => Content::Placebo,
        _ => Content::Unnamed,
    }
}

/// Whether it is a thing of which one can say how much: drugs, biologicals and the like, and cells whatever the type.
pub fn has_dose(intervention: &InterventionWords<'_>) -> bool {
    const KINDS: [&str; 4] = ["DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT", "GENETIC"];
    match intervention.kind {
        Some(kind) if KINDS.contains(&kind) => true,
        Some("OTHER") | None => names_cells(intervention),
        Some("PROCEDURE") => names_stroma(intervention),
        Some(_) => false,
    }
}

/// Whether one of its names is of cells that are counted when they are given; transplants of blood often are not.
fn names_stroma(intervention: &InterventionWords<'_>) -> bool {
    let names = std::iter::once(&intervention.name).chain(&intervention.others);
    let mut words = names.flat_map(|n| n.text.words());
    words.any(|w| {
        w.contains("MSC")
            || ["mesenchymal", "stromal", "mononuclear"].iter().any(|s| w.eq_ignore_ascii_case(s))
    })
}

/// Whether one of its names is of cells.
pub fn names_cells(intervention: &InterventionWords<'_>) -> bool {
    let names = std::iter::once(&intervention.name).chain(&intervention.others);
    names.into_iter().any(|n| (0..n.text.tokens.len()).any(|i| n.text.is_a(i, lexicon::CELLS)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let of = |name: &str| of_name(&Text::new(name));
        for name in [
            "saline",
            "Placebo",
            "Placebo control group",
            "Controlled suspension liquid",
            "Matching placebo tablet",
            "0.9% NaCl",
        ] {
            assert_eq!(of(name), Content::Placebo, "{name}");
        }
        for name in [
            "Lipoic Acid",
            "HUC-MSCs",
            "hypertonic saline",
            "Drug A or placebo",
            "Umbilical Cord Mesenchymal Stem Cells",
        ] {
            assert_eq!(of(name), Content::Active, "{name}");
        }
        assert_eq!(of("Sham injection"), Content::Sham);
        assert_eq!(of("Conventional therapy group"), Content::Standard);
        assert_eq!(of("Standard of care"), Content::Standard);
        assert_eq!(of("Experimental Group"), Content::Unnamed);
        assert_eq!(of("No intervention"), Content::Nothing);
    }
}
