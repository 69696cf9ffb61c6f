//! A folder: its files belong together, as the tables of a database or the files of a bulk export.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use model::IssueKind;

use super::{
    session::{Flow, Session},
    stream,
};

/// Folders inside each other, at most.
const MAX_DEPTH: u8 = 8;

/// Reads all files, in the order of their names; the vocabulary of OMOP last, when it is known what is needed of it.
pub(crate) fn read(session: &mut Session, folder: &Path) -> Flow {
    let mut files = Vec::new();
    if let Err(error) = list(folder, 0, &mut files) {
        return session.issue(IssueKind::Unreadable, error.to_string(), None);
    }
    files.sort_by_key(|path| (is_concepts(path), path.clone()));
    for path in files {
        session.file = path.to_string_lossy().into_owned();
        (session.record, session.byte) = (None, None);
        match File::open(&path) {
            Ok(file) => stream::read(session, &mut &file, 0)?,
            Err(error) => session.issue(IssueKind::Unreadable, error.to_string(), None)?,
        }
    }
    session.file = folder.to_string_lossy().into_owned();
    (session.record, session.byte) = (None, None);
    Flow::Continue(())
}

fn list(folder: &Path, depth: u8, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type()?;
        if kind.is_dir() && !hidden && depth < MAX_DEPTH {
            list(&entry.path(), depth + 1, files)?;
        } else if kind.is_file() && !hidden {
            files.push(entry.path());
        }
    }
    Ok(())
}

fn is_concepts(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    name.split('.').next() == Some("concept")
}
