//! Follows a registry that speaks version 2 of the API of ClinicalTrials.gov: the only crate that asks other machines.
//!
//! [`sync`] brings a data folder to the state of the registry. The first time it loads everything, as the zip of all
//! records or page by page. Later it asks for what was posted since ([`Summary::stamp`] of the data it holds), and
//! compares counts; where they differ, and once a week, it goes through all ids with their dates, fetches what it
//! lacks and marks what the registry has no longer. No record is ever deleted.
//!
//! Each answer is kept in a file before it counts, and imported as any file is. So a sync can end at any moment,
//! however it ends, and the next goes on from there. What the registry sends twice is known by its hash.
//!
//! ```no_run
//! # use std::ops::ControlFlow;
//! let options = sync::Options::new("https://clinicaltrials.gov", || 1_790_000_000);
//! let summary = sync::sync("data".as_ref(), &options, &mut |_| ControlFlow::Continue(()))?;
//! println!("data of {}", summary.stamp);
//! # Ok::<(), sync::Error>(())
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod client;
mod download;
mod error;
mod pace;
mod page;
mod run;
mod spool;
mod sweep;

use std::{ops::ControlFlow, path::Path, time::Duration};

use ingest::Limits;
use serde::{Deserialize, Serialize};
use store::Counts;

pub use client::Patience;
pub use error::Error;
pub use pace::Pace;

/// How everything is loaded the first time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// The zip of everything; page by page where there is none.
    #[default]
    Auto,
    /// The zip of everything.
    Zip,
    /// Page by page.
    Pages,
}

/// What to follow, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The site of the registry: `https://clinicaltrials.gov`.
    pub from: String,
    /// Load everything again, not only what changed: derived terms change without a new date.
    pub full: bool,
    /// Go through all ids even where counts agree.
    pub sweep: bool,
    /// How everything is loaded.
    pub way: Way,
    /// Studies on a page; 1,000 is the most that the registry gives.
    pub page: u16,
    /// Mark as withdrawn at most this share of the studies at once, in percent. More than that, and more than
    /// fifty, looks like a fault of the registry.
    pub most_gone: u8,
    /// How often the registry is asked.
    pub pace: Pace,
    /// How long an answer may take.
    pub patience: Patience,
    /// Threads that convert.
    pub workers: usize,
    /// How much of a record is accepted.
    pub limits: Limits,
    /// Seconds since 1970.
    pub now: fn() -> i64,
}

impl Options {
    /// The usual ways with a site.
    pub fn new(from: &str, now: fn() -> i64) -> Self {
        Self {
            from: from.to_owned(),
            full: false,
            sweep: false,
            way: Way::Auto,
            page: 1000,
            most_gone: 5,
            pace: Pace::default(),
            patience: Patience::default(),
            workers: 2,
            limits: Limits::default(),
            now,
        }
    }
}

/// What happens during a sync.
pub enum Event<'e> {
    /// Nothing new: a moment to ask for an end.
    Pulse,
    /// What is done from now on, in words.
    Step(&'e str),
    /// Bytes of the zip, and how many there are (0: unknown).
    Download {
        /// So many have come.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// Studies that came on pages, and how many there are (0: unknown).
    Pages {
        /// So many have come.
        done: u64,
        /// Of so many.
        total: u64,
    },
    /// Something failed and is tried again after some time.
    Waiting {
        /// How long.
        time: Duration,
        /// What failed.
        why: &'e str,
    },
    /// What came is being imported.
    Import(registry::Event<'e>),
}

/// Whoever is told what happens, and may ask for an end.
pub(crate) struct Watcher<'e> {
    on: &'e mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
}

impl Watcher<'_> {
    pub(crate) fn tell(&mut self, event: Event<'_>) -> Result<(), Error> {
        match (self.on)(event) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Error::Stopped),
        }
    }

    /// An end, if somebody asks for one.
    pub(crate) fn stop(&mut self) -> Result<(), Error> {
        self.tell(Event::Pulse)
    }
}

/// What a sync brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The stamp of the registry's data that are held now.
    pub stamp: String,
    /// Whether everything was loaded.
    pub loaded: bool,
    /// Whether all ids were compared.
    pub swept: bool,
    /// Records by what came of them.
    pub counts: Counts,
    /// Records that could not be read.
    pub lost: u64,
    /// Studies that the registry has no longer, marked now.
    pub gone: u64,
    /// Studies that it has again.
    pub back: u64,
    /// Whether its data were still changing when the sync ended: the next one goes on.
    pub moving: bool,
}

/// How far the registry of a site has been followed; kept in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The stamp of its data that are held.
    pub stamp: String,
    /// Seconds since 1970 at which they were complete.
    pub synced: i64,
    /// Seconds since 1970 at which all ids were compared.
    #[serde(default)]
    pub swept: Option<i64>,
}

impl State {
    /// How far a site has been followed; `None` if it never was to an end.
    pub fn of(store: &store::Store, from: &str) -> Result<Option<Self>, Error> {
        let text = store.meta_get(&key(&site(from)?))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

/// Brings a data folder to the state of a registry. `on` is told what happens; `Break` ends the sync, and the next
/// goes on from there.
pub fn sync(
    folder: &Path,
    options: &Options,
    on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    run::Run::new(folder, options, &mut Watcher { on })?.finish()
}

/// The name under which the store keeps how far a site has been followed.
fn key(base: &str) -> String {
    format!("sync {base}")
}

/// The site of an address: without a slash at its end, and without the path of the API.
fn site(address: &str) -> Result<String, Error> {
    let bare = address.trim().trim_end_matches('/');
    let bare = bare.strip_suffix("/api/v2").unwrap_or(bare);
    let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(|c: char| c.is_whitespace() || matches!(c, '?' | '#' | '@')) {
        return Err(Error::Address(address.to_owned()));
    }
    Ok(bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites() {
        assert_eq!(site("https://clinicaltrials.gov/").unwrap(), "https://clinicaltrials.gov");
        assert_eq!(site("http://127.0.0.1:80/api/v2").unwrap(), "http://127.0.0.1:80");
        for wrong in ["clinicaltrials.gov", "ftp://x", "https://", "https://a b", "https://a?x"] {
            assert!(site(wrong).is_err(), "{wrong}");
        }
    }
}
