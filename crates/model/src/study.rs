//! A study, read from the canonical record.

use serde_json::Value;

use crate::{PartialDate, StudyId, piece};

/// The typed reading of a canonical record. It borrows nothing and loses nothing: [`Study::json`] is the
/// record itself, and every accessor reads from it.
#[derive(Clone, Debug)]
pub struct Study {
    id: StudyId,
    json: Value,
}

impl Study {
    /// Reads a canonical record; `None` if it has no readable id.
    pub fn new(json: Value) -> Option<Self> {
        let id = id_of(&json)?;
        Some(Self { id, json })
    }

    /// The study's id.
    pub fn id(&self) -> StudyId {
        self.id
    }

    /// The record.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The first text value of a piece (`study.text("BriefTitle")`).
    pub fn text(&self, piece: &str) -> Option<&str> {
        piece::known(piece).text(&self.json)
    }

    /// All text values of a piece.
    pub fn texts(&self, piece: &str) -> Vec<&str> {
        piece::known(piece).values(&self.json).into_iter().filter_map(Value::as_str).collect()
    }

    /// All values of a piece, lists flattened (objects for branches: `study.values("ArmGroup")`).
    pub fn values(&self, piece: &str) -> Vec<&Value> {
        piece::known(piece).values(&self.json)
    }

    /// The first date of a piece.
    pub fn date(&self, piece: &str) -> Option<PartialDate> {
        self.text(piece)?.parse().ok()
    }

    /// The first whole number of a piece.
    pub fn integer(&self, piece: &str) -> Option<i64> {
        piece::known(piece).first(&self.json)?.as_i64()
    }

    /// The first boolean of a piece; absent is not false.
    pub fn boolean(&self, piece: &str) -> Option<bool> {
        piece::known(piece).first(&self.json)?.as_bool()
    }

    /// Brief title, else official title, else the id.
    pub fn title(&self) -> String {
        let title = self.text("BriefTitle").or_else(|| self.text("OfficialTitle"));
        title.map_or_else(|| self.id.to_string(), str::to_owned)
    }
}

/// The id of a canonical record: its `nctId`, which holds the id of any registry.
pub fn id_of(json: &Value) -> Option<StudyId> {
    json.pointer("/protocolSection/identificationModule/nctId")?.as_str()?.parse().ok()
}
