//! A resolved query is run: every clause gives a score for every study.

use std::collections::BTreeSet;

use model::{Piece, StudyId, derived, markup, piece};
use query::{
    resolved::{Circle, Resolved},
    typed::Coverage,
};
use serde_json::Value;

use crate::{
    Error,
    layout::{self, date},
    phrase,
    scores::Scores,
    snapshot::{List, Snapshot},
    text,
};

/// Where the text of a record is looked up when the index alone cannot tell (`EXPANSION[None]`).
pub trait Records {
    /// The canonical record of a study.
    fn record(&self, id: StudyId) -> Option<Value>;
}

/// What is being scored: studies, or sites inside `SEARCH[Location]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Studies.
    Study,
    /// Sites.
    Site,
}

/// One run of a query over a snapshot.
pub struct Run<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) records: &'s dyn Records,
    pub(crate) words: text::Cache,
}

impl<'s> Run<'s> {
    /// A run.
    pub fn new(snapshot: &'s Snapshot, records: &'s dyn Records) -> Self {
        Self { snapshot, records, words: text::Cache::default() }
    }

    pub(crate) fn size(&self, space: Space) -> usize {
        match space {
            Space::Study => self.snapshot.len(),
            Space::Site => self.snapshot.sites(),
        }
    }

    /// Scores a query.
    pub fn scores(&mut self, query: &Resolved, space: Space) -> Result<Scores, Error> {
        Ok(match query {
            Resolved::All => Scores::all(self.size(space)),
            Resolved::Or(parts) => {
                let mut sum = Scores::none(self.size(space));
                for part in parts {
                    sum.or(&self.scores(part, space)?);
                }
                sum
            }
            Resolved::And(parts) => {
                let mut product = Scores::all(self.size(space));
                for part in parts {
                    product.and(&self.scores(part, space)?);
                    if product.is_none() {
                        break;
                    }
                }
                product
            }
            Resolved::Not(part) => {
                let mut scores = self.scores(part, space)?;
                scores.not();
                scores
            }
            Resolved::InOneSite(part) => match space {
                Space::Site => self.scores(part, space)?,
                Space::Study => {
                    let sites = self.scores(part, Space::Site)?;
                    self.to_studies(&sites)
                }
            },
            Resolved::Tilt(piece, part) => self.tilt(piece, part, space)?,
            Resolved::Text(text) => self.text(text, space)?,
            Resolved::Enum(piece, values) => self.whole(piece, values, space)?,
            Resolved::Bool(piece, yes) => self.whole(piece, &[if *yes { "true" } else { "false" }], space)?,
            Resolved::Dates(piece, lo, hi) => {
                let (lo, hi) = (lo.map_or(i64::MIN, date::day), hi.map_or(i64::MAX, date::day));
                self.column(piece, space, &|code| {
                    let (first, last) = date::span(code);
                    first <= hi && last >= lo
                })
            }
            Resolved::Numbers(piece, lo, hi) | Resolved::Times(piece, lo, hi) => {
                self.column(piece, space, &|n| (*lo..=*hi).contains(&(n as f64)))
            }
            Resolved::Texts(piece, lo, hi) => self.texts(piece, lo.as_deref(), hi.as_deref(), space)?,
            Resolved::Size(piece, lo, hi) => self.list_size(piece, *lo, *hi, space)?,
            Resolved::Missing(pieces) => {
                let mut any = Scores::none(self.size(space));
                for piece in pieces {
                    any.or(&self.exists(piece, space)?);
                }
                any.not();
                any
            }
            Resolved::Near(circle) => self.near(circle, space),
            Resolved::Ids(ids) => self.ids(ids, space)?,
        })
    }

    /// Scores of sites become scores of their studies: the best site speaks.
    pub(crate) fn to_studies(&self, sites: &Scores) -> Scores {
        let mut studies = Scores::none(self.snapshot.len());
        for (site, score) in sites.0.iter().enumerate().filter(|(_, s)| **s > 0.0) {
            studies.raise(self.snapshot.parents[site], *score);
        }
        studies
    }

    /// Scores of studies are handed down to their sites.
    pub(crate) fn to_sites(&self, studies: &Scores) -> Scores {
        Scores(self.snapshot.parents.iter().map(|study| studies.0[*study as usize]).collect())
    }

    /// Brings scores from the space of a piece into the one that is asked for.
    pub(crate) fn bring(&self, scores: Scores, piece: &Piece, space: Space) -> Scores {
        match (piece.in_location(), space) {
            (true, Space::Study) => self.to_studies(&scores),
            (false, Space::Site) => self.to_sites(&scores),
            _ => scores,
        }
    }

    /// Where the numbers of a piece live.
    pub(crate) fn home(piece: &Piece) -> Space {
        if piece.in_location() { Space::Site } else { Space::Study }
    }

    /// Everything on these lists matches fully.
    fn on_lists(&self, lists: &[Vec<List>], piece: &Piece, space: Space) -> Result<Scores, Error> {
        let mut scores = Scores::none(self.size(Self::home(piece)));
        for (segment, lists) in self.snapshot.segments.iter().zip(lists) {
            for list in lists {
                segment.each(&list.info, |number| scores.0[number as usize] = 1.0)?;
            }
        }
        Ok(self.bring(scores, piece, space))
    }

