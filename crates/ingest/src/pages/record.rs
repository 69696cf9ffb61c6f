//! The canonical record while a page is read: values with the characters they came from, remarks, page facts.

use std::collections::BTreeMap;

use model::{Age, Issue, IssueKind, Kind, NctId, PartialDate, Piece, Place, piece};
use serde_json::{Map, Value, json};

use super::terms;
use crate::Converted;

/// Bytes `start..end` of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }
}

/// What has been read of a page so far. Paths are those of the record below `protocolSection`.
pub(super) struct Record<'t> {
    pub page: &'t str,
    pub study: Value,
    pub facts: Map<String, Value>,
    place: Place,
    offsets: Vec<(String, Span)>,
    issues: Vec<Issue>,
}

impl<'t> Record<'t> {
    pub fn new(page: &'t str, place: Place) -> Self {
        Self {
            page,
            place,
            study: Value::Object(Map::new()),
            facts: Map::new(),
            offsets: Vec::new(),
            issues: Vec::new(),
        }
    }

    /// Puts printed text at a path as the path's piece wants it: enumerations by their label, dates and ages in the
    /// registry's form, markup escaped. What its field cannot hold is reported and left out.
    pub fn put(&mut self, path: &str, printed: &str, span: Span) {
        let printed = printed.trim();
        if printed.is_empty() {
            return;
        }
        match canonical(piece_of(path), printed) {
            Some(value) => self.put_value(path, value, span),
            None => {
                let what = format!("`{}` is no value of this field", shortened(printed));
                self.note(IssueKind::BadValue, what, path, span.start);
            }
        }
    }

    /// Puts a ready value at a path.
    pub fn put_value(&mut self, path: &str, value: impl Into<Value>, span: Span) {
        let path = format!("protocolSection.{path}");
        *slot(&mut self.study, &path) = value.into();
        self.offsets.push((path, span));
    }

    /// Remembers where a value was read that is in the record already; `path` is a whole one.
    pub fn locate(&mut self, path: String, span: Span) {
        self.offsets.push((path, span));
    }

    /// The value at a path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        at(&self.study, &format!("protocolSection.{path}"))
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// A fact about the page itself.
    pub fn fact(&mut self, key: &str, value: impl Into<Value>) {
        self.facts.insert(key.to_owned(), value.into());
    }

    /// Adds a row to a list of page facts.
    pub fn fact_row(&mut self, key: &str, row: Value) {
        if let Value::Array(rows) = self.facts.entry(key).or_insert_with(|| Value::Array(Vec::new())) {
            rows.push(row);
        }
    }

    /// Reports something odd at a byte of the page; `element` is a path of the record or a part of the page.
    pub fn note(&mut self, kind: IssueKind, message: impl Into<String>, element: &str, byte: usize) {
        let mut place = self.place.clone();
        place.byte = Some(place.byte.unwrap_or(0).saturating_add(byte as u64));
        place.path = (!element.is_empty()).then(|| element.to_owned());
        self.issues.push(Issue::new(kind, message, place));
    }

    /// The finished record; fails without an NCT id.
    pub fn finish(mut self) -> Result<Converted, Issue> {
        // Only the whole spelling: the beginning of an id, on a page that was cut, is another study's.
        let id = self.text("identificationModule.nctId").and_then(NctId::canonical);
        let Some(id) = id else {
            return Err(Issue::new(IssueKind::NoId, "no NCT id can be read on this page", self.place));
        };
        let offsets = offsets(self.page, &self.offsets, &self.study);
        self.fact("offsets", offsets);
        Ok(Converted {
            id: id.into(),
            study: self.study,
            page: Some(Value::Object(self.facts)),
            issues: self.issues,
        })
    }
}

/// The first characters of a text, for a message.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The piece at a path below `protocolSection`, list places left out.
fn piece_of(path: &str) -> Option<&'static Piece> {
    let names: Vec<&str> = path.split('.').map(|s| s.split('[').next().unwrap_or(s)).collect();
    piece::by_path(&format!("protocolSection.{}", names.join(".")))
}

fn canonical(piece: Option<&Piece>, printed: &str) -> Option<Value> {
    Some(match piece.map_or(Kind::Text, |p| p.kind) {
        Kind::Enum(values) => terms::value(values, printed)?.into(),
        Kind::Date => printed.parse::<PartialDate>().ok()?.to_string().into(),
        Kind::Time => printed.parse::<Age>().ok()?.to_string().into(),
        Kind::Integer => terms::count(printed)?.into(),
        Kind::Markup => escaped(printed).into(),
        _ => printed.into(),
    })
}

/// The text with the characters escaped that the registry escapes in its markup.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '<' | '>' | '[' | ']' | '*' | '_' | '~' | '^' | '&' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The steps of a path such as `a.b[2].c`: a key, then places in lists.
fn steps(path: &str) -> impl Iterator<Item = (&str, Vec<usize>)> {
    path.split('.').map(|step| {
        let mut parts = step.split('[');
        let key = parts.next().unwrap_or(step);
        (key, parts.filter_map(|p| p.strip_suffix(']')?.parse().ok()).collect())
    })
}

/// The place of a path in a value, made on the way.
fn slot<'v>(value: &'v mut Value, path: &str) -> &'v mut Value {
    let mut here = value;
    for (key, places) in steps(path) {
        here = member(here, key);
        for place in places {
            here = element(here, place);
        }
    }
    here
}

fn member<'v>(value: &'v mut Value, key: &str) -> &'v mut Value {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    &mut value[key]
}

fn element(value: &mut Value, place: usize) -> &mut Value {
    if !value.is_array() {
        *value = Value::Array(Vec::new());
    }
    if let Value::Array(items) = &mut *value
        && items.len() <= place
    {
        items.resize(place + 1, Value::Null);
    }
    &mut value[place]
}

/// The value at a whole path.
fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    steps(path).try_fold(value, |here, (key, places)| {
        places.into_iter().try_fold(here.get(key)?, |list, place| list.get(place))
    })
}

/// `{path: [start, end)}` in characters, in page order of reading; paths that were overwritten stand once.
fn offsets(page: &str, spans: &[(String, Span)], study: &Value) -> Value {
    let mut chars: BTreeMap<usize, usize> =
        spans.iter().flat_map(|(_, s)| [(s.start, 0), (s.end, 0)]).collect();
    let (mut byte, mut count) = (0, 0);
    for (wanted, place) in &mut chars {
        count += page.get(byte..*wanted).map_or(0, |t| t.chars().count());
        byte = *wanted;
        *place = count;
    }
    let mut out = Map::new();
    for (path, span) in spans.iter().filter(|(path, _)| at(study, path).is_some()) {
        out.insert(path.clone(), json!([chars[&span.start], chars[&span.end]]));
    }
    Value::Object(out)
}
