//! BM25 over weighted pieces: a term counts by its rarity and by how often it stands in pieces that matter.
//!
//! The frequencies in the pieces are weighted and added before they saturate, as in BM25F (Robertson, Zaragoza and
//! Taylor, CIKM 2004). Lengths are not normalised: what is short (titles, conditions, keywords) weighs most anyway.
//! Criteria do not count: half of what they name is what the study does not want.

use index::{Error, Snapshot, postings::Term};
use model::Piece;

use super::Settings;

/// More hits of a term in one piece than these say no more.
const MOST_HITS: u32 = 5;

/// How much a hit in a piece counts.
fn weight(piece: &Piece, settings: &Settings) -> f32 {
    match piece.name {
        "BriefTitle" | "OfficialTitle" => settings.title,
        "Condition" => settings.condition,
        "Keyword" => settings.keyword,
        "ConditionMeshTerm" => settings.heading,
        "ConditionAncestorTerm" => settings.ancestor,
        "BriefSummary" | "StudyPopulation" => settings.summary,
        "DetailedDescription" => settings.description,
        "InterventionName" | "InterventionMeshTerm" | "ArmGroupLabel" => settings.intervention,
        _ => 0.0,
    }
}

/// How rare something is that `having` of `all` studies have (Robertson and Sparck Jones, JASIS 1976; never below 0).
fn rarity(all: usize, having: usize) -> f32 {
    let (all, having) = (all as f32, having as f32);
    (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
}

/// The hits of a term by study; its memory is used again for the next term.
pub struct Tally {
    hits: Vec<f32>,
    /// The studies that have any.
    having: Vec<u32>,
}

impl Tally {
    /// For the studies of a snapshot.
    pub fn new(snapshot: &Snapshot) -> Self {
        Self { hits: vec![0.0; snapshot.len()], having: Vec::new() }
    }

    fn count(&mut self, snapshot: &Snapshot, term: &Term, settings: &Settings) -> Result<(), Error> {
        self.having.drain(..).for_each(|study| self.hits[study as usize] = 0.0);
        snapshot.each_posting(term, &|piece| weight(piece, settings), &mut |study, weight, count| {
            let hits = &mut self.hits[study as usize];
            if *hits == 0.0 {
                self.having.push(study);
            }
            *hits += weight * count.min(MOST_HITS) as f32;
        })
    }

    /// How rare a term is.
    pub fn rarity(&mut self, snapshot: &Snapshot, term: &Term, settings: &Settings) -> Result<f32, Error> {
        self.count(snapshot, term, settings)?;
        Ok(rarity(snapshot.len(), self.having.len()))
    }
}

/// The score of every study.
pub fn all(snapshot: &Snapshot, terms: &[(Term, f32)], settings: &Settings) -> Result<Vec<f32>, Error> {
    let mut scores = vec![0.0; snapshot.len()];
    let mut tally = Tally::new(snapshot);
    for (term, weight) in terms {
        let counts = weight * tally.rarity(snapshot, term, settings)?;
        for study in &tally.having {
            let hits = tally.hits[*study as usize];
            scores[*study as usize] += counts * hits / (settings.saturation + hits);
        }
    }
    Ok(scores)
}
