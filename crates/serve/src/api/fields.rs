//! `fields` and `markupFormat`: the part of a record that is asked for, driven by the table of pieces.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::{self, Formatter},
    sync::Arc,
};

use model::{Kind, Piece, area, markup, piece};
use query::Search;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Value};

use super::{
    endpoint::items,
    refusal::{Fault, Refusal},
    search::searched,
};
use crate::parameters::Parameters;

/// What of a record is written, and how.
pub(crate) struct Selection {
    /// `None` is everything.
    kept: Option<Node>,
    plain: bool,
}

/// A tree of JSON keys; a node without children keeps all below it.
#[derive(Default, Debug)]
struct Node {
    whole: bool,
    children: HashMap<&'static str, Node>,
}

impl Selection {
    /// As the parameters of a search say; `@query` stands for the fields that the search looked in.
    pub fn of(parameters: &Parameters, search: &Search) -> Result<Self, Refusal> {
        Self::read(parameters, Some(&searched(search)))
    }

    /// The same where there is no search.
    pub fn without_query(parameters: &Parameters) -> Result<Self, Refusal> {
        Self::read(parameters, None)
    }

    /// What is wrong with it, where the search itself cannot be read.
    pub fn faults(parameters: &Parameters) -> Vec<Fault> {
        Self::read(parameters, Some(&[])).err().map_or_else(Vec::new, |refusal| refusal.faults)
    }

