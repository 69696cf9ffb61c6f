//! Notes of any kind are read: every fact stands in the note, nothing panics, and what is denied is never present.
#![allow(clippy::unwrap_used)]

use eligibility::english;
use eligibility::evaluate::{Absence, Person, Settings, Truth, evaluate_node};
use eligibility::note::NoteReader;
use eligibility::tree::Polarity;
use model::{FactStatus, Sex, Source, Subject, Value};
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

/// The start of what a note calls a stroke, and its status.
fn stroke(note: &str) -> (Option<String>, FactStatus) {
    let subject = read(note);
    let fact = subject.about("stroke").first().unwrap_or_else(|| panic!("{note}: {subject:?}"));
    (fact.start.map(|date| date.to_string()), fact.status)
}

#[test]
fn times_are_as_exact_as_their_words() {
    use FactStatus::{Current, Past, Unknown};
    for (note, date, status) in [
        ("Stroke in August 2026.", Some("2026-08"), Unknown),
        ("He had a stroke in Aug. 2025.", Some("2025-08"), Unknown),
        ("In March 2026, he had a stroke.", Some("2026-03"), Unknown),
        ("In March 2026 he had a stroke and recovered well.", Some("2026-03"), Unknown),
        ("A stroke on 2026-03-02.", Some("2026-03-02"), Unknown),
        ("Stroke (3/14/2025), now well.", Some("2025-03-14"), Unknown),
        ("Stroke 03/04/2025.", Some("2025"), Unknown),
        ("Stroke on March 2, 2026.", Some("2026-03-02"), Unknown),
        ("Stroke on 2nd of March 2026.", Some("2026-03-02"), Unknown),
        ("Stroke on the 2 March 2026.", Some("2026-03-02"), Unknown),
        ("Stroke in 2024.", Some("2024"), Unknown),
        ("Stroke in early 2024.", Some("2024"), Unknown),
        ("Stroke in the summer of 2024.", Some("2024"), Unknown),
        ("Stroke in March.", Some("2026-03"), Unknown),
        ("Stroke in November.", Some("2025-11"), Unknown),
        ("Stroke last month.", Some("2026-05"), Unknown),
        ("Stroke last year.", Some("2025"), Unknown),
        ("Stroke last week.", Some("2026-06"), Unknown),
        ("Stroke yesterday.", Some("2026-06-27"), Unknown),
        ("Stroke 3 weeks ago.", Some("2026-06-07"), Unknown),
        ("Stroke two years ago.", Some("2024"), Unknown),
        ("Stroke a month ago.", Some("2026-05"), Unknown),
        ("Sequelae of stroke since 2019.", Some("2019"), Current),
        ("Stroke diagnosed in 2019.", Some("2019"), Current),
        ("Stroke 2 or 3 years ago.", None, Unknown),
        ("Stroke a few years ago.", None, Unknown),
        ("Stroke several months ago.", None, Unknown),
        ("Stroke years ago.", None, Unknown),
        ("Stroke recently.", None, Unknown),
        ("Stroke two days before admission.", None, Unknown),
        ("Stroke at age 40.", None, Past),
        ("Stroke at the age of 40.", None, Past),
        ("Stroke in his forties.", None, Past),
        ("Stroke until March 2026.", None, Past),
    ] {
        assert_eq!(stroke(note), (date.map(str::to_owned), status), "{note}");
    }
}

#[test]
fn each_time_is_said_of_its_own() {
    let subject = read("Stroke in 2020 and myocardial infarction in May 2026, hypertension.");
    let start = |id: &str| subject.about(id)[0].start.map(|date| date.to_string());
    assert_eq!(
        [start("stroke"), start("mi"), start("hypertension")],
        [Some("2020".into()), Some("2026-05".into()), None]
    );
    let value = read("HbA1c was 9.1 % in March 2024. Today HbA1c is 7.2 %.");
    let mut dates: Vec<Option<String>> =
        value.about("hba1c").iter().map(|fact| fact.start.map(|date| date.to_string())).collect();
    dates.sort();
    assert_eq!(dates, [Some("2024-03".to_owned()), Some("2026-06-28".to_owned())]);
    assert!(read("HbA1c was 9.1 % years ago.").about("hba1c").iter().all(|fact| fact.value.is_none()));
}

/// A window is decided by a time that is understood, and by nothing else.
#[test]
fn windows_are_decided_by_understood_times_alone() {
    use Truth::{Met, NotMet, Unknown};
    let tree = english::parse("stroke in the 3 months before screening").unwrap();
    for (note, closed, open) in [
        ("Stroke in May 2026.", Met, Met),
        ("Stroke in June 2026.", Unknown, Unknown),
        ("Stroke on 2026-05-02.", Met, Met),
        ("Stroke last month.", Met, Met),
        ("Stroke 3 weeks ago.", Met, Met),
        ("Stroke in March 2026.", Unknown, Unknown),
        ("Stroke in 2026.", Unknown, Unknown),
        ("Stroke in February 2026.", NotMet, Unknown),
        ("Stroke in 2024.", NotMet, Unknown),
        ("Stroke in August 2025.", NotMet, Unknown),
        ("Stroke since 2019.", NotMet, Unknown),
        ("Stroke.", Unknown, Unknown),
        ("History of stroke.", Unknown, Unknown),
        ("Past stroke.", Unknown, Unknown),
        ("Stroke years ago.", Unknown, Unknown),
        ("Stroke at age 40.", Unknown, Unknown),
        ("Stroke recently.", Unknown, Unknown),
        ("Stroke in the year of the flood.", Unknown, Unknown),
        ("Stroke in August 2026.", NotMet, Unknown),
    ] {
        let subject = read(note);
        let truth = |absence| {
            let settings = Settings::on("2026-06-28".parse().unwrap()).with(absence);
            evaluate_node(&tree, Polarity::Require, &Person::new(&subject), &settings).truth()
        };
        assert_eq!((truth(Absence::Closed), truth(Absence::Open)), (closed, open), "{note}");
    }
}
