//! `trialist demo`: the small registry that comes with the program, in the browser.

use std::{
    fs, io,
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::Args;
use registry::Registry;

use super::{
    Context,
    serve::{Address, browse, listen},
};
use crate::{clock, data, ending::Ending};

/// The studies of the demo, one a line.
const STUDIES: &[u8] = include_bytes!("../../demo/studies.ndjson");
/// Their file within the demo's folder.
const FILE: &str = "studies.ndjson";

/// Serve the small registry that comes with the program
///
/// It lives in a folder of its own, `demo` within the data folder, and leaves your own registry alone. The address
/// is the first line of standard output.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  trialist demo\n  trialist demo --open\n  trialist demo --port 9000\n\
    \nThe demo's studies from the command line:\n  trialist search asthma --data DATA_FOLDER/demo")]
pub struct Demo {
    #[command(flatten)]
    address: Address,
    /// Also open the browser
    #[arg(long)]
    open: bool,
}

impl Demo {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        let folder = prepare(&context.data.join("demo"))?;
        let registry = open(&folder, context.quiet)?;
        listen(registry, &self.address, context.quiet, |url| {
            if self.open {
                browse(url);
            }
        })
    }
}

/// Puts the studies into the demo's folder. What another version of the program left there is taken away: its
/// registry is derived from that file alone.
fn prepare(folder: &Path) -> Result<PathBuf> {
    let file = folder.join(FILE);
    if fs::read(&file).is_ok_and(|there| there == STUDIES) {
        return Ok(folder.to_owned());
    }
    let failed = || format!("the demo's folder {} cannot be written", folder.display());
    for name in [store::FILE, "store.sqlite-wal", "store.sqlite-shm"] {
        absent(fs::remove_file(folder.join(name))).with_context(failed)?;
    }
    absent(fs::remove_dir_all(registry::index_folder(folder))).with_context(failed)?;
    fs::create_dir_all(folder).with_context(failed)?;
    fs::write(&file, STUDIES).with_context(failed)?;
    Ok(folder.to_owned())
}

/// That there was nothing to remove is fine.
fn absent(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Opens the demo's registry; imports the studies first if it has none.
fn open(folder: &Path, quiet: bool) -> Result<Registry> {
    let import = registry::Import {
        paths: vec![folder.join(FILE)],
        source: None,
        received: clock::now(),
        strict: false,
        workers: 1,
        limits: ingest::Limits::default(),
    };
    match registry::import(folder, &import, &mut |_| ControlFlow::Continue(())) {
        // Another demo is at it, or runs: its studies are the same.
        Ok(_) | Err(registry::Error::Store(store::Error::InUse { .. })) => data::open(folder, quiet),
        Err(other) => Err(other.into()),
    }
}
