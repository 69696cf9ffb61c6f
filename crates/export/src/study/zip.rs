//! One record as a file in a zip.

use std::io::{Cursor, Write};

use model::StudyId;
use zip::{CompressionMethod, ZipWriter, result::ZipError, write::SimpleFileOptions};

/// A zip with one file, `NCT….json`. Its time is always the same, so that equal records give equal bytes.
pub fn of(id: StudyId, json: &[u8]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let method = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    zip.start_file(format!("{id}.json"), method)?;
    zip.write_all(json)?;
    Ok(zip.finish()?.into_inner())
}
