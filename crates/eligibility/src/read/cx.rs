//! What the grammar reads from, and what it notes beside the tree.

use super::cases::{CASE, PEOPLE};
use super::elements::{El, Elements, What};
use super::kinds::Kinds;
use super::lexicon::Class;
use super::text::Text;
use crate::tree::{Flag, Node, Op, Reason, Residue, Rule, Section, Span, Unread};
use vocabulary::variable::Variable;

/// One item's elements, with the remarks made while they are read.
pub struct Cx<'c> {
    /// The text.
    pub text: &'c Text<'c>,
    /// The elements.
    pub e: &'c Elements,
    /// Where the item stands.
    pub section: Section,
    /// Remarks so far.
    pub flags: Vec<Flag>,
    /// What no record decides so far.
    pub residue: Vec<Residue>,
    /// The members of the last list that was counted, for `of the above five`.
    pub last_list: Vec<Node>,
    /// The last value that was read, and of what.
    pub last_value: Option<(super::leaf::About, crate::tree::Cmp)>,
    /// What values without a name are of, by the label above the item.
    pub about: Option<&'static Variable>,
    /// Elements that only label what follows.
    pub labels: Vec<(usize, usize)>,
    /// What the part just read says for those behind it.
    pub carried: Option<super::mods::Mods>,
    /// The first element of the part that has a meaning, and the element behind the last.
    pub first: usize,
    /// See `first`.
    pub last: usize,
    /// How deep the reading is: deeper brackets are left to people.
    pub depth: usize,
    /// How deep lists and their parts lie in each other.
    pub lists: usize,
}

/// Reading goes no deeper than this.
pub const DEEPEST: usize = 24;
/// Lists and their parts, which hold each other, go no deeper than this.
pub const DEEPEST_LIST: usize = 2 * DEEPEST;
/// A clause of more elements than this is left to people: no one means it to be read as one.
pub const LONGEST: usize = 1000;

impl<'c> Cx<'c> {
    /// Nothing read yet.
    pub fn new(text: &'c Text<'c>, e: &'c Elements, section: Section) -> Self {
        Self {
            text,
            e,
            section,
            flags: Vec::new(),
            residue: Vec::new(),
            last_list: Vec::new(),
            last_value: None,
            carried: None,
            about: None,
            labels: Vec::new(),
            first: 0,
            last: usize::MAX,
            depth: 0,
            lists: 0,
        }
    }

    /// The element at a place.
    pub fn what(&self, i: usize) -> What {
        self.e.els.get(i).map_or(What::Other, |el| el.what)
    }

    /// The class of the structure word at a place.
    pub fn class(&self, i: usize) -> Option<Class> {
        match self.what(i) {
            What::Lex(class, _) => Some(class),
            _ => None,
        }
    }

    /// Whether the element at a place is a structure word of this class.
    pub fn is(&self, i: usize, class: Class) -> bool {
        self.class(i) == Some(class)
    }

    /// Whether the item has any of some kinds of elements.
    pub fn has(&self, kinds: Kinds) -> bool {
        self.e.kinds.meets(kinds)
    }

