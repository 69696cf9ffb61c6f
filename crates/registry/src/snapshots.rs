//! What is held of the data as they are and as they were a little while ago.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use index::{Found, Snapshot};

/// Snapshots held: the present one and those before it, for readers who are between two pages.
const HELD: usize = 3;

/// How many searches are kept for their next page, their counts and their map.
const RECENT: usize = 32;

/// The last few snapshots with their stamps, newest last.
#[derive(Default)]
pub(crate) struct Snapshots(Mutex<VecDeque<(u64, Arc<Snapshot>)>>);

impl Snapshots {
    /// The snapshot of a stamp, while it is held.
    pub fn get(&self, stamp: u64) -> Option<Arc<Snapshot>> {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.iter().find(|(of, _)| *of == stamp).map(|(_, snapshot)| snapshot.clone())
    }

    /// Holds one more; what is let go for it comes back.
    pub fn add(&self, stamp: u64, snapshot: Arc<Snapshot>) -> Option<Arc<Snapshot>> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|(of, _)| *of != stamp);
        held.push_back((stamp, snapshot));
        if held.len() > HELD { held.pop_front().map(|(_, snapshot)| snapshot) } else { None }
    }
}

/// What was found lately, newest last.
#[derive(Default)]
pub(crate) struct Recent(VecDeque<(Arc<Snapshot>, String, Arc<Found>)>);

impl Recent {
    /// What a search found in a snapshot.
    pub fn get(&mut self, snapshot: &Arc<Snapshot>, key: &str) -> Option<Arc<Found>> {
        let at = self.0.iter().position(|(of, k, _)| Arc::ptr_eq(of, snapshot) && k == key)?;
        let entry = self.0.remove(at)?;
        let found = entry.2.clone();
        self.0.push_back(entry);
        Some(found)
    }

    /// Forgets what was found in a snapshot.
    pub fn forget(&mut self, snapshot: &Arc<Snapshot>) {
        self.0.retain(|(of, ..)| !Arc::ptr_eq(of, snapshot));
    }

    /// Keeps what a search found.
    pub fn put(&mut self, snapshot: &Arc<Snapshot>, key: String, found: Arc<Found>) {
        if self.0.len() >= RECENT {
            self.0.pop_front();
        }
        self.0.push_back((snapshot.clone(), key, found));
    }
}
