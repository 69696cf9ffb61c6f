//! `trialist doctor`: whether the store, the index and the kept criteria are whole, and what to do if they are not.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::Result;
use clap::Args;
use index::Index;
use matching::kept::{self, Health};
use store::Store;

use super::Context;
use crate::{data, ending::Ending, progress::Progress, terminal};

/// Less room than this on the disk is worth a warning.
const LITTLE_ROOM: u64 = 1_000_000_000;
/// At most so many faults of a kind are printed.
const SHOWN: usize = 20;

/// Check the data folder: every stored record, the index, the disk
///
/// Reads everything and changes nothing. Exit code 1 if something is wrong.
#[derive(Debug, Args)]
pub struct Doctor {}

/// What was found, line by line.
#[derive(Default)]
struct Findings {
    lines: Vec<String>,
    faults: Vec<String>,
    advice: Vec<&'static str>,
}

impl Findings {
    fn fact(&mut self, name: &str, text: impl std::fmt::Display) {
        self.lines.push(format!("{name:<10} {text}"));
    }

    fn fault(&mut self, text: impl Into<String>, advice: &'static str) {
        self.faults.push(text.into());
        if !self.advice.contains(&advice) {
            self.advice.push(advice);
        }
    }
}

const REBUILD: &str = "Run `trialist rebuild`: the index is derived again, no record is touched.";
const NEW_FOLDER: &str = "Import the source files into a new data folder (--data DIR), and check the disk.";
const CATCH_UP: &str = "Nothing to do: the next start brings the index in step by itself.";
const ROOM: &str = "Make room before the next import.";

impl Doctor {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let folder = &context.data;
        data::must_exist(folder)?;
        let mut found = Findings::default();
        found.fact("program", format!("trialist {}", env!("CARGO_PKG_VERSION")));
        found.fact("folder", folder.display());
        let store = Store::open(folder)?;
        check_store(&store, &mut found, context.quiet)?;
        check_index(&store, folder, &mut found);
        check_criteria(&store, folder, &mut found);
        check_disk(folder, &mut found);
        found.print(context.quiet)
    }
}

fn check_store(store: &Store, found: &mut Findings, quiet: bool) -> Result<()> {
    let mut progress = Progress::new("reading every version", "versions", quiet);
    let problems = store.check(&mut |done, total| progress.update(done, total, done))?;
    progress.finish();
    let formats = store.formats().unwrap_or_default();
    let versions: u64 = formats.iter().map(|f| f.1).sum();
    let by: Vec<String> =
        formats.iter().map(|(format, n)| format!("{} {format:?}", terminal::grouped(*n))).collect();
    found.fact(
        "store",
        format!(
            "{}, {} ({}), data of {}",
            terminal::counted(store.len().unwrap_or(0) as u64, "study", "studies"),
            terminal::counted(versions, "version", "versions"),
            by.join(", "),
            store
                .data_timestamp()
                .ok()
                .flatten()
                .as_deref()
                .and_then(|t| t.get(..10))
                .unwrap_or("no known day"),
        ),
    );
    for problem in problems.iter().take(SHOWN) {
        found.fault(format!("store: {problem}"), NEW_FOLDER);
    }
    if problems.len() > SHOWN {
        found.fault(format!("store: ... and {} more", problems.len() - SHOWN), NEW_FOLDER);
    }
    Ok(())
}

fn check_index(store: &Store, folder: &Path, found: &mut Findings) {
    let index = match Index::open(&registry::index_folder(folder)) {
        Ok(index) => index,
        Err(error) => return found.fault(error.to_string(), REBUILD),
    };
    let (studies, sites) = (index.snapshot().len(), index.snapshot().sites());
    let counted = terminal::counted(studies as u64, "study", "studies");
    found.fact("index", format!("{counted}, {}", terminal::counted(sites as u64, "site", "sites")));
    match index.damaged() {
        Ok(files) => files.iter().for_each(|file| {
            found.fault(format!("index: {} is not what was written", file.display()), REBUILD);
        }),
        Err(error) => found.fault(error.to_string(), REBUILD),
    }
    let behind = match (index.sequence(), store.last_sequence()) {
        (Ok(at), Ok(last)) => at != Some(last),
        _ => true,
    };
    let stored = store.len().unwrap_or(0);
    if behind {
        found.fault("index: it lags behind the store", CATCH_UP);
    } else if stored != studies {
        found.fault(format!("index: it has {studies} studies, the store {stored}"), REBUILD);
    }
}

fn check_criteria(store: &Store, folder: &Path, found: &mut Findings) {
    match kept::check(folder, store) {
        Ok(Health::None) => found.fact("criteria", "not read yet: the first match or summary reads them"),
        Ok(Health::Unusable) => {
            found.fact("criteria", "read by another version, or damaged: the next match reads them anew");
        }
        Ok(Health::Whole { studies, behind }) => {
            let kept = terminal::counted(studies as u64, "study", "studies");
            let behind = match behind {
                0 => String::new(),
                _ => format!("; {} to be read when they are needed", terminal::grouped(behind as u64)),
            };
            found.fact("criteria", format!("of {kept}{behind}"));
        }
        Ok(Health::Damaged(studies)) => {
            let first = studies.first().map(ToString::to_string).unwrap_or_default();
            let studies = terminal::counted(studies.len() as u64, "study", "studies");
            found.fault(
                format!("criteria: those of {studies} are not what was written, {first} first"),
                REBUILD,
            );
        }
        Err(error) => found.fault(error.to_string(), NEW_FOLDER),
    }
}

fn check_disk(folder: &Path, found: &mut Findings) {
    let store = ["", "-wal", "-shm"].map(|end| folder.join(format!("{}{end}", store::FILE)));
    let store: u64 = store.iter().map(|path| size(path)).sum();
    let index = size(&registry::index_folder(folder));
    let criteria = size(&kept::folder(folder));
    let [store, index, criteria] = [store, index, criteria].map(terminal::sized);
    let used = format!("store {store}, index {index}, criteria {criteria}");
    match fs4::available_space(folder) {
        Ok(free) => {
            found.fact("disk", format!("{used}; {} free", terminal::sized(free)));
            if free < LITTLE_ROOM {
                found.fault(format!("disk: only {} are free", terminal::sized(free)), ROOM);
            }
        }
        Err(error) => found.fact("disk", format!("{used}; free space unknown: {error}")),
    }
}

/// Bytes of a file or of all files below a folder; what cannot be read counts as nothing.
fn size(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => {
            let inner: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
            inner.iter().map(|path| size(path)).sum()
        }
        Err(_) => fs::metadata(path).map_or(0, |m| m.len()),
    }
}

impl Findings {
    fn print(self, quiet: bool) -> Result<Ending> {
        let mut out = terminal::output();
        if !quiet {
            for line in &self.lines {
                writeln!(out, "{line}")?;
            }
        }
        for fault in &self.faults {
            writeln!(out, "wrong      {fault}")?;
        }
        for advice in &self.advice {
            writeln!(out, "to do      {advice}")?;
        }
        if self.faults.is_empty() && !quiet {
            writeln!(out, "all is well")?;
        }
        out.flush()?;
        Ok(if self.faults.is_empty() { Ending::Done } else { Ending::Failed })
    }
}
