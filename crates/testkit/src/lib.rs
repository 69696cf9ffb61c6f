//! Shared test material: the real data beside the project, found or loudly skipped.
//!
//! Registry text of others is not part of the project. Tests that read it ask [`shared`] for a path; where the
//! folder is absent they say so on standard error and return, and under `CI` they fail.

use std::io::Write;
use std::path::{Path, PathBuf};

/// The repository's root folder.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("crates/testkit lies two levels deep")
        .to_owned()
}

/// A file or folder of the data beside the project (`data/registry/ctgov-v2.json.zip`): below `TRIALIST_SHARED` if
/// that is set, else below `../shared`. `None`, with a loud line, if it is absent; a panic if it is absent in CI.
pub fn shared(relative: &str) -> Option<PathBuf> {
    let base = std::env::var_os("TRIALIST_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = base.join(relative);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "the test data {} are absent in CI", path.display());
    // Past the harness, which keeps what a passing test prints with `eprintln`.
    let _ = writeln!(std::io::stderr(), "SKIPPED: a test needs {}, which is absent", path.display());
    None
}

/// A fresh folder, removed when dropped.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}
