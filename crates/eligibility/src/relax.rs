//! Bounds of values moved so that more people fit: what a study would be like with a wider limit.
//!
//! A limit is meant from the people's side: `hba1c <= 13` lets in people with up to 13, whether the criterion asks for
//! `≤ 12` or rules out `> 12`. A bound is only ever moved outwards, so that nobody who was eligible is lost.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use vocabulary::{unit, variable};

use crate::interval::Interval;
use crate::tree::{Bound, Cmp, Item, Node, Op, Polarity, Var};

/// A limit of people's values, and where it is moved to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Of what.
    pub var: Var,
    /// Whether it is the upper limit.
    pub upper: bool,
    /// The values up to (or from) which people are let in.
    pub bound: Bound,
    /// UCUM unit; that of the criterion if it is not said.
    pub unit: Option<String>,
}

/// A limit that a study sets to people's values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Of what.
    pub var: Var,
    /// Whether it is an upper limit.
    pub upper: bool,
    /// The narrowest that is set.
    pub bound: Bound,
    /// UCUM unit, as printed.
    pub unit: String,
    /// The criteria that set it, by their places.
    pub places: Vec<usize>,
}

/// Criteria with a limit moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Relaxed {
    /// All criteria.
    pub items: Vec<Item>,
    /// Those that were changed, by their places.
    pub places: Vec<usize>,
}

/// Why a limit cannot be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The wish cannot be read.
    #[error("`{0}` is no limit: write a variable, a sign and a value, as in `hba1c <= 13 %` or `age >= 16`")]
    Unreadable(String),
    /// Nobody knows the variable.
    #[error("there is no variable `{0}`")]
    NoVariable(String),
    /// The study sets no such limit.
    #[error("the study sets no {} limit of {var}", if *upper { "upper" } else { "lower" })]
    NoLimit {
        /// Of what.
        var: Var,
        /// Whether an upper one was asked for.
        upper: bool,
    },
    /// The unit is none of the criterion's.
    #[error("the limit of {var} stands in `{needed}`: say it in that unit")]
    Unit {
        /// Of what.
        var: Var,
        /// The unit of the criterion.
        needed: String,
    },
    /// It would be narrower, or the same.
    #[error("the limit of {var} is {now} {unit} already: it can only be moved outwards")]
    NotWider {
        /// Of what.
        var: Var,
        /// The limit.
        now: Interval,
        /// Its unit.
        unit: String,
    },
}

/// So far away that no value is beyond it, and near enough to be converted.
const AWAY: i64 = 1_000_000_000_000;

impl Move {
    /// A limit taken away.
    pub fn away(var: Var, upper: bool) -> Self {
        let value = Decimal::from(if upper { AWAY } else { -AWAY });
        Self { var, upper, bound: Bound { value, incl: true }, unit: None }
    }

    /// Whether the limit is taken away.
    pub fn is_away(&self) -> bool {
        self.bound.value.abs() == Decimal::from(AWAY)
    }
}

impl FromStr for Move {
    type Err = Trouble;

    /// Reads `hba1c<=13`, `BMI < 40 kg/m2`, `age ≥ 16`.
    fn from_str(text: &str) -> Result<Self, Trouble> {
        let unreadable = || Trouble::Unreadable(text.to_owned());
        let at = text.find(['<', '>', '≤', '≥']).ok_or_else(unreadable)?;
        let (name, rest) = (text[..at].trim(), &text[at..]);
        let upper = rest.starts_with(['<', '≤']);
        let rest = rest.trim_start_matches(['<', '>', '≤', '≥']);
        let behind = rest.trim_start_matches('=');
        let incl = behind.len() < rest.len() || text[at..].starts_with(['≤', '≥']);
        let behind = behind.trim();
        let end =
            behind.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-'))).unwrap_or(behind.len());
        let value: Decimal = behind[..end].parse().map_err(|_| unreadable())?;
        let printed = behind[end..].trim();
        let unit = match printed {
            "" => None,
            _ => Some(unit::of(printed).ok_or_else(unreadable)?.as_str().to_owned()),
        };
        let known = variable::by_id(name).or_else(|| variable::named(name));
        let var = known
            .map(|variable| Var(variable.id.into()))
            .or_else(|| name.starts_with("text:").then(|| Var(name.into())));
        let var = var.ok_or_else(|| Trouble::NoVariable(name.to_owned()))?;
        Ok(Self { var, upper, bound: Bound { value, incl }, unit })
    }
}

