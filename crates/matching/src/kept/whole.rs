//! All studies of a registry as one plan, to hold a person against every one of them.
//!
//! It is derived from the kept criteria and kept beside them in `criteria/PLAN`, with the stamp of the program and of
//! the studies that it was made from. It has what every study asks, and of each criterion whether it counts for
//! [`Fit`]; evidence comes from the criteria themselves.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, mpsc::sync_channel},
};

use eligibility::{
    evaluate::{
        Absence, Ruling, Settings, Standing, Truth,
        compiled::{Compiled, Plan, Planner, Single},
    },
    kept::{bytes, value},
};
use model::StudyId;
use serde::{Deserialize, Serialize};

use super::{Error, Kept, Progress, folder, lock, stamp};
use crate::{
    eligible::{Counts, Fit},
    rank,
};

/// All studies of a registry, compiled.
#[derive(Debug)]
pub struct Whole {
    ids: Vec<StudyId>,
    counts: Vec<Counts>,
    /// Where the criteria of each study end.
    ends: Vec<u32>,
    plan: Arc<Plan>,
    /// Ways to evaluate that were asked for lately; what is in them is about nobody.
    compiled: Mutex<Vec<Arc<Compiled>>>,
}

/// What is kept.
#[derive(Serialize, Deserialize)]
struct Written {
    ids: Vec<u64>,
    counts: Vec<Counts>,
    ends: Vec<u32>,
    plan: Vec<u8>,
}

/// So many ways to evaluate are kept at once: by day and policy.
const WAYS: usize = 4;
/// Studies that are opened ahead of those that are compiled.
const AHEAD: usize = 64;

fn path(data: &Path) -> PathBuf {
    folder(data).join("PLAN")
}

/// Names the program and the studies that a plan is made from.
fn origin(kept: &Kept) -> u64 {
    let mut hash = stamp();
    for (id, of) in kept.studies() {
        for number in [id.number(), of.sequence.cast_unsigned(), of.mark.cast_unsigned()] {
            hash = (hash ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            hash ^= hash >> 29;
        }
    }
    hash
}

impl Whole {
    /// What was made of these criteria; `None` if there is nothing, or nothing that can be used.
    pub fn open(data: &Path, kept: &Kept) -> Option<Self> {
        let bytes = fs::read(path(data)).ok()?;
        let (head, body) = bytes.split_first_chunk::<12>()?;
        let (origin_bytes, crc) = head.split_first_chunk::<8>()?;
        let is_of = u64::from_le_bytes(*origin_bytes) == origin(kept);
        let is_whole = crc == crc32fast::hash(body).to_le_bytes();
        if is_of && is_whole { Self::of(value(body)?) } else { None }
    }

    fn of(written: Written) -> Option<Self> {
        let Written { ids, counts, ends, plan } = written;
        let ids: Vec<StudyId> = ids.into_iter().map(StudyId::new).collect::<Option<_>>()?;
        let plan = Plan::of_bytes(&plan)?;
        let last = ends.last().map_or(0, |end| *end as usize);
        let fits =
            ids.len() == plan.len() && ids.len() == ends.len() && counts.len() == last && ends.is_sorted();
        (fits && ids.is_sorted()).then(|| Self {
            ids,
            counts,
            ends,
            plan: Arc::new(plan),
            compiled: Mutex::default(),
        })
    }

    /// What was made of these criteria, or is made of them now and kept.
    pub fn make(data: &Path, kept: &Kept, progress: Progress<'_>) -> Result<Self, Error> {
        if let Some(whole) = Self::open(data, kept) {
            return Ok(whole);
        }
        let lock = lock(data)?;
        if let Some(whole) = Self::open(data, kept) {
            return Ok(whole);
        }
        let written = written(kept, progress)?;
        let fail = |source| Error::Io { path: path(data), source };
        keep(&path(data), origin(kept), &bytes(&written)).map_err(fail)?;
        drop(lock);
        Self::of(written).ok_or_else(|| fail(io::Error::other("what was made does not fit together")))
    }

    /// The studies, ascending.
    pub fn studies(&self) -> &[StudyId] {
        &self.ids
    }

    /// A person held against all studies; `None` if the rules have answers of people or repairs, which are not in a
    /// plan.
    pub fn hold(&self, subject: &model::Subject, rules: &Settings) -> Option<Holding<'_>> {
        let compiled = self.compiled(rules)?;
        let mut single = Single::new(compiled);
        single.hold_one(subject);
        Some(Holding { whole: self, single })
    }

    /// The plan under these rules, and where they presume, under those that do not: what only the former settle is
    /// presumed.
    fn compiled(&self, rules: &Settings) -> Option<Arc<Compiled>> {
        let mut policies = vec![rules.clone()];
        policies.extend((rules.absence == Absence::Clinical).then(|| rules.clone().with(Absence::Open)));
        let mut known = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = known.iter().position(|one| one.policies() == policies) {
            let one = known.remove(place);
            known.push(one.clone());
            return Some(one);
        }
        let compiled = Arc::new(Compiled::of(self.plan.clone(), policies)?);
        if known.len() >= WAYS {
            known.remove(0);
        }
        known.push(compiled.clone());
        Some(compiled)
    }
}

