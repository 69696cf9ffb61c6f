//! Compiles the tables of concepts of `vocabulary/` into the maps that the crate embeds.

#[path = "src/analyzer.rs"]
#[allow(dead_code)]
mod analyzer;
#[path = "build/compile.rs"]
mod compile;
#[path = "src/cut.rs"]
mod cut;
#[path = "src/fold.rs"]
mod fold;
#[path = "src/hash.rs"]
mod hash;
#[path = "src/ids.rs"]
mod ids;
#[path = "build/names.rs"]
mod names;
#[path = "src/normal.rs"]
mod normal;
#[path = "build/ontologies.rs"]
mod ontologies;
#[path = "build/source.rs"]
mod source;

use std::path::{Path, PathBuf};

fn main() {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it for build scripts");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it for build scripts"));
    let data = Path::new(&manifest).join("../../vocabulary");
    println!("cargo::rerun-if-changed={}", data.display());
    for source in [
        "src/analyzer.rs",
        "src/cut.rs",
        "src/fold.rs",
        "src/hash.rs",
        "src/ids.rs",
        "src/normal.rs",
        "build",
    ] {
        println!("cargo::rerun-if-changed={source}");
    }
    let (concepts, printed) = source::concepts(&data);
    compile::write(&concepts, &printed, &out);
}
