//! A fact and what a person says of it: `hypertension that would preclude the study`.

use super::cx::{Cx, join, negate};
use super::lexicon::Class;
use crate::tree::{Node, Op};

impl Cx<'_> {
    /// The head in elements `a..b`, and what a person says of it. Where the head is denied, what is denied is both
    /// together: `no hypertension that would preclude the study` is no such hypertension.
    pub fn judged(&mut self, a: usize, b: usize, human: Node, rule: &'static str) -> Option<Node> {
        let head = self.clause(a, b)?;
        // `not considered candidates ...` denies what stands behind it alone.
        let denied = (a..b).find(|&i| self.is(i, Class::Neg)).is_some_and(|i| {
            let words = self.read(i, i + 1).to_ascii_lowercase();
            words != "not" && words != "non" && !words.contains("fail") && words != "cannot"
        });
        let excepted = (a..b).any(|i| matches!(self.class(i), Some(Class::Except | Class::Excluding)));
        if denied && !excepted {
            both_denied(head, human, rule)
        } else {
            join(vec![head, human], false, rule)
        }
    }
}

fn both_denied(head: Node, human: Node, rule: &'static str) -> Option<Node> {
    match head.op {
        Op::Not(arg) => join(vec![*arg, human], false, rule).map(negate),
        Op::And(args) if matches!(args.last().map(|arg| &arg.op), Some(Op::Not(_))) => {
            // `no hypertension or diabetes that ...`: all that is denied in one go, back from the last.
            let from = args.iter().rposition(|arg| !matches!(arg.op, Op::Not(_))).map_or(0, |at| at + 1);
            let (mut before, mut denied) = (Vec::new(), Vec::new());
            for (i, arg) in args.into_iter().enumerate() {
                match arg.op {
                    Op::Not(inner) if i >= from => denied.push(*inner),
                    op => before.push(Node { op, ..arg }),
                }
            }
            let denied = join(denied, true, "structure.or")?;
            before.extend(join(vec![denied, human], false, rule).map(negate));
            join(before, false, "structure.and")
        }
        op => join(vec![Node { op, ..head }, human], false, rule),
    }
}
