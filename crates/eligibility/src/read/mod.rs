//! Free text of criteria to items and trees.

mod adjectives;
mod another;
mod apart;
mod around;
mod audit;
mod bare;
mod belongs;
mod bracket;
mod cases;
mod change;
mod clause;
mod cohort;
mod counted;
mod courses;
mod cx;
mod define;
mod degree;
mod double;
mod duration;
mod either;
mod elapsed;
pub(crate) mod elements;
mod except;
mod facts;
mod formula;
mod grammar;
mod guard;
mod heading;
mod items;
mod judged;
mod kinds;
mod label;
mod leaf;
pub(crate) mod lexicon;
mod list;
mod lost_time;
mod measured;
mod memo;
mod mods;
mod name;
mod needed;
mod normal;
mod of_what;
mod paired;
mod people;
mod permit;
pub(crate) mod quant;
mod required;
mod result;
mod run_on;
mod said_once;
mod scale;
mod share;
mod shown;
mod slip;
mod staging;
mod suited;
mod tails;
mod text;
pub(crate) mod token;
mod trailing;
mod unit;
mod value;
mod variable;
mod when;

pub use text::Escapes;

use std::borrow::Cow;
use std::collections::HashSet;

use cx::{Cx, join, negate};
use elements::Elements;
use grammar::Lead;
use items::{Block, Part};
use label::Label;
use required::Asks;
use text::Text;
use token::Lexer;

use vocabulary::variable::Variable;

use crate::tree::{
    Computable, Criteria, Flag, Heading, Item, Node, Number, Op, Polarity, Reason, Residue, Rule, Section,
    Span, Unread,
};

/// Reads criteria; keeps what it has learned of words between texts.
#[derive(Debug, Default)]
pub struct Reader {
    lexer: Lexer,
    elements: Elements,
}

/// How a text is to be read.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How it was escaped.
    pub escapes: Escapes,
    /// The section of what stands before any heading.
    pub section: Section,
}

impl Default for Options {
    fn default() -> Self {
        Self { escapes: Escapes::Markup, section: Section::Inclusion }
    }
}

impl Reader {
    /// A reader.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a text. Spans are bytes of the raw text.
    pub fn read(&mut self, raw: &str, options: Options) -> Criteria {
        let text = Text::new(raw, options.escapes);
        let outline = items::cut(&text.read, options.section);
        let items = outline.blocks.iter().map(|block| self.item(&text, block)).collect();
        let marks = outline.marks.iter().map(|&(start, end)| text.span(start, end)).collect();
        Criteria { items, marks }
    }

