//! What is said of the things that a sentence names: denied, doubted, past, planned, or of the family.

use std::ops::Range;

use jiff::civil::Date;
use model::{PartialDate, Source};

use super::when::{self, Time};
use crate::read::elements::{Elements, What};
use crate::read::lexicon::Class;

/// A sentence in elements.
pub struct Clause<'c> {
    /// The note.
    pub note: &'c str,
    /// The elements of the sentence.
    pub e: &'c Elements,
    said: Vec<Said>,
}

/// What is said of what stands at a place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// It is not so.
    pub denied: bool,
    /// It may be so.
    pub doubted: bool,
    /// It was so: `past`, `previous`.
    pub past: bool,
    /// It was so at some time, perhaps still: `history of`.
    pub history: bool,
    /// It is to come.
    pub planned: bool,
    /// It is severe, mild ...
    pub severity: Option<String>,
    /// The relation, if it is said of the family.
    pub family: Option<String>,
    /// When it began.
    pub start: Option<PartialDate>,
    /// It was at a time of the past, known or not; whether it goes on is not said.
    pub then: bool,
    /// It is itself a part of a time.
    pub is_time: bool,
}

const RELATIVES: [&str; 24] = [
    "mother",
    "father",
    "brother",
    "sister",
    "wife",
    "husband",
    "son",
    "daughter",
    "parent",
    "sibling",
    "aunt",
    "uncle",
    "cousin",
    "grandmother",
    "grandfather",
    "family",
    "relative",
    "spouse",
    "twin",
    "partner",
    "girlfriend",
    "boyfriend",
    "roommate",
    "colleague",
];
/// Whether a word names a member of the family.
pub fn is_relative(word: &str) -> bool {
    RELATIVES.contains(&word.trim_end_matches('s'))
}

/// Whether words tell of what was so at some time, perhaps still.
fn is_history(word: &str) -> bool {
    word.contains("history") || word.starts_with("has ") || word.starts_with("have ")
}

const PERSON: [&str; 4] = ["he", "she", "patient", "they"];
const DOUBT: [&str; 14] = [
    "possible",
    "possibly",
    "probable",
    "probably",
    "suspected",
    "suspicion",
    "suspicious",
    "likely",
    "concern",
    "question",
    "risk",
    "presumed",
    "versus",
    "fear",
];
/// What is told behind these is to come, or may.
const PLANS: [&str; 8] =
    ["candidate", "candidates", "considering", "considered", "awaiting", "awaits", "referred", "eligible"];
const ENDS: [&str; 8] = ["but", "however", "although", "though", "which", "except", "until", "whereas"];
const SEVERITY: [&str; 6] = ["severe", "mild", "moderate", "severely", "mildly", "moderately"];

impl<'c> Clause<'c> {
    /// A sentence, with what its words say of what stands behind them.
    pub fn new(note: &'c str, e: &'c Elements, written: Date) -> Self {
        let mut clause = Self { note, e, said: vec![Said::default(); e.els.len()] };
        clause.forward();
        clause.ruled_out();
        clause.times(written);
        clause
    }

    /// What is said of an element.
    pub fn said(&self, at: usize) -> &Said {
        &self.said[at]
    }

    /// The bytes of elements.
    pub fn bytes(&self, els: Range<usize>) -> Range<usize> {
        let token = |at: usize| self.e.tokens.get(at);
        let first = self.e.els.get(els.start).and_then(|el| token(el.t0 as usize));
        let last =
            self.e.els.get(els.end.wrapping_sub(1)).and_then(|el| token((el.t1 as usize).wrapping_sub(1)));
        match (first, last) {
            (Some(first), Some(last)) if first.start <= last.end => first.start as usize..last.end as usize,
            _ => 0..0,
        }
    }

