//! Whether one tree follows from another: all for whom the first holds are among those for whom the second holds.
//!
//! A proof, not a search: `true` is certain, `false` may mean that it was not seen. The work is bounded.

use crate::{
    catalogue::{Catalogue, days},
    interval::Region,
    meaning::{self, defined, numbers},
    tree::{Anchor, Bound, Change, Exposure, Extent, Has, Kind, Node, Op, Relation, When, Window},
};

/// Steps after which a proof is given up.
const FUEL: u32 = 4_000;
/// Depth after which a proof is given up.
const DEPTH: u32 = 60;

/// A tree and whether it must hold (or must not).
#[derive(Clone, Copy)]
pub(crate) struct Claim<'n> {
    pub node: &'n Node,
    pub holds: bool,
}

/// Whether `b` holds wherever `a` does.
pub(crate) fn implies(a: Claim<'_>, b: Claim<'_>, catalogue: &dyn Catalogue) -> bool {
    Proof { fuel: FUEL, catalogue }.implies(a, b, 0)
}

/// The outermost shape of a claim, negations drawn in.
enum Shape<'n> {
    All(&'n [Node], bool),
    Any(&'n [Node], bool),
    Leaf(Claim<'n>),
}

fn shape(claim: Claim<'_>) -> Shape<'_> {
    let node = defined(claim.node);
    let holds = claim.holds;
    match (&node.op, holds) {
        (Op::Not(arg), _) => shape(Claim { node: arg, holds: !holds }),
        (Op::And(args), true) | (Op::Or(args), false) => Shape::All(args, holds),
        (Op::And(args), false) | (Op::Or(args), true) => Shape::Any(args, holds),
        (Op::AtLeast { k, args }, _) if *k == 1 || *k as usize == args.len() => {
            if (*k == 1) == holds {
                Shape::Any(args, holds)
            } else {
                Shape::All(args, holds)
            }
        }
        _ => Shape::Leaf(Claim { node, holds }),
    }
}

struct Proof<'k> {
    fuel: u32,
    catalogue: &'k dyn Catalogue,
}

impl Proof<'_> {
    fn implies(&mut self, a: Claim<'_>, b: Claim<'_>, depth: u32) -> bool {
        if self.fuel == 0 || depth > DEPTH {
            return false;
        }
        self.fuel -= 1;
        let deeper = depth + 1;
        match (shape(a), shape(b)) {
            (Shape::Any(args, holds), _) => {
                args.iter().all(|node| self.implies(Claim { node, holds }, b, deeper))
            }
            (_, Shape::All(args, holds)) => {
                args.iter().all(|node| self.implies(a, Claim { node, holds }, deeper))
            }
            (Shape::All(args, holds), Shape::Any(others, other)) => {
                args.iter().any(|node| self.implies(Claim { node, holds }, b, deeper))
                    || others.iter().any(|node| self.implies(a, Claim { node, holds: other }, deeper))
            }
            (Shape::All(args, holds), Shape::Leaf(leaf)) => {
                args.iter().any(|node| self.implies(Claim { node, holds }, b, deeper))
                    || self.together(args, holds, leaf, Region::intersect, |all, of| all.is_subset(of))
            }
            (Shape::Leaf(leaf), Shape::Any(args, holds)) => {
                args.iter().any(|node| self.implies(a, Claim { node, holds }, deeper))
                    || self.together(args, holds, leaf, Region::union, |all, of| of.is_subset(all))
            }
            (Shape::Leaf(a), Shape::Leaf(b)) => self.leaf(a, b),
        }
    }

    /// Whether the values of all members of a list that are on the leaf's scale, taken together, are as asked.
    fn together(
        &self,
        args: &[Node],
        holds: bool,
        leaf: Claim<'_>,
        join: fn(&Region, &Region) -> Region,
        decide: fn(&Region, &Region) -> bool,
    ) -> bool {
        let Some((scale, of)) = self.region(leaf) else { return false };
        let members = args.iter().filter_map(|node| match shape(Claim { node, holds }) {
            Shape::Leaf(claim) => self.region(claim),
            _ => None,
        });
        let same = members.filter(|m| m.0 == scale).map(|m| m.1);
        same.reduce(|a, b| join(&a, &b)).is_some_and(|all| decide(&all, &of))
    }

    fn region(&self, claim: Claim<'_>) -> Option<(meaning::Scale, Region)> {
        let measured = numbers(claim.node, self.catalogue)?;
        let region = if claim.holds { measured.region } else { measured.region.complement() };
        Some((measured.scale, region))
    }

    fn leaf(&mut self, a: Claim<'_>, b: Claim<'_>) -> bool {
        if let (Some((x, of)), Some((y, all))) = (self.region(a), self.region(b))
            && x == y
        {
            return of.is_subset(&all);
        }
        match (&a.node.op, a.holds, &b.node.op, b.holds) {
            (_, _, Op::True { .. }, true) | (Op::True { .. }, false, ..) => true,
            (Op::Coded(x), true, Op::Coded(y), false) => {
                x.var == y.var
                    && x.specimen == y.specimen
                    && x.when == y.when
                    && meaning::words(x).is_disjoint(&meaning::words(y))
            }
            (_, true, _, true) => self.fact(a.node, b.node),
            (_, false, _, false) => self.fact(b.node, a.node),
            _ => false,
        }
    }

    fn fact(&mut self, a: &Node, b: &Node) -> bool {
        let holds = |node| Claim { node, holds: true };
        match (&a.op, &b.op) {
            (Op::Has(x), Op::Has(y)) => self.has(x, y),
            (Op::Coded(x), Op::Coded(y)) => {
                let specimen = y.specimen.is_none() || x.specimen == y.specimen;
                x.var == y.var
                    && specimen
                    && x.when == y.when
                    && meaning::words(x).is_subset(&meaning::words(y))
            }
            (Op::Exposure(x), Op::Exposure(y)) => self.exposure(x, y),
            (Op::Change(x), Op::Change(y)) => change(x, y),
            (
                Op::Order { first, then, allow_same_time },
                Op::Order { first: f, then: t, allow_same_time: s },
            ) => {
                (!allow_same_time || *s)
                    && self.implies(holds(first), holds(f), 1)
                    && self.implies(holds(then), holds(t), 1)
            }
            (Op::Abnormal { vars: x }, Op::Abnormal { vars: y }) => x.iter().all(|v| y.contains(v)),
            (Op::AtLeast { k: x, args: from }, Op::AtLeast { k: y, args: to }) => {
                x >= y && from.len() <= to.len() && from.iter().all(|arg| to.contains(arg))
            }
            _ => meaning::key(a) == meaning::key(b),
        }
    }

    fn has(&self, a: &Has, b: &Has) -> bool {
        let qualifiers = |h: &'_ Has| {
            [&h.severity, &h.control, &h.course, &h.certainty, &h.significance, &h.evidence, &h.form, &h.site]
                .map(Clone::clone)
        };
        let narrower = qualifiers(a).iter().zip(&qualifiers(b)).all(|(x, y)| y.is_none() || x == y);
        let count = at_least(a.count, b.count);
        let definition = match (&a.defined_by, &b.defined_by) {
            (_, None) => true,
            (Some(x), Some(y)) => meaning::key(x) == meaning::key(y),
            (None, Some(_)) => false,
        };
        let concept = a.concept == b.concept || self.catalogue.is_kind_of(&a.concept.0, &b.concept.0);
        a.kind == b.kind && concept && narrower && count && definition && when(a, b)
    }

    fn exposure(&mut self, a: &Exposure, b: &Exposure) -> bool {
        let holds = |node| Claim { node, holds: true };
        (a.concurrent || !b.concurrent)
            && lasts(&a.duration, &b.duration)
            && self.implies(holds(&a.to), holds(&b.to), 1)
    }
}

