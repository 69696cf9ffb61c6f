//! Values of men and of women: `haemoglobin < 13 g/dL in men or < 12 g/dL in women`; of people of an age: `CD4 > 200
//! (ages 2-5) or > 100 (over 5)`.
//!
//! While a text is read, `sex and value` stays a node of its own; [`settle`] joins it with its neighbours when the
//! whole item is known: cases of both sexes are alternatives, a case by itself says nothing of the other sex.

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::lexicon::Class;
use crate::tree::{Node, Op, Rule};

/// The rule of a value that holds for one sex or an age: nothing is said of others.
pub const CASE: Rule = Rule("structure.sex_case");
/// The rule of people of one sex: nobody else is meant.
pub const PEOPLE: Rule = Rule("structure.people");

impl Cx<'_> {
    /// The sex that a value at `x..y` is for, named before it (`in women: < 12`) or behind it (`< 12 in women`),
    /// and the element behind what names it.
    pub fn sex_case(&mut self, x: usize, y: usize, a: usize, b: usize) -> Option<(Node, usize)> {
        let mut i = self.behind_conversion(y, b);
        let from = i;
        while i < b && i < from + 2 && self.introduces_sex(i) {
            i += 1;
        }
        if let Some(sex) = self.one_sex(i, a, b) {
            return Some((sex, i + 1));
        }
        let at = (a..x).find(|&i| self.is_sex(i))?;
        if at > a && self.introduces_sex(at - 1) { self.one_sex(at, a, b).map(|sex| (sex, y)) } else { None }
    }

    /// The place behind a bracket that only repeats a value in another unit: `1.5 mg/dL (132 umol/L) for men`.
    fn behind_conversion(&self, y: usize, b: usize) -> usize {
        if !matches!(self.what(y), What::Open) {
            return y;
        }
        let close = self.close(y, b);
        let value = |i: usize| matches!(self.what(i), What::Quant(q) if !self.e.quants[q as usize].is_time());
        let only = close > y + 2 && (y + 1..close - 1).all(value);
        if only { close } else { y }
    }

    fn introduces_sex(&self, i: usize) -> bool {
        matches!(self.what(i), What::Open | What::Lex(Class::If | Class::ForTime, _))
            || self.word_is(i, &["in", "for", "among"])
    }

    fn is_sex(&self, i: usize) -> bool {
        matches!(self.what(i), What::Var(v) if v.id == "sex") && !self.is(i, Class::TrueSex)
    }

    /// The sex named at an element, if no other is named with it.
    fn one_sex(&mut self, i: usize, a: usize, b: usize) -> Option<Node> {
        let joins =
            |what: What| matches!(what, What::Slash | What::Lex(Class::And | Class::Or | Class::AndOr, _));
        if i >= b
            || !self.is_sex(i)
            || joins(self.what(i + 1)) && self.is_sex(i + 2)
            || i >= a + 2 && joins(self.what(i - 1)) && self.is_sex(i - 2)
        {
            return None;
        }
        self.sex(i)
    }
}

/// A node that holds for one sex.
pub fn of_sex(sex: Node, node: Node, rule: Rule) -> Node {
    if is_of_sex(&node, &sex) {
        return node;
    }
    let span = sex.span.join(node.span);
    Node { op: Op::And(vec![sex, node]), span, rule }
}

/// A value that holds for people of an age.
pub fn of_people(age: Node, node: Node) -> Node {
    let span = age.span.join(node.span);
    Node { op: Op::And(vec![age, node]), span, rule: CASE }
}

/// Whether a node asks for a sex already.
fn is_of_sex(node: &Node, sex: &Node) -> bool {
    match (&node.op, &sex.op) {
        (Op::And(args), _) => args.iter().any(|arg| is_of_sex(arg, sex)),
        (Op::Coded(coded), Op::Coded(sex)) => coded.var == sex.var && coded.values == sex.values,
        _ => false,
    }
}

/// Whether a node waits for [`settle`].
pub fn is_open(node: &Node) -> bool {
    (node.rule == CASE || node.rule == PEOPLE) && matches!(node.op, Op::And(_))
}

