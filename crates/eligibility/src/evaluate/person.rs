//! A person prepared for evaluation: what each fact is called, and which facts a concept of a criterion means.

use std::sync::Arc;

use model::{Fact, FactKind, Sex, Subject, What};
use serde::{Deserialize, Serialize};
use vocabulary::{ConceptId, variable};

use super::below::{counts_for, is_or_below};
use super::finding::{Cited, Conversion, Ground};
use crate::tree::{Concept, Kind};

/// A person prepared for evaluation.
#[derive(Clone, Debug)]
pub struct Person<'s> {
    /// The person.
    pub subject: &'s Subject,
    names: Vec<Arc<Names>>,
}

/// What a fact is called.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The normal forms of its words.
    pub words: Vec<String>,
    /// The headings of MeSH that it is.
    pub headings: Vec<ConceptId>,
}

/// A concept of a criterion, as facts are held against it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Target {
    /// The concept.
    pub id: Box<str>,
    /// Whether the printed words mean less than the id.
    narrowed: bool,
    /// The headings of MeSH that it is.
    #[serde(with = "crate::kept::headings")]
    pub headings: Vec<ConceptId>,
    /// The normal forms of the words that name it; none if they name nothing on their own.
    pub words: Vec<String>,
}

/// Words that name nothing on their own.
const GENERIC: [&str; 34] = [
    "disease",
    "disorder",
    "condition",
    "syndrome",
    "illness",
    "therapy",
    "treatment",
    "drug",
    "medication",
    "agent",
    "sign",
    "symptom",
    "finding",
    "problem",
    "diagnosis",
    "history",
    "procedure",
    "test",
    "result",
    "medical",
    "patient",
    "chronic",
    "acute",
    "severe",
    "other",
    "type",
    "case",
    "event",
    "status",
    "clinical",
    "use",
    "any",
    "study",
    "level",
];

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
    pub(crate) fn matching<'p>(
        &'p self,
        target: &'p Target,
        kind: Kind,
    ) -> impl Iterator<Item = (usize, &'s Fact)> + 'p {
        let facts = self.subject.facts.iter().enumerate().filter(|(_, fact)| fact.family.is_none());
        let of_kind = facts.filter(move |(_, fact)| match kind {
            Kind::Allergy => fact.kind == FactKind::Allergy,
            _ => fact.kind != FactKind::Allergy,
        });
        of_kind.filter(|(at, fact)| target.is(&fact.what, &self.names[*at]))
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

impl Names {
    pub fn of(what: &What) -> Self {
        let text = what.text.as_deref().into_iter();
        let shown = what.codes.iter().filter_map(|coding| coding.display.as_deref());
        let words: Vec<String> = text.chain(shown).flat_map(norms).collect();
        let named = what.concepts.iter().filter_map(|id| vocabulary::by_id(id));
        let mut headings: Vec<ConceptId> = named.collect();
        headings.extend(what.variable.iter().flat_map(|id| variable::headings(id)));
        headings.extend(what.text.as_deref().and_then(vocabulary::by_name));
        Self { words, headings }
    }
}

impl Target {
    /// A concept of a criterion, and the words that name it there.
    pub fn new(concept: &Concept, text: &str) -> Self {
        let id = &*concept.0;
        let (mut headings, words) = match id.split_once(':') {
            Some(("text", words)) => (Vec::new(), norms(words)),
            Some(_) => (vocabulary::by_curie(id).into_iter().collect(), norms(text)),
            None => (variable::headings(id).to_vec(), norms(text)),
        };
        // `dementia` is read as cognitive impairment, and means only dementia.
        let own = vocabulary::by_name(text);
        let narrower =
            own.filter(|own| headings.iter().any(|broad| own != broad && is_or_below(*own, *broad)));
        if let Some(own) = narrower {
            headings = vec![own];
        }
        let words =
            if words.iter().all(|word| GENERIC.contains(&word.as_str())) { Vec::new() } else { words };
        Self { id: id.into(), narrowed: narrower.is_some(), headings, words }
    }

    /// Whether only a woman can be so.
    pub fn is_female_only(&self) -> bool {
        const IDS: [&str; 5] =
            ["pregnancy", "lactation", "childbearing_potential", "pregnancy_intent", "menopause"];
        const HEADINGS: [&str; 4] = ["D011247", "D011248", "D001942", "D007774"];
        let female = |heading: &ConceptId| {
            let of = |id: &str| vocabulary::by_id(id).is_some_and(|id| is_or_below(*heading, id));
            HEADINGS.iter().any(|id| of(id))
        };
        let worded =
            self.words.iter().any(|word| matches!(word.as_str(), "pregnant" | "breastfeeding" | "lactating"));
        IDS.contains(&&*self.id) || worded || !self.headings.is_empty() && self.headings.iter().all(female)
    }

    /// Whether a fact is about this: the same, or a narrower heading, or all the words.
    pub fn is(&self, what: &What, names: &Names) -> bool {
        let same = !self.narrowed && what.variable.as_deref() == Some(&*self.id);
        let narrower = |heading: &ConceptId| self.headings.iter().any(|broad| counts_for(*heading, *broad));
        let worded = || !self.words.is_empty() && self.words.iter().all(|word| names.words.contains(word));
        same || names.headings.iter().any(narrower) || worded()
    }
}

pub(super) fn norms(text: &str) -> Vec<String> {
    let words = vocabulary::words(text).into_iter().map(|word| word.norm);
    words.filter(|word| !vocabulary::is_stop_word(word)).collect()
}
