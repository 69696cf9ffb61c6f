//! Registries to export.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use export::Way;
use registry::{Import, import};
use serde_json::Value;
use store::Store;
use tempfile::TempDir;

/// A store, and the folder that holds it.
pub struct Stored {
    folder: TempDir,
    pub store: Store,
}

impl Stored {
    /// Of files.
    pub fn of(paths: &[PathBuf]) -> Self {
        let folder = testkit::folder();
        let paths = paths.to_vec();
        let limits = ingest::Limits::default();
        let what = Import { paths, source: None, received: 1_790_000_000, strict: false, workers: 2, limits };
        import(folder.path(), &what, &mut |_| ControlFlow::Continue(())).unwrap();
        let store = Store::open(folder.path()).unwrap();
        Self { folder, store }
    }

    /// Of the demo's studies and of the real records of API v2, where they are at hand.
    pub fn all() -> Self {
        let real = testkit::shared("data/registry/ctgov-v2.json.zip");
        Self::of(&[Some(demo()), real].into_iter().flatten().collect::<Vec<_>>())
    }

    /// Of records.
    pub fn of_records(records: &[Value]) -> Self {
        let folder = testkit::folder();
        let path = folder.path().join("records.ndjson");
        let lines: Vec<String> = records.iter().map(Value::to_string).collect();
        std::fs::write(&path, lines.join("\n")).unwrap();
        Self::of(&[path])
    }

    /// The records as JSON.
    pub fn records(&self) -> Vec<Value> {
        let batches = self.store.scan(50).map(Result::unwrap);
        batches.flatten().map(|sealed| serde_json::from_slice(&sealed.open().unwrap()).unwrap()).collect()
    }

    /// A place in its folder.
    pub fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A new folder in its folder.
    pub fn new_folder(&self, name: &str) -> PathBuf {
        let path = self.place(name);
        std::fs::create_dir(&path).unwrap();
        path
    }
}

/// The demo's studies.
pub fn demo() -> PathBuf {
    testkit::root().join("demo/studies.ndjson")
}

/// Runs an export on some threads.
pub fn with<T>(threads: usize, export: impl FnOnce(&mut Way<'_>) -> T) -> T {
    export(&mut Way { threads, progress: &mut |_| true })
}

/// The bytes of all files of a folder, by name.
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect();
    all.sort();
    all
}