    fn el(&self, i: usize) -> Option<&'c El> {
        self.e.els.get(i)
    }

    /// The bytes of the text that elements `a..b` stand on.
    pub fn bytes(&self, a: usize, b: usize) -> (usize, usize) {
        match (self.el(a).map(|el| el.start), self.el(b.wrapping_sub(1)).map(|el| el.end)) {
            (Some(start), Some(end)) if start <= end => (start as usize, end as usize),
            // Nothing stands there: an empty place.
            (at, before) => {
                let at = at.or(before).or(self.e.tokens.last().map(|t| t.end)).unwrap_or_default() as usize;
                (at, at)
            }
        }
    }

    /// The bytes of tokens `a..b`.
    pub fn token_bytes(&self, (a, b): (usize, usize)) -> (usize, usize) {
        match (self.e.tokens.get(a), self.e.tokens.get(b.wrapping_sub(1))) {
            (Some(first), Some(last)) if first.start <= last.end => (first.start as usize, last.end as usize),
            _ => (0, 0),
        }
    }

    /// The place of elements in the raw text.
    pub fn span(&self, a: usize, b: usize) -> Span {
        let (start, end) = self.bytes(a, b);
        self.text.span(start, end)
    }

    /// The words of elements, verbatim.
    pub fn raw(&self, a: usize, b: usize) -> String {
        self.span(a, b).of(self.text.raw).to_owned()
    }

    /// The words of elements as read.
    pub fn read(&self, a: usize, b: usize) -> &'c str {
        let (start, end) = self.bytes(a, b);
        self.text.read.get(start..end).unwrap_or_default()
    }

    /// A node read from elements.
    pub fn node(&self, op: Op, a: usize, b: usize, rule: &'static str) -> Node {
        Node { op, span: self.span(a, b), rule: Rule(rule) }
    }

    /// Something for a person.
    pub fn human(&mut self, reason: Reason, a: usize, b: usize, rule: &'static str) -> Node {
        let whole = (a, b);
        let (mut a, mut b) = self.trim(a, b);
        if a >= b {
            (a, b) = whole;
        }
        while b > a + 1
            && matches!(self.class(b - 1), Some(Class::And | Class::Or | Class::With | Class::AndOr))
        {
            b = self.trim(a, b - 1).1;
        }
        let text = self.raw(a, b);
        let why = match reason {
            Reason::InvestigatorJudgement => "the investigator decides",
            Reason::ClinicalJudgement => "no threshold is given",
            Reason::Subjective => "not to be read from a record",
            Reason::Consent => "what a person wants",
            Reason::OpenList => "the list is open",
            Reason::NotInRecord => "not understood, or in no record",
        };
        self.residue.push(Residue { text: text.clone(), reason: why.to_owned(), unread: None });
        self.node(Op::Human { reason, text }, a, b, rule)
    }

    /// Notes a remark on elements.
    pub fn flag(&mut self, code: &'static str, a: usize, b: usize, note: &str) {
        let bytes = self.bytes(a, b);
        self.flag_bytes(code, bytes, note, None);
    }

    /// Notes a remark on bytes of the text.
    pub fn flag_bytes(
        &mut self,
        code: &'static str,
        (start, end): (usize, usize),
        note: &str,
        suggest: Option<String>,
    ) {
        let text = self.text.verbatim(start, end).to_owned();
        self.flags.push(Flag { code, text, note: note.to_owned(), suggest });
    }

    /// Notes words that no record decides.
    pub fn leave(&mut self, a: usize, b: usize, reason: &str) {
        let text = self.raw(a, b);
        self.residue.push(Residue { text, reason: reason.to_owned(), unread: None });
    }

    /// Notes words that stand in no part of the tree, and how it depends on them.
    pub fn leave_unread(&mut self, a: usize, b: usize, unread: Unread, why: &str) {
        let text = self.raw(a, b);
        self.residue.push(Residue { text, reason: why.to_owned(), unread: Some(unread) });
    }

    /// Elements without the signs at both ends.
    pub fn trim(&self, mut a: usize, mut b: usize) -> (usize, usize) {
        let sign = |what: What| {
            matches!(
                what,
                What::Comma
                    | What::Semi
                    | What::Colon
                    | What::Stop
                    | What::Break
                    | What::Bullet
                    | What::Dash
                    | What::Slash
                    | What::Other
            )
        };
        while a < b && sign(self.what(a)) {
            a += 1;
        }
        while b > a && sign(self.what(b - 1)) {
            b -= 1;
        }
        (a, b)
    }

    /// The element behind the bracket that closes the one at `i`; `b` if none does.
    pub fn close(&self, i: usize, b: usize) -> usize {
        let mut depth = 0;
        for k in i..b {
            match self.what(k) {
                What::Open => depth += 1,
                What::Close => {
                    depth -= 1;
                    if depth == 0 {
                        return k + 1;
                    }
                }
                _ => {}
            }
        }
        b
    }

    /// The places of `a..b` outside brackets at which `f` holds.
    pub fn places(&self, a: usize, b: usize, f: impl Fn(What) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        let mut i = a;
        while i < b {
            if matches!(self.what(i), What::Open) {
                i = self.close(i, b);
                continue;
            }
            if f(self.what(i)) {
                found.push(i);
            }
            i += 1;
        }
        found
    }

    /// The first place outside brackets at which `f` holds.
    pub fn find(&self, a: usize, b: usize, f: impl Fn(What) -> bool) -> Option<usize> {
        self.find_at(a, b, |i| f(self.what(i)))
    }

    /// The first place outside brackets of which `f` holds.
    pub fn find_at(&self, a: usize, b: usize, f: impl Fn(usize) -> bool) -> Option<usize> {
        let mut i = a;
        while i < b {
            if matches!(self.what(i), What::Open) {
                i = self.close(i, b);
                continue;
            }
            if f(i) {
                return Some(i);
            }
            i += 1;
        }
        None
    }

    /// Whether something known is named in `a..b`: a variable, a concept, a quantity.
    pub fn says_something(&self, a: usize, b: usize) -> bool {
        (a..b).any(|i| matches!(self.what(i), What::Var(_) | What::Named(_) | What::Quant(_)))
    }

    /// Whether nothing but words without meaning of their own stands in `a..b`.
    pub fn is_empty(&self, a: usize, b: usize) -> bool {
        (a..b).all(|i| {
            matches!(
                self.what(i),
                What::Lex(
                    Class::Skip | Class::If | Class::ForTime | Class::With | Class::And | Class::Incl,
                    _
                ) | What::Comma
                    | What::Semi
                    | What::Colon
                    | What::Stop
                    | What::Break
                    | What::Bullet
                    | What::Dash
                    | What::Slash
                    | What::Other
            )
        })
    }
}

