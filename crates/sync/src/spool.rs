//! Where answers wait until they are imported, and how far a walk through the pages has come: `sync` in the data
//! folder. Everything there may be lost; what is there after an interruption need not be asked for again.

use std::{
    fs::{self, File, TryLockError},
    io::{Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::Error;

/// What a walk goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// All records, in the zip.
    Bulk,
    /// All records, page by page.
    Load,
    /// The records that changed.
    Delta,
    /// Ids and dates of all records.
    Ids,
}

/// A walk through the pages of a search, as far as it has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Walk {
    pub base: String,
    pub what: What,
    /// The rest of the address: what is searched for, and which fields.
    pub query: String,
    /// Of the data when the walk began.
    pub stamp: String,
    /// The token of the next page.
    pub next: Option<String>,
    pub pages: u32,
    pub records: u64,
    /// How many there are, as the first page says.
    pub total: Option<u64>,
    pub done: bool,
}

impl Walk {
    pub(crate) fn new(base: &str, what: What, query: String, stamp: &str) -> Self {
        let (base, stamp) = (base.to_owned(), stamp.to_owned());
        Self { base, what, query, stamp, next: None, pages: 0, records: 0, total: None, done: false }
    }

    /// Whether it is the same walk through the same data, whatever its progress.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (&self.base, self.what, &self.query, &self.stamp)
            == (&other.base, other.what, &other.query, &other.stamp)
    }
}

/// The folder.
pub(crate) struct Spool {
    folder: PathBuf,
    /// Held while a sync runs; the system lets it go when the process ends, however it ends.
    _lock: File,
}

/// Where the progress of a walk is kept.
const WALK: &str = "walk.json";
/// The zip of everything, once it is whole.
const BULK: &str = "studies.zip";

impl Spool {
    /// Opens the folder, for one sync at a time.
    pub(crate) fn open(data: &Path) -> Result<Self, Error> {
        let folder = data.join("sync");
        fs::create_dir_all(&folder).map_err(|source| Error::File { path: folder.clone(), source })?;
        let path = folder.join("lock");
        let lock = File::options().write(true).create(true).truncate(false).open(&path);
        let lock = lock.map_err(|source| Error::File { path: path.clone(), source })?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { folder, _lock: lock }),
            Err(TryLockError::WouldBlock) => Err(store::Error::InUse { folder: data.to_owned() }.into()),
            Err(TryLockError::Error(source)) => Err(Error::File { path, source }),
        }
    }

    /// The walk that was under way; `None` if there was none, or if it cannot be read.
    pub(crate) fn walk(&self) -> Option<Walk> {
        serde_json::from_slice(&fs::read(self.folder.join(WALK)).ok()?).ok()
    }

    /// Keeps how far a walk has come.
    pub(crate) fn save(&self, walk: &Walk) -> Result<(), Error> {
        let text = serde_json::to_vec(walk).expect("strings and numbers are JSON");
        self.write(WALK, &text).map(drop)
    }

    /// Keeps a page.
    pub(crate) fn put(&self, number: u32, bytes: &[u8]) -> Result<PathBuf, Error> {
        self.write(&format!("{number:06}.json"), bytes)
    }

    /// The pages that wait, in their order.
    pub(crate) fn pages(&self) -> Result<Vec<PathBuf>, Error> {
        let fail = |source| Error::File { path: self.folder.clone(), source };
        let entries = fs::read_dir(&self.folder).map_err(fail)?;
        let paths = entries.map(|entry| entry.map(|e| e.path()).map_err(fail));
        let mut paths: Vec<PathBuf> = paths.collect::<Result<_, _>>()?;
        let is_page = |path: &PathBuf| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            name.strip_suffix(".json").is_some_and(|stem| stem.bytes().all(|b| b.is_ascii_digit()))
        };
        paths.retain(is_page);
        paths.sort();
        Ok(paths)
    }

    /// Where the zip of everything is, once it is whole.
    pub(crate) fn bulk(&self) -> PathBuf {
        self.folder.join(BULK)
    }

    /// Where it is while it comes.
    pub(crate) fn partial(&self) -> PathBuf {
        self.folder.join("studies.zip.part")
    }

    /// The zip has come.
    pub(crate) fn arrived(&self) -> Result<(), Error> {
        let bulk = self.bulk();
        fs::rename(self.partial(), &bulk).map_err(|source| Error::File { path: bulk, source })
    }

    /// Takes everything away but the lock.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        let walk = self.folder.join(WALK);
        let validator = self.partial().with_extension("validator");
        for path in self.pages()?.iter().chain(&[walk, self.bulk(), self.partial(), validator]) {
            remove(path)?;
        }
        Ok(())
    }

    /// Writes a file beside its place and moves it there, so that it is whole or absent.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf, Error> {
        let (path, beside) = (self.folder.join(name), self.folder.join(format!("{name}.new")));
        let written = File::create(&beside).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        });
        written.map_err(|source| Error::File { path: path.clone(), source })?;
        Ok(path)
    }
}

/// Removes a file; one that is not there is no trouble.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::File { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}

/// Whether a file begins as a zip does and ends with the list of what is in it. Its records are checked when they are
/// read; this tells a page of HTML and a download that broke off unseen.
pub(crate) fn is_whole_zip(file: &mut File) -> Result<(), String> {
    /// The end of a zip, and the longest comment that may follow it.
    const END: (&[u8], u64) = (b"PK\x05\x06", (22 + 65_535));
    let read = |file: &mut File| -> std::io::Result<(Vec<u8>, Vec<u8>)> {
        let length = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(length.saturating_sub(END.1)))?;
        let (mut end, mut start) = (Vec::new(), Vec::new());
        file.read_to_end(&mut end)?;
        file.seek(SeekFrom::Start(0))?;
        file.take(4).read_to_end(&mut start)?;
        Ok((start, end))
    };
    let (start, end) = read(file).map_err(|e| format!("the download cannot be read again: {e}"))?;
    if !start.starts_with(b"PK") {
        return Err("what came is no zip".to_owned());
    }
    match end.windows(END.0.len()).any(|window| window == END.0) {
        true => Ok(()),
        false => Err("what came is the beginning of a zip only".to_owned()),
    }
}
