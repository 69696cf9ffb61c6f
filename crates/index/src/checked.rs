//! Which files of an index were compared with their checksums: each is read through once, not at every start.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use tantivy::directory::error::OpenReadError;

use crate::Error;

/// Names of the files that were found whole, with their size and the time of their last change.
const LIST: &str = "CHECKED";

/// The damaged ones among the files that changed since they were found whole.
///
/// Where the list cannot be kept nothing is read: it would be at every start.
pub(crate) fn damaged(folder: &Path, index: &tantivy::Index) -> Result<Vec<PathBuf>, Error> {
    let listed = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
    let known: HashSet<&str> = listed.lines().collect();
    let mut files: Vec<PathBuf> = index.load_metas()?.list_segment_files().into_iter().collect();
    files.sort();
    let files: Vec<(PathBuf, String)> =
        files.into_iter().filter_map(|file| line(folder, &file).map(|line| (file, line))).collect();
    let fresh: Vec<&PathBuf> =
        files.iter().filter(|(_, line)| !known.contains(line.as_str())).map(|(file, _)| file).collect();
    let draft = folder.join(format!("{LIST}.new"));
    if fresh.is_empty() || fs::write(&draft, "").is_err() {
        return Ok(Vec::new());
    }
    let damaged: Vec<PathBuf> = fresh.into_iter().filter(|file| !is_whole(index, file)).cloned().collect();
    if damaged.is_empty() {
        let text: String = files.into_iter().map(|(_, line)| line + "\n").collect();
        // Where it cannot be kept after all, the files are read again.
        let _ = fs::write(&draft, text).and_then(|()| fs::rename(&draft, folder.join(LIST)));
    }
    Ok(damaged)
}

/// What the list says of a file; nothing of one that is not there, as not every kind of file is in every segment.
fn line(folder: &Path, file: &Path) -> Option<String> {
    let about = fs::metadata(folder.join(file)).ok()?;
    let changed = about.modified().and_then(|t| t.duration_since(UNIX_EPOCH).map_err(io::Error::other));
    Some(format!("{} {} {}", file.display(), about.len(), changed.map_or(0, |t| t.as_nanos())))
}

/// Whether a file has the checksum in its last bytes. One that was merged into another meanwhile is no fault.
fn is_whole(index: &tantivy::Index, file: &Path) -> bool {
    match index.directory().validate_checksum(file) {
        Ok(whole) => whole,
        Err(OpenReadError::FileDoesNotExist(_)) => true,
        Err(_) => false,
    }
}
