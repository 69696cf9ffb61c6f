//! Lengths of time that stand nowhere in a tree: `surgery, also of the last 3 months`. What a tree does not say of a
//! time is told, as words that were not read.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::cx::Cx;
use super::elements::What;
use super::grammar::Lead;
use super::kinds::Kinds;
use crate::tree::{Bound, Extent, Node, Op, Span, Unread, When};

impl Cx<'_> {
    /// Tells of the lengths of time among elements `a..b` of which a node has none.
    pub fn tell_lost_times(&mut self, a: usize, b: usize, node: &Node) {
        self.tell(a, b, |found| found.all(node));
    }

    /// Tells of the lengths of time of a lead that it does not keep.
    pub fn tell_lost_times_of(&mut self, a: usize, b: usize, lead: &Lead) {
        // The words of a lead are labels; its times are not.
        let labels = std::mem::take(&mut self.labels);
        self.tell(a, b, |found| {
            found.when(lead.when.as_ref());
            let nodes = [&lead.also, &lead.open, &lead.guard, &lead.before];
            nodes.into_iter().flatten().for_each(|node| found.all(node));
        });
        self.labels = labels;
    }

    fn tell(&mut self, a: usize, b: usize, keep: impl FnOnce(&mut Found)) {
        if !self.has(Kinds::QUANT) {
            return;
        }
        let lengths: Vec<usize> = (a..b).filter(|&i| self.is_length(i)).collect();
        if lengths.is_empty() {
            return;
        }
        let mut found = Found::default();
        keep(&mut found);
        for i in lengths {
            let span = self.span(i, i + 1);
            let here = span.of(self.text.raw);
            let told = found.spans.iter().any(|s| s.start <= span.start && span.end <= s.end)
                || self.labels.iter().any(|&(x, y)| x <= i && i < y)
                || self.residue.iter().any(|residue| residue.text.contains(here));
            if !told && !self.values_of_time(i).any(|value| found.values.contains(&value)) {
                self.leave_unread(i, i + 1, Unread::Condition, "this time is not part of the tree");
            }
        }
    }

    /// Whether an element is a length of time that is no age and belongs to no name (`6-minute walk`).
    fn is_length(&self, i: usize) -> bool {
        let named = matches!(self.what(i + 1), What::Word | What::Named(_) | What::Var(_) | What::Dash);
        self.time(i).is_some_and(|quant| !quant.age && (!quant.bare || !named))
    }

    fn values_of_time(&self, i: usize) -> impl Iterator<Item = Decimal> {
        let quant = self.time(i);
        let bounds = quant.map(|quant| [quant.lo, quant.hi]).unwrap_or_default();
        bounds.into_iter().flatten().map(|bound| bound.value)
    }
}

/// What a tree says of numbers, and where the words stand that it keeps.
#[derive(Default)]
struct Found {
    values: HashSet<Decimal>,
    spans: Vec<Span>,
}

impl Found {
    fn all(&mut self, node: &Node) {
        node.each(&mut |n| match &n.op {
            Op::Has(has) => {
                self.when(has.when.as_ref());
                self.bounds([has.count, None]);
                if has.concept.0.starts_with("text:") {
                    self.spans.push(n.span);
                }
            }
            Op::Cmp(cmp) => {
                self.when(cmp.when.as_ref());
                self.bounds([cmp.lo, cmp.hi]);
                self.extent(cmp.stable_for.as_ref());
            }
            Op::Coded(coded) => self.when(coded.when.as_ref()),
            Op::Exposure(exposure) => self.extent(Some(&exposure.duration)),
            Op::Change(change) => self.bounds([change.lo, change.hi]),
            Op::Washout { lo, .. } => self.bounds([Some(*lo), None]),
            Op::Human { .. } | Op::True { .. } | Op::Guideline { .. } => self.spans.push(n.span),
            _ => {}
        });
    }

    fn when(&mut self, when: Option<&When>) {
        self.values.extend(when.and_then(|when| when.window.as_ref()).map(|window| window.value));
    }

    fn extent(&mut self, extent: Option<&Extent>) {
        self.bounds(extent.map(|extent| [extent.lo, extent.hi]).unwrap_or_default());
    }

    fn bounds(&mut self, bounds: [Option<Bound>; 2]) {
        self.values.extend(bounds.into_iter().flatten().map(|bound| bound.value));
    }
}
