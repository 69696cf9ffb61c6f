//! What changed between two versions of criteria.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use eligibility::{
    Criteria, Item,
    compare::{ChangeKind, diff},
    notation,
    tree::{Computable, Number, Polarity, Residue, Section, Span},
};
use serde_json::{Value, json};

/// Criteria from lines `section: text` and their trees.
fn criteria(items: &[(&str, Value)]) -> Criteria {
    let item = |(n, (line, tree)): (usize, &(&str, Value))| {
        let (section, source) = line.split_once(": ").unwrap();
        let section = Section::from_word(section).unwrap();
        let vague = tree["vague"].as_str();
        Item {
            section,
            number: Number::Counted(n as u32 + 1),
            span: Span::default(),
            source: source.to_owned(),
            polarity: Some(if section == Section::Exclusion { Polarity::Forbid } else { Polarity::Require }),
            expr: Some(notation::read(tree).unwrap()),
            cohort: None,
            computable: Computable::Resolved,
            residue: vague
                .map(|text| Residue { text: text.into(), reason: String::new(), unread: None })
                .into_iter()
                .collect(),
            flags: Vec::new(),
        }
    };
    Criteria { items: items.iter().enumerate().map(item).collect(), ..Criteria::default() }
}

/// Asserts what is different: `kind old new: what`, places from 1, `-` where there is none.
#[track_caller]
fn check(old: &[(&str, Value)], new: &[(&str, Value)], expected: &[&str]) {
    let place = |n: Option<usize>| n.map_or("-".to_owned(), |n| (n + 1).to_string());
    let changes = diff(&criteria(old), &criteria(new));
    let said: Vec<String> =
        changes.iter().map(|c| format!("{} {} {}: {}", c.kind, place(c.old), place(c.new), c.what)).collect();
    assert_eq!(said, expected);
}

fn cmp(var: &str, lo: &str, hi: &str, unit: &str) -> Value {
    let mut out = json!({"op": "cmp", "var": var, "unit": unit});
    for (key, text) in [("lo", lo), ("hi", hi)] {
        if let Ok(value) = text.trim_start_matches(['≥', '≤', '<', '>']).parse::<f64>() {
            out[key] = json!({"value": value, "incl": text.starts_with(['≥', '≤'])});
        }
    }
    out
}

fn has(concept: &str) -> Value {
    json!({"op": "has", "kind": "condition", "concept": concept, "text": concept})
}

fn with(mut node: Value, key: &str, value: Value) -> Value {
    node[key] = value;
    node
}

fn list(op: &str, args: &[Value]) -> Value {
    json!({"op": op, "args": args})
}

fn within(months: i64) -> Value {
    let window = json!({"value": months, "unit": "mo", "incl": true});
    with(has("stroke"), "when", json!({"window": window, "relation": "before", "anchor": "screening"}))
}

#[test]
fn nothing_changed() {
    let items =
        [("inclusion: Age 18 to 55", cmp("age", "≥18", "≤55", "a")), ("exclusion: Stroke", has("stroke"))];
    check(&items, &items, &[]);
    let dotted = [("inclusion: age  18 to 55.", items[0].1.clone()), ("exclusion: Stroke;", has("stroke"))];
    check(&items, &dotted, &[]);
}

#[test]
fn widened_and_narrowed() {
    check(
        &[("inclusion: Age 18 to 55", cmp("age", "≥18", "≤55", "a"))],
        &[("inclusion: Age 18 to 65", cmp("age", "≥18", "≤65", "a"))],
        &["widened 1 1: upper age 55 → 65 years"],
    );
    check(
        &[("exclusion: HbA1c > 12 %", cmp("hba1c", ">12", "", "%"))],
        &[("exclusion: HbA1c >= 12 %", cmp("hba1c", "≥12", "", "%"))],
        &["narrowed 1 1: lower Haemoglobin A1c > 12 → ≥ 12 %"],
    );
    check(
        &[("exclusion: Stroke within 3 months", within(3))],
        &[("exclusion: Stroke within 6 months", within(6))],
        &["narrowed 1 1: stroke: within 3 months before screening → within 6 months before screening"],
    );
    check(
        &[("exclusion: Severe asthma", with(has("asthma"), "severity", "severe".into()))],
        &[("exclusion: Asthma", has("asthma"))],
        &["narrowed 1 1: asthma: severity severe → any"],
    );
    check(
        &[("exclusion: Stroke or angina", list("or", &[has("stroke"), has("angina")]))],
        &[(
            "exclusion: Stroke, angina or asthma",
            list("or", &[has("stroke"), has("angina"), has("asthma")]),
        )],
        &["narrowed 1 1: with `asthma`"],
    );
    check(
        &[("inclusion: Stroke and angina", list("and", &[has("stroke"), has("angina")]))],
        &[("inclusion: Stroke or angina", list("or", &[has("stroke"), has("angina")]))],
        &["widened 1 1: all of them → any of them"],
    );
    check(
        &[("inclusion: NYHA II", json!({"op": "coded", "var": "nyha", "in": [2], "text": "NYHA II"}))],
        &[(
            "inclusion: NYHA II to III",
            json!({"op": "coded", "var": "nyha", "in": [2, 3], "text": "NYHA II"}),
        )],
        &["widened 1 1: NYHA functional class 2 → 2, 3"],
    );
}

