//! The page of `spec/matching` on attrition: criteria, people, and what is counted.
#![allow(clippy::unwrap_used)]

use std::ops::ControlFlow;

use eligibility::evaluate::{Ruling, Settings};
use eligibility::read::{Options, Reader};
use ingest::people::{FoundPerson, read_people};
use matching::screen::{Screening, report};
use model::Subject;

#[test]
fn attrition() {
    let path = testkit::root().join("spec/matching/screen.md");
    let page = std::fs::read_to_string(path).unwrap();
    let found = again(&page);
    assert!(page == found, "screen.md says otherwise; found:\n{found}");
}

/// The page with what is counted made anew.
fn again(page: &str) -> String {
    let (mut out, mut criteria, mut people) = (String::new(), String::new(), String::new());
    let mut fence = None;
    for line in page.lines() {
        let begins = line.strip_prefix("```");
        match (fence, begins) {
            (Some("attrition"), Some(_)) => out += &counted(&criteria, &people),
            (Some("criteria"), None) => criteria += &format!("{line}\n"),
            (Some("people"), None) => people += &format!("{line}\n"),
            (None, Some("criteria")) => criteria.clear(),
            (None, Some("people")) => people.clear(),
            _ => {}
        }
        if begins.is_some() || fence != Some("attrition") {
            out += &format!("{line}\n");
        }
        if let Some(kind) = begins {
            fence = fence.is_none().then_some(kind);
        }
    }
    out
}

fn counted(criteria: &str, people: &str) -> String {
    let items = Reader::new().read(criteria, Options::default()).items;
    let mut screening = Screening::new(items, Settings::on("2026-06-28".parse().unwrap()));
    let mut subjects: Vec<Subject> = Vec::new();
    let _ = read_people("people", people.as_bytes(), None, ingest::Limits::default(), &mut |found| {
        match found {
            FoundPerson::Person(subject, _) => subjects.push(*subject),
            other => panic!("{other:?}"),
        }
        ControlFlow::Continue(())
    });
    assert_eq!(screening.hold(&subjects).len(), people.lines().count() - 1);
    let tally = screening.tally();
    let verdicts = Ruling::ALL.map(|ruling| format!("{} {}", tally.of(ruling), ruling.as_str()));
    let mut out = format!("{}\n", verdicts.join(", "));
    for (item, c) in screening.items().iter().zip(&tally.criteria) {
        out += &format!(
            "{}: {} not met, {} unknown, {} for a person; {} left; alone {}; without it +{} eligible, +{} undetermined; only \
             unknown {}\n",
            report::name(item),
            c.not_met,
            c.unknown,
            c.for_person,
            c.left,
            c.alone_blocked,
            c.gained_eligible,
            c.gained_undetermined,
            c.unknown_only
        );
    }
    out
}
