//! One record as a file in a zip.

use std::io::{Cursor, Write};

use model::StudyId;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use crate::api::refusal::Refusal;

/// A zip with one file, `NCT….json`. Its time is always the same, so that equal records give equal bytes.
pub(crate) fn of(id: StudyId, json: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let method = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(format!("{id}.json"), method).map_err(Refusal::internal)?;
    zip.write_all(json).map_err(Refusal::internal)?;
    Ok(zip.finish().map_err(Refusal::internal)?.into_inner())
}
