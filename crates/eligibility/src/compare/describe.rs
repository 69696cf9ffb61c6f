//! What is different between two readings of one item, in a few words.

use std::collections::{HashMap, VecDeque};

use crate::{
    catalogue::Catalogue,
    implication::time,
    meaning::{key, plain, subject},
    tree::{Anchor, Bound, Cmp, Extent, Has, Item, Node, Op, Relation, When, Window},
    wording::{self, leaf, name, short},
};

/// Differences that are told of one item.
const MOST: usize = 6;

/// The old words and the new ones.
pub(super) fn sources(old: &Item, new: &Item) -> String {
    format!("`{}` → `{}`", short(&old.source, 80), short(&new.source, 80))
}

/// What is left to people, before and now.
pub(super) fn residue(old: &Item, new: &Item) -> String {
    let words = |item: &Item| {
        let all: Vec<String> = item.residue.iter().map(|r| short(&r.text, 60)).collect();
        if all.is_empty() { "nothing".to_owned() } else { format!("`{}`", all.join("`, `")) }
    };
    format!("left to a person: {} → {}", words(old), words(new))
}

/// What is different in the trees; the words where it is more than that.
pub(super) fn difference(old: &Item, new: &Item, catalogue: &dyn Catalogue) -> String {
    let (Some(before), Some(after)) = (&old.expr, &new.expr) else { return sources(old, new) };
    let mut said = leaves(before, after, catalogue);
    if said.is_empty() {
        said.extend(joined(before, after));
    }
    if old.polarity != new.polarity {
        said.insert(0, format!("was an {}, is an {}", old.section, new.section));
    }
    if said.is_empty() {
        return sources(old, new);
    }
    let more = said.len().saturating_sub(MOST);
    said.truncate(MOST);
    if more > 0 {
        said.push(format!("and {more} more"));
    }
    said.join("; ")
}

/// A leaf and the words of what it is about.
struct Leaf<'n> {
    subject: String,
    key: String,
    node: &'n Node,
}

fn all_leaves(node: &Node) -> Vec<Leaf<'_>> {
    let mut out = Vec::new();
    node.each(&mut |node| {
        let course = match &node.op {
            Op::Exposure(e) => subject(&e.to).map(|s| format!("exposure:{s}")),
            _ => None,
        };
        if let Some(subject) = course.or_else(|| subject(node)) {
            out.push(Leaf { subject, key: key(node), node });
        }
    });
    out
}

fn leaves(before: &Node, after: &Node, catalogue: &dyn Catalogue) -> Vec<String> {
    let (mut old, mut new) = (all_leaves(before), all_leaves(after));
    remove_equal(&mut old, &mut new);
    let mut waiting: HashMap<&str, VecDeque<usize>> = HashMap::new();
    old.iter().enumerate().for_each(|(n, l)| waiting.entry(&l.subject).or_default().push_back(n));
    let mut partner = vec![false; old.len()];
    let (mut out, mut rest) = (Vec::new(), Vec::new());
    for leaf in &new {
        match waiting.get_mut(leaf.subject.as_str()).and_then(VecDeque::pop_front) {
            Some(at) => {
                partner[at] = true;
                out.extend(change(old[at].node, leaf.node, catalogue));
            }
            None => rest.push(leaf),
        }
    }
    let gone = old.iter().zip(&partner).filter(|(_, partner)| !**partner).map(|(l, _)| l);
    let words = |l: &Leaf<'_>| short(&leaf(l.node, catalogue), 60);
    out.extend(gone.map(|l| format!("without `{}`", words(l))));
    out.extend(rest.iter().map(|l| format!("with `{}`", words(l))));
    out
}

/// Takes out what is in both.
fn remove_equal(old: &mut Vec<Leaf<'_>>, new: &mut Vec<Leaf<'_>>) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    old.iter().for_each(|l| *counts.entry(l.key.clone()).or_default() += 1);
    let mut common: HashMap<String, usize> = HashMap::new();
    let take = |counts: &mut HashMap<String, usize>, key: &str| {
        counts.get_mut(key).filter(|n| **n > 0).map(|n| *n -= 1).is_some()
    };
    new.retain(|l| {
        let both = take(&mut counts, &l.key);
        if both {
            *common.entry(l.key.clone()).or_default() += 1;
        }
        !both
    });
    old.retain(|l| !take(&mut common, &l.key));
}

/// What changed in one leaf.
fn change(old: &Node, new: &Node, catalogue: &dyn Catalogue) -> Vec<String> {
    match (&old.op, &new.op) {
        (Op::Cmp(a), Op::Cmp(b)) => cmp(a, b, catalogue),
        (Op::Coded(a), Op::Coded(b)) => {
            let name = name(&b.var.0, catalogue);
            vec![format!("{name} {} → {}", wording::codes(a), wording::codes(b))]
        }
        (Op::Has(a), Op::Has(b)) => has(a, b),
        (Op::Exposure(a), Op::Exposure(b)) => {
            let to = short(&leaf(&b.to, catalogue), 60);
            let (old, new) = (extent(&a.duration), extent(&b.duration));
            if old == new { Vec::new() } else { vec![format!("time on {to} {old} → {new}")] }
        }
        _ => vec![format!("{} → {}", short(&leaf(old, catalogue), 60), short(&leaf(new, catalogue), 60))],
    }
}

