//! The data folder: which one is meant, and whether it holds a registry.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use directories::ProjectDirs;
use registry::Registry;

use crate::{progress::Progress, terminal};

/// The folder named by `--data` or `TRIALIST_DATA`, else the platform's place for data of this program.
pub fn folder(named: Option<PathBuf>) -> Result<PathBuf> {
    if let Some(folder) = named.filter(|f| !f.as_os_str().is_empty()) {
        return Ok(folder);
    }
    match ProjectDirs::from("", "", "trialist") {
        Some(places) => Ok(places.data_dir().to_owned()),
        None => bail!("this system names no home folder: say where the data lie with --data DIR"),
    }
}

/// Fails with what to do next where a folder holds no registry; makes nothing.
pub fn must_exist(folder: &Path) -> Result<()> {
    if folder.join(store::FILE).exists() {
        return Ok(());
    }
    bail!(
        "there is no registry in {} yet. `trialist import FILE` makes one, `trialist demo` shows one that comes \
         with the program; --data DIR names another folder",
        folder.display()
    )
}

/// Opens the registry of a folder that has one; tells of repairs that take their time.
pub fn open(folder: &Path, quiet: bool) -> Result<Registry> {
    must_exist(folder)?;
    let mut progress = Progress::new("index behind the store: repairing", "studies", quiet);
    let registry = Registry::open_with(folder, &mut |done, total| progress.update(done, total, done))?;
    progress.finish();
    if registry.lags() && !quiet {
        terminal::note(&format!(
            "the index is behind the store, and {} cannot be written: what was imported last is not found. The \
             next command with permission to write brings it in step",
            folder.display()
        ));
    }
    Ok(registry)
}
