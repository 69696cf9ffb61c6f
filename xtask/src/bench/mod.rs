//! Measures the whole: import, disk, search and serving, against the targets.

pub mod delta;
mod exports;
mod http;
mod import;
mod process;
mod queries;
mod report;
mod search;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context;
use clap::{Args, ValueEnum};
use process::Cost;
use search::Searches;
use serde::Serialize;

use crate::synth::{Size, Synth};

/// What to measure.
#[derive(Args)]
pub struct Wanted {
    /// Studies of the synthetic registry.
    #[arg(long, default_value_t = 100_000)]
    studies: u32,
    /// Rounds of the import; the middle one counts.
    #[arg(long, default_value_t = 1)]
    rounds: usize,
    /// Keep the zip and the data folder here, and use the zip if it is here already.
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// The command to measure instead of building it. Steps that it does not have run in this process's own binary.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
    /// Write the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A step that runs in a process of its own.
#[derive(Clone, Copy, ValueEnum)]
pub enum Step {
    /// Imports a zip.
    Import,
    /// Times searches.
    Search,
}

/// All figures of a run.
#[derive(Debug, Serialize)]
pub struct Figures {
    /// The synthetic registry.
    pub registry: Size,
    /// Bytes of its zip.
    pub zip: u64,
    /// Each import into an empty folder.
    pub imports: Vec<Cost>,
    /// The same file once more.
    pub again: Cost,
    /// Bytes of the store.
    pub store: u64,
    /// Bytes of the index.
    pub index: u64,
    /// Exports of everything.
    pub exports: exports::Exports,
    /// Searches, in process.
    pub searches: Searches,
    /// Serving, or why it was not measured.
    pub load: Result<http::Load, String>,
    /// Searches with all facets over HTTP, or why they were not measured.
    pub facets: Result<http::Load, String>,
}

/// Measures everything and prints a table.
pub fn bench(wanted: &Wanted) -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let folder = wanted.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let zip = folder.join(format!("synth-{}.zip", wanted.studies));
    let registry = registry_zip(&zip, wanted.studies)?;
    let binary = wanted.binary.clone().map_or_else(build, Ok)?;
    let data = folder.join("data");
    let mut imports = Vec::new();
    for round in 0..wanted.rounds.max(1) {
        empty(&data)?;
        eprintln!("import, round {} ...", round + 1);
        imports.push(process::run(&mut importing(&binary, &data, &zip)?)?.0);
    }
    eprintln!("the same file again ...");
    let again = process::run(&mut importing(&binary, &data, &zip)?)?.0;
    eprintln!("exports ...");
    let exports = exports::exports(&binary, &data)?;
    eprintln!("searches ...");
    let (_, text) =
        process::run(Command::new(std::env::current_exe()?).arg("step").arg("search").arg(&data))?;
    let searches: Searches = serde_json::from_str(text.lines().last().unwrap_or_default())?;
    eprintln!("serving ...");
    let ids: Vec<String> = (0..wanted.studies).step_by(37).map(crate::synth::id).collect();
    let load = http::load(&binary, &data, &ids).map_err(|error| format!("{error:#}"));
    let facets = http::facets(&binary, &data).map_err(|error| format!("{error:#}"));
    let (store, index) = (size_of(&data)? - size_of(&data.join("index"))?, size_of(&data.join("index"))?);
    let zip = std::fs::metadata(&zip)?.len();
    let figures = Figures { registry, zip, imports, again, store, index, exports, searches, load, facets };
    print!("{}", report::table(&figures));
    if let Some(path) = &wanted.json {
        std::fs::write(path, serde_json::to_vec_pretty(&figures)?)?;
    }
    Ok(())
}

/// Measures exports of a data folder that is there.
pub fn exports(data: &Path, binary: Option<PathBuf>) -> anyhow::Result<()> {
    let exports = exports::exports(&binary.map_or_else(build, Ok)?, data)?;
    println!("{}", serde_json::to_string(&exports)?);
    Ok(())
}

/// Measures searches with all facets over HTTP on a data folder that is there.
pub fn facets(data: &Path, binary: Option<PathBuf>) -> anyhow::Result<()> {
    let load = http::facets(&binary.map_or_else(build, Ok)?, data)?;
    println!("{}", serde_json::to_string(&load)?);
    Ok(())
}

/// Runs one step.
pub fn step(step: Step, data: &Path, zip: Option<&Path>) -> anyhow::Result<()> {
    match step {
        Step::Import => import::import(data, zip.context("an import needs a zip")?),
        Step::Search => search::search(data),
    }
}

/// Makes the zip, or takes the one that is there with the sizes noted beside it.
fn registry_zip(zip: &Path, studies: u32) -> anyhow::Result<Size> {
    let noted = zip.with_extension("json");
    if zip.exists()
        && let Ok(text) = std::fs::read_to_string(&noted)
    {
        return Ok(serde_json::from_str(&text)?);
    }
    eprintln!("making {studies} studies ...");
    let size = Synth::new(studies, 1).write(zip)?;
    std::fs::write(noted, serde_json::to_string(&size)?)?;
    Ok(size)
}

/// The release build of the command.
fn build() -> anyhow::Result<PathBuf> {
    eprintln!("building ...");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("xtask lies in the workspace")?;
    let mut cargo = Command::new(env!("CARGO"));
    let status = cargo.args(["build", "--release", "--locked"]).current_dir(root).status()?;
    anyhow::ensure!(status.success(), "the release build failed");
    Ok(root.join("target/release/trialist"))
}

/// The command's import; while it has none, this binary's own.
fn importing(binary: &Path, data: &Path, zip: &Path) -> anyhow::Result<Command> {
    let help =
        Command::new(binary).args(["import", "--help"]).output().context("cannot start the command")?;
    let knows = String::from_utf8_lossy(&help.stdout).contains("--data");
    let mut command = Command::new(if knows { binary.to_owned() } else { std::env::current_exe()? });
    if knows {
        command.arg("import").arg("--data").arg(data).arg(zip);
    } else {
        eprintln!("the command has no `import` yet: this binary's own is measured");
        command.args(["step", "import"]).arg(data).arg(zip);
    }
    Ok(command)
}

fn empty(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    Ok(std::fs::create_dir_all(folder)?)
}

/// Bytes of all files below a folder.
fn size_of(folder: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        bytes += if metadata.is_dir() { size_of(&entry.path())? } else { metadata.len() };
    }
    Ok(bytes)
}