    fn item(&mut self, text: &Text<'_>, block: &Block) -> Item {
        let span = text.span(block.start, block.end);
        let source = span.of(text.raw).to_owned();
        let mut flags = Vec::new();
        let mut residue = Vec::new();
        let end = block.layout.map_or(block.end, |layout| layout.0);
        let whole = block.parts.iter().all(|p| p.start < p.end && p.end <= end);
        let parts: Cow<'_, [Part]> = if whole {
            Cow::Borrowed(&block.parts)
        } else {
            let own = block.parts.iter().map(|p| Part { end: p.end.min(end), ..*p });
            own.filter(|p| p.start < p.end).collect()
        };
        let mut builder = Builder {
            reader: self,
            text,
            section: block.section,
            about: block.label.and_then(|(label, _)| match label {
                Label::About(variable) => Some(variable),
                _ => None,
            }),
            flags: &mut flags,
            residue: &mut residue,
        };
        let asks = match block.section {
            Section::Exclusion => required::asks(&source),
            _ => None,
        };
        if asks == Some(Asks::All) {
            builder.section = Section::Inclusion;
        }
        let inclusion = builder.section != Section::Exclusion;
        let node = if block.either {
            join(builder.children(&parts), true, "structure.or")
        } else {
            builder.tree(&parts)
        };
        let node = node.map(|node| cases::settle(node, inclusion));
        if block.layout.is_none() && leads_nothing(&source, &parts) && node.as_ref().is_some_and(decides) {
            builder.leave_open(&source, "the lead of a list that stands elsewhere");
        } else if inclusion && node.as_ref().is_some_and(apart::contradicts) {
            builder.leave_open(&source, "values that nobody has together: of whom each is asked");
        } else if asks == Some(Asks::Some) {
            builder.leave_open(&source, "a duty of some people among the exclusions");
        }
        let node = match block.label {
            Some((Label::Allowed, _)) => {
                let node = builder.allowed(span, &source);
                if required::demands(&source) {
                    builder.leave_open(&source, "a demand among what is allowed");
                }
                Some(node)
            }
            _ if asks_nothing(&source) => Some(builder.allowed(span, &source)),
            Some((Label::Excluded, heading)) => node.map(|node| builder.in_window(node, heading)),
            _ => node,
        };
        let node = match node {
            Some(node) if !inclusion => {
                Some(double::settle(harmless(node), &source, builder.flags, builder.residue))
            }
            node => node.map(share::below_all_limits),
        };
        let node = if asks == Some(Asks::All) {
            builder.residue.iter_mut().for_each(required::of_opposite);
            node.map(required::opposite)
        } else {
            node
        };
        builder.section = block.section;
        let node = match (node, block.cohort) {
            (Some(node), Some(heading)) => Some(builder.in_cohort(node, heading)),
            (node, _) => node,
        };
        if let Some((start, end)) = block.layout {
            flags.push(flag("layout", text.verbatim(start, end), "a heading of what follows"));
        }
        escape_flags(&source, &mut flags);
        let expr = node.unwrap_or_else(|| {
            residue.push(Residue { text: source.clone(), reason: "not understood".into(), unread: None });
            let text = source.trim_end_matches([';', '.', ' ']);
            let text = if text.is_empty() { &*source } else { text }.to_owned();
            Node { op: Op::Human { reason: Reason::NotInRecord, text }, span, rule: Rule("rest.item") }
        });
        let polarity = match block.section {
            Section::Exclusion => Polarity::Forbid,
            _ => Polarity::Require,
        };
        order(&source, &mut flags, &mut residue);
        let computable = level(&expr, &residue, &flags);
        Item {
            section: block.section,
            number: Number::Counted(block.number),
            span,
            source,
            cohort: block.cohort.map(|(start, end)| {
                let span = text.span(start, end);
                Heading { span, source: span.of(text.raw).to_owned() }
            }),
            polarity: Some(polarity),
            expr: Some(expr),
            computable,
            residue,
            flags,
        }
    }
}

/// Whether some leaf of a tree is one that records have.
fn decides(node: &Node) -> bool {
    let mut known = false;
    node.each(&mut |n| {
        known |= match &n.op {
            Op::Has(has) => !has.concept.0.starts_with("text:"),
            Op::Cmp(_) | Op::Coded(_) | Op::Change(_) | Op::Abnormal { .. } => true,
            _ => false,
        };
    });
    known
}

/// Whether an item is the lead of a list that stands elsewhere: it says nothing by itself.
fn leads_nothing(source: &str, parts: &[Part]) -> bool {
    parts.len() == 1 && source.trim_end().ends_with(':')
}

/// `None`, `Not applicable`: an item that only says that there are no criteria.
fn asks_nothing(source: &str) -> bool {
    let words = source.trim_matches(|c: char| !c.is_alphanumeric());
    ["none", "n/a", "not applicable", "no exclusion criteria", "no inclusion criteria"]
        .iter()
        .any(|nothing| words.eq_ignore_ascii_case(nothing))
}

/// In an exclusion, what restricts nothing excludes nobody.
fn harmless(node: Node) -> Node {
    let all = |n: &Node| matches!(n.op, Op::True { .. });
    match node.op {
        Op::True { .. } => negate(node),
        Op::Or(args) if args.iter().any(all) => {
            let args = args.into_iter().map(|arg| if all(&arg) { negate(arg) } else { arg }).collect();
            Node { op: Op::Or(args), ..node }
        }
        op => Node { op, ..node },
    }
}

fn flag(code: &'static str, text: &str, note: &str) -> Flag {
    Flag { code, text: text.to_owned(), note: note.to_owned(), suggest: None }
}

