//! What several tests need: the studies of all real records.

use std::ops::ControlFlow;

use ingest::{Found, Limits};
use model::Study;

/// Calls `found` with every study of the real registry files; nothing where they are absent, which is told.
pub fn each_real_study(found: &mut dyn FnMut(&Study)) {
    let Some(folder) = testkit::shared("data/registry") else { return };
    let mut studies = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let _ = ingest::read(&entry.unwrap().path(), Limits::default(), &mut |record| {
            if let Found::Record(raw) = record
                && let Some(study) = ingest::convert(&raw).ok().and_then(|c| Study::new(c.study))
            {
                found(&study);
                studies += 1;
            }
            ControlFlow::Continue(())
        });
    }
    assert!(studies > 10_000, "{studies}");
}
