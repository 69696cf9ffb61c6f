//! API v1 "Full Studies" to the canonical record.
//!
//! API v1 calls every key by its piece's name (`BriefTitle`) and wraps every list (`PhaseList: {Phase: [...]}`), and
//! its objects lie in each other as those of API v2 do. So the table of pieces is the whole mapping.

use model::{
    Issue, IssueKind,
    piece::{self, Kind, Piece},
};
use serde_json::{Map, Value};

use crate::{
    Converted, Raw,
    json::{self, Remarks},
    v1_value::{self, present_name},
    v2::shown,
};

/// Converts one `Study`, also inside `FullStudy`.
pub(crate) fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let mut study = json::parse(raw)?;
    for wrapper in ["FullStudy", "Study"] {
        if let Some(Value::Object(inner)) = study.get_mut(wrapper) {
            study = std::mem::take(inner);
        }
    }
    let mut conversion = Conversion { remarks: Remarks::new(raw) };
    let mut study = conversion.object("", study);
    let has_results = study.contains_key("resultsSection");
    study.insert("hasResults".to_owned(), has_results.into());
    json::finish(raw, Value::Object(study), conversion.remarks.issues)
}

struct Conversion<'r> {
    remarks: Remarks<'r>,
}

/// A key of API v1 and what it is in API v2.
enum Key {
    /// A piece, and its value out of the list wrapper.
    Known(&'static Piece, Value),
    /// Nothing that API v2 has in this place.
    Other(String, Value),
}

impl Conversion<'_> {
    /// Converts the object at `path`; keys come in the order of the table, unknown ones last.
    fn object(&mut self, path: &str, object: Map<String, Value>) -> Map<String, Value> {
        let (mut known, mut other) = (Vec::new(), Vec::new());
        for (key, value) in object {
            match recognise(path, key, value) {
                Key::Known(piece, value) => known.push((piece, value)),
                Key::Other(key, value) => other.push((key, value)),
            }
        }
        known.sort_by_key(|(piece, _)| piece.id);
        let mut out = Map::new();
        for (piece, value) in known {
            self.member(piece, value, &mut out);
        }
        for (key, value) in other {
            let here = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            self.remarks.add(IssueKind::NotConverted, &here, "API v2 has no place for this; kept as it was");
            out.insert(key, value);
        }
        out
    }

    fn member(&mut self, piece: &'static Piece, value: Value, out: &mut Map<String, Value>) {
        if let Some(unknown) = unknown_twin(piece, &value) {
            out.insert(unknown.key().to_owned(), true.into());
            return;
        }
        let value = match value {
            Value::Null => return,
            Value::Array(items) if items.is_empty() => return,
            Value::Array(mut items) if !piece.list && !items.is_empty() => {
                if items.len() > 1 {
                    let rest = shown(&Value::Array(items.split_off(1)));
                    let message = format!("a single value in API v2; not converted: {rest}");
                    self.remarks.add(IssueKind::NotConverted, piece.path, message);
                }
                self.value(piece, items.swap_remove(0))
            }
            Value::Array(items) => items.into_iter().map(|item| self.value(piece, item)).collect(),
            value if piece.list => Value::Array(vec![self.value(piece, value)]),
            value => self.value(piece, value),
        };
        out.insert(piece.key().to_owned(), value);
    }

    fn value(&mut self, piece: &'static Piece, value: Value) -> Value {
        match (piece.kind, value) {
            (Kind::Branch, Value::Object(map)) => Value::Object(self.object(piece.path, map)),
            (_, value) => v1_value::leaf(piece, value).unwrap_or_else(|value| {
                let message = format!("{} cannot be {}; kept as it was", piece.name, shown(&value));
                self.remarks.add(IssueKind::BadValue, piece.path, message);
                value
            }),
        }
    }
}

fn recognise(path: &str, key: String, mut value: Value) -> Key {
    if let Some(piece) = piece_in(path, &key) {
        return Key::Known(piece, value);
    }
    if let Some(item) = key.strip_suffix("List")
        && let Some(piece) = piece_in(path, item)
        && let Value::Object(wrapper) = &mut value
        && wrapper.len() == 1
        && let Some(items) = wrapper.get_mut(item)
    {
        return Key::Known(piece, items.take());
    }
    Key::Other(key, value)
}

/// The piece of this name, if its place is directly below `path`.
fn piece_in(path: &str, name: &str) -> Option<&'static Piece> {
    let piece = piece::by_name(present_name(name))?;
    let parent = piece.path.rsplit_once('.').map_or("", |(parent, _)| parent);
    (parent == path).then_some(piece)
}

/// The piece that says that a date is unknown, where API v1 writes `Unknown` for the date itself.
fn unknown_twin(piece: &Piece, value: &Value) -> Option<&'static Piece> {
    if !matches!(piece.kind, Kind::Date) || !value.as_str()?.eq_ignore_ascii_case("unknown") {
        return None;
    }
    piece::by_name(&format!("{}Unknown", piece.name))
}
