//! Studies in the order in which a person should look at them.

use std::sync::Arc;

use eligibility::{
    evaluate::{Assessment, Finding, Person, Settings as Rules, Truth, Verdict},
    tree::Item,
};
use index::{Error, Snapshot};
use model::StudyId;
use registry::Registry;

use crate::{
    asked::Asked,
    eligible::{Assessor, Candidate, Fit, Known},
    filter::Filter,
    topic::{Settings, Topic, best},
};

/// So many of the most relevant studies are held against the person where the registry is not compiled.
pub const ASSESSED: usize = 1000;

/// A study, and how it fits.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The study.
    pub id: StudyId,
    /// Relevance of the topic times [`Fit::factor`].
    pub score: f32,
    /// How many criteria are met.
    pub fit: Fit,
    /// Where the person stands.
    pub standing: Standing,
    /// Its criteria, and what was found of each; only of those that are explained.
    pub assessed: Option<(Arc<Candidate>, Assessment)>,
}

/// Where a person stands to a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// All that records can decide is met.
    Eligible,
    /// Something must be known first.
    Undetermined,
    /// Facts rule the person out.
    Ineligible,
    /// It was too far behind the others to be held against the person.
    NotAssessed,
}

impl Standing {
    /// All, the best first.
    pub const ALL: [Self; 4] = [Self::Eligible, Self::Undetermined, Self::Ineligible, Self::NotAssessed];

    /// `eligible`, `undetermined`, `ineligible`, `notAssessed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Undetermined => "undetermined",
            Self::Ineligible => "ineligible",
            Self::NotAssessed => "notAssessed",
        }
    }
}

impl Ranked {
    /// A study of this relevance, held against the person or not.
    pub fn of(id: StudyId, relevance: f32, assessed: Option<(Arc<Candidate>, Assessment)>) -> Self {
        let found = assessed.as_ref().map(|(candidate, found)| (Fit::of(candidate, found), standing(found)));
        let (fit, standing) = found.unwrap_or((Fit::default(), Standing::NotAssessed));
        Self { id, score: fit.rank(relevance), fit, standing, assessed }
    }

    /// Where the person stands. What is presumed and not recorded rules nobody out: then it is undetermined.
    pub fn standing(&self) -> Standing {
        self.standing
    }

    /// That the person lives on the index date, if a death is recorded and the study was held against them.
    pub fn life(&self) -> Option<&Finding> {
        self.assessed.as_ref().and_then(|(_, found)| found.life.as_ref())
    }

    /// The criteria and what was found of each, in the order of the study.
    pub fn criteria(&self) -> impl Iterator<Item = (&Item, &Finding)> {
        let assessed = self.assessed.iter();
        assessed.flat_map(|(candidate, found)| candidate.criteria.items.iter().zip(&found.findings))
    }

    /// The criteria that are not met, those that rest on facts before those that are presumed.
    pub fn blockers(&self) -> Vec<&Item> {
        match self.verdict() {
            Some(Verdict::Ineligible { blockers }) => self.items(blockers),
            _ => Vec::new(),
        }
    }

    /// The criteria that are open, the most decisive first; none if others rule the person out already.
    pub fn open(&self) -> Vec<&Item> {
        match self.verdict() {
            Some(Verdict::Undetermined { unknown }) => self.items(unknown),
            _ => Vec::new(),
        }
    }

    fn verdict(&self) -> Option<&Verdict> {
        self.assessed.as_ref().map(|(_, found)| &found.verdict)
    }

    fn items(&self, places: &[usize]) -> Vec<&Item> {
        let Some((candidate, _)) = &self.assessed else { return Vec::new() };
        places.iter().filter_map(|&at| candidate.criteria.items.get(at)).collect()
    }
}

fn standing(found: &Assessment) -> Standing {
    match &found.verdict {
        _ if found.life.as_ref().is_some_and(rules_out) => Standing::Ineligible,
        Verdict::Eligible { .. } => Standing::Eligible,
        Verdict::Ineligible { blockers } if blockers.iter().any(|&i| rules_out(&found.findings[i])) => {
            Standing::Ineligible
        }
        _ => Standing::Undetermined,
    }
}

