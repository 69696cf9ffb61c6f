//! Words in pieces: how a term is looked for and what a hit counts.
//!
//! A hit counts the weight of its piece times how near it is to what was typed: the words themselves 1, a synonym
//! .85, the words apart .5, some of the words .2 (the figures are ours; they keep the registry's documented order
//! exact > synonym > relaxed > lossy). Hits in several pieces add up with saturation, `1 - Π(1 - hit)`.
//!
//! The *set* that a bare term finds depends only on the concepts and words in it, never on which of the names of a
//! concept was typed: `lung cancer` and `Lung Neoplasms` find the same studies. What was typed only ranks.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use model::{Piece, WeightedPiece, piece};
use query::{
    resolved::{Segment, TextMatch},
    typed::{Coverage, Expansion},
};

use crate::{
    Error,
    evaluate::{Run, Space},
    layout, phrase,
    presence::Presence,
    scores::{Scores, Tally},
    snapshot::List,
};

/// What a hit of each kind counts, before the weight of its piece.
pub mod counts {
    /// The words as typed, up to inflection.
    pub const EXACT: f32 = 1.0;
    /// Another name of the same concept.
    pub const CONCEPT: f32 = 0.85;
    /// All the words, apart.
    pub const RELAXED: f32 = 0.5;
    /// Some of the words.
    pub const LOSSY: f32 = 0.2;
}

/// At most so many names of a concept are looked for as words apart; the shortest ones, which include the others.
const RELAXED_NAMES: usize = 6;
/// At most so many spellings of a whole phrase are tried when its concepts have other names.
const PHRASES: usize = 48;

/// Posting lists of a word or concept, by segment.
pub(crate) type Lists = Arc<Vec<Vec<List>>>;

/// Lists that a run has already looked up.
#[derive(Default)]
pub(crate) struct Cache {
    everywhere: HashMap<String, Lists>,
    /// By prefix and pieces.
    somewhere: HashMap<(String, Vec<u16>), Lists>,
}

