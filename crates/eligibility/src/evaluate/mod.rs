//! Criteria held against a person: three-valued truth with its evidence.
//!
//! The rules are those of the notation (`docs/criteria-language.md`): what is not recorded is unknown unless the
//! [`Absence`] policy says otherwise, and and, or, not and counts are Kleene's. Every [`Finding`] cites the facts it
//! rests on, with the conversions, or says what would decide.
//!
//! Where the rules leave a choice:
//!
//! - of a variable the latest value counts, for two years unless the settings say otherwise; values that may be of the same day and disagree are a conflict;
//! - a fact of a narrower heading of MeSH counts for a broader concept, not the other way round;
//! - a fact that ended, or is recorded as not so, is absent now, and nothing wider than it; whether there was another in a
//!   window of the past stays unknown;
//! - a disease that comes at once (a stroke, a fracture) is in a window if it began in it, even if the record keeps it as
//!   one that goes on; whether what is recorded without a status goes on stays unknown in windows;
//! - windows include the day of the anchor; months and years are those of the calendar;
//! - whom none of the inclusion criteria that say who is wanted is known to fit is not found eligible ([`defining`]);
//! - who has died by the index date is ineligible, whatever the criteria say ([`is_alive`]);
//! - `known` is whatever is recorded without doubt; a provisional record leaves it open.

mod answer;
mod assessment;
mod below;
mod called;
pub mod compiled;
mod course;
mod fact;
mod finding;
mod human;
mod json;
mod life;
mod person;
mod settings;
mod target;
mod time;
mod tobacco;
mod value;
mod words;

pub use answer::{About, Answer, phrase};
pub use assessment::{Assessment, Ruling, Standing, Verdict, assess, defining, hold_back};
pub use finding::{
    Cited, Conversion, Evidence, Finding, Ground, Missing, OneOrMore, Outcome, Path, Truth, Want,
};
pub use json::finding as to_json;
pub use life::{is_alive, life};
pub use person::Person;
pub use settings::{Absence, Settings, VALUES_LAST};
pub use time::moved;
pub use value::{latest, lived, words as value_words};

use crate::tree::{Item, Node, Op, Polarity, Reason};

/// Whether a person meets a criterion.
pub fn evaluate(item: &Item, person: &Person<'_>, settings: &Settings) -> Finding {
    let polarity = item.polarity.unwrap_or(Polarity::Require);
    let finding = match &item.expr {
        Some(expr) => {
            let finding = evaluate_node(expr, polarity, person, settings);
            finding.with_unread(item, settings)
        }
        None => {
            let want = Want::Answer { reason: Reason::NotInRecord, question: item.source.clone() };
            Finding::new(polarity, Outcome::open(Missing { at: Vec::new(), want }))
        }
    };
    answer::settled(item, polarity, finding, settings)
}

/// Whether a person is as a tree says, or must not be.
pub fn evaluate_node(node: &Node, polarity: Polarity, person: &Person<'_>, settings: &Settings) -> Finding {
    let forbidden = polarity == Polarity::Forbid;
    let mut walk = Walk { person, settings, at: Vec::new(), forbidden, rules_out: forbidden, brief: false };
    Finding::new(polarity, walk.node(node))
}

/// A walk through a tree.
pub(crate) struct Walk<'w, 's> {
    person: &'w Person<'s>,
    settings: &'w Settings,
    /// The place of the node.
    at: Path,
    /// Whether the whole criterion says who is ruled out.
    forbidden: bool,
    /// Whether the person is ruled out if the node is true: then the clinical policy may presume that it is not.
    rules_out: bool,
    /// Whether only the truth is asked for: then facts are counted as evidence and not cited.
    brief: bool,
}

/// Where a node stands in its criterion, as far as that matters for what is presumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Side {
    /// Whether the whole criterion says who is ruled out.
    pub forbidden: bool,
    /// Whether the person is ruled out if the node is true.
    pub rules_out: bool,
}

impl<'w, 's> Walk<'w, 's> {
    /// A walk from a node inside a criterion, for its truth alone.
    pub fn brief(person: &'w Person<'s>, settings: &'w Settings, side: Side) -> Self {
        let Side { forbidden, rules_out } = side;
        Self { person, settings, at: Vec::new(), forbidden, rules_out, brief: true }
    }
}

