//! What trees say, apart from their words: what an item asserts, values on a scale, keys of equal meaning.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    catalogue::Catalogue,
    interval::{Interval, Region},
    notation,
    tree::{Bound, Cmp, Code, Coded, Item, Node, Op, Polarity, Section},
};

/// Something that must hold, or must not hold, whatever else does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part<'c> {
    /// The item's place in the list.
    pub item: usize,
    /// What is said.
    pub node: &'c Node,
    /// Whether it must hold.
    pub required: bool,
}

/// What an item asserts: the members of an inclusion's `and`, of an exclusion's `or`, and so on down.
pub(crate) fn parts(index: usize, item: &Item) -> Vec<Part<'_>> {
    let mut out = Vec::new();
    if let (Some(polarity), Some(expr)) = (item.polarity, &item.expr) {
        assert_parts(index, expr, polarity == Polarity::Require, &mut out);
    }
    out
}

fn assert_parts<'c>(item: usize, node: &'c Node, required: bool, out: &mut Vec<Part<'c>>) {
    match (&node.op, required) {
        (Op::And(args), true) | (Op::Or(args), false) => {
            args.iter().for_each(|arg| assert_parts(item, arg, required, out));
        }
        (Op::AtLeast { k, args }, true) if *k as usize == args.len() => {
            args.iter().for_each(|arg| assert_parts(item, arg, true, out));
        }
        (Op::AtLeast { k: 1, args }, false) => {
            args.iter().for_each(|arg| assert_parts(item, arg, false, out));
        }
        (Op::Not(arg), _) => assert_parts(item, arg, !required, out),
        _ => out.push(Part { item, node, required }),
    }
}

/// What all items of the text assert; the fields of the record are left out.
pub(crate) fn asserted(items: &[Item]) -> Vec<Part<'_>> {
    let text = |item: &Item| matches!(item.section, Section::Inclusion | Section::Exclusion);
    items.iter().enumerate().filter(|(_, i)| text(i)).flat_map(|(n, item)| parts(n, item)).collect()
}

/// The constraint that a node stands for: a condition defined by a value is that value.
pub(crate) fn defined(node: &Node) -> &Node {
    match &node.op {
        Op::Has(has) => match has.defined_by.as_deref() {
            Some(inner) if !matches!(inner.op, Op::Guideline { .. }) => defined(inner),
            _ => node,
        },
        _ => node,
    }
}

/// Values of one variable, measured in one way and one unit: two of them can be compared if their scales are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Scale {
    /// The variable.
    pub var: String,
    /// The unit the values are in; empty for an ordinal scale.
    pub unit: String,
    /// Site, method, state, and for how long.
    pub manner: String,
    /// Whether only whole numbers count.
    pub steps: bool,
}

/// Numbers on a scale.
pub(crate) struct Measured {
    pub scale: Scale,
    pub region: Region,
}

/// Units whose values are whole numbers.
fn in_steps(var: &str, unit: &str) -> bool {
    matches!(unit, "{class}" | "{stage}" | "{grade}" | "{category}" | "{score}" | "{count}")
        || var == "age" && unit == "a"
}

/// The values a comparison allows, in the canonical unit where they can be converted.
pub(crate) fn measured(cmp: &Cmp, catalogue: &dyn Catalogue) -> Measured {
    let bare = || catalogue.convert(&cmp.var.0, Decimal::ONE, "").map_or("", |c| c.1);
    let printed = if cmp.unit.is_empty() { bare() } else { &cmp.unit };
    let whole = |b: Option<Bound>| b.is_none_or(|b| b.value.is_integer());
    let steps = in_steps(&cmp.var.0, printed) && whole(cmp.lo) && whole(cmp.hi);
    let interval = Interval::new(cmp.lo, cmp.hi);
    let interval = if steps { interval.in_steps() } else { interval };
    let (interval, unit) = if in_steps(&cmp.var.0, printed) && printed != "a" {
        (interval, String::new())
    } else {
        canonical(cmp, interval, catalogue)
    };
    let manner = [
        cmp.site.clone(),
        cmp.method.clone(),
        cmp.state.clone(),
        cmp.stable_for.as_ref().map(|extent| format!("{:?}", (extent.lo, extent.hi, &extent.unit))),
        cmp.when.as_ref().map(|when| format!("{when:?}")),
    ];
    let manner = manner.map(Option::unwrap_or_default).join("|");
    // Ages in months and days join those in completed years, which are already drawn out to the next birthday.
    let steps = steps || &*cmp.var.0 == "age" && unit == "a";
    let scale = Scale { var: cmp.var.0.to_string(), unit, manner, steps };
    Measured { scale, region: interval.into() }
}

