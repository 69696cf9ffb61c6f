//! What to ask next: the facts whose knowledge settles most of what is open over several studies.
//!
//! The most useful fact comes first; the second is the most useful one if the first were known, and so on. A criterion
//! that lacks several facts is settled by the last of them.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use eligibility::{
    Item, Op,
    evaluate::{Assessment, Missing, Want},
    tree::{Field, Node, Number},
};
use vocabulary::variable;

use crate::rank::{Ranked, Standing};

/// Something to ask, and what it is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is to be known, in words.
    pub words: String,
    /// Who or what can answer.
    pub of: Answerer,
    /// The words of the criterion that people are asked about.
    pub asked: Option<String>,
    /// Criteria that it settles, once those before it are known.
    pub settles: usize,
    /// Further criteria that lack other facts as well.
    pub touches: usize,
    /// Studies in which it settles a criterion: whoever does not meet it is out.
    pub studies: usize,
    /// Studies in which nothing else is open once it is known.
    pub decides: usize,
}

/// Who or what can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answerer {
    /// The person, a record or a test: it is a fact.
    Fact,
    /// A person's judgement or will.
    People,
    /// Whoever wrote the criteria: the text can be read in several ways, or names a list that it does not print.
    Text,
}

impl Answerer {
    /// `fact`, `people`, `text`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fact => "fact",
            Self::People => "people",
            Self::Text => "text",
        }
    }
}

/// A question by what is asked: the same for all criteria that one answer settles.
type Key = (Answerer, String);

/// A question in words, and the words of the criterion that people are asked about.
type Words = BTreeMap<Key, (String, Option<String>)>;

/// A criterion that is open: which study has it, and what it lacks.
struct Open {
    study: usize,
    lacks: BTreeSet<Key>,
}

/// What to ask next about studies that do not rule the person out, at most so many questions.
pub fn questions<'r>(ranked: impl IntoIterator<Item = &'r Ranked>, most: usize) -> Vec<Question> {
    let open = ranked.into_iter().filter(|one| one.standing() == Standing::Undetermined);
    let studies = open.filter_map(|one| one.assessed.as_ref());
    ask(studies.map(|(candidate, found)| (candidate.criteria.items.as_slice(), found)), most)
}

/// What to ask next about these studies.
pub fn ask<'a>(
    studies: impl IntoIterator<Item = (&'a [Item], &'a Assessment)>,
    most: usize,
) -> Vec<Question> {
    let (mut open, mut words) = (Vec::new(), Words::new());
    for (study, (items, found)) in studies.into_iter().enumerate() {
        for (item, finding) in items.iter().zip(&found.findings).filter(|(item, _)| is_asked(item)) {
            let lacks: BTreeSet<Key> =
                finding.missing().into_iter().map(|missing| key(item, missing, &mut words)).collect();
            // Signs without words are no question.
            if !lacks.is_empty() && lacks.iter().all(|(_, asked)| !asked.is_empty()) {
                open.push(Open { study, lacks });
            }
        }
    }
    let mut questions = Vec::new();
    while questions.len() < most
        && let Some((key, question)) = best(&open, &words)
    {
        questions.push(question);
        for one in &mut open {
            one.lacks.remove(&key);
        }
        open.retain(|one| !one.lacks.is_empty());
    }
    questions
}

/// Whether healthy people may come is no question to somebody who looks for studies on what they have.
fn is_asked(item: &Item) -> bool {
    item.number != Number::Field(Field::Volunteers)
}

/// What a question is worth while others are open.
#[derive(Default)]
struct Worth {
    settles: usize,
    touches: usize,
    /// The studies in which it settles a criterion.
    studies: BTreeSet<usize>,
    /// The first study that asks it.
    first: Option<usize>,
}

impl Worth {
    /// What is worth more is greater: it settles more, in more studies, touches more, or is asked by a better study.
    fn order(&self) -> (usize, usize, usize, Reverse<Option<usize>>) {
        (self.settles, self.studies.len(), self.touches, Reverse(self.first))
    }
}