impl Run<'_> {
    /// The lists of a term prefix in the pieces that have a weight, and perhaps others; looked up once a run.
    pub(crate) fn weighted(&mut self, prefix: String, weights: &Weights) -> Result<Lists, Error> {
        let mut pieces: Vec<&'static Piece> = weights.list.iter().map(|p| p.piece).collect();
        // As they follow each other in the dictionary: sums of scores come out the same to the last bit.
        pieces.sort_by_key(|piece| piece.id);
        let ids = pieces.iter().map(|p| p.id).collect();
        let key = (prefix, ids);
        if let Some(lists) = self.words.somewhere.get(&key) {
            return Ok(lists.clone());
        }
        let lists = Arc::new(self.snapshot.lists_in(&key.0, &pieces)?);
        self.words.somewhere.insert(key, lists.clone());
        Ok(lists)
    }

    /// All lists of a term prefix; looked up once a run.
    pub(crate) fn lists(&mut self, prefix: String) -> Result<Lists, Error> {
        if let Some(lists) = self.words.everywhere.get(&prefix) {
            return Ok(lists.clone());
        }
        let lists = Arc::new(self.snapshot.lists(&prefix)?);
        self.words.everywhere.insert(prefix, lists.clone());
        Ok(lists)
    }

    /// Scores a term. Pieces of sites are scored among sites, so that the words meet in one.
    pub(crate) fn text(&mut self, text: &TextMatch, space: Space) -> Result<Scores, Error> {
        let (at_sites, at_study): (Vec<WeightedPiece>, Vec<WeightedPiece>) =
            text.pieces.iter().copied().partition(|p| p.piece.in_location());
        if at_sites.is_empty() {
            let scores = self.term(text, &Weights::new(&at_study), Space::Study)?;
            return Ok(if space == Space::Site { self.to_sites(&scores) } else { scores });
        }
        if at_study.is_empty() {
            let scores = self.term(text, &Weights::new(&at_sites), Space::Site)?;
            return Ok(if space == Space::Study { self.to_studies(&scores) } else { scores });
        }
        if space == Space::Site {
            let mut scores = self.term(text, &Weights::new(&at_sites), Space::Site)?;
            let above = self.term(text, &Weights::new(&at_study), Space::Study)?;
            scores.or(&self.to_sites(&above));
            return Ok(scores);
        }
        self.term(text, &Weights::new(&text.pieces), Space::Study)
    }

    fn term(&mut self, text: &TextMatch, weights: &Weights, space: Space) -> Result<Scores, Error> {
        if text.segments.is_empty() {
            return Ok(Scores::none(self.size(space)));
        }
        match (text.coverage, text.expansion) {
            (Coverage::Contains, Expansion::Relaxation) => self.relaxed(text, weights, space),
            (_, Expansion::Lossy) => self.lossy(text, weights, space),
            (_, Expansion::None) => self.verbatim(text, weights, space),
            (_, Expansion::Term) => {
                let mut scores = Scores::none(self.size(space));
                self.phrase(
                    &all_words(&text.segments),
                    text.coverage,
                    weights,
                    counts::EXACT,
                    space,
                    &mut scores,
                )?;
                Ok(scores)
            }
            _ => self.concept_phrase(text, weights, space),
        }
    }

    /// Every segment somewhere in the pieces: as typed, by another name, or with its words apart.
    fn relaxed(&mut self, text: &TextMatch, weights: &Weights, space: Space) -> Result<Scores, Error> {
        let mut present = Presence::default();
        let mut product: Option<Scores> = None;
        for segment in &text.segments {
            let scores = self.segment(segment, weights, space, &mut present)?;
            match &mut product {
                None => product = Some(scores),
                Some(product) => product.and(&scores),
            }
            if product.as_ref().is_some_and(Scores::is_none) {
                break;
            }
            present.forget_many();
        }
        let mut product = product.unwrap_or_else(|| Scores::none(self.size(space)));
        let parts = text.segments.len();
        if parts > 1 {
            let root = 1.0 / parts as f32;
            product.0.iter_mut().filter(|s| **s > 0.0).for_each(|s| *s = s.powf(root));
            let mut whole = Scores::none(self.size(space));
            self.phrase(
                &all_words(&text.segments),
                Coverage::Contains,
                weights,
                counts::EXACT,
                space,
                &mut whole,
            )?;
            product.0.iter_mut().zip(&whole.0).filter(|(p, _)| **p > 0.0).for_each(|(p, w)| *p += w - *p * w);
        }
        Ok(product)
    }

    fn segment(
        &mut self,
        segment: &Segment,
        weights: &Weights,
        space: Space,
        present: &mut Presence,
    ) -> Result<Scores, Error> {
        let mut scores = match &segment.words[..] {
            [word] => self.present(word, weights, space, present)?.scores.clone(),
            words => {
                let mut scores = Scores::none(self.size(space));
                self.phrase(words, Coverage::Contains, weights, counts::EXACT, space, &mut scores)?;
                scores
            }
        };
        if let Some(concept) = segment.concept {
            let lists = self.weighted(layout::concept_prefix(concept), weights)?;
            self.add_lists(&lists, weights, counts::CONCEPT, space, &mut scores)?;
        }
        for words in names_apart(segment) {
            if words.len() == 1 && words == segment.words {
                // The word itself has been found, and counts more so.
                continue;
            }
            let mut here = Vec::with_capacity(words.len());
            for word in &words {
                here.push(self.present_own(word, weights, space, present)?);
            }
            let Some(rarest) = here.iter().min_by_key(|hits| hits.numbers.len()) else { continue };
            let root = 1.0 / words.len() as f32;
            for number in &rarest.numbers {
                let apart: f32 = here.iter().map(|hits| hits.scores.0[*number as usize]).product();
                if apart > 0.0 {
                    let mean = if words.len() > 1 { apart.powf(root) } else { apart };
                    scores.raise(*number, counts::RELAXED * mean);
                }
            }
        }
        Ok(scores)
    }

    /// Adds every hit of some lists to the scores.
    pub(crate) fn add_lists(
        &self,
        lists: &Lists,
        weights: &Weights,
        nearness: f32,
        space: Space,
        scores: &mut impl Tally,
    ) -> Result<(), Error> {
        let mut site_hits = SiteHits::default();
        let up = |piece: &Piece| piece.in_location() && space == Space::Study;
        for (segment, lists) in self.snapshot.segments.iter().zip(lists.iter()) {
            let counts = |list: &List| Some(weights.of(list.piece) * nearness).filter(|c| *c > 0.0);
            let here = |list: &List| counts(list).filter(|_| !up(list.piece));
            segment.each_of(lists, here, |counts, number| scores.add(number, counts))?;
            for list in lists.iter().filter(|list| up(list.piece) && counts(list).is_some()) {
                let seen = site_hits.of(list.piece);
                segment.each(&list.info, |site| seen.push(self.snapshot.parents[site as usize]))?;
            }
        }
        site_hits.add_once(weights, nearness, scores);
        Ok(())
    }

    /// Words next to each other in one value, covering it as far as asked.
    fn phrase(
        &mut self,
        words: &[String],
        coverage: Coverage,
        weights: &Weights,
        nearness: f32,
        space: Space,
        scores: &mut Scores,
    ) -> Result<(), Error> {
        let mut lists = Vec::with_capacity(words.len());
        for word in words {
            lists.push(self.weighted(layout::word_prefix(word), weights)?);
        }
        if let ([only], Coverage::Contains) = (&lists[..], coverage) {
            return self.add_lists(only, weights, nearness, space, scores);
        }
        let mut site_hits = SiteHits::default();
        for weighted in &weights.list {
            let piece = weighted.piece;
            let counts = weighted.weight * nearness;
            phrase::each(self.snapshot, piece, &lists, coverage, &mut |number| {
                if piece.in_location() && space == Space::Study {
                    site_hits.of(piece).push(self.snapshot.parents[number as usize]);
                } else {
                    scores.add(number, counts);
                }
            })?;
        }
        site_hits.add_once(weights, nearness, scores);
        Ok(())
    }

    /// The words kept together, each concept by any of its names.
    fn concept_phrase(&mut self, text: &TextMatch, weights: &Weights, space: Space) -> Result<Scores, Error> {
        let mut scores = Scores::none(self.size(space));
        self.phrase(&all_words(&text.segments), text.coverage, weights, counts::EXACT, space, &mut scores)?;
        if let ([Segment { concept: Some(concept), .. }], Coverage::Contains) =
            (&text.segments[..], text.coverage)
        {
            let lists = self.weighted(layout::concept_prefix(*concept), weights)?;
            self.add_lists(&lists, weights, counts::CONCEPT, space, &mut scores)?;
            // Pieces without concepts of their own (sponsors, sites) are searched by name below.
            let plain = weights.without_synonyms();
            for name in text.segments[0].synonyms.iter().take(PHRASES) {
                self.phrase(name, text.coverage, &plain, counts::CONCEPT, space, &mut scores)?;
            }
            return Ok(scores);
        }
        let mut other = Scores::none(self.size(space));
        for words in spellings(&text.segments) {
            self.phrase(&words, text.coverage, weights, counts::CONCEPT, space, &mut other)?;
        }
        scores.0.iter_mut().zip(&other.0).for_each(|(s, o)| *s = s.max(o.min(counts::CONCEPT)));
        Ok(scores)
    }

    /// Any of the words; a study scores by the share of rare words it has, each by its heaviest piece.
    fn lossy(&mut self, text: &TextMatch, weights: &Weights, space: Space) -> Result<Scores, Error> {
        let size = self.size(space);
        let mut sum = Scores::none(size);
        let mut firsts = Firsts { seen: vec![0; size], turn: 0, numbers: Vec::new(), levels: Vec::new() };
        let mut known = BTreeSet::new();
        let mut total = 0.0;
        for segment in telling(&text.segments) {
            if !known.insert((segment.concept, &segment.words)) {
                continue;
            }
            self.first_hits(segment, weights, space, &mut firsts)?;
            let rarity = (1.0 + size as f32 / (1.0 + firsts.numbers.len() as f32)).ln();
            total += rarity;
            firsts.each(|number, counts| sum.0[number as usize] += rarity * counts);
        }
        sum.0.iter_mut().for_each(|s| *s = (*s / f32::max(total, 1.0)).min(1.0));
        Ok(sum)
    }

    /// Where any word of a segment stands, heaviest piece first: each number once.
    fn first_hits(
        &mut self,
        segment: &Segment,
        weights: &Weights,
        space: Space,
        firsts: &mut Firsts,
    ) -> Result<(), Error> {
        let share = counts::EXACT / segment.words.len() as f32;
        let mut lists = Vec::new();
        for word in &segment.words {
            lists.push((self.weighted(layout::word_prefix(word), weights)?, share));
        }
        if let Some(concept) = segment.concept {
            lists.push((self.weighted(layout::concept_prefix(concept), weights)?, counts::CONCEPT));
        }
        firsts.begin();
        for (s, part) in self.snapshot.segments.iter().enumerate() {
            let here =
                lists.iter().flat_map(|(lists, nearness)| lists[s].iter().map(move |l| (l, *nearness)));
            let counted = here.map(|(list, nearness)| (weights.of(list.piece) * nearness, list));
            let mut heaviest: Vec<(f32, &List)> = counted.filter(|(counts, _)| *counts > 0.0).collect();
            heaviest.sort_by(|a, b| b.0.total_cmp(&a.0));
            let mut blocks = None;
            for (counts, list) in heaviest {
                if firsts.numbers.len() == firsts.seen.len() {
                    return Ok(());
                }
                firsts.level(counts);
                if list.piece.in_location() && space == Space::Study {
                    part.each_in(&mut blocks, &list.info, |site| {
                        firsts.hit(self.snapshot.parents[site as usize]);
                    })?;
                } else {
                    part.each_in(&mut blocks, &list.info, |number| firsts.hit(number))?;
                }
            }
        }
        Ok(())
    }

    /// Exactly these characters: found as a phrase, then compared with the record.
    fn verbatim(&mut self, text: &TextMatch, weights: &Weights, space: Space) -> Result<Scores, Error> {
        let mut scores = Scores::none(self.size(space));
        for weighted in &weights.list {
            let mut found = Scores::none(self.size(space));
            let alone = Weights::new(&[*weighted]);
            self.phrase(&all_words(&text.segments), text.coverage, &alone, counts::EXACT, space, &mut found)?;
            for number in found.matches() {
                let values = self.values(weighted.piece, number, space);
                if values.iter().any(|v| phrase::verbatim(v, &text.text, text.coverage)) {
                    scores.add(number, weighted.weight);
                }
            }
        }
        Ok(scores)
    }
}

