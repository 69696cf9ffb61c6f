//! A value that does not occur in people in the unit as printed.

use std::collections::BTreeSet;

use super::{Check, Input, Place, Report, Severity};
use crate::{
    tree::{Cmp, Node, Op},
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "implausible_unit",
    explanation: "A limit far outside what occurs in people is met by everybody or by nobody; most often the unit is another \
                  one.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    let mut told = BTreeSet::new();
    for (n, item) in input.criteria.items.iter().enumerate() {
        let Some(expr) = &item.expr else { continue };
        expr.each(&mut |node| {
            if let Op::Cmp(cmp) = &node.op
                && (cmp.repair.is_some() || outside(cmp, input))
            {
                tell(input, report, place(input, n, node), cmp);
                told.insert(n);
            }
        });
    }
    for (place, flag) in input.flags(CHECK.id) {
        if told.insert(place.item) {
            let remedy = flag.suggest.as_deref().unwrap_or("check the value and its unit");
            report.add(Severity::Warning, Some(place), format!("implausible: {}", flag.note)).remedy(remedy);
        }
    }
}

/// The flag's words if there is one, for they are the value and the unit alone.
fn place(input: &Input<'_>, item: usize, node: &Node) -> Place {
    let mut flags = input.flags(CHECK.id).into_iter().map(|(place, _)| place).filter(|p| p.item == item);
    match (flags.next(), flags.next()) {
        (Some(only), None) => only,
        _ => input.node(item, node),
    }
}

fn outside(cmp: &Cmp, input: &Input<'_>) -> bool {
    let Some(range) = input.catalogue.plausible(&cmp.var.0) else { return false };
    let ends = [cmp.lo, cmp.hi].into_iter().flatten();
    let mut values =
        ends.filter_map(|b| input.catalogue.convert(&cmp.var.0, b.value, &cmp.unit)).map(|v| v.0);
    values.any(|value| !value.is_zero() && !range.contains(value))
}

fn tell(input: &Input<'_>, report: &mut Report<'_>, place: Place, cmp: &Cmp) {
    let words = wording::cmp(cmp, input.catalogue);
    let remedy = match &cmp.repair {
        Some(repair) => format!("if{} is meant, write that", wording::unit(&repair.unit)),
        None => "check the value and its unit".to_owned(),
    };
    report.add(Severity::Warning, Some(place), format!("`{words}` does not occur in people")).remedy(remedy);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn clean() {
        finds(&CHECK, &[("exclusion: Hemoglobin < 10 g/dL", cmp("hemoglobin", "", "<10", "g/dL"))], &[]);
    }

    #[test]
    fn flagged() {
        let canonical = json!({"value": 9, "unit": "g/dL"});
        let repair = json!({"unit": "g/dL", "canonical": canonical, "confidence": "high"});
        let low = with(cmp("hemoglobin", "", "<9", "mg/dL"), "repair", repair);
        let low = with(low, "flags", json!({"implausible_unit": "9 mg/dL"}));
        let low = [("exclusion: Hemoglobin below 9 mg/dL", low)];
        finds(&CHECK, &low, &["warning `9 mg/dL` `haemoglobin < 9 mg/dL` does not occur in people"]);
        let high = [("exclusion: Potassium above 55 mmol/L", cmp("potassium", ">55", "", "mmol/L"))];
        let expected =
            ["warning `Potassium above 55 mmol/L` `potassium > 55 mmol/L` does not occur in people"];
        finds(&CHECK, &high, &expected);
        let found = findings(&CHECK, &low, &crate::stated::Stated::default());
        assert_eq!(found[0].remedy, "if g/dL is meant, write that");
    }
}
