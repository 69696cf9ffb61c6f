//! What is said of the things that a sentence names: denied, doubted, past, planned, or of the family.

use std::ops::Range;

use jiff::{ToSpan, civil::Date};
use model::{PartialDate, Source};
use rust_decimal::prelude::ToPrimitive;

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
const ENDS: [&str; 8] = ["but", "however", "although", "though", "which", "except", "until", "whereas"];
const SEVERITY: [&str; 6] = ["severe", "mild", "moderate", "severely", "mildly", "moderately"];

impl<'c> Clause<'c> {
    /// A sentence, with what its words say of what stands behind them.
    pub fn new(note: &'c str, e: &'c Elements, written: Date) -> Self {
        let mut clause = Self { note, e, said: vec![Said::default(); e.els.len()] };
        clause.forward();
        clause.ruled_out();
        clause.ago(written);
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
                What::Lex(Class::Ever, _) if word.contains("history") => now.history = true,
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

    /// `3 months ago`, `at age 26`: when what stands before it was.
    fn ago(&mut self, written: Date) {
        for at in 0..self.e.els.len() {
            let start = match self.word(at).as_str() {
                "ago" | "earlier" if at > 0 => self.time_before(at - 1, written),
                "age" if at > 0 && self.word(at - 1) == "at" => None,
                _ => continue,
            };
            let over = self.word(at) == "age";
            let clause =
                (0..at).rev().take_while(|i| !matches!(self.e.els[*i].what, What::Stop | What::Semi));
            let reached: Vec<usize> =
                clause.take_while(|i| !matches!(self.e.els[*i].what, What::Comma)).collect();
            for i in reached {
                self.said[i].past |= over;
                self.said[i].start = self.said[i].start.or(start);
            }
        }
    }

    /// The date so long before the note, as exactly as the words are.
    fn time_before(&self, at: usize, written: Date) -> Option<PartialDate> {
        let What::Quant(quant) = self.e.els[at].what else { return None };
        let quant = self.e.quants.get(quant as usize)?;
        let value = quant.value()?.ceil().to_i32().filter(|value| (0..1000).contains(value))?;
        let (span, parts) = match quant.unit?.as_str() {
            "a" => (value.years(), 1),
            "mo" => (value.months(), 2),
            "wk" => (value.weeks(), 3),
            "d" => (value.days(), 3),
            "h" | "min" => (0.days(), 3),
            _ => return None,
        };
        let day = written.checked_sub(span).ok()?;
        PartialDate::new(day.year(), (parts > 1).then(|| day.month()), (parts > 2).then(|| day.day()))
    }
}