fn canonical(cmp: &Cmp, interval: Interval, catalogue: &dyn Catalogue) -> (Interval, String) {
    let convert = |bound: Bound| {
        let (value, unit) = catalogue.convert(&cmp.var.0, bound.value, &cmp.unit)?;
        Some((Bound { value, ..bound }, unit.to_owned()))
    };
    let (lo, hi) = (interval.lo.map(convert), interval.hi.map(convert));
    if let (None | Some(Some(_)), None | Some(Some(_))) = (&lo, &hi)
        && let Some((_, unit)) = lo.iter().chain(&hi).flatten().next().cloned()
    {
        let end = |end: Option<Option<(Bound, String)>>| end.flatten().map(|e| e.0);
        return (Interval::new(end(lo), end(hi)), unit);
    }
    match (&cmp.canonical, interval.lo, interval.hi) {
        (Some(canonical), lo, hi) if lo.is_some() != hi.is_some() => {
            let to = |b: Bound| Bound { value: canonical.value, ..b };
            (Interval::new(lo.map(to), hi.map(to)), canonical.unit.clone())
        }
        _ => (interval, cmp.unit.clone()),
    }
}

/// A coded set of classes as numbers; `None` where a value is a word.
pub(crate) fn classes(coded: &Coded) -> Option<Measured> {
    let class = |code: &Code| match code {
        Code::Integer(n) => Some(Interval::point((*n).into()).in_steps()),
        Code::Word(_) => None,
    };
    let intervals = coded.values.iter().map(class).collect::<Option<Vec<_>>>()?;
    let when = coded.when.as_ref().map_or_else(String::new, |when| format!("{when:?}"));
    let manner = format!("{}||||{when}", coded.specimen.as_deref().unwrap_or_default());
    let scale = Scale { var: coded.var.0.to_string(), unit: String::new(), manner, steps: true };
    Some(Measured { scale, region: Region::of(intervals) })
}

/// Numbers on a scale, of a comparison or of a set of classes.
pub(crate) fn numbers(node: &Node, catalogue: &dyn Catalogue) -> Option<Measured> {
    match &node.op {
        Op::Cmp(cmp) if cmp.repair.is_none() => Some(measured(cmp, catalogue)),
        Op::Coded(coded) => classes(coded),
        _ => None,
    }
}

/// The words of a coded set.
pub(crate) fn words(coded: &Coded) -> BTreeSet<String> {
    let word = |code: &Code| match code {
        Code::Integer(n) => n.to_string(),
        Code::Word(word) => word.to_lowercase(),
    };
    coded.values.iter().map(word).collect()
}

/// What a leaf is about: its variable or concept, or its words where only a person knows.
pub(crate) fn subject(node: &Node) -> Option<String> {
    match &node.op {
        Op::Cmp(c) => Some(c.var.0.to_string()),
        Op::Coded(c) => Some(c.var.0.to_string()),
        Op::Change(c) => Some(format!("change:{}", c.var.0)),
        Op::Has(h) => Some(h.concept.0.to_string()),
        Op::Abnormal { vars } => vars.first().map(|v| v.0.to_string()),
        Op::Human { text, .. } => Some(format!("human:{}", plain(text))),
        _ => None,
    }
}

/// Lower case, one space between words, no mark at the end.
pub(crate) fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ';', ',', ':']).to_lowercase()
}

/// A key that is equal for trees that say the same in other words or another order.
pub(crate) fn key(node: &Node) -> String {
    write(&strip(notation::node(node)))
}

/// The key of what an item asks of a person: an inclusion "no X" and an exclusion "X" have the same.
pub(crate) fn demand(item: &Item) -> Option<String> {
    let expr = strip(notation::node(item.expr.as_ref()?));
    Some(write(&match item.polarity? {
        Polarity::Require => expr,
        Polarity::Forbid => negate(expr),
    }))
}

/// The key of one part.
pub(crate) fn part_key(part: &Part<'_>) -> String {
    let node = strip(notation::node(part.node));
    write(&if part.required { node } else { negate(node) })
}

fn negate(mut node: Value) -> Value {
    if node["op"] == "not" { node["arg"].take() } else { serde_json::json!({"op": "not", "arg": node}) }
}

fn write(node: &Value) -> String {
    node.to_string()
}

/// The tree without words that are not evaluated, members in a fixed order.
fn strip(mut node: Value) -> Value {
    let op = node["op"].as_str().unwrap_or_default().to_owned();
    let Some(map) = node.as_object_mut() else { return node };
    match op.as_str() {
        "human" | "guideline" => {
            if let Some(text) = map.get_mut("text") {
                *text = plain(text.as_str().unwrap_or_default()).into();
            }
        }
        _ => ["text", "examples", "open_list", "subtypes", "repair", "canonical"].iter().for_each(|k| {
            map.remove(*k);
        }),
    }
    for child in ["arg", "to", "first", "then", "defined_by", "relax"] {
        if let Some(below) = map.get_mut(child) {
            *below = strip(below.take());
        }
    }
    if let Some(Value::Array(args)) = map.get_mut("args") {
        let mut all: Vec<Value> = args.drain(..).map(strip).collect();
        if op != "ambiguous" {
            all.sort_by_key(write);
        }
        *args = all;
    }
    if op == "coded"
        && let Some(Value::Array(values)) = map.get_mut("in")
    {
        values.sort_by_key(write);
    }
    if op == "not" && node["arg"]["op"] == "not" {
        return node["arg"]["arg"].take();
    }
    node
}

/// Whether a fact is named by one word that no vocabulary has (`Therapy`): too little to compare by.
pub fn is_vague(node: &Node) -> bool {
    match &node.op {
        Op::Has(has) => has.concept.0.strip_prefix("text:").is_some_and(|words| !words.contains(' ')),
        _ => false,
    }
}
