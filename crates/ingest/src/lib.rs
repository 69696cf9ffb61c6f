//! What registries publish, read into the canonical record; the only crate that knows their formats.
//!
//! Two steps, so that the second can run on many threads: [`read`] finds the records in files, archives and
//! streams and hands each out as it was received; [`convert`] turns one into the canonical record.

pub mod legacy_xml;

use std::{ops::ControlFlow, path::Path};

use model::{Issue, NctId, Place};
use serde_json::Value;

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
    pub id: NctId,
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
        Self { record_bytes: 64 << 20 }
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
pub fn read(
    _path: &Path,
    _limits: Limits,
    _found: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    todo!()
}

/// Finds the records in a stream, such as standard input. `name` is what places call it.
pub fn read_stream(
    _name: &str,
    _stream: Box<dyn std::io::Read>,
    _limits: Limits,
    _found: &mut dyn FnMut(Found) -> ControlFlow<()>,
) -> ControlFlow<()> {
    todo!()
}

/// Turns a record into the canonical one. Fails only if there is no study in it.
pub fn convert(_raw: &Raw) -> Result<Converted, Issue> {
    todo!()
}
