//! Versions of records, and the sources they came from.

use std::collections::BTreeMap;

use ingest::Format;
use model::StudyId;

/// What came of one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The study was not known.
    Added,
    /// A new version, which now speaks for the study.
    Changed,
    /// A new version, kept behind the one that speaks.
    Kept,
    /// This very record in this format was known.
    Unchanged,
}

/// One version of a record, without its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Number in the order of arrival, over all studies; grows, never reused once committed.
    pub sequence: i64,
    /// The study.
    pub id: StudyId,
    /// Format it came in.
    pub format: Format,
    /// Source it came from first.
    pub source: Source,
    /// Entry, record number and byte of it, printed.
    pub place: String,
    /// Of the verbatim bytes.
    pub sha256: [u8; 32],
    /// Length of the verbatim bytes.
    pub bytes: u64,
    /// Whether it is the one that speaks for the study.
    pub speaks: bool,
    /// Where the same bytes were met later, under other names, in the order of arrival.
    pub again: Vec<Sighting>,
}

/// Which version speaks for a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Speaking {
    /// Its number; see [`Version::sequence`].
    pub sequence: i64,
    /// The first eight bytes of the SHA-256 of its verbatim bytes: tells the versions of one store from those of
    /// another that counts alike.
    pub mark: i64,
}

/// A further source that has the bytes of a known version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The source.
    pub source: Source,
    /// Entry, record number and byte within it, printed.
    pub place: String,
}

/// Where records came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// File path as given, or `-`.
    pub name: String,
    /// SHA-256 of the whole file where it is known.
    pub sha256: Option<[u8; 32]>,
    /// Seconds since 1970 at which the import began (an argument: the store reads no clock).
    pub received: i64,
}

/// A source that is being imported; given by [`crate::Writer::begin_source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SourceId(pub(crate) i64);

/// What came of the records of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// [`Put::Added`].
    pub added: u64,
    /// [`Put::Changed`].
    pub changed: u64,
    /// [`Put::Kept`].
    pub kept: u64,
    /// [`Put::Unchanged`].
    pub unchanged: u64,
    /// Issues by kind, as [`model::IssueKind`] prints itself.
    #[serde(default)]
    pub issues: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts one record.
    pub fn count(&mut self, put: Put) {
        *match put {
            Put::Added => &mut self.added,
            Put::Changed => &mut self.changed,
            Put::Kept => &mut self.kept,
            Put::Unchanged => &mut self.unchanged,
        } += 1;
    }

    /// Counts one issue.
    pub fn issue(&mut self, kind: model::IssueKind) {
        *self.issues.entry(kind.to_string()).or_default() += 1;
    }

    /// Records counted.
    pub fn records(&self) -> u64 {
        self.added + self.changed + self.kept + self.unchanged
    }
}

/// A source and, if it was imported to its end, what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// The source.
    pub source: Source,
    /// `None` while the import runs or after it was broken off.
    pub counts: Option<Counts>,
}

/// The formats as the database numbers them; numbers are never given anew.
const FORMATS: [(Format, i64); 14] = [
    (Format::V2, 1),
    (Format::V1Full, 2),
    (Format::V1Fields, 3),
    (Format::LegacyXml, 4),
    (Format::PageVeeva, 5),
    (Format::PageMedPath, 6),
    (Format::PageInclinical, 7),
    (Format::PageIgnite, 8),
    (Format::Ictrp, 9),
    (Format::IctrpCsv, 10),
    (Format::Isrctn, 11),
    (Format::Ctis, 12),
    (Format::Fhir, 13),
    (Format::Usdm, 14),
];

/// The number of a format in the database.
pub(crate) fn format_code(format: Format) -> i64 {
    match format {
        Format::V2 => 1,
        Format::V1Full => 2,
        Format::V1Fields => 3,
        Format::LegacyXml => 4,
        Format::PageVeeva => 5,
        Format::PageMedPath => 6,
        Format::PageInclinical => 7,
        Format::PageIgnite => 8,
        Format::Ictrp => 9,
        Format::IctrpCsv => 10,
        Format::Isrctn => 11,
        Format::Ctis => 12,
        Format::Fhir => 13,
        Format::Usdm => 14,
    }
}

/// The format with this number in the database.
pub(crate) fn format_of(code: i64) -> Option<Format> {
    FORMATS.iter().find(|(_, c)| *c == code).map(|(format, _)| *format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_their_numbers_agree() {
        for (format, code) in FORMATS {
            assert_eq!((format_code(format), format_of(code)), (code, Some(format)));
        }
        assert_eq!(format_of(0), None);
    }
}
