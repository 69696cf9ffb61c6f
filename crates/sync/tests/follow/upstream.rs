//! States of a registry, served by our own server.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    ops::ControlFlow,
    path::Path,
    sync::{Arc, LazyLock},
};

use registry::{Import, Registry};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Runs all servers of the tests.
static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap());

/// The records of a registry at one moment, by number.
#[derive(Clone, Default)]
pub struct State(pub BTreeMap<u32, Value>);

impl State {
    /// Some studies, all of one day.
    pub fn of(numbers: std::ops::RangeInclusive<u32>, day: &str) -> Self {
        let mut state = Self::default();
        numbers.for_each(|number| state.put(number, day, "as it was registered", &[]));
        state
    }

    /// A study with an update of a day.
    pub fn put(&mut self, number: u32, day: &str, title: &str, aliases: &[u32]) {
        let aliases: Vec<String> = aliases.iter().map(|n| format!("NCT{n:08}")).collect();
        let mut study = json!({
            "protocolSection": {
                "identificationModule": {
                    "nctId": format!("NCT{number:08}"),
                    "briefTitle": format!("Invented Study {number}, {title}")
                },
                "statusModule": {
                    "overallStatus": "RECRUITING",
                    "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"}
                },
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Nobody", "class": "OTHER"}},
                "conditionsModule": {"conditions": ["Asthma"]},
                "designModule": {"studyType": "INTERVENTIONAL", "phases": ["PHASE2"]}
            }
        });
        if !aliases.is_empty() {
            study["protocolSection"]["identificationModule"]["nctIdAliases"] = json!(aliases);
        }
        self.0.insert(number, study);
    }

    /// The same state, later: twenty changed, ten new, five withdrawn, two merged into another.
    pub fn later(&self, day: &str) -> Self {
        let mut later = self.clone();
        let first = *self.0.keys().next().unwrap();
        (first..first + 20).for_each(|n| later.put(n, day, &format!("changed on {day}"), &[]));
        let next = self.0.keys().last().unwrap() + 1;
        (next..next + 10).for_each(|n| later.put(n, day, "new", &[]));
        (first + 30..first + 35).for_each(|n| _ = later.0.remove(&n));
        (first + 40..first + 42).for_each(|n| _ = later.0.remove(&n));
        later.put(first + 43, day, "after a merger", &[first + 40, first + 41]);
        later
    }
}

/// A server of one state.
pub struct Upstream {
    pub address: SocketAddr,
    _folder: TempDir,
}

impl Upstream {
    pub fn of(state: &State) -> Self {
        let folder = testkit::folder();
        let file = folder.path().join("records.ndjson");
        let lines: Vec<String> = state.0.values().map(Value::to_string).collect();
        std::fs::write(&file, lines.join("\n")).unwrap();
        let data = folder.path().join("data");
        import(&data, &file);
        let registry = Arc::new(Registry::open(&data).unwrap());
        let forever = std::future::pending();
        let server = RUNTIME.block_on(serve::run(registry, serve::Options::default(), None, forever));
        Self { address: server.unwrap().address, _folder: folder }
    }
}

fn import(data: &Path, file: &Path) {
    let import = Import {
        paths: vec![file.to_owned()],
        source: None,
        received: 1_790_000_000,
        strict: true,
        workers: 1,
        limits: Default::default(),
    };
    registry::import(data, &import, &mut |_| ControlFlow::Continue(())).unwrap();
}

/// Asserts that a folder has what a state has, in its store and its index.
#[track_caller]
pub fn assert_is(data: &Path, state: &State) {
    let registry = Registry::open(data).unwrap();
    let ids: Vec<u32> = registry.store().ids().unwrap().iter().map(|id| id.nct().unwrap().number()).collect();
    assert_eq!(ids, state.0.keys().copied().collect::<Vec<_>>());
    for (number, expected) in &state.0 {
        let id = model::NctId::new(*number).unwrap();
        assert_eq!(registry.study(id.into()).unwrap().unwrap().json(), expected, "{id}");
    }
    assert_eq!(registry.len(), state.0.len(), "the index has what the store has");
    assert_eq!(registry.store().check(&mut |_, _| ()).unwrap(), []);
}
