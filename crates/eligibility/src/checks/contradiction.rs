//! Criteria that nobody can meet together: what one asks for another forbids.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Check, Input, Place, Report, Severity};
use crate::{
    implication::{Claim, implies},
    interval::Region,
    meaning::{self, Part, Scale, asserted, defined, numbers, subject},
    tree::{Node, Op, Section},
    wording,
};

pub(super) const CHECK: Check = Check {
    id: "contradiction",
    explanation: "Criteria that cannot hold together leave nobody who may join.",
    run,
};

/// Facts of one subject that are compared with each other; more are not looked at.
const MOST: usize = 16;

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    let parts = asserted(&input.criteria.items);
    let allowed = values(input, &parts, report);
    codes(input, &parts, report);
    facts(input, &parts, &allowed, report);
}

fn severity(input: &Input<'_>, a: Place, b: Place) -> Severity {
    let section = |p: Place| input.criteria.items.get(p.item).map(|i| i.section);
    // Two inclusions may be meant for two groups of people.
    let apart = a.item != b.item && section(a) == Some(Section::Inclusion) && section(a) == section(b);
    if apart { Severity::Warning } else { Severity::Error }
}

/// Numbers: what is left of each scale; a finding where nothing is.
fn values(input: &Input<'_>, parts: &[Part<'_>], report: &mut Report<'_>) -> HashMap<Scale, Region> {
    struct Left {
        region: Region,
        by: Vec<(Place, Region)>,
    }
    let mut scales: BTreeMap<Scale, Left> = BTreeMap::new();
    for part in parts {
        let node = defined(part.node);
        let Some(measured) = numbers(node, input.catalogue) else { continue };
        let region = if part.required { measured.region } else { measured.region.complement() };
        let left = scales
            .entry(measured.scale.clone())
            .or_insert_with(|| Left { region: Region::whole(), by: Vec::new() });
        if region.is_empty() || left.region.is_empty() {
            continue;
        }
        let place = input.node(part.item, node);
        left.region = left.region.intersect(&region);
        if left.region.is_empty() {
            let culprit = left.by.iter().find(|(_, other)| other.intersect(&region).is_empty());
            let Some((other, _)) = culprit.or(left.by.first()) else { continue };
            let name = wording::name(&measured.scale.var, input.catalogue);
            let together = if culprit.is_some() { "this" } else { "this and what was said before" };
            report
                .add(
                    severity(input, place, *other),
                    Some(place),
                    format!("no value of {name} agrees with {together}"),
                )
                .other(Some(*other))
                .remedy("correct one of the limits; if they are for different groups, say for which");
        }
        left.by.push((place, region));
    }
    scales.into_iter().map(|(scale, left)| (scale, left.region)).collect()
}

/// Coded values: what is left of each set.
fn codes(input: &Input<'_>, parts: &[Part<'_>], report: &mut Report<'_>) {
    // By the variable, what it is measured in, and when.
    type Measured = (String, Option<String>, String);
    let mut required: BTreeMap<Measured, (BTreeSet<String>, Place)> = BTreeMap::new();
    let sets = |part: &Part<'_>| match &defined(part.node).op {
        Op::Coded(c) if meaning::classes(c).is_none() => {
            let when = c.when.as_ref().map_or_else(String::new, |when| format!("{when:?}"));
            Some(((c.var.0.to_string(), c.specimen.clone(), when), meaning::words(c)))
        }
        _ => None,
    };
    for wanted in [true, false] {
        for part in parts.iter().filter(|p| p.required == wanted) {
            let Some((key, set)) = sets(part) else { continue };
            let place = input.node(part.item, defined(part.node));
            let Some((left, first)) = required.get_mut(&key) else {
                if wanted {
                    required.insert(key, (set, place));
                }
                continue;
            };
            let rest: BTreeSet<String> =
                left.iter().filter(|word| set.contains(*word) == wanted).cloned().collect();
            if rest.is_empty() && !left.is_empty() {
                let name = wording::name(&key.0, input.catalogue);
                report
                    .add(
                        severity(input, place, *first),
                        Some(place),
                        format!("no value of {name} agrees with this"),
                    )
                    .other(Some(*first))
                    .remedy("correct one of the two; if they are for different groups, say for which");
            }
            *left = rest;
        }
    }
}

