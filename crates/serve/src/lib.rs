//! The registry over HTTP: the API and the pages; the only crate that knows HTTP and HTML.
//!
//! [`router`] is the whole site as one service; [`run`] binds it to an address. Both read the studies through
//! [`Catalogue`], which [`registry::Registry`] is.

mod api;
mod assets;
mod catalogue;
mod components;
mod conditional;
mod pages;
mod parameters;
mod person;
mod screening;
mod server;
mod submitted;

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use matching::eligible::Known;

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
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The day that pages call today; the clock's day (UTC) if `None`.
    pub today: Option<Date>,
    /// Most bytes that may be sent at once: a note, or a person's record.
    pub most_sent: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self { today: None, most_sent: 32 << 20 }
    }
}

/// What every endpoint needs.
#[derive(Clone)]
pub(crate) struct Site {
    /// The studies.
    pub catalogue: Arc<dyn Catalogue>,
    /// See [`Options`].
    pub options: Options,
    /// Criteria that were read for the data with this stamp.
    known: Arc<Mutex<(u64, Arc<Known>)>>,
    /// What the checks find in the data with this stamp.
    pub linted: Arc<Mutex<Option<pages::lint::Linted>>>,
}

impl Site {
    /// A site of some studies.
    pub fn new(catalogue: Arc<dyn Catalogue>, options: Options) -> Self {
        Self { catalogue, options, known: Arc::default(), linted: Arc::default() }
    }

    /// Criteria that were read already; they are forgotten when the data change.
    pub fn known(&self) -> Arc<Known> {
        let stamp = self.catalogue.stamp();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.0 != stamp {
            *known = (stamp, Arc::default());
        }
        known.1.clone()
    }

    /// The day that pages call today.
    #[expect(clippy::disallowed_methods, reason = "pages show today; this is the one place that asks")]
    pub fn today(&self) -> Date {
        self.options.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
