//! Where an export goes: it is written beside its place under another name, and moved there when it is whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    process,
    sync::mpsc::{SyncSender, sync_channel},
    thread::{self, JoinHandle},
};

use anyhow::{Context as _, Result, bail};
use export::aact::schema;

use crate::{ending::Unreadable, terminal};

/// A place to write to.
pub enum Target {
    /// Standard output.
    Output,
    /// A file or a folder.
    Place(Place),
}

/// A file or a folder that is to be.
pub struct Place {
    path: PathBuf,
    /// Where it is written until it is whole; removed if it is not.
    part: PathBuf,
    /// For a folder the ending of its files.
    folder: Option<&'static str>,
    force: bool,
}

impl Target {
    /// A file.
    pub fn file(path: &Path, force: bool) -> Result<Self> {
        Self::of(path, None, force)
    }

    /// A folder of tables, in files with this ending.
    pub fn folder(path: &Path, ending: &'static str, force: bool) -> Result<Self> {
        let target = Self::of(path, Some(ending), force)?;
        if let Self::Place(place) = &target {
            fs::create_dir(&place.part).with_context(|| told("make", &place.part))?;
        }
        Ok(target)
    }

    fn of(path: &Path, folder: Option<&'static str>, force: bool) -> Result<Self> {
        let Some(name) = path.file_name().filter(|_| path.as_os_str() != "-") else {
            let message = format!("--out {}: this format needs the name of a file or folder", path.display());
            return Err(Unreadable(message).into());
        };
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(format!(".part-{}", process::id()));
        let place = Place { path: path.to_owned(), part: path.with_file_name(part), folder, force };
        place.check()?;
        Ok(Self::Place(place))
    }

    /// Where to write until it is whole.
    pub fn place(&self) -> Result<&Path> {
        match self {
            Self::Output => bail!("this format needs a file or folder"),
            Self::Place(place) => Ok(&place.part),
        }
    }

    /// A writer to it.
    pub fn writer(&self) -> Result<Out> {
        Ok(match self {
            Self::Output => Out::Standard(terminal::output()),
            Self::Place(place) => {
                let file = File::create_new(&place.part).with_context(|| told("write", &place.part))?;
                Out::File(BufWriter::with_capacity(1 << 20, Flushing::new(file)?))
            }
        })
    }

    /// Moves what was written to its place.
    pub fn finish(self) -> Result<()> {
        match self {
            Self::Output => Ok(()),
            Self::Place(place) => place.finish(),
        }
    }
}

impl Place {
    /// Refuses what may not be replaced.
    fn check(&self) -> Result<()> {
        let Ok(found) = fs::symlink_metadata(&self.path) else { return Ok(()) };
        let shown = self.path.display();
        if !self.force {
            bail!("{shown} is there already: --force replaces it");
        }
        match self.folder {
            None if found.is_dir() => bail!("{shown} is a folder; this format is written to a file"),
            Some(_) if !found.is_dir() => bail!("{shown} is no folder; this format is written to a folder"),
            Some(ending) => self.only_tables(ending),
            None => Ok(()),
        }
    }

    /// A folder is replaced only if nothing is in it but tables of an earlier export.
    fn only_tables(&self, ending: &str) -> Result<()> {
        for entry in fs::read_dir(&self.path).with_context(|| told("read", &self.path))? {
            let name = entry.with_context(|| told("read", &self.path))?.file_name();
            let stem = name.to_str().and_then(|name| name.strip_suffix(ending)?.strip_suffix('.'));
            if !stem.is_some_and(|stem| schema::tables().iter().any(|table| table.name == stem)) {
                bail!(
                    "{} holds {}, which is no table of an earlier export: it is not replaced. Name another folder",
                    self.path.display(),
                    Path::new(&name).display()
                );
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        self.check()?;
        let old = self.part.with_extension("old");
        let replaces = self.folder.is_some() && self.path.exists();
        if replaces {
            fs::rename(&self.path, &old).with_context(|| told("move", &self.path))?;
        }
        fs::rename(&self.part, &self.path).with_context(|| told("write", &self.path))?;
        if replaces {
            fs::remove_dir_all(&old).with_context(|| told("remove", &old))?;
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // After a success there is nothing; after a failure that is what should be told.
        let _ = match self.folder {
            Some(_) => fs::remove_dir_all(&self.part),
            None => fs::remove_file(&self.part),
        };
    }
}

fn told(what: &str, path: &Path) -> String {
    format!("cannot {what} {}", path.display())
}

/// A writer to a file or to standard output.
pub enum Out {
    /// Standard output.
    Standard(BufWriter<io::StdoutLock<'static>>),
    /// A file.
    File(BufWriter<Flushing>),
}

/// Bytes after which the disk is given something to do.
const PORTION: usize = 32 << 20;

/// A file whose bytes go to the disk while others are still being made: else all of them would at the end.
pub struct Flushing {
    file: File,
    since: usize,
    /// Wakes the thread that waits for the disk; one portion at a time.
    portion: SyncSender<()>,
    /// The system tells an error of the disk once, to whoever waits: this thread or the last call.
    waiting: JoinHandle<io::Result<()>>,
}

impl Flushing {
    fn new(file: File) -> io::Result<Self> {
        let (portion, portions) = sync_channel(1);
        let same = file.try_clone()?;
        let waiting = thread::spawn(move || portions.into_iter().try_for_each(|()| same.sync_data()));
        Ok(Self { file, since: 0, portion, waiting })
    }

    /// All of it is on the disk then.
    fn close(self) -> io::Result<()> {
        drop(self.portion);
        self.waiting.join().unwrap_or_else(|_| Err(io::Error::other("the disk was not waited for")))?;
        self.file.sync_all()
    }
}

impl Write for Flushing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.since += written;
        if self.since >= PORTION {
            self.since = 0;
            // Full: the disk has enough to do. Gone after an error, which closing tells.
            let _ = self.portion.try_send(());
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Out {
    /// Writes what is left; a file is on the disk then.
    pub fn close(self) -> io::Result<()> {
        match self {
            Self::Standard(mut out) => out.flush(),
            Self::File(out) => out.into_inner().map_err(io::IntoInnerError::into_error)?.close(),
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Standard(out) => out.write(bytes),
            Self::File(out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Standard(out) => out.flush(),
            Self::File(out) => out.flush(),
        }
    }
}
