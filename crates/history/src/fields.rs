//! Which fields of two records differ: module by module, item by item of lists.

use model::{Kind, Piece, markup, piece};
use serde_json::{Map, Value};

/// One field that differs.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The part of the record: `Eligibility`.
    pub module: String,
    /// The registry's name of the field: `MinimumAge`.
    pub piece: &'static str,
    /// JSON path without list indices.
    pub path: &'static str,
    /// What people call the field: `Minimum age`.
    pub label: String,
    /// Which item of a list it is in, by name: `Placebo`; empty outside of lists.
    pub item: String,
    /// What it said; absent if it was not there. Of an item that is there no longer, all it said, on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// What two records can be asked about each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparable {
    /// Everything: what one of them does not say is not there.
    All,
    /// They came in different formats, of which one cannot say what the other can: only what both say.
    Both,
}

/// Fields that every version has anew; they date it and say nothing of the study.
const DATING: [&str; 6] = [
    "VersionHolder",
    "StatusVerifiedDate",
    "LastUpdateSubmitDate",
    "LastUpdatePostDateStruct",
    "LastUpdatePostDate",
    "LastUpdatePostDateType",
];

/// Differences that are listed; the registry's longest records have some ten thousand fields.
const MOST: usize = 2_000;

/// All fields that differ, in the order of the new record; fields that only date a version are left out.
pub fn compare(old: &Value, new: &Value, comparable: Comparable) -> Vec<Field> {
    let mut out = Work { comparable, fields: Vec::new() };
    out.node("", "", old, new);
    out.fields.truncate(MOST);
    out.fields
}

struct Work {
    comparable: Comparable,
    fields: Vec<Field>,
}

impl Work {
    fn node(&mut self, path: &str, item: &str, old: &Value, new: &Value) {
        if old == new || self.fields.len() >= MOST {
            return;
        }
        if self.comparable == Comparable::Both && path.starts_with("derivedSection") {
            return;
        }
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if !is_leaf(path) => self.object(path, item, old, new),
            (Value::Array(old), Value::Array(new)) => self.list(path, item, old, new),
            _ => self.note(path, item, Some(old), Some(new)),
        }
    }

    fn object(&mut self, path: &str, item: &str, old: &Map<String, Value>, new: &Map<String, Value>) {
        let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
        for (key, value) in new {
            match old.get(key) {
                Some(before) => self.node(&below(key), item, before, value),
                None => self.one_sided(&below(key), item, None, Some(value)),
            }
        }
        for (key, value) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            self.one_sided(&below(key), item, Some(value), None);
        }
    }

    /// What only one of the two has.
    fn one_sided(&mut self, path: &str, item: &str, old: Option<&Value>, new: Option<&Value>) {
        if self.comparable == Comparable::Both {
            return;
        }
        match old.or(new) {
            // Each part by itself, down to the lists and values.
            Some(Value::Object(map)) if !is_leaf(path) => {
                for (key, value) in map {
                    let side = |there: bool| there.then_some(value);
                    self.one_sided(&format!("{path}.{key}"), item, side(old.is_some()), side(new.is_some()));
                }
            }
            Some(Value::Array(items)) if items.iter().any(Value::is_object) => {
                for one in items {
                    let side = |there: bool| there.then_some(one);
                    self.note(path, &named(one, item), side(old.is_some()), side(new.is_some()));
                }
            }
            _ => self.note(path, item, old, new),
        }
    }

    /// Items that are the same, wherever they stand, are no difference; of the others those of one name are the same
    /// item, changed.
    fn list(&mut self, path: &str, item: &str, old: &[Value], new: &[Value]) {
        let mut left: Vec<&Value> = old.iter().collect();
        let mut added: Vec<&Value> = Vec::new();
        for value in new {
            match left.iter().position(|other| *other == value) {
                Some(at) => _ = left.remove(at),
                None => added.push(value),
            }
        }
        if !left.iter().chain(&added).any(|value| value.is_object()) {
            if !left.is_empty() || !added.is_empty() {
                let (before, after) = (Value::Array(old.to_vec()), Value::Array(new.to_vec()));
                self.note(path, item, Some(&before), Some(&after));
            }
            return;
        }
        for value in added {
            let name = named(value, item);
            match left.iter().position(|other| named(other, item) == name) {
                Some(at) => {
                    let before = left.remove(at);
                    self.node(path, &name, before, value);
                }
                None => self.note(path, &name, None, Some(value)),
            }
        }
        for value in left {
            self.note(path, &named(value, item), Some(value), None);
        }
    }

    fn note(&mut self, path: &str, item: &str, old: Option<&Value>, new: Option<&Value>) {
        // What no piece names is the registry's own addition; it is in the raw record.
        let Some(piece) = piece::by_path(path).filter(|piece| !DATING.contains(&piece.name)) else { return };
        let said =
            |value: Option<&Value>| value.map(|value| words(path, value)).filter(|text| !text.is_empty());
        let (before, after) = (said(old), said(new));
        if before != after {
            let (module, label, item) = (module(path), label(piece), item.to_owned());
            self.fields.push(Field {
                module,
                piece: piece.name,
                path: piece.path,
                label,
                item,
                before,
                after,
            });
        }
    }
}

fn is_leaf(path: &str) -> bool {
    piece::by_path(path).is_some_and(Piece::is_leaf)
}

