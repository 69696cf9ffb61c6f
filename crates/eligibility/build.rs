//! Names the reader by what it is made of, so that criteria which another reader has read are recognised.

use std::{fs, path::Path};

/// What a reading depends on: this crate, and the words, tables and records that it is about.
const PARTS: [&str; 6] =
    ["src", "../model/src", "../model/data", "../vocabulary/src", "../vocabulary/build", "../../vocabulary"];

fn main() {
    let mut hash = Fnv(0xCBF2_9CE4_8422_2325);
    for part in PARTS {
        println!("cargo:rerun-if-changed={part}");
        add(&mut hash, Path::new(part));
    }
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=ELIGIBILITY_READER={:016x}", hash.0);
}

/// Adds a file, or all files below a folder in the order of their names.
fn add(hash: &mut Fnv, path: &Path) {
    let Ok(entries) = fs::read_dir(path) else {
        // What another packaging leaves out adds nothing.
        return hash.bytes(&fs::read(path).unwrap_or_default());
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        hash.bytes(path.to_string_lossy().as_bytes());
        add(hash, &path);
    }
}

/// The hash of Fowler, Noll and Vo, 64 bits: it needs no library, and nobody attacks it.
struct Fnv(u64);

impl Fnv {
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0xFF]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}
