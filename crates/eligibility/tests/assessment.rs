//! What follows for a person from all criteria of a study.
#![allow(clippy::unwrap_used)]

use eligibility::Eligibility;
use eligibility::evaluate::compiled::{Block, Compiled};
use eligibility::evaluate::{
    About, Absence, Answer, Assessment, Person, Ruling, Settings, Standing, Truth, Verdict, assess, defining,
    evaluate, hold_back, to_json,
};
use eligibility::note::NoteReader;
use eligibility::read::{Options, Reader};
use eligibility::tree::{Computable, Item, Number, Section, Span};
use model::{Death, Source, Study};
use serde_json::json;

const CRITERIA: &str = "Inclusion Criteria:\n- Age 18 to 65 years\n- HbA1c of 7 % or more\n- Willing to take part\n\n\
    Exclusion Criteria:\n- Stroke\n- ALT > 100 U/L or creatinine > 200 umol/L\n";

fn items() -> Vec<Item> {
    Reader::new().read(CRITERIA, Options::default()).items
}

#[track_caller]
fn check(note: &str, expected: Verdict) {
    let today = "2026-06-28".parse().unwrap();
    let subject = NoteReader::new().read(note, today);
    let settings = Settings::on(today).with(Absence::Clinical);
    assert_eq!(assess(&items(), &Person::new(&subject), &settings).verdict, expected, "{note}");
}

#[test]
fn blockers_rule_out_and_known_ones_stand_first() {
    check("A 70-year-old man with a stroke.", Verdict::Ineligible { blockers: vec![0, 3] });
    check("A 40-year-old man. HbA1c 8 %. ALT 120 U/L.", Verdict::Ineligible { blockers: vec![4] });
}

#[test]
fn what_a_person_must_decide_remains() {
    let note = "A 40-year-old man. HbA1c 8 %. ALT 20 U/L. Creatinine 80 umol/L.";
    check(note, Verdict::Eligible { remaining: vec![2] });
    let agreed = format!("{note} He gives informed consent.");
    check(&agreed, Verdict::Eligible { remaining: vec![] });
}

#[test]
fn what_one_fact_settles_stands_first() {
    check("A 40-year-old man.", Verdict::Undetermined { unknown: vec![1, 4, 2] });
}

/// Nothing speaks against somebody of whom nothing is known; that is no reason to say that they are wanted.
#[test]
fn somebody_is_eligible_if_a_record_shows_that_they_are_wanted() {
    let today = "2026-06-28".parse().unwrap();
    let found = |text: &str, note: &str| {
        let items = Reader::new().read(text, Options::default()).items;
        let subject = NoteReader::new().read(note, today);
        let settings = Settings::on(today).with(Absence::Closed);
        let slow = assess(&items, &Person::new(&subject), &settings);
        let mut block = Block::new(Compiled::new(settings, [items.as_slice()]).into());
        block.hold(std::slice::from_ref(&subject));
        assert_eq!(block.verdicts(0).of(0), Ruling::from(&slow.verdict), "{text}: {note}");
        let mut standings: Vec<Standing> =
            items.iter().zip(&slow.findings).map(|(item, finding)| Standing::of(item, finding)).collect();
        hold_back(&defining(&items), &mut standings);
        assert_eq!(Ruling::of(&standings), Ruling::from(&slow.verdict), "{text}: {note}");
        slow.verdict
    };
    let people = "Inclusion Criteria:\n- Aged 18 or older\n- Treated by a psychiatrist of the clinic\n\
        - No asthma\n\nExclusion Criteria:\n- Stroke\n";
    let adult = "A 40-year-old man.";
    assert_eq!(found(people, adult), Verdict::Undetermined { unknown: vec![1] });
    let record = people.replace("\n\nExclusion", "\n- Diabetes\n\nExclusion");
    assert_eq!(found(&record, "A 40-year-old man with diabetes."), Verdict::Eligible { remaining: vec![1] });
    let consent = people.replace("Treated by a psychiatrist of the clinic", "Informed consent");
    assert_eq!(found(&consent, adult), Verdict::Eligible { remaining: vec![1] });
    let excluding = "Exclusion Criteria:\n- Stroke\n";
    assert_eq!(found(excluding, adult), Verdict::Eligible { remaining: vec![] });
}