    fn whole(&self, piece: &'static Piece, values: &[&str], space: Space) -> Result<Scores, Error> {
        let mut sum = Scores::none(self.size(space));
        for value in values {
            let mut term = String::new();
            layout::whole(&mut term, piece, value);
            sum.or(&self.on_lists(&self.snapshot.list(&term, piece)?, piece, space)?);
        }
        Ok(sum)
    }

    /// Studies (or sites) that have any value of a piece.
    fn exists(&self, piece: &'static Piece, space: Space) -> Result<Scores, Error> {
        if piece.is_ordered() {
            return Ok(self.column(piece, space, &|_| true));
        }
        let mut term = String::new();
        layout::boundary(&mut term, piece);
        self.on_lists(&self.snapshot.list(&term, piece)?, piece, space)
    }

    /// Studies with any value of the piece that holds; a missing value never does.
    fn column(&self, piece: &'static Piece, space: Space, holds: &dyn Fn(i64) -> bool) -> Scores {
        let column = self.snapshot.column(piece);
        let size = self.size(Self::home(piece)) as u32;
        let score = |n: u32| if column.values(n).iter().any(|v| holds(*v)) { 1.0 } else { 0.0 };
        self.bring(Scores((0..size).map(score).collect()), piece, space)
    }

    /// How many values: one less than boundaries.
    fn list_size(&mut self, piece: &'static Piece, lo: f64, hi: f64, space: Space) -> Result<Scores, Error> {
        let mut counts = vec![0i64; self.size(Self::home(piece))];
        if let Some(counter) = derived::counter_of(piece) {
            let column = self.snapshot.column(counter);
            let home = self.size(Self::home(counter)) as u32;
            let same = Self::home(counter) == Self::home(piece);
            for n in 0..home {
                let total: i64 = column.values(n).iter().sum();
                let at = if same { n } else { self.snapshot.parents[n as usize] };
                counts[at as usize] += total;
            }
        } else {
            let leaves = piece::all().iter().filter(|p| p.is_leaf() && (*p == piece || below(p, piece)));
            for leaf in leaves {
                self.count_values(leaf, &mut counts)?;
            }
        }
        let within = |n: &i64| if (lo..=hi).contains(&(*n as f64)) { 1.0 } else { 0.0 };
        if space == Space::Study && Self::home(piece) == Space::Site {
            let mut totals = vec![0i64; self.snapshot.len()];
            counts.iter().zip(&self.snapshot.parents).for_each(|(n, study)| totals[*study as usize] += n);
            return Ok(Scores(totals.iter().map(within).collect()));
        }
        Ok(self.bring(Scores(counts.iter().map(within).collect()), piece, space))
    }

    /// Raises each count to the number of values of a leaf.
    fn count_values(&self, leaf: &'static Piece, counts: &mut [i64]) -> Result<(), Error> {
        if leaf.is_ordered() {
            let column = self.snapshot.column(leaf);
            for (n, count) in counts.iter_mut().enumerate() {
                *count = (*count).max(column.values(n as u32).len() as i64);
            }
            return Ok(());
        }
        let mut term = String::new();
        layout::boundary(&mut term, leaf);
        for (segment, lists) in self.snapshot.segments.iter().zip(&self.snapshot.list(&term, leaf)?) {
            for list in lists {
                segment.each_with_count(&list.info, |number, marks| {
                    let count = &mut counts[number as usize];
                    *count = (*count).max(i64::from(marks) - 1);
                })?;
            }
        }
        Ok(())
    }

    /// Values of a text piece that lie between two texts in normal form. The first word of a value nearly always
    /// decides; where it equals that of a bound, the record is read.
    fn texts(
        &mut self,
        piece: &'static Piece,
        lo: Option<&str>,
        hi: Option<&str>,
        space: Space,
    ) -> Result<Scores, Error> {
        let (first_lo, first_hi) = (lo.map(first_word), hi.map(first_word));
        let mut scores = Scores::none(self.size(Self::home(piece)));
        for word in self.words_between(piece, first_lo.unwrap_or_default(), first_hi)? {
            let lists = [self.lists(layout::word_prefix(&word))?];
            let mut found = Vec::new();
            phrase::each(self.snapshot, piece, &lists, Coverage::StartsWith, &mut |n| found.push(n))?;
            let inside = first_lo.is_none_or(|lo| *word > *lo) && first_hi.is_none_or(|hi| *word < *hi);
            for number in found {
                if inside
                    || self.values(piece, number, Self::home(piece)).iter().any(|v| lies_between(v, lo, hi))
                {
                    scores.0[number as usize] = 1.0;
                }
            }
        }
        Ok(self.bring(scores, piece, space))
    }

