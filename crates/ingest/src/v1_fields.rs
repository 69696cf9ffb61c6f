//! API v1 "Study Fields" to the canonical record, as far as flat lists tell it.
//!
//! A row gives every piece as a list of values; which value belongs to which arm, site or outcome is told only by
//! the position. So the elements of a list are rebuilt where the lists of its pieces are equally long, and what
//! cannot be placed without a guess is left out and said so.

use std::collections::BTreeMap;

use model::{
    Issue, IssueKind,
    piece::{self, Piece},
};
use serde_json::{Map, Value};

use crate::{
    Converted, Raw,
    json::{self, Remarks},
    v1_value::{self, present_name, unknown_twin},
    v2::shown,
};

/// A piece and its values in the row.
type Field = (&'static Piece, Vec<Value>);

/// Converts one row.
pub(crate) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let row = json::parse(raw)?;
    let mut rebuilding = Rebuilding { remarks: Remarks::new(raw) };
    let (fields, strangers) = rebuilding.fields(row);
    let mut study = rebuilding.element("", fields);
    for (key, value) in strangers {
        rebuilding.remarks.add(IssueKind::NotConverted, &key, "API v2 has no place for this; kept as it was");
        study.insert(key, value);
    }
    if study.contains_key("resultsSection") {
        study.insert("hasResults".to_owned(), true.into());
    }
    json::finish(raw, Value::Object(study), rebuilding.remarks.issues)
}

struct Rebuilding<'r> {
    remarks: Remarks<'r>,
}

impl Rebuilding<'_> {
    /// The row's fields in the order of the table, and what is none. Empty lists are absent.
    fn fields(&mut self, row: Map<String, Value>) -> (Vec<Field>, Map<String, Value>) {
        let (mut fields, mut strangers) = (Vec::<Field>::new(), Map::new());
        for (key, value) in row {
            let values = match value {
                Value::Array(values) => values,
                value => vec![value],
            };
            // The rank is the row's place in the answer, not the study's.
            if key == "Rank" || values.is_empty() {
                continue;
            }
            match piece::by_name(present_name(&key)) {
                Some(piece) if piece.indexed_only => {}
                Some(piece) if piece.is_leaf() => {
                    let values = values.into_iter().map(|value| self.value(piece, value)).collect();
                    fields.push((piece, values));
                }
                _ => drop(strangers.insert(key, Value::Array(values))),
            }
        }
        fields.sort_by_key(|(piece, _)| piece.id);
        (fields, strangers)
    }

    fn value(&mut self, piece: &Piece, value: Value) -> Value {
        if unknown_twin(piece, &value).is_some() {
            return value;
        }
        v1_value::leaf(piece, value).unwrap_or_else(|value| {
            let message = format!("{} cannot be {}; kept as it was", piece.name, shown(&value));
            self.remarks.add(IssueKind::BadValue, piece.path, message);
            value
        })
    }

    /// One object: the study at `path` "", or an element of the list at `path`. All values belong to it.
    fn element(&mut self, path: &str, fields: Vec<Field>) -> Map<String, Value> {
        let mut out = Map::new();
        let mut lists: BTreeMap<u16, Vec<Field>> = BTreeMap::new();
        for (piece, mut values) in fields {
            if let Some(list) = first_list(path, piece) {
                lists.entry(list.id).or_default().push((piece, values));
            } else if piece.list {
                put(&mut out, below(path, piece.path), Value::Array(values));
            } else {
                if values.len() > 1 {
                    self.left_out(piece, "a single value in API v2", &values.split_off(1));
                }
                set(&mut out, path, piece, values.swap_remove(0));
            }
        }
        for (list, fields) in lists {
            let list = piece::by_id(list).expect("the id was taken from the table");
            let elements = self.elements(list, fields);
            if !elements.is_empty() {
                put(&mut out, below(path, list.path), Value::Array(elements));
            }
        }
        out
    }

    /// The elements of a list. The longest of its lists gives their number: those of pieces that every element has
    /// are never shorter.
    fn elements(&mut self, list: &'static Piece, fields: Vec<Field>) -> Vec<Value> {
        let is_flat = |piece: &Piece| !piece.list && first_list(list.path, piece).is_none();
        let flat = fields.iter().filter(|(piece, _)| is_flat(piece));
        let count = flat.map(|(_, values)| values.len()).max().unwrap_or(0);
        if count == 1 {
            return vec![Value::Object(self.element(list.path, fields))];
        }
        let mut elements = vec![Map::new(); count];
        for (piece, values) in fields {
            if !is_flat(piece) {
                self.left_out(piece, "it is not said which belong together", &values);
            } else if values.len() < count {
                let why = format!("only {} for {count} elements of the list", values.len());
                self.left_out(piece, &why, &values);
            } else {
                for (element, value) in elements.iter_mut().zip(values) {
                    set(element, list.path, piece, value);
                }
            }
        }
        elements.into_iter().map(Value::Object).collect()
    }

    fn left_out(&mut self, piece: &Piece, why: &str, values: &[Value]) {
        let values = shown(&Value::Array(values.to_vec()));
        self.remarks.add(IssueKind::NotConverted, piece.path, format!("{why}; left out: {values}"));
    }
}

