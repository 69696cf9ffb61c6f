//! Instruments and scores as JSON (docs/instruments.md).

use serde_json::{Value, json};

use super::{Answer, Instrument, Item, Outcome, Values, Why};

/// A person's score: the score itself, its parts, what was given and what is missing, and where the rule comes from.
pub fn score(instrument: &Instrument, values: &Values) -> Value {
    let outcomes = instrument.score(values);
    let first = outcomes.first();
    json!({
        "instrument": instrument.id,
        "name": instrument.name,
        "score": first.map(value),
        "unit": first.and_then(|o| some(o.unit)),
        "band": first.and_then(|o| o.band),
        "results": outcomes.iter().map(outcome).collect::<Vec<_>>(),
        "given": given(values),
        "missing": values.iter().filter(|(item, given)| given.is_none() && !item.optional)
            .map(|(item, _)| item.id).collect::<Vec<_>>(),
        "about": about(instrument),
    })
}

/// An instrument with its items.
pub fn instrument(instrument: &Instrument) -> Value {
    json!({
        "instrument": instrument.id,
        "name": instrument.name,
        "kind": instrument.kind,
        "items": instrument.items.iter().map(item).collect::<Vec<_>>(),
        "about": about(instrument),
    })
}

fn about(instrument: &Instrument) -> Value {
    json!({
        "rule": instrument.rule,
        "missing_items": instrument.missing,
        "sources": instrument.sources,
        "unverified": instrument.unverified,
        "licence": instrument.licence,
        "notes": instrument.notes,
    })
}

fn some(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}

fn value(outcome: &Outcome) -> Value {
    let whole = outcome.digits == 0;
    match outcome.rounded() {
        Some(number) if whole => Value::from(number as i64),
        Some(number) => json!(number),
        None => Value::Null,
    }
}

fn outcome(outcome: &Outcome) -> Value {
    let (lacks, undefined) = match &outcome.value {
        Ok(_) => (None, None),
        Err(Why::Lacks(items)) => (Some(items), None),
        Err(Why::Undefined(why)) => (None, Some(why)),
    };
    json!({
        "id": outcome.id,
        "name": outcome.name,
        "value": value(outcome),
        "word": outcome.word,
        "unit": some(outcome.unit),
        "range": outcome.range.map(|(low, high)| [low, high]),
        "band": outcome.band,
        "verified": outcome.verified,
        "note": outcome.note,
        "lacks": lacks,
        "undefined": undefined,
    })
}

fn given(values: &Values) -> Value {
    let known = values.iter().filter_map(|(item, given)| {
        let given = given?;
        let value = given.word.map_or_else(|| json!(given.value), Value::from);
        let unit = item.unit().map(|unit| unit.as_str());
        Some((item.id.to_owned(), json!({"value": value, "unit": unit, "from": given.from})))
    });
    known.collect::<serde_json::Map<_, _>>().into()
}

fn item(item: &Item) -> Value {
    let answer = match item.answer {
        Answer::Code { low, high, words } => json!({"low": low, "high": high, "words": words}),
        Answer::Number { low, high, .. } => {
            let units: Vec<&str> = item.units().into_iter().map(|unit| unit.as_str()).collect();
            json!({"low": low, "high": high, "unit": item.unit().map(|u| u.as_str()), "units": units})
        }
        Answer::Word(words) => json!({"words": words.iter().map(|(word, _)| word).collect::<Vec<_>>()}),
    };
    json!({"id": item.id, "also": item.also, "what": item.what, "answer": answer, "optional": item.optional})
}
