//! Leaves: what criteria ask of a person, each once however many criteria ask it.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Birth, Sex, StatedAge, Subject};
use serde::{Deserialize, Serialize};

use super::super::assessment::Standing;
use super::super::fact::{is_class_of_drugs, is_list, is_unknown_allergy, kinds_of};
use super::super::finding::{Outcome, Truth, Want};
use super::super::human::Question;
use super::super::person::{About, Person};
use super::super::settings::{Absence, Settings};
use super::super::target::{Sort, Target};
use super::super::time::{self, Asked};
use super::super::value::repaired;
use super::super::{Side, Walk};
use super::topic::{Meaning, Topic, Topics, each_topic};
use super::values::{Groups, is_plain};
use crate::notation;
use crate::tree::{Bound, Cmp, Concept, Has, Kind, Node, Op, Relation, Span, Var, When};

/// A leaf, and how it is evaluated.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Leaf {
    /// What it asks. Any part of a tree may be a leaf: then it is walked.
    node: Node,
    side: Side,
    how: How,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum How {
    /// By the facts of one concept. `female`: only a woman can be so.
    Facts { topic: u32, female: bool },
    /// Together with the other bounds of its group.
    Values,
    /// By the evaluator that walks trees.
    Walked,
}

/// The leaves of some criteria, and what a topic has to do with them.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub all: Vec<Leaf>,
    pub topics: Topics,
    pub groups: Groups,
    /// For each topic the leaves that depend on it.
    pub of_topic: Vec<Dependents>,
}

/// What depends on a topic.
#[derive(Debug, Default)]
pub(super) struct Dependents {
    pub leaves: Vec<u32>,
    pub groups: Vec<u32>,
}

/// What is known while criteria are compiled.
#[derive(Debug)]
pub(super) struct Known<'s> {
    /// The settings, if they are known: then a plan is made for them alone.
    pub settings: Option<&'s Settings>,
    leaves: HashMap<(Side, Key), u32>,
    concepts: HashMap<(Concept, Box<str>, Sort), (u32, bool)>,
}

impl<'s> Known<'s> {
    pub fn new(settings: Option<&'s Settings>) -> Self {
        Self { settings, leaves: HashMap::new(), concepts: HashMap::new() }
    }

    /// Only these policies look at the side.
    fn side(&self, side: Side) -> Side {
        match self.settings.map(|settings| settings.absence) {
            None | Some(Absence::Clinical) => side,
            Some(Absence::Closed) => Side { forbidden: false, ..side },
            Some(Absence::Open) => Side { forbidden: false, rules_out: false },
        }
    }
}

impl Leaves {
    /// The number of the leaf of a node.
    pub fn number(&mut self, node: &Node, side: Side, known: &mut Known<'_>) -> u32 {
        let plain = known.settings.and_then(|settings| plain(node, settings));
        let node = plain.as_ref().unwrap_or(node);
        let key = (known.side(side), self.key(node, known));
        if let Some(number) = known.leaves.get(&key) {
            return *number;
        }
        let number = self.all.len() as u32;
        let leaf = Leaf { node: stripped(node), side: key.0, how: How::of(&key.1) };
        self.depend(number, &leaf);
        self.all.push(leaf);
        known.leaves.insert(key, number);
        number
    }

    /// Leaves as they were kept; `None` if they do not fit together.
    pub fn of_kept(all: Vec<Leaf>, topics: Vec<Topic>, of_topic: Vec<Vec<u32>>) -> Option<Self> {
        let mut leaves = Self::default();
        for (number, topic) in topics.into_iter().enumerate() {
            (leaves.topics.number(topic) as usize == number).then_some(())?;
        }
        let known = leaves.topics.len();
        let of = |leaves| Dependents { leaves, groups: Vec::new() };
        leaves.of_topic = of_topic.into_iter().map(of).collect();
        for (number, leaf) in all.iter().enumerate() {
            match (&leaf.how, &leaf.node.op) {
                (How::Values, Op::Cmp(cmp)) => leaves.group(number as u32, cmp),
                (How::Facts { topic, .. }, Op::Has(_)) if (*topic as usize) < known => {}
                (How::Walked, _) => {}
                _ => return None,
            }
        }
        leaves.all = all;
        leaves.index();
        Some(leaves)
    }

