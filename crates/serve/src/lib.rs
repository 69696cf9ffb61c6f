//! The registry over HTTP: the API and the pages; the only crate that knows HTTP and HTML.
//!
//! [`router`] is the whole site as one service; [`run`] binds it to an address. Both read the studies through
//! [`Catalogue`], which [`registry::Registry`] is.

mod api;
mod assets;
mod catalogue;
mod components;
mod conditional;
mod connections;
mod pages;
mod parameters;
mod person;
mod saved;
mod screening;
mod server;
mod submitted;
pub mod versions;

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use jiff::civil::Date;
use matching::eligible::Known;
use tokio::sync::Semaphore;

pub use catalogue::Catalogue;
pub use server::{Error, Server, router, run};

/// A participant's visits as a document of HTML for the printer: nothing is loaded from elsewhere.
pub fn calendar_document(
    study: &model::Study,
    start: Date,
    calendar: &protocol::calendar::Calendar,
) -> String {
    components::visits::document(study, start, calendar)
}

/// How the site behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// The day that pages call today; the clock's day (UTC) if `None`.
    pub today: Option<Date>,
    /// Most bytes that may be sent at once: a note, or a person's record.
    pub most_sent: usize,
    /// Most requests of the APIs that are computed at once; the others wait for their turn.
    pub most_at_once: usize,
    /// Most long answers (NDJSON, CSV of everything, the zip) that are sent at once; more are refused with 503.
    pub most_streams: usize,
    /// How long an answer waits for a reader that takes nothing before it breaks off.
    pub stall: Duration,
    /// Most connections that are open at once; others wait to be let in.
    pub most_connections: usize,
    /// How long a client may take to send the head of a request, counted from the end of the answer before, and then
    /// its body. A connection on which nothing is asked is closed after it.
    pub send_within: Duration,
    /// The folder in which answers about people are kept; they are not kept if `None`.
    pub save: Option<Arc<Path>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            today: None,
            most_sent: 32 << 20,
            most_at_once: 64,
            most_streams: 16,
            stall: Duration::from_secs(30),
            most_connections: 512,
            send_within: Duration::from_secs(60),
            save: None,
        }
    }
}

/// What every endpoint needs.
#[derive(Clone)]
pub(crate) struct Site {
    /// The studies.
    pub catalogue: Arc<dyn Catalogue>,
    /// See [`Options`].
    pub options: Options,
    /// Turns of the APIs: see [`Options::most_at_once`].
    pub turns: Arc<Semaphore>,
    /// Searches are computed in the order in which they came, as many at once as there are processors: more side by
    /// side would only make each of them late.
    pub searches: Arc<Semaphore>,
    /// Long answers that may begin: see [`Options::most_streams`].
    pub streams: Arc<Semaphore>,
    /// Criteria that were read for the data with this stamp.
    known: Arc<Mutex<(Option<u64>, Arc<Known>)>>,
    /// What the checks find in the data with this stamp.
    pub linted: Arc<Mutex<Option<pages::lint::Linted>>>,
    /// What changed in all studies; `None` until it is first wanted.
    ledger: Arc<Mutex<Option<history::Ledger>>>,
}

/// What takes a while to be made where much was imported.
pub(crate) enum Standing<T> {
    /// It is made.
    Whole(T),
    /// It is being made.
    Begun {
        /// Studies still to be read.
        left: usize,
    },
}

impl Site {
    /// A site of some studies.
    pub fn new(catalogue: Arc<dyn Catalogue>, options: Options) -> Self {
        let turns = Arc::new(Semaphore::new(options.most_at_once.max(1)));
        let processors = std::thread::available_parallelism().map_or(2, usize::from).max(2);
        let searches = Arc::new(Semaphore::new(processors));
        let streams = Arc::new(Semaphore::new(options.most_streams));
        let (known, linted, ledger) = (Arc::default(), Arc::default(), Arc::default());
        Self { catalogue, options, turns, searches, streams, known, linted, ledger }
    }

    /// Criteria that were read already; they are forgotten when the data change.
    pub fn known(&self) -> Arc<Known> {
        let stamp = self.catalogue.stamp();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != Some(stamp) {
            *known = (Some(stamp), Arc::new(self.catalogue.known()));
        }
        known.1.clone()
    }

    /// Keeps the criteria of the data as they are, and takes up what is kept.
    pub fn keep(&self) {
        self.catalogue.keep();
        self.known.lock().unwrap_or_else(PoisonError::into_inner).0 = None;
    }

    /// What changed in all studies up to now: what is kept in the data folder, and what came since. Where much came,
    /// as much of it is read as `patience` allows; the next call goes on from there.
    pub fn ledger<T>(
        &self,
        patience: Duration,
        show: impl FnOnce(&history::Ledger) -> T,
    ) -> Result<Standing<T>, history::Error> {
        let Some(registry) = self.catalogue.registry() else {
            return Ok(Standing::Whole(show(&history::Ledger::default())));
        };
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut unkept = false;
        let begun = Instant::now();
        loop {
            // Between two portions others may look, too.
            let mut held = self.ledger.lock().unwrap_or_else(PoisonError::into_inner);
            let ledger = held.get_or_insert_with(|| history::Ledger::open(registry.folder()));
            let (changed, left) = ledger.update_some(registry.store(), threads, history::ledger::PORTION)?;
            unkept |= changed;
            let ends = left == 0 || begun.elapsed() >= patience;
            if unkept && ends {
                // Where the folder cannot be written, the next start reads the same again.
                let _ = ledger.keep(registry.folder());
            }
            match left {
                0 => return Ok(Standing::Whole(show(ledger))),
                left if ends => return Ok(Standing::Begun { left }),
                _ => drop(held),
            }
        }
    }

    /// Seconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "news of saved searches are dated when they are noticed")]
    pub fn now(&self) -> i64 {
        jiff::Timestamp::now().as_second()
    }

    /// The day that pages call today.
    #[expect(clippy::disallowed_methods, reason = "pages show today; this is the one place that asks")]
    pub fn today(&self) -> Date {
        self.options.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