/// The segments that say something: not `of` and `the`, unless there is nothing else.
fn telling(segments: &[Segment]) -> Vec<&Segment> {
    let says = |s: &&Segment| s.concept.is_some() || s.words.iter().any(|w| !vocabulary::is_stop_word(w));
    let telling: Vec<&Segment> = segments.iter().filter(says).collect();
    if telling.is_empty() { segments.iter().collect() } else { telling }
}

/// The first hit of every number in one turn.
struct Firsts {
    /// Number -> the turn in which it was last hit.
    seen: Vec<u32>,
    turn: u32,
    /// The numbers hit in this turn, and from where on they count how much.
    numbers: Vec<u32>,
    levels: Vec<(usize, f32)>,
}

impl Firsts {
    fn begin(&mut self) {
        self.turn += 1;
        self.numbers.clear();
        self.levels.clear();
    }

    fn level(&mut self, counts: f32) {
        self.levels.push((self.numbers.len(), counts));
    }

    #[inline]
    fn hit(&mut self, number: u32) {
        let seen = &mut self.seen[number as usize];
        if *seen != self.turn {
            *seen = self.turn;
            self.numbers.push(number);
        }
    }

    fn each(&self, mut f: impl FnMut(u32, f32)) {
        for (at, (start, counts)) in self.levels.iter().enumerate() {
            let end = self.levels.get(at + 1).map_or(self.numbers.len(), |next| next.0);
            self.numbers[*start..end].iter().for_each(|number| f(*number, *counts));
        }
    }
}