    fn read(parameters: &Parameters, searched: Option<&[&'static Piece]>) -> Result<Self, Refusal> {
        let plain = parameters.get("markupFormat") == Some("legacy");
        let Some(text) = parameters.get_given("fields") else { return Ok(Self { kept: None, plain }) };
        let mut root = Node::default();
        let mut wrong = Vec::new();
        for name in items(text) {
            match pieces_of(name, searched) {
                Some(pieces) => pieces.iter().for_each(|p| root.keep(p.path)),
                None => wrong.push(unknown(name)),
            }
        }
        Refusal::unless_none(wrong)?;
        Ok(Self { kept: Some(root), plain })
    }

    /// A record's JSON on one line.
    pub fn write(&self, record: Arc<[u8]>) -> Result<Vec<u8>, Refusal> {
        // Inside a JSON string a line break is always written as an escape: a bare one is layout.
        let one_line = !record.contains(&b'\n') && !record.contains(&b'\r');
        if self.kept.is_none() && !self.plain && one_line {
            return Ok(record.to_vec());
        }
        let mut value = match &self.kept {
            Some(node) => kept(node, &record).map_err(Refusal::internal)?,
            None => serde_json::from_slice(&record).map_err(Refusal::internal)?,
        };
        if self.plain {
            unmark(&mut value, &mut String::new());
        }
        serde_json::to_vec(&value).map_err(Refusal::internal)
    }
}

impl Node {
    fn keep(&mut self, path: &'static str) {
        let end = path.split('.').fold(self, |node, key| node.children.entry(key).or_default());
        end.whole = true;
    }
}

/// The pieces that a name in `fields` stands for.
fn pieces_of(name: &str, searched: Option<&[&'static Piece]>) -> Option<Vec<&'static Piece>> {
    if name == "@query" {
        return searched.map(<[_]>::to_vec);
    }
    if let Some(area) = area::by_name(name) {
        return Some(area.pieces.iter().map(|p| p.piece).collect());
    }
    let piece = piece::by_name(name).or_else(|| piece::by_path(name))?;
    (!piece.indexed_only).then(|| vec![piece])
}

/// Upstream's words, and what was probably meant.
fn unknown(name: &str) -> Fault {
    let returned = |name: &&str| piece::by_name(name).is_some_and(|p| !p.indexed_only);
    let near = piece::near(name).into_iter().filter(returned).map(str::to_owned).collect();
    Fault {
        near,
        ..Fault::new("fields", format!("Parameter 'fields' contains invalid field name: '{name}'"))
    }
}

/// What of a record is kept; the rest is passed over while reading.
fn kept(node: &Node, record: &[u8]) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(record);
    let value = Kept(node).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value.unwrap_or_else(|| Value::Object(Map::new())))
}

/// Reads what of a value is kept; `None` if nothing is. Parents that would be empty vanish.
#[derive(Clone, Copy)]
struct Kept<'n>(&'n Node);

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Option<Value>, D::Error> {
        if self.0.whole { Value::deserialize(from).map(Some) } else { from.deserialize_any(self) }
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = Option<Value>;

    fn expecting(&self, to: &mut Formatter<'_>) -> fmt::Result {
        to.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Option<Value>, A::Error> {
        let mut out = Map::new();
        while let Some(key) = from.next_key::<String>()? {
            match self.0.children.get(key.as_str()) {
                Some(child) => {
                    if let Some(value) = from.next_value_seed(Kept(child))? {
                        out.insert(key, value);
                    }
                }
                None => _ = from.next_value::<IgnoredAny>()?,
            }
        }
        Ok((!out.is_empty()).then_some(Value::Object(out)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Option<Value>, A::Error> {
        let mut out = Vec::new();
        while let Some(item) = from.next_element_seed(self)? {
            out.extend(item);
        }
        Ok((!out.is_empty()).then_some(Value::Array(out)))
    }

    fn visit_unit<E>(self) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<Value>, E> {
        Ok(None)
    }

    fn visit_str<E>(self, _: &str) -> Result<Option<Value>, E> {
        Ok(None)
    }
}

/// Takes the escapes out of every piece that is markup.
fn unmark(value: &mut Value, path: &mut String) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map.iter_mut() {
                let length = path.len();
                if length > 0 {
                    path.push('.');
                }
                path.push_str(key);
                unmark(inner, path);
                path.truncate(length);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| unmark(item, path)),
        Value::String(text) if piece::by_path(path).is_some_and(|p| matches!(p.kind, Kind::Markup)) => {
            if let Cow::Owned(plain) = markup::unescape(text) {
                *text = plain;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#"{"protocolSection":{"identificationModule":{"nctId":"NCT00000001","briefTitle":"T"},
        "descriptionModule":{"briefSummary":"a \\<b"},
        "contactsLocationsModule":{"locations":[{"city":"Bonn","zip":"1"},{"zip":"2"}]}},"hasResults":false}"#;

    #[track_caller]
    fn check(fields: &str, markup: &str, expected: &str) {
        let parameters = Parameters::default().with("fields", fields).with("markupFormat", markup);
        let selection = Selection::without_query(&parameters).unwrap();
        let out = selection.write(RECORD.as_bytes().into()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected, "{fields}");
    }

    #[test]
    fn keeps_what_is_named() {
        check("HasResults", "", r#"{"hasResults":false}"#);
        let city = r#"{"protocolSection":{"contactsLocationsModule":{"locations":[{"city":"Bonn"}]}}}"#;
        check("LocationCity", "", city);
        check("protocolSection.contactsLocationsModule.locations.city", "", city);
        check(
            "DescriptionModule|NCTId",
            "legacy",
            r#"{"protocolSection":{"identificationModule":{"nctId":"NCT00000001"},"descriptionModule":{"briefSummary":"a <b"}}}"#,
        );
        check("TitleSearch", "", r#"{"protocolSection":{"identificationModule":{"briefTitle":"T"}}}"#);
        check("WhyStopped", "", "{}");
    }

    #[test]
    fn names_every_wrong_name() {
        let parameters = Parameters::default().with("fields", "BreifTitle,NCTId,Nope,@query");
        let Err(refusal) = Selection::without_query(&parameters) else { panic!("three names are wrong") };
        assert!(
            refusal.message().starts_with("Parameter 'fields' contains invalid field name: 'BreifTitle'\n")
        );
        assert!(
            refusal.message().contains("field name: '@query'") && refusal.message().contains("BriefTitle")
        );
        assert!(Selection::without_query(&Parameters::default().with("fields", "")).is_err());
    }
}