impl fmt::Display for Move {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_away() {
            return write!(f, "{} without {} limit", self.var, if self.upper { "upper" } else { "lower" });
        }
        write!(f, "{} {}", self.var, allowed(self.upper, self.bound))?;
        self.unit.iter().filter(|unit| !unit.is_empty()).try_for_each(|unit| write!(f, " {unit}"))
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = Some(self.unit.clone());
        Move { var: self.var.clone(), upper: self.upper, bound: self.bound, unit }.fmt(f)
    }
}

/// The values that a limit lets in.
fn allowed(upper: bool, bound: Bound) -> Interval {
    if upper { Interval::new(None, Some(bound)) } else { Interval::new(Some(bound), None) }
}

/// The limits that criteria set, in the order of the criteria.
pub fn limits(items: &[Item]) -> Vec<Limit> {
    let mut limits: Vec<Limit> = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let mut item = item.clone();
        each_bound(&mut item, &mut |cmp, upper, inside| {
            let Some(bound) = end(cmp, upper, inside) else { return };
            let of = limits.iter_mut().find(|limit| limit.var == cmp.var && limit.upper == upper);
            let Some(limit) = of else {
                let (var, unit, places) = (cmp.var.clone(), cmp.unit.clone(), vec![place]);
                limits.push(Limit { var, upper, bound, unit, places });
                return;
            };
            if !limit.places.contains(&place) {
                limit.places.push(place);
            }
            if let Some(value) = converted(bound.value, &cmp.unit, &limit.unit) {
                let bound = Bound { value, ..bound };
                if is_wider(upper, limit.bound, bound) {
                    limit.bound = bound;
                }
            }
        });
    }
    limits
}

/// Criteria with a limit moved outwards.
pub fn relaxed(items: &[Item], wish: &Move) -> Result<Relaxed, Trouble> {
    let mut out = Relaxed { items: items.to_vec(), places: Vec::new() };
    let (mut narrower, mut unit) = (None, None);
    for (place, item) in out.items.iter_mut().enumerate() {
        let mut changed = false;
        each_bound(item, &mut |cmp, upper, inside| {
            let Some(now) = end(cmp, upper, inside).filter(|_| cmp.var == wish.var && upper == wish.upper)
            else {
                return;
            };
            let given = wish.unit.as_deref().unwrap_or(&cmp.unit);
            let Some(value) = converted(wish.bound.value, given, &cmp.unit) else {
                unit.get_or_insert_with(|| cmp.unit.clone());
                return;
            };
            let wanted = Bound { value, ..wish.bound };
            if is_wider(upper, wanted, now) {
                put(cmp, upper, inside, wanted);
                changed = true;
            } else {
                narrower.get_or_insert_with(|| (allowed(upper, now), cmp.unit.clone()));
            }
        });
        out.places.extend(changed.then_some(place));
    }
    let var = || wish.var.clone();
    match (out.places.is_empty(), narrower, unit) {
        (false, ..) => Ok(out),
        (true, Some((now, unit)), _) => Err(Trouble::NotWider { var: var(), now, unit }),
        (true, None, Some(needed)) => Err(Trouble::Unit { var: var(), needed }),
        (true, None, None) => Err(Trouble::NoLimit { var: var(), upper: wish.upper }),
    }
}

/// A value in another unit of the same kind.
fn converted(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    unit::convert(value, unit::of(from)?, unit::of(to)?)
}

/// Whether one limit lets in all that another one does, and more.
fn is_wider(upper: bool, wide: Bound, narrow: Bound) -> bool {
    wide != narrow && allowed(upper, narrow).is_subset(allowed(upper, wide))
}

