//! The limits of people's values, study by study on one axis.

use eligibility::{Eligibility, relax, tree::Bound};
use model::Decimal;
use vocabulary::{
    unit::{self, Unit},
    variable,
};

/// The values that a study lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// From.
    pub low: Option<Bound>,
    /// To.
    pub high: Option<Bound>,
}

impl Range {
    /// Whether no value is within it: the limits are for several groups, or were badly read, or are a mistake.
    pub fn is_empty(self) -> bool {
        matches!((self.low, self.high), (Some(low), Some(high))
            if low.value > high.value || low.value == high.value && !(low.incl && high.incl))
    }
}

/// A variable that some of the studies limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The unit of the limits, UCUM.
    pub unit: String,
    /// What each study lets in; `None` where it sets no limit.
    pub ranges: Vec<Option<Range>>,
}

/// Limits in one unit for each variable; those in a unit that does not convert stand apart.
pub(super) fn of<'e>(studies: impl Iterator<Item = &'e Eligibility>) -> Vec<Variable> {
    let studies: Vec<&Eligibility> = studies.collect();
    let mut out: Vec<Variable> = Vec::new();
    for (at, eligibility) in studies.iter().enumerate() {
        for limit in relax::limits(&eligibility.criteria.items) {
            let id = limit.var.0.to_string();
            let (value, unit) = canonical(&id, limit.bound.value, &limit.unit);
            let bound = Bound { value, ..limit.bound };
            let place = out.iter().position(|v| v.id == id && v.unit == unit).unwrap_or_else(|| {
                let name = variable::by_id(&id)
                    .map_or_else(|| id.trim_start_matches("text:").to_owned(), |v| v.name.to_owned());
                out.push(Variable { id, name, unit, ranges: vec![None; studies.len()] });
                out.len() - 1
            });
            let range = out[place].ranges[at].get_or_insert(Range { low: None, high: None });
            let side = if limit.upper { &mut range.high } else { &mut range.low };
            *side = side.map_or(Some(bound), |old| Some(narrower(old, bound, limit.upper)));
        }
    }
    let shared = |v: &Variable| v.ranges.iter().flatten().count();
    out.sort_by(|a, b| shared(b).cmp(&shared(a)).then_with(|| a.name.cmp(&b.name)));
    out
}

fn narrower(a: Bound, b: Bound, upper: bool) -> Bound {
    if (b.value < a.value) == upper { b } else { a }
}

/// A value in the variable's own unit, where it converts.
fn canonical(id: &str, value: Decimal, written: &str) -> (Decimal, String) {
    let known = variable::by_id(id).and_then(|variable| {
        let value = variable.canonical(value, unit::of(written)).ok()?.value;
        Some((value, variable.unit.map_or("", Unit::as_str).to_owned()))
    });
    known.unwrap_or_else(|| (value, written.to_owned()))
}
