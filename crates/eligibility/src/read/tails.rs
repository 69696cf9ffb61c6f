//! What stands behind a list and is said of all of it: `... are not eligible`, `... which would increase the risk`.

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use crate::tree::{Node, Reason, Unread};

/// Auxiliaries of a tail.
const AUXILIARIES: &[&str] = &[
    "are",
    "is",
    "be",
    "been",
    "will",
    "were",
    "was",
    "must",
    "should",
    "would",
    "shall",
    "have",
    "has",
    "also",
    "therefore",
    "automatically",
    "to",
];
/// What may stand behind the verb of a tail.
const FROM_THE_STUDY: &[&str] = &[
    "from",
    "for",
    "to",
    "in",
    "this",
    "the",
    "our",
    "present",
    "study",
    "trial",
    "protocol",
    "participation",
    "participate",
    "participating",
    "enrollment",
    "enrolment",
    "enroll",
    "enter",
    "entering",
    "entry",
    "research",
    "clinical",
    "inclusion",
];
/// Verbs with which a relative clause tells what something may do.
const MODALS: &[&str] = &["would", "could", "may", "might"];
/// How many elements a tail has at most.
const LONGEST: usize = 12;

/// What cannot be done with a disease that may be there.
const DECIDED: &[&str] = &["excluded", "ruled out"];

impl Cx<'_> {
    /// `in whom pregnancy cannot be excluded`: whether it can, a person says.
    pub fn undecided(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.says_undecided(a, b) {
            return None;
        }
        let link = self
            .find(a, b, |w| matches!(w, What::Comma | What::Lex(Class::Or | Class::And | Class::AndOr, _)));
        // `in whom diabetes or asthma cannot be excluded`: neither can.
        let alone = link.is_none_or(|link| {
            self.read(a, link).to_ascii_lowercase().contains("in whom ") && !self.says_undecided(a, link)
        });
        alone.then(|| self.human(Reason::ClinicalJudgement, a, b, "person.undecided"))
    }

    /// Whether words say of a disease that it cannot be excluded, or has not been.
    pub fn says_undecided(&self, a: usize, b: usize) -> bool {
        let words = self.read(a, b);
        // Most are neither.
        if !DECIDED.iter().any(|end| words.contains(end)) {
            return false;
        }
        let words: Vec<&str> = words.split(|c: char| !c.is_alphanumeric() && c != '\'').collect();
        let words = words.join(" ").to_ascii_lowercase();
        let says = |(at, _): (usize, &str)| words.get(..at).is_some_and(ends_in_inability);
        DECIDED.iter().any(|end| words.match_indices(end).any(says))
    }

    /// `patients with asthma or COPD are not eligible`, `... will be excluded from this study`: they are excluded,
    /// under whichever heading it is said.
    pub fn barred(&mut self, a: usize, b: usize) -> Option<Node> {
        // `will not be included, nor will smokers`
        let nor = (a + 1..b).find(|&i| self.word_is(i, &["nor", "nor will", "nor can"]));
        let stop = nor.unwrap_or(b);
        let from = stop.saturating_sub(LONGEST).max(a + 1);
        let words = self.read(from.min(stop), stop);
        if !["ligible", "xcluded", "not", "NOT"].iter().any(|part| words.contains(part)) {
            return None;
        }
        let start = (from..stop).find(|&i| is_tail(self.read(i, stop), self.or_by_default()))?;
        // `pregnancy cannot be excluded`: that is no exclusion.
        if self.says_undecided(a, stop) {
            return None;
        }
        let (_, end) = self.trim(a, start);
        if !self.says_something(a, end) && !(a..end).any(|i| matches!(self.what(i), What::Word)) {
            return None;
        }
        self.label(start, stop);
        let node = self.clause(a, end)?;
        let further = nor.and_then(|nor| self.clause(nor + 1, b));
        let or = self.or_by_default();
        let barred = std::iter::once(node).chain(further);
        join(barred.map(|node| if or { node } else { negate(node) }).collect(), or, "structure.and")
    }

    /// `hypertension or diabetes which would increase the risk`: any of them, if it does so.
    pub fn qualified(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::Skip])) {
            return None;
        }
        let start = self.find_at(a, b, |i| {
            i > a
                && self.is(i, Class::Skip)
                && self.word_is(i + 1, MODALS)
                && self.word_is(i, &["that", "which"])
        })?;
        let value = |i: usize| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time());
        if !self.says_something(a, start) || (a..b).any(value) {
            return None;
        }
        let links =
            self.places(start, b, |w| matches!(w, What::Comma | What::Lex(Class::Or | Class::And, _)));
        let goes_on = links.into_iter().find(|&link| self.says_something(link, b));
        let end = match goes_on {
            Some(link) if matches!(self.what(link), What::Comma) => link,
            // `which may need steroids or surgery`: of the relative clause, or of the list.
            Some(_) => return Some(self.human(Reason::ClinicalJudgement, a, b, "person.qualified")),
            None => b,
        };
        let denied = (a..start).any(|i| self.is(i, Class::Neg));
        let asks = (start..end).any(|i| {
            matches!(self.class(i), Some(Class::HumanSubjective | Class::HumanConsent | Class::Ability))
        });
        let head = if denied || asks || a > self.first || end < b {
            let human = self.human(Reason::ClinicalJudgement, start + 1, end, "person.qualified");
            self.judged(a, start, human, "person.qualified")?
        } else {
            self.leave_unread(start, end, Unread::Condition, "no threshold is given");
            self.clause(a, start)?
        };
        let rest = self.clause(end, b);
        let or = self.or_by_default() || (end..b).take(3).any(|i| self.is(i, Class::Or));
        join(std::iter::once(head).chain(rest).collect(), or, "person.qualified")
    }

    /// What stands in a bracket within a time, of which the tree says nothing: `3 weeks (6 weeks for nitrosoureas)`.
    pub fn aside(&mut self, open: usize, b: usize) -> usize {
        let close = self.close(open, b);
        self.leave_unread(open, close, Unread::Condition, "not read");
        close
    }
}