/// Calls `found` with each bound of a value twice, as an upper limit and as a lower one, and whether those inside the
/// bound are let in. Bounds that are implausible as printed are left out: nobody is decided by them.
fn each_bound(item: &mut Item, found: &mut dyn FnMut(&mut Cmp, bool, bool)) {
    let inside = item.polarity != Some(Polarity::Forbid);
    if let Some(expr) = &mut item.expr {
        each_below(expr, inside, found);
    }
}

fn each_below(node: &mut Node, inside: bool, found: &mut dyn FnMut(&mut Cmp, bool, bool)) {
    if let Op::Cmp(cmp) = &mut node.op
        && cmp.repair.is_none()
    {
        found(cmp, true, inside);
        found(cmp, false, inside);
    }
    let inside = inside != matches!(node.op, Op::Not(_));
    node.children_mut().into_iter().for_each(|child| each_below(child, inside, found));
}

/// The limit that bounds set to people who are let in.
fn end(cmp: &Cmp, upper: bool, inside: bool) -> Option<Bound> {
    let bound = if upper == inside { cmp.hi } else { cmp.lo }?;
    Some(Bound { incl: bound.incl == inside, ..bound })
}

/// Puts a limit in the place of the one that is there.
fn put(cmp: &mut Cmp, upper: bool, inside: bool, wanted: Bound) {
    let bound = Some(Bound { incl: wanted.incl == inside, ..wanted });
    *(if upper == inside { &mut cmp.hi } else { &mut cmp.lo }) = bound;
    cmp.canonical = None;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::{Options, Reader};

    const TEXT: &str = "Inclusion Criteria:\n- Age 18 to 65 years\n- HbA1c of at most 12 %\n\n\
        Exclusion Criteria:\n- HbA1c > 12 %\n- Hemoglobin < 9 g/dL\n";

    fn items() -> Vec<Item> {
        Reader::new().read(TEXT, Options::default()).items
    }

    #[test]
    fn limits_are_those_of_the_people() {
        let shown: Vec<String> = limits(&items()).iter().map(Limit::to_string).collect();
        assert_eq!(shown, ["age ≤ 65 a", "age ≥ 18 a", "hba1c ≤ 12 %", "hemoglobin ≥ 9 g/dL"]);
        assert_eq!(limits(&items())[2].places, [1, 2]);
    }

    #[test]
    fn both_sides_of_a_limit_are_moved() {
        let found = relaxed(&items(), &"HbA1c<=13".parse().unwrap()).unwrap();
        assert_eq!(found.places, [1, 2]);
        assert_eq!(limits(&found.items)[2].to_string(), "hba1c ≤ 13 %");
        let below: Move = "hemoglobin ≥ 80 g/L".parse().unwrap();
        assert_eq!(limits(&relaxed(&items(), &below).unwrap().items)[3].to_string(), "hemoglobin ≥ 8 g/dL");
        let away = relaxed(&items(), &Move::away(Var("age".into()), false)).unwrap();
        assert_eq!(away.places, [0]);
    }

    #[test]
    fn what_cannot_be_moved_is_told() {
        let said = |text: &str| {
            text.parse().and_then(|wish: Move| relaxed(&items(), &wish)).unwrap_err().to_string()
        };
        assert_eq!(
            said("hba1c <= 11"),
            "the limit of hba1c is ≤ 12 % already: it can only be moved outwards"
        );
        assert_eq!(said("hba1c >= 5"), "the study sets no lower limit of hba1c");
        assert_eq!(
            said("hemoglobin >= 5 mmol/L"),
            "the limit of hemoglobin stands in `g/dL`: say it in that unit"
        );
        assert_eq!(said("gadgets < 3"), "there is no variable `gadgets`");
        for text in ["hba1c", "hba1c <= many", "hba1c <= 13 bananas", ""] {
            assert!(said(text).contains("is no limit"), "{text}: {}", said(text));
        }
    }
}