    /// Notes which topics a leaf depends on.
    fn depend(&mut self, number: u32, leaf: &Leaf) {
        match (leaf.how, &leaf.node.op) {
            (How::Values, Op::Cmp(cmp)) => self.group(number, cmp),
            (How::Facts { topic, .. }, Op::Has(has)) => {
                self.dependents_of(topic).leaves.push(number);
                // Whether all of a time was recorded matters for times before.
                if has.when.as_ref().is_some_and(|when| when.relation == Relation::Before) {
                    self.dependents(Topic::Observed).leaves.push(number);
                }
                if is_class_of_drugs(has) {
                    self.dependents(Topic::Drug).leaves.push(number);
                }
                if is_unknown_allergy(has) {
                    self.dependents(Topic::Allergy).leaves.push(number);
                }
                for kind in kinds_of(has) {
                    self.dependents(Topic::Concept(kind)).leaves.push(number);
                }
            }
            (_, _) => {
                let mut topics = Vec::new();
                each_topic(&leaf.node, &mut |topic| topics.push(topic));
                for topic in topics {
                    let leaves = &mut self.dependents(topic).leaves;
                    leaves.extend((leaves.last() != Some(&number)).then_some(number));
                }
            }
        }
    }

    /// Puts bounds into their group.
    fn group(&mut self, number: u32, cmp: &Cmp) {
        let group = self.groups.add(number, cmp.clone()) as u32;
        let age = (&*cmp.var.0 == "age").then_some(Topic::Birth);
        for topic in age.into_iter().chain([Topic::of_variable(&cmp.var.0)]) {
            let groups = &mut self.dependents(topic).groups;
            groups.extend((groups.last() != Some(&group) && !groups.contains(&group)).then_some(group));
        }
    }

    fn dependents(&mut self, topic: Topic) -> &mut Dependents {
        let number = self.topics.number(topic);
        self.dependents_of(number)
    }

    fn dependents_of(&mut self, topic: u32) -> &mut Dependents {
        let number = topic as usize;
        if self.of_topic.len() <= number {
            self.of_topic.resize_with(number + 1, Dependents::default);
        }
        &mut self.of_topic[number]
    }

    /// Makes what is looked up.
    pub fn index(&mut self) {
        self.topics.index();
        self.groups.index();
    }

    /// What is the same for nodes which are the same for every person.
    fn key(&mut self, node: &Node, known: &mut Known<'_>) -> Key {
        let answered = |text: &str| known.settings.is_some_and(|s| s.answer_of_words(text).is_some());
        match &node.op {
            Op::True { .. } => Key::True,
            Op::Human { reason, text } if !answered(text) => Key::Human(Question::new(*reason, text)),
            Op::Guideline { .. } => Key::Guideline,
            Op::Washout { .. } => Key::Washout,
            Op::Cmp(cmp) if is_plain(cmp) => Key::Cmp(cmp.var.clone(), cmp.unit.clone(), cmp.lo, cmp.hi),
            Op::Has(has) if is_simple(has) && !answered(&has.text) => {
                let (topic, female) = self.concept(has, known);
                let Has { kind, when, severity, control, course, significance, evidence, form, .. } = &**has;
                let quality = [severity, control, course, significance, evidence, form, &has.site];
                let quality = quality.map(|quality| quality.as_deref().map(Into::into));
                let (kind, when, count) = (*kind, when.clone(), has.count);
                Key::Has { topic, female, kind, when, quality: Box::new(quality), count }
            }
            _ => Key::Tree(notation::node(node).to_string().into()),
        }
    }

