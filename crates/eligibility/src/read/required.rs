//! A requirement among the exclusions: `Patients must not be pregnant`, and the population that old records name last.
//!
//! The sentence says itself what is asked for, whatever its heading says: it is read as a requirement, and what is
//! forbidden is its opposite.

use super::cx::negate;
use crate::tree::{Node, Residue, Rule, Unread};

/// How a sentence among the exclusions asks for something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Of everybody.
    All,
    /// Of some people, of whom nothing else is said: it is for a person what the others are.
    Some,
}

/// Who takes part.
const PEOPLE: &[&str] = &[
    "patient",
    "subject",
    "participant",
    "individual",
    "volunteer",
    "candidate",
    "person",
    "people",
    "child",
    "children",
    "she",
    "he",
    "they",
];
/// Words before them that change nothing.
const ALL: &[&str] = &["all", "the", "any", "every", "each", "eligible", "study", "potential"];
/// People of one sex, of whom a duty may be.
const SEXES: &[&str] = &["women", "woman", "men", "man", "female", "male"];
/// How many words a duty's people are named with.
const LONGEST: usize = 10;

/// Whether a sentence that stands among the exclusions asks for something.
pub fn asks(text: &str) -> Option<Asks> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let is = |word: &str, known: &[&str]| {
        let stem = word.strip_suffix(['s', 'S']).unwrap_or(word);
        known.iter().any(|known| known.eq_ignore_ascii_case(word) || known.eq_ignore_ascii_case(stem))
    };
    let who = words.by_ref().find(|word| !is(word, ALL))?;
    let of_a_sex = is(who, SEXES);
    if !of_a_sex && !is(who, PEOPLE) {
        return None;
    }
    for (at, word) in words.take(LONGEST).enumerate() {
        if is(word, &["must", "should", "shall"]) {
            return Some(if at == 0 && !of_a_sex { Asks::All } else { Asks::Some });
        }
        // `patients may not be receiving steroids`
        if at == 0 && !of_a_sex && is(word, &["may", "can", "cannot"]) && forbids(text) {
            return Some(Asks::All);
        }
        // `patients who must take steroids` are described, not asked.
        if is(word, &["who", "whom", "that", "which", "or", "if"]) {
            return None;
        }
    }
    None
}

/// Whether a text says what people may not do or be, other than take part in the study.
fn forbids(text: &str) -> bool {
    const FORBIDDEN: &[&str] = &[
        "have had",
        "have received",
        "have taken",
        "have used",
        "have any",
        "receive",
        "participate in",
        "take",
        "use",
        "be receiving",
        "be taking",
        "be using",
        "be participating",
        "be on",
        "be pregnant",
        "be lactating",
        "be nursing",
        "be breast",
    ];
    let text = text.to_ascii_lowercase();
    let behind = ["may not ", "can not ", "cannot "]
        .iter()
        .find_map(|not| text.split_once(not))
        .map(|(_, behind)| behind);
    behind.is_some_and(|behind| FORBIDDEN.iter().any(|verb| behind.starts_with(verb)))
}

/// Whether a text demands something, in words that nothing is permitted with.
pub fn demands(text: &str) -> bool {
    const DEMANDS: &[&str] = &["must", "should", "shall", "required"];
    text.split(|c: char| !c.is_alphabetic()).any(|word| DEMANDS.iter().any(|d| d.eq_ignore_ascii_case(word)))
}

/// What must not be, where `node` is what must.
pub fn opposite(node: Node) -> Node {
    Node { rule: Rule("scope.required"), ..negate(node) }
}

/// Words that were not read in what must be, as those of what must not be.
pub fn of_opposite(residue: &mut Residue) {
    residue.unread = residue.unread.map(|unread| match unread {
        Unread::Condition => Unread::Alternative,
        Unread::Alternative => Unread::Condition,
    });
}
