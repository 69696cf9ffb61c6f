//! Measures the whole: import, disk, search, against the targets.

mod import;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

/// What to measure.
#[derive(Args)]
pub struct Wanted {
    /// Studies of the synthetic registry.
    #[arg(long, default_value_t = 100_000)]
    studies: u32,
    /// Keep zip and data here, and use what is here already.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// A step that runs in a process of its own.
#[derive(Clone, Copy, ValueEnum)]
pub enum Step {
    /// Imports a zip.
    Import,
}

/// Measures everything.
pub fn bench(_wanted: &Wanted) -> anyhow::Result<()> {
    Ok(())
}

/// Runs one step.
pub fn step(step: Step, data: &Path, zip: Option<&Path>) -> anyhow::Result<()> {
    match step {
        Step::Import => import::import(data, zip.unwrap_or(Path::new("-"))),
    }
}