/// What is known to hold or not to hold, by subject.
struct Known<'c, 'k> {
    input: &'k Input<'k>,
    facts: HashMap<String, Vec<Part<'c>>>,
    allowed: &'k HashMap<Scale, Region>,
}

/// Facts, and lists none of whose members is possible.
fn facts(input: &Input<'_>, parts: &[Part<'_>], allowed: &HashMap<Scale, Region>, report: &mut Report<'_>) {
    let mut known = Known { input, facts: HashMap::new(), allowed };
    for part in parts {
        if let Some(subject) = fact(part.node) {
            let list = known.facts.entry(subject).or_default();
            if list.len() < MOST {
                list.push(*part);
            }
        }
    }
    for part in parts.iter().filter(|p| numbers(defined(p.node), input.catalogue).is_none()) {
        // Of two facts the one that is required is told, so that a pair is told once.
        if fact(part.node).is_some() && !part.required {
            continue;
        }
        let Some(against) = known.impossible(Claim { node: part.node, holds: part.required }, part) else {
            continue;
        };
        let (here, there) = (input.node(part.item, part.node), input.node(against.item, against.node));
        let words = wording::short(&wording::leaf(part.node, input.catalogue), 60);
        let message = match (part.required, against.required) {
            (true, false) => format!("`{words}` is asked for here and ruled out elsewhere"),
            _ => format!("`{words}` cannot be so with what is said elsewhere"),
        };
        report
            .add(severity(input, here, there), Some(here), message)
            .other(Some(there))
            .remedy("say what sets the two apart (when, how severe, which kind), or delete one");
    }
}

fn fact(node: &Node) -> Option<String> {
    if meaning::is_vague(defined(node)) {
        return None;
    }
    match &defined(node).op {
        Op::Exposure(e) => subject(&e.to),
        _ => subject(defined(node)),
    }
}

impl<'c> Known<'c, '_> {
    /// The part that makes a claim impossible, if one does.
    fn impossible(&self, claim: Claim<'_>, own: &Part<'c>) -> Option<Part<'c>> {
        let below = |node, holds| self.impossible(Claim { node, holds }, own);
        let node = defined(claim.node);
        match (&node.op, claim.holds) {
            (Op::Not(arg), holds) => below(arg, !holds),
            (Op::And(args), true) | (Op::Or(args), false) => args.iter().find_map(|n| below(n, claim.holds)),
            (Op::And(args), false) | (Op::Or(args), true) => {
                let mut all = args.iter().map(|n| below(n, claim.holds));
                let first = all.next()??;
                all.all(|other| other.is_some()).then_some(first)
            }
            (Op::Cmp(_) | Op::Coded(_), holds) => self.outside(node, holds, own),
            (_, holds) => self.denied(node, holds, own),
        }
    }

    /// A value within a list that no criterion beside the list leaves possible.
    fn outside(&self, node: &Node, holds: bool, own: &Part<'c>) -> Option<Part<'c>> {
        let measured = numbers(node, self.input.catalogue)?;
        let region = if holds { measured.region } else { measured.region.complement() };
        let left = self.allowed.get(&measured.scale)?;
        (!left.is_empty() && region.intersect(left).is_empty()).then_some(*own)
    }

    fn denied(&self, node: &Node, holds: bool, own: &Part<'c>) -> Option<Part<'c>> {
        let fact = |node, holds| Claim { node, holds };
        let opposed = |part: &&Part<'c>| {
            part.required != holds
                && !std::ptr::eq(part.node, own.node)
                && !self.other_one(part)
                && match holds {
                    true => implies(fact(node, true), fact(part.node, true), self.input.catalogue),
                    false => implies(fact(part.node, true), fact(node, true), self.input.catalogue),
                }
        };
        self.facts.get(&subject(node)?)?.iter().find(opposed).copied()
    }

    /// Whether a fact is meant beside the one of the study: "another tumour", "any other infection".
    fn other_one(&self, part: &Part<'_>) -> bool {
        let Op::Has(has) = &part.node.op else { return false };
        let source = self.input.criteria.items.get(part.item).map_or("", |i| i.source.as_str());
        let before = source.find(&has.text).and_then(|at| source.get(..at)).unwrap_or_default();
        let mut words = before.rsplit(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).take(4);
        words.any(|w| OTHER.contains(&w.to_lowercase().as_str()))
    }
}

