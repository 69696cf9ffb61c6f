//! A range without a value: nobody can be within it.

use super::{Check, Input, Report, Severity};
use crate::{
    interval::Interval,
    meaning::measured,
    tree::{Field, Node, Op},
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "empty_range",
    explanation: "A range whose lower end lies above its upper end holds no value; as an inclusion nobody meets it, as an \
                  exclusion it excludes nobody.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    ages(input, report);
    for (n, item) in input.criteria.items.iter().enumerate() {
        let Some(expr) = &item.expr else { continue };
        expr.each(&mut |node| {
            if let Some(words) = empty(node, input) {
                let at = Some(input.node(n, node));
                report
                    .add(Severity::Error, at, format!("no value is {words}"))
                    .remedy("exchange the two ends, or correct the comparator that points the wrong way");
            }
        });
    }
}

/// The words of a range that holds nothing.
fn empty(node: &Node, input: &Input<'_>) -> Option<String> {
    match &node.op {
        Op::Cmp(cmp) if measured(cmp, input.catalogue).region.is_empty() => {
            Some(words(cmp.lo, cmp.hi, &cmp.unit))
        }
        Op::Change(c) if Interval::new(c.lo, c.hi).is_empty() => Some(words(c.lo, c.hi, &c.unit)),
        Op::Exposure(e) if Interval::new(e.duration.lo, e.duration.hi).is_empty() => {
            Some(words(e.duration.lo, e.duration.hi, &e.duration.unit))
        }
        _ => None,
    }
}

fn words(lo: Option<crate::tree::Bound>, hi: Option<crate::tree::Bound>, unit: &str) -> String {
    let unit = wording::unit(unit);
    format!("{}{unit} and {}{unit}", Interval::new(lo, None), Interval::new(None, hi))
}

fn ages(input: &Input<'_>, report: &mut Report<'_>) {
    let (Some(min), Some(max)) = (input.stated.min_age, input.stated.max_age) else { return };
    if min > max {
        let at = super::field_against_text::printed(input.criteria, Field::Age).map(|(n, _)| input.whole(n));
        report
            .add(Severity::Error, at, format!("the minimum age {min} is above the maximum age {max}"))
            .remedy("exchange the two fields");
    }
}

#[cfg(test)]
mod tests {
    use super::{super::example::*, *};
    use crate::stated::Stated;

    #[test]
    fn clean() {
        finds(&CHECK, &[("inclusion: Aged 18 to 65", cmp("age", "≥18", "≤65", "a"))], &[]);
        finds(&CHECK, &[("inclusion: Score of exactly 3", cmp("mrs", "≥3", "≤3", "{score}"))], &[]);
    }

    #[test]
    fn flagged() {
        let turned = with(cmp("age", "≥65", "≤18", "a"), "at", "65 to 18 years".into());
        let expected = ["error `65 to 18 years` no value is ≥ 65 years and ≤ 18 years"];
        finds(&CHECK, &[("inclusion: Aged 65 to 18 years", turned)], &expected);
        let between = cmp("age", ">17", "<18", "a");
        let expected = ["error `Older than 17, under 18` no value is > 17 years and < 18 years"];
        finds(&CHECK, &[("inclusion: Older than 17, under 18", between)], &expected);
    }

    #[test]
    fn flagged_fields() {
        let age = |text: &str| text.parse().ok();
        let stated = Stated { min_age: age("10 Years"), max_age: age("18 Months"), ..Stated::default() };
        assert_eq!(
            check(&CHECK, &[], &stated),
            ["error `` the minimum age 10 Years is above the maximum age 18 Months"]
        );
    }
}
