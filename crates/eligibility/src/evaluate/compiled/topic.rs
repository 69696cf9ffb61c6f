//! What facts are about, and which criteria ask for that: found by the names of a fact, each name looked up once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use model::{FactKind, What};
use serde::{Deserialize, Serialize};
use vocabulary::ConceptId;

use super::super::called::{Names, norms};
use super::super::fact::{infections_of, is_class_of_drugs, is_list, is_unknown_allergy, kinds_of};
use super::super::human::Question;
use super::super::target::Target;
use crate::tree::{Node, Op, Var};

/// What a criterion asks of the facts. A leaf depends on those facts alone that belong to its topics.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) enum Topic {
    /// Facts that a concept means.
    Concept(Target),
    /// Facts about a variable of the catalogue.
    Variable(Box<str>),
    /// Facts of exactly these words.
    Words(Vec<String>),
    /// Any allergy.
    Allergy,
    /// That there is a date of birth or an age.
    Birth,
    /// That a source says which times it has recorded whole.
    Observed,
    /// Any drug, where a record counts as complete.
    Drug,
}

impl Topic {
    /// The facts about a variable.
    pub fn of_variable(var: &str) -> Self {
        match var.strip_prefix("text:") {
            Some(words) => Self::Words(norms(words)),
            None => Self::Variable(var.into()),
        }
    }
}

/// Calls `found` with the topics of a node and all below it.
pub(super) fn each_topic(node: &Node, found: &mut dyn FnMut(Topic)) {
    node.each(&mut |node| match &node.op {
        Op::Cmp(cmp) => {
            found(Topic::of_variable(&cmp.var.0));
            if &*cmp.var.0 == "age" {
                found(Topic::Birth);
            }
        }
        Op::Coded(coded) => {
            found(Topic::of_variable(&coded.var.0));
            infections_of(coded).into_iter().for_each(|target| found(Topic::Concept(target)));
        }
        Op::Change(change) => found(Topic::of_variable(&change.var.0)),
        Op::Abnormal { vars } => vars.iter().for_each(|Var(var)| found(Topic::of_variable(var))),
        Op::Has(has) => {
            if is_list(&has.concept.0) || is_unknown_allergy(has) {
                found(Topic::Allergy);
            }
            kinds_of(has).into_iter().for_each(|target| found(Topic::Concept(target)));
            found(Topic::Concept(Target::of(has)));
            found(Topic::Observed);
            if is_class_of_drugs(has) {
                found(Topic::Drug);
            }
        }
        Op::Human { reason, text } => {
            Question::new(*reason, text).about.into_iter().for_each(|var| found(Topic::of_variable(var)));
        }
        _ => {}
    });
}

/// All topics of some criteria, and how facts find theirs.
#[derive(Debug, Default)]
pub(super) struct Topics {
    all: Vec<Topic>,
    known: HashMap<Topic, u32>,
    by_variable: HashMap<Box<str>, Vec<u32>>,
    by_heading: HashMap<ConceptId, Vec<u32>>,
    by_word: HashMap<String, Vec<u32>>,
}

/// What the name of a fact means for some criteria.
#[derive(Clone, Debug)]
pub(super) struct Meaning {
    /// What the fact is called.
    pub names: Arc<Names>,
    /// The topics it belongs to, each with whether it is that very thing, and not a narrower one.
    pub topics: Box<[(u32, bool)]>,
}

impl Topics {
    /// The number of a topic.
    pub fn number(&mut self, topic: Topic) -> u32 {
        if let Some(number) = self.known.get(&topic) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.known.insert(topic.clone(), number);
        self.all.push(topic);
        number
    }

    /// The number of a topic that some criterion has.
    pub fn known(&self, topic: &Topic) -> Option<u32> {
        self.known.get(topic).copied()
    }

    /// All topics, in the order of their numbers.
    pub fn all(&self) -> &[Topic] {
        &self.all
    }

    /// How many topics there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Makes the lists by which facts find their topics.
    pub fn index(&mut self) {
        let mut frequency: HashMap<&str, u32> = HashMap::new();
        for topic in &self.all {
            words(topic).iter().for_each(|word| *frequency.entry(word).or_default() += 1);
        }
        for (number, topic) in self.all.iter().enumerate() {
            let number = number as u32;
            // All words must be there: it is enough to look for the one that is rarest.
            if let Some(rarest) = words(topic).iter().min_by_key(|word| (frequency[word.as_str()], *word)) {
                self.by_word.entry(rarest.clone()).or_default().push(number);
            }
            match topic {
                Topic::Concept(target) => {
                    self.by_variable.entry(target.id.clone()).or_default().push(number);
                    for heading in &target.headings {
                        self.by_heading.entry(*heading).or_default().push(number);
                    }
                }
                Topic::Variable(var) => self.by_variable.entry(var.clone()).or_default().push(number),
                Topic::Words(_) | Topic::Allergy | Topic::Birth | Topic::Observed | Topic::Drug => {}
            }
        }
    }

    /// What a name means.
    pub fn meaning(&self, what: &What, kind: FactKind) -> Meaning {
        let names = Names::of(what);
        let mut near: HashSet<u32> = HashSet::new();
        let mut add = |list: Option<&Vec<u32>>| near.extend(list.into_iter().flatten());
        if let Some(variable) = what.variable.as_deref() {
            add(self.by_variable.get(variable));
        }
        names.words.iter().for_each(|word| add(self.by_word.get(word)));
        for heading in names.headings.iter().chain(&names.kinds) {
            add(self.by_heading.get(heading));
            vocabulary::ancestors(*heading).iter().for_each(|above| add(self.by_heading.get(above)));
        }
        let same = |number: u32| match &self.all[number as usize] {
            Topic::Concept(target) => target.is_same(kind, what, &names),
            Topic::Variable(var) => (what.variable.as_deref() == Some(var)).then_some(true),
            Topic::Words(words) => (*words == names.words).then_some(true),
            Topic::Allergy | Topic::Birth | Topic::Observed | Topic::Drug => None,
        };
        let mut topics: Vec<(u32, bool)> =
            near.into_iter().filter_map(|number| Some((number, same(number)?))).collect();
        let allergy = self.known(&Topic::Allergy).filter(|_| kind == FactKind::Allergy);
        topics.extend(allergy.map(|number| (number, true)));
        topics.sort_unstable();
        Meaning { names: Arc::new(names), topics: topics.into() }
    }
}

fn words(topic: &Topic) -> &[String] {
    match topic {
        Topic::Concept(target) => &target.words,
        Topic::Words(words) => words,
        _ => &[],
    }
}
