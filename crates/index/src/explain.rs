//! Why a study scored what it did: every hit of every clause.

use model::Piece;
use query::{
    resolved::{Resolved, TextMatch},
    typed::{Coverage, Expansion},
};
use tantivy::{DocSet, TERMINATED};

use crate::{
    Error, Reason,
    evaluate::{Run, Space},
    layout, phrase,
    text::{Lists, Weights, counts, names_apart},
};

/// At most so many reasons are given, the heaviest first.
const REASONS: usize = 12;

impl Run<'_> {
    /// The hits that a query has in one study, heaviest first.
    pub(crate) fn reasons(&mut self, query: &Resolved, study: u32) -> Result<Vec<Reason>, Error> {
        let mut reasons = Vec::new();
        self.collect(query, study, &mut reasons)?;
        reasons.sort_by(|a, b| {
            b.counts
                .total_cmp(&a.counts)
                .then_with(|| a.piece.cmp(&b.piece))
                .then_with(|| a.words.cmp(&b.words))
        });
        reasons.dedup_by(|a, b| a.piece == b.piece && a.words == b.words);
        reasons.truncate(REASONS);
        Ok(reasons)
    }

    fn collect(&mut self, query: &Resolved, study: u32, out: &mut Vec<Reason>) -> Result<(), Error> {
        match query {
            Resolved::And(parts) | Resolved::Or(parts) => {
                parts.iter().try_for_each(|p| self.collect(p, study, out))
            }
            Resolved::InOneSite(part) | Resolved::Tilt(_, part) => self.collect(part, study, out),
            Resolved::Text(text) => self.text_reasons(text, study, out),
            Resolved::Enum(piece, values) => self.fact(query, piece, &values.join(" or "), study, out),
            Resolved::Bool(piece, yes) => self.fact(query, piece, &yes.to_string(), study, out),
            Resolved::Dates(piece, ..) | Resolved::Numbers(piece, ..) | Resolved::Times(piece, ..) => {
                self.fact(query, piece, "in range", study, out)
            }
            _ => Ok(()),
        }
    }

    fn fact(
        &mut self,
        query: &Resolved,
        piece: &Piece,
        words: &str,
        study: u32,
        out: &mut Vec<Reason>,
    ) -> Result<(), Error> {
        if self.scores(query, Space::Study)?.0[study as usize] > 0.0 {
            out.push(Reason {
                words: words.to_owned(),
                piece: piece.name.to_owned(),
                how: "exact",
                counts: 1.0,
            });
        }
        Ok(())
    }

    fn text_reasons(&mut self, text: &TextMatch, study: u32, out: &mut Vec<Reason>) -> Result<(), Error> {
        let weights = Weights::new(&text.pieces);
        let lossy = text.expansion == Expansion::Lossy;
        for segment in &text.segments {
            let typed = segment.words.join(" ");
            if let [word] = &segment.words[..] {
                let lists = self.lists(layout::word_prefix(word))?;
                let (how, nearness) = if lossy { ("lossy", counts::LOSSY) } else { ("exact", counts::EXACT) };
                self.hits(&lists, &weights, &typed, how, nearness, study, out)?;
            } else {
                let lists = segment
                    .words
                    .iter()
                    .map(|w| self.lists(layout::word_prefix(w)))
                    .collect::<Result<Vec<_>, _>>()?;
                for weighted in &weights.list {
                    let mut hit = false;
                    phrase::each(self.snapshot, weighted.piece, &lists, Coverage::Contains, &mut |n| {
                        hit |= self.study_of(weighted.piece, n) == study;
                    })?;
                    if hit {
                        let piece = weighted.piece.name.to_owned();
                        out.push(Reason {
                            words: typed.clone(),
                            piece,
                            how: "exact",
                            counts: weighted.weight,
                        });
                    }
                }
            }
            if let Some(concept) = segment.concept {
                let lists = self.lists(layout::concept_prefix(concept))?;
                let name = vocabulary::name(concept).unwrap_or(&typed).to_owned();
                self.hits(&lists, &weights, &name, "concept", counts::CONCEPT, study, out)?;
            }
            if text.expansion == Expansion::Relaxation && text.coverage == Coverage::Contains {
                self.apart(segment, &weights, study, out)?;
            }
        }
        Ok(())
    }

    /// The first name of the segment whose words all stand somewhere in the study.
    fn apart(
        &mut self,
        segment: &query::resolved::Segment,
        weights: &Weights,
        study: u32,
        out: &mut Vec<Reason>,
    ) -> Result<(), Error> {
        for words in names_apart(segment).into_iter().filter(|w| w.len() > 1) {
            let mut hits = Vec::new();
            let mut all = true;
            for word in &words {
                let before = hits.len();
                let lists = self.lists(layout::word_prefix(word))?;
                self.hits(&lists, weights, word, "relaxed", counts::RELAXED, study, &mut hits)?;
                all &= hits.len() > before;
            }
            if all {
                out.extend(hits);
                return Ok(());
            }
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments)]
    fn hits(
        &self,
        lists: &Lists,
        weights: &Weights,
        words: &str,
        how: &'static str,
        nearness: f32,
        study: u32,
        out: &mut Vec<Reason>,
    ) -> Result<(), Error> {
        for (segment, lists) in self.snapshot.segments.iter().zip(lists.iter()) {
            for list in lists.iter().filter(|l| weights.of(l.piece) > 0.0) {
                let mut postings = segment.positions(&list.info)?;
                let mut doc = postings.doc();
                while doc != TERMINATED {
                    if segment.living(doc).is_some_and(|n| self.study_of(list.piece, n) == study) {
                        let counts = weights.of(list.piece) * nearness;
                        out.push(Reason {
                            words: words.to_owned(),
                            piece: list.piece.name.to_owned(),
                            how,
                            counts,
                        });
                        break;
                    }
                    doc = postings.advance();
                }
            }
        }
        Ok(())
    }

    fn study_of(&self, piece: &Piece, number: u32) -> u32 {
        if piece.in_location() { self.snapshot.parents[number as usize] } else { number }
    }
}
