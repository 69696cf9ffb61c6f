//! The checks over the criteria of the seed pages, and over more criteria than any study has.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, time::Instant};

use eligibility::{
    Criteria, Item,
    checks::{Severity, run},
    notation,
    stated::Stated,
    tree::{Computable, Flag, Number, Polarity, Section, Span},
};
use serde_json::{Value, json};

/// An item with its tree, at the end of a text.
fn item(section: Section, source: &str, tree: &Value, text: &mut String) -> Item {
    let start = text.len() as u32;
    text.push_str(source);
    text.push('\n');
    Item {
        section,
        number: Number::Counted(1),
        span: Span { start, end: start + source.len() as u32 },
        source: source.to_owned(),
        polarity: Some(match section {
            Section::Exclusion => Polarity::Forbid,
            _ => Polarity::Require,
        }),
        expr: Some(notation::read(tree).unwrap()),
        cohort: None,
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    }
}

/// The criteria of the seed pages, by trial.
fn gold() -> Option<BTreeMap<String, (String, Criteria)>> {
    let lines = std::fs::read_to_string(testkit::shared("reference/seed-criteria-gold.jsonl")?).unwrap();
    let mut out: BTreeMap<String, (String, Criteria)> = BTreeMap::new();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let section = Section::from_word(line["section"].as_str().unwrap()).unwrap();
        if line["expr"].is_null() {
            continue;
        }
        let (text, criteria) = out.entry(line["trial"].to_string()).or_default();
        let mut item = item(section, line["source"].as_str().unwrap(), &line["expr"], text);
        for flag in line["flags"].as_array().unwrap() {
            let code = ["implausible_unit", "ambiguous_scope", "implicit_reference"];
            let Some(code) = code.into_iter().find(|c| flag["code"] == *c) else { continue };
            let word = |key: &str| flag[key].as_str().unwrap_or_default().to_owned();
            item.flags.push(Flag { code, text: word("span"), note: word("note"), suggest: None });
        }
        criteria.items.push(item);
    }
    Some(out)
}

#[test]
fn real_criteria_raise_no_false_alarm() {
    let Some(gold) = gold() else { return };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (text, criteria) in gold.values() {
        for finding in run(criteria, &Stated::default()) {
            assert!(finding.severity != Severity::Error, "{finding:?}");
            assert_eq!(finding.span.unwrap().of(text), finding.quote);
            *counts.entry(finding.check).or_default() += 1;
        }
    }
    assert_eq!(counts["implausible_unit"], 1, "the one of the gold: {counts:?}");
    assert_eq!(counts.get("contradiction"), None, "{counts:?}");
    assert_eq!(counts.get("boundary_hole"), None, "{counts:?}");
}

fn many(count: usize, list: usize) -> Criteria {
    let mut text = String::new();
    let leaf =
        |n: usize| json!({"op": "has", "kind": "condition", "concept": format!("text:c{n}"), "text": "it"});
    let bound = |n: usize| json!({"value": n, "incl": true});
    let mut items: Vec<Item> = (0..count)
        .map(|n| {
            let section = if n % 2 == 0 { Section::Inclusion } else { Section::Exclusion };
            let age = json!({"op": "cmp", "var": format!("v{}", n % 7), "lo": bound(n), "unit": "mg/dL"});
            let tree =
                json!({"op": if n % 3 == 0 { "and" } else { "or" }, "args": [leaf(n / 2), age, leaf(n % 5)]});
            item(section, &format!("criterion {n} (with ABC) and XYZ"), &tree, &mut text)
        })
        .collect();
    let long = json!({"op": "or", "args": (0..list).map(leaf).collect::<Vec<_>>()});
    items.push(item(Section::Exclusion, "a long list", &long, &mut text));
    items.push(item(Section::Inclusion, "one of a long list", &long, &mut text));
    Criteria { items, ..Criteria::default() }
}

#[test]
fn many_criteria_take_no_time() {
    let criteria = many(2_000, 10_000);
    let start = Instant::now();
    let found = run(&criteria, &Stated::default());
    assert!(!found.is_empty());
    assert_eq!(found, run(&criteria, &Stated::default()));
    assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
}
