//! The criteria of a whole registry, on several threads.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow};
use eligibility::read::Reader;
use matching::{
    eligible::{Candidate, Known},
    kept::{self, Kept, Whole},
};
use model::{Study, StudyId};
use registry::Registry;
use store::Sealed;

use crate::{commands::Context, progress::Progress, terminal};

/// Studies that one thread takes at once.
const BATCH: usize = 200;

/// Goes through all studies; each thread adds to a value of its own. Tells how far it is.
pub fn all<T: Default + Send>(
    registry: &Registry,
    quiet: bool,
    add: impl Fn(&mut T, &mut Reader, &Study) + Sync,
) -> Result<Vec<T>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (send, receive) = sync_channel(threads);
    let receive = Mutex::new(receive);
    thread::scope(|scope| {
        let work = || worker(&receive, &add);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let sent = feed(registry, quiet, |batch| send.send(batch).is_ok());
        drop(send);
        let ended = workers.into_iter().map(|w| w.join().map_err(|_| anyhow!("a thread broke off"))?);
        let values: Vec<T> = ended.collect::<Result<_>>()?;
        sent.map(|()| values)
    })
}

/// The criteria that are kept of all studies; those that are not yet are read first, and it tells how far that is.
/// `None` where they cannot be kept: then they are read whenever they are needed.
fn kept(registry: &Registry, context: &Context) -> Result<Option<Kept>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut progress = Progress::new("reading criteria, once", "studies", context.quiet);
    match kept::make(&context.data, registry.store(), threads, &mut |done, total| {
        progress.update(done, total, done);
    }) {
        Ok(kept) => Ok(Some(kept)),
        // What is kept of some studies helps all the same.
        Err(kept::Error::Io { .. }) => Ok(Kept::open(&context.data, registry.store())?),
        Err(error) => Err(error.into()),
    }
}

/// The criteria of all studies, kept and compiled, as far as they can be.
pub fn known(registry: &Registry, context: &Context) -> Result<Known> {
    let Some(kept) = kept(registry, context)? else { return Ok(Known::default()) };
    let mut progress = Progress::new("compiling criteria, once", "studies", context.quiet);
    let made = Whole::make(&context.data, &kept, &mut |done, total| progress.update(done, total, done));
    progress.finish();
    match made {
        Ok(whole) => Ok(Known::new(Some(kept), Some(whole))),
        Err(kept::Error::Io { .. } | kept::Error::Damaged(_)) => Ok(Known::new(Some(kept), None)),
        Err(error) => Err(error.into()),
    }
}

/// Forgets what is kept because a part of it is damaged: the next command reads it anew.
pub fn forget_damaged(context: &Context) {
    match kept::forget(&context.data) {
        Ok(()) => terminal::warn("the kept criteria were damaged, and are read anew by the next command"),
        Err(error) => terminal::warn(&format!("the kept criteria are damaged: {error}")),
    }
}

/// Goes through the criteria of all studies, kept or read; each thread adds to a value of its own.
pub fn all_criteria<T: Default + Send>(
    registry: &Registry,
    context: &Context,
    add: impl Fn(&mut T, StudyId, &Candidate) + Sync,
) -> Result<Vec<T>> {
    let kept = kept(registry, context)?.filter(Kept::is_complete);
    let Some(kept) = kept else {
        return all(registry, context.quiet, |value, reader, study| {
            add(value, study.id(), &Candidate::of(reader, study));
        });
    };
    let (ids, next) = (kept.studies().map(|one| one.0).collect::<Vec<_>>(), AtomicUsize::new(0));
    let work = || -> Result<T> {
        let (mut value, mut reader) = (T::default(), Reader::new());
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(&id) = ids.get(place) else { return Ok(value) };
            match kept.at(place) {
                Some(candidate) => add(&mut value, id, &candidate),
                None => {
                    let study = registry.study(id)?;
                    study.iter().for_each(|study| add(&mut value, id, &Candidate::of(&mut reader, study)));
                }
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let values = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|w| w.join().map_err(|_| anyhow!("a thread broke off"))?).collect()
    });
    if kept.is_damaged() {
        forget_damaged(context);
    }
    values
}

fn feed(registry: &Registry, quiet: bool, mut send: impl FnMut(Vec<Sealed>) -> bool) -> Result<()> {
    let total = registry.len() as u64;
    let mut progress = Progress::new("reading criteria", "studies", quiet);
    let mut done = 0;
    for batch in registry.store().scan(BATCH) {
        let batch = batch?;
        done += batch.len() as u64;
        if !send(batch) {
            break;
        }
        progress.update(done, total, done);
    }
    Ok(())
}

fn worker<T: Default>(
    batches: &Mutex<Receiver<Vec<Sealed>>>,
    add: &(impl Fn(&mut T, &mut Reader, &Study) + Sync),
) -> Result<T> {
    let (mut value, mut reader) = (T::default(), Reader::new());
    loop {
        let batch = batches.lock().map_err(|_| anyhow!("a thread broke off"))?.recv();
        let Ok(batch) = batch else { return Ok(value) };
        for sealed in batch {
            let json = serde_json::from_slice(&sealed.open()?);
            let json = json.with_context(|| format!("the record of {} cannot be read", sealed.id()))?;
            if let Some(study) = Study::new(json) {
                add(&mut value, &mut reader, &study);
            }
        }
    }
}

/// The value of some work, and the time it took.
pub fn spent<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let started = Instant::now();
    (work(), started.elapsed())
}