impl Walk<'_, '_> {
    /// What becomes of a node.
    pub fn node(&mut self, node: &Node) -> Outcome {
        match &node.op {
            Op::True { text, .. } => {
                Outcome::settled(true, OneOrMore::one(self.evidence(Ground::Words(text.clone()))))
            }
            Op::And(args) => self.at_least(args.len(), args),
            Op::Or(args) => self.at_least(1, args),
            Op::AtLeast { k, args } => self.at_least(*k as usize, args),
            Op::Not(arg) => {
                self.rules_out = !self.rules_out;
                let outcome = self.child(0, arg).negated();
                self.rules_out = !self.rules_out;
                outcome
            }
            Op::Ambiguous(args) => self.ambiguous(args),
            Op::Cmp(cmp) => self.cmp(cmp),
            Op::Coded(coded) => self.coded(coded),
            Op::Has(has) => self.has(has),
            Op::Exposure(exposure) => self.exposure(exposure),
            Op::Change(change) => self.change(change),
            Op::Order { first, then, allow_same_time } => self.order(first, then, *allow_same_time),
            Op::Abnormal { vars } => self.abnormal(vars),
            Op::Human { reason, text } => self.human(*reason, text),
            Op::Guideline { reference, .. } => {
                self.open(Want::Answer { reason: Reason::NotInRecord, question: reference.clone() })
            }
            Op::Washout { .. } => self.open(Want::Reading),
        }
    }

    fn child(&mut self, number: usize, node: &Node) -> Outcome {
        self.at.push(number as u16);
        let outcome = self.node(node);
        self.at.pop();
        outcome
    }

    fn children(&mut self, args: &[Node]) -> Vec<Outcome> {
        args.iter().enumerate().map(|(number, arg)| self.child(number, arg)).collect()
    }

    fn at_least(&mut self, k: usize, args: &[Node]) -> Outcome {
        let outcomes = self.children(args);
        Outcome::at_least(k, outcomes).unwrap_or_else(|| self.open(Want::Reading))
    }

    /// What all readings say.
    fn ambiguous(&mut self, args: &[Node]) -> Outcome {
        let outcomes = self.children(args);
        let truth = outcomes.first().map_or(Truth::Unknown, Outcome::truth);
        let agreed = outcomes.iter().all(|outcome| outcome.truth() == truth);
        let joined = match truth {
            Truth::NotMet => Outcome::at_least(1, outcomes),
            Truth::Met | Truth::Unknown => Outcome::at_least(outcomes.len(), outcomes),
        };
        joined.filter(|_| agreed).unwrap_or_else(|| self.open(Want::Reading))
    }

    /// What is not recorded: unknown, or absent by the policy.
    ///
    /// `closes`: whether a complete record would have it. `mentioned`: whether a clinician's note would say it.
    fn unrecorded(&self, of: String, want: Want, closes: bool, mentioned: bool) -> Outcome {
        if !self.is_absent_by_policy(closes, || mentioned) {
            return self.open(want);
        }
        let ground = match self.settings.absence {
            Absence::Clinical => Ground::Presumed { of, policy: Absence::Clinical },
            Absence::Open | Absence::Closed => Ground::Complete { of },
        };
        Outcome::settled(false, OneOrMore::one(self.evidence(ground)))
    }

    /// Whether what is not recorded is absent by the policy.
    fn is_absent_by_policy(&self, closes: bool, mentioned: impl FnOnce() -> bool) -> bool {
        match self.settings.absence {
            Absence::Open => false,
            Absence::Closed => closes,
            Absence::Clinical => self.rules_out && mentioned(),
        }
    }

    /// What the sex alone decides.
    fn by_sex(&self, holds: bool) -> Outcome {
        let word = if self.person.is_male() { "male" } else { "female" };
        Outcome::settled(holds, OneOrMore::one(self.evidence(Ground::Person(word.to_owned()))))
    }

    fn open(&self, want: Want) -> Outcome {
        Outcome::open(self.missing(want))
    }

    fn missing(&self, want: Want) -> Missing {
        Missing { at: self.at.clone(), want }
    }

    /// A fact as evidence.
    fn cite(&self, fact: usize, conversion: Option<Conversion>) -> Evidence {
        match self.brief {
            true => Evidence { at: Path::new(), ground: Ground::Words(String::new()) },
            false => self.evidence(self.person.cite(fact, conversion)),
        }
    }

    fn evidence(&self, ground: Ground) -> Evidence {
        Evidence { at: self.at.clone(), ground }
    }
}
