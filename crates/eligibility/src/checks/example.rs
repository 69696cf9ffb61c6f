//! Criteria for the tests of the checks: texts with the trees they mean.

use serde_json::Value;

use super::{Check, Finding, Input, Report};
use crate::{
    catalogue::Builtin,
    notation,
    stated::Stated,
    tree::{Computable, Criteria, Flag, Item, Node, Number, Op, Polarity, Section, Span},
};

/// Criteria from lines `section: text` and the tree of each; a node stands where its `at` or its `text` is.
pub(crate) fn criteria(items: &[(&str, Value)]) -> Criteria {
    let mut out = Criteria::default();
    let mut start = 0;
    for (line, tree) in items {
        let (section, source) = line.split_once(": ").unwrap();
        let section = Section::from_word(section).unwrap();
        let span = Span { start, end: start + source.len() as u32 };
        let mut expr = notation::read(tree).unwrap();
        locate(&mut expr, tree, source, start);
        let number = out.items.iter().filter(|i| i.section == section).count() as u32 + 1;
        let forbids = section == Section::Exclusion;
        out.items.push(Item {
            section,
            number: Number::Counted(number),
            span,
            source: source.to_owned(),
            polarity: Some(if forbids { Polarity::Forbid } else { Polarity::Require }),
            expr: Some(expr),
            cohort: None,
            computable: Computable::Resolved,
            residue: Vec::new(),
            flags: flags(tree),
        });
        start = span.end + 1;
    }
    out
}

fn flags(tree: &Value) -> Vec<Flag> {
    const CODES: [&str; 4] = ["implausible_unit", "lost_comparator", "ambiguous_scope", "implicit_reference"];
    let read = |(code, words): (&String, &Value)| Flag {
        code: CODES.into_iter().find(|c| c == code).unwrap(),
        text: words.as_str().unwrap().to_owned(),
        note: "two readings".to_owned(),
        suggest: None,
    };
    tree["flags"].as_object().map(|map| map.iter().map(read).collect()).unwrap_or_default()
}

fn locate(node: &mut Node, tree: &Value, source: &str, start: u32) {
    let words = tree["at"].as_str().or_else(|| tree["text"].as_str());
    if let Some((words, at)) = words.and_then(|w| Some((w, source.find(w)?))) {
        let from = start + at as u32;
        node.span = Span { start: from, end: from + words.len() as u32 };
    }
    let args = tree["args"].as_array();
    match &mut node.op {
        Op::And(nodes) | Op::Or(nodes) | Op::Ambiguous(nodes) | Op::AtLeast { args: nodes, .. } => {
            nodes.iter_mut().zip(args.unwrap()).for_each(|(n, t)| locate(n, t, source, start));
        }
        Op::Not(arg) => locate(arg, &tree["arg"], source, start),
        _ => {}
    }
}

/// What one check finds, a line each: `severity `quote` message`.
pub(crate) fn check(check: &Check, items: &[(&str, Value)], stated: &Stated) -> Vec<String> {
    let said = |f: Finding| format!("{} `{}` {}", f.severity, f.quote, f.message);
    findings(check, items, stated).into_iter().map(said).collect()
}

/// What one check finds.
pub(crate) fn findings(check: &Check, items: &[(&str, Value)], stated: &Stated) -> Vec<Finding> {
    let criteria = criteria(items);
    let input = Input { criteria: &criteria, stated, elsewhere: "", catalogue: &Builtin };
    let mut out = Vec::new();
    (check.run)(&input, &mut Report { check, input, out: &mut out });
    assert!(out.iter().all(|f| !f.remedy.is_empty()), "a finding says what to do");
    out
}

/// Asserts what one check finds in texts without fields.
#[track_caller]
pub(crate) fn finds(check_: &Check, items: &[(&str, Value)], expected: &[&str]) {
    assert_eq!(check(check_, items, &Stated::default()), expected);
}

/// A comparison in the notation: `cmp("age", "≥18", "≤65", "a")`; an empty bound is absent.
pub(crate) fn cmp(var: &str, lo: &str, hi: &str, unit: &str) -> Value {
    let mut out = serde_json::json!({"op": "cmp", "var": var, "unit": unit});
    for (key, text) in [("lo", lo), ("hi", hi)] {
        let value = text.trim_start_matches(['≥', '≤', '<', '>']);
        if let Ok(value) = value.parse::<f64>() {
            out[key] = serde_json::json!({"value": value, "incl": text.starts_with(['≥', '≤'])});
        }
    }
    out
}

/// A condition.
pub(crate) fn has(concept: &str, text: &str) -> Value {
    serde_json::json!({"op": "has", "kind": "condition", "concept": concept, "text": text})
}

/// A node with one more key.
pub(crate) fn with(mut node: Value, key: &str, value: Value) -> Value {
    node[key] = value;
    node
}

/// `and`, `or`, `ambiguous` of nodes.
pub(crate) fn list(op: &str, args: &[Value]) -> Value {
    serde_json::json!({"op": op, "args": args})
}

/// The opposite of a node.
pub(crate) fn not(arg: Value) -> Value {
    serde_json::json!({"op": "not", "arg": arg})
}
