//! Criteria in the formats of others: FHIR R4 `Group`, FHIR R5 `EvidenceVariable`, OHDSI Circe.
//!
//! No format can say all that criteria say. Each export is a document and the list of what it does not say, or says
//! in words only: every part of the criteria is in the document or on the list, or on both.

pub mod circe;
pub mod evidence_variable;
mod fhir;
pub mod fhir_group;

use std::fmt;

use serde_json::{Value, json};

use crate::english;
use crate::names::Names;
use crate::tree::{Cmp, Has, Item, Node, Number, Op, Section};

/// A document in another format, and what it could not express.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The document.
    pub document: Value,
    /// What it does not say, in the order of the criteria.
    pub not_expressed: Vec<NotExpressed>,
}

impl Export {
    /// A FHIR resource that says itself what it does not say: an extension for each.
    pub fn with_extensions(&self) -> Value {
        let part = |url: &str, text: &str| json!({"url": url, "valueString": text});
        let gap = |gap: &NotExpressed| {
            let item = gap.item.map(|(section, number)| part("item", &format!("{section} {number}")));
            let said = [part("text", &gap.text), part("why", &gap.why)].into_iter();
            json!({"url": NOT_EXPRESSED, "extension": item.into_iter().chain(said).collect::<Vec<_>>()})
        };
        let mut document = self.document.clone();
        if !self.not_expressed.is_empty() {
            document["extension"] = self.not_expressed.iter().map(gap).collect();
        }
        document
    }
}

/// The name of the extension of [`Export::with_extensions`].
const NOT_EXPRESSED: &str = "urn:trialist:not-expressed";

impl fmt::Display for NotExpressed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((section, number)) = self.item {
            write!(f, "{section} {number}: ")?;
        }
        write!(f, "{}: {}", self.text, self.why)
    }
}

/// Something that the other format cannot say, or not fully.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotExpressed {
    /// The item it belongs to; `None` for what is true of the whole document.
    pub item: Option<(Section, Number)>,
    /// What it is, in English.
    pub text: String,
    /// Why, and what stands in the document instead.
    pub why: String,
}

/// What a document is called.
#[derive(Clone, Copy, Debug, Default)]
pub struct About<'a> {
    /// The id of the study.
    pub id: &'a str,
    /// Its title.
    pub title: &'a str,
}

/// Collects what cannot be expressed.
struct Gaps<'n> {
    names: &'n dyn Names,
    item: Option<(Section, Number)>,
    found: Vec<NotExpressed>,
}

impl<'n> Gaps<'n> {
    fn new(names: &'n dyn Names) -> Self {
        Self { names, item: None, found: Vec::new() }
    }

    /// From here on, what is found belongs to this item.
    fn enter(&mut self, item: &Item) {
        self.item = Some((item.section, item.number));
    }

    /// An item without a tree.
    fn no_tree(&mut self) {
        self.say("no criteria".to_owned(), "the text has no criteria that were found");
    }

    fn node(&mut self, node: &Node, why: impl Into<String>) {
        self.say(self.english(node), why);
    }

    fn say(&mut self, text: String, why: impl Into<String>) {
        self.found.push(NotExpressed { item: self.item, text, why: why.into() });
    }

    fn english(&self, node: &Node) -> String {
        english::plain(node, self.names)
    }

    fn name(&self, id: &str) -> String {
        self.names.name(id).unwrap_or_else(|| id.to_owned())
    }
}

/// Why no program can decide this leaf, if that is so.
fn for_people(op: &Op) -> Option<&'static str> {
    match op {
        Op::Human { .. } => Some("it is for a person to decide"),
        Op::Ambiguous(_) => Some("the text has several readings"),
        Op::True { .. } => Some("it restricts nothing"),
        Op::Guideline { .. } => Some("the criteria of the guideline are not in the text"),
        Op::Washout { .. } => Some("it is not a criterion but a way to become eligible again"),
        _ => None,
    }
}

/// The definition that decides a fact, unless it is a guideline.
fn definition(has: &Has) -> Option<&Node> {
    has.defined_by.as_deref().filter(|node| !matches!(node.op, Op::Guideline { .. }))
}

/// What is said of a fact besides what and when.
fn refinements(has: &Has) -> Vec<&'static str> {
    let said = [
        (has.severity.is_some(), "severity"),
        (has.control.is_some(), "control"),
        (has.course.is_some(), "course"),
        (has.certainty.is_some(), "certainty"),
        (has.significance.is_some(), "significance"),
        (has.evidence.is_some(), "how it is shown"),
        (has.form.is_some(), "form"),
        (has.site.is_some(), "site"),
        (has.defined_by.is_some(), "definition"),
        (has.relax.is_some(), "the way to become eligible again"),
    ];
    said.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect()
}

/// What is said of a value besides its bounds and method.
fn conditions(cmp: &Cmp) -> Vec<&'static str> {
    let said = [
        (cmp.site.is_some(), "site"),
        (cmp.state.is_some(), "state"),
        (cmp.stable_for.is_some(), "for how long it is stable"),
        (cmp.when.is_some(), "when it is measured"),
        (cmp.repair.is_some(), "the doubt about its unit"),
    ];
    said.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect()
}
