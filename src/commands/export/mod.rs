//! `trialist export`: studies in the formats of others.

mod encryption;
mod postgres;
mod target;

use std::{
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
    thread::available_parallelism,
};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use export::{
    Error, Records, Way,
    aact::{self, Loaded},
    documents::{self, Document},
};
use index::Options;
use model::StudyId;
use registry::Registry;
use store::Sealed;
use target::Target;

use super::Context;
use crate::{
    asked::Asked,
    data,
    ending::{Ending, Unreadable},
    interrupt::Interrupt,
    progress::Progress,
    terminal,
};

/// Write studies in the formats of others
///
/// Without a QUERY or a filter every study is written, else those that a search would find; always in the order of
/// their ids. What is written under PATH appears there only when it is whole. docs/exports.md tells what each format
/// contains.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Export {
    /// What to write
    #[arg(long, value_enum)]
    format: Format,
    /// Where to write: a file, for aact-parquet and aact-csv a folder; `-` is standard output
    #[arg(long, value_name = "PATH", required_unless_present = "to")]
    out: Option<PathBuf>,
    /// The database of aact-postgres: postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", env = "TRIALIST_POSTGRES", hide_env_values = true)]
    to: Option<String>,
    /// Replace what is there
    #[arg(long)]
    force: bool,
    /// Work on so many threads; by default on all processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    #[command(flatten)]
    asked: Asked,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// AACT's tables as Parquet (zstd): a folder with a file for each table
    AactParquet,
    /// AACT's tables as a SQLite database, with indexes and views
    AactSqlite,
    /// AACT's tables as CSV: a folder with a file for each table
    AactCsv,
    /// AACT's tables in a PostgreSQL server, in schema ctgov (with --to)
    AactPostgres,
    /// The registry's bulk download: a zip with a file for each record
    JsonZip,
    /// The registry's thirty columns
    Csv,
    /// A record a line
    Ndjson,
    /// ResearchStudy of FHIR R5, one a line
    Fhir,
    /// ResearchStudy of FHIR R4, one a line
    FhirR4,
    /// References for literature managers
    Ris,
}

const EXAMPLES: &str = "\
Examples:
  trialist export --format aact-parquet --out aact
  trialist export --format aact-sqlite --out aact.sqlite --cond asthma --status completed
  trialist export --format aact-postgres --to postgres://me@localhost/aact
  trialist export --format ndjson --out - --where 'AREA[StartDate]RANGE[2024,MAX]' | gzip > new.ndjson.gz
  trialist export --format json-zip --out ctg-studies.json.zip --force
  trialist export --format csv --out - lung cancer --phase 3

A password for --to belongs into TRIALIST_POSTGRES, which takes the whole URL: other users of the machine can read
command lines. The connection is not encrypted: use a socket, the own machine or a tunnel.";

/// Records read from the store at once.
const BATCH: usize = 256;

