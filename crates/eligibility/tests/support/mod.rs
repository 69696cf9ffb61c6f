//! Criteria whose trees are given, for tests of what is done with trees.

use std::collections::HashMap;

use eligibility::{
    Criteria, Item, Node, Op, notation,
    tree::{Computable, Flag, Number, Polarity, Residue, Section, Span},
};
use serde_json::Value;

/// What each criterion of the pages means.
pub struct Trees(HashMap<String, Value>);

impl Trees {
    /// Those of `trees/checks.jsonl`.
    pub fn new() -> Self {
        let lines = include_str!("../trees/checks.jsonl").lines();
        let rows = lines.map(|line| serde_json::from_str::<Value>(line).unwrap());
        Self(rows.map(|row| (row["source"].as_str().unwrap().to_owned(), row["expr"].clone())).collect())
    }

    /// Criteria from lines under `Inclusion:` and `Exclusion:`, each behind a dash.
    pub fn criteria(&self, text: &str) -> Criteria {
        let mut out = Criteria::default();
        let (mut section, mut number, mut start) = (Section::None, 0, 0);
        for line in text.split_inclusive('\n') {
            let source = line.trim_end();
            if let Some(source) = source.strip_prefix("- ") {
                number += 1;
                out.items.push(self.item(section, number, source, start + 2));
            } else if let Some(next) = Section::from_word(&source.trim_end_matches(':').to_lowercase()) {
                (section, number) = (next, 0);
            }
            start += line.len() as u32;
        }
        out
    }

    fn item(&self, section: Section, number: u32, source: &str, start: u32) -> Item {
        let tree = self.0.get(source).unwrap_or_else(|| panic!("no tree for `{source}`"));
        let mut expr = notation::read(tree).unwrap();
        locate(&mut expr, tree, source, start);
        let vague = tree["residue"].as_array().into_iter().flatten();
        Item {
            section,
            number: Number::Counted(number),
            span: Span { start, end: start + source.len() as u32 },
            source: source.to_owned(),
            polarity: Some(if section == Section::Exclusion { Polarity::Forbid } else { Polarity::Require }),
            expr: Some(expr),
            computable: Computable::Resolved,
            residue: vague
                .map(|text| Residue { text: text.as_str().unwrap().to_owned(), reason: String::new() })
                .collect(),
            flags: tree["flags"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(code, said)| flag(code, said))
                .collect(),
        }
    }
}

fn flag(code: &str, said: &Value) -> Flag {
    const CODES: [&str; 4] = ["implausible_unit", "lost_comparator", "ambiguous_scope", "implicit_reference"];
    let word = |n: usize| said[n].as_str().unwrap().to_owned();
    let code = CODES.into_iter().find(|c| *c == code).unwrap();
    Flag { code, text: word(0), note: word(1), suggest: None }
}

/// Gives nodes the place of their `at` or `text`.
fn locate(node: &mut Node, tree: &Value, source: &str, start: u32) {
    let words = tree["at"].as_str().or_else(|| tree["text"].as_str());
    if let Some((words, at)) = words.and_then(|w| Some((w, source.find(w)?))) {
        let from = start + at as u32;
        node.span = Span { start: from, end: from + words.len() as u32 };
    }
    match &mut node.op {
        Op::And(nodes) | Op::Or(nodes) | Op::Ambiguous(nodes) => {
            let trees = tree["args"].as_array().unwrap();
            nodes.iter_mut().zip(trees).for_each(|(node, tree)| locate(node, tree, source, start));
        }
        Op::Not(arg) => locate(arg, &tree["arg"], source, start),
        _ => {}
    }
}
