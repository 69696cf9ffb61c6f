//! Lists of variables and of values that go together.

use super::cx::{Cx, join};
use super::elements::What;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use super::mods::Mods;
use crate::tree::{Node, Op, Section};
use vocabulary::variable::Variable;

/// A node, its first element, and the element behind it.
type Found = (Node, usize, usize);

impl Cx<'_> {
    /// `liver enzymes (AST, ALT) < 2 x ULN`: the value of the last variable of a bracket is that of all of them.
    pub fn over_bracket(&mut self, (node, x, y): Found, a: usize, mods: &Mods) -> Found {
        let close = (x..y).rev().find(|&i| matches!(self.what(i), What::Close));
        let open = close.and_then(|close| (a..close).rev().find(|&i| matches!(self.what(i), What::Open)));
        let (Some(open), Some(close)) = (open, close) else { return (node, x, y) };
        let inside = (open + 1, close);
        let named_behind = (close..y).any(|i| matches!(self.what(i), What::Var(_) | What::Named(_)));
        if x < open && matches!(self.what(x), What::Var(_)) || named_behind {
            return (node, x, y);
        }
        let mut variables: Vec<(usize, &'static Variable)> = Vec::new();
        for i in inside.0..inside.1 {
            match self.what(i) {
                What::Var(v) if is_numeric(v) => {
                    if variables.iter().all(|(_, known)| known.id != v.id) {
                        variables.push((i, v));
                    }
                }
                What::Comma | What::Slash | What::Lex(Class::And | Class::Or | Class::AndOr, _) => {}
                _ if self.is_empty(i, i + 1) => {}
                _ => return (node, x, y),
            }
        }
        if variables.len() < 2 || !matches!(node.op, Op::Cmp(_)) {
            return (node, x, y);
        }
        let each =
            variables.into_iter().filter_map(|(i, v)| self.with_value(&node, &About::Known(v), i, i + 1));
        let mut nodes: Vec<Node> = each.collect();
        if let Some(last) = nodes.last_mut() {
            last.span = last.span.join(self.span(close, y));
        }
        // Denied of any of them, too: none is so.
        let or = self.or_by_default() != mods.neg;
        let joined = join(nodes, or, "structure.distribution").unwrap_or(node);
        // What stands before the bracket only names them together.
        let head = if self.has_fact(a, open) { open } else { a };
        self.label(head, open);
        (joined, head, y)
    }

    /// `ALT and AST ≤ 3 and 5 x ULN, respectively`: as many values as variables before them, one by one.
    pub fn paired(&mut self, a: usize, b: usize) -> Option<Node> {
        if self.e.quants.len() < 2 {
            return None;
        }
        let value = |i: usize| match self.what(i) {
            What::Quant(q) => Some((i, q as usize)),
            _ => None,
        };
        let (first, _) = (a..b).find_map(value)?;
        (first + 1..b).find_map(value)?;
        if !(first..b).any(|i| self.word_is(i, &["respectively"])) {
            return None;
        }
        let values: Vec<(usize, usize)> = (first..b).filter_map(value).collect();
        let variables: Vec<(usize, About)> = (a..first)
            .filter_map(|i| match self.what(i) {
                What::Var(v) if is_numeric(v) => Some((i, About::Known(v))),
                _ => None,
            })
            .collect();
        let only = (a..first).all(|i| {
            self.is_empty(i, i + 1)
                || matches!(self.what(i), What::Var(_) | What::Comma)
                || matches!(self.class(i), Some(Class::And | Class::Or | Class::Skip))
        });
        if variables.len() != values.len() || !only {
            return None;
        }
        let (_, last) = *values.last()?;
        let nodes = variables.iter().zip(&values).map(|((x, about), (i, q))| {
            let mut node = self.compare(about, *q, *x, x + 1);
            let bare = self.e.quants[*q].bare;
            let unitless = self.e.quants[*q].unit.is_none() && self.e.quants[*q].limit.is_none();
            if let Op::Cmp(cmp) = &mut node.op {
                let (head, tail) = (&self.e.quants[values[0].1], &self.e.quants[last]);
                if bare && head.lo.is_none() {
                    cmp.lo = None;
                } else if bare && head.hi.is_none() {
                    cmp.hi = None;
                }
                if unitless {
                    cmp.unit = tail.limit.or(tail.unit.map(|u| u.as_str())).unwrap_or_default().to_owned();
                    cmp.canonical = None;
                }
            }
            node.span = self.span(*i, i + 1);
            node
        });
        let nodes: Vec<Node> = nodes.collect();
        let or = self.section == Section::Exclusion || (a..first).any(|i| self.is(i, Class::Or));
        join(nodes, or, "structure.respectively")
    }
}
