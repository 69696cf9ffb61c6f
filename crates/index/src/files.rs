//! The index on disk: made, opened, recognised, and refused when it is not ours.

use std::{fs, io, path::Path};

use tantivy::{Index, IndexSettings};

use crate::{
    Error,
    folder::{self, Folder},
    layout::{self, Fields},
    stream::Unpack,
};

/// Names the layout that the folder was written with.
pub(crate) const STAMP: &str = "LAYOUT";

/// Opens the index of a folder, or makes an empty one. An index of another layout, or one that cannot be opened, is
/// [`Error::Stale`]: it holds nothing that the store does not hold, and is built anew.
pub(crate) fn open_or_create(folder: &Path) -> Result<Index, Error> {
    fs::create_dir_all(folder).map_err(|e| Error::io(folder, e))?;
    if !folder.join("meta.json").exists() {
        let index = Index::create(Folder::open(folder)?, Fields::new().schema, IndexSettings::default())?;
        fs::write(folder.join(STAMP), stamp()).map_err(|e| Error::io(folder, e))?;
        folder::share(folder, STAMP)?;
        return Ok(ready(index));
    }
    open(folder)
}

/// Opens the index of a folder for reading.
pub(crate) fn open(folder: &Path) -> Result<Index, Error> {
    match fs::read_to_string(folder.join(STAMP)) {
        Ok(text) if text == stamp() => {}
        Ok(_) => return Err(stale(folder, "it was written by another version")),
        Err(e) if e.kind() == io::ErrorKind::InvalidData => {
            return Err(stale(folder, "its stamp cannot be read"));
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(stale(folder, "there is none")),
        Err(e) => return Err(Error::io(folder, e)),
    }
    match Folder::open(folder).and_then(Index::open) {
        Ok(index) => Ok(ready(index)),
        Err(e) => Err(stale(folder, &e.to_string())),
    }
}

pub(crate) fn stale(folder: &Path, reason: &str) -> Error {
    Error::Stale { folder: folder.to_owned(), reason: reason.to_owned() }
}

/// Version of the layout, and of the table of pieces that term characters count in.
fn stamp() -> String {
    let pieces = model::piece::all();
    let names: u64 =
        pieces.iter().flat_map(|p| p.name.bytes()).fold(17, |h: u64, b| h.wrapping_mul(31) ^ u64::from(b));
    format!("{} {} {names:016x} {}\n", layout::VERSION, pieces.len(), vocabulary::VERSION)
}

fn ready(index: Index) -> Index {
    index.tokenizers().register(layout::TOKENIZER, Unpack::default());
    index
}

/// The store's sequence up to which the index has read; `None` if it says nothing.
pub(crate) fn sequence(index: &Index) -> Result<Option<i64>, Error> {
    Ok(index.load_metas()?.payload.and_then(|text| text.parse().ok()))
}
