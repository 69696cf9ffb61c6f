//! The data types of FHIR that both versions share.

use serde_json::{Map, Value, json};

use crate::names::Names;
use crate::notation::number;
use crate::tree::{Bound, Kind};

/// A `CodeableConcept`: codes of an id, and words.
pub(super) fn concept(id: &str, text: &str, names: &dyn Names) -> Value {
    let codings = names.codes(id).into_iter().map(|c| {
        let mut coding = Map::new();
        coding.insert("system".to_owned(), c.system.uri().into());
        coding.insert("code".to_owned(), c.code.into());
        coding.extend(c.display.map(|display| ("display".to_owned(), display.into())));
        Value::from(coding)
    });
    let codings: Vec<Value> = codings.collect();
    if codings.is_empty() { words(text) } else { json!({"coding": codings, "text": text}) }
}

/// A `CodeableConcept` of words only.
pub(super) fn words(text: &str) -> Value {
    json!({"text": text})
}

/// What a kind of fact is called.
pub(super) fn kind(kind: Kind) -> Value {
    words(&kind.as_str().replace('_', " "))
}

/// Whether a unit is one that a receiver can compute with: multiples of limits and of half-lives are none.
pub(super) fn is_computable_unit(unit: &str) -> bool {
    !matches!(unit, "{ULN}" | "{LLN}" | "{half-life}")
}

/// A `Quantity` in UCUM.
pub(super) fn quantity(value: rust_decimal::Decimal, unit: &str, comparator: Option<&str>) -> Value {
    let mut out = Map::new();
    out.insert("value".to_owned(), number(value));
    out.extend(comparator.map(|c| ("comparator".to_owned(), c.into())));
    if !unit.is_empty() {
        out.insert("unit".to_owned(), unit.into());
        out.insert("system".to_owned(), "http://unitsofmeasure.org".into());
        out.insert("code".to_owned(), unit.into());
    }
    out.into()
}

/// The ends of an interval as quantities with comparators.
pub(super) fn ends(lo: Option<Bound>, hi: Option<Bound>, unit: &str) -> Vec<Value> {
    let lo = lo.map(|b| quantity(b.value, unit, Some(if b.incl { ">=" } else { ">" })));
    let hi = hi.map(|b| quantity(b.value, unit, Some(if b.incl { "<=" } else { "<" })));
    lo.into_iter().chain(hi).collect()
}

/// An interval that one value of FHIR can say: its key and value.
pub(super) fn interval(lo: Option<Bound>, hi: Option<Bound>, unit: &str) -> Option<(&'static str, Value)> {
    match (lo, hi) {
        (Some(l), Some(h)) if l.incl && h.incl => {
            let range = json!({"low": quantity(l.value, unit, None), "high": quantity(h.value, unit, None)});
            Some(("Range", range))
        }
        (Some(_), Some(_)) | (None, None) => None,
        _ => ends(lo, hi, unit).pop().map(|quantity| ("Quantity", quantity)),
    }
}