    /// The topic of a concept, and whether only a woman can be so; each is looked up once.
    fn concept(&mut self, has: &Has, known: &mut Known<'_>) -> (u32, bool) {
        let key = (has.concept.clone(), has.text.as_str().into(), Sort::of(has.kind));
        *known.concepts.entry(key).or_insert_with(|| {
            let target = Target::of(has);
            let female = target.is_female_only();
            (self.topics.number(Topic::Concept(target)), female)
        })
    }
}

/// All that matters of a leaf for the truth of it.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    True,
    Human(Question),
    Guideline,
    Washout,
    Cmp(Var, String, Option<Bound>, Option<Bound>),
    Has {
        topic: u32,
        female: bool,
        kind: Kind,
        when: Option<When>,
        quality: Box<[Option<Box<str>>; 7]>,
        count: Option<Bound>,
    },
    Tree(Box<str>),
}

impl How {
    fn of(key: &Key) -> Self {
        match key {
            Key::Cmp(..) => Self::Values,
            Key::Has { topic, female, .. } => Self::Facts { topic: *topic, female: *female },
            _ => Self::Walked,
        }
    }
}

/// A node without what is not evaluated.
fn stripped(node: &Node) -> Node {
    let mut node = node.clone();
    node.each_mut(&mut |node| {
        node.span = Span::default();
        if let Op::Has(has) = &mut node.op {
            (has.examples, has.subtypes, has.relax) = (Vec::new(), Vec::new(), None);
        }
    });
    node
}

/// A bound whose repair is accepted, as it is compared.
fn plain(node: &Node, settings: &Settings) -> Option<Node> {
    let Op::Cmp(cmp) = &node.op else { return None };
    let repair = cmp.repair.as_ref().filter(|_| settings.accept_repairs)?;
    Some(Node { op: Op::Cmp(Box::new(repaired(cmp, repair.canonical.clone()))), ..node.clone() })
}

/// Whether a fact is present is decided by the facts of its concept alone.
fn is_simple(has: &Has) -> bool {
    let defined = has.defined_by.as_deref().is_some_and(|node| !matches!(node.op, Op::Guideline { .. }));
    !defined && !is_list(&has.concept.0)
}

/// What of a person counts without any fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Class(pub usize);

impl Class {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// The class of a person.
    pub fn of(subject: &Subject, settings: &Settings) -> Self {
        let sex = match subject.sex {
            Some(Sex::Female) => 0,
            Some(Sex::Male) => 1,
            Some(Sex::Other) | None => 2,
        };
        let nobody = Person::with_names(subject, Vec::new());
        let pregnant =
            Walk::brief(&nobody, settings, Side { forbidden: false, rules_out: false }).may_be_pregnant();
        Self(2 * sex + usize::from(pregnant))
    }

    /// A person of whom nothing else is known.
    fn person(self) -> Subject {
        let sex = [Some(Sex::Female), Some(Sex::Male), None][self.0 / 2];
        // Whoever may not be pregnant has a birth; what that is to bounds of age is told by the birth itself.
        let aged = |years: u32| Birth::Age(StatedAge { value: years.into(), unit: "a".to_owned(), on: None });
        Subject { sex, birth: self.0.is_multiple_of(2).then(|| aged(90)), ..Subject::default() }
    }

    /// What becomes of each leaf for a person without facts.
    pub fn defaults(self, leaves: &[Leaf], asked: &[Asked], settings: &Settings) -> Vec<Standing> {
        let subject = self.person();
        let mut asking = Asking::new(&subject, &[], &[], settings);
        let nobody = Person::with_names(&subject, Vec::new());
        let of = |(leaf, asked): (&Leaf, &Asked)| {
            let settled = asking.leaf(leaf, *asked);
            settled.unwrap_or_else(|| standing(&Walk::brief(&nobody, settings, leaf.side).node(&leaf.node)))
        };
        leaves.iter().zip(asked).map(of).collect()
    }
}

/// A topic of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    pub topic: u32,
    /// The place of the fact that is about it; none for what is no fact.
    pub fact: Option<u32>,
    /// Whether the fact is that very thing, and not a narrower one.
    pub same: bool,
}

