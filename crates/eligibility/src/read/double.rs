//! A denial among the exclusions: `No prior liver transplant`.
//!
//! Read by the letter it excludes whoever never had one. Lists of exclusions often have lines that were meant as
//! requirements, so that both readings are kept; a record decides only where they agree.

use super::cx::{Cx, join, negate};
use super::flag;
use super::lexicon::Class;
use super::list::{Link, Part, Tied};
use crate::tree::{Flag, Has, Kind, Node, Op, Relation, Residue, Rule};

/// Words that begin a denial of what an exclusion would name by itself. `Lack of`, `without` and `non-` mean what
/// they say.
const DENIALS: [&str; 2] = ["no", "not"];

/// An exclusion that denies a disease or a treatment, in both readings.
pub fn settle(node: Node, source: &str, flags: &mut Vec<Flag>, residue: &mut Vec<Residue>) -> Node {
    let mut words = source.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|w| !w.is_empty());
    let first = words.find(|word| !word.eq_ignore_ascii_case("specifically")).unwrap_or_default();
    if !DENIALS.iter().any(|word| first.eq_ignore_ascii_case(word)) || !denies(&node) {
        return node;
    }
    if words.any(|word| CLEAR.iter().any(|clear| word.eq_ignore_ascii_case(clear))) {
        return node;
    }
    flags.push(flag("ambiguous_scope", first, "an exclusion that denies: excluded with it, or without it"));
    residue.push(Residue {
        text: source.to_owned(),
        reason: "a denial among exclusions: either may be meant".into(),
        unread: None,
    });
    let (span, rule) = (node.span, Rule("scope.double_denial"));
    let positive = affirmed(node.clone());
    Node { op: Op::Ambiguous(vec![node, positive]), span, rule }
}

impl Cx<'_> {
    /// `No patients with asthma; stroke; pregnancy`: behind a denial a disease alone may be denied as well, or asked for.
    pub fn denied_on(&mut self, a: usize, parts: &[(usize, usize)]) -> Option<Node> {
        let (first, rest) = parts.split_first()?;
        if self.or_by_default() || !self.is(a, Class::Neg) {
            return None;
        }
        let mut nodes: Vec<Node> = self.segment(first.0, first.1).into_iter().collect();
        for &(x, y) in rest {
            let Some(node) = self.segment(x, y) else { continue };
            if !is_barred(&node) {
                nodes.push(node);
                continue;
            }
            self.flag("ambiguous_scope", x, y, "behind a denial: denied as well, or asked for");
            let (span, rule) = (node.span, Rule("scope.denied_on"));
            nodes.push(Node { op: Op::Ambiguous(vec![denied(node.clone()), node]), span, rule });
        }
        join(nodes, false, "structure.semicolon")
    }
}

impl Cx<'_> {
    /// `no need of A or B`, where the denial was not carried on: neither, or not A or else B.
    pub fn neither_or_either(&mut self, nodes: &mut [Tied], parts: &[Part]) {
        let alternative = |link: &Option<(Link, usize)>| matches!(link, Some((Link::Or | Link::AndOr, _)));
        let mut at = 0;
        while at < nodes.len() {
            let is_denied = |node: &Option<Node>| matches!(node, Some(Node { op: Op::Not(_), .. }));
            let more = |(node, link): &&Tied| alternative(link) && node.as_ref().is_some_and(is_barred);
            let run = nodes[at + 1..].iter().take_while(more).count();
            if self.or_by_default() || run == 0 || !is_denied(&nodes[at].0) {
                at += 1;
                continue;
            }
            let all: Vec<Node> = (at..=at + run).filter_map(|i| nodes[i].0.take()).collect();
            let span = all.iter().skip(1).fold(all[0].span, |span, node| span.join(node.span));
            let mut neither = all.clone();
            neither.iter_mut().skip(1).for_each(|node| *node = denied(node.clone()));
            let readings = [Op::And(neither), Op::Or(all)];
            let rule = Rule("scope.denied_on");
            let readings = readings.map(|op| Node { op, span, rule: Rule("structure.or") });
            self.flag("ambiguous_scope", parts[at].a, parts[at + run].b, "denied on, or another way to be");
            nodes[at].0 = Some(Node { op: Op::Ambiguous(readings.into()), span, rule });
            at += run + 1;
        }
    }
}

/// None of what a node names.
fn denied(node: Node) -> Node {
    match node.op {
        Op::And(args) | Op::Or(args) => Node { op: Op::And(args.into_iter().map(negate).collect()), ..node },
        op => negate(Node { op, ..node }),
    }
}

/// Words with which a denial means what it says: who has no diagnosis is no patient.
const CLEAR: &[&str] =
    &["diagnosis", "diagnosed", "consent", "confirmed", "confirmation", "proven", "able", "willing"];

/// Whether all of a node is denied, and one of it is what an exclusion would name by itself.
fn denies(node: &Node) -> bool {
    match &node.op {
        // `No requirement for rifampin`
        Op::Not(arg) => is_barred(arg) || matches!(&arg.op, Op::Has(has) if is_known_need(has)),
        Op::And(args) => args.iter().all(|arg| matches!(arg.op, Op::Not(_))) && args.iter().any(denies),
        _ => false,
    }
}

fn is_known_need(has: &Has) -> bool {
    has.kind == Kind::Need && !has.concept.0.starts_with("text:")
}

fn is_barred(node: &Node) -> bool {
    match &node.op {
        Op::Has(has) => is_barred_fact(has),
        Op::And(args) | Op::Or(args) => args.iter().any(is_barred),
        _ => false,
    }
}

/// A known disease, treatment or state, or one that is said to be of before or now.
fn is_barred_fact(has: &Has) -> bool {
    let known = !has.concept.0.starts_with("text:");
    match has.kind {
        Kind::Finding | Kind::Need => false,
        Kind::Status => matches!(&*has.concept.0, "pregnancy" | "lactation"),
        _ if has.when.as_ref().is_some_and(|w| w.relation == Relation::Future) => false,
        _ => known || has.when.is_some() || has.control.is_some() || has.severity.is_some(),
    }
}

fn affirmed(node: Node) -> Node {
    match node.op {
        // `no cancer except of the skin`: the exception stays one.
        Op::And(mut args) if node.rule == Rule("scope.except") => {
            let base = args.remove(0);
            args.insert(0, negate(base));
            Node { op: Op::And(args), ..node }
        }
        Op::And(args) => Node { op: Op::Or(args.into_iter().map(negate).collect()), ..node },
        op => negate(Node { op, ..node }),
    }
}
