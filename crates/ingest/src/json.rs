//! The bytes of one record as JSON, with the place of what is wrong in them.

use model::{Issue, IssueKind, Place, StudyId};
use serde_json::{Map, Value, error::Category};

use crate::{Converted, Raw};

/// The record as a JSON object.
pub(crate) fn parse(raw: &Raw) -> Result<Map<String, Value>, Issue> {
    let at = |offset: usize| {
        let byte = raw.place.byte.unwrap_or_default() + offset as u64;
        Place { byte: Some(byte), ..raw.place.clone() }
    };
    let text = std::str::from_utf8(&raw.bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let message = format!("byte {:#04x} is not UTF-8; the record is not read", raw.bytes[offset]);
        Issue::new(IssueKind::WrongEncoding, message, at(offset))
    })?;
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Issue::new(IssueKind::Malformed, "the record is no JSON object", raw.place.clone())),
        Err(error) => {
            let what = error.to_string();
            let what = what.split(" at line ").next().unwrap_or_default();
            let kind = match error.classify() {
                Category::Eof => IssueKind::Truncated,
                _ if what.contains("recursion limit") => IssueKind::TooLarge,
                _ => IssueKind::Malformed,
            };
            let what = if kind == IssueKind::TooLarge { "nested deeper than 128 levels" } else { what };
            Err(Issue::new(kind, what, at(offset(text, error.line(), error.column()))))
        }
    }
}

/// The byte offset of a line and column, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// A canonical record with its id, or the issue that it has none.
pub(crate) fn finish(raw: &Raw, study: Value, issues: Vec<Issue>) -> Result<Converted, Issue> {
    match id_of(&study) {
        Some(id) => Ok(Converted { id, study, page: None, issues }),
        None => {
            let path = "protocolSection.identificationModule.nctId";
            let place = Place { path: Some(path.to_owned()), ..raw.place.clone() };
            Err(Issue::new(IssueKind::NoId, "the record has no readable id", place))
        }
    }
}

fn id_of(study: &Value) -> Option<StudyId> {
    model::piece::known("NCTId").text(study)?.parse().ok()
}

/// Issues at paths of one record.
pub(crate) struct Remarks<'r> {
    raw: &'r Raw,
    /// What has been remarked so far.
    pub issues: Vec<Issue>,
}

impl<'r> Remarks<'r> {
    pub fn new(raw: &'r Raw) -> Self {
        Self { raw, issues: Vec::new() }
    }

    /// An oddity at a JSON path.
    pub fn add(&mut self, kind: IssueKind, path: &str, message: impl Into<String>) {
        let place = Place { path: Some(path.to_owned()), ..self.raw.place.clone() };
        self.issues.push(Issue::new(kind, message, place));
    }
}
