//! Classes and ranges that nobody is of both.

use crate::tree::{Cmp, Code, Node, Op};

/// Whether two nodes are classes of one scale, or ranges of one value, that nobody is of both.
pub fn classes_apart(a: &Node, b: &Node) -> bool {
    match (&a.op, &b.op) {
        // `men of at least 18 years and children of 10 to 17 years`
        (Op::And(args), _) => args.last().is_some_and(|last| ranges_apart(last, b)),
        (Op::Cmp(_), _) => ranges_apart(a, b),
        (Op::Coded(a), Op::Coded(b)) => {
            let numbers = a.values.iter().chain(&b.values).all(|code| matches!(code, Code::Integer(_)));
            a.var == b.var && numbers && !a.values.iter().any(|code| b.values.contains(code))
        }
        _ => false,
    }
}

/// Whether two nodes are ranges of one value without a common part.
fn ranges_apart(a: &Node, b: &Node) -> bool {
    let (Op::Cmp(a), Op::Cmp(b)) = (&a.op, &b.op) else { return false };
    let below = |a: &Cmp, b: &Cmp| {
        a.hi.zip(b.lo)
            .is_some_and(|(hi, lo)| hi.value < lo.value || hi.value == lo.value && !(hi.incl && lo.incl))
    };
    // `at least 65 years and at most 18 years`: one range, whose ends were exchanged.
    let closed = |cmp: &Cmp| cmp.lo.is_some() && cmp.hi.is_some();
    let known = !a.var.0.starts_with("text:") && (closed(a) || closed(b));
    known && a.var == b.var && a.unit == b.unit && (below(a, b) || below(b, a))
}

/// How many values of one list are held against each other: more than any table has.
const LONGEST_TABLE: usize = 48;

/// Whether a tree asks for two ranges of one value at once, as a table read line by line does.
pub fn contradicts(node: &Node) -> bool {
    let mut found = false;
    node.each(&mut |n| {
        if let Op::And(args) = &n.op {
            let values = || args.iter().filter(|arg| matches!(arg.op, Op::Cmp(_))).take(LONGEST_TABLE);
            found |= values().enumerate().any(|(i, a)| values().take(i).any(|b| ranges_apart(a, b)));
        }
    });
    found
}
