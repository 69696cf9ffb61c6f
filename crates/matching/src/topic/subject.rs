//! A person's record becomes a topic: their diseases first, then what was found and done.

use std::collections::BTreeMap;

use model::{Fact, FactKind, FactStatus, Subject};
use vocabulary::ConceptId;

use super::{Settings, Sums, Topic, mention};

/// The topic of a record.
pub fn topic(subject: &Subject, age: Option<f64>, settings: &Settings) -> Topic {
    let mut sums = Sums::new(settings);
    // A measurement that was taken fifty times is no greater problem than a disease recorded once.
    let mut weights: BTreeMap<ConceptId, f32> = BTreeMap::new();
    for fact in subject.facts.iter().filter(|fact| fact.counts() && !fact.says_absent()) {
        for concept in concepts(fact) {
            let weight = weight(fact) * mention::weight(Some(concept), settings);
            let entry = weights.entry(concept).or_default();
            *entry = entry.max(weight);
        }
    }
    weights.into_iter().for_each(|(concept, weight)| sums.named(concept, weight));
    Topic { terms: sums.heaviest(), suspected: Vec::new(), age, sex: subject.sex }
}

/// What a fact is about: the concepts of the record, else those its words name.
fn concepts(fact: &Fact) -> Vec<ConceptId> {
    let given: Vec<ConceptId> = fact.what.concepts.iter().filter_map(|id| vocabulary::by_id(id)).collect();
    if !given.is_empty() {
        return given;
    }
    let words = vocabulary::words(fact.what.label());
    mention::mentions(&words).into_iter().filter_map(|mention| mention.concept).collect()
}

/// How much a fact counts by its kind and whether it is so now.
fn weight(fact: &Fact) -> f32 {
    let kind = match fact.kind {
        FactKind::Condition => 1.0,
        FactKind::Procedure | FactKind::Drug | FactKind::DrugRequest | FactKind::Event => 0.4,
        FactKind::Observation | FactKind::Status | FactKind::Allergy => 0.2,
        FactKind::Immunization | FactKind::Encounter | FactKind::Consent | FactKind::TrialParticipation => {
            0.0
        }
    };
    if matches!(fact.status, FactStatus::Past) { kind * 0.5 } else { kind }
}
