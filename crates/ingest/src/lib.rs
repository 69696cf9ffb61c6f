//! What registries publish, read into the canonical record; the only crate that knows their formats.
//!
//! Two steps, so that the second can run on many threads: [`read`] finds the records in files, archives and
//! streams and hands each out as it was received; [`convert`] turns one into the canonical record.

// An `Issue` as an error ends one record, which is rare; boxing it would burden every caller.
#![allow(clippy::result_large_err)]

mod archive;
mod csv_records;
mod json;
mod json_records;
pub mod legacy_xml;
pub mod pages;
pub mod people;
mod reading;
mod registries;
mod source;
mod transcode;
mod v1_fields;
mod v1_full;
mod v1_value;
mod v2;
mod window;
mod xml_records;

use std::{fs::File, io::Read, ops::ControlFlow, path::Path};

use model::{Issue, IssueKind, Place, StudyId};
use reading::Reading;
use serde_json::Value;
use source::Origin;

/// The formats in which a study is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// ClinicalTrials.gov API v2, one study.
    V2,
    /// API v1 "Full Studies", one `Study`.
    V1Full,
    /// API v1 "Study Fields", one row.
    V1Fields,
    /// Legacy XML, one `clinical_study`.
    LegacyXml,
    /// WHO ICTRP's XML, one `Trial`.
    Ictrp,
    /// WHO ICTRP's CSV, one row below its header.
    IctrpCsv,
    /// ISRCTN's XML, one `fullTrial` or `trial`.
    Isrctn,
    /// EU CTIS, the JSON of one trial.
    Ctis,
    /// FHIR `ResearchStudy` of R4 or R5, or a bundle with one and what it refers to.
    Fhir,
    /// USDM v4, one study definition.
    Usdm,
    /// A page of ClinicalTrials.Veeva.
    PageVeeva,
    /// A page of MedPath.
    PageMedPath,
    /// A page in the style of inclinicaltrials, with its "See also" rows.
    PageInclinical,
    /// The "Ignite" page, whose raw record is a Python literal.
    PageIgnite,
}

/// One record as it was received.
#[derive(Clone, Debug)]
pub struct Raw {
    /// What it is.
    pub format: Format,
    /// The bytes of the record alone, verbatim.
    pub bytes: Vec<u8>,
    /// Where it stood.
    pub place: Place,
}

/// One record in canonical form.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The study's id.
    pub id: StudyId,
    /// The canonical record (API v2 shape).
    pub study: Value,
    /// Page-only facts, kept as such: dates of the page, flags, related rows, and under `offsets` the character
    /// ranges of the page that each JSON path of `study` was read from. `None` for registry formats.
    pub page: Option<Value>,
    /// What was odd.
    pub issues: Vec<Issue>,
}

/// How much a reader accepts before it says so and goes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest record, in bytes.
    pub record_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record_bytes: 32 << 20 }
    }
}

/// What a reader finds.
#[derive(Debug)]
pub enum Found {
    /// A record.
    Record(Raw),
    /// Something odd; reading goes on.
    Issue(Issue),
    /// So many bytes of the input file have been read, of so many if known: for progress bars.
    Progress {
        /// Bytes read so far.
        read: u64,
        /// Bytes in all.
        total: Option<u64>,
    },
}

/// Finds the records in a file (not a folder), whatever it is called: recognised by content.
///
/// Archives and compressed files are read as they come, never unpacked to disk or held whole. What cannot be read
/// is an issue with its place, and reading goes on behind it where that is possible.
pub fn read(path: &Path, limits: Limits, found: &mut dyn FnMut(Found) -> ControlFlow<()>) -> ControlFlow<()> {
    let name = path.to_string_lossy();
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    match opened {
        Ok((meta, _)) if meta.is_dir() => {
            let place = Place { file: name.into_owned(), ..Place::default() };
            found(Found::Issue(Issue::new(IssueKind::Unreadable, "it is a folder, not a file", place)))
        }
        Ok((meta, file)) => read_from(&name, Box::new(file), Some(meta.len()), limits, found),
        Err(error) => {
            let place = Place { file: name.into_owned(), ..Place::default() };
            found(Found::Issue(Issue::new(IssueKind::Unreadable, error.to_string(), place)))
        }
    }
}

/// Finds the records in a stream, such as standard input. `name` is what places call it.
pub fn read_stream(
    name: &str,
    stream: Box<dyn Read>,
    limits: Limits,
    found: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    read_from(name, stream, None, limits, found)
}

fn read_from(
    name: &str,
    stream: Box<dyn Read>,
    total: Option<u64>,
    limits: Limits,
    found: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let mut reading = Reading::new(name, limits, total, found);
    let mut stream = reading.meter(stream);
    let origin = Origin { entry: None, depth: 0, size: total.unwrap_or_default() };
    source::read(&mut reading, origin, &mut stream)?;
    reading.finish()
}

/// Turns a record into the canonical one. Fails only if there is no study in it.
pub fn convert(raw: &Raw) -> Result<Converted, Issue> {
    match raw.format {
        Format::V2 => v2::convert(raw),
        Format::V1Full => v1_full::convert(raw),
        Format::V1Fields => v1_fields::convert(raw),
        Format::LegacyXml => legacy_xml::convert(raw),
        Format::PageVeeva | Format::PageMedPath | Format::PageInclinical | Format::PageIgnite => {
            pages::convert(raw)
        }
        Format::Ictrp | Format::IctrpCsv | Format::Isrctn | Format::Ctis | Format::Fhir | Format::Usdm => {
            registries::convert(raw)
        }
    }
}