/// `and` or `or` of some nodes: none, the one, or a node of all.
pub fn join(mut nodes: Vec<Node>, or: bool, rule: &'static str) -> Option<Node> {
    match nodes.len() {
        0 => None,
        1 => nodes.pop(),
        _ => {
            let same = |op: &Op| matches!((op, or), (Op::Or(_), true) | (Op::And(_), false));
            let flat = if nodes.iter().any(|node| same(&node.op)) { flatten(nodes, or) } else { nodes };
            let span = flat.iter().map(|n| n.span).reduce(Span::join).unwrap_or_default();
            let op = if or { Op::Or(flat) } else { Op::And(flat) };
            Some(Node { op, span, rule: Rule(rule) })
        }
    }
}

/// Nodes, with the members of those that join them alike in their stead.
fn flatten(nodes: Vec<Node>, or: bool) -> Vec<Node> {
    let mut flat = Vec::with_capacity(nodes.len() + 2);
    for node in nodes {
        match (node.op, or) {
            (Op::Or(args), true) => flat.extend(args),
            // Waits for its neighbours.
            (Op::And(args), false) if node.rule == CASE || node.rule == PEOPLE => {
                flat.push(Node { op: Op::And(args), ..node });
            }
            (Op::And(args), false) => flat.extend(args),
            (op, _) => flat.push(Node { op, ..node }),
        }
    }
    flat
}

/// The opposite of a node; of an opposite, what it is the opposite of.
pub fn negate(node: Node) -> Node {
    match node.op {
        Op::Not(arg) => *arg,
        op => {
            let span = node.span;
            let rule = node.rule;
            Node { op: Op::Not(Box::new(Node { op, span, rule })), span, rule: Rule("scope.not") }
        }
    }
}
