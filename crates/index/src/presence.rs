//! Where single words stand, for the names of which several have words in common.

use std::{collections::HashMap, sync::Arc};

use model::{Piece, WeightedPiece};

use crate::{
    Error,
    evaluate::{Run, Space},
    layout,
    scores::Hits,
    text::{Weights, counts},
};

/// Where words stand, by word.
#[derive(Default)]
pub(crate) struct Presence {
    anywhere: HashMap<String, Arc<Hits>>,
    /// Without the headings above the study's own.
    own: HashMap<String, Arc<Hits>>,
}

/// Words are remembered until there are so many of them: each has a score for every study.
const REMEMBERED: usize = 32;

impl Presence {
    /// Forgets them if they are many.
    pub fn forget_many(&mut self) {
        if self.anywhere.len() + self.own.len() > REMEMBERED {
            *self = Self::default();
        }
    }
}

/// Whether a piece holds headings above the study's own in the MeSH tree.
pub(crate) fn is_ancestor(piece: &Piece) -> bool {
    matches!(piece.name, "ConditionAncestorTerm" | "InterventionAncestorTerm")
}

impl Run<'_> {
    /// Where a word stands at all, in any of the pieces; looked up once a term.
    pub(crate) fn present(
        &mut self,
        word: &str,
        weights: &Weights,
        space: Space,
        present: &mut Presence,
    ) -> Result<Arc<Hits>, Error> {
        self.remembered(word, weights, None, space, &mut present.anywhere)
    }

    /// The same among the study's own words. Headings above its own in the MeSH tree are not: every stroke study has
    /// `Cardiovascular Diseases` above it, and is none of a `cardiovascular stroke`, that is, a heart attack.
    pub(crate) fn present_own(
        &mut self,
        word: &str,
        weights: &Weights,
        space: Space,
        present: &mut Presence,
    ) -> Result<Arc<Hits>, Error> {
        if !weights.list.iter().any(|p| is_ancestor(p.piece)) {
            return self.present(word, weights, space, present);
        }
        let own: Vec<WeightedPiece> =
            weights.list.iter().filter(|p| !is_ancestor(p.piece)).copied().collect();
        self.remembered(word, weights, Some(&Weights::new(&own)), space, &mut present.own)
    }

    /// Where a word stands in the pieces that count, all that have a weight unless they are named.
    fn remembered(
        &mut self,
        word: &str,
        weights: &Weights,
        counting: Option<&Weights>,
        space: Space,
        known: &mut HashMap<String, Arc<Hits>>,
    ) -> Result<Arc<Hits>, Error> {
        if let Some(hits) = known.get(word) {
            return Ok(hits.clone());
        }
        let lists = self.weighted(layout::word_prefix(word), weights)?;
        let mut hits = Hits::none(self.size(space));
        self.add_lists(&lists, counting.unwrap_or(weights), counts::EXACT, space, &mut hits)?;
        let hits = Arc::new(hits);
        known.insert(word.to_owned(), hits.clone());
        Ok(hits)
    }
}
