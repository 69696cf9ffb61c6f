//! All ids are compared: what is lacking is fetched, what is missing there is marked.

use std::collections::{BTreeMap, BTreeSet};

use model::{NctId, StudyId};
use registry::Standing;

use crate::{
    Error, Event, State, key, page,
    run::{Run, written},
    spool::{Walk, What},
};

/// How often all ids are read before the registry is called unsteady.
const TIMES: u32 = 4;
/// Ids that are asked for at once: an address of some 1,200 characters.
const AT_ONCE: usize = 100;
/// So few missing studies are no sign of a fault, whatever their share.
const FEW: usize = 50;

impl Run<'_, '_> {
    /// Brings the set of studies to that of the registry, and keeps the state with it.
    pub(crate) fn sweep(&mut self, stamp: &str, state: &State) -> Result<(), Error> {
        self.client.watcher.tell(Event::Step("comparing all ids"))?;
        let there = self.days_there()?;
        let store = self.store()?;
        // Studies of other registries are not this one's to miss.
        let held: BTreeMap<NctId, u32> =
            store.days()?.into_iter().filter_map(|(id, day)| Some((id.nct()?, day))).collect();
        let lacking: Vec<NctId> = there
            .iter()
            .filter(|(id, day)| held.get(id).is_none_or(|own| own < day))
            .map(|(id, _)| *id)
            .collect();
        let gone: Vec<NctId> = held.keys().filter(|id| !there.contains_key(id)).copied().collect();
        let share = gone.len() * 100 > held.len() * usize::from(self.options.most_gone);
        if share && gone.len() > FEW && self.options.most_gone < 100 {
            return Err(Error::TooManyGone { gone: gone.len() as u64, held: held.len() as u64 });
        }
        self.spool.clear()?;
        for ids in lacking.chunks(AT_ONCE) {
            let ids: Vec<String> = ids.iter().map(NctId::to_string).collect();
            self.records(What::Delta, &format!("&filter.ids={}", ids.join("%2C")), stamp)?;
            self.spool.clear()?;
        }
        let withdrawn: BTreeSet<NctId> = store.withdrawn()?.into_iter().filter_map(|w| w.id.nct()).collect();
        let back = withdrawn.into_iter().filter(|id| there.contains_key(id));
        let back: Vec<StudyId> = back.map(StudyId::from).collect();
        let gone: Vec<StudyId> = gone.into_iter().map(StudyId::from).collect();
        self.summary.gone += gone.len() as u64;
        self.summary.back += back.len() as u64;
        let (now, kept) = (self.now(), written(state));
        registry::stand(self.folder, &Standing { gone, back }, now, &self.base, (&key(&self.base), &kept))?;
        self.summary.swept = true;
        Ok(())
    }

    /// The ids and dates of all studies there, of one state of the data.
    fn days_there(&mut self) -> Result<BTreeMap<NctId, u32>, Error> {
        for _ in 0..TIMES {
            let stamp = self.stamp()?;
            let query = "&fields=NCTId%2CLastUpdatePostDate".to_owned();
            let walk = self.walk(Walk::new(&self.base, What::Ids, query, &stamp), false)?;
            let Some(walk) = walk else { continue };
            let mut there = BTreeMap::new();
            let mut whole = true;
            for path in self.spool.pages()? {
                let bytes = std::fs::read(&path).map_err(|source| Error::File { path, source })?;
                whole &= page::days(&bytes, &mut there).is_ok();
            }
            // Pages of two states may have the right number of studies and not the right studies.
            let steady = whole && walk.total == Some(there.len() as u64) && self.stamp()? == stamp;
            self.spool.clear()?;
            if steady {
                return Ok(there);
            }
        }
        Err(Error::Unsteady { times: TIMES })
    }
}
