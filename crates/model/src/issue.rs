//! Odd input, kept with its place: reading goes on and says what it met.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where in the input something stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// File path, or `-` for standard input.
    pub file: String,
    /// Entry inside an archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Number of the record in the file or entry, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<u64>,
    /// Byte offset in the (uncompressed) file or entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// JSON path, XML path or element of a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.file.is_empty() { "input" } else { &self.file })?;
        if let Some(entry) = &self.entry {
            write!(f, " > {entry}")?;
        }
        if let Some(record) = self.record {
            write!(f, ", record {record}")?;
        }
        if let Some(byte) = self.byte {
            write!(f, ", byte {byte}")?;
        }
        if let Some(path) = &self.path {
            write!(f, ", at {path}")?;
        }
        Ok(())
    }
}

/// What kind of oddity; the summary of an import counts by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// The file or entry is of no format we know.
    UnknownFormat,
    /// The file ends in the middle of something.
    Truncated,
    /// Not well-formed JSON, XML, zip ...
    Malformed,
    /// Not UTF-8 where UTF-8 was expected.
    WrongEncoding,
    /// Larger or deeper than the limit.
    TooLarge,
    /// An archive entry with an unsafe name or an absurd ratio.
    UnsafeArchive,
    /// A record without a readable id of a registry we know.
    NoId,
    /// A value that its field cannot hold (a date that is none, an unknown enum value).
    BadValue,
    /// A key that the data structure does not know; kept.
    UnknownKey,
    /// Two statements of one record disagree.
    Contradiction,
    /// A known fault of the page or format the record came from.
    SourceFault,
    /// Information that the source had and the canonical record cannot hold.
    NotConverted,
    /// The file could not be opened or read.
    Unreadable,
}

impl IssueKind {
    /// Whether records were lost by it (as against: read, with a remark).
    pub fn loses_records(self) -> bool {
        use IssueKind::*;
        matches!(
            self,
            UnknownFormat
                | Truncated
                | Malformed
                | WrongEncoding
                | TooLarge
                | UnsafeArchive
                | NoId
                | Unreadable
        )
    }
}

impl fmt::Display for IssueKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownFormat => "unknown format",
            Self::Truncated => "truncated",
            Self::Malformed => "malformed",
            Self::WrongEncoding => "wrong encoding",
            Self::TooLarge => "too large",
            Self::UnsafeArchive => "unsafe archive entry",
            Self::NoId => "no study id",
            Self::BadValue => "bad value",
            Self::UnknownKey => "unknown key",
            Self::Contradiction => "contradiction",
            Self::SourceFault => "known fault of the source",
            Self::NotConverted => "not converted",
            Self::Unreadable => "unreadable",
        })
    }
}

/// One oddity of the input: what, where, and what was done about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issue {
    /// What kind.
    pub kind: IssueKind,
    /// A sentence for people, without the place.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl Issue {
    /// An issue at a place.
    pub fn new(kind: IssueKind, message: impl Into<String>, place: Place) -> Self {
        Self { kind, message: message.into(), place }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.kind, self.message)
    }
}