/// One flag for every kind of escape sequence in the raw text.
fn escape_flags(source: &str, flags: &mut Vec<Flag>) {
    if !source.contains('\\') {
        return;
    }
    let bytes = source.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        if bytes[i] != b'\\' {
            i += 1;
            continue;
        }
        let run = bytes[i..].iter().take_while(|b| **b == b'\\').count();
        let next = source[i + run..].chars().next();
        let len = run + next.map_or(0, char::len_utf8);
        if next.is_some_and(|c| c.is_ascii_punctuation() || c == 'n') {
            flags.push(flag("escape", &source[i..i + len], "an escape sequence of the raw text"));
        }
        i += len.max(1);
    }
}

/// Puts remarks into the order of the text, each once.
fn order(source: &str, flags: &mut Vec<Flag>, residue: &mut Vec<Residue>) {
    let at = |text: &str| place_of(text, source).unwrap_or(usize::MAX);
    flags.retain(|f| !f.text.is_empty());
    if flags.len() > 1 {
        let mut seen = HashSet::new();
        flags.retain(|f| seen.insert((f.code, f.text.clone())));
        flags.sort_by_cached_key(|f| (at(&f.text), f.code));
    }
    residue.retain(|r| !r.text.is_empty());
    if residue.len() > 1 {
        residue.sort_by_cached_key(|r| at(&r.text));
        let same = |x: &Residue, y: &Residue| {
            x.text == y.text && (x.unread == y.unread || x.unread.is_none() || y.unread.is_none())
        };
        residue.dedup_by(|x, y| same(x, y));
    }
}

/// Where some words stand in a text for the first time. They mostly stand where their first letter does.
fn place_of(words: &str, text: &str) -> Option<usize> {
    let first = *words.as_bytes().first()?;
    let mut from = 0;
    for _ in 0..32 {
        from += memchr::memchr(first, &text.as_bytes()[from..])?;
        if text.as_bytes()[from..].starts_with(words.as_bytes()) {
            return Some(from);
        }
        from += 1;
    }
    text.find(words)
}

/// How much of an item a record can decide.
fn level(expr: &Node, residue: &[Residue], flags: &[Flag]) -> Computable {
    if flags.iter().any(|f| f.code == "implausible_unit") {
        return Computable::Flagged;
    }
    if !decidable(expr) {
        return Computable::Human;
    }
    let mut partial = !residue.is_empty();
    expr.each(&mut |n| partial |= matches!(n.op, Op::Human { .. } | Op::Ambiguous(_)));
    if partial { Computable::Partial } else { Computable::Resolved }
}

/// Whether some record could make a tree true or false.
fn decidable(node: &Node) -> bool {
    match &node.op {
        Op::Human { .. } | Op::Guideline { .. } | Op::Washout { .. } => false,
        Op::And(args) | Op::Or(args) | Op::AtLeast { args, .. } | Op::Ambiguous(args) => {
            args.iter().any(decidable)
        }
        Op::Not(arg) => decidable(arg),
        Op::Has(has) => !matches!(&*has.concept.0, "unspecified_allergen" | "protocol_prohibited_list"),
        _ => true,
    }
}

/// Builds the tree of an item from its parts.
struct Builder<'b, 't> {
    reader: &'b mut Reader,
    text: &'b Text<'t>,
    section: Section,
    /// What values without a name are of.
    about: Option<&'static Variable>,
    flags: &'b mut Vec<Flag>,
    residue: &'b mut Vec<Residue>,
}

impl Builder<'_, '_> {
    /// The tree of the first part and those below it.
    fn tree(&mut self, parts: &[Part]) -> Option<Node> {
        let (first, rest) = parts.split_first()?;
        if rest.is_empty() {
            return self.cx(first, |cx, a, b| cx.audited(a, b));
        }
        let lead_text = self.text.read.get(first.start..first.end).unwrap_or_default().trim_end();
        let leads = lead_text.ends_with(':') || lead_text.to_ascii_lowercase().contains("following");
        let members = self.children(rest);
        if leads {
            if cohort::cohort(lead_text) == Some(cohort::Cohort::Named) {
                let node = self.joined(None, members)?;
                return Some(self.in_cohort(node, (first.start, first.start + lead_text.len())));
            }
            let lead = self.cx(first, |cx, a, b| {
                let lead = cx.lead(a, b);
                cx.tell_lost_times_of(a, b, &lead);
                Some(lead)
            });
            return self.joined(lead, members);
        }
        let head = self.cx(first, |cx, a, b| cx.audited(a, b));
        let nodes: Vec<Node> = head.into_iter().chain(members).collect();
        join(nodes, self.section == Section::Exclusion, "structure.nested")
    }

