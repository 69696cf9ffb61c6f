//! Exceptions: `cancer except of the skin`, `bilirubin ≤ 1.5 x ULN, except in Gilbert's syndrome`.

use super::around::only_values;
use super::cx::{Cx, join, negate};
use super::elements::What;
use super::lexicon::Class;
use crate::tree::{Node, Op};

impl Cx<'_> {
    /// Where the exceptions begin that a sentence lists: `Exceptions: ...`, `Exceptions include ...`.
    pub fn exceptions(&self, a: usize, b: usize) -> Option<usize> {
        let says = self.word_is(a, &["exception"]) && a + 2 < b;
        let leads = matches!(self.what(a + 1), What::Colon)
            || self.is(a + 1, Class::Including)
            || self.word_is(a + 1, &["is", "are"]);
        (says && leads).then_some(a + 2)
    }

    /// What the sentence before says, without its exceptions; a denial is one of both.
    pub fn excepted(&mut self, last: Node, a: usize, b: usize) -> Option<Node> {
        let Some(inner) = self.segment(a, b) else { return Some(last) };
        self.without(last, inner)
    }

    /// A node without its exceptions; a denial is one of both. A value that is asked for need not be so of those who
    /// are excepted.
    pub fn without(&self, node: Node, inner: Node) -> Option<Node> {
        match node.op {
            Op::Not(arg) => join(vec![*arg, negate(inner)], false, "scope.except").map(negate),
            Op::And(mut args) if !self.or_by_default() && args.last().is_some_and(is_limit) => {
                // `SGOT and SGPT below 2 x ULN unless ...`: the value printed once is that of both.
                let shared = |arg: &Node| arg.rule.0 == "structure.distribution" && is_limit(arg);
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
                    out.extend(if like(&arg) { self.without(arg, inner.clone()) } else { Some(arg) });
                }
                out.extend(self.without(last, inner));
                join(out, false, node.rule.0)
            }
            op => {
                let node = Node { op, ..node };
                match !self.or_by_default() && is_limit(&node) {
                    true => join(vec![node, inner], true, "scope.except_value"),
                    false => join(vec![node, negate(inner)], false, "scope.except"),
                }
            }
        }
    }
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

/// Whether a node says nothing but limits of values, or the grade of a toxicity; not what somebody has.
pub fn is_limit(node: &Node) -> bool {
    only_values(node) && {
        let mut limits = true;
        node.each(&mut |n| limits &= !matches!(&n.op, Op::Coded(c) if &*c.var.0 != "ctcae_grade"));
        limits
    }
}
