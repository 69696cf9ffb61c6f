//! What people have answered, where no record decides.
//!
//! An answer is about words: about a part of a criterion that is left to people, or about a whole criterion. It counts
//! wherever the same words stand ([`phrase`]), and only where the record leaves the matter open: an answer never
//! overrules what is recorded. Whose answers count is for the caller to say: those about one person are put into the
//! [`Settings`] for that person only.

use super::finding::{Evidence, Finding, Ground, OneOrMore, Outcome, Truth};
use super::settings::Settings;
use crate::tree::{Item, Polarity, Section};

/// A person's answer to something that no record decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The words that it is about.
    pub question: String,
    /// What they are.
    pub about: About,
    /// Whether it is so: for words whether they hold, for a criterion whether it is met.
    pub holds: bool,
    /// Who answered, and when.
    pub by: String,
}

/// What the words of an answer are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// Words that are true or not, wherever they stand.
    Words,
    /// A whole criterion of this section. The same words under another heading may ask for the opposite, so they are
    /// another question.
    Criterion(Section),
}

impl Settings {
    /// The answer about words that are left to people.
    pub fn answer_of_words(&self, words: &str) -> Option<&Answer> {
        self.answer(words, About::Words)
    }

    /// The answer about a whole criterion.
    pub fn answer_of_criterion(&self, item: &Item) -> Option<&Answer> {
        self.answer(&item.source, About::Criterion(item.section))
    }

    fn answer(&self, words: &str, about: About) -> Option<&Answer> {
        if self.answers.iter().all(|answer| answer.about != about) {
            return None;
        }
        let asked = phrase(words);
        self.answers.iter().find(|answer| answer.about == about && phrase(&answer.question) == asked)
    }
}

/// A finding that is open, settled by the answer about the whole criterion if there is one.
pub(super) fn settled(item: &Item, polarity: Polarity, finding: Finding, settings: &Settings) -> Finding {
    if finding.truth() != Truth::Unknown {
        return finding;
    }
    let Some(answer) = settings.answer_of_criterion(item) else { return finding };
    let ground = Ground::Answer { question: item.source.trim().to_owned(), by: answer.by.clone() };
    let because = OneOrMore::one(Evidence { at: Vec::new(), ground });
    // What is forbidden is met when it is not so.
    let holds = answer.holds == (polarity == Polarity::Require);
    Finding::new(polarity, Outcome::settled(holds, because))
}

/// Words as answers compare them: without case, blanks, markup and punctuation, but with every sign that changes the
/// meaning: comparisons, per cent, plus and minus (`HER2+` is not `HER2-`, `> 7 %` is not `< 7 %`). The hyphen between
/// two letters or figures is a blank.
///
/// ```
/// use eligibility::evaluate::phrase;
/// assert_eq!(phrase("  Able to  comply, as judged\nby the investigator."), "able to comply as judged by the investigator");
/// assert_eq!(phrase("HbA1c \\>= 7.0%"), phrase("HbA1c ≥ 7.0 %"));
/// assert_ne!(phrase("HbA1c > 7 %"), phrase("HbA1c < 7 %"));
/// assert_ne!(phrase("HER2+ disease"), phrase("HER2- disease"));
/// ```
pub fn phrase(text: &str) -> String {
    let text = model::markup::unescape(text)
        .replace(">=", "≥")
        .replace("=>", "≥")
        .replace("<=", "≤")
        .replace("=<", "≤");
    let letters: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    let mut out = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before)).copied();
        let after = letters.get(at + 1).copied();
        let within = |kind: fn(char) -> bool| before.is_some_and(kind) && after.is_some_and(kind);
        match letter {
            _ if letter.is_alphanumeric() => out.push(letter),
            '.' | ',' if within(|c| c.is_ascii_digit()) => out.push(letter),
            '<' | '>' | '=' | '≤' | '≥' | '≠' | '±' | '+' | '%' | '/' => {
                out.extend([' ', letter, ' ']);
            }
            '-' | '−' | '‐' | '‑' | '–' if !within(char::is_alphanumeric) && !is_bullet(before, after) =>
            {
                out.extend([' ', '-', ' ']);
            }
            _ => out.push(' '),
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a dash stands alone, or at the beginning: then it is punctuation.
fn is_bullet(before: Option<char>, after: Option<char>) -> bool {
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    blank(before) && blank(after)
}
