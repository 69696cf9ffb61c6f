//! The studies that the tests search: the demo registry, and a sample of the registry's own files.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    sync::{Arc, LazyLock},
};

use index::{Analyst, Answer, Budget, Index, Options, Records, Snapshot, Writer};
use ingest::{Found, Limits};
use model::{StudyId, study};
use query::{Request, Search};
use serde_json::Value;

use crate::oracle::Facts;

/// Studies, what the oracle read of them, and their index.
pub struct Corpus {
    /// The records.
    pub records: Studies,
    /// The same, read by the oracle.
    pub facts: Vec<Facts>,
    /// The index of them.
    pub snapshot: Arc<Snapshot>,
}

/// Records by id.
#[derive(Clone, Default)]
pub struct Studies(pub BTreeMap<StudyId, Value>);

impl Records for Studies {
    fn record(&self, id: StudyId) -> Option<Value> {
        self.0.get(&id).cloned()
    }
}

impl Corpus {
    /// Indexes some studies in the order of their ids.
    pub fn new(records: Studies) -> Self {
        let order: Vec<StudyId> = records.0.keys().copied().collect();
        let snapshot = indexed(&records, &order, 2);
        let facts = records.0.iter().map(|(id, json)| Facts::new(*id, json)).collect();
        Self { records, facts, snapshot }
    }

    /// Runs a search for its first `limit` hits.
    pub fn run(&self, search: &Search, options: &Options) -> Answer {
        self.snapshot.search(search, options, &self.records).unwrap()
    }

    /// The ids that a search finds, in order.
    pub fn ids(&self, search: &Search) -> Vec<StudyId> {
        let options = Options { limit: usize::MAX, ..Options::default() };
        self.run(search, &options).hits.into_iter().map(|hit| hit.nct_id).collect()
    }

    /// The ids that an expression in `query.term` finds, in order.
    pub fn term(&self, text: &str) -> Vec<StudyId> {
        self.ids(&term(text))
    }
}

/// A search for an expression in `query.term`.
pub fn term(text: &str) -> Search {
    Request { term: Some(text.into()), ..Request::default() }
        .resolve()
        .unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// An index of the studies, put in this order by so many threads.
pub fn indexed(records: &Studies, order: &[StudyId], threads: usize) -> Arc<Snapshot> {
    let folder = testkit::folder();
    let mut writer = Writer::open(folder.path(), Budget { bytes: 60 << 20, threads }).unwrap();
    let mut analyst = Analyst::new();
    for id in order {
        writer.put(analyst.study(*id, &records.0[id]), true).unwrap();
    }
    writer.commit(1).unwrap();
    writer.finish().unwrap();
    // The files stay readable through their mappings after the folder is gone.
    Index::open(folder.path()).unwrap().snapshot()
}

/// The demo registry.
pub static DEMO: LazyLock<Corpus> = LazyLock::new(|| {
    let text = std::fs::read_to_string(testkit::root().join("demo/studies.ndjson")).unwrap();
    let studies = text.lines().map(|line| {
        let json: Value = serde_json::from_str(line).unwrap();
        (study::id_of(&json).unwrap(), json)
    });
    Corpus::new(Studies(studies.collect()))
});

/// Files of the registry and how many studies of each are taken, every so many records.
const FILES: [(&str, usize, usize); 4] = [
    ("data/registry/ctgov-v2.json.zip", 9, 1),
    ("data/registry/ctgov-v1-full-studies.zip", 150, 5),
    ("data/relevance/studies.v2.zip", 900, 1),
    ("data/registry/ctgov-legacy-xml.zip", 150, 1),
];

/// A sample of the registry's own files in all formats; `None`, loudly, where they are absent.
pub static REAL: LazyLock<Option<Corpus>> = LazyLock::new(|| {
    let mut studies = Studies::default();
    for (file, most, every) in FILES {
        let path = testkit::shared(file)?;
        let (mut seen, mut taken) = (0, 0);
        let _ = ingest::read(&path, Limits::default(), &mut |found| {
            let Found::Record(raw) = found else { return ControlFlow::Continue(()) };
            seen += 1;
            if seen % every == 0 {
                let converted = ingest::convert(&raw).unwrap_or_else(|issue| panic!("{issue}"));
                studies.0.entry(converted.id).or_insert(converted.study);
                taken += 1;
            }
            if taken < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
    }
    Some(Corpus::new(studies))
});