/// Joins what is said of one sex with what is said of the other.
pub fn settle(node: Node, inclusion: bool) -> Node {
    if !has_open(&node) {
        return any_sex(node);
    }
    any_sex(settled(node, inclusion, false))
}

/// `males and non-pregnant females`: nobody is both.
fn any_sex(node: Node) -> Node {
    let Op::And(args) = &node.op else { return node };
    let sex = |n: &Node| matches!(&n.op, Op::Coded(c) if &*c.var.0 == "sex" && c.values.len() == 1);
    let first = args.iter().find(|n| sex(n)).map(|n| n.op.clone());
    if first.is_none() || !args.iter().any(|n| sex(n) && !is_same_code(&n.op, first.as_ref())) {
        return node;
    }
    let (span, rule) = (node.span, node.rule);
    let Op::And(args) = node.op else { return node };
    let (sexes, mut rest): (Vec<Node>, Vec<Node>) = args.into_iter().partition(sex);
    rest.splice(0..0, join(sexes, true, "structure.case"));
    let fallback = Node { op: Op::And(Vec::new()), span, rule };
    join(rest, false, rule.0).map_or(fallback, |n| Node { span, ..n })
}

fn is_same_code(op: &Op, other: Option<&Op>) -> bool {
    match (op, other) {
        (Op::Coded(a), Some(Op::Coded(b))) => a.values == b.values,
        _ => false,
    }
}

fn has_open(node: &Node) -> bool {
    let mut found = false;
    node.each(&mut |n| found |= is_open(n));
    found
}

/// `either`: whether the node is one of several alternatives.
fn settled(node: Node, inclusion: bool, either: bool) -> Node {
    if is_open(&node) {
        return alone(node, inclusion && !either);
    }
    let (span, rule) = (node.span, node.rule);
    let (args, or) = match node.op {
        Op::And(args) => (args, false),
        Op::Or(args) => (args, true),
        op => return Node { op, span, rule },
    };
    let both = several_cases(&args);
    let mut cases = Vec::new();
    let mut nodes = Vec::new();
    let mut place = 0;
    for arg in args {
        if both && is_open(&arg) {
            if cases.is_empty() {
                place = nodes.len();
            }
            cases.push(alone(arg, false));
        } else {
            nodes.push(settled(arg, inclusion, or));
        }
    }
    if or {
        nodes.splice(place..place, cases);
    } else if let Some(cases) = join(cases, true, "structure.case") {
        nodes.insert(place, cases);
    }
    let fallback = || Node { op: Op::And(Vec::new()), span, rule };
    join(nodes, or, rule.0).map_or_else(fallback, |node| Node { span: span.join(node.span), ..node })
}

/// A case by itself, as a plain node. `free`: it asks nothing of the other sex.
fn alone(node: Node, free: bool) -> Node {
    let (span, case) = (node.span, node.rule == CASE);
    let Op::And(mut args) = node.op else { return node };
    let rule = Rule("structure.case");
    match (args.pop(), args.pop(), free && case) {
        (Some(value), Some(sex), true) => Node { op: Op::Or(vec![negate(sex), value]), span, rule },
        (Some(value), Some(sex), false) => join(vec![sex, value], false, rule.0)
            .map_or(Node { op: Op::And(args), span, rule }, |n| Node { span, ..n }),
        (last, _, _) => last.unwrap_or(Node { op: Op::And(args), span, rule }),
    }
}

/// Whether cases of different sexes or ages stand side by side.
fn several_cases(args: &[Node]) -> bool {
    let mut who = args.iter().filter(|n| is_open(n)).filter_map(|n| match &n.op {
        Op::And(parts) => parts.first().map(|who| &who.op),
        _ => None,
    });
    let other = |first: &Op, other: &Op| match (first, other) {
        (Op::Coded(a), Op::Coded(b)) => a.values != b.values,
        (Op::Cmp(a), Op::Cmp(b)) => (a.lo, a.hi) != (b.lo, b.hi),
        _ => false,
    };
    let first = who.next();
    first.is_some_and(|first| who.any(|next| other(first, next)))
}
