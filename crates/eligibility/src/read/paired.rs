//! Lists of variables and of values that go together.

use super::cx::{Cx, join};
use super::elements::What;
use super::leaf::{About, is_numeric};
use super::lexicon::Class;
use crate::tree::{Node, Op, Section};

impl Cx<'_> {
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
