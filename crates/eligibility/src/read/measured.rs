//! When values must have been measured: `hemoglobin > 10 g/dL within 14 days before registration`.
//!
//! The time stands behind a value, before it, behind the last of a list, or in the words that lead a list.

use super::around::only_values;
use super::cx::Cx;
use super::lexicon::Class;
use super::list::{Part, Tied};
use super::when::Read;
use crate::tree::{Kind, Node, Op, Relation, When};

impl Cx<'_> {
    /// `within 14 days before registration`: when a value must have been measured.
    pub fn time_of_values(&mut self, i: usize, read: &Read, nodes: &mut [Node]) {
        let timed = is_past_window(&read.when)
            && !read.longer_ago
            && nodes.last_mut().is_some_and(|node| measure(node, &read.when));
        if !timed {
            self.leave(i, read.end, "the time of the measurement is not part of the tree");
        } else if read.implicit {
            self.flag("implicit_reference", i, read.end, "from when is not printed");
        }
    }

    /// `within 14 days of registration, platelets > 100 and ...`, `steroids or radiotherapy, within 30 days`: a first or
    /// last part that is nothing but a time.
    pub fn time_of_all(&self, parts: &[Part]) -> Option<When> {
        let (first, second, mut last) = (parts.first()?, parts.get(1)?, parts.last()?);
        // `within 2 weeks before registration and during treatment`
        if let [.., before, _] = parts
            && self.is(last.a, Class::During)
            && self.window(last.a, last.b).is_some_and(|read| read.end >= last.b)
        {
            last = before;
        }
        let first = second.comma.then(|| self.only_a_time(first)).flatten();
        first.or_else(|| last.comma.then(|| self.only_a_time(last)).flatten())
    }

    fn only_a_time(&self, part: &Part) -> Option<When> {
        let begins = matches!(self.class(part.a), Some(Class::Within)) || self.time(part.a).is_some();
        let read = if begins { self.window(part.a, part.b)? } else { return None };
        let whole = read.end >= part.b && is_past_window(&read.when) && !read.longer_ago;
        whole.then_some(read.when)
    }

    /// The first time that reaches back in elements `a..b`, and where it begins.
    pub fn past_time(&self, a: usize, b: usize) -> Option<(usize, Read)> {
        let begins = |i: &usize| matches!(self.class(*i), Some(Class::Within)) || self.time(*i).is_some();
        let read = |i| Some((i, self.window(i, b)?));
        (a..b)
            .filter(begins)
            .find_map(read)
            .filter(|(_, read)| is_past_window(&read.when) && !read.longer_ago)
    }

    /// `any of the following within 6 months before enrollment:`
    pub fn lead_time(&self, a: usize, b: usize) -> Option<When> {
        let (at, read) = (a..b).find_map(|i| Some((i, self.window(i, b)?)))?;
        // `those with a stroke within 6 months must have:` is said of the stroke.
        if self.names_fact(a, at) {
            return None;
        }
        (is_past_window(&read.when) && !read.longer_ago).then_some(read.when)
    }
}

/// `platelets > 100, hemoglobin > 9 g/dL within 14 days`: the time behind the last value is that of those before it.
pub fn share_measured(nodes: &mut [Tied]) {
    let mut behind: Option<When> = None;
    for node in nodes.iter_mut().rev().map(|(node, _)| node) {
        let Some(node) = node.as_mut().filter(|node| only_values(node)) else {
            behind = None;
            continue;
        };
        match &behind {
            Some(when) => _ = measure(node, when),
            None => behind = time_measured(node),
        }
    }
}

/// When the last value of a node is measured.
fn time_measured(node: &Node) -> Option<When> {
    match &node.op {
        Op::Cmp(cmp) => cmp.when.clone(),
        Op::Coded(coded) => coded.when.clone(),
        _ => node.children().into_iter().rev().find_map(time_measured),
    }
}

/// Gives what a list asks for the time of its lead, where it has none.
pub fn in_time(node: &mut Node, when: &When) {
    measure(node, when);
    node.each_mut(&mut |node| {
        if let Op::Has(has) = &mut node.op
            && !matches!(has.kind, Kind::Status | Kind::Allergy)
            && has.when.as_ref().is_none_or(|own| own.relation == Relation::Ever)
        {
            has.when = Some(when.clone());
        }
    });
}

/// Whether a time is one that reaches back.
pub fn is_past_window(when: &When) -> bool {
    when.relation == Relation::Before && when.window.is_some()
}

/// Gives the values of a node that have no time the one at which they must have been measured; whether it has any.
/// Age and sex are not measured.
pub fn measure(node: &mut Node, when: &When) -> bool {
    let mut found = false;
    node.each_mut(&mut |node| {
        let slot = match &mut node.op {
            Op::Cmp(cmp) if is_measured(&cmp.var.0) => &mut cmp.when,
            Op::Coded(coded) if is_measured(&coded.var.0) => &mut coded.when,
            _ => return,
        };
        found = true;
        slot.get_or_insert_with(|| when.clone());
    });
    found
}

/// Whether a variable has values of one day and of another.
fn is_measured(var: &str) -> bool {
    let lasts =
        vocabulary::variable::by_id(var).is_some_and(|v| v.kind == vocabulary::variable::Kind::Duration);
    !matches!(var, "age" | "sex") && !lasts
}
