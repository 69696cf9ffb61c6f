//! The criteria of a whole registry, on several threads.

use std::{
    sync::{
        Mutex,
        mpsc::{Receiver, sync_channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, anyhow};
use eligibility::read::Reader;
use model::Study;
use registry::Registry;
use store::Sealed;

use crate::progress::Progress;

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