/// What an item of a list goes by: its first words, of a site also the place; else the name of what it lies in.
fn named(value: &Value, within: &str) -> String {
    const NAMES: [&str; 12] = [
        "measure",
        "facility",
        "label",
        "name",
        "title",
        "term",
        "id",
        "citation",
        "type",
        "organFullName",
        "url",
        "text",
    ];
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let name = NAMES.iter().find_map(|key| text(key)).unwrap_or_default();
    let place = text("city").map_or_else(String::new, |city| format!(", {city}"));
    let name = format!("{name}{place}");
    match (within.is_empty(), name.is_empty()) {
        (_, true) => within.to_owned(),
        (true, false) => name,
        (false, false) => format!("{within} · {name}"),
    }
}

/// A value in words: labels of enumerations, yes and no, lists and objects on one line.
fn words(path: &str, value: &Value) -> String {
    let kind = piece::by_path(path).map(|piece| piece.kind);
    match (value, kind) {
        (Value::Null, _) => String::new(),
        (Value::Bool(yes), _) => if *yes { "yes" } else { "no" }.to_owned(),
        (Value::String(text), Some(Kind::Enum(kind))) => {
            kind.value(text).map_or(text.as_str(), |v| v.label).to_owned()
        }
        (Value::String(text), Some(Kind::Markup)) => markup::unescape(text).into_owned(),
        (Value::String(text), _) => text.clone(),
        (Value::Array(items), _) => {
            let parts: Vec<String> = items.iter().map(|item| words(path, item)).collect();
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
        }
        (Value::Object(map), _) => {
            let parts = map.iter().map(|(key, inner)| words(&format!("{path}.{key}"), inner));
            parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        }
        (number, _) => number.to_string(),
    }
}

/// The module of a path in words: `protocolSection.armsInterventionsModule.…` is `Arms interventions`.
fn module(path: &str) -> String {
    let mut parts = path.split('.');
    let section = parts.next().unwrap_or_default();
    let module = parts.next().filter(|key| key.ends_with("Module")).unwrap_or(section);
    spaced(module.strip_suffix("Module").unwrap_or(module))
}

fn label(piece: &Piece) -> String {
    if piece.title.is_empty() { spaced(piece.key()) } else { piece.title.to_owned() }
}

/// A key of a record as words: `minimumAge` as `Minimum age`.
pub fn spaced(key: &str) -> String {
    let mut out = String::new();
    for (i, c) in key.chars().enumerate() {
        match c {
            c if i == 0 => out.extend(c.to_uppercase()),
            c if c.is_uppercase() => {
                out.push(' ');
                out.extend(c.to_lowercase());
            }
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(old: Value, new: Value) -> Vec<String> {
        let show = |f: Field| {
            let side = |s: Option<String>| s.unwrap_or_else(|| "–".into());
            format!("{} / {} [{}]: {} → {}", f.module, f.label, f.item, side(f.before), side(f.after))
        };
        compare(&old, &new, Comparable::All).into_iter().map(show).collect()
    }

    fn record(modules: Value) -> Value {
        json!({"protocolSection": modules})
    }

    #[test]
    fn values_lists_and_items() {
        let old = record(json!({
            "statusModule": {"overallStatus": "RECRUITING", "statusVerifiedDate": "2024-01"},
            "conditionsModule": {"conditions": ["Asthma", "COPD"]},
            "outcomesModule": {"primaryOutcomes": [
                {"measure": "FEV1", "timeFrame": "12 weeks"}, {"measure": "Deaths", "timeFrame": "1 year"}]},
            "contactsLocationsModule": {"locations": [{"facility": "Site", "city": "Bonn"}]}
        }));
        let new = record(json!({
            "statusModule": {"overallStatus": "COMPLETED", "statusVerifiedDate": "2024-02"},
            "conditionsModule": {"conditions": ["Asthma"]},
            "outcomesModule": {"primaryOutcomes": [
                {"measure": "Deaths", "timeFrame": "1 year"}, {"measure": "FEV1", "timeFrame": "26 weeks"},
                {"measure": "ACQ"}]},
            "contactsLocationsModule": {"locations": []}
        }));
        let said = said(old, new);
        assert_eq!(said.len(), 5, "{said:#?}");
        assert!(said[0].ends_with("[]: Recruiting → Completed"), "{}", said[0]);
        assert!(said[1].ends_with("Asthma; COPD → Asthma"), "{}", said[1]);
        assert!(
            said[2].starts_with("Outcomes / ") && said[2].ends_with("[FEV1]: 12 weeks → 26 weeks"),
            "{}",
            said[2]
        );
        assert!(said[3].ends_with("[ACQ]: – → ACQ"), "{}", said[3]);
        assert!(said[4].ends_with("[Site, Bonn]: Site · Bonn → –"), "{}", said[4]);
    }

    #[test]
    fn formats_that_cannot_say_it_did_not_remove_it() {
        let old = record(json!({"statusModule": {"overallStatus": "RECRUITING", "whyStopped": "x"}}));
        let new = record(
            json!({"statusModule": {"overallStatus": "COMPLETED"}, "designModule": {"phases": ["PHASE1"]}}),
        );
        assert_eq!(compare(&old, &new, Comparable::Both).len(), 1);
        assert_eq!(compare(&old, &new, Comparable::All).len(), 3);
    }

    #[test]
    fn any_two_values_can_be_compared() {
        for odd in
            [json!(1), json!([]), json!({"protocolSection": 3}), json!({"protocolSection": [[1], {"a": []}]})]
        {
            let whole = record(json!({"statusModule": {"overallStatus": 7}}));
            compare(&odd, &whole, Comparable::All);
            compare(&whole, &odd, Comparable::Both);
            assert_eq!(compare(&odd, &odd, Comparable::All), []);
        }
    }
}
