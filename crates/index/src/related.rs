//! The studies most like one study, with what they share; the same list every time.
//!
//! Score: share of the study's condition headings that the other has, weighted by rarity, plus half
//! the same for intervention headings, plus .2 for the same phase, plus .2 for recruiting. Ties: newest update, then id.

use model::{StudyId, piece};

use crate::{
    Error, Related,
    facets::{self, FacetColumn, INTERVENTION_MESH},
    layout,
    scores::Scores,
    snapshot::Snapshot,
};

const INTERVENTIONS: f32 = 0.5;
const SAME_PHASE: f32 = 0.2;
const RECRUITING: f32 = 0.2;

/// A MeSH heading of the study, what sharing it counts, and who shares it.
struct Heading {
    value: String,
    counts: f32,
    studies: Vec<u32>,
}

/// The studies most like study `id`, best first. Empty if the index does not know the study.
pub(crate) fn related(snapshot: &Snapshot, id: StudyId, limit: usize) -> Result<Vec<Related>, Error> {
    let Some(study) = snapshot.number(id) else { return Ok(Vec::new()) };
    let mut headings = shared_headings(snapshot, study, "condition", "ConditionMeshId", 1.0)?;
    headings.extend(shared_headings(
        snapshot,
        study,
        INTERVENTION_MESH,
        "InterventionMeshId",
        INTERVENTIONS,
    )?);
    let mut scores = Scores::none(snapshot.len());
    for heading in &headings {
        heading.studies.iter().for_each(|other| scores.0[*other as usize] += heading.counts);
    }
    scores.0[study as usize] = 0.0;
    let likeness = Likeness::new(snapshot, study)?;
    for other in 0..snapshot.len() as u32 {
        let score = &mut scores.0[other as usize];
        if *score > 0.0 {
            *score += likeness.counts(other);
        }
    }
    let updated = snapshot.column(piece::known("LastUpdatePostDate"));
    let mut rows: Vec<u32> = scores.matches().collect();
    let order = |a: &u32, b: &u32| {
        let by_score = scores.0[*b as usize].total_cmp(&scores.0[*a as usize]);
        by_score.then_with(|| updated.first(*b).cmp(&updated.first(*a))).then(a.cmp(b))
    };
    if limit < rows.len() && limit > 0 {
        rows.select_nth_unstable_by(limit - 1, order);
    }
    rows.truncate(limit);
    rows.sort_unstable_by(order);
    let related = |other: u32| Related {
        nct_id: snapshot.id(other),
        score: scores.0[other as usize],
        shares: shares(&headings, &likeness, other),
    };
    Ok(rows.into_iter().map(related).collect())
}

/// What two studies share besides headings.
struct Likeness<'s> {
    phase: &'s FacetColumn,
    status: &'s FacetColumn,
    study: u32,
}

impl<'s> Likeness<'s> {
    fn new(snapshot: &'s Snapshot, study: u32) -> Result<Self, Error> {
        Ok(Self {
            phase: facets::column(snapshot, "phase")?,
            status: facets::column(snapshot, "status")?,
            study,
        })
    }

    fn same_phase(&self, other: u32) -> bool {
        let phases = self.phase.ordinals(self.study);
        !phases.is_empty() && phases == self.phase.ordinals(other)
    }

    fn recruiting(&self, other: u32) -> bool {
        self.status.ordinals(other).iter().any(|o| self.status.value(*o) == "RECRUITING")
    }

    fn counts(&self, other: u32) -> f32 {
        let phase = if self.same_phase(other) { SAME_PHASE } else { 0.0 };
        phase + if self.recruiting(other) { RECRUITING } else { 0.0 }
    }
}

fn shares(headings: &[Heading], likeness: &Likeness<'_>, other: u32) -> Vec<String> {
    let shared = headings.iter().filter(|h| h.studies.binary_search(&other).is_ok());
    let name = |value: &str| vocabulary::by_id(value).and_then(vocabulary::name).unwrap_or(value).to_owned();
    let mut shares: Vec<String> = shared.map(|h| name(&h.value)).collect();
    shares.extend(likeness.same_phase(other).then(|| "same phase".to_owned()));
    shares.extend(likeness.recruiting(other).then(|| "recruiting".to_owned()));
    shares
}

/// The headings of one kind that a study has; together they count `weight`.
fn shared_headings(
    snapshot: &Snapshot,
    study: u32,
    facet: &str,
    ids: &str,
    weight: f32,
) -> Result<Vec<Heading>, Error> {
    let piece = piece::known(ids);
    let column = facets::column(snapshot, facet)?;
    let mut headings = Vec::new();
    for ordinal in column.ordinals(study) {
        let value = column.value(*ordinal).to_owned();
        let mut term = String::new();
        layout::whole(&mut term, piece, &value);
        let mut studies = Vec::new();
        for (segment, lists) in snapshot.segments.iter().zip(snapshot.list(&term, piece)?) {
            for list in lists {
                segment.each(&list.info, |n| studies.push(n))?;
            }
        }
        studies.sort_unstable();
        let rarity = (1.0 + snapshot.len() as f32 / studies.len().max(1) as f32).ln();
        headings.push(Heading { value, counts: weight * rarity, studies });
    }
    let total: f32 = headings.iter().map(|h| h.counts).sum::<f32>() / weight;
    headings.iter_mut().for_each(|h| h.counts /= total);
    Ok(headings)
}
