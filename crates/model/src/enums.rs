//! The registry's enumerations: value on the wire, label for people (the "legacy" spelling).

use std::{collections::HashMap, sync::LazyLock};

use crate::Study;

/// An enumeration and its values in the registry's order.
#[derive(Debug)]
pub struct EnumType {
    /// `Status`, `Phase` ...
    pub name: &'static str,
    /// Its values.
    pub values: Vec<EnumValue>,
}

/// One value of an enumeration.
#[derive(Debug)]
pub struct EnumValue {
    /// On the wire: `ACTIVE_NOT_RECRUITING`.
    pub value: &'static str,
    /// For people, and in the older formats: `Active, not recruiting`.
    pub label: &'static str,
    /// Pieces that spell the label otherwise.
    pub exceptions: Vec<(&'static str, &'static str)>,
}

const TABLE: &str = include_str!("../data/enums.tsv");

static ENUMS: LazyLock<Vec<EnumType>> = LazyLock::new(|| {
    let mut types: Vec<EnumType> = Vec::new();
    for line in TABLE.lines().skip(2) {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [name, value, label, exceptions] = cells[..] else { panic!("enums.tsv: `{line}`") };
        if types.last().is_none_or(|t| t.name != name) {
            types.push(EnumType { name, values: Vec::new() });
        }
        let exceptions = exceptions.split(';').filter_map(|e| e.split_once('=')).collect();
        types.last_mut().expect("pushed above").values.push(EnumValue { value, label, exceptions });
    }
    types
});

static BY_NAME: LazyLock<HashMap<&'static str, &'static EnumType>> =
    LazyLock::new(|| ENUMS.iter().map(|t| (t.name, t)).collect());

/// All enumerations.
pub fn all() -> &'static [EnumType] {
    &ENUMS
}

/// The enumeration of this name.
pub fn by_name(name: &str) -> Option<&'static EnumType> {
    BY_NAME.get(name).copied()
}

/// The label of a value (`Recruiting` for `Status`, `RECRUITING`); the value itself if the table does not know it.
pub fn label<'a>(type_name: &str, value: &'a str) -> &'a str {
    by_name(type_name).and_then(|t| t.value(value)).map_or(value, |v| v.label)
}

/// The phases of a study in words: `Phase 1/Phase 2`; `None` if it has none.
pub fn phases(study: &Study) -> Option<String> {
    let word = |value| if value == "NA" { "Phase not applicable" } else { label("Phase", value) };
    let words: Vec<&str> = study.texts("Phase").into_iter().map(word).collect();
    (!words.is_empty()).then(|| words.join("/"))
}

impl EnumType {
    /// The entry of this wire value.
    pub fn value(&self, value: &str) -> Option<&EnumValue> {
        self.values.iter().find(|v| v.value == value)
    }

    /// The entry that a person means who types it: as [`EnumType::find`], also without blanks and underscores, and
    /// phases by their number alone (`2`, `early 1`).
    pub fn meant(&self, text: &str) -> Option<&EnumValue> {
        let short = text.trim().to_ascii_lowercase().replace([' ', '_', '-'], "");
        let wire = |v: &&EnumValue| {
            let value = v.value.to_ascii_lowercase().replace('_', "");
            value == short || value.replace("phase", "") == short
        };
        self.find(text).or_else(|| self.values.iter().find(wire))
    }

    /// The entry that a person or an older format means: wire value, label or an exception, whatever the case.
    pub fn find(&self, text: &str) -> Option<&EnumValue> {
        let text = text.trim();
        let same = |other: &str| other.eq_ignore_ascii_case(text);
        self.values.iter().find(|v| same(v.value) || same(v.label) || v.exceptions.iter().any(|e| same(e.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_by_any_spelling() {
        let status = by_name("Status").unwrap();
        for text in ["ACTIVE_NOT_RECRUITING", "Active, not recruiting", "active, NOT recruiting"] {
            assert_eq!(status.find(text).unwrap().value, "ACTIVE_NOT_RECRUITING");
        }
        assert_eq!(by_name("DateType").unwrap().find("Anticipated").unwrap().value, "ESTIMATED");
        let phase = by_name("Phase").unwrap();
        for (text, value) in
            [("2", "PHASE2"), ("Early 1", "EARLY_PHASE1"), ("phase3", "PHASE3"), ("na", "NA")]
        {
            assert_eq!(phase.meant(text).map(|v| v.value), Some(value), "{text}");
        }
        assert_eq!(all().len(), 41);
        assert_eq!(label("Phase", "PHASE2"), "Phase 2");
    }
}
