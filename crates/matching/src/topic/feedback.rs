//! Pseudo-relevance feedback: what the best studies are about is looked for as well.
//!
//! After the relevance model RM3 (Lavrenko and Croft, SIGIR 2001; Abdul-Jaleel and others, TREC 2004): each of the best
//! studies votes for the terms of its conditions, titles, keywords and headings, by its own score; the winners are
//! mixed with what was asked.

use std::collections::BTreeMap;

use index::{Error, Records, Snapshot, postings::Term};
use model::Study;

use super::{Settings, best, mention, score};

/// The pieces that tell what a study is about, in the order of [`Settings::votes`].
const PIECES: [&str; 4] = ["Condition", "BriefTitle", "Keyword", "ConditionMeshTerm"];

/// The terms asked for, mixed with those of the best studies.
pub fn expand(
    snapshot: &Snapshot,
    records: &dyn Records,
    asked: &[(Term, f32)],
    scores: &[f32],
    settings: &Settings,
) -> Result<Vec<(Term, f32)>, Error> {
    let voters = best(scores, settings.voters);
    let top = voters.first().map_or(1.0, |study| scores[*study as usize]);
    let mut votes: BTreeMap<Term, f32> = BTreeMap::new();
    for (place, voter) in voters.iter().enumerate() {
        let Some(study) = records.record(snapshot.id(*voter)).and_then(Study::new) else { continue };
        let voice = (scores[*voter as usize] / top).powi(2) * settings.decay.powi(place as i32);
        let about = about(&study, settings);
        let total = about.values().sum::<f32>().max(1.0);
        for (term, weight) in about {
            *votes.entry(term).or_default() += voice * weight / total;
        }
    }
    let mut tally = score::Tally::new(snapshot);
    for (term, vote) in &mut votes {
        *vote *= tally.rarity(snapshot, term, settings)?.powf(settings.rarity);
    }
    let mut won: Vec<(Term, f32)> = votes.into_iter().collect();
    won.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    won.truncate(settings.further);
    Ok(mixed(asked, &won, settings.asked))
}

/// What a study is about: concepts and words, each with its share.
fn about(study: &Study, settings: &Settings) -> BTreeMap<Term, f32> {
    let mut terms: BTreeMap<Term, f32> = BTreeMap::new();
    for (piece, vote) in PIECES.into_iter().zip(settings.votes) {
        let texts = study.texts(piece);
        for text in &texts {
            let share = vote / texts.len() as f32;
            let words = vocabulary::words(text);
            for mention in mention::mentions(&words) {
                if let Some(concept) = mention.concept {
                    *terms.entry(Term::Concept(concept)).or_default() += share;
                }
                for word in words[mention.words].iter().filter(|word| mention::tells(&word.norm)) {
                    *terms.entry(Term::Word(word.norm.clone())).or_default() += share * settings.word;
                }
            }
        }
    }
    terms
}

/// `share` of what was asked and the rest of what was won, each list adding up to 1.
fn mixed(asked: &[(Term, f32)], won: &[(Term, f32)], share: f32) -> Vec<(Term, f32)> {
    let mut terms: BTreeMap<Term, f32> = BTreeMap::new();
    for (list, share) in [(asked, share), (won, 1.0 - share)] {
        let total: f32 = list.iter().map(|(_, weight)| weight).sum();
        for (term, weight) in list {
            *terms.entry(term.clone()).or_default() += share * weight / total.max(f32::MIN_POSITIVE);
        }
    }
    terms.into_iter().collect()
}