fn change(a: &Change, b: &Change) -> bool {
    let manner = |c: &Change| (c.var.clone(), c.increase, c.percent, c.from.clone(), c.unit.clone());
    let interval = |c: &Change| crate::interval::Interval::new(c.lo, c.hi);
    manner(a) == manner(b) && interval(a).is_subset(interval(b))
}

/// Whether one length of time is within another.
fn lasts(a: &Extent, b: &Extent) -> bool {
    let days = |e: &Extent| {
        let per = days(&e.unit)?;
        let end = |bound: Option<Bound>| match bound {
            Some(Bound { value, incl }) => value.checked_mul(per).map(|value| Some(Bound { value, incl })),
            None => Some(None),
        };
        Some(crate::interval::Interval::new(end(e.lo)?, end(e.hi)?))
    };
    match (days(a), days(b)) {
        (Some(a), Some(b)) => a.is_subset(b),
        _ => a == b,
    }
}

/// Whether one lower bound is at or above another.
fn at_least(a: Option<Bound>, b: Option<Bound>) -> bool {
    let interval = |lo| crate::interval::Interval::new(lo, None);
    interval(a).is_subset(interval(b))
}

/// Whether the time of one fact is within the time of another.
fn when(a: &Has, b: &Has) -> bool {
    let ((ra, wa, aa), (rb, wb, ab)) = (time(a.kind, a.when.as_ref()), time(b.kind, b.when.as_ref()));
    match (ra, rb) {
        (Relation::Ever | Relation::Current | Relation::Before, Relation::Ever) => true,
        (x, y) if x != y || aa != ab => false,
        _ => match (wa, wb) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(a), Some(b)) => reaches(a, b),
        },
    }
}

