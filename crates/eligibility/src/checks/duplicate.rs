//! The same criterion twice, also once as inclusion and once, turned round, as exclusion.

use std::collections::HashMap;

use super::{Check, Input, Report, Severity};
use crate::{
    meaning::{demand, is_vague, part_key, parts},
    tree::{Node, Op, Section},
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "duplicate",
    explanation: "A criterion that stands twice is changed in one place and forgotten in the other at the next amendment.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    let mut items: HashMap<String, usize> = HashMap::new();
    let mut seen: HashMap<String, (usize, &Node)> = HashMap::new();
    for (n, item) in input.criteria.items.iter().enumerate() {
        let text = matches!(item.section, Section::Inclusion | Section::Exclusion);
        let restricts = item.expr.as_ref().is_some_and(|expr| match &expr.op {
            Op::True { .. } => false,
            Op::Not(arg) => !matches!(arg.op, Op::True { .. }),
            _ => true,
        });
        let Some(key) = demand(item).filter(|_| text && restricts) else { continue };
        if let Some(&first) = items.get(&key) {
            whole(input, report, first, n);
            continue;
        }
        items.insert(key, n);
        for part in parts(n, item).into_iter().filter(|p| says_something(p.node)) {
            let key = part_key(&part);
            match seen.get(&key) {
                Some(&(first, node)) if first != n => {
                    let words = wording::short(&wording::leaf(part.node, input.catalogue), 60);
                    report
                        .add(
                            Severity::Note,
                            Some(input.node(n, part.node)),
                            format!("`{words}` is said twice"),
                        )
                        .other(Some(input.node(first, node)))
                        .remedy("say it in one place");
                }
                Some(_) => {}
                None => {
                    seen.insert(key, (n, part.node));
                }
            }
        }
    }
}

fn whole(input: &Input<'_>, report: &mut Report<'_>, first: usize, second: usize) {
    let items = &input.criteria.items;
    let (a, b) = (&items[first], &items[second]);
    let message = if a.section == b.section {
        format!("says the same as {} {}", a.section, a.number)
    } else {
        format!("says, turned round, the same as {} {}", a.section, a.number)
    };
    report
        .add(Severity::Warning, Some(input.whole(second)), message)
        .other(Some(input.whole(first)))
        .remedy("delete one of the two");
}

/// Whether a part restricts anything that a record holds.
fn says_something(node: &Node) -> bool {
    !matches!(node.op, Op::True { .. } | Op::Human { .. } | Op::Ambiguous(_)) && !is_vague(node)
}

#[cfg(test)]
mod tests {
    use super::{super::example::*, *};

    #[test]
    fn clean() {
        let pair = [
            ("exclusion: Stroke", has("stroke", "Stroke")),
            ("exclusion: Severe stroke", with(has("stroke", "stroke"), "severity", "severe".into())),
        ];
        finds(&CHECK, &pair, &[]);
    }

    #[test]
    fn flagged() {
        let twice = [
            ("exclusion: Stroke or angina", list("or", &[has("stroke", "Stroke"), has("angina", "angina")])),
            ("exclusion: Angina, stroke", list("or", &[has("angina", "Angina"), has("stroke", "stroke")])),
        ];
        finds(&CHECK, &twice, &["warning `Angina, stroke` says the same as exclusion 1"]);
        let mirrored = [
            ("inclusion: No stroke", not(has("stroke", "stroke"))),
            ("exclusion: Stroke", has("stroke", "Stroke")),
        ];
        finds(&CHECK, &mirrored, &["warning `Stroke` says, turned round, the same as inclusion 1"]);
        let part = [
            ("exclusion: Stroke or angina", list("or", &[has("stroke", "Stroke"), has("angina", "angina")])),
            ("exclusion: Previous stroke", has("stroke", "stroke")),
        ];
        finds(&CHECK, &part, &["note `stroke` `stroke` is said twice"]);
    }
}
