//! A registry as a stream of documents, a study each.

use std::io::{Cursor, Write};

use model::{NctId, Study};
use store::Sealed;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use crate::{Error, Records, Way, ordered::ordered, read, study};

/// What is written of each study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The record as it stands in the store, on one line.
    Ndjson,
    /// A row of the registry's thirty columns, under a row of their names.
    Csv,
    /// A reference for literature managers.
    Ris,
    /// A ResearchStudy of FHIR R5, on one line.
    FhirR5,
    /// A ResearchStudy of FHIR R4, on one line.
    FhirR4,
}

/// Writes a document of each study, one behind the other; returns how many.
pub fn write(
    records: impl Records,
    document: Document,
    out: &mut dyn Write,
    way: &mut Way<'_>,
) -> Result<u64, Error> {
    if document == Document::Csv {
        out.write_all(&study::csv::write(&[], &study::csv::all(), true)?)?;
    }
    let work = |batch: Vec<Sealed>| {
        let mut bytes = Vec::new();
        for sealed in &batch {
            one(document, sealed, &mut bytes)?;
        }
        Ok((batch.len() as u64, bytes))
    };
    let mut done = 0;
    ordered(way.threads, records.map(|batch| Ok(batch?)), work, |(count, bytes)| {
        out.write_all(&bytes)?;
        done += count;
        if (way.progress)(done) { Ok(()) } else { Err(Error::Stopped) }
    })?;
    out.flush()?;
    Ok(done)
}

fn one(document: Document, sealed: &Sealed, out: &mut Vec<u8>) -> Result<(), Error> {
    match document {
        Document::Ndjson => line(sealed, out)?,
        Document::Csv => {
            out.extend(study::csv::write(&[read(sealed)?], &study::csv::all(), false)?);
        }
        Document::Ris => {
            let told = study::ris::write(&read(sealed)?, None);
            out.extend_from_slice(told.unwrap_or_default().as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        Document::FhirR5 => resource(&read(sealed)?, study::fhir_r5::resource, out),
        Document::FhirR4 => resource(&read(sealed)?, study::fhir_r4::resource, out),
    }
    Ok(())
}

/// The record on one line. A line break within JSON is blank space between its tokens: within texts it is escaped.
fn line(sealed: &Sealed, out: &mut Vec<u8>) -> Result<(), Error> {
    let mut record = sealed.open()?;
    record.iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    out.extend_from_slice(&record);
    out.push(b'\n');
    Ok(())
}

fn resource(study: &Study, of: fn(&Study) -> serde_json::Value, out: &mut Vec<u8>) {
    out.extend_from_slice(of(study).to_string().as_bytes());
    out.push(b'\n');
}

/// The place of a record in the registry's bulk download: a folder for each last two digits of the id.
pub fn place(id: NctId) -> String {
    format!("{:02}/{id}.json", id.number() % 100)
}

/// Writes the registry's bulk download: a zip with a file for each record, byte by byte as it stands in the store.
/// Returns how many.
pub fn archive(records: impl Records, out: &mut dyn Write, way: &mut Way<'_>) -> Result<u64, Error> {
    let mut whole = ZipWriter::new_stream(out);
    let mut done = 0;
    ordered(way.threads, records.map(|batch| Ok(batch?)), part, |part| {
        let mut part = ZipArchive::new(Cursor::new(part))?;
        for number in 0..part.len() {
            whole.raw_copy_file(part.by_index_raw(number)?)?;
            done += 1;
        }
        if (way.progress)(done) { Ok(()) } else { Err(Error::Stopped) }
    })?;
    whole.finish()?.into_inner().flush()?;
    Ok(done)
}

/// Some records in a zip of their own. The time of a file is always the same, so that equal records give equal bytes.
fn part(batch: Vec<Sealed>) -> Result<Vec<u8>, Error> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let method = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for sealed in &batch {
        let Some(id) = sealed.id().nct() else {
            let why = "the bulk download has studies of ClinicalTrials.gov only".to_owned();
            return Err(Error::Record(sealed.id(), why));
        };
        zip.start_file(place(id), method)?;
        zip.write_all(&sealed.open()?)?;
    }
    Ok(zip.finish()?.into_inner())
}
