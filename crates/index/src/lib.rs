//! Studies in a search index; a resolved query run to ranked hits, facets and related studies.
//!
//! [`Analyst`] turns records into documents, [`Writer`] puts them on disk, [`Index`] opens them, and a
//! [`Snapshot`](snapshot::Snapshot) answers. The index holds nothing that the store does not: it may be thrown away.

pub mod analyse;
mod checked;
pub mod evaluate;
mod explain;
mod facets;
mod files;
mod folder;
pub mod highlight;
pub mod layout;
mod passed;
mod phrase;
pub mod postings;
mod presence;
pub mod rank;
mod related;
pub mod scores;
mod sites;
pub mod snapshot;
mod stream;
pub mod text;
mod writer;

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, PoisonError, RwLock},
};

use model::StudyId;
use query::resolved::Search;
use serde::Serialize;
use tantivy::{IndexReader, ReloadPolicy};

pub use analyse::{Analysed, Analyst};
pub use evaluate::{Records, Run, Space};
pub use highlight::{Marker, highlights};
use passed::Passed;
pub use scores::Scores;
pub use sites::SiteHit;
pub use snapshot::Snapshot;
pub use writer::{Budget, Writer};

/// Why the index cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The index must be built anew; nothing is lost by it.
    #[error("the index in {} must be built anew: {reason}; `trialist rebuild` does it", folder.display())]
    Stale {
        /// Where it lies.
        folder: PathBuf,
        /// What is the matter with it.
        reason: String,
    },
    /// A file of the index cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk is full.
    #[error("no space left for the search index. Make room; the next start brings it in step with the store")]
    Full,
    /// The search library failed.
    #[error("the search index failed: {0}. `trialist rebuild` builds it anew")]
    Search(tantivy::TantivyError),
}

impl From<tantivy::TantivyError> for Error {
    fn from(error: tantivy::TantivyError) -> Self {
        match &error {
            tantivy::TantivyError::IoError(io) if is_full(io) => Self::Full,
            _ => Self::Search(error),
        }
    }
}

/// Whether the system takes no more bytes: of the disk, of the user, or of the file.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

impl Error {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io { path: path.to_owned(), source }
    }
}

impl From<io::Error> for Error {
    fn from(source: io::Error) -> Self {
        Self::Io { path: PathBuf::from("index"), source }
    }
}

/// The store's sequence up to which the index of a folder has read, without opening the rest of it.
pub fn sequence(folder: &Path) -> Result<Option<i64>, Error> {
    files::sequence(&files::open(folder)?)
}

/// The same, if its files are what was written: those that changed since they were last found whole are compared with
/// their checksums. [`Error::Stale`] if one is not.
pub fn checked_sequence(folder: &Path) -> Result<Option<i64>, Error> {
    let index = files::open(folder)?;
    match checked::damaged(folder, &index)?.first() {
        Some(file) => {
            Err(files::stale(folder, &format!("{} is not what was written", folder.join(file).display())))
        }
        None => files::sequence(&index),
    }
}

/// An index opened for reading.
pub struct Index {
    folder: PathBuf,
    index: tantivy::Index,
    reader: IndexReader,
    now: RwLock<Arc<Snapshot>>,
}

impl Index {
    /// Opens the index of a folder.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        let index = files::open(folder)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let now = RwLock::new(Arc::new(taken_up(&index, &reader)?));
        Ok(Self { folder: folder.to_owned(), index, reader, now })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What the index holds now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes up what has been committed since.
    pub fn reload(&self) -> Result<(), Error> {
        let fresh = Arc::new(taken_up(&self.index, &self.reader)?);
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = fresh;
        Ok(())
    }

    /// The store's sequence up to which the index on disk has read; that of what is held is
    /// [`Snapshot::sequence`].
    pub fn sequence(&self) -> Result<Option<i64>, Error> {
        files::sequence(&self.index)
    }

    /// Checks the files of the index against their checksums; names the damaged ones.
    pub fn damaged(&self) -> Result<Vec<PathBuf>, Error> {
        let mut files: Vec<PathBuf> = self.index.validate_checksum()?.into_iter().collect();
        files.sort();
        Ok(files)
    }
}

/// The index as it is, with the sequence it has read up to. A commit between asking for the one and taking up the other
/// would make a snapshot that says it holds more than it does, and what it lacks would wait for the commit after that.
fn taken_up(index: &tantivy::Index, reader: &IndexReader) -> Result<Snapshot, Error> {
    const TRIES: usize = 10;
    let mut sequence = files::sequence(index)?;
    for _ in 0..TRIES {
        reader.reload()?;
        let now = files::sequence(index)?;
        if now == sequence {
            return Snapshot::new(&reader.searcher(), sequence);
        }
        sequence = now;
    }
    // Commits come faster than they can be taken up: it holds this much at least, and the next look sees the rest.
    reader.reload()?;
    Snapshot::new(&reader.searcher(), sequence)
}

/// What a search finds, before it is put in order: kept, it answers the next page, the counts and the map at once.
pub struct Found {
    scores: Scores,
    total: usize,
    facets: OnceLock<Vec<Facet>>,
}

impl Found {
    /// How many studies match.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The score of each study.
    pub fn scores(&self) -> &Scores {
        &self.scores
    }
}

impl Snapshot {
    /// Runs a search.
    pub fn search(&self, search: &Search, options: &Options, records: &dyn Records) -> Result<Answer, Error> {
        self.answer(&self.find(search, records)?, search, options, records)
    }

    /// Scores every study.
    pub fn find(&self, search: &Search, records: &dyn Records) -> Result<Found, Error> {
        self.find_among(self.ranked(search, records)?, search, records)
    }

