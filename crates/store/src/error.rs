//! Why the store cannot go on, and what to do about it.

use std::{
    io,
    path::{Path, PathBuf},
};

use rusqlite::{ErrorCode, ffi};

/// Why the store cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the write lock.
    #[error(
        "{} is in use: another import is writing to it. Wait until it ends, or stop it, then try again; \
         reading goes on meanwhile",
        .folder.display()
    )]
    InUse {
        /// The data folder.
        folder: PathBuf,
    },
    /// Written by a newer program.
    #[error(
        "{} was written by a newer version of this program (its format is {found}, this one knows up to \
         {known}). Use the newer program, or another data folder with --data",
        .path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest known format.
        known: i64,
    },
    /// A file of another kind stands where the store should be.
    #[error(
        "{} is not a record store of this program. Move the file away, or choose another data folder with --data",
        .path.display()
    )]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The database, or a record in it, cannot be read back.
    #[error(
        "{} is damaged: {what}. Run `trialist doctor` to see how far; then import the source files into a new \
         data folder",
        .path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What was found.
        what: String,
    },
    /// The disk is full.
    #[error(
        "no space left for {}. What was committed is safe; make room and run the same import again: it goes on \
         where it stopped",
        .path.display()
    )]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The system refuses to write more, and it is not said that the disk is full.
    #[error(
        "{} cannot be written any further: {why}. The disk may be failing, or a limit to the size of files is \
         reached. What was committed is safe; run the same import again when there is room: it goes on where it \
         stopped",
        .path.display()
    )]
    Unwritable {
        /// The database.
        path: PathBuf,
        /// SQLite's words.
        why: String,
    },
    /// No permission.
    #[error(
        "{} cannot be {action}: {why}. Check who owns the folder and its permissions, or choose another with --data",
        .path.display()
    )]
    Denied {
        /// File or folder.
        path: PathBuf,
        /// `opened`, `written` ...
        action: &'static str,
        /// The system's words.
        why: String,
    },
    /// Another process kept the database locked for too long.
    #[error("{} stayed locked by another process. Try again when it has ended", .path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// Any other failure of reading or writing files.
    #[error("{} cannot be {action}: {source}", .path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// `opened`, `written` ...
        action: &'static str,
        /// The system's error.
        source: io::Error,
    },
    /// Any other failure of the database.
    #[error("the record store {} failed: {source}. Run `trialist doctor`", .path.display())]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// SQLite's error.
        source: rusqlite::Error,
    },
}

/// SQLite's codes for a write, a flush, and a change of size that the system refused.
const WRITING: [i32; 4] =
    [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_TRUNCATE, ffi::SQLITE_IOERR_SHMSIZE];

impl Error {
    /// Sorts a database error by what a person can do about it.
    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let why = source.to_string();
        if source.sqlite_error().is_some_and(|error| WRITING.contains(&error.extended_code)) {
            return Self::Unwritable { path, why };
        }
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, what: why },
            Some(ErrorCode::NotADatabase) => Self::NotOurs { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::ReadOnly) => Self::Denied { path, action: "written", why },
            Some(ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                Self::Denied { path, action: "opened", why }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ => Self::Sqlite { path, source },
        }
    }

    /// Sorts a file error by what a person can do about it.
    pub(crate) fn io(path: &Path, action: &'static str, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::Denied { path, action, why: source.to_string() }
            }
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Io { path, action, source },
        }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }
}
