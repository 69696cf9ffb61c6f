//! Runs the pages `spec/protocol/NCT....md`: what a good reading of the five captured pages finds.
//!
//! With `BLESS=1` in the environment the pages are rewritten with what the program says; read the difference.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeMap, fmt::Write as _, ops::ControlFlow};

use eligibility::{
    Eligibility,
    read::{Options, Reader},
};
use ingest::{Found, Limits};
use model::Study;
use protocol::{Protocol, checks, text};

#[test]
fn nct02302599() {
    page("NCT02302599");
}

#[test]
fn nct02834858() {
    page("NCT02834858");
}

#[test]
fn nct04562025() {
    page("NCT04562025");
}

#[test]
fn nct05507697() {
    page("NCT05507697");
}

#[test]
fn nct07183761() {
    page("NCT07183761");
}

/// Compares the fence of a page, whose first line names the capture, with what the program makes of it.
#[track_caller]
fn page(id: &str) {
    let path = testkit::root().join(format!("spec/protocol/{id}.md"));
    let page = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once("```protocol ").unwrap();
    let (file, rest) = rest.split_once('\n').unwrap();
    let (_, behind) = rest.split_once("```\n").unwrap();
    let Some(capture) = testkit::shared(&format!("seeds/{file}")) else { return };
    let said = format!("{before}```protocol {file}\n{}```\n{behind}", compiled(&study(&capture)));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, said).unwrap();
    } else if let Some((page, program)) = page.lines().zip(said.lines()).find(|(a, b)| a != b) {
        panic!("{id}\n  page:    {page}\n  program: {program}");
    } else {
        assert_eq!(page.len(), said.len());
    }
}

fn study(capture: &std::path::Path) -> Study {
    let mut studies = Vec::new();
    let _ = ingest::read(capture, Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            studies.extend(Study::new(ingest::convert(&raw).unwrap().study));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(studies.len(), 1, "{}", capture.display());
    studies.pop().unwrap()
}

/// The protocol as text, without the title; outcomes are counted, since their words are others' writing.
fn compiled(study: &Study) -> String {
    let eligibility = Eligibility::of(&mut Reader::new(), study, Options::default());
    let (protocol, findings) = checks::study_with_criteria(study, &eligibility, &[]);
    let whole = text::document(study, &protocol, &findings);
    let (_, body) = whole.split_once("\n\n").unwrap();
    let (before, rest) = body.split_once("Schedule\n").unwrap();
    let (_, behind) = rest.split_once("\n\n").unwrap();
    format!("{before}Schedule\n{}\n{behind}", schedule(&protocol))
}

fn schedule(protocol: &Protocol) -> String {
    let mut counts: BTreeMap<(u64, String), BTreeMap<&str, usize>> = BTreeMap::new();
    for timing in &protocol.schedule {
        let anchor = timing.anchor.map(|a| format!(" from {}", a.as_str())).unwrap_or_default();
        let time = format!("{}{anchor}", text::length(timing.time));
        let times = counts.entry((timing.time.days() as u64, time)).or_default();
        *times.entry(timing.purpose.as_str()).or_default() += 1;
    }
    let mut out = String::new();
    for ((_, time), purposes) in counts {
        let purposes: Vec<String> = purposes.iter().map(|(purpose, n)| format!("{n} {purpose}")).collect();
        let _ = writeln!(out, "  {time}: {}", purposes.join(", "));
    }
    if out.is_empty() { "  not said\n".to_owned() } else { out }
}
