//! What a sentence of a note says of whom: the person's own, said not to be so, or of the family.

use vocabulary::Word;

/// Of whom a word is said, and whether it is so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// The person has it, or may.
    Own,
    /// The person does not have it.
    Negated,
    /// A relative has it.
    Family,
}

/// What denies the words behind it.
const DENIES: [&[&str]; 24] = [
    &["no"],
    &["not"],
    // `doesn't` is cut into two words.
    &["doesn"],
    &["don"],
    &["didn"],
    &["isn"],
    &["wasn"],
    &["aren"],
    &["weren"],
    &["hasn"],
    &["hadn"],
    &["deny"],
    &["denied"],
    &["denies"],
    &["denying"],
    &["without"],
    &["never"],
    &["nor"],
    &["neither"],
    &["negative", "for"],
    &["absence", "of"],
    &["ruled", "out"],
    &["unremarkable", "for"],
    &["free", "of"],
];

/// What looks like a denial and is none.
const GOES_ON: [[&str; 2]; 3] = [["no", "longer"], ["no", "relief"], ["not", "only"]];

/// What ends a denial within a sentence.
const ENDS: [&str; 20] = [
    "although",
    "because",
    "but",
    "currently",
    "demonstrated",
    "due",
    "except",
    "however",
    "present",
    "presented",
    "presenting",
    "reveal",
    "revealed",
    "show",
    "showed",
    "since",
    "though",
    "until",
    "which",
    "who",
];

const RELATIVES: [&str; 15] = [
    "aunt",
    "brother",
    "cousin",
    "father",
    "grandfather",
    "grandmother",
    "grandparent",
    "husband",
    "mother",
    "nephew",
    "niece",
    "sibling",
    "sister",
    "uncle",
    "wife",
];

/// With one of these, a relative tells about the person.
const TELLS: [&str; 26] = [
    "accompanied",
    "bring",
    "brought",
    "concern",
    "concerned",
    "denied",
    "denies",
    "deny",
    "describe",
    "described",
    "felt",
    "found",
    "note",
    "noted",
    "notice",
    "noticed",
    "observe",
    "observed",
    "recall",
    "report",
    "reported",
    "reporting",
    "said",
    "say",
    "state",
    "stated",
];

/// The scope of each word of a sentence.
pub fn of_words(words: &[Word], sentence: &str) -> Vec<Scope> {
    let norms: Vec<&str> = words.iter().map(|word| word.norm.as_str()).collect();
    let mut scope = forwards(words, &norms, sentence);
    backwards(words, &norms, sentence, &mut scope);
    scope
}

/// What stands behind a denial or a relative.
fn forwards(words: &[Word], norms: &[&str], sentence: &str) -> Vec<Scope> {
    let told = norms.iter().any(|norm| TELLS.contains(norm));
    let (mut family, mut denied) = (false, false);
    let mut scope = Vec::with_capacity(words.len());
    for at in 0..words.len() {
        if between(words, sentence, at).contains([':', ')']) || ENDS.contains(&norms[at]) {
            denied = false;
        }
        family |= norms[at..].starts_with(&["family", "history"]) || RELATIVES.contains(&norms[at]) && !told;
        denied |= DENIES.iter().any(|cue| norms[at..].starts_with(cue))
            && !GOES_ON.iter().any(|cue| norms[at..].starts_with(cue));
        scope.push(match (family, denied) {
            (true, _) => Scope::Family,
            (_, true) => Scope::Negated,
            _ => Scope::Own,
        });
    }
    scope
}

/// What stands before a denial at the end: `HIV was negative`.
fn backwards(words: &[Word], norms: &[&str], sentence: &str, scope: &mut [Scope]) {
    for at in 0..words.len() {
        let negative = norms[at] == "negative" && norms.get(at + 1) != Some(&"for");
        if !negative && norms[at..] != ["ruled", "out"] {
            continue;
        }
        let stops =
            |k: &usize| ENDS.contains(&norms[*k]) || between(words, sentence, k + 1).contains([',', ';']);
        let from = (0..at).rev().find(stops).map_or(0, |k| k + 1);
        scope[from..=at].iter_mut().filter(|s| **s == Scope::Own).for_each(|s| *s = Scope::Negated);
    }
}

/// What stands between a word and the one before it.
fn between<'t>(words: &[Word], sentence: &'t str, at: usize) -> &'t str {
    match (at.checked_sub(1).and_then(|before| words.get(before)), words.get(at)) {
        (Some(before), Some(word)) => &sentence[before.range.end..word.range.start],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of a sentence that are said of the person.
    fn own(sentence: &str) -> String {
        let words = vocabulary::words(sentence);
        let scope = of_words(&words, sentence);
        let own = words.iter().zip(scope).filter(|(_, scope)| *scope == Scope::Own);
        own.map(|(word, _)| word.norm.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn denials_and_relatives() {
        let check = |sentence: &str, expected: &str| assert_eq!(own(sentence), expected, "{sentence}");
        check("She denies smoking, diabetes or asthma", "she");
        check("She doesn't smoke or use drugs", "she");
        check("No fever but severe headache", "but severe headache");
        check("HIV was negative, cough persists", "cough persist");
        check("His father had a stroke", "his");
        check("Her mother reports fever", "her mother report fever");
        check("He can no longer walk", "he can no longer walk");
        check("Pneumonia was ruled out", "");
    }
}