impl Export {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let all = self.asked.is_all()?;
        let request = self.asked.request(context.quiet)?;
        let search = request.resolve()?;
        self.check()?;
        let target = self.out.as_ref().map(|out| self.target(out)).transpose()?;
        let server = self.to.as_deref().filter(|_| self.format == Format::AactPostgres);
        let server = server.map(postgres::Database::connect).transpose()?;
        let registry = data::open(&context.data, context.quiet)?;
        let chosen = if all { None } else { Some(chosen(&registry, &search)?) };
        let total = match &chosen {
            Some(ids) => ids.len(),
            None => registry.store().len()?,
        };
        let interrupt = Interrupt::listen("stopping; nothing is left of the unfinished export");
        let mut progress = Progress::new("exporting", "studies", context.quiet);
        let mut tell = |done: u64| {
            progress.update(done, total as u64, done);
            !interrupt.asked()
        };
        let others = AtomicU64::new(0);
        let mut way = Way { threads: self.threads(), progress: &mut tell };
        let written = match chosen {
            None => self.write(self.fitting(registry.store().scan(BATCH), &others), target, server, &mut way),
            Some(ids) => {
                self.write(self.fitting(records(&registry, &ids), &others), target, server, &mut way)
            }
        };
        progress.finish();
        let others = others.into_inner();
        if others > 0 {
            let studies = terminal::counted(others, "study", "studies");
            terminal::warn(&format!(
                "left out {studies} of other registries: the format is ClinicalTrials.gov's"
            ));
        }
        match written {
            Ok(studies) => {
                if !context.quiet {
                    terminal::note(&format!("exported {}", terminal::counted(studies, "study", "studies")));
                }
                Ok(Ending::Done)
            }
            Err(error) if matches!(error.downcast_ref(), Some(Error::Stopped)) => Ok(Ending::Stopped),
            Err(error) => Err(error),
        }
    }

    /// The records that the format can hold, and the number of the others: AACT's tables and the bulk download are
    /// ClinicalTrials.gov's.
    fn fitting<'r>(&self, records: impl Records + 'r, others: &'r AtomicU64) -> impl Records + 'r {
        use Format::{AactCsv, AactParquet, AactPostgres, AactSqlite, JsonZip};
        let only = matches!(self.format, AactParquet | AactSqlite | AactCsv | AactPostgres | JsonZip);
        records.map(move |batch| {
            let mut batch = batch?;
            let all = batch.len();
            batch.retain(|sealed| !only || sealed.id().nct().is_some());
            others.fetch_add((all - batch.len()) as u64, Ordering::Relaxed);
            Ok(batch)
        })
    }

    /// Whether the options fit each other.
    fn check(&self) -> Result<()> {
        let postgres = self.format == Format::AactPostgres;
        let wrong = match (&self.out, &self.to) {
            (Some(_), _) if postgres => {
                "aact-postgres writes into a database: say which with --to, without --out"
            }
            (None, None) if postgres => "aact-postgres needs --to postgres://USER@HOST/DATABASE",
            (None, _) if !postgres => "say where to write with --out PATH; --to is for aact-postgres",
            _ => return Ok(()),
        };
        Err(Unreadable(wrong.to_owned()).into())
    }

    fn target(&self, out: &std::path::Path) -> Result<Target> {
        match self.format {
            Format::AactParquet => Target::folder(out, "parquet", self.force),
            Format::AactCsv => Target::folder(out, "csv", self.force),
            Format::AactSqlite => Target::file(out, self.force),
            _ if out.as_os_str() == "-" => Ok(Target::Output),
            _ => Target::file(out, self.force),
        }
    }

    fn threads(&self) -> usize {
        let all = || available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(all, usize::from)
    }

    /// Writes the records; returns how many.
    fn write(
        &self,
        records: impl Records,
        target: Option<Target>,
        server: Option<postgres::Database>,
        way: &mut Way<'_>,
    ) -> Result<u64> {
        if let Some(mut server) = server {
            let Loaded { studies, remarks } = aact::load(records, &mut server, self.force, way)?;
            remarks.iter().for_each(|remark| terminal::warn(&format!("not done: {remark}")));
            return Ok(studies);
        }
        let target = target.context("there is nowhere to write to")?;
        let studies = match self.format {
            Format::AactParquet => aact::parquet(records, target.place()?, way)?,
            Format::AactCsv => aact::csv(records, target.place()?, way)?,
            Format::AactSqlite => aact::sqlite(records, target.place()?, way)?,
            _ => {
                let mut out = target.writer()?;
                let studies = match self.document() {
                    Some(document) => documents::write(records, document, &mut out, way)?,
                    None => documents::archive(records, &mut out, way)?,
                };
                out.close()?;
                studies
            }
        };
        target.finish()?;
        Ok(studies)
    }

    /// What is written of each study, where that is no archive and no table.
    fn document(&self) -> Option<Document> {
        match self.format {
            Format::Csv => Some(Document::Csv),
            Format::Ndjson => Some(Document::Ndjson),
            Format::Fhir => Some(Document::FhirR5),
            Format::FhirR4 => Some(Document::FhirR4),
            Format::Ris => Some(Document::Ris),
            _ => None,
        }
    }
}

/// The ids of the studies that a search finds, ascending.
fn chosen(registry: &Registry, search: &query::Search) -> Result<Vec<StudyId>> {
    let options = Options { limit: registry.len().max(1), ..Options::default() };
    let hits = registry.run(search, &options)?.hits;
    let mut ids: Vec<StudyId> = hits.into_iter().map(|hit| hit.nct_id).collect();
    ids.sort_unstable();
    Ok(ids)
}

/// The records of these studies. One that has gone since the search is left out.
fn records<'r>(registry: &'r Registry, ids: &'r [StudyId]) -> impl Records + 'r {
    let read = |ids: &[StudyId]| -> Result<Vec<Sealed>, store::Error> {
        ids.iter().filter_map(|id| registry.store().sealed(*id).transpose()).collect()
    };
    ids.chunks(BATCH).map(read)
}
