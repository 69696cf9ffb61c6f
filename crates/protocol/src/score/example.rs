//! Items and scores for the tests of the instruments.

use serde_json::Value;

use super::{Instrument, Why, read};

/// Asserts what items come to: results in order, each `id value [band]`, or `id lacks item, item`.
#[track_caller]
pub(crate) fn scores(instrument: &Instrument, items: Value, expected: &[&str]) {
    let values = read(instrument, &items).unwrap_or_else(|t| panic!("{t:?}"));
    let said = instrument.score(&values).into_iter().map(|outcome| {
        let value = match (&outcome.word, &outcome.value) {
            (Some(word), _) => word.clone(),
            (None, Ok(_)) => outcome.printed().unwrap(),
            (None, Err(Why::Lacks(items))) => format!("lacks {}", items.join(", ")),
            (None, Err(Why::Undefined(why))) => (*why).to_owned(),
        };
        let band = outcome.band.map(|b| format!(" {b}")).unwrap_or_default();
        format!("{} {value}{band}", outcome.id)
    });
    assert_eq!(said.collect::<Vec<_>>(), expected);
}

/// Asserts that items are refused with these words.
#[track_caller]
pub(crate) fn refuses(instrument: &Instrument, items: Value, expected: &[&str]) {
    let troubles = read(instrument, &items).unwrap_err();
    assert_eq!(troubles.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
}
