//! A value with nothing between it and its variable that says how to compare.

use vocabulary::variable;

use super::cx::Cx;
use super::leaf::About;
use super::lexicon::Class;
use crate::tree::{Node, Op};

impl Cx<'_> {
    /// `minimum life expectancy of 12 weeks`: the word before the variable that compares.
    pub fn limit_before(&self, start: usize, a: usize) -> Option<Class> {
        let at = start.checked_sub(1).filter(|&at| at >= a)?;
        match self.class(at)? {
            Class::Ge if self.word_is(at, &["minimum", "a minimum of", "min"]) => Some(Class::Ge),
            Class::Le if self.word_is(at, &["maximum", "a maximum of", "max"]) => Some(Class::Le),
            _ => None,
        }
    }

    /// `hemoglobin 10.0 g/dL`: a value and its unit, and nothing that says how to compare.
    pub fn without_comparator(&mut self, about: &About, q: usize, node: Node, at: (usize, usize)) -> Node {
        let e = self.e;
        let quant = &e.quants[q];
        let measured = quant.limit.is_some() || quant.unit.is_some_and(|u| !u.as_str().starts_with('{'));
        let exact = matches!(&node.op, Op::Cmp(cmp) if cmp.lo.is_some() && cmp.lo == cmp.hi);
        if !quant.bare || quant.range || !measured || !exact || about.known().is_none() {
            return node;
        }
        self.lost(about, quant, node, at.0, at.1)
    }
}

/// Ages.
impl Cx<'_> {
    /// An age, whose variable is not printed.
    pub fn age(&mut self, at: usize, q: usize, b: usize) -> Option<(Node, usize, usize)> {
        let about = About::Known(variable::by_id("age")?);
        let mut end = at + 1;
        let node = self.compare(&about, q, at, end);
        let node = self.second_bound(&about, node, &mut end, b);
        Some((self.without_comparator(&about, q, node, (at, end)), at, end))
    }

    /// `from birth to 80 years`
    pub fn since_birth(&mut self, a: usize, at: usize, q: usize) -> Option<(Node, usize, usize)> {
        let quant = &self.e.quants[q];
        let exact = quant.bare && !quant.range && quant.is_time();
        let from = at.checked_sub(2).filter(|from| exact && *from >= a && self.is(at - 1, Class::To))?;
        if !self.word_is(from, &["birth", "newborn", "neonate", "birth to", "newborn to"]) {
            return None;
        }
        let mut node = self.compare(&About::Known(variable::by_id("age")?), q, from, at + 1);
        if let Op::Cmp(cmp) = &mut node.op {
            cmp.lo = None;
        }
        Some((node, from, at + 1))
    }
}

/// A single value as the limit that a word before its variable makes it.
pub fn bounded(mut node: Node, limit: Class) -> Node {
    if let Op::Cmp(cmp) = &mut node.op
        && cmp.lo.is_some()
        && cmp.lo == cmp.hi
    {
        match limit {
            Class::Ge => cmp.hi = None,
            _ => cmp.lo = None,
        }
    }
    node
}
