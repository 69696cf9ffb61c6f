//! The XML of one record as a tree that remembers what has been read of it.
//!
//! Whatever nobody read at the end is reported, so no element can be lost in silence. No entity is expanded
//! beyond XML's own five and character references; no document type is followed.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use model::{Issue, IssueKind, Place};
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};

/// Deepest nesting accepted; the registry's own records reach 13.
const DEPTH: usize = 64;

/// An element: a light handle into the tree.
#[derive(Clone, Copy)]
pub(crate) struct Element<'t> {
    tree: &'t Tree<'t>,
    at: usize,
}

impl<'t> Element<'t> {
    /// The tag.
    pub(crate) fn name(self) -> &'t str {
        self.node().name
    }

    /// Its own text, untrimmed, without that of children; counts as read.
    pub(crate) fn raw_text(self) -> &'t str {
        self.node().read.set(true);
        &self.node().text
    }

    /// Its own text, trimmed, `None` if blank; counts as read.
    pub(crate) fn trimmed(self) -> Option<&'t str> {
        Some(self.raw_text().trim()).filter(|t| !t.is_empty())
    }

    /// An attribute, trimmed, `None` if absent or blank; counts as read.
    pub(crate) fn attribute(self, name: &str) -> Option<&'t str> {
        let found = self.node().attributes.iter().find(|a| a.name == name)?;
        found.read.set(true);
        Some(found.value.trim()).filter(|t| !t.is_empty())
    }

    /// The children, in order.
    pub(crate) fn elements(self) -> impl Iterator<Item = Element<'t>> {
        let step = move |at: Option<usize>| at.map(|at| Element { tree: self.tree, at });
        std::iter::successors(step(self.node().first), move |e| step(e.node().next))
    }

    /// The children of this name, in order.
    pub(crate) fn children(self, name: &'t str) -> impl Iterator<Item = Element<'t>> {
        self.elements().filter(move |e| e.name() == name)
    }

    /// The first element at a path of names below this one: `id_info/nct_id`.
    pub(crate) fn at(self, path: &'t str) -> Option<Element<'t>> {
        path.split('/').try_fold(self, |e, name| e.children(name).next())
    }

    /// All elements at a path, whose lists may branch at every step.
    pub(crate) fn all(self, path: &'t str) -> Vec<Element<'t>> {
        path.split('/')
            .fold(vec![self], |found, name| found.into_iter().flat_map(|e| e.children(name)).collect())
    }

    /// The first of several paths that leads to an element with text or children.
    pub(crate) fn any(self, paths: &[&'t str]) -> Option<Element<'t>> {
        paths.iter().find_map(|p| self.at(p).filter(|e| !e.is_blank()))
    }

    /// Whether there is neither text nor a child with text in it.
    pub(crate) fn is_blank(self) -> bool {
        self.node().text.trim().is_empty()
            && self.node().attributes.is_empty()
            && self.elements().all(Element::is_blank)
    }

    /// Counts everything in it as read: for what the record says elsewhere, or what is no part of the study.
    pub(crate) fn pass_over(self) {
        self.node().read.set(true);
        self.node().attributes.iter().for_each(|a| a.read.set(true));
        self.elements().for_each(Element::pass_over);
    }

    /// Takes the reading of the text back, so that it is reported as not converted.
    pub(crate) fn give_back(self) {
        self.node().read.set(false);
    }

    /// Says what was odd here.
    pub(crate) fn report(self, kind: IssueKind, message: String) {
        self.tree.report(kind, message, None, Some(self.path()));
    }

    /// The names from the root to this element.
    pub(crate) fn path(self) -> String {
        let mut names = vec![self.name()];
        let mut at = self.node().parent;
        while let Some(parent) = at {
            names.push(self.tree.nodes[parent].name);
            at = self.tree.nodes[parent].parent;
        }
        names.reverse();
        names.join("/")
    }

    /// Whether the record came in the sponsors' upload form, not in the registry's public one.
    pub(crate) fn is_upload(self) -> bool {
        self.tree.upload
    }

    fn node(self) -> &'t Node<'t> {
        &self.tree.nodes[self.at]
    }
}

/// A parsed record and what was odd about it.
pub(crate) struct Tree<'x> {
    nodes: Vec<Node<'x>>,
    issues: RefCell<Vec<Issue>>,
    place: Place,
    /// Whether it came in the upload form.
    upload: bool,
}

#[derive(Default)]
struct Node<'x> {
    name: &'x str,
    text: String,
    attributes: Vec<Attribute<'x>>,
    read: Cell<bool>,
    parent: Option<usize>,
    first: Option<usize>,
    last: Option<usize>,
    next: Option<usize>,
}

struct Attribute<'x> {
    name: &'x str,
    value: Cow<'x, str>,
    read: Cell<bool>,
}

impl<'x> Tree<'x> {
    /// Reads the XML.
    ///
    /// # Errors
    /// `WrongEncoding`, `Malformed`, `Truncated` or `TooLarge` with the byte, if it is not one whole element.
    pub(crate) fn parse(bytes: &'x [u8], place: &Place) -> Result<Self, Issue> {
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let mut tree =
            Self { nodes: Vec::new(), issues: RefCell::default(), place: place.clone(), upload: false };
        let text = std::str::from_utf8(bytes).map_err(|e| {
            tree.issue(IssueKind::WrongEncoding, "not UTF-8".into(), Some(e.valid_up_to() as u64), None)
        })?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        let mut open: Vec<usize> = Vec::new();
        loop {
            let byte = reader.buffer_position();
            let event =
                reader.read_event().map_err(|e| tree.broken(e.to_string(), reader.error_position(), text))?;
            match event {
                Event::Start(tag) => tree.open(&tag, text, byte, &mut open, true)?,
                Event::Empty(tag) => tree.open(&tag, text, byte, &mut open, false)?,
                Event::End(_) => drop(open.pop()),
                Event::Text(t) => tree.append(&open, &t, byte)?,
                Event::CData(t) => tree.append(&open, &t, byte)?,
                Event::GeneralRef(name) => tree.reference(&open, &name, byte)?,
                Event::Eof => break,
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
            }
        }
        tree.whole(&open, bytes.len() as u64)?;
        tree.upload = tree.root().at("study_id").is_some();
        Ok(tree)
    }

    /// The outermost element.
    pub(crate) fn root(&self) -> Element<'_> {
        Element { tree: self, at: 0 }
    }

    /// Everything that was odd, with one further issue for each path of which something was never read.
    pub(crate) fn into_issues(self) -> Vec<Issue> {
        let mut unread: BTreeMap<String, (usize, String)> = BTreeMap::new();
        for at in 0..self.nodes.len() {
            let element = Element { tree: &self, at };
            let node = element.node();
            let mut note = |path: String, value: &str| {
                unread.entry(path).or_insert_with(|| (0, value.chars().take(60).collect())).0 += 1;
            };
            if !node.read.get() && !node.text.trim().is_empty() {
                note(element.path(), node.text.trim());
            }
            for unread in node.attributes.iter().filter(|a| !a.read.get() && !a.value.trim().is_empty()) {
                note(format!("{}/@{}", element.path(), unread.name), unread.value.trim());
            }
        }
        for (path, (times, first)) in unread {
            let message = format!("has no place in the study record: {times} x, first `{first}`");
            self.report(IssueKind::NotConverted, message, None, Some(path));
        }
        self.issues.into_inner()
    }

    /// An issue of this record; `byte` counts from the record's beginning.
    pub(crate) fn issue(
        &self,
        kind: IssueKind,
        message: String,
        byte: Option<u64>,
        path: Option<String>,
    ) -> Issue {
        let mut place = self.place.clone();
        place.path = path;
        if let Some(byte) = byte {
            place.byte = Some(place.byte.unwrap_or(0) + byte);
        }
        Issue::new(kind, message, place)
    }

    fn report(&self, kind: IssueKind, message: String, byte: Option<u64>, path: Option<String>) {
        self.issues.borrow_mut().push(self.issue(kind, message, byte, path));
    }

    fn open(
        &mut self,
        tag: &BytesStart<'_>,
        text: &'x str,
        byte: u64,
        open: &mut Vec<usize>,
        has_end: bool,
    ) -> Result<(), Issue> {
        if open.len() >= DEPTH {
            let message = format!("nested deeper than {DEPTH} elements");
            return Err(self.issue(IssueKind::TooLarge, message, Some(byte), None));
        }
        if open.is_empty() && !self.nodes.is_empty() {
            return Err(self.issue(IssueKind::Malformed, "a second root element".into(), Some(byte), None));
        }
        let at = self.nodes.len();
        let name = slice_of(text, tag.name().as_ref()).unwrap_or("?");
        let attributes = self.attributes(tag, text, byte);
        let parent = open.last().copied();
        self.nodes.push(Node { name, attributes, parent, ..Node::default() });
        if let Some(parent) = parent {
            match self.nodes[parent].last.replace(at) {
                Some(before) => self.nodes[before].next = Some(at),
                None => self.nodes[parent].first = Some(at),
            }
        }
        if has_end {
            open.push(at);
        }
        Ok(())
    }

    fn attributes(&self, tag: &BytesStart<'_>, text: &'x str, byte: u64) -> Vec<Attribute<'x>> {
        let mut out = Vec::new();
        for attribute in tag.attributes() {
            match attribute {
                Ok(a) => {
                    let value: &str = &a.value;
                    out.push(Attribute {
                        name: slice_of(text, a.key.as_ref()).unwrap_or("?"),
                        value: match quick_xml::escape::unescape(value) {
                            Ok(plain) => plain.into_owned().into(),
                            Err(_) => value.to_owned().into(),
                        },
                        read: Cell::new(false),
                    });
                }
                Err(e) => self.report(IssueKind::Malformed, e.to_string(), Some(byte), None),
            }
        }
        out
    }

    fn append(&mut self, open: &[usize], text: &str, byte: u64) -> Result<(), Issue> {
        match open.last() {
            Some(&at) => self.nodes[at].text.push_str(text),
            None if text.trim().is_empty() => {}
            None => {
                return Err(self.issue(
                    IssueKind::Malformed,
                    "text outside the root".into(),
                    Some(byte),
                    None,
                ));
            }
        }
        Ok(())
    }

    fn reference(&mut self, open: &[usize], name: &str, byte: u64) -> Result<(), Issue> {
        let written = format!("&{name};");
        match quick_xml::escape::unescape(&written) {
            Ok(plain) => self.append(open, &plain, byte),
            Err(_) => {
                let message = format!("unknown entity `{written}`, kept as written");
                self.report(IssueKind::BadValue, message, Some(byte), None);
                self.append(open, &written, byte)
            }
        }
    }

    /// A fault of the XML: cut off if what it stumbled over never ends, broken otherwise.
    fn broken(&self, message: String, byte: u64, text: &str) -> Issue {
        let rest = usize::try_from(byte).ok().and_then(|b| text.as_bytes().get(b..)).unwrap_or_default();
        let kind = if rest.contains(&b'>') { IssueKind::Malformed } else { IssueKind::Truncated };
        self.issue(kind, message, Some(byte), None)
    }

    fn whole(&self, open: &[usize], length: u64) -> Result<(), Issue> {
        if let Some(&at) = open.last() {
            let message = format!("ends inside `{}`", self.nodes[at].name);
            let path = Element { tree: self, at }.path();
            return Err(self.issue(IssueKind::Truncated, message, Some(length), Some(path)));
        }
        if self.nodes.is_empty() {
            return Err(self.issue(IssueKind::UnknownFormat, "no XML element".into(), Some(length), None));
        }
        Ok(())
    }
}

/// The same text with the lifetime of the input it was cut from.
fn slice_of<'x>(text: &'x str, part: &str) -> Option<&'x str> {
    let from = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    text.get(from..from + part.len())
}