fn rules_out(finding: &Finding) -> bool {
    finding.truth() == Truth::NotMet && !finding.is_presumed()
}

/// Matches a person against a registry, the best studies first. Of each standing the first `explained` studies have
/// their criteria with them.
///
/// Where the registry is compiled ([`crate::kept::Whole`]) every study is held against the person, else the most
/// relevant [`ASSESSED`].
pub fn matched(
    registry: &Registry,
    known: &Known,
    asked: &Asked,
    filter: &Filter,
    explained: usize,
) -> Result<Vec<Ranked>, registry::Error> {
    let allowed = filter.allowed(registry)?;
    let only = |study: u32| allowed.as_ref().is_none_or(|list| list.binary_search(&study).is_ok());
    let mut assessor = Assessor::new(registry, known);
    let person = Person::new(&asked.subject);
    let snapshot = registry.index().snapshot();
    let holding = known.whole().and_then(|whole| whole.hold(&asked.subject, &asked.rules));
    let Some(mut holding) = holding else {
        return Ok(rank(&snapshot, &mut assessor, &asked.topic, &person, &asked.rules, &only)?);
    };
    let held = &mut |id: StudyId| holding.study(id);
    let mut ranked = rank_with(&snapshot, &mut assessor, &asked.topic, &person, &asked.rules, &only, held)?;
    explain(&mut ranked, explained, &mut assessor, &person, &asked.rules);
    Ok(ranked)
}

/// Gives the first studies of each standing their criteria, with what was found of each.
fn explain(
    ranked: &mut [Ranked],
    most: usize,
    assessor: &mut Assessor<'_>,
    person: &Person<'_>,
    rules: &Rules,
) {
    let mut explained = [0; Standing::ALL.len()];
    for one in ranked {
        let so_far = &mut explained[one.standing as usize];
        if *so_far < most && one.assessed.is_none() && one.standing != Standing::NotAssessed {
            one.assessed = assessor.assess(one.id, person, rules);
            *so_far += 1;
        }
    }
}

/// Those that were not held against the person behind those that were, and those ruled out last; within each the order
/// stays.
pub fn in_groups(mut ranked: Vec<Ranked>) -> Vec<Ranked> {
    ranked.sort_by_key(|one| match one.standing() {
        Standing::Eligible | Standing::Undetermined => 0,
        Standing::NotAssessed => 1,
        Standing::Ineligible => 2,
    });
    ranked
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
    rank_with(snapshot, assessor, topic, person, rules, only, &mut |_| None)
}

/// The same, where `held` may tell how a study fits without reading its criteria.
fn rank_with(
    snapshot: &Snapshot,
    assessor: &mut Assessor<'_>,
    topic: &Topic,
    person: &Person<'_>,
    rules: &Rules,
    only: &dyn Fn(u32) -> bool,
    held: &mut dyn FnMut(StudyId) -> Option<(Fit, Standing)>,
) -> Result<Vec<Ranked>, Error> {
    let mut scores = topic.scores(snapshot, assessor.records(), &Settings::default())?;
    scores.iter_mut().enumerate().filter(|(n, _)| !only(*n as u32)).for_each(|(_, score)| *score = 0.0);
    let mut ranked: Vec<Ranked> = Vec::new();
    for (place, number) in best(&scores, usize::MAX).into_iter().enumerate() {
        let (id, relevance) = (snapshot.id(number), scores[number as usize]);
        ranked.push(match held(id) {
            Some((fit, standing)) => Ranked { id, score: fit.rank(relevance), fit, standing, assessed: None },
            None if place < ASSESSED => Ranked::of(id, relevance, assessor.assess(id, person, rules)),
            None => Ranked::of(id, relevance, None),
        });
    }
    ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.id.cmp(&b.id)));
    Ok(ranked)
}
