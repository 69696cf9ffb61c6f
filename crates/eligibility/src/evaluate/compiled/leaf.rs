//! Leaves: what criteria ask of a person, each once however many criteria ask it.

use std::collections::HashMap;
use std::sync::Arc;

use model::{Birth, Fact, Sex, StatedAge, Subject};

use super::super::assessment::Standing;
use super::super::fact::is_list;
use super::super::finding::{Outcome, Truth, Want};
use super::super::human::Question;
use super::super::person::{Names, Person, Target};
use super::super::settings::{Absence, Settings};
use super::super::time::{self, Asked};
use super::super::value::repaired;
use super::super::{Side, Walk};
use super::topic::{Topic, Topics, each_topic};
use super::values::{Groups, is_plain};
use crate::notation;
use crate::tree::{Cmp, Has, Kind, Node, Op};

/// A leaf, and how it is evaluated.
#[derive(Debug)]
pub(super) struct Leaf {
    /// What it asks. Any part of a tree may be a leaf: then it is walked.
    node: Node,
    side: Side,
    how: How,
}

#[derive(Debug)]
enum How {
    /// By the facts of one concept.
    Facts { topic: u32, asked: Asked, female: bool },
    /// Together with the other bounds of its group.
    Values,
    /// By the evaluator that walks trees.
    Walked,
}

/// The leaves of some criteria, and what a topic has to do with them.
#[derive(Debug, Default)]
pub(super) struct Leaves {
    pub all: Vec<Leaf>,
    known: HashMap<Box<str>, u32>,
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

impl Leaves {
    /// The number of the leaf of a node.
    pub fn number(&mut self, node: &Node, side: Side, settings: &Settings) -> u32 {
        // Only these policies look at the side.
        let side = match settings.absence {
            Absence::Clinical => side,
            Absence::Closed => Side { forbidden: false, ..side },
            Absence::Open => Side { forbidden: false, rules_out: false },
        };
        let plain = plain(node, settings);
        let node = plain.as_ref().unwrap_or(node);
        let key = format!("{}{}{}", u8::from(side.forbidden), u8::from(side.rules_out), key(node, settings));
        if let Some(number) = self.known.get(&*key) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.known.insert(key.into(), number);
        let how = self.how(number, node, settings);
        self.all.push(Leaf { node: node.clone(), side, how });
        number
    }

    fn how(&mut self, number: u32, node: &Node, settings: &Settings) -> How {
        match &node.op {
            Op::Cmp(cmp) if is_plain(cmp) => {
                let group = self.groups.add(number, (**cmp).clone()) as u32;
                let age = (&*cmp.var.0 == "age").then_some(Topic::Birth);
                for topic in age.into_iter().chain([Topic::of_variable(&cmp.var.0)]) {
                    let groups = &mut self.dependents(topic).groups;
                    groups.extend((!groups.contains(&group)).then_some(group));
                }
                How::Values
            }
            Op::Has(has) if is_simple(has) => {
                let target = Target::new(&has.concept, &has.text);
                let (female, asked) = (target.is_female_only(), time::asked(has, settings));
                let topic = Topic::Concept(target, has.kind == Kind::Allergy);
                self.dependents(topic.clone()).leaves.push(number);
                if matches!(asked, Asked::Within(_)) {
                    self.dependents(Topic::Observed).leaves.push(number);
                }
                How::Facts { topic: self.topics.number(topic), asked, female }
            }
            _ => {
                let mut topics = Vec::new();
                each_topic(node, &mut |topic| topics.push(topic));
                for topic in topics {
                    let leaves = &mut self.dependents(topic).leaves;
                    leaves.extend((leaves.last() != Some(&number)).then_some(number));
                }
                How::Walked
            }
        }
    }

    fn dependents(&mut self, topic: Topic) -> &mut Dependents {
        let number = self.topics.number(topic) as usize;
        if self.of_topic.len() <= number {
            self.of_topic.resize_with(number + 1, Dependents::default);
        }
        &mut self.of_topic[number]
    }

    /// Makes what is looked up.
    pub fn index(&mut self) {
        self.topics.index();
        self.groups.index();
        self.known = HashMap::new();
    }
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

/// Words that are the same for nodes which are the same for every person.
fn key(node: &Node, settings: &Settings) -> String {
    match &node.op {
        Op::True { .. } => "true".to_owned(),
        Op::Human { reason, text } if settings.answer_of_words(text).is_none() => {
            format!("human {:?}", Question::new(*reason, text))
        }
        Op::Guideline { .. } => "guideline".to_owned(),
        Op::Washout { .. } => "washout".to_owned(),
        Op::Cmp(cmp) if is_plain(cmp) => {
            let Cmp { var, lo, hi, unit, .. } = &**cmp;
            let end = |end: &Option<crate::tree::Bound>| end.map(|b| (b.value.normalize(), b.incl));
            format!("cmp {var} {unit} {:?} {:?}", end(lo), end(hi))
        }
        Op::Has(has) if is_simple(has) => {
            let target = Target::new(&has.concept, &has.text);
            let Has {
                kind, when, severity, control, course, significance, evidence, form, site, count, ..
            } = &**has;
            let quality = (severity, control, course, significance, evidence, form, site);
            format!("has {target:?} {kind} {when:?} {quality:?} {count:?}")
        }
        _ => notation::node(node).to_string(),
    }
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
    pub fn defaults(self, leaves: &[Leaf], settings: &Settings) -> Vec<Standing> {
        let subject = self.person();
        let person = Person::with_names(&subject, Vec::new());
        let of = |leaf: &Leaf| standing(&Walk::brief(&person, settings, leaf.side).node(&leaf.node));
        leaves.iter().map(of).collect()
    }
}

/// A person of whom facts are asked.
pub(super) struct Asking<'s> {
    pub subject: &'s Subject,
    /// The names of the facts, once they have been needed.
    pub named: Option<Person<'s>>,
}

impl<'s> Asking<'s> {
    /// What becomes of a leaf; `facts`: those of its topic. None if its group tells.
    pub fn leaf(
        &mut self,
        leaf: &Leaf,
        facts: impl FnOnce(u32) -> Vec<(usize, &'s Fact)>,
        names: impl FnOnce() -> Vec<Arc<Names>>,
        settings: &Settings,
    ) -> Option<Standing> {
        let outcome = match (&leaf.how, &leaf.node.op) {
            (How::Values, _) => return None,
            (How::Facts { topic, asked, female }, Op::Has(has)) => {
                let person = Person::with_names(self.subject, Vec::new());
                let of = facts(*topic);
                Walk::brief(&person, settings, leaf.side).among(has, &of, *asked, *female)
            }
            _ => {
                let person = self.named.get_or_insert_with(|| Person::with_names(self.subject, names()));
                Walk::brief(person, settings, leaf.side).node(&leaf.node)
            }
        };
        Some(standing(&outcome))
    }
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
    /// Whether it is evaluated by the evaluator that walks trees.
    pub fn is_walked(&self) -> bool {
        matches!(self.how, How::Walked)
    }
}
