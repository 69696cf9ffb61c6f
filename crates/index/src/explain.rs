//! Why studies scored what they did: every hit of every clause.

use std::collections::HashMap;

use model::Piece;
use query::{
    resolved::{Resolved, Segment, TextMatch},
    typed::{Coverage, Expansion},
};
use tantivy::{DocSet, postings::SegmentPostings, schema::IndexRecordOption};

use crate::{
    Error, Reason,
    evaluate::{Run, Space},
    layout, phrase,
    text::{Lists, Weights, counts, names_apart},
};

/// At most so many reasons are given for a study, the heaviest first.
const REASONS: usize = 12;

/// Reasons by study number.
type Reasons = HashMap<u32, Vec<Reason>>;

/// What a list has to say: the words it is for, how near they are to what was typed, and what that counts.
#[derive(Clone, Copy)]
struct Claim<'w> {
    words: &'w str,
    how: &'static str,
    nearness: f32,
}

impl Run<'_> {
    /// The hits that a query has in each of some studies, heaviest first.
    pub(crate) fn reasons(&mut self, query: &Resolved, studies: &[u32]) -> Result<Reasons, Error> {
        let mut reasons: Reasons = studies.iter().map(|study| (*study, Vec::new())).collect();
        self.collect(query, &mut reasons)?;
        for list in reasons.values_mut() {
            list.sort_by(|a, b| {
                b.counts
                    .total_cmp(&a.counts)
                    .then_with(|| a.piece.cmp(&b.piece))
                    .then_with(|| a.words.cmp(&b.words))
            });
            list.dedup_by(|a, b| a.piece == b.piece && a.words == b.words);
            list.truncate(REASONS);
        }
        Ok(reasons)
    }

    fn collect(&mut self, query: &Resolved, out: &mut Reasons) -> Result<(), Error> {
        match query {
            Resolved::And(parts) | Resolved::Or(parts) => parts.iter().try_for_each(|p| self.collect(p, out)),
            Resolved::InOneSite(part) | Resolved::Tilt(_, part) => self.collect(part, out),
            Resolved::Text(text) => self.text_reasons(text, out),
            Resolved::Enum(piece, values) => self.fact(query, piece, &values.join(" or "), out),
            Resolved::Bool(piece, yes) => self.fact(query, piece, &yes.to_string(), out),
            Resolved::Dates(piece, ..) | Resolved::Numbers(piece, ..) | Resolved::Times(piece, ..) => {
                self.fact(query, piece, "in range", out)
            }
            _ => Ok(()),
        }
    }

    fn fact(&mut self, query: &Resolved, piece: &Piece, words: &str, out: &mut Reasons) -> Result<(), Error> {
        let scores = self.scores(query, Space::Study)?;
        for (_, reasons) in out.iter_mut().filter(|(study, _)| scores.0[**study as usize] > 0.0) {
            let (words, piece) = (words.to_owned(), piece.name.to_owned());
            reasons.push(Reason { words, piece, how: "exact", counts: 1.0 });
        }
        Ok(())
    }

    fn text_reasons(&mut self, text: &TextMatch, out: &mut Reasons) -> Result<(), Error> {
        let weights = Weights::new(&text.pieces);
        let lossy = text.expansion == Expansion::Lossy;
        for segment in &text.segments {
            let typed = segment.words.join(" ");
            if let [word] = &segment.words[..] {
                let lists = self.lists(layout::word_prefix(word))?;
                let (how, nearness) = if lossy { ("lossy", counts::LOSSY) } else { ("exact", counts::EXACT) };
                self.hits(&lists, &weights, Claim { words: &typed, how, nearness }, out)?;
            } else {
                self.phrase_hits(segment, &weights, &typed, out)?;
            }
            if let Some(concept) = segment.concept {
                let lists = self.lists(layout::concept_prefix(concept))?;
                let words = vocabulary::name(concept).unwrap_or(&typed);
                self.hits(&lists, &weights, Claim { words, how: "concept", nearness: counts::CONCEPT }, out)?;
            }
            if text.expansion == Expansion::Relaxation && text.coverage == Coverage::Contains {
                self.apart(segment, &weights, out)?;
            }
        }
        Ok(())
    }

    fn phrase_hits(
        &mut self,
        segment: &Segment,
        weights: &Weights,
        typed: &str,
        out: &mut Reasons,
    ) -> Result<(), Error> {
        let words = segment.words.iter().map(|w| self.lists(layout::word_prefix(w)));
        let lists = words.collect::<Result<Vec<_>, _>>()?;
        for weighted in &weights.list {
            let mut hit = Vec::new();
            phrase::each(self.snapshot, weighted.piece, &lists, Coverage::Contains, &mut |number| {
                let study = self.study_of(weighted.piece, number);
                if out.contains_key(&study) {
                    hit.push(study);
                }
            })?;
            for study in hit {
                let (words, piece) = (typed.to_owned(), weighted.piece.name.to_owned());
                let reason = Reason { words, piece, how: "exact", counts: weighted.weight };
                out.entry(study).or_default().push(reason);
            }
        }
        Ok(())
    }

    /// The first name of the segment whose words all stand somewhere in the study.
    fn apart(&mut self, segment: &Segment, weights: &Weights, out: &mut Reasons) -> Result<(), Error> {
        let mut open: Vec<u32> = out.keys().copied().collect();
        open.sort_unstable();
        for words in names_apart(segment).into_iter().filter(|w| w.len() > 1) {
            let mut hits: Reasons = open.iter().map(|study| (*study, Vec::new())).collect();
            let mut with_all: HashMap<u32, usize> = HashMap::new();
            for word in &words {
                let lists = self.lists(layout::word_prefix(word))?;
                let before: HashMap<u32, usize> = hits.iter().map(|(s, list)| (*s, list.len())).collect();
                let claim = Claim { words: word, how: "relaxed", nearness: counts::RELAXED };
                self.hits(&lists, weights, claim, &mut hits)?;
                for (study, list) in &hits {
                    *with_all.entry(*study).or_default() += usize::from(list.len() > before[study]);
                }
            }
            open.retain(|study| {
                let all = with_all.get(study) == Some(&words.len());
                if all && let Some(list) = hits.remove(study) {
                    out.entry(*study).or_default().extend(list);
                }
                !all
            });
        }
        Ok(())
    }

    /// Which of the studies stand on the lists. Each list is asked for the studies' documents, not read through.
    fn hits(
        &self,
        lists: &Lists,
        weights: &Weights,
        claim: Claim<'_>,
        out: &mut Reasons,
    ) -> Result<(), Error> {
        for (s, (segment, lists)) in self.snapshot.segments.iter().zip(lists.iter()).enumerate() {
            for list in lists.iter().filter(|l| weights.of(l.piece) > 0.0) {
                let documents = |study: u32| self.documents(s, list.piece, study);
                let mut wanted: Vec<(u32, u32)> = out
                    .keys()
                    .flat_map(|study| documents(*study).into_iter().map(|doc| (doc, *study)))
                    .collect();
                wanted.sort_unstable();
                if wanted.is_empty() {
                    continue;
                }
                let mut postings: SegmentPostings =
                    segment.terms.read_postings_from_terminfo(&list.info, IndexRecordOption::Basic)?;
                let mut found: Vec<u32> = Vec::new();
                for (doc, study) in wanted {
                    let at = if postings.doc() < doc { postings.seek(doc) } else { postings.doc() };
                    if at == doc && !found.contains(&study) {
                        found.push(study);
                    }
                }
                for study in found {
                    let (words, piece) = (claim.words.to_owned(), list.piece.name.to_owned());
                    let counts = weights.of(list.piece) * claim.nearness;
                    out.entry(study).or_default().push(Reason { words, piece, how: claim.how, counts });
                }
            }
        }
        Ok(())
    }

    /// The documents of a segment in which a piece of a study can stand.
    fn documents(&self, segment: usize, piece: &Piece, study: u32) -> Vec<u32> {
        let homes = self.snapshot.homes();
        let here = |home: &(u32, u32)| (home.0 as usize == segment).then_some(home.1);
        if piece.in_location() {
            let sites = self.snapshot.sites_of(study);
            homes.sites[sites.start as usize..sites.end as usize].iter().filter_map(here).collect()
        } else {
            here(&homes.studies[study as usize]).into_iter().collect()
        }
    }

    fn study_of(&self, piece: &Piece, number: u32) -> u32 {
        if piece.in_location() { self.snapshot.parents[number as usize] } else { number }
    }
}
