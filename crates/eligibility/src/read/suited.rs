//! Who is suited to what: `eligible for surgery`, `a candidate for transplantation`, `unsuitable for MRI`.
//!
//! Such words say what may be done, not that it was done: a person judges that, by no threshold of the text.

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::{kind_of, kind_of_named};
use super::lexicon::Class;
use crate::tree::{Kind, Node, Reason};

/// The words of phrases for a person (`criteria-words.tsv`) that say that somebody or something is suited, or is not.
const SUITED: &[&str] = &[
    "suitable",
    "unsuitable",
    "eligible",
    "ineligible",
    "candidate",
    "candidates",
    "amenable",
    "fit",
    "unfit",
];

impl Cx<'_> {
    /// Who is suited to what is named behind it, and what else is said before it.
    pub fn suited(&mut self, a: usize, b: usize) -> Option<Node> {
        if !self.has(Kinds::of(&[Class::HumanClinical])) {
            return None;
        }
        let cue = (a..b).find(|&i| self.is_suited(i))?;
        // `diabetes, suitable for surgery`: the list is taken apart first.
        let listed = self.places(a, cue, super::list::is_link).iter().any(|&at| self.says_something(a, at));
        // `other diseases unsuitable for the study (such as ...)` is an open list.
        let open = (a..cue).any(|i| self.is(i, Class::HumanOpen)) && self.gives_examples(cue, b);
        if listed || open || !self.names_all(cue + 1, b) {
            return None;
        }
        let mut from = cue;
        while from > a && (self.is_empty(from - 1, from) || self.is(from - 1, Class::Neg)) {
            from -= 1;
        }
        let (before, behind) = (self.says_something(a, from), self.says_something(cue + 1, b));
        if let Some(end) = self.of_this_study(cue, b).filter(|_| before || behind) {
            if before && behind || (from..cue).any(|i| self.is(i, Class::Neg)) {
                return None;
            }
            // `Adults are eligible for the study`, `eligible for the study are adults`: it asks for adults.
            let [(x, y), asked] = if before { [(from, b), (a, from)] } else { [(a, end), (end, b)] };
            self.label(x, y);
            return self.clause(asked.0, asked.1);
        }
        if !before {
            return Some(self.human(Reason::ClinicalJudgement, a, b, "person.suited"));
        }
        let human = self.human(Reason::ClinicalJudgement, from, b, "person.suited");
        self.judged(a, from, human, "person.suited")
    }

    fn is_suited(&self, i: usize) -> bool {
        self.is(i, Class::HumanClinical)
            && (self.word_is(i, &["appropriate for"])
                || self
                    .read(i, i + 1)
                    .split(' ')
                    .any(|word| SUITED.iter().any(|suited| word.eq_ignore_ascii_case(suited))))
    }

    fn gives_examples(&self, cue: usize, b: usize) -> bool {
        (cue..b).any(|i| matches!(self.class(i), Some(Class::Examples | Class::Including)))
    }

    /// Where `eligible for the study` ends.
    fn of_this_study(&self, cue: usize, b: usize) -> Option<usize> {
        const STUDY: &[&str] =
            &["study", "trial", "protocol", "participation", "inclusion", "enrollment", "enrolment"];
        let study = (cue + 1..b.min(cue + 3)).find(|&i| !self.is(i, Class::Skip))?;
        (self.word_is(cue, &["eligible for"]) && self.word_is(study, STUDY)).then_some(study + 1)
    }

    /// Whether what stands behind is one list of what is done to people, and no other criterion.
    fn names_all(&self, from: usize, b: usize) -> bool {
        self.places(from, b, super::list::is_link).iter().all(|&at| {
            let next = (at + 1..b).find(|&i| !self.is_empty(i, i + 1));
            next.is_none_or(|i| match self.what(i) {
                What::Var(v) => is_done(kind_of(v)),
                What::Named(id) => kind_of_named(id).is_none_or(is_done),
                What::Word => true,
                _ => self.is(i, Class::Treat),
            })
        })
    }
}

/// Whether a kind is one of what is done to people.
fn is_done(kind: Kind) -> bool {
    matches!(kind, Kind::Procedure | Kind::Drug | Kind::DrugClass | Kind::Treatment)
}