/// Studies whose sites were hit, by piece: a study counts a piece once, however many of its sites are hit.
#[derive(Default)]
struct SiteHits(Vec<(&'static Piece, Vec<u32>)>);

impl SiteHits {
    fn of(&mut self, piece: &'static Piece) -> &mut Vec<u32> {
        let at = self.0.iter().position(|h| h.0 == piece).unwrap_or_else(|| {
            self.0.push((piece, Vec::new()));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    fn add_once(self, weights: &Weights, nearness: f32, scores: &mut impl Tally) {
        for (piece, mut studies) in self.0 {
            studies.sort_unstable();
            studies.dedup();
            studies.into_iter().for_each(|study| scores.add(study, weights.of(piece) * nearness));
        }
    }
}

/// The weights of pieces, by id of the piece.
pub(crate) struct Weights {
    by_id: Vec<f32>,
    pub(crate) list: Vec<WeightedPiece>,
}

impl Weights {
    pub(crate) fn new(pieces: &[WeightedPiece]) -> Self {
        let mut by_id = vec![0.0; piece::all().len()];
        for weighted in pieces {
            by_id[usize::from(weighted.piece.id)] = weighted.weight;
        }
        Self { by_id, list: pieces.to_vec() }
    }

    pub(crate) fn of(&self, piece: &Piece) -> f32 {
        self.by_id[usize::from(piece.id)]
    }

    fn without_synonyms(&self) -> Self {
        let plain: Vec<WeightedPiece> = self.list.iter().filter(|p| !p.piece.synonyms).copied().collect();
        Self::new(&plain)
    }
}

fn all_words(segments: &[Segment]) -> Vec<String> {
    segments.iter().flat_map(|s| s.words.iter().cloned()).collect()
}

/// The names of a concept as sets of words to be found apart: the same for every name that was typed. A set that
/// holds another one finds nothing more and is left out.
pub(crate) fn names_apart(segment: &Segment) -> Vec<Vec<String>> {
    let names = std::iter::once(&segment.words).chain(&segment.synonyms);
    let mut sets: Vec<BTreeSet<&str>> = names
        .map(|name| name.iter().map(String::as_str).filter(|w| !vocabulary::is_stop_word(w)).collect())
        .filter(|set: &BTreeSet<&str>| !set.is_empty())
        .collect();
    sets.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
    let mut kept: Vec<BTreeSet<&str>> = Vec::new();
    for set in sets {
        if !kept.iter().any(|k| k.is_subset(&set)) {
            kept.push(set);
        }
    }
    kept.truncate(RELAXED_NAMES);
    kept.into_iter().map(|set| set.into_iter().map(str::to_owned).collect()).collect()
}

/// The ways to spell a sequence of segments with other names, without the way it was typed.
fn spellings(segments: &[Segment]) -> Vec<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for segment in segments {
        let names = std::iter::once(&segment.words).chain(&segment.synonyms);
        let mut next = Vec::new();
        for name in names {
            for way in &ways {
                next.push(way.iter().chain(name).cloned().collect());
                if next.len() >= PHRASES {
                    break;
                }
            }
        }
        next.truncate(PHRASES);
        ways = next;
    }
    ways.retain(|way| *way != all_words(segments));
    ways
}
