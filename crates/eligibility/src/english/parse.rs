//! Canonical English to tree.
//!
//! ```text
//! node    := list | part ("and" part)+ | part ("or" part)+ | part
//! list    := head ":" ("()" | part (";" part)*)
//! head    := "all of these" | "any of these" | "at least" count "of" count | "one of these readings"
//! part    := ("no" | "not") part | "(" node ")" | leaf
//! leaf    := human | true | abnormal | exposure | order | guideline | washout
//!          | compared | coded | change | fact
//!
//! compared:= name bounds [unit] {"," qualifier} | number [unit] sign name [sign number] [unit]
//! bounds  := "of any value" | "exactly" number | ["above" | "more than"] number "to" ["below"] number
//!          | ("at least" | "above" | "more than" | "at most" | "below" | "less than" | sign) number
//! sign    := "<" | "<=" | "≤" | ">" | ">=" | "≥" | "="
//! coded   := name "is" (code | "one of" "(" code {"," code} ")") ["in" words] [quoted] ["," "measured" window]
//! change  := name ["absolute" | "percent"] ("decrease" | "increase") "of" bounds [unit] "since" start
//! start   := "baseline" | "the start of exposure" | quoted
//! fact    := [time] [kind] name [quoted] [window] {"," qualifier}
//! time    := "current" | "history of" | "planned"
//! kind    := "condition of" | "finding of" | "status of" | "event of" | "procedure of" | "use of any" | "use of"
//!          | "treatment with" | "allergy to" | "need of"
//! window  := ["in the" number unit | "in less than" number unit] relation [["at"] anchor]
//! relation:= "before" | "during" | "after" | "current" | "ever" | "future"
//! anchor  := "screening" | "enrollment" | "the study"
//! human   := "for a person" "(" reason ")" ":" quoted
//! true    := ("anyone" | "any" name) [quoted]
//! abnormal:= "any of" "(" [name {"," name}] ")" "outside the reference range"
//! exposure:= "treated for" bounds [unit] ["at the same time"] "with" "(" node ")"
//! order   := "first" "(" node ")" "," "then" ["or on the same day"] "(" node ")"
//! guideline := "guideline" quoted quoted
//! washout := "washout of" ("at least" | "above") number [unit]
//! ```
//!
//! The qualifiers stand in `qualifiers.rs`. A name is words, or an id in backticks; quoted words stand in `"`; within
//! both a backslash makes the next character itself (`\n`, `\r` and `\t` are the usual ones). A unit is a word
//! (`years`, `x ULN`), as UCUM writes it, or in backticks. "and" and "or" side by side need brackets.

use crate::names::Names;
use crate::tree::{Node, Op, Polarity, Rule, Span};

use super::cursor::{Cursor, ParseError};

/// How deep brackets and negations may nest.
pub const MAX_DEPTH: u32 = 200;

/// The rule that nodes read from canonical English carry.
const ENGLISH: Rule = Rule("english");

pub(super) struct Parser<'t> {
    pub text: Cursor<'t>,
    pub names: &'t dyn Names,
    depth: u32,
}

impl<'t> Parser<'t> {
    pub fn new(text: &'t str, names: &'t dyn Names) -> Self {
        Self { text: Cursor { text, at: 0 }, names, depth: 0 }
    }

    /// The whole rest as one node.
    pub fn whole(&mut self) -> Result<Node, ParseError> {
        let node = self.node()?;
        if self.text.rest().trim_start().is_empty() {
            return Ok(node);
        }
        self.text.fail(match node.op {
            Op::And(_) | Op::Or(_) => "the end, or brackets around what belongs together",
            _ => "`and`, `or` or the end",
        })
    }

    pub fn polarity(&mut self) -> Polarity {
        let start = self.text.at;
        for (words, polarity) in [("must not", Polarity::Forbid), ("must", Polarity::Require)] {
            if self.text.phrase(words) && self.text.sign(":") {
                return polarity;
            }
            self.text.at = start;
        }
        Polarity::Require
    }

    /// One level deeper, or an error where it is too deep.
    fn deeper<T>(&mut self, read: fn(&mut Self) -> Result<T, ParseError>) -> Result<T, ParseError> {
        if self.depth == MAX_DEPTH {
            return self.text.fail(format!("at most {MAX_DEPTH} brackets within each other"));
        }
        self.depth += 1;
        let out = read(self);
        self.depth -= 1;
        out
    }

    fn placed(&self, start: usize, op: Op) -> Node {
        let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Node { op, span: Span { start: place(start), end: place(self.text.at) }, rule: ENGLISH }
    }

    pub fn node(&mut self) -> Result<Node, ParseError> {
        self.deeper(Self::node_here)
    }

    fn node_here(&mut self) -> Result<Node, ParseError> {
        self.text.blanks();
        let start = self.text.at;
        if let Some(op) = self.list()? {
            return Ok(self.placed(start, op));
        }
        let first = self.part()?;
        for (word, op) in [("and", Op::And as fn(Vec<Node>) -> Op), ("or", Op::Or)] {
            if self.text.phrase(word) {
                let mut parts = vec![first, self.part()?];
                while self.text.phrase(word) {
                    parts.push(self.part()?);
                }
                return Ok(self.placed(start, op(parts)));
            }
        }
        Ok(first)
    }

    fn list(&mut self) -> Result<Option<Op>, ParseError> {
        let start = self.text.at;
        for (head, op) in [
            ("all of these", Op::And as fn(Vec<Node>) -> Op),
            ("any of these", Op::Or),
            ("one of these readings", Op::Ambiguous),
        ] {
            if self.text.phrase(head) && self.text.sign(":") {
                return Ok(Some(op(self.parts()?)));
            }
            self.text.at = start;
        }
        if !self.text.phrase("at least") {
            return Ok(None);
        }
        let k = self.count()?;
        self.text.need_phrase("of")?;
        let of = self.count()?;
        self.text.need(":")?;
        let args = self.parts()?;
        if args.len() != of as usize {
            return self.text.fail(format!("{of} parts in this list, not {}", args.len()));
        }
        Ok(Some(Op::AtLeast { k, args }))
    }

    fn count(&mut self) -> Result<u32, ParseError> {
        let rest = self.text.rest().trim_start();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let Ok(count) = rest[..digits].parse() else { return self.text.fail("a count") };
        self.text.blanks();
        self.text.at += digits;
        Ok(count)
    }

    fn parts(&mut self) -> Result<Vec<Node>, ParseError> {
        if self.text.sign("()") {
            return Ok(Vec::new());
        }
        let mut parts = vec![self.part()?];
        while self.text.sign(";") {
            parts.push(self.part()?);
        }
        Ok(parts)
    }

    fn part(&mut self) -> Result<Node, ParseError> {
        self.deeper(Self::part_here)
    }

    fn part_here(&mut self) -> Result<Node, ParseError> {
        self.text.blanks();
        let start = self.text.at;
        if self.text.phrase("no") || self.text.phrase("not") {
            let arg = self.part()?;
            return Ok(self.placed(start, Op::Not(Box::new(arg))));
        }
        if self.text.rest().starts_with('(') {
            return self.bracketed();
        }
        let op = self.leaf()?;
        Ok(self.placed(start, op))
    }

    pub fn bracketed(&mut self) -> Result<Node, ParseError> {
        self.text.need("(")?;
        let node = self.node()?;
        if self.text.sign(")") { Ok(node) } else { self.text.fail("`and`, `or`, `;` in a list, or `)`") }
    }
}