#[test]
fn no_criteria_are_no_reason_to_say_eligible() {
    let nothing = Item {
        section: Section::None,
        number: Number::Counted(0),
        span: Span::default(),
        source: String::new(),
        polarity: None,
        expr: None,
        cohort: None,
        computable: Computable::Absent,
        residue: Vec::new(),
        flags: Vec::new(),
    };
    let subject = model::Subject::default();
    let settings = Settings::on("2026-06-28".parse().unwrap());
    let found = |items: &[Item]| assess(items, &Person::new(&subject), &settings).verdict;
    assert_eq!(found(&[nothing]), Verdict::Undetermined { unknown: vec![0] });
    assert_eq!(found(&[]), Verdict::Undetermined { unknown: vec![] });
}

#[test]
fn words_that_were_not_read_hold_back_what_they_could_change() {
    let today = "2026-06-28".parse().unwrap();
    let found = |text: &str, note: &str, settings: &Settings| {
        let item = Reader::new().read(text, Options::default()).items.remove(0);
        let subject = NoteReader::new().read(note, today);
        Standing::of(&item, &evaluate(&item, &Person::new(&subject), settings))
    };
    let open = Settings::on(today);
    let required = "Inclusion Criteria:\n- Aged 18 to 75 years included in the waiting list for HT\n";
    assert_eq!(found(required, "A 40-year-old man.", &open), Standing::ForPerson);
    assert_eq!(found(required, "An 80-year-old man.", &open), Standing::NotMet);
    let excluded = "Exclusion Criteria:\n- Creatinine > 200 umol/L persisting in a further sample\n";
    assert_eq!(found(excluded, "Creatinine 300 umol/L.", &open), Standing::ForPerson);
    assert_eq!(found(excluded, "Creatinine 80 umol/L.", &open), Standing::Met);
    assert_eq!(found(excluded, "No laboratory.", &open), Standing::Unknown);
    let answer = |holds| Answer {
        question: "waiting list".into(),
        about: About::Words,
        holds,
        by: "A. Nurse on 2026-06-01".into(),
    };
    for (holds, standing) in [(true, Standing::Met), (false, Standing::NotMet)] {
        let answered = Settings { answers: vec![answer(holds)], ..open.clone() };
        assert_eq!(found(required, "A 40-year-old man.", &answered), standing);
    }
}

/// A person who fits in all but that they may have died.
fn died(on: Option<&str>, seen: Option<&str>) -> Assessment {
    let today = "2026-06-28".parse().unwrap();
    let note = "A 40-year-old man. HbA1c 8 %. ALT 20 U/L. Creatinine 80 umol/L.";
    let mut subject = NoteReader::new().read(note, today);
    let source = Source::Resource { kind: "Patient".into(), id: "p1".into(), part: Some("deceased".into()) };
    subject.death = Some(Death { date: on.map(|date| date.parse().unwrap()), source });
    subject.facts[0].start = seen.map(|date| date.parse().unwrap());
    let settings = Settings::on(today).with(Absence::Clinical);
    assess(&items(), &Person::new(&subject), &settings)
}

#[test]
fn who_has_died_can_join_nothing() {
    for (on, seen, truth) in [
        (Some("2026-06-27"), None, Truth::NotMet),
        (Some("2026-06-28"), None, Truth::NotMet),
        (Some("2025"), None, Truth::NotMet),
        (Some("2026-06-29"), None, Truth::Met),
        (Some("2027"), None, Truth::Met),
        (Some("2026-06"), None, Truth::Unknown),
        (None, None, Truth::NotMet),
        (None, Some("2026-01-01"), Truth::NotMet),
        (None, Some("2026-07-01"), Truth::Unknown),
    ] {
        let found = died(on, seen);
        let life = found.life.unwrap();
        assert_eq!(life.truth(), truth, "{on:?} {seen:?}");
        let expected = match truth {
            Truth::NotMet => Ruling::Ineligible,
            Truth::Unknown => Ruling::Undetermined,
            Truth::Met => Ruling::Eligible,
        };
        assert_eq!(Ruling::from(&found.verdict), expected, "{on:?} {seen:?}");
        let shown = to_json(&life);
        assert_eq!(shown["evidence"][0]["source"]["resource"], "Patient/p1");
        assert_eq!(shown["evidence"][0]["date"].as_str(), on);
    }
    assert_eq!(died(Some("2025"), None).verdict, Verdict::Ineligible { blockers: vec![] });
}

