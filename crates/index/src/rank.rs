//! From scores to an ordered page of hits.

use std::cmp::Ordering;

use model::{Piece, piece};
use query::resolved::{Circle, DecayShape, GeoDecay, Resolved, SortBy, SortKey};

use crate::{evaluate::kilometres, scores::Scores, snapshot::Snapshot};

/// Above so many hits the registry ignores `geoDecay`.
const DECAY_LIMIT: usize = 10_000;

/// Lowers scores by the distance of the nearest site, unless there are too many hits.
pub(crate) fn decay(snapshot: &Snapshot, decay: &GeoDecay, scores: &mut Scores) {
    if scores.count() > DECAY_LIMIT {
        return;
    }
    let studies: Vec<u32> = scores.matches().collect();
    for study in studies {
        let weight = nearest(snapshot, &decay.circle, study).map_or(0.0, |km| weight(decay, km));
        // A weight of zero must not drop the study from the set.
        scores.0[study as usize] = (scores.0[study as usize] * weight as f32).max(f32::MIN_POSITIVE);
    }
}

/// The weight at a distance, in the three shapes the registry documents (as in Elasticsearch).
fn weight(decay: &GeoDecay, km: f64) -> f64 {
    let d = (km - decay.offset_km).max(0.0);
    match decay.shape {
        DecayShape::Exponential => (decay.decay.ln() / decay.scale_km * d).exp(),
        DecayShape::Gaussian => (decay.decay.ln() / decay.scale_km.powi(2) * d * d).exp(),
        DecayShape::Linear => {
            let s = decay.scale_km / (1.0 - decay.decay);
            ((s - d) / s).max(0.0)
        }
    }
}

/// Kilometres from a centre to the nearest site with a point.
pub(crate) fn nearest(snapshot: &Snapshot, circle: &Circle, study: u32) -> Option<f64> {
    let sites = snapshot.sites_of(study).filter_map(|site| snapshot.points()[site as usize]);
    sites.map(|point| kilometres(circle, point)).min_by(f64::total_cmp)
}

/// The circle of a query's geo filter, if it has exactly one place to look for it.
pub(crate) fn circle(query: &Resolved) -> Option<Circle> {
    match query {
        Resolved::Near(circle) => Some(*circle),
        Resolved::And(parts) => parts.iter().find_map(circle),
        Resolved::InOneSite(part) => circle(part),
        _ => None,
    }
}

/// The wanted slice of the matching studies, which are `rows`, in order: by the keys, then newest update, then id.
pub(crate) fn page(
    snapshot: &Snapshot,
    scores: &Scores,
    mut rows: Vec<u32>,
    sort: &[SortKey],
    offset: usize,
    limit: usize,
) -> Vec<u32> {
    let updated = snapshot.column(piece::known("LastUpdatePostDate"));
    let keys: Vec<Key> = if sort.is_empty() {
        vec![Key::Relevance { descending: true }]
    } else {
        sort.iter().map(|key| Key::new(snapshot, key)).collect()
    };
    let order = |a: &u32, b: &u32| -> Ordering {
        let by_key = keys.iter().map(|key| key.compare(scores, *a, *b)).find(|o| o.is_ne());
        by_key.unwrap_or_else(|| updated.first(*b).cmp(&updated.first(*a)).then(a.cmp(b)))
    };
    let wanted = offset.saturating_add(limit);
    if let [Key::Relevance { descending: true }, ..] = keys[..] {
        keep_best(scores, &mut rows, wanted);
    }
    if wanted < rows.len() && wanted > 0 {
        rows.select_nth_unstable_by(wanted - 1, order);
        rows.truncate(wanted);
    }
    rows.sort_unstable_by(order);
    rows.into_iter().skip(offset).take(limit).collect()
}

/// Drops the rows that score less than the best `wanted` do: comparing scores alone is far cheaper than whole keys.
fn keep_best(scores: &Scores, rows: &mut Vec<u32>, wanted: usize) {
    if wanted == 0 || wanted >= rows.len() {
        return;
    }
    // Scores are positive, so that their bits are ordered as they are.
    let mut bits: Vec<u32> = rows.iter().map(|row| scores.0[*row as usize].to_bits()).collect();
    let (_, threshold, _) = bits.select_nth_unstable_by(wanted - 1, |a, b| b.cmp(a));
    let threshold = *threshold;
    rows.retain(|row| scores.0[*row as usize].to_bits() >= threshold);
}

/// One key of the order, with what it reads.
enum Key {
    Relevance { descending: bool },
    Value { values: Vec<Option<i64>>, descending: bool },
}

impl Key {
    fn new(snapshot: &Snapshot, key: &SortKey) -> Self {
        match key.by {
            SortBy::Relevance => Self::Relevance { descending: key.descending },
            SortBy::Piece(piece) => {
                let values = values(snapshot, piece, key.descending);
                Self::Value { values, descending: key.descending }
            }
        }
    }

    fn compare(&self, scores: &Scores, a: u32, b: u32) -> Ordering {
        match self {
            Self::Relevance { descending } => {
                let order = scores.0[a as usize].total_cmp(&scores.0[b as usize]);
                if *descending { order.reverse() } else { order }
            }
            Self::Value { values, descending } => match (values[a as usize], values[b as usize]) {
                (Some(x), Some(y)) => {
                    if *descending {
                        y.cmp(&x)
                    } else {
                        x.cmp(&y)
                    }
                }
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            },
        }
    }
}

/// What the registry writes for an enrollment that nobody knows (registered before it was asked for, or a mistake).
const ENROLLMENT_UNKNOWN: i64 = 99_999_999;

/// One value a study: the largest of several when the largest stands first, else the smallest.
fn values(snapshot: &Snapshot, piece: &Piece, descending: bool) -> Vec<Option<i64>> {
    let column = snapshot.column(piece);
    let known = |value: &i64| piece.name != "EnrollmentCount" || *value != ENROLLMENT_UNKNOWN;
    let pick = |all: &mut dyn Iterator<Item = i64>| if descending { all.max() } else { all.min() };
    (0..snapshot.len() as u32)
        .map(|study| {
            if piece.in_location() {
                pick(&mut snapshot.sites_of(study).flat_map(|site| column.values(site).iter().copied()))
            } else {
                pick(&mut column.values(study).iter().copied().filter(known))
            }
        })
        .collect()
}