/// A person held against all studies of a registry. It knows about the person, and goes with the request.
pub struct Holding<'w> {
    whole: &'w Whole,
    single: Single,
}

impl Holding<'_> {
    /// How a study fits, and where the person stands to it; `None` if it is not among them.
    pub fn study(&mut self, id: StudyId) -> Option<(Fit, rank::Standing)> {
        self.at(self.whole.ids.binary_search(&id).ok()?)
    }

    /// The same of the study at a place.
    pub fn at(&mut self, place: usize) -> Option<(Fit, rank::Standing)> {
        let from = place.checked_sub(1).map_or(0, |before| self.whole.ends[before]) as usize;
        let counts = self.whole.counts.get(from..*self.whole.ends.get(place)? as usize)?;
        let (mut fit, mut counts) = (Fit::default(), counts.iter());
        // The last policy presumes nothing.
        let sure = self.single.people().saturating_sub(1);
        let verdicts = self.single.each_criterion(place, &mut |_, read| {
            let (truth, surely) = (truth(read.of(0)), truth(read.of(sure)));
            let is_presumed = truth != Truth::Unknown && surely == Truth::Unknown;
            counts.next().iter().for_each(|counts| fit.add(**counts, truth, is_presumed));
        });
        let standing = match (verdicts.of(sure), verdicts.of(0)) {
            (Ruling::Ineligible, _) => rank::Standing::Ineligible,
            (_, Ruling::Eligible) => rank::Standing::Eligible,
            _ => rank::Standing::Undetermined,
        };
        Some((fit, standing))
    }
}

fn truth(standing: Standing) -> Truth {
    match standing {
        Standing::Met => Truth::Met,
        Standing::NotMet => Truth::NotMet,
        Standing::Unknown | Standing::ForPerson => Truth::Unknown,
    }
}

/// Compiles what is kept. One thread opens the criteria, another compiles them, as leaves are shared by all studies.
fn written(kept: &Kept, progress: Progress<'_>) -> Result<Written, Error> {
    let total = kept.len() as u64;
    let (mut ids, mut counts, mut ends) = (Vec::new(), Vec::new(), Vec::new());
    let mut planner = Planner::default();
    std::thread::scope(|scope| -> Result<(), Error> {
        let (send, receive) = sync_channel(AHEAD);
        scope.spawn(move || {
            let opened = kept.studies().enumerate().map(|(place, (id, _))| (id, kept.at(place)));
            opened.map(|one| send.send(one)).take_while(Result::is_ok).for_each(drop);
        });
        for (id, candidate) in receive {
            let candidate = candidate.ok_or(Error::Damaged(id))?;
            planner.add(&candidate.criteria.items);
            counts.extend(candidate.criteria.items.iter().map(|item| Counts::of(item, &candidate)));
            ends.push(u32::try_from(counts.len()).unwrap_or(u32::MAX));
            ids.push(id.number());
            progress(ids.len() as u64, total);
        }
        Ok(())
    })?;
    Ok(Written { ids, counts, ends, plan: planner.finish().bytes() })
}

/// Puts a file in its place, at once and whole.
fn keep(path: &Path, origin: u64, body: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new-plan");
    let mut file = fs::File::create(&draft)?;
    file.write_all(&origin.to_le_bytes())?;
    file.write_all(&crc32fast::hash(body).to_le_bytes())?;
    file.write_all(body)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}