/// Words that set a fact apart from the one the study is about.
const OTHER: [&str; 12] = [
    "other",
    "another",
    "second",
    "secondary",
    "additional",
    "concurrent",
    "different",
    "than",
    "except",
    "unless",
    "besides",
    "beyond",
];

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    #[test]
    fn clean() {
        let pair = [
            (
                "inclusion: Stroke in the past",
                with(has("stroke", "Stroke"), "when", json!({"relation": "ever"})),
            ),
            ("exclusion: Severe stroke now", with(has("stroke", "stroke"), "severity", "severe".into())),
        ];
        finds(&CHECK, &pair, &[]);
        let pair = [
            ("inclusion: Melanoma", has("melanoma", "Melanoma")),
            ("exclusion: Any other melanoma", has("melanoma", "melanoma")),
        ];
        finds(&CHECK, &pair, &[]);
        let pair = [
            ("inclusion: HbA1c from 7 %", cmp("hba1c", "≥7", "", "%")),
            ("exclusion: HbA1c above 12 %", cmp("hba1c", ">12", "", "%")),
        ];
        finds(&CHECK, &pair, &[]);
    }

    #[test]
    fn flagged_numbers() {
        let pair = [
            ("inclusion: HbA1c > 9 %", cmp("hba1c", ">9", "", "%")),
            ("exclusion: HbA1c from 8 %", cmp("hba1c", "≥8", "", "%")),
        ];
        finds(&CHECK, &pair, &["error `HbA1c from 8 %` no value of Haemoglobin A1c agrees with this"]);
        let groups = [
            ("inclusion: Group A: 18 to 40 years", cmp("age", "≥18", "≤40", "a")),
            ("inclusion: Group B: 480 months or more", cmp("age", ">492", "", "mo")),
        ];
        finds(&CHECK, &groups, &["warning `Group B: 480 months or more` no value of age agrees with this"]);
        let three = [
            ("inclusion: Aged 18 to 65", cmp("age", "≥18", "≤65", "a")),
            ("exclusion: Under 40", cmp("age", "", "<40", "a")),
            ("exclusion: 40 and over", cmp("age", "≥40", "", "a")),
        ];
        finds(&CHECK, &three, &["error `40 and over` no value of age agrees with this"]);
    }

    #[test]
    fn flagged_codes() {
        let coded =
            |values: Value, text: &str| json!({"op": "coded", "var": "her2", "in": values, "text": text});
        let pair = [
            ("exclusion: HER2 positive tumour", coded(json!(["positive"]), "HER2 positive")),
            ("inclusion: HER2-positive disease", coded(json!(["positive"]), "HER2-positive")),
        ];
        finds(&CHECK, &pair, &["error `HER2 positive` no value of HER2 status agrees with this"]);
        let classes = [
            (
                "inclusion: NYHA class III",
                json!({"op": "coded", "var": "nyha", "in": [3], "text": "NYHA class III"}),
            ),
            ("exclusion: NYHA class II or more", cmp("nyha", "≥2", "", "{class}")),
        ];
        finds(
            &CHECK,
            &classes,
            &["error `NYHA class II or more` no value of NYHA functional class agrees with this"],
        );
    }

    #[test]
    fn flagged_facts() {
        let pair = [
            ("inclusion: Severe asthma", with(has("asthma", "asthma"), "severity", "severe".into())),
            ("exclusion: Stroke or asthma", list("or", &[has("stroke", "Stroke"), has("asthma", "asthma")])),
        ];
        finds(&CHECK, &pair, &["error `asthma` `asthma` is asked for here and ruled out elsewhere"]);
        let choice = [
            ("inclusion: Stroke or asthma", list("or", &[has("stroke", "Stroke"), has("asthma", "asthma")])),
            ("exclusion: Asthma", has("asthma", "Asthma")),
            ("exclusion: Stroke", has("stroke", "Stroke")),
        ];
        let expected =
            ["error `Stroke or asthma` `Stroke or asthma` is asked for here and ruled out elsewhere"];
        finds(&CHECK, &choice, &expected);
    }

    use serde_json::Value;
}