/// A person of whom facts are asked.
pub(super) struct Asking<'s> {
    subject: &'s Subject,
    settings: &'s Settings,
    meanings: &'s [Arc<Meaning>],
    hits: &'s [Hit],
    nobody: Person<'s>,
    /// The names of the facts, once they have been needed.
    named: Option<Person<'s>>,
    /// The topic at hand, and the facts that are about it.
    topic: u32,
    facts: Vec<About<'s>>,
    /// Those of another topic.
    others: Vec<About<'s>>,
}

impl<'s> Asking<'s> {
    /// Of a person, whose facts have these meanings and are about these topics.
    pub fn new(
        subject: &'s Subject,
        meanings: &'s [Arc<Meaning>],
        hits: &'s [Hit],
        settings: &'s Settings,
    ) -> Self {
        let nobody = Person::with_names(subject, Vec::new());
        let (facts, others) = (Vec::new(), Vec::new());
        Self { subject, settings, meanings, hits, nobody, named: None, topic: u32::MAX, facts, others }
    }

    /// Turns to a topic, with what is about it.
    pub fn about(&mut self, topic: u32, hits: &[Hit]) {
        self.topic = topic;
        put(self.subject, hits, &mut self.facts);
    }

    /// The facts about the topic at hand.
    pub fn facts(&self) -> &[About<'s>] {
        &self.facts
    }

    /// What becomes of a leaf, which asks for its fact then. None if its group tells.
    pub fn leaf(&mut self, leaf: &Leaf, asked: Asked) -> Option<Standing> {
        let names = || self.meanings.iter().map(|meaning| meaning.names.clone()).collect();
        match (&leaf.how, &leaf.node.op) {
            (How::Values, _) => None,
            (How::Facts { topic, female }, Op::Has(has)) => {
                if *topic != self.topic {
                    let from = self.hits.partition_point(|hit| hit.topic < *topic);
                    let to = from + self.hits[from..].partition_point(|hit| hit.topic == *topic);
                    put(self.subject, &self.hits[from..to], &mut self.others);
                }
                let of = if *topic == self.topic { &self.facts } else { &self.others };
                // Whether something of its kind is recorded.
                let by_kind = self.settings.absence == Absence::Closed && has.concept.0.starts_with("text:");
                let person = match by_kind {
                    true => self.named.get_or_insert_with(|| Person::with_names(self.subject, names())),
                    false => &self.nobody,
                };
                let walk = Walk::brief(person, self.settings, leaf.side);
                Some(walk.standing_among(has, of, asked, *female))
            }
            _ => {
                let person = self.named.get_or_insert_with(|| Person::with_names(self.subject, names()));
                Some(standing(&Walk::brief(person, self.settings, leaf.side).node(&leaf.node)))
            }
        }
    }
}

/// The facts of some hits.
fn put<'s>(subject: &'s Subject, hits: &[Hit], facts: &mut Vec<About<'s>>) {
    let about = |at: u32, same| About { at: at as usize, fact: &subject.facts[at as usize], same };
    facts.clear();
    facts.extend(hits.iter().filter_map(|hit| Some(about(hit.fact?, hit.same))));
}

/// Whether a node holds, and if that is open, who could tell.
fn standing(outcome: &Outcome) -> Standing {
    match outcome.truth() {
        Truth::Met => Standing::Met,
        Truth::NotMet => Standing::NotMet,
        Truth::Unknown => {
            let asks_people =
                outcome.missing().iter().all(|missing| matches!(missing.want, Want::Answer { .. }));
            if asks_people { Standing::ForPerson } else { Standing::Unknown }
        }
    }
}

impl Leaf {
    /// When it asks for its fact, if it asks for one.
    pub fn asked(&self, settings: &Settings) -> Asked {
        match (&self.how, &self.node.op) {
            (How::Facts { .. }, Op::Has(has)) => time::asked(has, settings),
            _ => Asked::Ever,
        }
    }

    /// Whether it is evaluated by the evaluator that walks trees.
    pub fn is_walked(&self) -> bool {
        matches!(self.how, How::Walked)
    }
}
