//! FHIR R4 `Group`: characteristics that all members have, or, excluded, that none has.
//!
//! R4 has no alternatives, no counts and no time that is relative to an event. What needs them is on the list; what
//! has a characteristic but says more than R4 can stands there in words without codes, so that no program takes it
//! for less than it is, and on the list.

use serde_json::{Value, json};

use crate::names::Names;
use crate::tree::{Cmp, Code, Coded, Criteria, Has, Node, Op, Polarity};

use super::{About, Export, Gaps, conditions, definition, fhir, for_people, refinements};

/// The criteria as an R4 `Group`.
pub fn export(criteria: &Criteria, about: About<'_>, names: &dyn Names) -> Export {
    let mut group = Group { gaps: Gaps::new(names), characteristics: Vec::new() };
    for item in &criteria.items {
        group.gaps.enter(item);
        match &item.expr {
            Some(expr) => group.node(expr, item.polarity != Some(Polarity::Forbid)),
            None => group.gaps.no_tree(),
        }
    }
    let document = json!({
        "resourceType": "Group",
        "identifier": [{"value": about.id}],
        "active": true,
        "type": "person",
        "actual": false,
        "name": about.title,
        "characteristic": group.characteristics,
    });
    Export { document, not_expressed: group.gaps.found }
}

const IN_WORDS: &str = "only in words: a characteristic of R4 has no place for";

struct Group<'n> {
    gaps: Gaps<'n>,
    characteristics: Vec<Value>,
}

impl Group<'_> {
    fn put(&mut self, code: Value, key: &str, value: Value, want: bool) {
        self.characteristics.push(json!({"code": code, key: value, "exclude": !want}));
    }

    /// A node that must be true, or must not.
    fn node(&mut self, node: &Node, want: bool) {
        let alone = |args: &[Node]| args.len() == 1;
        match &node.op {
            Op::Not(arg) => self.node(arg, !want),
            Op::And(args) if want || alone(args) => self.all(args, want),
            Op::Or(args) if !want || alone(args) => self.all(args, want),
            Op::AtLeast { k, args } if !args.is_empty() && want && *k as usize == args.len() => {
                self.all(args, want);
            }
            Op::AtLeast { k: 1, args } if !want => self.all(args, want),
            Op::And(_) | Op::Or(_) | Op::AtLeast { .. } => {
                self.gaps.node(node, "alternatives: all characteristics of an R4 group must hold");
            }
            op => match for_people(op) {
                Some(why) => self.gaps.node(node, why),
                None => self.leaf(node, want),
            },
        }
    }

    fn all(&mut self, args: &[Node], want: bool) {
        args.iter().for_each(|arg| self.node(arg, want));
    }

    fn leaf(&mut self, node: &Node, want: bool) {
        match &node.op {
            Op::Cmp(cmp) => self.cmp(node, cmp, want),
            Op::Coded(coded) => self.coded(node, coded, want),
            Op::Has(has) => self.has(node, has, want),
            Op::Exposure(_) => self.in_words(node, "treatment", "how long it was taken", want),
            Op::Change(_) => self.in_words(node, "change of a value", "a change", want),
            Op::Order { .. } => self.in_words(node, "order of events", "an order", want),
            _ => self.in_words(node, "value", "reference ranges", want),
        }
    }

    /// A characteristic in words only.
    fn in_words(&mut self, node: &Node, code: &str, lacking: &str, want: bool) {
        let text = self.gaps.english(node);
        self.put(fhir::words(code), "valueCodeableConcept", fhir::words(&text), want);
        self.gaps.node(node, format!("{IN_WORDS} {lacking}"));
    }

    fn cmp(&mut self, node: &Node, cmp: &Cmp, want: bool) {
        let mut lacking = conditions(cmp);
        lacking.extend(cmp.method.is_some().then_some("method"));
        lacking.extend((!fhir::is_computable_unit(&cmp.unit)).then_some("multiples of a limit"));
        lacking.extend((cmp.lo.is_none() && cmp.hi.is_none()).then_some("a value without bounds"));
        let one = fhir::interval(cmp.lo, cmp.hi, &cmp.unit);
        lacking.extend((one.is_none() && !want).then_some("the outside of an interval with open ends"));
        if !lacking.is_empty() {
            return self.in_words(node, &self.gaps.name(&cmp.var.0), &lacking.join(", "), want);
        }
        let code = fhir::concept(&cmp.var.0, &self.gaps.name(&cmp.var.0), self.gaps.names);
        match one {
            Some(("Range", range)) => self.put(code, "valueRange", range, want),
            _ => {
                for end in fhir::ends(cmp.lo, cmp.hi, &cmp.unit) {
                    self.put(code.clone(), "valueQuantity", end, want);
                }
            }
        }
    }

    fn coded(&mut self, node: &Node, coded: &Coded, want: bool) {
        let name = self.gaps.name(&coded.var.0);
        let several = want && coded.values.len() > 1;
        if several || coded.values.is_empty() || coded.specimen.is_some() || coded.when.is_some() {
            let lacking = match (&coded.specimen, &coded.when) {
                (Some(_), _) => "specimens",
                (None, Some(_)) => "when it is measured",
                (None, None) => "one of several values",
            };
            return self.in_words(node, &name, lacking, want);
        }
        for value in &coded.values {
            let value = match value {
                Code::Integer(n) => n.to_string(),
                Code::Word(word) => word.clone(),
            };
            let code = fhir::concept(&coded.var.0, &name, self.gaps.names);
            self.put(code, "valueCodeableConcept", fhir::words(&value), want);
        }
    }

    fn has(&mut self, node: &Node, has: &Has, want: bool) {
        if let Some(defined) = definition(has) {
            self.gaps.node(node, "its definition stands for it; what else is said of it is left out");
            return self.node(defined, want);
        }
        let mut lacking = refinements(has);
        lacking.extend(has.count.is_some().then_some("counts"));
        lacking.extend(has.when.is_some().then_some("time that is not a date"));
        if !lacking.is_empty() {
            return self.in_words(node, &has.kind.as_str().replace('_', " "), &lacking.join(", "), want);
        }
        let value = fhir::concept(&has.concept.0, &self.gaps.name(&has.concept.0), self.gaps.names);
        self.put(fhir::kind(has.kind), "valueCodeableConcept", value, want);
    }
}
