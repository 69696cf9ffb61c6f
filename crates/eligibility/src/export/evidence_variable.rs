//! FHIR R5 `EvidenceVariable`: characteristics that nest, with counts and times relative to an event.
//!
//! The document has the shape of the tree. A part that R5 cannot say stands in its place as a description without a
//! definition, so that no combination loses a member, and on the list.

use serde_json::{Map, Value, json};

use crate::names::Names;
use crate::notation::number;
use crate::tree::{
    Anchor, Bound, Cmp, Code, Coded, Criteria, Exposure, Has, Node, Op, Polarity, Relation, Var, When,
};

use super::{About, Export, Gaps, conditions, definition, fhir, for_people, refinements};

/// The criteria as an R5 `EvidenceVariable`.
pub fn export(criteria: &Criteria, about: About<'_>, names: &dyn Names) -> Export {
    let mut variable = Variable { gaps: Gaps::new(names) };
    let mut characteristics = Vec::new();
    for item in &criteria.items {
        variable.gaps.enter(item);
        let Some(expr) = &item.expr else {
            variable.gaps.no_tree();
            continue;
        };
        let mut characteristic = variable.node(expr, item.polarity == Some(Polarity::Forbid));
        characteristic.insert("linkId".to_owned(), format!("{}-{}", item.section, item.number).into());
        characteristics.push(Value::from(characteristic));
    }
    let document = json!({
        "resourceType": "EvidenceVariable",
        "identifier": [{"value": about.id}],
        "title": about.title,
        "status": "draft",
        "actual": false,
        "characteristic": characteristics,
    });
    Export { document, not_expressed: variable.gaps.found }
}

type Characteristic = Map<String, Value>;

struct Variable<'n> {
    gaps: Gaps<'n>,
}

fn put(out: &mut Characteristic, key: &str, value: impl Into<Value>) {
    out.insert(key.to_owned(), value.into());
}

