//! What the site asks of a registry.

use std::{ops::ControlFlow, sync::Arc};

use index::{Answer, Highlight, Options, Related, SiteHit};
use matching::{
    asked::Asked,
    eligible::Known,
    filter::Filter,
    kept::{self, Kept, Whole},
    rank::Ranked,
};
use model::{Piece, Same, Study, StudyId};
use query::{Request, Search};
use registry::{Error, Registry, statistics::Statistic};

/// A registry as the site sees it: [`Registry`], or a small stand-in where tests want to know every study by heart.
/// The methods are those of [`Registry`]; see there.
#[allow(missing_docs)]
pub trait Catalogue: Send + Sync + 'static {
    fn size(&self) -> usize;
    /// Takes up what was imported since.
    fn refresh(&self) -> Result<(), Error> {
        Ok(())
    }
    fn study(&self, id: StudyId) -> Result<Option<Study>, Error>;
    fn record(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error>;
    fn versions(&self, id: StudyId) -> Result<Vec<store::Version>, Error>;
    fn pages(&self, id: StudyId) -> Result<Vec<(ingest::Format, serde_json::Value)>, Error>;
    fn resolve(&self, request: &Request) -> Result<Search, Error>;
    fn run(&self, search: &Search, options: &Options) -> Result<Answer, Error>;
    fn run_as_of(&self, stamp: u64, search: &Search, options: &Options) -> Result<Option<Answer>, Error>;
    fn sites_found(&self, search: &Search, studies: &[StudyId]) -> Result<Vec<Vec<SiteHit>>, Error>;
    fn each_record(&self, show: &mut dyn FnMut(StudyId, &[u8]) -> ControlFlow<()>) -> Result<(), Error>;
    fn statistics(&self, pieces: &[&'static Piece]) -> Result<Vec<Arc<Statistic>>, Error>;
    fn highlights(&self, search: &Search, study: &Study, limit: usize) -> Vec<Highlight>;
    fn related(&self, id: StudyId, limit: usize) -> Result<Vec<Related>, Error>;
    fn same(&self, id: StudyId) -> Same;
    fn data_timestamp(&self) -> String;
    fn stamp(&self) -> u64;
    fn points(&self, search: &Search, limit: usize) -> Result<Vec<(f32, f32, u32)>, Error>;
    fn sizes(&self) -> Result<Vec<(StudyId, u64)>, Error>;
    /// See [`matching::rank::matched`].
    fn matched(
        &self,
        known: &Known,
        asked: &Asked,
        filter: &Filter,
        explained: usize,
    ) -> Result<Vec<Ranked>, Error>;
    /// The criteria that are kept of the studies as they are; see [`matching::kept`].
    fn known(&self) -> Known {
        Known::default()
    }
    /// Reads and keeps the criteria that are not kept yet. Where they cannot be kept they are read when they are needed.
    fn keep(&self) {}
    /// The registry behind it, with all its versions and saved searches; a stand-in has none.
    fn registry(&self) -> Option<&Registry> {
        None
    }
    /// See [`matching::answers::about`].
    fn answers(&self, subject: &str) -> Result<Vec<eligibility::evaluate::Answer>, Error>;
    /// See [`matching::filter::place_of_zip`].
    fn place_of_zip(&self, zip: &str) -> Result<Option<(f64, f64)>, Error>;
}

impl Catalogue for Registry {
    fn size(&self) -> usize {
        self.len()
    }
    fn refresh(&self) -> Result<(), Error> {
        self.refresh().map(|_| ())
    }
    fn study(&self, id: StudyId) -> Result<Option<Study>, Error> {
        self.study(id)
    }
    fn record(&self, id: StudyId) -> Result<Option<Arc<[u8]>>, Error> {
        self.record(id)
    }
    fn versions(&self, id: StudyId) -> Result<Vec<store::Version>, Error> {
        self.versions(id)
    }
    fn pages(&self, id: StudyId) -> Result<Vec<(ingest::Format, serde_json::Value)>, Error> {
        self.pages(id)
    }
    fn resolve(&self, request: &Request) -> Result<Search, Error> {
        Ok(request.resolve()?)
    }
    fn run(&self, search: &Search, options: &Options) -> Result<Answer, Error> {
        self.run(search, options)
    }
    fn run_as_of(&self, stamp: u64, search: &Search, options: &Options) -> Result<Option<Answer>, Error> {
        self.run_as_of(stamp, search, options)
    }
    fn sites_found(&self, search: &Search, studies: &[StudyId]) -> Result<Vec<Vec<SiteHit>>, Error> {
        self.sites_found(search, studies)
    }
    fn each_record(&self, show: &mut dyn FnMut(StudyId, &[u8]) -> ControlFlow<()>) -> Result<(), Error> {
        self.each_record(show)
    }
    fn statistics(&self, pieces: &[&'static Piece]) -> Result<Vec<Arc<Statistic>>, Error> {
        self.statistics(pieces)
    }
    fn highlights(&self, search: &Search, study: &Study, limit: usize) -> Vec<Highlight> {
        self.highlights(search, study, limit)
    }
    fn related(&self, id: StudyId, limit: usize) -> Result<Vec<Related>, Error> {
        self.related(id, limit)
    }
    fn same(&self, id: StudyId) -> Same {
        self.same(id)
    }
    fn data_timestamp(&self) -> String {
        self.data_timestamp()
    }
    fn stamp(&self) -> u64 {
        self.stamp()
    }
    fn points(&self, search: &Search, limit: usize) -> Result<Vec<(f32, f32, u32)>, Error> {
        self.points(search, limit)
    }
    fn sizes(&self) -> Result<Vec<(StudyId, u64)>, Error> {
        self.sizes()
    }
    fn matched(
        &self,
        known: &Known,
        asked: &Asked,
        filter: &Filter,
        explained: usize,
    ) -> Result<Vec<Ranked>, Error> {
        matching::rank::matched(self, known, asked, filter, explained)
    }
    fn known(&self) -> Known {
        let kept = Kept::open(self.folder(), self.store()).ok().flatten();
        let whole = kept.as_ref().and_then(|kept| Whole::open(self.folder(), kept));
        Known::new(kept, whole)
    }
    fn keep(&self) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let made = kept::make(self.folder(), self.store(), threads, &mut |_, _| ());
        let whole = made.and_then(|kept| Whole::make(self.folder(), &kept, &mut |_, _| ()));
        if let Err(kept::Error::Damaged(_)) = whole {
            // The next start reads it anew.
            let _ = kept::forget(self.folder());
        }
    }
    fn registry(&self) -> Option<&Registry> {
        Some(self)
    }
    fn answers(&self, subject: &str) -> Result<Vec<eligibility::evaluate::Answer>, Error> {
        Ok(matching::answers::about(self.store(), subject)?)
    }
    fn place_of_zip(&self, zip: &str) -> Result<Option<(f64, f64)>, Error> {
        matching::filter::place_of_zip(self, zip)
    }
}
