//! Exceptions: `cancer except of the skin`, `bilirubin ≤ 1.5 x ULN, except in Gilbert's syndrome`.

use super::around::only_values;
use super::cx::{Cx, join, negate};
use super::elements::What;
use super::lexicon::Class;
use crate::tree::{Code, Node, Op, Reason, Residue};

impl Cx<'_> {
    /// Where the exceptions begin that a sentence lists: `Exceptions: ...`, `Exceptions include ...`.
    pub fn exceptions(&self, a: usize, b: usize) -> Option<usize> {
        if self.is(a, Class::Except) && a + 1 < b {
            return Some(a + 1);
        }
        let says = self.word_is(a, &["exception"]) && a + 2 < b;
        let leads = matches!(self.what(a + 1), What::Colon)
            || self.is(a + 1, Class::Including)
            || self.word_is(a + 1, &["is", "are"]);
        (says && leads).then_some(a + 2)
    }

    /// What a sentence permits, where that is a kind of what the one before it says: `No malignancy. Basal cell
    /// carcinoma is allowed.`
    pub fn permitted_kind(&mut self, last: &Node, a: usize, b: usize) -> Option<Node> {
        let verb = self.find(a, b, |w| matches!(w, What::Lex(Class::Permit, _))).filter(|&verb| verb > a)?;
        if !self.permits_plainly(a, verb, b) {
            return None;
        }
        let (flags, residue) = (self.flags.len(), self.residue.len());
        let inner = self.list(a, verb).filter(|inner| is_kind_of(inner, last));
        match inner {
            Some(_) => self.label(verb, b),
            None => {
                self.flags.truncate(flags);
                self.residue.truncate(residue);
            }
        }
        inner
    }

    /// What the sentence before says, without its exceptions; a denial is one of both.
    pub fn excepted(&mut self, last: Node, a: usize, b: usize) -> Option<Node> {
        let Some(inner) = self.segment(a, b) else { return Some(last) };
        self.without(last, inner)
    }

    /// A node without its exceptions; a denial is one of both. A value that is asked for need not be so of those who
    /// are excepted.
    pub fn without(&mut self, node: Node, inner: Node) -> Option<Node> {
        let inner = self.permitted_elsewhere(inner);
        self.without_known(node, inner)
    }

    /// `unless otherwise permitted`: who is, is in no record.
    pub fn permitted_elsewhere(&mut self, inner: Node) -> Node {
        match inner.op {
            Op::True { text, .. } => {
                let reason = "what is permitted is in no record".to_owned();
                self.residue.push(Residue { text: text.clone(), reason, unread: None });
                Node { op: Op::Human { reason: Reason::NotInRecord, text }, ..inner }
            }
            op => Node { op, ..inner },
        }
    }

    fn without_known(&self, node: Node, inner: Node) -> Option<Node> {
        match node.op {
            Op::Not(arg) => join(vec![*arg, negate(inner)], false, "scope.except").map(negate),
            Op::And(mut args) if !self.or_by_default() && args.last().is_some_and(is_limit_or_result) => {
                // `SGOT and SGPT below 2 x ULN unless ...`: the value printed once is that of both.
                let result = args.last().is_some_and(is_negative);
                let shared = |arg: &Node| match result {
                    true => is_negative(arg),
                    false => arg.rule.0 == "structure.distribution" && is_limit(arg),
                };
                let run = args.iter().rev().skip(1).take_while(|arg| shared(arg)).count();
                let values = join(args.split_off(args.len() - 1 - run), false, "structure.and")?;
                args.extend(join(vec![values, inner], true, "scope.except_value"));
                join(args, false, node.rule.0)
            }
            // `no asthma or cancer except of the skin`: the exception is one of the last, and of what is named alike.
            Op::And(mut args) if args.last().is_some_and(|arg| matches!(arg.op, Op::Not(_))) => {
                let last = args.pop()?;
                let like = |arg: &Node| matches!(&arg.op, Op::Not(_)) && same_fact(arg, &last);
                let mut out = Vec::with_capacity(args.len() + 1);
                for arg in args {
                    out.extend(if like(&arg) { self.without_known(arg, inner.clone()) } else { Some(arg) });
                }
                out.extend(self.without_known(last, inner));
                join(out, false, node.rule.0)
            }
            // `aspirin or steroids other than dexamethasone`: an exception from what it is a kind of.
            Op::Or(args) if self.or_by_default() && args.iter().any(|arg| is_kind_of(&inner, arg)) => {
                let without = |arg: Node| match is_kind_of(&inner, &arg) {
                    true => self.without_known(arg, inner.clone()),
                    false => Some(arg),
                };
                join(args.into_iter().filter_map(without).collect(), true, node.rule.0)
            }
            op => {
                let node = Node { op, ..node };
                match !self.or_by_default() && is_limit_or_result(&node) {
                    true => join(vec![node, inner], true, "scope.except_value"),
                    false => join(vec![node, negate(inner)], false, "scope.except"),
                }
            }
        }
    }
}

/// Whether all facts of a node are kinds of each fact of another.
fn is_kind_of(narrow: &Node, broad: &Node) -> bool {
    let (mut below, mut any) = (true, false);
    narrow.each(&mut |n| match &n.op {
        Op::Has(kind) => {
            any = true;
            broad.each(&mut |b| match &b.op {
                Op::Has(has) => below &= is_below(&kind.concept.0, &has.concept.0),
                Op::Or(_) | Op::Not(_) => {}
                _ => below = false,
            });
        }
        Op::Or(_) | Op::And(_) => {}
        _ => below = false,
    });
    below && any
}

/// Whether one concept is a kind of another, by the headings that the catalogue's rows have.
pub fn is_below(narrow: &str, broad: &str) -> bool {
    let headings = |concept: &str| match vocabulary::by_curie(concept) {
        Some(id) => vec![id],
        None => vocabulary::variable::headings(concept).to_vec(),
    };
    let broad = headings(broad);
    let above = |id: &vocabulary::ConceptId| vocabulary::ancestors(*id).iter().any(|id| broad.contains(id));
    let narrow = headings(narrow);
    !narrow.is_empty() && narrow.iter().all(above)
}

/// Whether two denials are of the same concept.
fn same_fact(a: &Node, b: &Node) -> bool {
    let concept = |node: &Node| match &node.op {
        Op::Not(arg) => match &arg.op {
            Op::Has(has) => Some(has.concept.clone()),
            _ => None,
        },
        _ => None,
    };
    concept(a).is_some() && concept(a) == concept(b)
}

/// Whether a node is a negative result, which is asked for as a limit is: those who are excepted need not have it.
fn is_negative(node: &Node) -> bool {
    matches!(&node.op, Op::Coded(coded) if matches!(coded.values.as_slice(), [Code::Word(word)] if word == "negative"))
}

fn is_limit_or_result(node: &Node) -> bool {
    is_limit(node) || is_negative(node)
}

/// Whether a node says last how long somebody is expected to live.
pub fn is_expectancy(node: &Node) -> bool {
    match &node.op {
        Op::Cmp(cmp) => &*cmp.var.0 == "life_expectancy",
        Op::And(args) => args.last().is_some_and(is_expectancy),
        _ => false,
    }
}

/// Whether a node says nothing but limits of values, or the grade of a toxicity; not what somebody has.
pub fn is_limit(node: &Node) -> bool {
    only_values(node) && {
        let mut limits = true;
        node.each(&mut |n| limits &= !matches!(&n.op, Op::Coded(c) if &*c.var.0 != "ctcae_grade"));
        limits
    }
}
