//! The folder of the index as the search library sees it.

use std::{
    io::{self, ErrorKind},
    path::Path,
    sync::Arc,
};

use tantivy::{
    Directory,
    directory::{
        DirectoryLock, FileHandle, FileSlice, Lock, META_LOCK, MmapDirectory, WatchCallback, WatchHandle,
        WritePtr,
        error::{DeleteError, LockError, OpenReadError, OpenWriteError},
    },
};

use crate::Error;

/// Files that the library writes for their owner alone; who may read the others may read these.
const PRIVATE: [&str; 2] = ["meta.json", ".managed.json"];

/// A folder that can also be read by those who may not write in it: the library takes a lock to read, and there it
/// goes without.
#[derive(Clone, Debug)]
pub(crate) struct Folder(MmapDirectory);

impl Folder {
    pub(crate) fn open(path: &Path) -> Result<Self, tantivy::TantivyError> {
        Ok(Self(MmapDirectory::open(path)?))
    }
}

impl Directory for Folder {
    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.0.acquire_lock(lock) {
            // It keeps files from being deleted while they are opened. Nobody deletes in a folder that is not
            // written; if somebody else does, a file is missing, and opening says so.
            Err(LockError::IoError(error)) if lock.filepath == META_LOCK.filepath && refused(&error) => {
                Ok(DirectoryLock::from(Box::new(())))
            }
            other => other,
        }
    }

    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.0.get_file_handle(path)
    }
    fn open_read(&self, path: &Path) -> Result<FileSlice, OpenReadError> {
        self.0.open_read(path)
    }
    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.0.delete(path)
    }
    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.0.exists(path)
    }
    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.0.open_write(path)
    }
    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.0.atomic_read(path)
    }
    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.0.atomic_write(path, data)
    }
    fn sync_directory(&self) -> io::Result<()> {
        self.0.sync_directory()
    }
    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.0.watch(callback)
    }
}

fn refused(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

/// Lets everybody read the index who may read its stamp.
#[cfg(unix)]
pub(crate) fn share(folder: &Path, stamp: &str) -> Result<(), Error> {
    let fail = |error| Error::io(folder, error);
    let permissions = std::fs::metadata(folder.join(stamp)).map_err(fail)?.permissions();
    for name in PRIVATE {
        match std::fs::set_permissions(folder.join(name), permissions.clone()) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(fail(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Elsewhere files have the permissions of their folder.
#[cfg(not(unix))]
pub(crate) fn share(_: &Path, _: &str) -> Result<(), Error> {
    Ok(())
}
