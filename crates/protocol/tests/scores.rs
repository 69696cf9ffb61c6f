//! What holds of every score: no panic on any JSON, a missing item is never filled in, values stay in their range.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use protocol::score::{self, Answer, INSTRUMENTS, Instrument, Why};
use serde_json::{Map, Value, json};

/// Any JSON, three levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "1e9 mg/dL",
            "-3",
            "0.9 mg/dL",
            "1e400",
            "5 umol/L",
            "2 kg",
            "F",
            "NaN",
            "1 %"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            (inner.clone(), inner).prop_map(|(value, unit)| json!({"value": value, "unit": unit})),
        ]
    })
}

fn instruments() -> impl Strategy<Value = &'static Instrument> {
    prop::sample::select(INSTRUMENTS)
}

/// Whatever is read is scored, printed and written.
fn holds(instrument: &Instrument, items: &Value) {
    let Ok(values) = score::read(instrument, items) else { return };
    for outcome in instrument.score(&values) {
        match (&outcome.value, outcome.range) {
            (Ok(value), Some((low, high))) => assert!((low..=high).contains(value), "{outcome:?}"),
            (Ok(value), None) => assert!(value.is_finite(), "{outcome:?}"),
            (Err(Why::Lacks(items)), _) => {
                assert!(items.iter().all(|id| values.given(id).is_none()), "{outcome:?}");
            }
            (Err(Why::Undefined(why)), _) => assert!(!why.is_empty()),
        }
    }
    assert!(score::json::score(instrument, &values)["results"].is_array());
    assert!(score::text::score(instrument, &values).contains(instrument.id));
}

/// An answer to an item, by a number from 0 to 1.
fn answer(answer: &Answer, at: f64) -> Value {
    match *answer {
        Answer::Code { low, high, .. } => json!(low + ((high - low) as f64 * at).round() as i64),
        Answer::Number { low, high, .. } => json!(low + (high - low) * at),
        Answer::Word(words) => json!(words[((words.len() - 1) as f64 * at).round() as usize].0),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_json_is_read_or_refused(instrument in instruments(), whole in any_json()) {
        holds(instrument, &whole);
    }

    #[test]
    fn any_values_of_items(instrument in instruments(), values in prop::collection::vec(any_json(), 20)) {
        let items: Map<String, Value> =
            instrument.items.iter().zip(values).map(|(item, value)| (item.id.to_owned(), value)).collect();
        holds(instrument, &items.into());
    }

    #[test]
    fn whatever_is_in_range(instrument in instruments(), places in prop::collection::vec(0.0..=1.0_f64, 20)) {
        let items: Map<String, Value> = instrument.items.iter().zip(places)
            .map(|(item, at)| (item.id.to_owned(), answer(&item.answer, at))).collect();
        prop_assert!(score::read(instrument, &items.clone().into()).is_ok());
        holds(instrument, &items.into());
    }
}

#[test]
fn nothing_given_is_nothing_scored() {
    for instrument in INSTRUMENTS {
        let values = score::read(instrument, &json!({})).unwrap();
        assert!(instrument.score(&values).iter().all(|outcome| outcome.value.is_err()), "{}", instrument.id);
    }
}

/// Every instrument of the reference file is here, with its items under the names it has there.
#[test]
fn the_reference_file_is_covered() {
    let Some(path) = testkit::shared("reference/instruments.jsonl") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let mut count = 0;
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let id = row["id"].as_str().unwrap();
        let instrument = score::instrument(id).unwrap_or_else(|| panic!("{id}"));
        for item in row["items"].as_array().unwrap() {
            let name = item["id"].as_str().unwrap();
            assert!(instrument.item(name).is_some(), "{id} {name}");
        }
        for test in row["tests"].as_array().into_iter().flatten() {
            let items = json!({"scr": test[0], "age": test[1], "sex": test[2]});
            let values = score::read(instrument, &items).unwrap();
            assert_eq!(instrument.score(&values)[0].rounded(), test[3].as_f64(), "{id} {test}");
        }
        count += 1;
    }
    assert_eq!(count, INSTRUMENTS.len());
}
