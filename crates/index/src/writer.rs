//! Studies go into the index; nothing is visible before [`Writer::commit`].

use std::path::{Path, PathBuf};

use model::StudyId;
use tantivy::{
    IndexWriter, TantivyDocument, Term,
    indexer::{LogMergePolicy, UserOperation},
    merge_policy::NoMergePolicy,
};

use crate::{Analysed, Error, files, folder, layout::Fields};

/// The one writer of an index folder.
pub struct Writer {
    folder: PathBuf,
    writer: IndexWriter<TantivyDocument>,
    fields: Fields,
}

/// How much memory the index may use before it writes a segment, in bytes for all threads together.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes.
    pub bytes: usize,
    /// Threads that build segments.
    pub threads: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: 600 << 20, threads: 2 }
    }
}

impl Writer {
    /// Opens the index in `folder` for writing, creating it if it is not there.
    pub fn open(folder: &Path, budget: Budget) -> Result<Self, Error> {
        let index = files::open_or_create(folder)?;
        let writer = index.writer_with_num_threads(budget.threads, budget.bytes)?;
        Ok(Self { folder: folder.to_owned(), writer, fields: Fields::new() })
    }

    /// Merging on or off: off while a whole registry is loaded, on for small changes.
    pub fn merging(&self, on: bool) {
        let policy: Box<dyn tantivy::merge_policy::MergePolicy> =
            if on { Box::new(LogMergePolicy::default()) } else { Box::new(NoMergePolicy) };
        self.writer.set_merge_policy(policy);
    }

    /// Adds a study, in place of what the index has of it. `fresh`: the index is known to have nothing.
    pub fn put(&self, study: Analysed, fresh: bool) -> Result<(), Error> {
        let mut operations = Vec::with_capacity(study.documents.len() + 1);
        if !fresh {
            let gone = Term::from_field_u64(self.fields.study, study.id.number());
            operations.push(UserOperation::Delete(gone));
        }
        operations.extend(study.documents.into_iter().map(UserOperation::Add));
        self.writer.run(operations)?;
        Ok(())
    }

    /// Takes a study out.
    pub fn remove(&self, study: StudyId) -> Result<(), Error> {
        let gone = Term::from_field_u64(self.fields.study, study.number());
        self.writer.run([UserOperation::Delete(gone)])?;
        Ok(())
    }

    /// Takes everything out.
    pub fn clear(&self) -> Result<(), Error> {
        self.writer.delete_all_documents()?;
        Ok(())
    }

    /// Makes everything so far durable and visible. `sequence` is the store's: up to where the index has read.
    pub fn commit(&mut self, sequence: i64) -> Result<(), Error> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&sequence.to_string());
        commit.commit()?;
        folder::share(&self.folder, files::STAMP)
    }

    /// Waits for merges under way.
    pub fn finish(self) -> Result<(), Error> {
        self.writer.wait_merging_threads()?;
        folder::share(&self.folder, files::STAMP)
    }
}