impl Variable<'_> {
    fn node(&mut self, node: &Node, exclude: bool) -> Characteristic {
        if let Op::Not(arg) = &node.op {
            return self.node(arg, !exclude);
        }
        let mut out = Characteristic::new();
        put(&mut out, "description", self.gaps.english(node));
        put(&mut out, "exclude", exclude);
        self.define(node, &mut out);
        out
    }

    fn define(&mut self, node: &Node, out: &mut Characteristic) {
        match &node.op {
            Op::And(args) if !args.is_empty() => self.combination("all-of", None, args, out),
            Op::Or(args) if !args.is_empty() => self.combination("any-of", None, args, out),
            Op::AtLeast { k, args } if !args.is_empty() && *k > 0 => {
                self.combination("at-least", Some(*k), args, out);
            }
            Op::Cmp(cmp) => self.cmp(node, cmp, out),
            Op::Coded(coded) => self.coded(node, coded, out),
            Op::Has(has) => self.has(node, has, out),
            Op::Exposure(exposure) => self.exposure(node, exposure, out),
            Op::Abnormal { vars } if !vars.is_empty() => self.abnormal(vars, out),
            Op::Change(_) => self.gaps.node(node, "only in words: R5 has no change of a value"),
            Op::Order { .. } => self.gaps.node(node, "only in words: R5 has no order of two facts"),
            op => {
                let why = for_people(op).unwrap_or("a combination of R5 has one member at least");
                self.gaps.node(node, format!("only in words: {why}"));
            }
        }
    }

    fn combination(&mut self, code: &str, threshold: Option<u32>, args: &[Node], out: &mut Characteristic) {
        let args: Vec<Value> = args.iter().map(|arg| self.node(arg, false).into()).collect();
        put(out, "definitionByCombination", combined(code, threshold, args));
    }

    /// A type and a value; the value's key without `value` before it.
    fn type_and_value(&self, id: &str, key: &str, value: Value) -> Characteristic {
        let mut out = Characteristic::new();
        put(&mut out, "type", fhir::concept(id, &self.gaps.name(id), self.gaps.names));
        put(&mut out, &format!("value{key}"), value);
        out
    }

    fn cmp(&mut self, node: &Node, cmp: &Cmp, out: &mut Characteristic) {
        let mut lacking = conditions(cmp);
        lacking.extend((!fhir::is_computable_unit(&cmp.unit)).then_some("multiples of a limit"));
        lacking.extend((cmp.lo.is_none() && cmp.hi.is_none()).then_some("a value without bounds"));
        if !lacking.is_empty() {
            return self
                .gaps
                .node(node, format!("only in words: R5 has no place for {}", lacking.join(", ")));
        }
        let define = |key: &str, value: Value| {
            let mut definition = self.type_and_value(&cmp.var.0, key, value);
            if let Some(method) = &cmp.method {
                put(&mut definition, "method", json!([fhir::words(method)]));
            }
            definition
        };
        if let Some((key, value)) = fhir::interval(cmp.lo, cmp.hi, &cmp.unit) {
            put(out, "definitionByTypeAndValue", define(key, value));
            return;
        }
        let ends = fhir::ends(cmp.lo, cmp.hi, &cmp.unit).into_iter();
        let ends = ends.map(|end| json!({"definitionByTypeAndValue": define("Quantity", end)})).collect();
        put(out, "definitionByCombination", combined("all-of", None, ends));
    }

    fn coded(&mut self, node: &Node, coded: &Coded, out: &mut Characteristic) {
        if coded.specimen.is_some() || coded.when.is_some() || coded.values.is_empty() {
            let why = "only in words: R5 has no place for a specimen, the time of a result or for no value";
            return self.gaps.node(node, why);
        }
        let define = |code: &Code| {
            let word = match code {
                Code::Integer(n) => n.to_string(),
                Code::Word(word) => word.clone(),
            };
            self.type_and_value(&coded.var.0, "CodeableConcept", fhir::words(&word))
        };
        if let [only] = coded.values.as_slice() {
            put(out, "definitionByTypeAndValue", define(only));
            return;
        }
        let values = coded.values.iter().map(|code| json!({"definitionByTypeAndValue": define(code)}));
        put(out, "definitionByCombination", combined("any-of", None, values.collect()));
    }

    fn has(&mut self, node: &Node, has: &Has, out: &mut Characteristic) {
        if let Some(defined) = definition(has) {
            self.gaps.node(node, "its definition stands for it; what else is said of it is in words");
            put(
                out,
                "definitionByCombination",
                combined("all-of", None, vec![self.node(defined, false).into()]),
            );
            return;
        }
        let lacking = refinements(has);
        if !lacking.is_empty() {
            return self
                .gaps
                .node(node, format!("only in words: R5 has no place for {}", lacking.join(", ")));
        }
        if let Some(when) = &has.when {
            match time(when) {
                Some(time) => put(out, "timeFromEvent", json!([time])),
                None => return self.gaps.node(node, "only in words: R5 has no place for this time"),
            }
            if when.window.as_ref().is_some_and(|w| !w.incl) {
                self.gaps.node(node, "the far end of the window counts as inside");
            }
        }
        if let Some(Bound { value, incl }) = has.count {
            let comparator = Some(if incl { ">=" } else { ">" });
            put(out, "instancesQuantity", fhir::quantity(value, "", comparator));
        }
        let mut definition = Characteristic::new();
        put(&mut definition, "type", fhir::kind(has.kind));
        let value = fhir::concept(&has.concept.0, &self.gaps.name(&has.concept.0), self.gaps.names);
        put(&mut definition, "valueCodeableConcept", value);
        put(out, "definitionByTypeAndValue", definition);
    }

    fn exposure(&mut self, node: &Node, exposure: &Exposure, out: &mut Characteristic) {
        let e = &exposure.duration;
        let Some((key, value)) =
            fhir::interval(e.lo, e.hi, &e.unit).filter(|_| fhir::is_computable_unit(&e.unit))
        else {
            return self.gaps.node(node, "only in words: R5 has no place for this length");
        };
        if !exposure.concurrent && exposure.to.children().len() > 1 {
            self.gaps.node(node, "the length counts for the whole: R5 cannot say it of each part");
        }
        put(out, &format!("duration{key}"), value);
        put(
            out,
            "definitionByCombination",
            combined("all-of", None, vec![self.node(&exposure.to, false).into()]),
        );
    }

    fn abnormal(&mut self, vars: &[Var], out: &mut Characteristic) {
        let abnormal = json!({
            "coding": [{
                "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                "code": "A",
                "display": "Abnormal",
            }],
            "text": "outside the reference range",
        });
        let define = |var: &Var| {
            let definition = self.type_and_value(&var.0, "CodeableConcept", abnormal.clone());
            json!({"definitionByTypeAndValue": definition})
        };
        put(out, "definitionByCombination", combined("any-of", None, vars.iter().map(define).collect()));
    }
}

fn combined(code: &str, threshold: Option<u32>, characteristics: Vec<Value>) -> Characteristic {
    let mut out = Characteristic::new();
    put(&mut out, "code", code);
    out.extend(threshold.map(|k| ("threshold".to_owned(), k.into())));
    put(&mut out, "characteristic", characteristics);
    out
}

/// A time relative to an event; `None` for what R5 cannot say.
fn time(when: &When) -> Option<Value> {
    let event = match when.anchor {
        Some(Anchor::Screening) => "screening",
        Some(Anchor::Enrollment) => "enrollment",
        Some(Anchor::Study) => "start of the study",
        None => "evaluation",
    };
    let quantity = |value, unit: &str| fhir::quantity(value, unit, None);
    let zero = || json!({"value": number(rust_decimal::Decimal::ZERO)});
    let unit = when.window.as_ref().map(|w| w.unit.as_str());
    if unit.is_some_and(|unit| !fhir::is_computable_unit(unit)) {
        return None;
    }
    let range = match (when.relation, &when.window) {
        (Relation::Before, Some(w)) => {
            json!({"low": quantity(-w.value, &w.unit), "high": quantity(0.into(), &w.unit)})
        }
        (Relation::After, Some(w)) => {
            json!({"low": quantity(0.into(), &w.unit), "high": quantity(w.value, &w.unit)})
        }
        (Relation::Before | Relation::Ever, None) => json!({"high": zero()}),
        (Relation::After | Relation::Future, None) => json!({"low": zero()}),
        (Relation::Current, None) => json!({"low": zero(), "high": zero()}),
        _ => return None,
    };
    Some(
        json!({"description": when.relation.as_str(), "eventCodeableConcept": fhir::words(event), "range": range}),
    )
}
