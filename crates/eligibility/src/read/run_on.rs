//! Paragraphs of the National Cancer Institute whose lines were run together.
//!
//! Its older records are written as lines under labels (`Hepatic:`, `Surgery:`). Many were published as one paragraph for
//! each of three headings, without a break or a full stop:
//!
//! > PATIENT CHARACTERISTICS: Age: 18 and over Performance status: ECOG 0-2 Hematopoietic: WBC at least 4,000/mm3
//! > Platelet count at least 100,000/mm3 Hepatic: Bilirubin normal Other: Not pregnant No other malignancy
//!
//! The lines are found again by their labels, and by a capital that begins what lines there begin with: a variable of
//! numbers, or one of some words.

use super::label::{Label, label};
use super::leaf::is_numeric;
use super::lexicon::{Phrase, exactly};

/// The headings of such paragraphs.
const HEADINGS: &[&str] = &[
    "DISEASE CHARACTERISTICS:",
    "PATIENT CHARACTERISTICS:",
    "PRIOR CONCURRENT THERAPY:",
    "PRIOR/CONCURRENT THERAPY:",
];

/// Words that lines begin with.
const STARTERS: &[&str] = &[
    "able",
    "adequate",
    "all",
    "any",
    "at",
    "bidimensionally",
    "concomitant",
    "concurrent",
    "cytologically",
    "effective",
    "eligible",
    "evaluable",
    "failed",
    "fertile",
    "has",
    "have",
    "histologically",
    "hiv",
    "ineligible",
    "measurable",
    "more",
    "must",
    "negative",
    "newly",
    "no",
    "normal",
    "not",
    "nursing",
    "only",
    "patients",
    "pregnant",
    "previously",
    "prior",
    "received",
    "recovered",
    "see",
    "unidimensionally",
    "willing",
    "women",
];

/// Words that something follows: no line ends with them.
const OPEN: &[&str] = &[
    "a",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "between",
    "by",
    "class",
    "concurrent",
    "either",
    "for",
    "from",
    "grade",
    "have",
    "if",
    "in",
    "including",
    "is",
    "least",
    "must",
    "no",
    "non",
    "not",
    "of",
    "on",
    "or",
    "other",
    "per",
    "prior",
    "since",
    "stage",
    "than",
    "the",
    "to",
    "type",
    "unless",
    "until",
    "via",
    "with",
    "within",
    "without",
];

/// How many words a label or the name of a variable has at most.
const LONGEST: usize = 4;

/// Where the lines begin that a paragraph was made of, but for the first; none if it is no such paragraph. `blank` is
/// how many bytes of blanks stand before it.
pub fn beginnings(line: &str, blank: usize) -> Vec<usize> {
    let Some(heading) = HEADINGS.iter().find(|heading| line[blank..].starts_with(**heading)) else {
        return Vec::new();
    };
    let head = blank + heading.len();
    let words: Vec<(usize, &str)> = line[head..]
        .split_whitespace()
        .map(|word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
        .collect();
    let mut found = Vec::new();
    let mut at = 0;
    // Behind a heading or a label a line begins in any case.
    let mut fresh = true;
    while at < words.len() {
        let labels = label_at(&words[at..]);
        if fresh || labels > 0 || begins(&words, at) {
            found.push(words[at].0);
        }
        fresh = labels > 0;
        at += labels.max(1);
    }
    found
}

/// How many words the label has that words begin with; 0 if they begin with none.
fn label_at(words: &[(usize, &str)]) -> usize {
    let most = words.len().min(LONGEST);
    let Some(last) = words[..most].iter().position(|(_, word)| word.ends_with(':')) else { return 0 };
    let mut text = String::new();
    for (_, word) in &words[..=last] {
        text.push_str(word);
        text.push(' ');
    }
    let is_label =
        starts_large(words[0].1) && matches!(label(text.trim_end()), Some(Label::Plain | Label::About(_)));
    if is_label { last + 1 } else { 0 }
}

/// Whether a line begins with a word in the middle.
fn begins(words: &[(usize, &str)], at: usize) -> bool {
    let (before, word) = (words[at - 1].1, words[at].1);
    let ends = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ')' | '%' | '.' | ';'));
    if !starts_large(word) || !ends || OPEN.contains(&before.to_lowercase().as_str()) {
        return false;
    }
    let plain = word.trim_end_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let starts = match plain.as_str() {
        "at" => words.get(at + 1).is_some_and(|(_, next)| *next == "least"),
        "more" => words.get(at + 1).is_some_and(|(_, next)| *next == "than"),
        // `HIV negative`, but `known HIV positivity`
        "hiv" => {
            words.get(at + 1).is_some_and(|(_, next)| matches!(next.trim_end_matches([',', '.']), "negative"))
        }
        plain => STARTERS.contains(&plain),
    };
    starts || names_a_number(&words[at..])
}

fn starts_large(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_uppercase())
}

/// Whether words begin with the name of a variable of numbers.
fn names_a_number(words: &[(usize, &str)]) -> bool {
    let mut name = String::new();
    words.iter().take(LONGEST).any(|(_, word)| {
        name.push_str(word);
        let known = matches!(exactly(&name), Some(Phrase::Var(variable)) if is_numeric(variable));
        name.push(' ');
        known
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let mut cuts = beginnings(line, 0);
        cuts.insert(0, 0);
        cuts.push(line.len());
        let found: Vec<&str> = cuts.windows(2).map(|pair| line[pair[0]..pair[1]].trim()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn labels_and_what_stands_below_them() {
        check(
            "PATIENT CHARACTERISTICS: Age: 18 and over Menopausal status: Not specified Performance status: ECOG 0 or 1 \
             Hematopoietic: Absolute neutrophil count greater than 2,000/mm3 Platelet count greater than 100,000/mm3 \
             Renal: Creatinine less than 2.0 mg/dL OR Creatinine clearance greater than 50 mL/min Other: Not pregnant or \
             nursing Negative pregnancy test",
            &[
                "PATIENT CHARACTERISTICS:",
                "Age:",
                "18 and over",
                "Menopausal status:",
                "Not specified",
                "Performance status:",
                "ECOG 0 or 1",
                "Hematopoietic:",
                "Absolute neutrophil count greater than 2,000/mm3",
                "Platelet count greater than 100,000/mm3",
                "Renal:",
                "Creatinine less than 2.0 mg/dL OR Creatinine clearance greater than 50 mL/min",
                "Other:",
                "Not pregnant or nursing",
                "Negative pregnancy test",
            ],
        );
    }

    #[test]
    fn names_with_capitals_are_not_cut() {
        check(
            "DISEASE CHARACTERISTICS: Histologically proven stage II Hodgkin's disease by the Ann Arbor system No prior \
             treatment with Bleomycin",
            &[
                "DISEASE CHARACTERISTICS:",
                "Histologically proven stage II Hodgkin's disease by the Ann Arbor system",
                "No prior treatment with Bleomycin",
            ],
        );
    }

    #[test]
    fn other_lines_stay_as_they_are() {
        assert!(beginnings("Age: 18 and over Performance status: ECOG 0 or 1", 0).is_empty());
        assert!(beginnings("DISEASE CHARACTERISTICS:", 0).is_empty());
    }
}