fn cmp(a: &Cmp, b: &Cmp, catalogue: &dyn Catalogue) -> Vec<String> {
    let name = name(&b.var.0, catalogue);
    if a.unit != b.unit {
        return vec![format!("{name} {} → {}", wording::bounds(a), wording::bounds(b))];
    }
    let unit = wording::unit(&a.unit);
    let mut out = Vec::new();
    out.extend(end("lower", &name, &unit, a.lo, b.lo, ["≥", ">"]));
    out.extend(end("upper", &name, &unit, a.hi, b.hi, ["≤", "<"]));
    for (what, a, b) in
        [("site", &a.site, &b.site), ("method", &a.method, &b.method), ("state", &a.state, &b.state)]
    {
        out.extend(word(&format!("{name}: {what}"), a.as_deref(), b.as_deref()));
    }
    let length = |e: &Option<Extent>| e.as_ref().map(extent);
    out.extend(word(
        &format!("{name}: stable for"),
        length(&a.stable_for).as_deref(),
        length(&b.stable_for).as_deref(),
    ));
    let measured = |w: &Option<When>| w.as_ref().map(moment);
    out.extend(word(
        &format!("{name}: measured"),
        measured(&a.when).as_deref(),
        measured(&b.when).as_deref(),
    ));
    out
}

/// `upper age 55 → 65 years`; with the comparators where they differ.
fn end(
    which: &str,
    name: &str,
    unit: &str,
    a: Option<Bound>,
    b: Option<Bound>,
    signs: [&str; 2],
) -> Option<String> {
    if a == b {
        return None;
    }
    let sign = a.map(|b| b.incl) != b.map(|b| b.incl);
    let words = |bound: Option<Bound>| match bound {
        Some(Bound { value, incl }) if sign => format!("{} {}", signs[usize::from(!incl)], value.normalize()),
        Some(Bound { value, .. }) => value.normalize().to_string(),
        None => "none".to_owned(),
    };
    let (old, new) = (words(a), words(b));
    let (before, after) = if b.is_none() { (unit, "") } else { ("", unit) };
    Some(format!("{which} {name} {old}{before} → {new}{after}"))
}

fn word(what: &str, a: Option<&str>, b: Option<&str>) -> Option<String> {
    let said = |w: Option<&str>| w.map_or_else(|| "any".to_owned(), |w| w.replace('_', " "));
    (a != b).then(|| format!("{what} {} → {}", said(a), said(b)))
}

fn extent(e: &Extent) -> String {
    format!("{}{}", crate::interval::Interval::new(e.lo, e.hi), wording::unit(&e.unit))
}

fn has(a: &Has, b: &Has) -> Vec<String> {
    let text = &b.text;
    let mut out = Vec::new();
    if a.kind != b.kind {
        out.push(format!("{text}: {} → {}", a.kind, b.kind));
    }
    if time(a.kind, a.when.as_ref()) != time(b.kind, b.when.as_ref()) {
        out.push(format!("{text}: {} → {}", times(a), times(b)));
    }
    let pairs = [
        ("severity", &a.severity, &b.severity),
        ("control", &a.control, &b.control),
        ("course", &a.course, &b.course),
        ("certainty", &a.certainty, &b.certainty),
        ("significance", &a.significance, &b.significance),
        ("shown by", &a.evidence, &b.evidence),
        ("form", &a.form, &b.form),
        ("site", &a.site, &b.site),
    ];
    for (what, old, new) in pairs {
        out.extend(word(&format!("{text}: {what}"), old.as_deref(), new.as_deref()));
    }
    let count =
        |h: &Has| h.count.map(|b| format!("{} {}", if b.incl { "≥" } else { ">" }, b.value.normalize()));
    out.extend(word(&format!("{text}: number"), count(a).as_deref(), count(b).as_deref()));
    out
}

/// `within 3 months before screening`.
fn times(has: &Has) -> String {
    let (relation, window, anchor) = time(has.kind, has.when.as_ref());
    told(relation, window, anchor)
}

/// When a value is measured.
fn moment(when: &When) -> String {
    told(when.relation, when.window.as_ref(), when.anchor.unwrap_or(Anchor::Screening))
}

fn told(relation: Relation, window: Option<&Window>, anchor: Anchor) -> String {
    let anchor = match anchor {
        Anchor::Screening => "screening",
        Anchor::Enrollment => "enrollment",
        Anchor::Study => "the study",
    };
    let relation = match relation {
        Relation::Current => return "now".to_owned(),
        Relation::Ever => return "ever".to_owned(),
        Relation::Future => return "in the future".to_owned(),
        other => other.as_str(),
    };
    let length = window.map(|w| format!("within {}{} ", w.value.normalize(), wording::unit(&w.unit)));
    format!("{}{relation} {anchor}", length.unwrap_or_default())
}

/// A difference in how the same parts are joined.
fn joined(before: &Node, after: &Node) -> Option<String> {
    let shape = |node: &Node| match &node.op {
        Op::And(_) => "all of them".to_owned(),
        Op::Or(_) => "any of them".to_owned(),
        Op::AtLeast { k, args } => format!("at least {k} of {}", args.len()),
        Op::Ambiguous(_) => "two readings".to_owned(),
        Op::Not(_) => "not so".to_owned(),
        Op::Exposure(e) => extent(&e.duration),
        _ => "so".to_owned(),
    };
    let (a, b) = (shape(before), shape(after));
    (plain(&a) != plain(&b)).then(|| format!("{a} → {b}"))
}
