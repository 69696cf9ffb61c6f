//! The index is brought in step with the store.

use std::{fs, path::Path};

use index::{Analyst, Budget, Writer};
use model::StudyId;
use serde_json::Value;
use store::Store;

use crate::{Error, index_folder};

/// How many studies are read from the store at a time.
const BATCH: usize = 256;

/// What was done to the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// It was in step.
    Nothing,
    /// An import is writing; the index is its business.
    Busy,
    /// It lags behind, and there is no permission to write: what came last is not found.
    Denied,
    /// So many studies were indexed that the index lacked.
    CaughtUp(u64),
    /// It was built anew, with so many studies.
    Rebuilt(u64),
}

/// Brings the index in step with the store if nobody else is doing so: catches up, or builds it anew if it is stale.
/// `progress` is told how many studies of how many are done.
pub fn repair(folder: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<Repair, Error> {
    let store = Store::open(folder)?;
    let last = store.last_sequence()?;
    let sequence = match index::checked_sequence(&index_folder(folder)) {
        Ok(sequence) => sequence,
        Err(index::Error::Stale { .. }) => None,
        Err(other) => return Err(other.into()),
    };
    if sequence == Some(last) {
        return Ok(Repair::Nothing);
    }
    // Held while the index is written: an import that starts meanwhile is told to wait.
    let _lock = match store::Writer::open(folder) {
        Ok(lock) => lock,
        Err(store::Error::InUse { .. }) if sequence.is_some() => return Ok(Repair::Busy),
        Err(store::Error::Denied { .. }) if sequence.is_some() => return Ok(Repair::Denied),
        Err(other) => return Err(other.into()),
    };
    match sequence {
        Some(sequence) => catch_up(folder, &store, sequence, progress).map(Repair::CaughtUp),
        None => build(folder, &store, progress).map(Repair::Rebuilt),
    }
}

/// Throws the index away and derives it from the store again.
pub fn rebuild(folder: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, Error> {
    let _lock = store::Writer::open(folder)?;
    build(folder, &Store::open(folder)?, progress)
}

/// Which studies a registry has no longer, and which it has again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Studies that are missed. They are kept with all versions, and not found any more.
    pub gone: Vec<StudyId>,
    /// Studies that are there again.
    pub back: Vec<StudyId>,
}

/// Notes which studies were missed in their registry and which are there again, together with a small value under
/// a name. `noticed`: seconds since 1970. How many studies stand otherwise than before.
pub fn stand(
    folder: &Path,
    standing: &Standing,
    noticed: i64,
    source: &str,
    (key, value): (&str, &str),
) -> Result<u64, Error> {
    let mut writer = store::Writer::open(folder)?;
    let mut news = 0;
    for (studies, gone) in [(&standing.gone, true), (&standing.back, false)] {
        for id in studies {
            news += u64::from(writer.stand(*id, gone, noticed, source)?);
        }
    }
    writer.meta_set(key, value)?;
    writer.commit()?;
    drop(writer);
    if news > 0 {
        repair(folder, &mut |_, _| ())?;
    }
    Ok(news)
}

fn build(folder: &Path, store: &Store, progress: &mut dyn FnMut(u64, u64)) -> Result<u64, Error> {
    let at = index_folder(folder);
    if at.exists() {
        fs::remove_dir_all(&at).map_err(|source| index::Error::Io { path: at.clone(), source })?;
    }
    let last = store.last_sequence()?;
    let total = store.len()? as u64;
    let mut writer = Writer::open(&at, Budget::default())?;
    writer.merging(false);
    let mut done = 0;
    std::thread::scope(|scope| -> Result<(), Error> {
        let (send, receive) = crossbeam_channel::bounded::<Vec<store::Sealed>>(4);
        let (out, results) = crossbeam_channel::bounded(4);
        for _ in 0..Budget::default().threads {
            let (receive, out) = (receive.clone(), out.clone());
            scope.spawn(move || {
                let mut analyst = Analyst::new();
                for batch in receive {
                    let analysed: Result<Vec<_>, Error> =
                        batch.iter().map(|sealed| analyse(&mut analyst, sealed)).collect();
                    if out.send(analysed).is_err() {
                        return;
                    }
                }
            });
        }
        drop((receive, out));
        let reading = scope.spawn(move || -> Result<(), Error> {
            for batch in store.scan(BATCH) {
                if send.send(batch?).is_err() {
                    break;
                }
            }
            Ok(())
        });
        for batch in results {
            for study in batch? {
                writer.put(study, true)?;
                done += 1;
            }
            progress(done, total);
        }
        reading.join().unwrap_or(Err(Error::Stopped))
    })?;
    writer.merging(true);
    writer.commit(last)?;
    writer.finish()?;
    Ok(done)
}

fn analyse(analyst: &mut Analyst, sealed: &store::Sealed) -> Result<index::Analysed, Error> {
    let id = sealed.id();
    let record = sealed.open()?;
    let json: Value = serde_json::from_slice(&record).map_err(|source| Error::Record { id, source })?;
    Ok(analyst.study(id, &json))
}

fn catch_up(
    folder: &Path,
    store: &Store,
    sequence: i64,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, Error> {
    let last = store.last_sequence()?;
    let changed: Vec<StudyId> = store.changed_since(sequence)?.into_iter().map(|(_, id)| id).collect();
    let mut writer = Writer::open(&index_folder(folder), Budget::default())?;
    let mut analyst = Analyst::new();
    for (done, id) in changed.iter().enumerate() {
        if store.withdrawal(*id)?.is_some() {
            writer.remove(*id)?;
        } else if let Some(sealed) = store.sealed(*id)? {
            writer.put(analyse(&mut analyst, &sealed)?, false)?;
        }
        progress(done as u64 + 1, changed.len() as u64);
    }
    writer.commit(last)?;
    writer.finish()?;
    Ok(changed.len() as u64)
}
