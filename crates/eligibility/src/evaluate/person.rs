//! A person prepared for evaluation: what each fact is called, and which facts a concept of a criterion means.

use std::sync::Arc;

use model::{Fact, Sex, Subject};

use super::called::{Names, norms};
use super::finding::{Cited, Conversion, Ground};
use super::target::Target;

/// A person prepared for evaluation.
#[derive(Clone, Debug)]
pub struct Person<'s> {
    /// The person.
    pub subject: &'s Subject,
    names: Vec<Arc<Names>>,
}

/// A fact that a concept of a criterion means.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'s> {
    /// Its place among the facts of the person.
    pub at: usize,
    /// The fact.
    pub fact: &'s Fact,
    /// Whether it is what the criterion names, and nothing narrower: that a bronchitis is over, or was not found, says
    /// nothing of other infections.
    pub same: bool,
}

impl<'s> Person<'s> {
    /// A person with the names of the facts looked up.
    pub fn new(subject: &'s Subject) -> Self {
        Self { subject, names: subject.facts.iter().map(|fact| Arc::new(Names::of(&fact.what))).collect() }
    }

    /// A person whose names are looked up already, one for each fact.
    pub(crate) fn with_names(subject: &'s Subject, names: Vec<Arc<Names>>) -> Self {
        Self { subject, names }
    }

    /// The facts that a criterion's concept means, whatever they say of it, with their places.
    pub(crate) fn matching<'p>(&'p self, target: &'p Target) -> impl Iterator<Item = About<'s>> + 'p {
        let facts = self.subject.facts.iter().enumerate().filter(|(_, fact)| fact.family.is_none());
        facts.filter_map(|(at, fact)| {
            let same = target.is_same(fact.kind, &fact.what, &self.names[at])?;
            Some(About { at, fact, same })
        })
    }

    /// The facts about a variable.
    pub fn about<'p>(&'p self, var: &'p str) -> impl Iterator<Item = (usize, &'s Fact)> + 'p {
        let words = var.strip_prefix("text:").map(norms);
        self.subject.facts.iter().enumerate().filter(move |(at, fact)| match &words {
            None => fact.what.variable.as_deref() == Some(var),
            Some(words) => !words.is_empty() && *words == self.names[*at].words,
        })
    }

    /// Whether the person is male, so that there is no pregnancy.
    pub fn is_male(&self) -> bool {
        self.subject.sex == Some(Sex::Male)
    }

    /// A fact as evidence.
    pub fn cite(&self, at: usize, conversion: Option<Conversion>) -> Ground {
        let fact = &self.subject.facts[at];
        Ground::Fact(Box::new(Cited {
            fact: at,
            source: fact.source.clone(),
            quote: fact.what.label().to_owned(),
            value: fact.value.as_ref().and_then(super::value::words),
            date: fact.start,
            conversion,
            denied: fact.says_absent() || fact.value == Some(model::Value::Boolean(false)),
        }))
    }
}
