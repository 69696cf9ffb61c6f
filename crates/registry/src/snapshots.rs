//! What is held of the data as they are and as they were a little while ago.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use index::Snapshot;

/// Snapshots held: the present one and those before it, for readers who are between two pages.
const HELD: usize = 3;

/// How many searches are kept for their next page, their counts and their map.
pub(crate) const RECENT: usize = 32;

/// How many queries are kept as they rank, for other filters.
pub(crate) const RANKED: usize = 8;

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

/// What was made lately of queries, newest last.
pub(crate) struct Recent<T> {
    most: usize,
    made: VecDeque<(Arc<Snapshot>, String, Arc<T>)>,
}

impl<T> Recent<T> {
    /// Keeps so many.
    pub fn of(most: usize) -> Self {
        Self { most, made: VecDeque::new() }
    }

    /// What was made of a query in a snapshot.
    pub fn get(&mut self, snapshot: &Arc<Snapshot>, key: &str) -> Option<Arc<T>> {
        let at = self.made.iter().position(|(of, k, _)| Arc::ptr_eq(of, snapshot) && k == key)?;
        let entry = self.made.remove(at)?;
        let made = entry.2.clone();
        self.made.push_back(entry);
        Some(made)
    }

    /// Forgets what was made in a snapshot.
    pub fn forget(&mut self, snapshot: &Arc<Snapshot>) {
        self.made.retain(|(of, ..)| !Arc::ptr_eq(of, snapshot));
    }

    /// Keeps what was made.
    pub fn put(&mut self, snapshot: &Arc<Snapshot>, key: String, made: Arc<T>) {
        if self.made.len() >= self.most {
            self.made.pop_front();
        }
        self.made.push_back((snapshot.clone(), key, made));
    }
}
