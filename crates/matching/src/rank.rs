//! Studies in the order in which a person should look at them.

use std::sync::Arc;

use eligibility::evaluate::{Assessment, Person, Settings as Rules};
use index::{Error, Snapshot};
use model::NctId;

use crate::{
    eligible::{Assessor, Candidate, Fit},
    topic::{Settings, Topic, best},
};

/// So many of the most relevant studies are held against the person, unless more are asked for.
pub const ASSESSED: usize = 1000;

/// A study, and how it fits.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The study.
    pub id: NctId,
    /// Relevance of the topic times [`Fit::factor`].
    pub score: f32,
    /// How many criteria are met.
    pub fit: Fit,
    /// Its criteria, and what was found of each.
    pub assessed: Option<(Arc<Candidate>, Assessment)>,
}

/// Ranks the studies that are about a topic, the best first; `only` says which may be listed at all.
pub fn rank(
    snapshot: &Snapshot,
    assessor: &mut Assessor<'_>,
    topic: &Topic,
    person: &Person<'_>,
    rules: &Rules,
    only: &dyn Fn(u32) -> bool,
) -> Result<Vec<Ranked>, Error> {
    let mut scores = topic.scores(snapshot, assessor.records(), &Settings::default())?;
    scores.iter_mut().enumerate().filter(|(n, _)| !only(*n as u32)).for_each(|(_, score)| *score = 0.0);
    let mut ranked: Vec<Ranked> = Vec::new();
    for (place, number) in best(&scores, usize::MAX).into_iter().enumerate() {
        let id = snapshot.id(number);
        let assessed = if place < ASSESSED { assessor.assess(id, person, rules) } else { None };
        let fit = assessed.as_ref().map(|(candidate, found)| Fit::of(candidate, found)).unwrap_or_default();
        ranked.push(Ranked { id, score: scores[number as usize] * fit.factor(), fit, assessed });
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    Ok(ranked)
}
