//! Checks of criteria: what an author of a study would want to know before others read them.
//!
//! Each check is one file with a clean and a flagged case. A check that is not sure says nothing.

mod ambiguous_scope;
mod boundary_hole;
mod contradiction;
mod duplicate;
mod empty_range;
#[cfg(test)]
mod example;
mod field_against_text;
mod implausible_unit;
mod lost_comparator;
mod missing_unit;
pub mod report;
mod undefined_acronym;
mod unstated_window;

use std::fmt;

use crate::{
    catalogue::{Builtin, Catalogue},
    stated::Stated,
    tree::{Criteria, Node, Span},
};

/// Something an author would want to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check that found it (`empty_range`).
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Its item's place in the list; `None` for a field of the record.
    pub item: Option<usize>,
    /// Its bytes in the raw text; `None` for a field of the record.
    pub span: Option<Span>,
    /// The bytes of what it disagrees with.
    pub other: Option<Span>,
    /// The words in question.
    pub quote: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Why it matters.
    pub explanation: &'static str,
    /// What to do about it.
    pub remedy: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Cannot be as it is written.
    Error,
    /// Is probably not what was meant.
    Warning,
    /// Can be read in more than one way, or could be said better.
    Note,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        })
    }
}

/// What is checked, and what is known beside it.
#[derive(Clone, Copy)]
pub struct Input<'i> {
    /// The criteria as read.
    pub criteria: &'i Criteria,
    /// The fields of the record.
    pub stated: &'i Stated,
    /// Other text of the record, where abbreviations may be explained; may be empty.
    pub elsewhere: &'i str,
    /// What is known of variables.
    pub catalogue: &'i dyn Catalogue,
}

/// A check.
pub struct Check {
    /// Its id.
    pub id: &'static str,
    /// Why what it finds matters.
    pub explanation: &'static str,
    run: fn(&Input<'_>, &mut Report<'_>),
}

/// All checks.
pub const CHECKS: &[Check] = &[
    empty_range::CHECK,
    contradiction::CHECK,
    field_against_text::CHECK,
    boundary_hole::CHECK,
    duplicate::CHECK,
    implausible_unit::CHECK,
    missing_unit::CHECK,
    unstated_window::CHECK,
    lost_comparator::CHECK,
    ambiguous_scope::CHECK,
    undefined_acronym::CHECK,
];

/// What all checks find, in the order of the text; findings on fields come first.
pub fn run(criteria: &Criteria, stated: &Stated) -> Vec<Finding> {
    run_with(&Input { criteria, stated, elsewhere: "", catalogue: &Builtin })
}

/// The same with more knowledge.
pub fn run_with(input: &Input<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for check in CHECKS {
        (check.run)(input, &mut Report { check, input: *input, out: &mut out });
    }
    out.sort_by_key(|f| (f.span.map(|s| s.start), f.severity));
    out
}

/// Where a check writes what it finds.
struct Report<'r> {
    check: &'r Check,
    input: Input<'r>,
    out: &'r mut Vec<Finding>,
}

/// Words of an item.
#[derive(Clone, Copy)]
struct Place {
    item: usize,
    span: Span,
}

impl Report<'_> {
    /// Adds a finding; more can be said of it.
    fn add(&mut self, severity: Severity, at: Option<Place>, message: String) -> &mut Finding {
        let quote = at.map(|place| self.input.quote(place)).unwrap_or_default();
        let at = at.filter(|place| place.span.end > place.span.start);
        self.out.push(Finding {
            check: self.check.id,
            severity,
            item: at.map(|p| p.item),
            span: at.map(|p| p.span),
            other: None,
            quote,
            message,
            explanation: self.check.explanation,
            remedy: String::new(),
        });
        self.out.last_mut().expect("one was just pushed")
    }
}

impl Finding {
    fn remedy(&mut self, remedy: impl Into<String>) -> &mut Self {
        self.remedy = remedy.into();
        self
    }

    fn other(&mut self, place: Option<Place>) -> &mut Self {
        self.other = place.map(|p| p.span).filter(|span| span.end > span.start);
        self
    }
}

impl<'i> Input<'i> {
    /// The words a node was read from; the whole item where a node has no place of its own.
    fn node(&self, item: usize, node: &Node) -> Place {
        let whole = self.whole(item);
        let inside = node.span.start >= whole.span.start
            && node.span.end <= whole.span.end
            && node.span.start < node.span.end;
        if inside { Place { span: node.span, ..whole } } else { whole }
    }

    /// An item.
    fn whole(&self, item: usize) -> Place {
        let span = self.criteria.items.get(item).map(|i| i.span).unwrap_or_default();
        Place { item, span }
    }

    /// Words of an item's source; the whole item if they are not there.
    fn words(&self, item: usize, words: &str) -> Place {
        let whole = self.whole(item);
        let source = self.criteria.items.get(item).map_or("", |i| i.source.as_str());
        match source.find(words) {
            Some(at) if !words.is_empty() => self.part(item, at, at + words.len()),
            _ => whole,
        }
    }

    /// Bytes of an item's source.
    fn part(&self, item: usize, start: usize, end: usize) -> Place {
        let whole = self.whole(item).span;
        let at = |byte: usize| whole.start.saturating_add(u32::try_from(byte).unwrap_or(u32::MAX));
        Place { item, span: Span { start: at(start), end: at(end).min(whole.end) } }
    }

    /// The words at a place.
    fn quote(&self, place: Place) -> String {
        let Some(item) = self.criteria.items.get(place.item) else { return String::new() };
        let inside = |byte: u32| byte.saturating_sub(item.span.start);
        let span = Span { start: inside(place.span.start), end: inside(place.span.end) };
        let words = span.of(&item.source);
        if words.is_empty() { item.source.clone() } else { words.to_owned() }
    }

    /// Findings from a flag of the reader.
    fn flags(&self, code: &str) -> Vec<(Place, &'i crate::tree::Flag)> {
        let items = self.criteria.items.iter().enumerate();
        let flags = items.flat_map(|(n, item)| item.flags.iter().map(move |flag| (n, flag)));
        flags.filter(|(_, flag)| flag.code == code).map(|(n, f)| (self.words(n, &f.text), f)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_has_its_own_id() {
        let ids: std::collections::BTreeSet<_> = CHECKS.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), CHECKS.len());
    }
}
