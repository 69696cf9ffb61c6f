//! Words that can belong to one thing or to another.

use std::collections::BTreeSet;

use super::{Check, Input, Report, Severity};
use crate::tree::Op;

pub(super) const CHECK: Check = Check {
    id: "ambiguous_scope",
    explanation: "Where a word can belong to one member of a list or to all of it, two readers let different people in.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    const REMEDY: &str = "repeat the word where it belongs, or put each member on a line of its own";
    let mut told = BTreeSet::new();
    for (place, flag) in input.flags(CHECK.id) {
        told.insert(place.item);
        let message = format!("`{}` can be read in two ways: {}", flag.text, flag.note);
        report.add(Severity::Warning, Some(place), message).remedy(REMEDY);
    }
    for (n, item) in input.criteria.items.iter().enumerate() {
        let lost = item.flags.iter().any(|f| f.code == super::lost_comparator::CHECK.id);
        let Some(expr) = item.expr.as_ref().filter(|_| !lost && !told.contains(&n)) else { continue };
        expr.each(&mut |node| {
            if matches!(node.op, Op::Ambiguous(_)) {
                let place = Some(input.node(n, node));
                report
                    .add(Severity::Warning, place, "this can be read in two ways".to_owned())
                    .remedy(REMEDY);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn clean() {
        let both = list("or", &[has("stroke", "stroke"), has("angina", "angina")]);
        finds(&CHECK, &[("exclusion: Severe stroke, any angina", both)], &[]);
    }

    #[test]
    fn flagged() {
        let readings =
            || list("ambiguous", &[has("infection", "infections"), has("foot_infection", "infections")]);
        let flagged = with(readings(), "flags", json!({"ambiguous_scope": "infections"}));
        let text = "exclusion: Ulcers of the foot, infections";
        let expected = ["warning `infections` `infections` can be read in two ways: two readings"];
        finds(&CHECK, &[(text, flagged)], &expected);
        let expected = ["warning `infections` this can be read in two ways"];
        finds(&CHECK, &[(text, with(readings(), "at", "infections".into()))], &expected);
    }
}
