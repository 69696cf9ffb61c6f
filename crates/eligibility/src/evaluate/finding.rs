//! What was found of a criterion for a person, with what it rests on.
//!
//! Nothing can be settled without evidence, and nothing left open without saying what is missing: both lists have a
//! first member by their type.

use std::fmt;

use model::{PartialDate, Source};

use super::Absence;
use super::settings::Settings;
use crate::tree::{Item, Kind, Polarity, Quantity, Reason, Unread};

/// Three-valued truth; `min` is and, `max` is or.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It is not so.
    NotMet,
    /// It is not known.
    Unknown,
    /// It is so.
    Met,
}

impl Truth {
    /// The truth of something known.
    pub fn of(is: bool) -> Self {
        if is { Self::Met } else { Self::NotMet }
    }

    /// The opposite.
    pub fn negated(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::Unknown => Self::Unknown,
            Self::NotMet => Self::Met,
        }
    }

    /// `met`, `not_met`, `unknown`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Unknown => "unknown",
            Self::NotMet => "not_met",
        }
    }
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A list that has at least one member.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMore<T> {
    /// The first.
    pub first: T,
    /// Those behind it.
    pub rest: Vec<T>,
}

impl<T> OneOrMore<T> {
    /// One.
    pub fn one(first: T) -> Self {
        Self { first, rest: Vec::new() }
    }

    /// Those of a list that is not empty.
    pub fn of(list: impl IntoIterator<Item = T>) -> Option<Self> {
        let mut list = list.into_iter();
        let first = list.next()?;
        Some(Self { first, rest: list.collect() })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.first).chain(&self.rest)
    }
}

impl<T> IntoIterator for OneOrMore<T> {
    type Item = T;
    type IntoIter = std::iter::Chain<std::iter::Once<T>, std::vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        std::iter::once(self.first).chain(self.rest)
    }
}

/// The place of a node: the number of the child on each level, from the root.
pub type Path = Vec<u16>;

/// Something that a truth rests on, and the leaf it was found for.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The place of the leaf in the tree.
    pub at: Path,
    /// What it is.
    pub ground: Ground,
}

/// What a truth rests on.
#[derive(Clone, Debug, PartialEq)]
pub enum Ground {
    /// A recorded fact.
    Fact(Box<Cited>),
    /// The sex or the age of the person, in words.
    Person(String),
    /// The recorded death of the person.
    Death {
        /// Its day, as far as it is known.
        date: Option<PartialDate>,
        /// Where it stands.
        source: Source,
    },
    /// Nothing is recorded, and the source is complete.
    Complete {
        /// What is not recorded.
        of: String,
    },
    /// Nothing is recorded, and by the policy that means that it is not so: a presumption.
    Presumed {
        /// What is not recorded.
        of: String,
        /// By which policy.
        policy: Absence,
    },
    /// A person has answered.
    Answer {
        /// The question.
        question: String,
        /// Who.
        by: String,
    },
    /// The words restrict nothing.
    Words(String),
}

/// A fact as it is cited.
#[derive(Clone, Debug, PartialEq)]
pub struct Cited {
    /// Its place among the facts of the person.
    pub fact: usize,
    /// Where it stands.
    pub source: Source,
    /// Its words.
    pub quote: String,
    /// Its value with the unit, as recorded.
    pub value: Option<String>,
    /// When it began, was measured or was done.
    pub date: Option<PartialDate>,
    /// How the value was converted to be compared.
    pub conversion: Option<Conversion>,
    /// Whether it says that it is not so.
    pub denied: bool,
}

/// A conversion of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// As recorded, or as the criterion prints it.
    pub from: Quantity,
    /// As compared.
    pub to: Quantity,
}

/// Something that would decide, and the leaf that asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// The place of the leaf in the tree.
    pub at: Path,
    /// What is wanted.
    pub want: Want,
}