/// The outermost list of objects between `path` and the piece.
fn first_list(path: &str, piece: &Piece) -> Option<&'static Piece> {
    let inner = below(path, piece.path);
    let start = piece.path.len() - inner.len();
    let ends = inner.match_indices('.').map(|(at, _)| start + at);
    ends.filter_map(|end| piece::by_path(&piece.path[..end])).find(|branch| branch.list)
}

/// The part of a path below another.
fn below<'p>(path: &str, inner: &'p str) -> &'p str {
    inner.strip_prefix(path).map_or(inner, |rest| rest.trim_start_matches('.'))
}

/// Sets the value of a piece in the object at `path`.
fn set(object: &mut Map<String, Value>, path: &str, piece: &Piece, value: Value) {
    match unknown_twin(piece, &value) {
        Some(twin) => put(object, below(path, twin.path), true.into()),
        None => put(object, below(path, piece.path), value),
    }
}

/// Sets the value at a dotted path.
fn put(object: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => drop(object.insert(path.to_owned(), value)),
        Some((key, rest)) => {
            let inner = object.entry(key).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::Format;
    use model::Place;
    use serde_json::json;

    fn check(row: Value) -> (Value, Vec<String>) {
        let raw =
            Raw { format: Format::V1Fields, bytes: row.to_string().into_bytes(), place: Place::default() };
        let converted = convert(&raw).unwrap();
        let issues = converted.issues.iter();
        let paths =
            issues.map(|i| format!("{}: {}", i.kind, i.place.path.as_deref().unwrap_or(""))).collect();
        (converted.study, paths)
    }

    #[test]
    fn rebuilds_equal_lists_and_says_what_it_cannot() {
        let (study, issues) = check(json!({
            "Rank": 3, "NCTId": ["NCT90000001"], "Acronym": [], "Gender": ["Female"], "Phase": ["Phase 1", "Phase 2"],
            "ArmGroupLabel": ["A", "B"], "ArmGroupType": ["Experimental", "Placebo Comparator"],
            "ArmGroupDescription": ["of one of them"], "ArmGroupInterventionName": ["Drug: x", "Drug: y"],
            "StartDate": ["May 2020"], "Made Up": ["kept"], "EnrollmentCount": ["12"]
        }));
        let protocol = &study["protocolSection"];
        assert_eq!(protocol["identificationModule"], json!({"nctId": "NCT90000001"}));
        assert_eq!(protocol["eligibilityModule"], json!({"sex": "FEMALE"}));
        assert_eq!(protocol["statusModule"]["startDateStruct"], json!({"date": "2020-05"}));
        assert_eq!(
            protocol["designModule"],
            json!({"phases": ["PHASE1", "PHASE2"], "enrollmentInfo": {"count": 12}})
        );
        assert_eq!(
            protocol["armsInterventionsModule"],
            json!({"armGroups": [{"label": "A", "type": "EXPERIMENTAL"},
                {"label": "B", "type": "PLACEBO_COMPARATOR"}]})
        );
        assert_eq!(study["Made Up"], json!(["kept"]));
        assert_eq!(study.get("hasResults"), None, "the row does not say");
        assert_eq!(
            issues,
            [
                "not converted: protocolSection.armsInterventionsModule.armGroups.description",
                "not converted: protocolSection.armsInterventionsModule.armGroups.interventionNames",
                "not converted: Made Up"
            ]
        );
    }

    #[test]
    fn the_only_element_owns_its_inner_lists() {
        let (study, issues) = check(json!({
            "NCTId": ["NCT90000002"], "LocationFacility": ["Clinic"], "LocationCity": ["Bonn"],
            "LocationContactName": ["N", "M"], "LocationContactPhone": ["1", "2"],
            "ArmGroupLabel": ["A"], "ArmGroupInterventionName": ["Drug: x", "Drug: y"]
        }));
        assert_eq!(issues, [""; 0]);
        let protocol = &study["protocolSection"];
        assert_eq!(
            protocol["contactsLocationsModule"]["locations"],
            json!([{"facility": "Clinic", "city": "Bonn",
                "contacts": [{"name": "N", "phone": "1"}, {"name": "M", "phone": "2"}]}])
        );
        let arms = json!([{"label": "A", "interventionNames": ["Drug: x", "Drug: y"]}]);
        assert_eq!(protocol["armsInterventionsModule"]["armGroups"], arms);
    }
}
