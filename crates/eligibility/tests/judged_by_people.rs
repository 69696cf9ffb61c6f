//! Checks and differences against a second reading: what each of some hundred invented people would be told.
#![allow(clippy::unwrap_used)]

use eligibility::{
    Criteria, Item, Node, Op,
    checks::{Severity, run},
    compare::{ChangeKind, diff},
    notation,
    stated::Stated,
    tree::{Bound, Code, Computable, Number, Polarity, Section, Span},
};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// All that is known of a person: a dose in half steps, a whole score, three conditions.
#[derive(Clone, Copy, Debug)]
struct Person {
    dose: Decimal,
    score: i64,
    has: [bool; 3],
}

fn people() -> Vec<Person> {
    let conditions = (0..8u8).map(|bits| [bits & 1 > 0, bits & 2 > 0, bits & 4 > 0]);
    let all = (-1..9i64).flat_map(|dose| (0..5i64).map(move |score| (Decimal::new(dose * 5, 1), score)));
    all.flat_map(|(dose, score)| conditions.clone().map(move |has| Person { dose, score, has })).collect()
}

fn within(value: Decimal, lo: Option<Bound>, hi: Option<Bound>) -> bool {
    lo.is_none_or(|b| value > b.value || b.incl && value == b.value)
        && hi.is_none_or(|b| value < b.value || b.incl && value == b.value)
}

fn holds(node: &Node, p: Person) -> bool {
    match &node.op {
        Op::And(args) => args.iter().all(|a| holds(a, p)),
        Op::Or(args) => args.iter().any(|a| holds(a, p)),
        Op::Not(arg) => !holds(arg, p),
        Op::AtLeast { k, args } => args.iter().filter(|a| holds(a, p)).count() >= *k as usize,
        Op::Cmp(c) if &*c.var.0 == "dose" => within(p.dose, c.lo, c.hi),
        Op::Cmp(c) => within(p.score.into(), c.lo, c.hi),
        Op::Coded(c) => c.values.contains(&Code::Integer(p.score)),
        Op::Has(h) => p.has[h.concept.0.parse::<usize>().unwrap()],
        other => panic!("{other:?}"),
    }
}

fn meets(item: &Item, p: Person) -> bool {
    holds(item.expr.as_ref().unwrap(), p) == (item.polarity == Some(Polarity::Require))
}

fn leaf() -> impl Strategy<Value = Value> {
    let bound = || prop::option::of((0..4i64, any::<bool>()));
    let has = (0..3usize).prop_map(|c| {
        json!({"op": "has", "kind": "condition", "concept": c.to_string(), "text": format!("condition {c}")})
    });
    let cmp = (any::<bool>(), bound(), bound()).prop_map(|(dose, lo, hi)| {
        let (var, unit) = if dose { ("dose", "mg") } else { ("scale", "{score}") };
        let mut out = json!({"op": "cmp", "var": var, "unit": unit});
        let lo = if lo.is_none() && hi.is_none() { Some((1, true)) } else { lo };
        for (key, bound) in [("lo", lo), ("hi", hi)] {
            bound.into_iter().for_each(|(v, incl)| out[key] = json!({"value": v, "incl": incl}));
        }
        out
    });
    let coded = prop::collection::btree_set(0..5i64, 1..3)
        .prop_map(|set| json!({"op": "coded", "var": "scale", "in": set, "text": "a score"}));
    prop_oneof![has, cmp, coded]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let args = || prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            args().prop_map(|args| json!({"op": "and", "args": args})),
            args().prop_map(|args| json!({"op": "or", "args": args})),
            (1..4u32, args()).prop_map(|(k, args)| {
                json!({"op": "at_least", "k": k.min(args.len() as u32), "of": args.len(), "args": args})
            }),
            inner.prop_map(|arg| json!({"op": "not", "arg": arg})),
        ]
    })
}

fn criteria(trees: &[(bool, Value)]) -> Criteria {
    let item = |(n, (forbid, tree)): (usize, &(bool, Value))| Item {
        section: if *forbid { Section::Exclusion } else { Section::Inclusion },
        number: Number::Counted(n as u32 + 1),
        span: Span { start: n as u32 * 10, end: n as u32 * 10 + 9 },
        source: format!("item {n:04}"),
        polarity: Some(if *forbid { Polarity::Forbid } else { Polarity::Require }),
        expr: Some(notation::read(tree).unwrap()),
        cohort: None,
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    };
    Criteria { items: trees.iter().enumerate().map(item).collect(), ..Criteria::default() }
}

fn any_criteria(most: usize) -> impl Strategy<Value = Criteria> {
    prop::collection::vec((any::<bool>(), tree()), 1..=most).prop_map(|trees| criteria(&trees))
}

/// A criterion, and the same with something done to it.
fn amended() -> impl Strategy<Value = (Criteria, Criteria)> {
    (any::<bool>(), tree(), leaf(), 0..4u8).prop_map(|(forbid, old, leaf, how)| {
        let (turned, new) = match how {
            0 => (forbid, json!({"op": "and", "args": [old, leaf]})),
            1 => (forbid, json!({"op": "or", "args": [leaf, old]})),
            2 => (!forbid, json!({"op": "not", "arg": old})),
            _ => (forbid, leaf),
        };
        (criteria(&[(forbid, old)]), criteria(&[(turned, new)]))
    })
}

fn told_truly(old: &Criteria, new: &Criteria) -> Result<(), TestCaseError> {
    let people = people();
    for change in diff(old, new) {
        let (Some(a), Some(b)) = (change.old, change.new) else { continue };
        let met = |item: &Item| people.iter().map(|p| meets(item, *p)).collect::<Vec<_>>();
        let (before, after) = (met(&old.items[a]), met(&new.items[b]));
        let no_one_lost = before.iter().zip(&after).all(|(x, y)| !x || *y);
        let no_one_won = before.iter().zip(&after).all(|(x, y)| *x || !y);
        match change.kind {
            ChangeKind::Widened => prop_assert!(no_one_lost, "{change:?}"),
            ChangeKind::Narrowed => prop_assert!(no_one_won, "{change:?}"),
            ChangeKind::Moved => prop_assert!(no_one_lost && no_one_won, "{change:?}"),
            _ => {}
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Widened means that all who could join still can, and so on; items that are not told did not change.
    #[test]
    fn changes_are_true(old in any_criteria(4), new in any_criteria(4)) {
        told_truly(&old, &new)?;
    }

    /// The same of one item that was amended.
    #[test]
    fn amendments_are_true((old, new) in amended()) {
        told_truly(&old, &new)?;
    }

    /// Where nothing but words is said to have changed, every person is told the same as before.
    #[test]
    fn only_words_means_only_words(old in any_criteria(3), new in any_criteria(3)) {
        let words = |kind| matches!(kind, ChangeKind::Moved | ChangeKind::Reworded);
        if diff(&old, &new).iter().all(|c| words(c.kind)) {
            for p in people() {
                let told = |c: &Criteria| c.items.iter().all(|i| meets(i, p));
                prop_assert_eq!(told(&old), told(&new), "{:?}", p);
            }
        }
    }

    /// Criteria that are said to contradict each other let nobody in.
    #[test]
    fn contradictions_are_true(criteria in any_criteria(5)) {
        let found = run(&criteria, &Stated::default());
        let wrong = found.iter().find(|f| f.severity == Severity::Error && f.check == "contradiction");
        if let Some(finding) = wrong {
            let joins = people().into_iter().find(|p| criteria.items.iter().all(|i| meets(i, *p)));
            prop_assert!(joins.is_none(), "{:?} may join, against {:?}", joins, finding);
        }
    }
}
