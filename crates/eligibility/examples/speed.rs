//! How quickly criteria are read: `cargo run --release -p eligibility --example speed -- FILE...` (plain texts).
//!
//! Each round has a thread and a reader of its own: what they remember of words they have learned in that round, as
//! somebody does who reads the texts through once. Only the tables of the vocabularies are there before.
#![allow(clippy::print_stdout)]

use std::time::{Duration, Instant};

use eligibility::read::{Options, Reader};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let texts: Vec<String> =
        std::env::args().skip(1).filter_map(|path| std::fs::read_to_string(path).ok()).collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let (count, _) = round(&texts);
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let (items, time) = round(&texts);
        assert_eq!(items, count, "the same texts have the same items");
        best = best.min(time);
    }
    let seconds = best.as_secs_f64();
    println!(
        "{count} criteria of {} texts, {:.1} MB: {seconds:.3} s in the best of 20 rounds, {:.0} criteria/s, {:.1} MB/s",
        texts.len(),
        bytes as f64 / 1e6,
        count as f64 / seconds,
        bytes as f64 / 1e6 / seconds
    );
}

/// How many items texts have, and the time it takes to read them for the first time.
fn round(texts: &[String]) -> (usize, Duration) {
    std::thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let (clock, processor) = (Instant::now(), processor());
            let mut reader = Reader::new();
            let items = texts.iter().map(|text| reader.read(text, Options::default()).items.len()).sum();
            let time = self::processor().map_or(clock.elapsed(), |end| end - processor.unwrap_or_default());
            (items, time)
        });
        reading.join().unwrap_or_default()
    })
}

/// The time this thread had a processor, where the system tells it (Linux).
fn processor() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
