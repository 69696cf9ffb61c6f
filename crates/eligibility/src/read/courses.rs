//! How long something was taken, printed once before or behind a list: `A, B or C for more than 7 days`.

use super::cx::Cx;
use super::elements::What;
use super::list::{Link, Part, Tied};
use crate::tree::{Exposure, Kind, Node, Op, Relation, When};

/// How many words a name of no vocabulary has at most.
const LONGEST_NAME: usize = 3;

impl Cx<'_> {
    /// Says of the drugs before the last of a list how long it was taken, if nothing else tells when they were.
    pub fn share_course(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let mut behind: Option<Exposure> = None;
        for ((node, link), part) in nodes.iter_mut().zip(parts).rev() {
            let Some(node) = node else { continue };
            let opens = self.has_own_verb(part.a, part.b);
            if let Some(own) = course(node) {
                let last = self.length_behind_name(part);
                behind = (!opens && last && matches!(link, Some((Link::Or | Link::And | Link::AndOr, _))))
                    .then(|| own.clone());
                continue;
            }
            match &behind {
                Some(own) if is_drug(fact(node)) => lengthen(node, own),
                _ => behind = None,
            }
            if opens {
                behind = None;
            }
        }
    }

    /// Says it of those behind the first, where it stands before that: `more than 3 days of A, B or C`.
    pub fn share_course_ahead(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let Some((Some(first), _)) = nodes.first() else { return };
        let Some(own) = course(first).cloned() else { return };
        if nodes.len() != parts.len() || self.length_behind_name(&parts[0]) {
            return;
        }
        let rest = nodes.iter_mut().zip(parts).skip(1);
        let plain = |(node, link): &Tied, part: &Part| {
            let joined = matches!(link, Some((Link::Or | Link::And | Link::AndOr, _)));
            let drug = node.as_ref().is_some_and(|node| is_drug(fact(node)));
            joined && drug && !self.has_own_verb(part.a, part.b)
        };
        for (tied, part) in rest {
            if !plain(tied, part) {
                break;
            }
            tied.0.iter_mut().for_each(|node| lengthen(node, &own));
        }
    }

    /// Whether the name stands before the length of time.
    fn length_behind_name(&self, part: &Part) -> bool {
        let name = (part.a..part.b).find(|&i| matches!(self.what(i), What::Var(_) | What::Named(_)));
        let length = (part.a..part.b).find(|&i| matches!(self.what(i), What::Quant(_)));
        name.zip(length).is_some_and(|(name, length)| name < length)
    }
}

/// The course that a node is or denies, of one drug.
fn course(node: &Node) -> Option<&Exposure> {
    match &node.op {
        Op::Exposure(own) if is_drug(&own.to) => Some(own),
        Op::Not(arg) => course(arg),
        _ => None,
    }
}

/// What a node denies, or itself.
fn fact(node: &Node) -> &Node {
    match &node.op {
        Op::Not(arg) => arg,
        _ => node,
    }
}

fn is_drug(node: &Node) -> bool {
    let Op::Has(has) = &node.op else { return false };
    let once = has.when.as_ref().is_none_or(|when| {
        when.window.is_none() && matches!(when.relation, Relation::Ever | Relation::Current)
    });
    // Longer words of no vocabulary are a sentence of their own.
    let name = !has.concept.0.starts_with("text:") || has.text.split(' ').count() <= LONGEST_NAME;
    matches!(has.kind, Kind::Drug | Kind::DrugClass) && once && name
}

fn lengthen(node: &mut Node, own: &Exposure) {
    match &mut node.op {
        Op::Not(arg) => lengthen(arg, own),
        op => {
            let to = Node { op: op.clone(), span: node.span, rule: node.rule };
            *op = Op::Exposure(Box::new(Exposure { to, ..own.clone() }));
            node.rule = crate::tree::Rule("time.exposure");
        }
    }
}

/// `prior interferon with cisplatin or dacarbazine`: what was given together was given then.
pub fn given_with(head: &Node, rest: &mut Node) {
    let Op::Has(has) = &fact(head).op else { return };
    if matches!(has.kind, Kind::Drug | Kind::DrugClass | Kind::Treatment | Kind::Procedure)
        && let Some(when) = &has.when
    {
        given_then(rest, when);
    }
}

/// Gives the time of a treatment to the drugs it was done with.
pub fn given_then(node: &mut Node, when: &When) {
    match &mut node.op {
        Op::Has(has) if has.when.is_none() && matches!(has.kind, Kind::Drug | Kind::DrugClass) => {
            has.when = Some(when.clone());
        }
        Op::And(args) | Op::Or(args) => args.iter_mut().for_each(|arg| given_then(arg, when)),
        _ => {}
    }
}
