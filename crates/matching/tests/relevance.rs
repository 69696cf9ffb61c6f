//! Patient notes against judged studies: the figures of `score_relevance.py`, judged studies only.
//!
//! Topics and judgements: TREC Clinical Trials 2021 and Koopman and Zuccon, SIGIR 2016, as published with TrialGPT. The
//! settings were chosen on the topics of which the fingerprint of the id is even; the others are held out.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod measure;

use std::{cell::RefCell, ops::ControlFlow, path::Path, path::PathBuf};

use eligibility::{
    evaluate::{Absence, Person, Settings as Rules},
    note::NoteReader,
};
use matching::{
    eligible::{Assessor, Fit, Known},
    topic::{Settings, Topic},
};
use model::StudyId;
use registry::{Event, Import, Registry, import};

fn registry(folder: &Path, studies: PathBuf) -> Registry {
    let what = Import {
        paths: vec![studies],
        source: None,
        received: 1_790_000_000,
        strict: false,
        workers: 2,
        limits: ingest::Limits::default(),
    };
    import(folder, &what, &mut |_: Event<'_>| ControlFlow::Continue(())).unwrap();
    Registry::open(folder).unwrap()
}

#[test]
fn published_judgements_are_met() {
    let Some(data) = testkit::shared("data/relevance") else { return };
    let folder = testkit::folder();
    let registry = registry(folder.path(), data.join("studies.v2.zip"));
    let snapshot = registry.index().snapshot();
    let settings = Settings::default();
    let day: jiff::civil::Date = "2021-06-01".parse().unwrap();
    let rules = Rules::on(day).with(Absence::Clinical);
    let known = Known::default();
    let (assessor, reader) =
        (RefCell::new(Assessor::new(&registry, &known)), RefCell::new(NoteReader::new()));
    let rank = |note: &str| {
        let scores = Topic::of_note(note, &settings).scores(&snapshot, &registry, &settings).unwrap();
        let subject = reader.borrow_mut().read(note, day);
        let (snapshot, assessor, rules) = (snapshot.clone(), &assessor, &rules);
        move |id: StudyId| {
            let score = Some(scores[snapshot.number(id)? as usize]).filter(|score| *score > 0.0)?;
            let (candidate, found) = assessor.borrow_mut().assess(id, &Person::new(&subject), rules)?;
            Some(Fit::of(&candidate, &found).rank(score))
        }
    };
    for (set, ndcg, auroc) in [("sigir", 0.40, 0.53), ("trec_2021", 0.65, 0.65)] {
        let halves = measure::halves(&data.join(set), &rank);
        println!("{set}: tuned {}; held out {}", halves[0], halves[1]);
        for half in halves {
            assert!(half.ndcg() > ndcg && half.auroc() > auroc, "{set}: {half}");
        }
    }
}