/// The question that is worth most; of equal ones the first by what is asked.
fn best(open: &[Open], words: &Words) -> Option<(Key, Question)> {
    let mut all: BTreeMap<&Key, Worth> = BTreeMap::new();
    let mut left: BTreeMap<usize, BTreeSet<&Key>> = BTreeMap::new();
    for one in open {
        for key in &one.lacks {
            let worth = all.entry(key).or_default();
            worth.first = worth.first.or(Some(one.study));
            if one.lacks.len() == 1 {
                worth.settles += 1;
                worth.studies.insert(one.study);
            } else {
                worth.touches += 1;
            }
            left.entry(one.study).or_default().insert(key);
        }
    }
    let (key, found) = all.into_iter().reduce(|a, b| if b.1.order() > a.1.order() { b } else { a })?;
    let decides = left.values().filter(|keys| keys.len() == 1 && keys.contains(key)).count();
    let (words, asked) = words.get(key).cloned().unwrap_or_default();
    let question = Question {
        words,
        of: key.0,
        asked,
        settles: found.settles,
        touches: found.touches,
        studies: found.studies.len(),
        decides,
    };
    Some((key.clone(), question))
}

/// What is asked for by something missing, so that what one answer settles is one question; notes its words.
fn key(item: &Item, missing: &Missing, words: &mut Words) -> Key {
    let said = missing.to_string();
    let value = |var: &str| (Answerer::Fact, format!("value:{var}"));
    let key = match &missing.want {
        Want::Value { var } | Want::Newer { var } | Want::Usable { var } | Want::Agreement { var } => {
            value(var)
        }
        Want::Fact { of, .. } | Want::Date { of } | Want::Quality { of, .. } => {
            let concept = item.expr.as_ref().and_then(|expr| concept(expr, &missing.at));
            (Answerer::Fact, format!("fact:{}", concept.map_or_else(|| of.to_lowercase(), str::to_owned)))
        }
        Want::Answer { question, .. } => (Answerer::People, eligibility::evaluate::phrase(question)),
        Want::Reading | Want::List { .. } | Want::Repair { .. } => {
            (Answerer::Text, format!("{said}: {}", eligibility::evaluate::phrase(&item.source)))
        }
        Want::Series { .. } | Want::Limits { .. } | Want::Birth | Want::Sex | Want::Anchor { .. } => {
            (Answerer::Fact, said.clone())
        }
    };
    let asked = match &missing.want {
        Want::Answer { question, .. } => Some(question.trim().to_owned()),
        _ => None,
    };
    words.entry(key.clone()).or_insert_with(|| (in_words(item, missing, &key.1, said), asked));
    key
}

/// The words of a question: a fact by its name in the catalogue or the vocabulary, if it has one.
fn in_words(item: &Item, missing: &Missing, key: &str, said: String) -> String {
    match &missing.want {
        Want::Reading | Want::List { .. } | Want::Repair { .. } => {
            format!("{said} (`{}`)", item.source.trim())
        }
        Want::Fact { .. } => match key.strip_prefix("fact:").and_then(name) {
            Some(name) => format!("whether there is {name}"),
            None => said,
        },
        _ => said,
    }
}

/// What a concept is called.
fn name(concept: &str) -> Option<&str> {
    match vocabulary::by_curie(concept) {
        Some(id) => vocabulary::name(id),
        None => variable::by_id(concept).map(|variable| variable.name),
    }
}

/// The concept of the leaf at a place of a tree.
fn concept<'n>(tree: &'n Node, at: &[u16]) -> Option<&'n str> {
    let leaf = at.iter().try_fold(tree, |node, number| node.children().get(usize::from(*number)).copied())?;
    match &leaf.op {
        Op::Has(has) => Some(&*has.concept.0),
        _ => None,
    }
}