    /// Scores every study by the query alone.
    pub fn ranked(&self, search: &Search, records: &dyn Records) -> Result<Scores, Error> {
        Run::new(self, records).scores(&search.query, Space::Study)
    }

    /// What the rest of a search leaves of studies that were ranked by its query.
    pub fn find_among(&self, ranked: Scores, search: &Search, records: &dyn Records) -> Result<Found, Error> {
        let scores = Run::new(self, records).restricted(ranked, search)?;
        Ok(Found { total: scores.count(), scores, facets: OnceLock::new() })
    }

    /// The wanted slice of what was found, in order, with what else is asked for.
    pub fn answer(
        &self,
        found: &Found,
        search: &Search,
        options: &Options,
        records: &dyn Records,
    ) -> Result<Answer, Error> {
        let uncounted = options.facets && found.facets.get().is_none();
        let all = if uncounted || options.limit > 0 { found.scores.numbers() } else { Vec::new() };
        let facets = if options.facets { self.facets_of(found, &all)? } else { Vec::new() };
        let rows = if options.limit == 0 {
            Vec::new()
        } else {
            rank::page(self, &found.scores, all, &search.sort, options.offset, options.limit)
        };
        let mut why = if options.explain {
            Run::new(self, records).reasons(&search.query, &rows)?
        } else {
            HashMap::new()
        };
        let circle = rank::circle(&search.filter).or_else(|| rank::circle(&search.query));
        let hit = |study: u32| Hit {
            nct_id: self.id(study),
            score: found.scores.0[study as usize],
            km: circle.and_then(|circle| rank::nearest(self, &circle, study)),
            why: why.remove(&study).unwrap_or_default(),
        };
        let hits = rows.into_iter().map(hit).collect();
        Ok(Answer { total: found.total, hits, facets })
    }

    /// The facets of what was found; `studies` are those, unless the facets were counted before.
    fn facets_of(&self, found: &Found, studies: &[u32]) -> Result<Vec<Facet>, Error> {
        if let Some(facets) = found.facets.get() {
            return Ok(facets.clone());
        }
        let facets = facets::count(self, studies)?;
        Ok(found.facets.get_or_init(|| facets).clone())
    }

    /// The studies most like this one, best first.
    pub fn related(&self, id: StudyId, limit: usize) -> Result<Vec<Related>, Error> {
        related::related(self, id, limit)
    }
}

impl Run<'_> {
    /// Scores of the studies that a search finds: `scores` by the query, restricted by the filter, lowered by distance.
    fn restricted(&mut self, mut scores: Scores, search: &Search) -> Result<Scores, Error> {
        let snapshot = self.snapshot;
        for part in passed::parts(&search.filter) {
            let make = || -> Result<Passed, Error> { Ok(Passed::of(&self.scores(part, Space::Study)?)) };
            snapshot.passed.get(part, make)?.restrict(&mut scores);
        }
        if search.only_nct {
            scores.0[self.snapshot.nct_studies()..].fill(0.0);
        }
        if let Some(decay) = &search.decay {
            rank::decay(self.snapshot, decay, &mut scores);
        }
        Ok(scores)
    }
}

/// What to bring back.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Hits to pass over.
    pub offset: usize,
    /// Hits to bring.
    pub limit: usize,
    /// Count the values of every facet over all hits.
    pub facets: bool,
    /// Say why each hit scored what it did.
    pub explain: bool,
}

/// What a search found.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// How many studies match.
    pub total: usize,
    /// The wanted slice of them, in order.
    pub hits: Vec<Hit>,
    /// Counts by facet, if asked for, in the order of [`FACETS`].
    pub facets: Vec<Facet>,
}

/// A study found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The study.
    pub nct_id: StudyId,
    /// Between 0 and 1.
    pub score: f32,
    /// Kilometres from the centre of the geo filter to its nearest site, if there is a centre and a site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub km: Option<f64>,
    /// Why, if asked for: one line a clause.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<Reason>,
}

/// One clause of a score: what was found, where, and what it counted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reason {
    /// What was looked for, as typed, or the synonym that matched.
    pub words: String,
    /// Where: the name of a piece.
    pub piece: String,
    /// How: `exact`, `concept`, `relaxed` or `lossy`.
    pub how: &'static str,
    /// What it counted, between 0 and 1.
    pub counts: f32,
}

/// The counts of one facet over the hits, largest first.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// Short name: one of [`FACETS`].
    pub name: &'static str,
    /// Wire value (`RECRUITING`, `PHASE2`, `Germany`, `D003924`, `2021`), label for people, number of hits.
    pub values: Vec<FacetValue>,
}

/// One value of a facet.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// As the query language spells it.
    pub value: String,
    /// As people read it.
    pub label: String,
    /// Hits that have it.
    pub count: usize,
}

/// The facets, by short name: overall status, phase, study type, sex, standard age group, country of a site, class of
/// the lead sponsor, intervention type, MeSH term of the conditions, year of the start.
pub const FACETS: [&str; 10] =
    ["status", "phase", "type", "sex", "age", "country", "sponsor", "intervention", "condition", "year"];

/// A related study and why.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// The other study.
    pub nct_id: StudyId,
    /// Higher is closer.
    pub score: f32,
    /// What the two share, in words: MeSH terms, phase, recruiting.
    pub shares: Vec<String>,
}

/// Words of a study that a query found, for a page to mark.
#[derive(Clone, Debug, Serialize)]
pub struct Highlight {
    /// Name of the piece.
    pub piece: String,
    /// The text around the words, escapes undone.
    pub text: String,
    /// Byte ranges of `text` to mark.
    pub marks: Vec<(usize, usize)>,
}
