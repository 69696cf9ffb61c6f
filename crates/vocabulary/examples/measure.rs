//! How fast words are cut and concepts found in a text file of one study a line, and which words are found most.
//!
//! `cargo run --release -p vocabulary --example measure -- STUDIES.txt [MOST]`
#![allow(clippy::print_stdout)]

use std::collections::HashMap;
use std::time::Instant;

use vocabulary::{Analyzer, Finder, name};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().expect("the first argument is a text file");
    let most = arguments.next().map_or(0, |n| n.parse().expect("the second argument is a number"));
    let text = std::fs::read_to_string(&path).expect("the file is UTF-8 text");
    let mut analyzer = Analyzer::new();
    for round in ["cold", "warm"] {
        let (mut count, mut bytes, start) = (0_usize, 0, Instant::now());
        for line in text.lines() {
            analyzer.each(line, &mut |norm, _| {
                count += 1;
                bytes += norm.len();
            });
        }
        let ns = start.elapsed().as_nanos() as f64 / count as f64;
        println!("words, {round}: {count} of {bytes} bytes, {ns:.1} ns each");
    }
    find(&text, &mut analyzer, most);
}

/// Times the finder alone; then prints the single words that were found most often.
fn find(text: &str, analyzer: &mut Analyzer, most: usize) {
    let mut studies: Vec<Vec<String>> = Vec::new();
    for line in text.lines() {
        let mut norms = Vec::new();
        analyzer.each(line, &mut |norm, _| norms.push(norm.to_owned()));
        studies.push(norms);
    }
    let (mut finder, mut words, mut found) = (Finder::new(), 0, 0_usize);
    let studies: Vec<Vec<&str>> =
        studies.iter().map(|norms| norms.iter().map(String::as_str).collect()).collect();
    let start = Instant::now();
    for norms in &studies {
        words += norms.len();
        finder.each(norms, &mut |_, _, _| found += 1);
    }
    let ns = start.elapsed().as_nanos() as f64 / words as f64;
    println!("finder: {found} concepts in {words} words, {ns:.1} ns a word");
    let mut counts = HashMap::new();
    for norms in &studies {
        finder.each(norms, &mut |at, len, id| {
            if len == 1 {
                *counts.entry((norms[at], id)).or_insert(0) += 1;
            }
        });
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&((word, id), n)| (std::cmp::Reverse(n), word, id));
    for ((word, id), n) in counts.into_iter().take(most) {
        println!("{n}\t{word}\t{id}\t{}", name(id).unwrap_or_default());
    }
}
