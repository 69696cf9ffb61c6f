//! A person against a whole registry: compiled, the same as study by study.
#![allow(clippy::unwrap_used)]

use std::{fs, ops::ControlFlow, path::Path};

use eligibility::evaluate::Absence;
use ingest::Limits;
use jiff::civil::date;
use matching::{
    asked::{Asked, People},
    eligible::Known,
    filter::Filter,
    kept::{self, Kept, Whole, make},
    rank::{ASSESSED, Ranked, matched},
};
use registry::{Import, Registry, import};

const NOTES: [&str; 4] = [
    "A 62-year-old woman with type 2 diabetes, HbA1c 8.4 %, on metformin. No history of pancreatitis.",
    "58 year old man with metastatic breast cancer, ECOG 1. Heart failure, NYHA III. Creatinine 1.1 mg/dl.",
    "34 year old woman with asthma and migraine, pregnant. Smoker.",
    "Stroke",
];

const RECORD: &str = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
    {"resource": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1964-02-01"}},
    {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
        "code": {"text": "Type 2 diabetes mellitus"}, "onsetDateTime": "2015-01-01"}},
    {"resource": {"resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}], "text": "HbA1c"},
        "effectiveDateTime": "2026-05-01", "valueQuantity": {"value": 8.1, "unit": "%"}}}]}"#;

fn registry(folder: &Path) -> Registry {
    let demo = testkit::root().join("demo/studies.ndjson");
    let what = Import {
        paths: vec![demo],
        source: None,
        received: 0,
        strict: false,
        workers: 1,
        limits: Limits::default(),
    };
    import(folder, &what, &mut |_| ControlFlow::Continue(())).unwrap();
    Registry::open(folder).unwrap()
}

fn whole(registry: &Registry) -> (Kept, Whole) {
    let kept = make(registry.folder(), registry.store(), 2, &mut |_, _| ()).unwrap();
    let whole = Whole::make(registry.folder(), &kept, &mut |_, _| ()).unwrap();
    (kept, whole)
}

fn people() -> Vec<Asked> {
    let day = date(2026, 5, 17);
    let notes = NOTES.iter().map(|note| Asked::of_note("", note, day));
    let mut records = People::read("p.json", RECORD.as_bytes()).people;
    records.push(model::Subject::default());
    let mut all: Vec<Asked> = notes.collect();
    all.extend(records.into_iter().map(|subject| Asked::of_both(subject, "type 2 diabetes", day)));
    let by_all = |asked: Asked| {
        Absence::ALL.map(|absence| {
            let mut asked = asked.clone();
            asked.rules.absence = absence;
            asked
        })
    };
    all.into_iter().flat_map(by_all).collect()
}

fn lines(ranked: &[Ranked]) -> Vec<String> {
    ranked.iter().map(|one| format!("{} {} {:?} {:?}", one.id, one.score, one.fit, one.standing())).collect()
}

#[test]
fn compiled_it_is_the_same_as_study_by_study() {
    let folder = testkit::folder();
    let registry = registry(folder.path());
    assert!(registry.len() < ASSESSED, "all of them are read without a plan");
    let (slow, (kept, plan)) = (Known::default(), whole(&registry));
    let quick = Known::new(Some(kept), Some(plan));
    let (mut seen, mut explained) = (0, 0);
    for asked in people() {
        let of = |known, most| matched(&registry, known, &asked, &Filter::default(), most).unwrap();
        let (one, other) = (of(&slow, 3), of(&quick, 3));
        assert_eq!(lines(&one), lines(&other), "{:?}", asked.subject);
        seen += one.len();
        for (one, other) in one.iter().zip(&other).filter(|(_, other)| other.assessed.is_some()) {
            assert_eq!(one.assessed.as_ref().unwrap().1, other.assessed.as_ref().unwrap().1);
            explained += 1;
        }
    }
    assert!(seen > 100 && explained > 30 && explained < seen, "{seen}, {explained}");
}

#[test]
fn answers_of_people_are_not_passed_over() {
    let folder = testkit::folder();
    let registry = registry(folder.path());
    let (kept, plan) = whole(&registry);
    let quick = Known::new(Some(kept), Some(plan));
    let mut asked = Asked::of_note("", NOTES[0], date(2026, 5, 17));
    let all = matched(&registry, &quick, &asked, &Filter::default(), usize::MAX).unwrap();
    let question = all.iter().flat_map(Ranked::criteria).find(|(_, finding)| !finding.missing().is_empty());
    asked.rules.answers.push(eligibility::evaluate::Answer {
        question: question.unwrap().0.source.clone(),
        about: eligibility::evaluate::About::Criterion(question.unwrap().0.section),
        holds: true,
        by: "a test".into(),
    });
    let of = |known: &Known| lines(&matched(&registry, known, &asked, &Filter::default(), 3).unwrap());
    assert_eq!(of(&quick), of(&Known::default()));
}

#[test]
fn a_damaged_or_old_plan_is_made_anew() {
    let folder = testkit::folder();
    let registry = registry(folder.path());
    let (kept, _) = whole(&registry);
    let path = kept::folder(folder.path()).join("PLAN");
    let bytes = fs::read(&path).unwrap();
    assert_eq!(Whole::open(folder.path(), &kept).unwrap().studies().len(), registry.len());
    let mut damaged = bytes.clone();
    for place in [0, 9, 12, bytes.len() / 2, bytes.len() - 1] {
        damaged[place] ^= 0x08;
        fs::write(&path, &damaged).unwrap();
        assert!(Whole::open(folder.path(), &kept).is_none(), "{place}");
        damaged[place] ^= 0x08;
        fs::write(&path, &damaged[..place]).unwrap();
        assert!(Whole::open(folder.path(), &kept).is_none(), "cut at {place}");
    }
    Whole::make(folder.path(), &kept, &mut |_, _| ()).unwrap();
    assert_eq!(fs::read(&path).unwrap(), bytes, "the same bytes again");
}
