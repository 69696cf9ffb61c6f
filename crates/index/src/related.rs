//! The studies most like one study, with what they share; the same list every time.
//!
//! Score (registry.md E3): share of the study's condition headings that the other has, weighted by rarity, plus half
//! the same for intervention headings, plus .2 for the same phase, plus .2 for recruiting. Ties: newest update, then id.

use std::collections::BTreeMap;

use model::{NctId, piece};

use crate::{
    Error, Related,
    facets::{self, INTERVENTION_MESH},
    layout,
    snapshot::Snapshot,
};

const INTERVENTIONS: f32 = 0.5;
const SAME_PHASE: f32 = 0.2;
const RECRUITING: f32 = 0.2;

/// What another study has in common with the one at hand.
#[derive(Default)]
struct Common {
    score: f32,
    shares: Vec<String>,
}

/// The studies most like study `id`, best first. Empty if the index does not know the study.
pub(crate) fn related(snapshot: &Snapshot, id: NctId, limit: usize) -> Result<Vec<Related>, Error> {
    let Some(study) = snapshot.number(id) else { return Ok(Vec::new()) };
    let mut others: BTreeMap<u32, Common> = BTreeMap::new();
    overlap(snapshot, study, "condition", "ConditionMeshId", 1.0, &mut others)?;
    overlap(snapshot, study, INTERVENTION_MESH, "InterventionMeshId", INTERVENTIONS, &mut others)?;
    others.remove(&study);
    let phases = facets::of_study(snapshot, "phase", study)?;
    for (other, common) in &mut others {
        if !phases.is_empty() && facets::of_study(snapshot, "phase", *other)? == phases {
            common.score += SAME_PHASE;
            common.shares.push("same phase".into());
        }
        if facets::of_study(snapshot, "status", *other)?.iter().any(|s| s == "RECRUITING") {
            common.score += RECRUITING;
            common.shares.push("recruiting".into());
        }
    }
    let updated = snapshot.column(piece::known("LastUpdatePostDate"));
    let mut rows: Vec<(u32, Common)> = others.into_iter().collect();
    rows.sort_by(|(a, x), (b, y)| {
        y.score.total_cmp(&x.score).then_with(|| updated.first(*b).cmp(&updated.first(*a))).then(a.cmp(b))
    });
    rows.truncate(limit);
    Ok(rows
        .into_iter()
        .map(|(n, c)| Related { nct_id: snapshot.id(n), score: c.score, shares: c.shares })
        .collect())
}

/// Adds the overlap of one kind of MeSH heading to every study that shares one.
fn overlap(
    snapshot: &Snapshot,
    study: u32,
    facet: &str,
    ids: &str,
    weight: f32,
    others: &mut BTreeMap<u32, Common>,
) -> Result<(), Error> {
    let piece = piece::known(ids);
    let mut headings = Vec::new();
    for value in facets::of_study(snapshot, facet, study)? {
        let mut term = String::new();
        layout::whole(&mut term, piece, &value);
        let mut studies = Vec::new();
        for (segment, lists) in snapshot.segments.iter().zip(snapshot.list(&term, piece)?) {
            for list in lists {
                segment.each(&list.info, |n| studies.push(n))?;
            }
        }
        let rarity = (1.0 + snapshot.len() as f32 / studies.len().max(1) as f32).ln();
        headings.push((value, rarity, studies));
    }
    let total: f32 = headings.iter().map(|h| h.1).sum();
    for (value, rarity, studies) in headings {
        let name = vocabulary::by_mesh_id(&value).and_then(vocabulary::name).map_or(value, str::to_owned);
        for other in studies {
            let common = others.entry(other).or_default();
            common.score += weight * rarity / total;
            common.shares.push(name.clone());
        }
    }
    Ok(())
}
