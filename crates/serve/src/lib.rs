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
mod screening;
mod server;

use std::sync::Arc;

use jiff::civil::Date;

pub use catalogue::Catalogue;
pub use server::{Error, Server, router, run};

/// How the site behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The day that pages call today; the clock's day (UTC) if `None`.
    pub today: Option<Date>,
    /// How many bytes of people are taken at once; 32 MB if `None`.
    pub upload_bytes: Option<usize>,
}

/// What every endpoint needs.
#[derive(Clone)]
pub(crate) struct Site {
    /// The studies.
    pub catalogue: Arc<dyn Catalogue>,
    /// See [`Options::today`].
    pub options: Options,
}

impl Site {
    /// The day that pages call today.
    #[expect(clippy::disallowed_methods, reason = "pages show today; this is the one place that asks")]
    pub fn today(&self) -> Date {
        self.options.today.unwrap_or_else(|| jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date())
    }
}
