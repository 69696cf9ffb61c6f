//! The changes that matter, over all studies of which several versions are kept.

pub mod kept;

use std::{collections::BTreeMap, sync::Arc};

use model::{PartialDate, StudyId};
use store::Store;

use crate::{
    Error, Kind, Noted, Timeline,
    timeline::{Step, Version},
};

/// A change that matters, with where it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The study.
    pub id: StudyId,
    /// Its title as it is now.
    pub title: String,
    /// The version before: number in the order of arrival, and day.
    pub old: (usize, Option<PartialDate>),
    /// The version that has the change.
    pub new: (usize, Option<PartialDate>),
    /// The change.
    pub noted: Noted,
}

/// All changes that matter; computed anew only for studies that got a version since.
#[derive(Default)]
pub struct Ledger {
    studies: BTreeMap<StudyId, Entry>,
    /// The store's newest version when all of them had been read.
    sequence: Option<i64>,
}

/// So many studies are read before anything else is looked at.
pub const PORTION: usize = 512;

#[derive(PartialEq, Debug)]
struct Entry {
    /// The newest version that was read, and the store's mark of all that were.
    read: (i64, i64),
    /// From each version to the next.
    steps: Arc<[Event]>,
    /// From the first to the last.
    overall: Arc<[Event]>,
}

/// Which changes are wanted.
#[derive(Clone, Default)]
pub struct Wanted<'w> {
    /// Any of these kinds; all if there is none.
    pub kinds: Vec<Kind>,
    /// From the first version kept to the last, instead of from each to the next.
    pub overall: bool,
    /// In versions of this day or later.
    pub since: Option<PartialDate>,
    /// In versions of this day or earlier.
    pub until: Option<PartialDate>,
    /// Only of these studies.
    pub of: Option<&'w dyn Fn(StudyId) -> bool>,
}

impl Ledger {
    /// Takes up what came since, and whether anything did; `threads` read at the same time.
    pub fn update(&mut self, store: &Store, threads: usize) -> Result<bool, Error> {
        let mut changed = false;
        loop {
            let (read, left) = self.update_some(store, threads, PORTION)?;
            changed |= read;
            if left == 0 {
                return Ok(changed);
            }
        }
    }

    /// The same for `most` studies: whether anything changed, and how many studies are left to be read.
    pub fn update_some(
        &mut self,
        store: &Store,
        threads: usize,
        most: usize,
    ) -> Result<(bool, usize), Error> {
        let sequence = store.last_sequence()?;
        if self.sequence == Some(sequence) {
            return Ok((false, 0));
        }
        let several = store.several()?;
        let before = self.studies.len();
        self.studies.retain(|id, _| several.binary_search_by_key(id, |(id, ..)| *id).is_ok());
        let is_stale = |(id, last, mark): &(StudyId, i64, i64)| {
            self.studies.get(id).is_none_or(|entry| entry.read != (*last, *mark))
        };
        let stale: Vec<(StudyId, i64, i64)> = several.into_iter().filter(is_stale).collect();
        let changed = before != self.studies.len() || !stale.is_empty();
        let now = &stale[..stale.len().min(most)];
        for part in entries(store, now, threads) {
            self.studies.extend(part?);
        }
        let left = stale.len() - now.len();
        if left == 0 {
            self.sequence = Some(sequence);
        }
        Ok((changed, left))
    }

    /// How many studies have several versions.
    pub fn studies(&self) -> usize {
        self.studies.len()
    }

    /// The changes that are wanted, the latest first.
    pub fn events(&self, wanted: &Wanted<'_>) -> Vec<Event> {
        let of = |id: &StudyId| wanted.of.is_none_or(|of| of(*id));
        let entries = self.studies.iter().filter(|(id, _)| of(id));
        let all = entries.flat_map(|(_, entry)| if wanted.overall { &*entry.overall } else { &*entry.steps });
        let mut out: Vec<Event> = all.filter(|event| wanted.has(event)).cloned().collect();
        let day = |event: &Event| event.new.1.map(PartialDate::first_day);
        out.sort_by(|a, b| day(b).cmp(&day(a)).then(a.id.cmp(&b.id)).then(b.new.0.cmp(&a.new.0)));
        out
    }
}

impl Wanted<'_> {
    fn has(&self, event: &Event) -> bool {
        let kind = self.kinds.is_empty() || self.kinds.contains(&event.noted.kind);
        let day = event.new.1;
        // A version without a day is in no time that is asked for.
        let since = self.since.is_none_or(|since| day.is_some_and(|day| day.last_day() >= since.first_day()));
        let until = self.until.is_none_or(|until| day.is_some_and(|day| day.first_day() <= until.last_day()));
        kind && since && until
    }
}

/// Reads the versions of studies, a share of them on each thread.
fn entries(
    store: &Store,
    studies: &[(StudyId, i64, i64)],
    threads: usize,
) -> Vec<Result<Vec<(StudyId, Entry)>, Error>> {
    let share = studies.len().div_ceil(threads.max(1)).max(1);
    let read = |part: &[(StudyId, i64, i64)]| -> Result<Vec<(StudyId, Entry)>, Error> {
        part.iter().map(|(id, last, mark)| Ok((*id, Entry::of(store, *id, (*last, *mark))?))).collect()
    };
    std::thread::scope(|scope| {
        let started: Vec<_> = studies.chunks(share).map(|part| scope.spawn(move || read(part))).collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        started.into_iter().map(join).collect()
    })
}

impl Entry {
    fn of(store: &Store, id: StudyId, read: (i64, i64)) -> Result<Self, Error> {
        let timeline = Timeline::of(store, id)?;
        let spoken = timeline.versions.iter().find(|v| v.speaks);
        let title = spoken.map_or_else(String::new, |v| v.study.title());
        let side = |version: &Version| (version.number, version.day);
        let between = |old: &Version, new: &Version| -> Vec<Event> {
            let event = |noted| Event { id, title: title.clone(), old: side(old), new: side(new), noted };
            Step::noted(old, new).into_iter().map(event).collect()
        };
        let whole: Vec<&Version> = timeline.versions.iter().filter(|v| v.whole).collect();
        let steps: Arc<[Event]> = whole.windows(2).flat_map(|pair| between(pair[0], pair[1])).collect();
        let overall = match whole[..] {
            [first, _, .., last] if whole.len() > 2 => between(first, last).into(),
            _ => steps.clone(),
        };
        Ok(Self { read, steps, overall })
    }
}
