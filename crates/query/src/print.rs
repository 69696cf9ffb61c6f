//! A typed query as text that reads back as the same query.

use std::fmt::{self, Display, Formatter};

use crate::{
    token::{KEYWORDS, SPECIAL},
    typed::{Bound, Coverage, Distance, Expansion, Expr, Node},
};

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.expr.fmt(f)
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(parts) => join(f, parts, " OR ", Level::And),
            Self::And(parts) => join(f, parts, " AND ", Level::List),
            Self::List(parts) => join(f, parts, ", ", Level::Unary),
            Self::Not(inner) => operand(f.write_str("NOT "), f, inner),
            Self::Area(name, inner) => operand(write!(f, "AREA[{}]", name.text), f, inner),
            Self::Search(name, inner) => operand(write!(f, "SEARCH[{}]", name.text), f, inner),
            Self::Tilt(name, inner) => operand(write!(f, "TILT[{}]", name.text), f, inner),
            Self::Coverage(coverage, inner) => operand(write!(f, "COVERAGE[{coverage}]"), f, inner),
            Self::Expansion(expansion, inner) => operand(write!(f, "EXPANSION[{expansion}]"), f, inner),
            Self::Term(words) => f.write_str(&escaped_words(words)),
            Self::Phrase(text) => f.write_str(&quoted(text)),
            Self::Range(lo, hi) => write!(f, "RANGE[{lo}, {hi}]"),
            Self::Distance(distance) => distance.fmt(f),
            Self::Missing => f.write_str("MISSING"),
            Self::All => f.write_str("ALL"),
        }
    }
}

/// How tightly an expression binds, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    List,
    Unary,
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Or(_) => Level::Or,
        Expr::And(_) => Level::And,
        Expr::List(_) => Level::List,
        _ => Level::Unary,
    }
}

/// Writes a part, in parentheses if it binds less tightly than its place asks for.
fn part(f: &mut Formatter<'_>, node: &Node, least: Level) -> fmt::Result {
    if level(&node.expr) < least { write!(f, "({node})") } else { node.fmt(f) }
}

fn join(f: &mut Formatter<'_>, parts: &[Node], between: &str, least: Level) -> fmt::Result {
    for (i, node) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        part(f, node, least)?;
    }
    Ok(())
}

fn operand(head: fmt::Result, f: &mut Formatter<'_>, inner: &Node) -> fmt::Result {
    head?;
    part(f, inner, Level::Unary)
}

/// Any text as a query of plain words: nothing in it is an operator, a comma or a parenthesis.
///
/// ```
/// let text = query::as_words("pain (left arm), AND nausea");
/// assert_eq!(text, r"pain \(left arm\)\, \AND nausea");
/// assert_eq!(query::parse(&text).unwrap().expr, query::typed::Expr::Term("pain (left arm), AND nausea".into()));
/// ```
pub fn as_words(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(escaped_word).collect();
    words.join(" ")
}

/// Words as they must be typed to be words.
pub(crate) fn escaped_words(text: &str) -> String {
    let words: Vec<String> = text.split(' ').map(escaped_word).collect();
    words.join(" ")
}

fn escaped_word(word: &str) -> String {
    if KEYWORDS.contains(&word) {
        return format!("\\{word}");
    }
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        if c == '\\' || SPECIAL.contains(&c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A phrase in quotes.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Display for Bound {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Min => f.write_str("MIN"),
            Self::Max => f.write_str("MAX"),
            Self::Value(name) if is_plain_bound(&name.text) => f.write_str(&name.text),
            Self::Value(name) => f.write_str(&quoted(&name.text)),
        }
    }
}

fn is_plain_bound(text: &str) -> bool {
    let special = text.is_empty() || text == "MIN" || text == "MAX" || text.starts_with('"');
    !special && text.trim() == text && !text.contains([',', ']'])
}

impl Display for Distance {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let unit = if self.miles { "mi" } else { "km" };
        write!(f, "DISTANCE[{},{},{}{unit}]", self.lat, self.lon, self.radius)
    }
}

impl Coverage {
    /// Every value and its name.
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("Contains", Self::Contains),
        ("FullMatch", Self::FullMatch),
        ("StartsWith", Self::StartsWith),
        ("EndsWith", Self::EndsWith),
    ];
}

impl Expansion {
    /// Every value and its name.
    pub(crate) const NAMES: [(&'static str, Self); 5] = [
        ("None", Self::None),
        ("Term", Self::Term),
        ("Concept", Self::Concept),
        ("Relaxation", Self::Relaxation),
        ("Lossy", Self::Lossy),
    ];
}

impl Display for Coverage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl Display for Expansion {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
