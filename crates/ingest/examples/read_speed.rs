//! How fast the records of a file are found, without converting them: `read_speed FILE [--convert]`.
#![allow(clippy::print_stdout)]

use std::{ops::ControlFlow, path::Path, time::Instant};

use ingest::{Found, Limits};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("usage: read_speed FILE [--convert]");
    let convert = arguments.next().is_some();
    let (mut records, mut bytes, mut issues) = (0u64, 0u64, 0u64);
    let begin = Instant::now();
    let _ = ingest::read(Path::new(&path), Limits::default(), &mut |found| {
        match found {
            Found::Record(raw) => {
                records += 1;
                bytes += raw.bytes.len() as u64;
                if convert {
                    issues += ingest::convert(&raw).map_or(1, |c| c.issues.len() as u64);
                }
            }
            Found::Issue(issue) => {
                issues += 1;
                println!("{issue}");
            }
            Found::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    let seconds = begin.elapsed().as_secs_f64();
    let rate = bytes as f64 / 1e6 / seconds;
    println!("{records} records, {bytes} bytes, {issues} issues in {seconds:.3} s: {rate:.0} MB/s");
}