#[test]
fn lengths_of_treatment() {
    let to = || json!({"op": "has", "kind": "drug", "concept": "metformin", "text": "metformin"});
    let course = |months: i64| {
        let duration = json!({"lo": {"value": months, "incl": true}, "unit": "mo"});
        json!({"op": "exposure", "to": to(), "duration": duration})
    };
    check(
        &[("inclusion: Metformin for 3 months", list("and", &[has("t2dm"), course(3)]))],
        &[("inclusion: Metformin for 6 months", list("and", &[has("t2dm"), course(6)]))],
        &["narrowed 1 1: time on metformin ≥ 3 months → ≥ 6 months"],
    );
}

#[test]
fn changed_both_ways() {
    check(
        &[("inclusion: Age 18 to 55", cmp("age", "≥18", "≤55", "a"))],
        &[("inclusion: Age 20 to 65", cmp("age", "≥20", "≤65", "a"))],
        &["changed 1 1: lower age 18 → 20 years; upper age 55 → 65 years"],
    );
    check(
        &[(
            "exclusion: Stroke soon after surgery",
            with(has("stroke"), "vague", "soon after surgery".into()),
        )],
        &[("exclusion: Stroke", has("stroke"))],
        &["changed 1 1: left to a person: `soon after surgery` → nothing"],
    );
}

#[test]
fn only_other_words() {
    check(
        &[("inclusion: Aged from 12 months", cmp("age", "≥12", "", "mo"))],
        &[("inclusion: One year and older", cmp("age", "≥1", "", "a"))],
        &["reworded 1 1: `Aged from 12 months` → `One year and older`"],
    );
    check(
        &[("exclusion: Stroke or angina", list("or", &[has("stroke"), has("angina")]))],
        &[(
            "exclusion: Angina; apoplexy",
            list("or", &[has("angina"), with(has("stroke"), "text", "x".into())]),
        )],
        &["reworded 1 1: `Stroke or angina` → `Angina; apoplexy`"],
    );
}

#[test]
fn added_removed_moved() {
    let no_stroke = json!({"op": "not", "arg": has("stroke")});
    check(
        &[
            ("inclusion: No stroke", no_stroke),
            ("inclusion: Asthma", has("asthma")),
            ("exclusion: Angina", has("angina")),
        ],
        &[
            ("inclusion: Asthma", has("asthma")),
            ("inclusion: Anaemia", has("anemia")),
            ("exclusion: Stroke", has("stroke")),
        ],
        &[
            "removed 3 -: exclusion: Angina",
            "added - 2: inclusion: Anaemia",
            "moved 1 3: from inclusion 1 to exclusion 3",
        ],
    );
}

#[test]
fn split_and_joined() {
    let both = || ("exclusion: Stroke or angina", list("or", &[has("stroke"), has("angina")]));
    let each = || [("exclusion: Stroke", has("stroke")), ("exclusion: Angina", has("angina"))];
    check(&[both()], &each(), &["reworded 1 1: the same, of exclusion 1 now in exclusion 1, exclusion 2"]);
    check(&each(), &[both()], &["reworded 1 1: the same, of exclusion 1, exclusion 2 now in exclusion 1"]);
    check(&[both()], &[("exclusion: Stroke", has("stroke"))], &["widened 1 1: without `angina`"]);
}

fn many(count: usize, shift: usize) -> Criteria {
    let mut out = criteria(&[]);
    for n in 0..count {
        let concept = has(&format!("text:c{}", (n + shift) % 40));
        let tree = list("and", &[cmp("age", &format!("≥{}", n + shift), "", "a"), concept]);
        let line = format!("inclusion: criterion number {n} about things of kind {}", n + shift);
        out.items.append(&mut criteria(&[(&line, tree)]).items);
    }
    out
}

#[test]
fn many_items_take_no_time() {
    let (old, new) = (many(2_000, 0), many(2_000, 7));
    let start = Instant::now();
    let changes = diff(&old, &new);
    assert_eq!(changes, diff(&old, &new));
    assert!(!changes.is_empty());
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
    let long =
        |n: usize| list("or", &(n..n + 10_000).map(|n| has(&format!("text:c{n}"))).collect::<Vec<_>>());
    let list = |n| criteria(&[("exclusion: A long list", long(n))]);
    let changes = diff(&list(0), &list(1));
    assert_eq!(changes[0].kind, ChangeKind::Changed);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}
