//! Files about people: new ones, which only their owner may read.

use std::{
    fs::{File, OpenOptions},
    io::ErrorKind,
    path::Path,
};

use anyhow::{Context as _, Result, bail};

/// Makes a file that must not be there yet.
pub fn create(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            bail!("{} is there already; name a new file", path.display())
        }
        made => made.with_context(|| format!("{} cannot be made", path.display())),
    }
}
