//! Canonical English: a tree as sentences for a clinician, and back.
//!
//! What [`print`] writes, [`parse`] reads to the same tree; `docs/criteria-language.md` has the grammar with examples
//! and `spec/criteria/english.md` a page of pairs. Everything is said: the words of the criterion stand in quotes
//! where they cannot be told from the name, an id without a usable name stands in backticks. [`plain`] leaves both
//! out and is for reading only.

mod cursor;
mod facts;
mod parse;
mod print;
mod qualifiers;
mod words;

use std::fmt;

use crate::names::{Names, PlainNames};
use crate::tree::{Item, Node, Polarity};

pub use cursor::ParseError;
pub use parse::MAX_DEPTH;

/// A tree in canonical English, with names made from the ids.
///
/// ```
/// use eligibility::english;
/// let node = english::parse("hba1c <= 13 % and no pregnancy").unwrap();
/// assert_eq!(english::print(&node), "hba1c at most 13 % and no pregnancy");
/// assert_eq!(english::parse(&english::print(&node)).unwrap(), node);
/// ```
pub fn print(node: &Node) -> String {
    print_with(node, &PlainNames)
}

/// A tree in canonical English, with the names of a table.
pub fn print_with(node: &Node, names: &dyn Names) -> String {
    print::Printer { names, exact: true }.node(node)
}

/// A tree in English for reading only: names always, without the criterion's own words where there is a name.
pub fn plain(node: &Node, names: &dyn Names) -> String {
    print::Printer { names, exact: false }.node(node)
}

/// An item in canonical English: `Must: ...` or `Must not: ...`.
pub fn print_item(item: &Item) -> String {
    print_item_with(item, &PlainNames)
}

/// An item in canonical English, with the names of a table.
pub fn print_item_with(item: &Item, names: &dyn Names) -> String {
    match (&item.expr, item.polarity) {
        (Some(expr), Some(Polarity::Forbid)) => format!("Must not: {}", print_with(expr, names)),
        (Some(expr), _) => format!("Must: {}", print_with(expr, names)),
        (None, _) => "No criteria".to_owned(),
    }
}

/// An item in English for reading only, as [`plain`] writes it: `Must: ...` or `Must not: ...`.
pub fn plain_item(item: &Item, names: &dyn Names) -> String {
    match (&item.expr, item.polarity) {
        (Some(expr), Some(Polarity::Forbid)) => format!("Must not: {}", plain(expr, names)),
        (Some(expr), _) => format!("Must: {}", plain(expr, names)),
        (None, _) => "No criteria".to_owned(),
    }
}

/// Reads a tree; nodes have the place in `text` that they were read from.
///
/// # Errors
/// [`ParseError`]: the first place that cannot be read, and what was expected there.
pub fn parse(text: &str) -> Result<Node, ParseError> {
    parse_with(text, &PlainNames)
}

/// Reads a tree, with the names of a table.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(text: &str, names: &dyn Names) -> Result<Node, ParseError> {
    parse::Parser::new(text, names).whole()
}

/// Reads what [`print_item`] writes; without `Must` or `Must not`, the tree is required.
///
/// # Errors
/// As [`parse`].
pub fn parse_item(text: &str, names: &dyn Names) -> Result<(Polarity, Node), ParseError> {
    let mut parser = parse::Parser::new(text, names);
    let polarity = parser.polarity();
    Ok((polarity, parser.whole()?))
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print(self))
    }
}
