//! A measurement without a unit.

use super::{Check, Input, Report, Severity};
use crate::{tree::Op, wording};

pub(super) const CHECK: Check = Check {
    id: "missing_unit",
    explanation: "Laboratories report in different units; a bare number can be read in each of them.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    for (n, item) in input.criteria.items.iter().enumerate() {
        let Some(expr) = &item.expr else { continue };
        expr.each(&mut |node| {
            let Op::Cmp(cmp) = &node.op else { return };
            if cmp.unit.is_empty() && input.catalogue.needs_unit(&cmp.var.0) == Some(true) {
                let name = wording::name(&cmp.var.0, input.catalogue);
                report
                    .add(
                        Severity::Warning,
                        Some(input.node(n, node)),
                        format!("{name} has a value without a unit"),
                    )
                    .remedy("write the unit behind the number");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{super::example::*, *};

    #[test]
    fn clean() {
        finds(&CHECK, &[("inclusion: HbA1c of 7 % or more", cmp("hba1c", "≥7", "", "%"))], &[]);
        finds(&CHECK, &[("inclusion: MMSE of 20 or more", cmp("mmse", "≥20", "", "{score}"))], &[]);
    }

    #[test]
    fn flagged() {
        let glucose = with(cmp("glucose_fasting", "≥7", "", ""), "at", "glucose of 7".into());
        let expected = ["warning `glucose of 7` fasting plasma glucose has a value without a unit"];
        finds(&CHECK, &[("inclusion: Fasting glucose of 7 or more", glucose)], &expected);
    }
}
