//! People and facts are written and read back as they were, and say what counts.

use model::{
    Birth, Certainty, Coding, Comparator, Decimal, Fact, FactKind, FactStatus, Interval, Period, Problem,
    Quantity, Range, ReferenceRange, Sex, Source, Subject, Value, What,
};
use proptest::prelude::*;

fn observation(variable: &str, start: &str) -> Fact {
    let what = What { variable: Some(variable.to_owned()), ..What::default() };
    let source = Source::Resource { kind: "Observation".into(), id: "o1".into(), part: None };
    let start = start.parse().ok();
    Fact { start, ..Fact::new(FactKind::Observation, what, FactStatus::Current, source) }
}

#[test]
fn written_as_json_of_the_field() {
    let mut fact = observation("hba1c", "2020-05");
    fact.what.codes.push(Coding { system: "http://loinc.org".into(), code: "4548-4".into(), display: None });
    let quantity = Quantity {
        comparator: Comparator::Less,
        unit: Some("percent".into()),
        ucum: Some("%".into()),
        ..Quantity::new(Decimal::new(72, 1))
    };
    fact.range = Some(ReferenceRange { low: None, high: Some(Quantity::new(Decimal::from(6))) });
    fact.value = Some(Value::Quantity(quantity));
    fact.problems.push(Problem::OtherDimension { unit: "kg".into(), suggested_unit: None });
    let subject = Subject {
        id: "s1".into(),
        sex: Some(Sex::Female),
        birth: Some(Birth::Date("1960".parse().unwrap())),
        facts: vec![fact],
        observed: vec![Period { start: "2010".parse().ok(), end: None }],
        ..Subject::default()
    };
    let text = serde_json::to_string(&subject).unwrap();
    insta::assert_snapshot!(text, @r#"{"id":"s1","sex":"female","birth":{"date":"1960"},"observed":[{"start":"2010"}],"facts":[{"kind":"observation","what":{"variable":"hba1c","codes":[{"system":"http://loinc.org","code":"4548-4"}]},"value":{"quantity":{"value":"7.2","comparator":"<","unit":"percent","ucum":"%"}},"range":{"high":{"value":"6"}},"start":"2020-05","status":"current","source":{"resource":{"kind":"Observation","id":"o1"}},"problems":[{"problem":"otherDimension","unit":"kg"}]}]}"#);
    assert_eq!(serde_json::from_str::<Subject>(&text).unwrap(), subject);
}

#[test]
fn errors_refutations_and_families_do_not_count() {
    let plain = observation("hba1c", "2020");
    assert!(plain.counts() && !plain.says_absent());
    let with = |change: fn(&mut Fact)| {
        let mut fact = plain.clone();
        change(&mut fact);
        (fact.counts(), fact.says_absent())
    };
    assert_eq!(with(|f| f.status = FactStatus::EnteredInError), (false, false));
    assert_eq!(with(|f| f.status = FactStatus::Refuted), (false, true));
    assert_eq!(with(|f| f.status = FactStatus::NotDone), (true, true));
    assert_eq!(with(|f| f.status = FactStatus::Cancelled), (false, false));
    assert_eq!(with(|f| f.status = FactStatus::Preliminary), (false, false));
    assert_eq!(with(|f| f.negated = true), (true, true));
    assert_eq!(with(|f| f.family = Some("mother".into())), (false, false));
    assert_eq!(with(|f| f.certainty = Certainty::Uncertain), (true, false));
}

#[test]
fn comparators_are_intervals() {
    let one = Decimal::ONE;
    let interval = |sign: &str| Comparator::of(sign).unwrap().interval(one);
    assert_eq!(interval("<"), Interval { low: None, high: Some((one, false)) });
    assert_eq!(interval("≥"), Interval { low: Some((one, true)), high: None });
    assert_eq!(interval("="), Interval { low: Some((one, true)), high: Some((one, true)) });
    assert_eq!(Comparator::of("ad"), None);
    let end = |value: i64| Some(Quantity { canonical: Some(value.into()), ..Quantity::new(value.into()) });
    let range = Value::Range(Range { low: end(3), high: None });
    assert_eq!(range.canonical_interval().unwrap().low, Some((Decimal::from(3), true)));
}

#[test]
fn facts_are_found_by_their_variable() {
    let mut subject = Subject::default();
    for (variable, start) in [("wbc", "2020"), ("alt", "2021"), ("alt", "2019"), ("hba1c", "2020")] {
        subject.facts.push(observation(variable, start));
    }
    subject.facts.push(Fact::new(
        FactKind::Condition,
        What::words("something"),
        FactStatus::Past,
        Source::Path("x".into()),
    ));
    subject.sort();
    let years: Vec<i16> = subject.about("alt").iter().filter_map(|f| f.start.map(|d| d.year())).collect();
    assert_eq!(years, [2019, 2021]);
    assert!(subject.about("zzz").is_empty() && subject.about("a").is_empty());
    assert_eq!(subject.facts[0].what.label(), "something");
}

proptest! {
    #[test]
    fn any_json_is_a_subject_or_an_error(text in "\\PC{0,60}") {
        let _ = serde_json::from_str::<Subject>(&text);
        let _ = serde_json::from_str::<Fact>(&text);
    }
}
