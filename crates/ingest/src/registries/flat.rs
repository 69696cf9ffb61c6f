//! Records of the WHO's platform: names and texts, as XML elements or as a row under a header.

use std::{cell::Cell, collections::BTreeMap};

use encoding_rs::WINDOWS_1252;
use model::{Issue, IssueKind, Place};

use crate::{Raw, legacy_xml::tree::Tree};

/// A record as names and texts.
pub(super) struct Flat {
    entries: Vec<Entry>,
    /// What was odd in reading it.
    pub issues: Vec<Issue>,
}

struct Entry {
    path: String,
    key: String,
    text: String,
    read: Cell<bool>,
}

impl Flat {
    fn new() -> Self {
        Self { entries: Vec::new(), issues: Vec::new() }
    }

    fn add(&mut self, path: String, name: &str, text: &str) {
        let text = text.trim().to_owned();
        self.entries.push(Entry { path, key: key(name), text, read: Cell::new(false) });
    }

    /// The first text under one of these names, with the path where it stands; counts as read.
    pub fn get(&self, names: &[&str]) -> Option<(String, String)> {
        let mut found = None;
        for name in names {
            for entry in self.entries.iter().filter(|e| e.key == *name && !e.text.is_empty()) {
                let first = found.get_or_insert_with(|| (entry.path.clone(), entry.text.clone()));
                // A second text that says the same is read too.
                if first.1 == entry.text {
                    entry.read.set(true);
                }
            }
        }
        found
    }

    /// The text alone.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        Some(self.get(names)?.1)
    }

    /// What nobody read.
    pub fn unread(&self) -> BTreeMap<String, (usize, String)> {
        let mut out = BTreeMap::new();
        for entry in self.entries.iter().filter(|e| !e.read.get() && !super::draft::is_none_word(&e.text)) {
            let first = || (0, entry.text.chars().take(60).collect());
            out.entry(entry.path.clone()).or_insert_with(first).0 += 1;
        }
        out
    }
}

/// A name as it is compared: XML and CSV differ in case, underscores and plural.
fn key(name: &str) -> String {
    let plain = name.chars().filter(char::is_ascii_alphanumeric);
    let key: String = plain.map(|c| c.to_ascii_lowercase()).collect();
    match key.strip_suffix('s') {
        Some(stem)
            if !["countrie", "sourceregister", "recruitmentstatu", "webaddres", "ethicsstatu", "addres"]
                .contains(&stem)
                && !key.ends_with("ss")
                && !key.ends_with("status") =>
        {
            stem.to_owned()
        }
        _ => key,
    }
}

/// Whether a line is the header of such a table: it names the trial's id and its titles.
pub(crate) fn is_header(line: &str) -> Option<u8> {
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|d| line.bytes().filter(|b| b == d).count())?;
    let names: Vec<String> =
        line.split(char::from(delimiter)).map(|name| key(name.trim().trim_matches('"'))).collect();
    let has = |name: &str| names.iter().any(|n| n == name);
    (has("trialid") && (has("publictitle") || has("scientifictitle"))).then_some(delimiter)
}

/// A `Trial` element. If it is not well-formed, as where a `<` of a text was not escaped, its fields are cut out one
/// by one, and that is told.
pub(super) fn element(raw: &Raw) -> Result<Flat, Issue> {
    let mut flat = Flat::new();
    match Tree::parse(&raw.bytes, &raw.place) {
        Ok(tree) => {
            for child in tree.root().elements() {
                flat.add(child.path(), child.name(), child.raw_text());
                for inner in child.elements() {
                    flat.add(inner.path(), inner.name(), inner.raw_text());
                }
            }
            Ok(flat)
        }
        Err(issue) if issue.kind == IssueKind::Malformed => {
            let Ok(text) = std::str::from_utf8(&raw.bytes) else { return Err(issue) };
            if !cut(text, &mut flat) {
                return Err(issue);
            }
            let message = format!("not well-formed XML ({}); its fields were read one by one", issue.message);
            flat.issues.push(Issue::new(IssueKind::SourceFault, message, issue.place));
            Ok(flat)
        }
        Err(issue) => Err(issue),
    }
}

/// Cuts `<Name>text</Name>` after `<Name>text</Name>` out of the element; false if there is none.
fn cut(text: &str, flat: &mut Flat) -> bool {
    let inner = text.find('>').and_then(|at| text.get(at + 1..)).unwrap_or_default();
    let mut rest = inner;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: &str = &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(0)];
        let close = format!("</{name}>");
        let Some(body) = rest[name.len()..].strip_prefix('>').filter(|_| !name.is_empty()) else { continue };
        let Some(end) = body.find(&close) else { continue };
        let plain = body[..end].replace("<![CDATA[", "").replace("]]>", "");
        flat.add(format!("Trial/{name}"), name, &plain);
        rest = &body[end + close.len()..];
    }
    !flat.entries.is_empty()
}

/// A row under its header: the record's bytes are both lines. Bytes that are not UTF-8 are read as Windows-1252, which
/// spreadsheets write, and that is told.
pub(super) fn row(raw: &Raw) -> Result<Flat, Issue> {
    let mut flat = Flat::new();
    let text = match std::str::from_utf8(&raw.bytes) {
        Ok(text) => std::borrow::Cow::Borrowed(text),
        Err(_) => {
            let message = "the row is not UTF-8; it was read as Windows-1252";
            flat.issues.push(Issue::new(IssueKind::SourceFault, message, raw.place.clone()));
            WINDOWS_1252.decode_without_bom_handling(&raw.bytes).0
        }
    };
    let header = text.lines().next().unwrap_or_default();
    let delimiter = is_header(header).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).flexible(true).from_reader(text.as_bytes());
    let broken = |e: csv::Error| Issue::new(IssueKind::Malformed, e.to_string(), raw.place.clone());
    let names = reader.headers().map_err(broken)?.clone();
    let Some(row) = reader.records().next().transpose().map_err(broken)? else {
        return Err(Issue::new(IssueKind::Malformed, "there is no row below the header", raw.place.clone()));
    };
    if row.len() != names.len() {
        let message = format!("{} values under {} columns: the row is cut or broken", row.len(), names.len());
        return Err(Issue::new(IssueKind::Malformed, message, raw.place.clone()));
    }
    for (name, text) in names.iter().zip(&row) {
        flat.add(name.trim().to_owned(), name, text);
    }
    Ok(flat)
}

/// The place of a field.
pub(super) fn place(raw: &Raw, path: &str) -> Place {
    Place { path: Some(path.to_owned()), ..raw.place.clone() }
}
