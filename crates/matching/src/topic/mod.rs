//! What a person is about, as a query: which studies are on their problem, before anyone asks whether they may join.
//!
//! A note or a record becomes weighted terms ([`Topic::of_note`], [`Topic::of_subject`]); the terms score every study
//! (BM25 over weighted pieces); what the best of them are about becomes further terms (RM3), and these score again.
//! Studies whose fields exclude the person's age or sex are lowered, not dropped.

mod demographics;
mod feedback;
mod mention;
mod note;
mod person;
mod pictures;
mod scope;
mod score;
mod settings;
mod subject;

use std::collections::BTreeMap;

use index::{Error, Records, Snapshot, postings::Term};
use model::{Sex, Subject};
use vocabulary::ConceptId;

pub use settings::Settings;

/// What a person is about.
#[derive(Clone, Debug, Default)]
pub struct Topic {
    /// What to look for and how much it counts, each term once, the heaviest first.
    pub terms: Vec<(Term, f32)>,
    /// Diseases that are not named but shown by the findings, the likeliest first.
    pub suspected: Vec<ConceptId>,
    /// The age in years.
    pub age: Option<f64>,
    /// The sex.
    pub sex: Option<Sex>,
}

impl Topic {
    /// The topic of a note in plain words.
    pub fn of_note(text: &str, settings: &Settings) -> Self {
        note::topic(text, settings)
    }

    /// The topic of a person's record. The age is that on the index date, which the caller knows.
    pub fn of_subject(subject: &Subject, age: Option<f64>, settings: &Settings) -> Self {
        subject::topic(subject, age, settings)
    }

    /// How relevant each study is, by its number in the snapshot: higher is better, 0 not at all.
    pub fn scores(
        &self,
        snapshot: &Snapshot,
        records: &dyn Records,
        settings: &Settings,
    ) -> Result<Vec<f32>, Error> {
        let mut first = score::all(snapshot, &self.terms, settings)?;
        demographics::lower(self, snapshot, settings, &mut first)?;
        let terms = feedback::expand(snapshot, records, &self.terms, &first, settings)?;
        let mut scores = score::all(snapshot, &terms, settings)?;
        demographics::lower(self, snapshot, settings, &mut scores)?;
        Ok(scores)
    }
}

/// The numbers of the studies that have a score, best first, at most so many.
pub fn best(scores: &[f32], count: usize) -> Vec<u32> {
    let mut studies: Vec<u32> = (0..scores.len() as u32).filter(|s| scores[*s as usize] > 0.0).collect();
    let order = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
    if count < studies.len() && count > 0 {
        studies.select_nth_unstable_by(count - 1, order);
    }
    studies.truncate(count);
    studies.sort_unstable_by(order);
    studies
}

/// Terms being weighed: the heaviest mention counts whole, each further one adds a little.
struct Sums<'s> {
    settings: &'s Settings,
    terms: BTreeMap<Term, f32>,
}

impl<'s> Sums<'s> {
    fn new(settings: &'s Settings) -> Self {
        Self { settings, terms: BTreeMap::new() }
    }

    fn put(&mut self, term: Term, weight: f32) {
        if weight <= 0.0 {
            return;
        }
        let repeat = self.settings.repeat;
        let more = |sum: &mut f32| *sum = sum.max(weight) + repeat * sum.min(weight);
        self.terms.entry(term).and_modify(more).or_insert(weight);
    }

    /// A concept and some words for it.
    fn concept<'w>(&mut self, concept: ConceptId, words: impl Iterator<Item = &'w str>, weight: f32) {
        self.put(Term::Concept(concept), weight * self.settings.concept);
        for word in words.filter(|word| mention::tells(word)) {
            self.put(Term::Word(word.to_owned()), weight * self.settings.word);
        }
    }

    /// A concept by its name.
    fn named(&mut self, concept: ConceptId, weight: f32) {
        let words = vocabulary::name(concept).map(vocabulary::words).unwrap_or_default();
        self.concept(concept, words.iter().map(|word| word.norm.as_str()), weight);
    }

    /// The heaviest terms.
    fn heaviest(self) -> Vec<(Term, f32)> {
        let mut terms: Vec<(Term, f32)> = self.terms.into_iter().collect();
        terms.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        terms.truncate(self.settings.terms);
        terms
    }
}
