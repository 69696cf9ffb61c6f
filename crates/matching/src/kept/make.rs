//! Criteria are read on all processors and kept: only those that changed.

use std::{
    io,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use eligibility::{kept::bytes, read::Reader};
use model::{Study, StudyId};
use store::{Speaking, Store};

use super::{
    Error, Kept,
    file::{Draft, Part},
    lock, path, stamp,
};
use crate::eligible::Candidate;

/// So many studies are read between two writings.
const ROUND: usize = 4096;

/// Told how many studies of how many are done.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// The criteria of a data folder as the store has them: taken up, or read and kept. Whoever comes while another process
/// is reading waits for it.
pub fn make(data: &Path, store: &Store, threads: usize, progress: Progress<'_>) -> Result<Kept, Error> {
    let fail = |source| Error::Io { path: path(data), source };
    if let Some(kept) = current(data, store)? {
        return Ok(kept);
    }
    let _lock = lock(data)?;
    if let Some(kept) = current(data, store)? {
        return Ok(kept);
    }
    let old = Kept::open(data, store)?;
    let all = store.speaking()?;
    let mut draft = Draft::new(&path(data)).map_err(fail)?;
    let (mut done, total) = (0, all.len() as u64);
    for round in all.chunks(ROUND) {
        let parts = parts(store, old.as_ref(), round, threads)?;
        for ((id, of), part) in round.iter().zip(&parts) {
            // A study that vanished meanwhile is not there.
            part.iter().try_for_each(|part| draft.put(*id, *of, part)).map_err(fail)?;
        }
        done += round.len() as u64;
        progress(done, total);
    }
    draft.finish(stamp()).map_err(fail)?;
    Kept::open(data, store)?.ok_or_else(|| fail(io::Error::other("it cannot be read again")))
}

/// What is kept, if it has all that the store has.
fn current(data: &Path, store: &Store) -> Result<Option<Kept>, Error> {
    Ok(Kept::open(data, store)?.filter(Kept::is_complete))
}

/// The parts of some studies, in their order.
fn parts(
    store: &Store,
    old: Option<&Kept>,
    studies: &[(StudyId, Speaking)],
    threads: usize,
) -> Result<Vec<Option<Part>>, Error> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Option<Part>)>, Error> {
        let (mut reader, mut made) = (Reader::new(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((id, of)) = studies.get(number) else { return Ok(made) };
            let part = match old.and_then(|old| unchanged(old, *id, *of)) {
                Some(part) => Some(part),
                None => read(store, &mut reader, *id)?,
            };
            made.push((number, part));
        }
    };
    let mut all: Vec<Option<Part>> = studies.iter().map(|_| None).collect();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            for (number, part) in worker.join().map_err(|_| Error::BrokeOff)?? {
                all[number] = part;
            }
        }
        Ok(all)
    })
}

/// What is kept of a study already, if it is whole.
fn unchanged(old: &Kept, id: StudyId, of: Speaking) -> Option<Part> {
    let place = old.file.place(id).filter(|place| old.file.entries()[*place].of == of)?;
    old.file.part(place).ok().filter(|part| part.open().is_some())
}

fn read(store: &Store, reader: &mut Reader, id: StudyId) -> Result<Option<Part>, Error> {
    let Some(sealed) = store.sealed(id)? else { return Ok(None) };
    let json = serde_json::from_slice(&sealed.open()?).map_err(|source| Error::Record { id, source })?;
    // A record without an id tells of nobody.
    let candidate = Study::new(json).map_or_else(Candidate::absent, |study| Candidate::of(reader, &study));
    let part = Part::of(&bytes(&candidate));
    part.map(Some).map_err(|source| Error::Io { path: path(Path::new("")), source })
}