/// What would decide.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Want {
    /// A value of a variable.
    Value { var: String },
    /// A value that is not too old to tell how it is.
    Newer { var: String },
    /// A value that can be used: the recorded one is impossible or has no usable unit.
    Usable { var: String },
    /// Which of several values of one time is right.
    Agreement { var: String },
    /// Values before and after, or through a time.
    Series { var: String },
    /// The laboratory's limits of normal.
    Limits { var: String },
    /// Whether a fact is so.
    Fact { kind: Kind, of: String },
    /// When it was.
    Date { of: String },
    /// What is said of a fact besides what and when.
    Quality { of: String, key: &'static str, value: String },
    /// A date of birth that is exact enough.
    Birth,
    /// The sex.
    Sex,
    /// A list that the protocol has.
    List { of: String },
    /// The date of an event of the study.
    Anchor { name: String },
    /// Whether a suggested unit was meant.
    Repair { var: String, unit: String },
    /// Which reading of the text was meant.
    Reading,
    /// The answer of a person.
    Answer { reason: Reason, question: String },
}

/// The truth of a tree or a part of it, with what it rests on or what is missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    state: State,
    conflict: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum State {
    Settled { holds: bool, because: OneOrMore<Evidence> },
    Open { missing: OneOrMore<Missing>, seen: Vec<Evidence> },
}

impl Outcome {
    /// It is known to hold or not.
    pub fn settled(holds: bool, because: OneOrMore<Evidence>) -> Self {
        Self { state: State::Settled { holds, because }, conflict: false }
    }

    /// It is not known.
    pub fn open(missing: Missing) -> Self {
        Self { state: State::Open { missing: OneOrMore::one(missing), seen: Vec::new() }, conflict: false }
    }

    /// It is not known although something is recorded.
    pub fn open_seen(missing: Missing, seen: Vec<Evidence>) -> Self {
        Self { state: State::Open { missing: OneOrMore::one(missing), seen }, conflict: false }
    }

    /// It is not known because what is recorded contradicts itself.
    pub fn conflicting(missing: Missing, seen: Vec<Evidence>) -> Self {
        Self { conflict: true, ..Self::open_seen(missing, seen) }
    }

    /// Whether it holds.
    pub fn truth(&self) -> Truth {
        match &self.state {
            State::Settled { holds, .. } => Truth::of(*holds),
            State::Open { .. } => Truth::Unknown,
        }
    }

    /// What it rests on, or what was seen and did not decide.
    pub fn evidence(&self) -> Vec<&Evidence> {
        match &self.state {
            State::Settled { because, .. } => because.iter().collect(),
            State::Open { seen, .. } => seen.iter().collect(),
        }
    }

    /// What would decide; empty exactly if it is settled.
    pub fn missing(&self) -> Vec<&Missing> {
        match &self.state {
            State::Settled { .. } => Vec::new(),
            State::Open { missing, .. } => missing.iter().collect(),
        }
    }

    /// Whether it is settled only by a presumption.
    pub fn is_presumed(&self) -> bool {
        match &self.state {
            State::Settled { because, .. } => {
                because.iter().any(|evidence| matches!(evidence.ground, Ground::Presumed { .. }))
            }
            State::Open { .. } => false,
        }
    }

    /// Whether it is open because records contradict each other.
    pub fn is_conflict(&self) -> bool {
        self.conflict && self.truth() == Truth::Unknown
    }

    /// The opposite.
    pub fn negated(self) -> Self {
        let state = match self.state {
            State::Settled { holds, because } => State::Settled { holds: !holds, because },
            open => open,
        };
        Self { state, ..self }
    }

    /// Whether at least `k` hold: known as soon as the open ones cannot change it.
    ///
    /// It rests on those that decide; presumptions are cited only if it does not hold without them.
    pub fn at_least(k: usize, args: Vec<Self>) -> Option<Self> {
        let count = |truth| args.iter().filter(|arg| arg.truth() == truth).count();
        let (met, not_met) = (count(Truth::Met), count(Truth::NotMet));
        let decided = match () {
            () if met >= k => Some((true, k)),
            () if args.len() - not_met < k => Some((false, args.len() + 1 - k)),
            () => None,
        };
        match decided {
            Some((holds, enough)) => {
                let because = deciding(args, Truth::of(holds), enough);
                Some(Self::settled(holds, OneOrMore::of(because)?))
            }
            None => Self::unsettled(args),
        }
    }

    /// What several that are open together lack.
    fn unsettled(args: Vec<Self>) -> Option<Self> {
        let (mut lacking, mut known, mut conflict) = (Vec::new(), Vec::new(), false);
        for arg in args {
            conflict |= arg.conflict;
            if let State::Open { missing, seen } = arg.state {
                lacking.extend(missing);
                known.extend(seen);
            }
        }
        Some(Self { state: State::Open { missing: OneOrMore::of(lacking)?, seen: known }, conflict })
    }
}

