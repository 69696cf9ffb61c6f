//! The chores of the project: `cargo xtask layers | synth | multiply | bench | delta | facets | exports | ontologies`.

// A chore talks to the person who runs it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod layers;
mod multiply;
mod ontologies;
mod synth;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "The project's own chores")]
struct Xtask {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Checks that every crate depends only on crates above it, and foreign formats and HTTP stay in their crates.
    Layers,
    /// Writes a synthetic registry as a bulk zip.
    Synth {
        /// How many studies.
        #[arg(long, default_value_t = 1_000)]
        studies: u32,
        /// The same seed gives the same bytes.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// The zip to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Writes real records many times over under fresh ids, as a bulk zip.
    Multiply(multiply::Wanted),
    /// Measures import, disk, search and serving against the targets.
    Bench(bench::Wanted),
    /// Measures how long changed studies take to be found in a registry that is being served.
    Delta(bench::delta::Wanted),
    /// Measures searches with all facets over HTTP, on sixteen connections.
    Facets {
        /// The data folder.
        data: PathBuf,
        /// The command; the release build if none is named.
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
    },
    /// Measures exports of everything, and what the disk takes.
    Exports {
        /// The data folder.
        data: PathBuf,
        /// The command; the release build if none is named.
        #[arg(long, value_name = "FILE")]
        binary: Option<PathBuf>,
    },
    /// Makes the table of diseases and phenotypes from the published ontologies.
    Ontologies(ontologies::Wanted),
    /// One step of `bench` in a process of its own.
    #[command(hide = true)]
    Step {
        /// What to do: `import` or `search`.
        step: bench::Step,
        /// The data folder.
        data: PathBuf,
        /// The zip to import.
        zip: Option<PathBuf>,
    },
}

fn main() -> anyhow::Result<()> {
    match Xtask::parse().chore {
        Chore::Layers => layers::check(),
        Chore::Synth { studies, seed, out } => {
            let size = synth::Synth::new(studies, seed).write(&out)?;
            println!("{size:?}, mean {} bytes", size.bytes / u64::from(size.studies.max(1)));
            Ok(())
        }
        Chore::Multiply(wanted) => multiply::multiply(&wanted),
        Chore::Delta(wanted) => bench::delta::delta(&wanted),
        Chore::Facets { data, binary } => bench::facets(&data, binary),
        Chore::Exports { data, binary } => bench::exports(&data, binary),
        Chore::Bench(wanted) => bench::bench(&wanted),
        Chore::Ontologies(wanted) => ontologies::write(&wanted),
        Chore::Step { step, data, zip } => bench::step(step, &data, zip.as_deref()),
    }
}