    /// The words of a piece from `lo` to `hi` or what begins like `hi`.
    fn words_between(&self, piece: &Piece, lo: &str, hi: Option<&str>) -> Result<BTreeSet<String>, Error> {
        let mut words = BTreeSet::new();
        for segment in &self.snapshot.segments {
            // Below this character stand the terms that are no words.
            let mut terms = segment.terms.terms().range().ge(lo.max("\u{5}").as_bytes()).into_stream()?;
            while terms.advance() {
                let key = terms.key();
                let Some(end) = key.iter().position(|b| *b == 1) else { continue };
                let Ok(word) = std::str::from_utf8(&key[..end]) else { continue };
                if hi.is_some_and(|hi| word > hi && !word.starts_with(hi)) {
                    break;
                }
                if layout::piece_at_end(key) == Some(piece) {
                    words.insert(word.to_owned());
                }
            }
        }
        Ok(words)
    }

    /// The text values of a piece in the record of a study, or of one of its sites.
    pub(crate) fn values(&self, piece: &Piece, number: u32, space: Space) -> Vec<String> {
        let study = if space == Space::Site { self.snapshot.parents[number as usize] } else { number };
        let site = (space == Space::Site && piece.in_location())
            .then(|| number - self.snapshot.sites_of(study).start);
        let Some(record) = self.records.record(self.snapshot.id(study)) else { return Vec::new() };
        let mut values = Vec::new();
        piece::walk(&record, &mut |leaf| {
            if leaf.piece == piece && (site.is_none() || leaf.site == site) {
                values.extend(leaf.value.as_str().map(str::to_owned));
            }
        });
        values
    }

    fn near(&self, circle: &Circle, space: Space) -> Scores {
        let sites = Scores(
            self.snapshot.at_points(|point| if kilometres(circle, point) <= circle.km { 1.0 } else { 0.0 }),
        );
        if space == Space::Site { sites } else { self.to_studies(&sites) }
    }

    fn ids(&self, ids: &[StudyId], space: Space) -> Result<Scores, Error> {
        let mut scores = Scores::none(self.snapshot.len());
        for id in ids {
            if let Some(number) = self.snapshot.number(*id) {
                scores.0[number as usize] = 1.0;
            }
            for named in self.snapshot.identity().naming(*id).filter_map(|id| self.snapshot.number(id)) {
                scores.0[named as usize] = 1.0;
            }
            scores.or(&self.whole(piece::known("NCTIdAlias"), &[&id.to_string()], Space::Study)?);
        }
        Ok(if space == Space::Site { self.to_sites(&scores) } else { scores })
    }

    /// Keeps the set; multiplies scores by .5 for the lowest value of the piece up to 1 for the highest.
    fn tilt(&mut self, piece: &'static Piece, part: &Resolved, space: Space) -> Result<Scores, Error> {
        let mut scores = self.scores(part, space)?;
        let column = self.snapshot.column(piece);
        let value = |n: u32| match (Self::home(piece), space) {
            (Space::Study, Space::Site) => column.first(self.snapshot.parents[n as usize]),
            (Space::Site, Space::Study) => self.snapshot.sites_of(n).filter_map(|s| column.first(s)).max(),
            _ => column.first(n),
        };
        let mut ranked: Vec<(i64, u32)> =
            scores.matches().map(|n| (value(n).unwrap_or(i64::MIN), n)).collect();
        ranked.sort_unstable();
        let top = ranked.len().saturating_sub(1).max(1) as f32;
        let mut rank = 0;
        for (i, (v, n)) in ranked.iter().enumerate() {
            if i > 0 && *v != ranked[i - 1].0 {
                rank = i;
            }
            scores.0[*n as usize] *= 0.5 + 0.5 * rank as f32 / top;
        }
        Ok(scores)
    }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// Whether the normal form of a value lies between two others; what begins with the upper one still does.
fn lies_between(value: &str, lo: Option<&str>, hi: Option<&str>) -> bool {
    let words: Vec<String> =
        vocabulary::words(&markup::unescape(value)).into_iter().map(|w| w.norm).collect();
    let text = words.join(" ");
    lo.is_none_or(|lo| *text >= *lo) && hi.is_none_or(|hi| *text <= *hi || text.starts_with(hi))
}

fn below(leaf: &Piece, branch: &Piece) -> bool {
    leaf.path.strip_prefix(branch.path).is_some_and(|rest| rest.starts_with('.') && !rest[1..].contains('.'))
}

/// Great-circle distance in kilometres on a sphere of radius 6,371.0088 km (mean Earth radius, IUGG); haversine.
pub fn kilometres(circle: &Circle, point: (f32, f32)) -> f64 {
    let (lat1, lon1) = (circle.lat.to_radians(), circle.lon.to_radians());
    let (lat2, lon2) = (f64::from(point.0).to_radians(), f64::from(point.1).to_radians());
    let half = |x: f64| (x / 2.0).sin().powi(2);
    let h = half(lat2 - lat1) + lat1.cos() * lat2.cos() * half(lon2 - lon1);
    2.0 * 6371.0088 * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_between_known_cities() {
        // Berlin to Paris is about 878 km along the great circle.
        let berlin = Circle { lat: 52.52, lon: 13.405, km: 0.0 };
        assert!((kilometres(&berlin, (48.8566, 2.3522)) - 878.0).abs() < 2.0);
    }
}