/// What those of a truth value rest on; those that are presumed only if the others are not enough.
fn deciding(args: Vec<Outcome>, truth: Truth, enough: usize) -> Vec<Evidence> {
    let sure = args.iter().filter(|arg| arg.truth() == truth && !arg.is_presumed()).count();
    let keep = |arg: &Outcome| arg.truth() == truth && (sure < enough || !arg.is_presumed());
    let because = args.into_iter().filter(keep).filter_map(|arg| match arg.state {
        State::Settled { because, .. } => Some(because),
        State::Open { .. } => None,
    });
    because.flatten().collect()
}

/// What was found of one criterion for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    polarity: Polarity,
    outcome: Outcome,
    /// What the tree alone says, and whether only by a presumption.
    read: (Truth, bool),
}

impl Finding {
    /// What a tree is, under a polarity.
    pub fn new(polarity: Polarity, outcome: Outcome) -> Self {
        let read = (outcome.truth(), outcome.is_presumed());
        Self { polarity, outcome, read }
    }

    /// Several criteria as one that asks for all of them: of a text that was cut into items.
    pub fn together(polarity: Polarity, findings: Vec<Self>) -> Option<Self> {
        let met = findings.into_iter().map(|finding| match finding.polarity {
            Polarity::Require => finding.outcome,
            Polarity::Forbid => finding.outcome.negated(),
        });
        let met: Vec<Outcome> = met.collect();
        let all = Outcome::at_least(met.len(), met)?;
        let outcome = if polarity == Polarity::Forbid { all.negated() } else { all };
        Some(Self::new(polarity, outcome))
    }

    /// The finding, as far as it is one without the words of the item that were not read: a person must see to them,
    /// or has.
    pub(super) fn with_unread(self, item: &Item, settings: &Settings) -> Self {
        let seen_to = |words: &str| {
            let question = words.to_owned();
            match settings.answer_of_words(words) {
                Some(answer) => {
                    let ground = Ground::Answer { question, by: answer.by.clone() };
                    Outcome::settled(answer.holds, OneOrMore::one(Evidence { at: Path::new(), ground }))
                }
                None => {
                    let want = Want::Answer { reason: Reason::NotInRecord, question };
                    Outcome::open(Missing { at: Path::new(), want })
                }
            }
        };
        let Self { polarity, outcome, read } = self;
        let outcome = item.unread(Unread::Alternative).fold(outcome, |so_far, words| {
            Outcome::at_least(1, vec![so_far.clone(), seen_to(words)]).unwrap_or(so_far)
        });
        let outcome = item.unread(Unread::Condition).fold(outcome, |so_far, words| {
            Outcome::at_least(2, vec![so_far.clone(), seen_to(words)]).unwrap_or(so_far)
        });
        Self { polarity, outcome, read }
    }

    /// What the criterion would be found to be if all of it had been read, and whether only by a presumption: a hint
    /// for an order, never a verdict.
    pub fn leaning(&self) -> (Truth, bool) {
        let (holds, is_presumed) = self.read;
        let met = if self.polarity == Polarity::Forbid { holds.negated() } else { holds };
        (met, is_presumed)
    }

    /// Whether the person meets the criterion: for what is forbidden, whether it is not so.
    pub fn truth(&self) -> Truth {
        match self.polarity {
            Polarity::Require => self.holds(),
            Polarity::Forbid => self.holds().negated(),
        }
    }

    /// Whether what the criterion says is so.
    pub fn holds(&self) -> Truth {
        self.outcome.truth()
    }

    /// What it rests on; for an unknown what was seen and did not decide.
    pub fn evidence(&self) -> Vec<&Evidence> {
        self.outcome.evidence()
    }

    /// What would decide; empty exactly if it is settled.
    pub fn missing(&self) -> Vec<&Missing> {
        self.outcome.missing()
    }

    /// Whether it is settled only by a presumption.
    pub fn is_presumed(&self) -> bool {
        self.outcome.is_presumed()
    }

    /// Whether it is unknown because records contradict each other.
    pub fn is_conflict(&self) -> bool {
        self.outcome.is_conflict()
    }
}
