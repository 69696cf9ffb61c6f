//! `trialist rebuild`: the index is thrown away and derived from the store again.

use anyhow::Result;
use clap::Args;

use super::Context;
use crate::{data, ending::Ending, progress::Progress, terminal};

/// Derive the search index from the stored records again
///
/// Criteria that were read and kept are forgotten; they are read again when they are needed. Records are not touched. Nothing is lost if it is broken off: the next start builds the index anew.
#[derive(Debug, Args)]
pub struct Rebuild {}

impl Rebuild {
    /// Runs the verb.
    pub fn run(self, context: &Context) -> Result<Ending> {
        data::must_exist(&context.data)?;
        let mut progress = Progress::new("rebuilding the index", "studies", context.quiet);
        let studies =
            registry::rebuild(&context.data, &mut |done, total| progress.update(done, total, done))?;
        progress.finish();
        matching::kept::forget(&context.data)?;
        // Changes between versions are compared anew when they are wanted.
        let _ = std::fs::remove_dir_all(::history::ledger::kept::folder(&context.data));
        if !context.quiet {
            terminal::note(&format!("indexed {}", terminal::counted(studies, "study", "studies")));
        }
        Ok(Ending::Done)
    }
}
