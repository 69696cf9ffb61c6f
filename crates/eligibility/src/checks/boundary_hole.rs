//! Values at the edge that an inclusion and an exclusion both miss, or both name.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Check, Input, Place, Report, Severity};
use crate::{
    interval::{Interval, Region},
    meaning::{Scale, asserted, defined, numbers},
    tree::Op,
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "boundary_hole",
    explanation: "Where an inclusion and an exclusion draw one line, every value should be on one side of it; sites decide \
                  differently about a value that is on neither side or on both.",
    run,
};

/// The lines drawn through one variable.
struct Lines {
    included: Region,
    excluded: Region,
    first: Option<Place>,
    last: Option<Place>,
    /// The units as printed.
    units: BTreeSet<String>,
}

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    for (scale, lines) in lines(input) {
        let (Some(inside), Some(outside)) = (lines.first, lines.last) else { continue };
        let name = wording::name(&scale.var, input.catalogue);
        let words = |gap: Interval| {
            let gap = if scale.steps { gap.out_of_steps() } else { gap };
            format!("{name} {gap}{}", wording::unit(&scale.unit))
        };
        for gap in holes(&lines) {
            let severity = if one(gap, &scale) { Severity::Warning } else { Severity::Note };
            report
                .add(severity, Some(outside), format!("{} is neither included nor excluded", words(gap)))
                .other(Some(inside))
                .remedy("let the two criteria meet: one of them should name the value itself");
        }
        let both = lines.included.intersect(&lines.excluded);
        for edge in
            both.intervals().iter().filter(|i| one(**i, &scale) && !lines.excluded.intervals().contains(i))
        {
            report
                .add(
                    Severity::Warning,
                    Some(outside),
                    format!("{} is both included and excluded", words(*edge)),
                )
                .other(Some(inside))
                .remedy("take the value itself out of one of the two criteria");
        }
    }
}

fn lines(input: &Input<'_>) -> BTreeMap<Scale, Lines> {
    let mut out: BTreeMap<Scale, Lines> = BTreeMap::new();
    for part in asserted(&input.criteria.items) {
        let node = defined(part.node);
        let Some(measured) = numbers(node, input.catalogue) else { continue };
        let lines = out.entry(measured.scale).or_insert_with(|| Lines {
            included: Region::whole(),
            excluded: Region::of([]),
            first: None,
            last: None,
            units: BTreeSet::new(),
        });
        if let Op::Cmp(cmp) = &node.op {
            lines.units.insert(cmp.unit.clone());
        }
        let place = Some(input.node(part.item, node));
        if part.required {
            lines.included = lines.included.intersect(&measured.region);
            lines.first = lines.first.or(place);
        } else {
            lines.excluded = lines.excluded.union(&measured.region);
            lines.last = lines.last.or(place);
        }
    }
    out
}

/// What lies between the included and the excluded values.
fn holes(lines: &Lines) -> Vec<Interval> {
    let neither = lines.included.union(&lines.excluded).complement();
    let between = |gap: &&Interval| {
        let touches = |region: &Region| {
            region.intervals().iter().any(|i| i.hi.map(|b| b.value) == gap.lo.map(|b| b.value))
        };
        let above = |region: &Region| {
            region.intervals().iter().any(|i| i.lo.map(|b| b.value) == gap.hi.map(|b| b.value))
        };
        gap.lo.is_some()
            && gap.hi.is_some()
            && (touches(&lines.included) && above(&lines.excluded)
                || touches(&lines.excluded) && above(&lines.included))
    };
    // 126 mg/dL and 7 mmol/L are meant to be the same glucose.
    let rounding = |gap: &Interval| lines.units.len() > 1 && narrow(*gap);
    neither.intervals().iter().filter(between).filter(|g| !rounding(g)).copied().collect()
}

/// Whether an interval is narrower than what rounding does to a converted limit.
fn narrow(gap: Interval) -> bool {
    let (Some(lo), Some(hi)) = (gap.lo, gap.hi) else { return false };
    let width = hi.value.checked_sub(lo.value).zip(hi.value.abs().checked_mul(Decimal::new(3, 2)));
    width.is_some_and(|(width, most)| width.abs() < most)
}

/// Whether there is one value only.
fn one(interval: Interval, scale: &Scale) -> bool {
    let interval = if scale.steps { interval.out_of_steps() } else { interval };
    interval.single().is_some()
}

#[cfg(test)]
mod tests {
    use super::{super::example::*, *};

    #[test]
    fn clean() {
        let pair = [
            ("inclusion: Aged 18 to 65", cmp("age", "≥18", "≤65", "a")),
            ("exclusion: Older than 65", cmp("age", ">65", "", "a")),
        ];
        finds(&CHECK, &pair, &[]);
        let pair = [
            ("inclusion: HbA1c from 7 %", cmp("hba1c", "≥7", "", "%")),
            ("exclusion: HbA1c above 12 %", cmp("hba1c", ">12", "", "%")),
        ];
        finds(&CHECK, &pair, &[]);
        let glucose = [
            ("inclusion: Glucose below 126 mg/dL", cmp("glucose_fasting", "", "<126", "mg/dL")),
            ("exclusion: Glucose from 7 mmol/L", cmp("glucose_fasting", "≥7", "", "mmol/L")),
        ];
        finds(&CHECK, &glucose, &[]);
    }

    #[test]
    fn flagged() {
        let pair = [
            ("inclusion: Potassium > 5 mmol/L", cmp("potassium", ">5", "", "mmol/L")),
            ("exclusion: Potassium < 5 mmol/L", cmp("potassium", "", "<5", "mmol/L")),
        ];
        let expected =
            ["warning `Potassium < 5 mmol/L` potassium exactly 5 mmol/L is neither included nor excluded"];
        finds(&CHECK, &pair, &expected);
        let pair = [
            ("inclusion: Aged up to 64", cmp("age", "", "≤64", "a")),
            ("exclusion: Older than 65", cmp("age", ">65", "", "a")),
        ];
        let expected = ["warning `Older than 65` age exactly 65 years is neither included nor excluded"];
        finds(&CHECK, &pair, &expected);
        let pair = [
            ("inclusion: NYHA class II or lower", cmp("nyha", "", "≤2", "{class}")),
            ("exclusion: NYHA class II or higher", cmp("nyha", "≥2", "", "{class}")),
        ];
        let expected = [
            "warning `NYHA class II or higher` NYHA functional class exactly 2 is both included and excluded",
        ];
        finds(&CHECK, &pair, &expected);
    }
}