/// What is done with those who may take part.
const TAKEN: &[&str] =
    &["included", "enrolled", "accepted", "admitted", "recruited", "entered", "considered"];

/// Whether words end in `cannot be`, `has not been`, or what says the same; a word on how well may stand between.
fn ends_in_inability(words: &str) -> bool {
    let last: Vec<&str> = words.split_whitespace().rev().take(5).collect();
    let at = |i: usize| last.get(i).copied().unwrap_or_default();
    let able = |i: usize| match at(i) {
        "cannot" | "can't" | "couldn't" => true,
        "not" => matches!(at(i + 1), "can" | "could"),
        _ => false,
    };
    // `cannot be safely excluded`, `cannot safely be excluded`
    let behind = |i: usize| i + usize::from(at(i).ends_with("ly"));
    let auxiliary = behind(0);
    match at(auxiliary) {
        "be" => able(behind(auxiliary + 1)),
        "been" => at(auxiliary + 1) == "not" && matches!(at(auxiliary + 2), "has" | "have"),
        _ => false,
    }
}

/// Whether words say of all that stands before them that it is excluded.
fn is_tail(words: &str, exclusion: bool) -> bool {
    let mut words = words.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    let is = |word: &str, known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(word));
    let (mut denied, mut verbal) = (false, false);
    while let Some(word) = words.next_if(|word| is(word, AUXILIARIES) || is(word, &["not", "cannot"])) {
        denied |= is(word, &["not", "cannot"]);
        verbal |= is(word, &["be", "are", "is", "were", "was"]);
    }
    let verb = words.next().unwrap_or_default();
    let bars = match denied {
        true if verbal => is(verb, &["eligible"]) || is(verb, TAKEN),
        true => is(verb, &["eligible", "participate", "enter", "enroll", "join"]),
        false => is(verb, &["ineligible"]) || (exclusion || verbal) && is(verb, &["excluded"]),
    };
    bars && words.all(|word| is(word, FROM_THE_STUDY))
}
