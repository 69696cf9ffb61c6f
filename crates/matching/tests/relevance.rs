//! Patient notes against judged studies: the figures of `score_relevance.py`, judged studies only.
//!
//! Topics and judgements: TREC Clinical Trials 2021 and Koopman and Zuccon, SIGIR 2016, as published with TrialGPT. The
//! settings were chosen on the topics of which the fingerprint of the id is even; the others are held out.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod measure;

use std::{ops::ControlFlow, path::Path, path::PathBuf};

use matching::topic::{Settings, Topic};
use model::NctId;
use registry::{Event, Import, Registry, import};

fn registry(folder: &Path, studies: PathBuf) -> Registry {
    let what = Import {
        paths: vec![studies],
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
    let rank = |note: &str| {
        let scores = Topic::of_note(note, &settings).scores(&snapshot, &registry, &settings).unwrap();
        let snapshot = snapshot.clone();
        move |id: NctId| snapshot.number(id).map(|n| scores[n as usize]).filter(|score| *score > 0.0)
    };
    for (set, tuned, held) in [("sigir", 0.48, 0.42), ("trec_2021", 0.65, 0.65)] {
        let [first, second] = measure::halves(&data.join(set), &rank);
        println!("{set}: tuned {first}; held out {second}");
        assert!(first.ndcg() > tuned && second.ndcg() > held, "{set}: {first}; {second}");
    }
}
