//! Notes of any kind are read: every fact stands in the note, nothing panics, and what is denied is never present.
#![allow(clippy::unwrap_used)]

use eligibility::note::NoteReader;
use model::{Sex, Source, Subject, Value};
use proptest::prelude::*;

fn read(note: &str) -> Subject {
    NoteReader::new().read(note, "2026-06-28".parse().unwrap())
}

#[test]
fn numbered_sentences_are_read_without_their_numbers() {
    let subject = read(
        "0. A 47-year-old man has had a cough for 2 weeks.\n1. His blood pressure is 150/95 mmHg, his temperature 38.2 \
         C.\n12. He denies fever.\n",
    );
    assert_eq!(subject.sex, Some(Sex::Male));
    assert_eq!(subject.birth.as_ref().unwrap().years_on("2026-06-28".parse().unwrap()), Some((47, 47)));
    let value = |id: &str| match &subject.about(id).first().unwrap().value {
        Some(Value::Quantity(quantity)) => quantity.canonical.unwrap().normalize().to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        (value("sbp"), value("dbp"), value("temperature")),
        ("150".into(), "95".into(), "38.2".into())
    );
    let fever = subject.facts.iter().find(|fact| fact.what.text.as_deref() == Some("fever")).unwrap();
    assert!(fever.negated);
}

#[test]
fn who_is_read_from_many_forms() {
    for (note, years, sex) in [
        ("58F with dyspnea.", 58, Sex::Female),
        ("A 65 yo African man comes.", 65, Sex::Male),
        ("This 7 year old girl fell.", 7, Sex::Female),
        ("A woman, aged 44, has pain.", 44, Sex::Female),
        ("A 30 y/o male smoker.", 30, Sex::Male),
        ("Patient is 81 years of age. She walks.", 81, Sex::Female),
    ] {
        let subject = read(note);
        let found = subject.birth.as_ref().unwrap().years_on("2026-06-28".parse().unwrap());
        assert_eq!((found, subject.sex), (Some((years, years)), Some(sex)), "{note}");
    }
    let nobody = read("No age, no sex; pain for 20 years.");
    assert_eq!((nobody.birth, nobody.sex), (None, None));
}

fn sentences() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[A-Z][a-z]{1,8}",
        "[0-9]{1,3}(\\.[0-9])?",
        Just(" year-old woman".to_owned()),
        Just(" denies ".to_owned()),
        Just(" hemoglobin 9 g/dL".to_owned()),
        Just(" 120/80 mmHg ".to_owned()),
        Just(" stroke 3 months ago".to_owned()),
        Just(" her mother has ".to_owned()),
        Just(".\n3. ".to_owned()),
        Just(" at age ".to_owned()),
        Just("ß≥µ ".to_owned()),
        "\\PC{0,5}",
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn every_fact_stands_in_the_note(note in prop_oneof![sentences(), any::<String>()]) {
        let subject = read(&note);
        for fact in &subject.facts {
            let Source::Text { start, end } = fact.source else { panic!("{fact:?}") };
            prop_assert!(note.get(start..end).is_some_and(|words| !words.is_empty()), "{:?}", fact);
        }
        prop_assert_eq!(read(&note), subject);
    }
}
