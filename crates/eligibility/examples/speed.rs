//! How quickly criteria are read: `cargo run --release -p eligibility --example speed -- FILE...` (plain texts).
#![allow(clippy::print_stdout)]

use eligibility::read::{Options, Reader};

fn main() {
    let texts: Vec<String> =
        std::env::args().skip(1).filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let mut reader = Reader::new();
    let count: usize = texts.iter().map(|t| reader.read(t, Options::default()).items.len()).sum();
    for round in 0..3 {
        let start = std::time::Instant::now();
        let again: usize = texts.iter().map(|t| reader.read(t, Options::default()).items.len()).sum();
        assert_eq!(again, count, "the same texts have the same items");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "round {round}: {count} criteria of {} texts, {:.1} MB: {:.3} s, {:.0} criteria/s, {:.1} MB/s",
            texts.len(),
            bytes as f64 / 1e6,
            seconds,
            count as f64 / seconds,
            bytes as f64 / 1e6 / seconds
        );
    }
}
