//! Criteria of studies: the demo's, and all real ones beside the project.

use std::ops::ControlFlow;
use std::path::Path;

use eligibility::{
    Eligibility, Item,
    read::{Options, Reader},
};
use ingest::{Found, Limits};
use model::Study;

/// The criteria of the studies of a file; of every `step`th.
pub fn of_file(path: &Path, step: usize) -> Vec<Vec<Item>> {
    let (mut reader, mut studies, mut met) = (Reader::new(), Vec::new(), 0);
    let _ = ingest::read(path, Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            met += 1;
            if met % step == 0
                && let Ok(converted) = ingest::convert(&raw)
                && let Some(study) = Study::new(converted.study)
            {
                studies.push(Eligibility::of(&mut reader, &study, Options::default()).criteria.items);
            }
        }
        ControlFlow::Continue(())
    });
    studies
}

/// The criteria of the demo's studies.
#[allow(dead_code, reason = "not every program needs all")]
pub fn demo() -> Vec<Vec<Item>> {
    of_file(&testkit::root().join("demo/studies.ndjson"), 1)
}

/// The criteria of every `step`th of the real studies; none where there are none.
pub fn real(step: usize) -> Vec<Vec<Item>> {
    let files = ["ctgov-v2.json.zip", "ctgov-v1-full-studies.zip", "ctgov-legacy-xml.zip"];
    let paths = files.iter().filter_map(|file| testkit::shared(&format!("data/registry/{file}")));
    paths.flat_map(|path| of_file(&path, step)).collect()
}
