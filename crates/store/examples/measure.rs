//! Measures the store: `measure FILE.ndjson FOLDER`, one canonical record a line.
//!
//! Prints processor time of preparing and of writing per record, the size on disk beside that of the records, and
//! the time to read one study by id.
#![allow(clippy::print_stdout)]

use std::{error::Error, fs, path::Path, time::Instant};

use ingest::{Converted, Format, Raw};
use model::Place;
use store::{Store, Writer};

/// Records put between two commits.
const BATCH: usize = 2000;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, file, folder] = &arguments[..] else { return Err("measure FILE.ndjson FOLDER".into()) };
    let folder = Path::new(folder);
    let raw_bytes = import(&fs::read(file)?, folder)?;
    let disk: u64 = fs::read_dir(folder)?.flatten().filter_map(|e| e.metadata().ok()).map(|m| m.len()).sum();
    println!("disk {disk} of {raw_bytes} bytes: {:.3}", disk as f64 / raw_bytes as f64);
    look_up(folder)
}

/// Imports all lines; the bytes of their records.
fn import(text: &[u8], folder: &Path) -> Result<usize, Box<dyn Error>> {
    let mut writer = Writer::open(folder)?;
    let source = writer.begin_source("measure", None, 0)?;
    let preparer = writer.preparer();
    let (mut bytes, mut count, mut prepare, mut write) = (0, 0usize, 0.0, 0.0);
    for line in text.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
        let study = serde_json::from_slice(line)?;
        let id = model::study::id_of(&study).ok_or("a record without an id")?;
        let raw = Raw { format: Format::V2, bytes: line.to_vec(), place: Place::default() };
        let converted = Converted { id, study, page: None, issues: vec![] };
        let start = processor();
        let prepared = preparer.prepare(&raw, &converted);
        prepare += processor() - start;
        let start = processor();
        writer.put_prepared(source, prepared)?;
        count += 1;
        if count.is_multiple_of(BATCH) {
            writer.commit()?;
        }
        write += processor() - start;
        bytes += line.len();
    }
    let start = processor();
    writer.commit()?;
    drop(writer);
    write += processor() - start;
    let each = |seconds: f64| seconds * 1e6 / count as f64;
    println!("{count} records of {} bytes", bytes / count.max(1));
    println!("prepare {:.0} us, write {:.0} us a record", each(prepare), each(write));
    Ok(bytes)
}

/// Seconds of processor time of this thread where the system tells, else of the clock.
fn processor() -> f64 {
    static BEGIN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGIN.elapsed().as_secs_f64(), |n| n / 1e9)
}

fn look_up(folder: &Path) -> Result<(), Box<dyn Error>> {
    let store = Store::open(folder)?;
    let ids = store.ids()?;
    let mut times = Vec::new();
    for i in 0..ids.len().min(20_000) {
        let id = ids[i * 7919 % ids.len()];
        let start = Instant::now();
        let study = store.study(id)?.ok_or("a study is absent")?;
        times.push(start.elapsed().as_secs_f64() * 1e6);
        assert!(!study.is_empty());
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!("study by id: p50 {:.0} us, p99 {:.0} us", at(0.5), at(0.99));
    let start = Instant::now();
    let mut scanned = 0;
    for batch in store.scan(512) {
        for sealed in batch? {
            scanned += sealed.open()?.len();
        }
    }
    println!("scan: {:.0} MB/s", scanned as f64 / 1e6 / start.elapsed().as_secs_f64());
    Ok(())
}
