//! Values that are said to be normal, without a number: `bilirubin normal`, `AST and ALT within normal limits`.

use vocabulary::variable::Variable;

use super::cx::{Cx, join, negate};
use super::elements::What;
use super::kinds::Kinds;
use super::leaf::{Words, is_numeric};
use super::lexicon::Class;
use crate::tree::{Node, Op, Var};

/// Words that may stand beside `normal`.
const BESIDE: [&str; 16] = [
    "limit",
    "range",
    "within",
    "in",
    "the",
    "institutional",
    "laboratory",
    "reference",
    "level",
    "value",
    "serum",
    "count",
    "plasma",
    "function",
    "must be",
    "be",
];

impl Cx<'_> {
    /// Values that are within their reference ranges: a part that has nothing but variables and `normal`.
    pub fn normal_values(&mut self, a: usize, b: usize) -> Option<Node> {
        let measured = self.has(Kinds::NUMERIC.or(Kinds::of(&[Class::Panel])));
        if !measured || !(a..b).any(|i| self.is_normal(i)) {
            return None;
        }
        let mut named: Vec<(usize, Vec<Var>)> = Vec::new();
        for i in a..b {
            match self.what(i) {
                What::Var(v) if is_numeric(v) && has_range(v) => named.push((i, vec![Var(v.id.into())])),
                What::Lex(Class::Panel, ids) => {
                    named.push((i, ids.split(',').map(|id| Var(id.into())).collect()));
                }
                // `normal for age`
                What::Var(v) if v.id == "age" && i > a && self.word_is(i - 1, &["for"]) => {}
                What::Slash | What::Lex(Class::And | Class::Or | Class::AndOr | Class::Within, _) => {}
                _ if self.is_empty(i, i + 1) || self.is_normal(i) || self.word_is(i, &BESIDE) => {}
                _ => return None,
            }
        }
        let first = named.first()?.0;
        let from = (a..first).find(|&i| self.is_normal(i)).unwrap_or(first);
        let last = named.len() - 1;
        let nodes = (0..).zip(&named).map(|(n, (at, vars))| {
            let start = if n == 0 { from } else { *at };
            let end = if n == last { b } else { at + 1 };
            negate(self.node(Op::Abnormal { vars: vars.clone() }, start, end, "code.normal"))
        });
        let nodes: Vec<Node> = nodes.collect();
        self.leave(from, b, "no threshold: the laboratory's flag decides");
        // All of them are to be normal, whatever the `or` says; among the exclusions each that is normal excludes.
        join(nodes, self.or_by_default(), "structure.distribution")
    }

    /// Whether a word says that a value is normal, and not that it is a limit: `2 x normal`, `upper limit of normal`.
    fn is_normal(&self, i: usize) -> bool {
        const NORMAL: Words =
            Words::new(&["normal", "wnl", "normal limit", "normal range", "within normal limit"]);
        self.word_is_of(i, &NORMAL)
    }
}

/// Whether a variable is measured, so that there may be a reference range.
fn has_range(variable: &Variable) -> bool {
    variable.unit.is_some() && !matches!(variable.id, "age" | "weight" | "height")
}
