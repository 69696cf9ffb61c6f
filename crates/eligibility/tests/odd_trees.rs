//! Trees that no text means, huge numbers, words that are not there: nothing fails.
#![allow(clippy::unwrap_used)]

use eligibility::{
    Criteria, Item,
    checks::{
        report::{Plain, Source, json as as_json, text as as_text},
        run,
    },
    compare::diff,
    notation,
    stated::{Sex, Stated},
    tree::{Computable, Flag, Number, Polarity, Residue, Section, Span},
};
use proptest::prelude::*;
use serde_json::{Value, json};

fn number() -> impl Strategy<Value = Value> {
    const WORDS: [&str; 7] = [
        "0",
        "-1",
        "18",
        "65.5",
        "79228162514264337593543950335",
        "-79228162514264337593543950335",
        "0.0000000000000000000000000001",
    ];
    prop::sample::select(&WORDS[..]).prop_map(|word| json!(word))
}

fn bound() -> impl Strategy<Value = Value> {
    (number(), any::<bool>()).prop_map(|(value, incl)| json!({"value": value, "incl": incl}))
}

fn leaf() -> impl Strategy<Value = Value> {
    let var = prop::sample::select(&["age", "hba1c", "glucose_fasting", "nyha", "sex", "text:x y"][..]);
    let unit =
        prop::sample::select(&["a", "mo", "mg/dL", "mmol/L", "%", "", "{ULN}", "{score}", "bogus"][..]);
    let cmp = (var.clone(), unit.clone(), bound(), bound(), any::<[bool; 3]>()).prop_map(
        |(var, unit, lo, hi, [low, high, canonical])| {
            let mut out = json!({"op": "cmp", "var": var, "unit": unit});
            low.then(|| out["lo"] = lo.clone());
            high.then(|| out["hi"] = hi);
            canonical.then(|| out["canonical"] = json!({"value": lo["value"], "unit": "g/L"}));
            out
        },
    );
    let coded = (var, any::<i64>())
        .prop_map(|(var, code)| json!({"op": "coded", "var": var, "in": [code, "female"], "text": ""}));
    let concept =
        prop::sample::select(&["stroke", "mesh:D003924", "mesh:D003920", "mesh:oops", "pregnancy"][..]);
    let has =
        (concept, number(), unit, any::<[bool; 2]>()).prop_map(|(concept, value, unit, [timed, count])| {
            let mut out = json!({"op": "has", "kind": "event", "concept": concept, "text": "é"});
            let window = json!({"value": value, "unit": unit, "incl": true});
            timed.then(|| out["when"] = json!({"relation": "before", "window": window}));
            count.then(|| out["count"] = json!({"lo": {"value": value, "incl": false}}));
            out
        });
    let human = Just(json!({"op": "human", "reason": "consent", "text": "says (ABC = nothing"}));
    prop_oneof![cmp, coded, has, human, Just(json!({"op": "true", "var": "sex", "text": "all"}))]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 16, 3, |inner| {
        let op = prop::sample::select(&["and", "or", "ambiguous"][..]);
        let duration = |lo| json!({"lo": lo, "unit": "mo"});
        prop_oneof![
            (op, prop::collection::vec(inner.clone(), 2..4))
                .prop_map(|(op, args)| json!({"op": op, "args": args})),
            (0..9u32, prop::collection::vec(inner.clone(), 1..4))
                .prop_map(|(k, args)| json!({"op": "at_least", "k": k, "args": args})),
            inner.clone().prop_map(|arg| json!({"op": "not", "arg": arg})),
            (inner.clone(), bound())
                .prop_map(move |(to, lo)| json!({"op": "exposure", "to": to, "duration": duration(lo)})),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| json!({"op": "order", "first": a, "then": b})),
            inner.prop_map(|arg| {
                json!({"op": "has", "kind": "condition", "concept": "x", "text": "x", "defined_by": arg})
            }),
        ]
    })
}

fn item() -> impl Strategy<Value = Item> {
    let source =
        prop::sample::select(&["", "é recent (ABC", "Age = 18 É", "QZX soon) (", "\u{1b}[31m ALL"][..]);
    let code = prop::sample::select(&["implausible_unit", "lost_comparator", "ambiguous_scope"][..]);
    let section = prop::sample::select(Section::ALL);
    (section, source, tree(), 0..40u32, 0..40u32, code).prop_map(
        |(section, source, tree, start, end, code)| Item {
            section,
            number: Number::Counted(start),
            span: Span { start, end },
            source: source.to_owned(),
            polarity: (end % 7 > 0).then_some(if section == Section::Exclusion {
                Polarity::Forbid
            } else {
                Polarity::Require
            }),
            expr: (end % 5 > 0).then(|| notation::read(&tree).unwrap()),
            cohort: None,
            computable: Computable::Partial,
            residue: vec![Residue { text: "soon".into(), reason: String::new(), unread: None }],
            flags: vec![Flag { code, text: "not there".into(), note: String::new(), suggest: None }],
        },
    )
}

fn criteria() -> impl Strategy<Value = Criteria> {
    prop::collection::vec(item(), 0..6).prop_map(|items| Criteria { items, ..Criteria::default() })
}

proptest! {
    #[test]
    fn nothing_fails(old in criteria(), new in criteria(), age in prop::option::of(0.0..1e300f64)) {
        let age = age.map(|value| model::Age { value, unit: model::AgeUnit::Months });
        let stated = Stated { min_age: age, max_age: age, sex: Some(Sex::Male), healthy_volunteers: Some(true), ..Stated::default() };
        let source = Source::new("odd", "é recent (ABC\nAge = 18 É\n");
        for finding in run(&old, &stated) {
            as_text(&finding, &source, &Plain);
            as_json(&finding, &source);
        }
        let changes = diff(&old, &new);
        prop_assert_eq!(&changes, &diff(&old, &new));
        prop_assert_eq!(diff(&old, &old), vec![]);
    }
}