    /// The words of elements.
    pub fn text(&self, els: Range<usize>) -> &'c str {
        &self.note[self.bytes(els)]
    }

    /// Elements as the source of a fact.
    pub fn source(&self, els: Range<usize>) -> Source {
        let bytes = self.bytes(els);
        Source::Text { start: bytes.start, end: bytes.end }
    }

    /// An element in lower case.
    pub fn word(&self, at: usize) -> String {
        self.text(at..at + 1).to_lowercase()
    }

    fn forward(&mut self) {
        let negations = self.negations();
        let mut now = Said::default();
        for at in 0..self.e.els.len() {
            let word = self.word(at);
            let last = word.rsplit(' ').next().unwrap_or_default().trim_end_matches('s');
            match self.e.els[at].what {
                What::Stop | What::Semi | What::Break => now = Said::default(),
                What::Comma => {
                    now.severity = None;
                    now.past = false;
                    // `no fever, no cough, headache`: each `no` is for its own.
                    now.denied &= negations < 2;
                }
                What::Lex(Class::Neg, _) => now.denied = !matches!(word.as_str(), "not") || self.denies(at),
                What::Lex(Class::Negative, _) if word.contains("for") => now.denied = true,
                // `has had asthma for years`: perhaps still.
                What::Lex(Class::Ever, _) if is_history(&word) => {
                    now.history = true;
                }
                What::Lex(Class::Ever, _) => now.past = true,
                What::Lex(Class::Current, _) => (now.past, now.history) = (false, false),
                What::Lex(Class::Family, _) => now.family = Some("family".to_owned()),
                What::Lex(Class::Future, _) => now.planned = true,
                What::Lex(Class::Despite, _) => now.denied = false,
                _ if ENDS.contains(&word.as_str()) => {
                    now = Said { family: now.family.clone(), ..Said::default() }
                }
                _ if PERSON.contains(&word.as_str()) => now.family = None,
                _ if RELATIVES.contains(&last) && !self.is_mentioned_apart(at) => {
                    now.family = Some(last.to_owned());
                }
                _ if DOUBT.contains(&word.as_str()) => now.doubted = true,
                _ => {}
            }
            let first = word.split(' ').next().unwrap_or_default();
            now.planned |= PLANS.contains(&first) || self.is_list(at);
            if SEVERITY.contains(&word.as_str()) {
                now.severity = Some(word.trim_end_matches("ly").to_owned());
            }
            self.said[at] = now.clone();
            if matches!(self.e.els[at].what, What::Named(_) | What::Var(_)) {
                now.severity = None;
                now.doubted &= at + 1 < self.e.els.len() && self.goes_on(at + 1);
            }
        }
    }

    /// `on the waiting list for`
    fn is_list(&self, at: usize) -> bool {
        at > 0 && self.word(at) == "list" && self.word(at - 1) == "waiting" || self.word(at) == "waiting list"
    }

    /// How many words deny in the sentence.
    fn negations(&self) -> usize {
        self.e.els.iter().filter(|el| matches!(el.what, What::Lex(Class::Neg, _))).count()
    }

    /// Whether a bare `not` denies what follows: `not` before a thing, `not have`; but `not only`.
    fn denies(&self, at: usize) -> bool {
        at + 1 < self.e.els.len()
            && !matches!(self.word(at + 1).as_str(), "only" | "able" | "sure" | "certain")
    }

    fn goes_on(&self, at: usize) -> bool {
        matches!(
            self.e.els[at].what,
            What::Comma | What::Slash | What::Lex(Class::Or | Class::And | Class::AndOr, _)
        )
    }

    /// `brought by her mother`, `lives with his wife`: somebody is there, nothing is said of them.
    fn is_mentioned_apart(&self, at: usize) -> bool {
        (at.saturating_sub(3)..at).any(|near| matches!(self.word(near).as_str(), "by" | "with" | "to"))
    }

    /// `pneumonia was ruled out`: denies what stands before.
    fn ruled_out(&mut self) {
        let Some(whole) = (!self.e.els.is_empty()).then(|| self.text(0..self.e.els.len()).to_lowercase())
        else {
            return;
        };
        let Some(at) = ["ruled out", "was excluded", "were excluded", "is absent", "are absent"]
            .iter()
            .find_map(|words| whole.find(words))
        else {
            return;
        };
        let from = self.bytes(0..1).start;
        for i in 0..self.e.els.len() {
            if self.bytes(i..i + 1).end <= from + at {
                self.said[i].denied = true;
            }
        }
    }

    /// Times are said of what stands before them, up to a comma; if nothing does, of what stands behind.
    fn times(&mut self, written: Date) {
        if self.e.els.is_empty() {
            return;
        }
        let mut timed = vec![false; self.e.els.len()];
        for told in when::times(self.note, self.bytes(0..self.e.els.len()), written) {
            let at = |byte: usize, after: bool| {
                (0..self.e.els.len()).find(|at| {
                    let bytes = self.bytes(*at..*at + 1);
                    if after { bytes.start >= byte } else { bytes.end > byte }
                })
            };
            let first = at(told.from, false).unwrap_or(self.e.els.len());
            let behind = at(told.to, true).unwrap_or(self.e.els.len());
            self.said[first.min(behind)..behind].iter_mut().for_each(|said| said.is_time = true);
            let parts = |at: &usize| {
                matches!(self.e.els[*at].what, What::Stop | What::Semi | What::Break | What::Comma)
                    || timed[*at]
            };
            let before: Vec<usize> = (0..first).rev().take_while(|at| !parts(at)).collect();
            let names = |list: &[usize]| {
                list.iter().any(|at| matches!(self.e.els[*at].what, What::Var(_) | What::Named(_)))
            };
            let from =
                behind + usize::from(self.e.els.get(behind).is_some_and(|el| matches!(el.what, What::Comma)));
            let after = || (from..self.e.els.len()).take_while(|at| !parts(at)).collect::<Vec<usize>>();
            let of = if names(&before) { before } else { [before, after()].concat() };
            // What was diagnosed then goes on, as far as that is said.
            let what = match told.what {
                Time::On(date) if of.iter().any(|at| self.word(*at).starts_with("diagnos")) => {
                    Time::Since(date)
                }
                what => what,
            };
            for at in of {
                timed[at] = true;
                self.said[at].tell(what);
            }
        }
    }
}

impl Said {
    fn tell(&mut self, time: Time) {
        match time {
            Time::On(date) => (self.start, self.then) = (Some(date), true),
            Time::Since(date) => self.start = Some(date),
            Time::Unclear => self.then = true,
            Time::Over => (self.past, self.then) = (true, true),
        }
    }
}