/// How the field "no healthy volunteers" stands for a person of a study of these conditions and purpose.
#[track_caller]
fn volunteers(conditions: &[&str], purpose: &str, note: &str, absence: Absence) -> Standing {
    let record = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001"},
        "conditionsModule": {"conditions": conditions},
        "designModule": {"designInfo": {"primaryPurpose": purpose}},
        "eligibilityModule": {"healthyVolunteers": false, "eligibilityCriteria": "Inclusion Criteria:\n\n* Adults"},
    }});
    let (study, mut reader) = (Study::new(record).unwrap(), Reader::new());
    let mut items = Eligibility::of(&mut reader, &study, Options::default()).criteria.items;
    eligibility::volunteers::define(&mut items, &study, &mut reader);
    let today = "2026-06-28".parse().unwrap();
    let subject = NoteReader::new().read(note, today);
    let settings = Settings::on(today).with(absence);
    let field = items.iter().find(|item| item.section == Section::Registry).unwrap();
    let slow = Standing::of(field, &evaluate(field, &Person::new(&subject), &settings));
    let compiled = Compiled::new(settings, [std::slice::from_ref(field)]);
    let mut block = Block::new(std::sync::Arc::new(compiled));
    block.hold(std::slice::from_ref(&subject));
    block.each_criterion(0, &mut |planes, _| assert_eq!(planes.of(0), slow, "{note}"));
    slow
}

#[test]
fn who_has_a_condition_under_study_is_no_healthy_volunteer() {
    use Absence::{Clinical, Closed, Open};
    use Standing::{ForPerson, Met, NotMet};
    let [ill, past, other, denied] = [
        "A man with type 2 diabetes.",
        "He had pneumonia in 2020.",
        "A man with asthma.",
        "He has no diabetes.",
    ];
    for (conditions, purpose, note, absence, expected) in [
        // The same, a narrower condition, one of several, one that is over.
        (&["Type 2 Diabetes"][..], "TREATMENT", ill, Open, Met),
        (&["Diabetes Mellitus"], "TREATMENT", ill, Open, Met),
        (&["Diabetic Foot", "Type 2 Diabetes Mellitus"], "TREATMENT", ill, Closed, Met),
        (&["Pneumonia"], "TREATMENT", past, Clinical, Met),
        // Nothing recorded: people must tell, which makes nobody undetermined.
        (&["Diabetes Mellitus"], "TREATMENT", other, Open, ForPerson),
        (&["Diabetes Mellitus"], "TREATMENT", other, Clinical, ForPerson),
        (&["Type 1 Diabetes"], "TREATMENT", ill, Open, ForPerson),
        // Nothing in a record that is complete, or denied.
        (&["Diabetes Mellitus"], "TREATMENT", other, Closed, NotMet),
        (&["Diabetes Mellitus"], "TREATMENT", denied, Open, NotMet),
        // Prevention takes people in before they are ill, and words of no vocabulary may be recorded otherwise.
        (&["Diabetes Mellitus"], "PREVENTION", other, Closed, ForPerson),
        (&["Unheard Ailment of Gadgets"], "TREATMENT", other, Closed, ForPerson),
        (&["Diabetes Mellitus"], "TREATMENT", "He is a healthy volunteer.", Open, NotMet),
    ] {
        let found = volunteers(conditions, purpose, note, absence);
        assert_eq!(found, expected, "{conditions:?} {purpose} {note} {absence}");
    }
}
