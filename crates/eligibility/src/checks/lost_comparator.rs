//! `= 18 years`: a comparator that lost its angle on the way.

use std::collections::BTreeSet;

use super::{Check, Input, Report, Severity};
use crate::{interval::Interval, tree::Op};

pub(super) const CHECK: Check = Check {
    id: "lost_comparator",
    explanation: "Signs such as ≥ and ≤ are often lost when text is copied, and an equals sign or nothing is left; taken at \
                  its word the limit would be met by one value only.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    const REMEDY: &str = "write the comparator in words: at least, at most, more than, less than";
    let mut told = BTreeSet::new();
    for (place, flag) in input.flags(CHECK.id) {
        told.insert(place.item);
        let message = format!("`{}`: at least or at most?", flag.text);
        report.add(Severity::Warning, Some(place), message).remedy(REMEDY);
    }
    for (n, item) in input.criteria.items.iter().enumerate().filter(|(n, _)| !told.contains(n)) {
        let Some(expr) = &item.expr else { continue };
        expr.each(&mut |node| {
            let Op::Cmp(cmp) = &node.op else { return };
            let place = input.node(n, node);
            let words = input.quote(place);
            let equals = words.contains('=') && !words.contains(['<', '>', '≥', '≤']);
            if equals && Interval::new(cmp.lo, cmp.hi).single().is_some() {
                let message = format!("`{}`: at least or at most?", words.trim());
                report.add(Severity::Warning, Some(place), message).remedy(REMEDY);
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
        finds(&CHECK, &[("inclusion: Age >= 18 years", cmp("age", "≥18", "", "a"))], &[]);
        finds(&CHECK, &[("inclusion: A modified Rankin score of 0", cmp("mrs", "≥0", "≤0", "{score}"))], &[]);
    }

    #[test]
    fn flagged() {
        let exact = cmp("age", "≥18", "≤18", "a");
        let expected = ["warning `Age = 18 years` `Age = 18 years`: at least or at most?"];
        finds(&CHECK, &[("inclusion: Age = 18 years", exact)], &expected);
        let readings = list("ambiguous", &[cmp("age", "≥18", "", "a"), cmp("age", "", "≤18", "a")]);
        let readings = with(readings, "flags", json!({"lost_comparator": "= 18 years"}));
        let expected = ["warning `= 18 years` `= 18 years`: at least or at most?"];
        finds(&CHECK, &[("inclusion: Age = 18 years", readings)], &expected);
    }
}
