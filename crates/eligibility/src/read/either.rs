//! `asthma and either A or B`: what stands behind "either" is one of several.

use super::cx::{Cx, join};
use super::lexicon::Class;
use super::list::{Link, Part, Tied};
use crate::tree::{Has, Kind, Node, Op, Rule};

impl Cx<'_> {
    /// Joins what stands from `either` to the parts behind its `or`, which "and" would tear apart.
    pub fn either(&self, nodes: &mut Vec<Tied>, parts: &[Part]) {
        if nodes.len() != parts.len() || nodes.len() < 3 {
            return;
        }
        let ors: Vec<bool> = nodes.iter().map(|(_, link)| matches!(link, Some((Link::Or, _)))).collect();
        let ors = |k: usize| ors.get(k).is_some_and(|or| *or);
        let mut i = parts.len();
        while i > 0 {
            i -= 1;
            if !self.says_either(&parts[i]) {
                continue;
            }
            let Some(or) = (i + 1..parts.len()).find(|&k| ors(k)) else { continue };
            let end = (or + 1..=parts.len()).find(|&k| !ors(k)).unwrap_or(or + 1);
            let members: Vec<_> = nodes.drain(i..end.min(nodes.len())).collect();
            let link = members.first().and_then(|(_, link)| *link);
            let either =
                join(members.into_iter().filter_map(|(node, _)| node).collect(), true, "structure.or");
            nodes.insert(i, (either, link));
        }
    }

    /// `patients with asthma, patients with psoriasis, and healthy volunteers`: people of several groups, of which nobody
    /// is of all.
    pub fn groups_apart(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let healthy = |has: &Has| &*has.concept.0 == "healthy_volunteer" && has.text.contains(' ');
        let (Some((Some(last), Some((Link::And, at)))), Some(part)) = (nodes.last(), parts.last()) else {
            return;
        };
        let ends = matches!(&last.op, Op::Has(has) if healthy(has));
        let sick = |(node, link): &Tied| {
            let disease = matches!(node, Some(Node { op: Op::Has(has), .. }) if has.kind == Kind::Condition);
            disease && matches!(link, None | Some((Link::And, _)))
        };
        let (at, b) = (*at, part.b);
        if self.or_by_default() || !ends || !nodes.iter().rev().skip(1).all(sick) {
            return;
        }
        self.flag("and_means_or", at, b, "and between groups of people");
        for (_, link) in nodes.iter_mut() {
            if let Some((kind, _)) = link {
                *kind = Link::Or;
            }
        }
    }

    /// Whether `and have` stands behind the choice that an `either` opened: `either A or B and have C`.
    pub fn is_behind_choice(&self, i: usize) -> bool {
        self.word_is(i, &["and have", "and has"])
            && (0..i)
                .rev()
                .find(|&k| self.is(k, Class::Or))
                .is_some_and(|or| (0..or).any(|k| self.is(k, Class::Skip) && self.word_is(k, &["either"])))
    }

    fn says_either(&self, part: &Part) -> bool {
        // What stands before the first part and says nothing has been left out of it.
        let before = (0..part.a).rev().take_while(|&i| self.is(i, Class::Skip));
        (part.a..part.b).chain(before).any(|i| self.is(i, Class::Skip) && self.word_is(i, &["either"]))
    }

    /// A list of which one is enough, and what stands behind a comma: said of each, unless it may be another member.
    pub fn with_those_of_all(&mut self, either: Node, of_all: Vec<Node>, a: usize, b: usize) -> Option<Node> {
        let diseases = matches!(&either.op, Op::Or(args) if args.iter().all(is_bare_disease));
        if diseases && !of_all.is_empty() && of_all.iter().all(is_bare_disease) {
            return self.one_more_or_of_all(either, of_all, a, b);
        }
        join(std::iter::once(either).chain(of_all).collect(), false, "structure.and")
    }

    /// `melanoma or sarcoma, glioma`: another member of the list, or said of each.
    fn one_more_or_of_all(&mut self, either: Node, more: Vec<Node>, a: usize, b: usize) -> Option<Node> {
        self.flag("ambiguous_scope", a, b, "behind the comma: another of the list, or asked for as well");
        self.leave(a, b, "whether what stands behind the comma is another way to be so");
        let parts = || std::iter::once(either.clone()).chain(more.iter().cloned()).collect();
        let any = join(parts(), true, "structure.or")?;
        let all = join(parts(), false, "structure.and")?;
        let span = any.span;
        Some(Node { op: Op::Ambiguous(vec![any, all]), span, rule: Rule("structure.or") })
    }
}

/// Whether a node is a disease of which nothing is said but its name.
fn is_bare_disease(node: &Node) -> bool {
    matches!(&node.op, Op::Has(has) if has.kind == Kind::Condition
        && has.when.is_none()
        && !has.concept.0.starts_with("text:"))
}
