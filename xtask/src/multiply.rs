//! Real records many times over, each time under fresh ids: a registry of any size with the words, sites and results of
//! real studies.

use std::{
    collections::HashSet,
    io::{BufWriter, Write},
    ops::ControlFlow,
    path::PathBuf,
};

use anyhow::{Context, ensure};
use ingest::{Found, Limits};
use model::StudyId;
use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

/// The number of the first fresh id; the registry's own end far below.
const FIRST: u64 = 50_000_000;

/// What to multiply.
#[derive(clap::Args)]
pub struct Wanted {
    /// Files or folders of records in any format that `trialist import` reads.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How many studies.
    #[arg(long, default_value_t = 100_000)]
    studies: u64,
    /// The bulk zip to write.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the zip.
pub fn multiply(wanted: &Wanted) -> anyhow::Result<()> {
    let file = std::fs::File::create(&wanted.out)
        .with_context(|| format!("cannot write {}", wanted.out.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let (mut written, mut bytes) = (0, 0);
    while written < wanted.studies {
        let before = written;
        let mut seen: HashSet<StudyId> = HashSet::new();
        for path in &wanted.paths {
            each(path, &mut |id, study| {
                if written >= wanted.studies || !seen.insert(id) {
                    return Ok(());
                }
                let number = FIRST + written;
                study["protocolSection"]["identificationModule"]["nctId"] = format!("NCT{number}").into();
                let json = study.to_string();
                bytes += json.len();
                written += 1;
                zip.start_file(
                    format!("{:02}/NCT{number}.json", number % 100),
                    SimpleFileOptions::default(),
                )?;
                Ok(zip.write_all(json.as_bytes())?)
            })?;
        }
        ensure!(written > before, "there are no records in what was named");
    }
    zip.finish()?.flush()?;
    println!("{written} studies, {bytes} bytes of JSON");
    Ok(())
}

/// Shows every record below a path that can be read.
fn each(
    path: &PathBuf,
    show: &mut dyn FnMut(StudyId, &mut Value) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            std::fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| each(entry, show));
    }
    let mut result = Ok(());
    let flow = ingest::read(path, Limits::default(), &mut |found| {
        let Found::Record(raw) = found else { return ControlFlow::Continue(()) };
        let Ok(mut converted) = ingest::convert(&raw) else { return ControlFlow::Continue(()) };
        result = show(converted.id, &mut converted.study);
        if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let _ = flow;
    result
}