/// Relation, window and anchor, with what the notation takes for granted where nothing is printed.
pub(crate) fn time(kind: Kind, when: Option<&When>) -> (Relation, Option<&Window>, Anchor) {
    match when {
        Some(when) => (when.relation, when.window.as_ref(), when.anchor.unwrap_or(Anchor::Screening)),
        None if matches!(kind, Kind::Procedure | Kind::Event | Kind::Allergy) => {
            (Relation::Ever, None, Anchor::Screening)
        }
        None => (Relation::Current, None, Anchor::Screening),
    }
}

/// Whether a window lies within another of the same direction.
fn reaches(a: &Window, b: &Window) -> bool {
    let (x, y) = match (days(&a.unit), days(&b.unit)) {
        (Some(p), Some(q)) => match (a.value.checked_mul(p), b.value.checked_mul(q)) {
            (Some(x), Some(y)) => (x, y),
            _ => return false,
        },
        _ if a.unit == b.unit => (a.value, b.value),
        _ => return false,
    };
    x < y || x == y && (!a.incl || b.incl)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{catalogue::Builtin, notation};

    fn holds(a: &Value, b: &Value) -> bool {
        let (a, b) = (notation::read(a).unwrap(), notation::read(b).unwrap());
        let claim = |node| Claim { node, holds: true };
        implies(claim(&a), claim(&b), &Builtin)
    }

    fn age(lo: Option<i64>, hi: Option<i64>) -> Value {
        let mut out = json!({"op": "cmp", "var": "age", "unit": "a"});
        let bound = |value| json!({"value": value, "incl": true});
        lo.into_iter().for_each(|v| out["lo"] = bound(v));
        hi.into_iter().for_each(|v| out["hi"] = bound(v));
        out
    }

    fn has(concept: &str) -> Value {
        json!({"op": "has", "kind": "condition", "concept": concept, "text": concept})
    }

    fn with(mut node: Value, key: &str, value: Value) -> Value {
        node[key] = value;
        node
    }

    fn both(op: &str, a: Value, b: Value) -> Value {
        json!({"op": op, "args": [a, b]})
    }

    fn not(arg: Value) -> Value {
        json!({"op": "not", "arg": arg})
    }

    /// Holds one way, and not the other way round.
    fn one_way(narrow: &Value, wide: &Value) {
        assert!(holds(narrow, wide), "{narrow} => {wide}");
        assert!(!holds(wide, narrow), "{wide} => {narrow}");
    }

    #[test]
    fn narrower_follows() {
        one_way(&age(Some(20), Some(50)), &age(Some(18), None));
        one_way(&both("and", has("a"), has("b")), &has("a"));
        one_way(&has("a"), &both("or", has("a"), has("b")));
        one_way(&not(both("or", has("a"), has("b"))), &not(has("a")));
        one_way(&with(has("a"), "severity", json!("severe")), &has("a"));
        one_way(&has("a"), &with(has("a"), "when", json!({"relation": "ever"})));
        let within = |n: i64, unit: &str| {
            let window = json!({"value": n, "unit": unit, "incl": true});
            with(has("a"), "when", json!({"window": window, "relation": "before", "anchor": "screening"}))
        };
        one_way(&within(4, "wk"), &within(3, "mo"));
        one_way(&not(within(6, "mo")), &not(within(3, "mo")));
    }

    #[test]
    fn bounds_join() {
        let range = age(Some(18), Some(65));
        let halves = both("and", age(Some(18), None), age(None, Some(65)));
        assert!(holds(&range, &halves) && holds(&halves, &range));
        assert!(holds(&not(age(Some(66), None)), &age(None, Some(65))));
        assert!(holds(&age(Some(18), Some(65)), &both("or", age(None, Some(40)), age(Some(41), None))));
    }

    #[test]
    fn a_bomb_ends() {
        let mut a = has("a");
        let mut b = has("b");
        for _ in 0..40 {
            a = both("and", a.clone(), has("c"));
            b = both("or", b.clone(), has("d"));
        }
        assert!(!holds(&a, &b));
    }
}