    /// The trees of parts that lie equally deep.
    fn children(&mut self, parts: &[Part]) -> Vec<Node> {
        let Some(depth) = parts.iter().map(|p| p.depth).min() else { return Vec::new() };
        let mut nodes = Vec::new();
        let mut from = 0;
        for i in 1..=parts.len() {
            if i == parts.len() || parts[i].depth <= depth {
                match self.is_exception(&parts[from]) {
                    true => self.leave_exception(&parts[from]),
                    false => nodes.extend(self.tree(&parts[from..i])),
                }
                from = i;
            }
        }
        nodes
    }

    /// `Unless attributable to the disease`, as a bullet of its own.
    fn is_exception(&self, part: &Part) -> bool {
        let words = self.text.read.get(part.start..part.end).unwrap_or_default();
        words.get(..7).is_some_and(|word| word.eq_ignore_ascii_case("unless "))
    }

    /// Which of the bullets before it an exception is of cannot be told.
    fn leave_exception(&mut self, part: &Part) {
        let text = self.text.span(part.start, part.end).of(self.text.raw).to_owned();
        let unread = if self.section == Section::Exclusion { Unread::Condition } else { Unread::Alternative };
        self.residue.push(Residue {
            text,
            reason: "of which it is an exception".into(),
            unread: Some(unread),
        });
    }

    fn joined(&mut self, lead: Option<Lead>, nodes: Vec<Node>) -> Option<Node> {
        let mut cx = Cx::new(self.text, &self.reader.elements, self.section);
        cx.joined(lead, nodes, false, "structure.nested")
    }

    /// What is permitted restricts nothing.
    fn allowed(&mut self, span: Span, source: &str) -> Node {
        self.flags.clear();
        self.residue.clear();
        Node { op: Op::True { var: None, text: source.to_owned() }, span, rule: Rule("scope.allowed") }
    }

    /// Whatever the tree of an item says, a person decides.
    fn leave_open(&mut self, source: &str, why: &str) {
        let words = source.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
        for (text, unread) in [(source, Unread::Condition), (words, Unread::Alternative)] {
            self.residue.push(Residue { text: text.to_owned(), reason: why.into(), unread: Some(unread) });
        }
    }

    /// `Excluded within 30 days of study entry:`: the time of everything below it that has none of its own.
    fn in_window(&mut self, mut node: Node, (start, end): (usize, usize)) -> Node {
        let part = Part { depth: 0, start, end };
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let when = self.cx(&part, |cx, a, b| (a..b).find_map(|i| cx.window(i, b)).map(|read| read.when));
        self.flags.truncate(flags);
        self.residue.truncate(residue);
        if let Some(when) = when {
            node.each_mut(&mut |n| {
                if let Op::Has(has) = &mut n.op
                    && has.when.is_none()
                {
                    has.when = Some(when.clone());
                }
            });
        }
        node
    }

    /// Reads one part.
    fn cx<T>(&mut self, part: &Part, read: impl FnOnce(&mut Cx<'_>, usize, usize) -> Option<T>) -> Option<T> {
        let Reader { lexer, elements } = &mut *self.reader;
        elements.read(lexer, &self.text.read, part.start, part.end);
        let mut cx = Cx::new(self.text, elements, self.section);
        let count = elements.els.len();
        (cx.first, cx.last) = cx.trim(0, count);
        cx.about = self.about;
        let found = read(&mut cx, 0, count);
        self.flags.append(&mut cx.flags);
        self.residue.append(&mut cx.residue);
        found
    }
}
