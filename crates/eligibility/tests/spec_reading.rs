//! Runs the pages of `spec/criteria` that show how printed criteria are read.
//!
//! With `BLESS=1` in the environment the pages are rewritten with what the program says; read the difference.
#![allow(clippy::unwrap_used)]

use eligibility::{
    Criteria, english,
    read::{Options, Reader},
    tree::{Computable, Polarity, Section, Unread},
};

/// What a fence is read as.
type Read = fn(&str) -> String;

#[test]
fn the_pages_hold() {
    for page in ["numbers", "rest", "scales", "time", "concepts", "lists", "people", "cases"] {
        check(
            page,
            &[
                ("```inclusion", |text| lines(text, Section::Inclusion)),
                ("```exclusion", |text| lines(text, Section::Exclusion)),
            ],
            5,
        );
    }
}

#[test]
fn the_page_of_sections_holds() {
    check("sections", &[("```criteria", whole)], 6);
}

/// Compares each fence of a page with what the program makes of its lines that are not indented by four.
fn check(page: &str, fences: &[(&str, Read)], least: usize) {
    let path = testkit::root().join(format!("spec/criteria/{page}.md"));
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut written, mut inside, mut count) = (String::new(), None::<(Read, String)>, 0);
    for line in text.lines() {
        match &mut inside {
            Some((read, input)) if line == "```" => {
                written.push_str(&read(input));
                count += input.lines().count();
                inside = None;
            }
            Some(_) if line.starts_with("    ") => continue,
            Some((_, input)) => {
                input.push_str(&format!("{line}\n"));
                continue;
            }
            None => inside = fences.iter().find(|f| f.0 == line).map(|f| (f.1, String::new())),
        }
        written.push_str(&format!("{line}\n"));
    }
    assert!(count >= least, "only {count} lines found in the fences of {page}");
    if std::env::var_os("BLESS").is_some() {
        return std::fs::write(path, written).unwrap();
    }
    if let Some((page, program)) = text.lines().zip(written.lines()).find(|(a, b)| a != b) {
        panic!("{}\n  page:    {page}\n  program: {program}", path.display());
    }
    assert_eq!(text.len(), written.len());
}

/// Each line by itself, with its reading below it.
fn lines(text: &str, section: Section) -> String {
    let mut reader = Reader::new();
    text.lines()
        .map(|line| {
            format!("{line}\n{}", said(&reader.read(line, Options { section, ..Options::default() })))
        })
        .collect()
}

/// A whole text, with the readings of its items below it.
fn whole(text: &str) -> String {
    let read = Reader::new().read(text, Options::default());
    let mut out = text.to_owned();
    for item in &read.items {
        let must = if item.polarity == Some(Polarity::Forbid) { "Must not" } else { "Must" };
        out.push_str(&format!("    {must}: {}\n", english::print(item.expr.as_ref().unwrap())));
    }
    out
}

fn said(read: &Criteria) -> String {
    let mut out = String::new();
    for item in &read.items {
        out.push_str(&format!("    = {}\n", english::print(item.expr.as_ref().unwrap())));
        if item.computable != Computable::Resolved {
            out.push_str(&format!("    {}\n", item.computable.label()));
        }
        for (how, word) in [(Unread::Condition, "and"), (Unread::Alternative, "or")] {
            for words in item.unread(how) {
                out.push_str(&format!("    {word}, for a person: `{words}`\n"));
            }
        }
        for flag in item.flags.iter().filter(|f| f.suggest.is_some() || TELLING.contains(&f.code)) {
            let suggest = flag.suggest.as_ref().map(|s| format!(" (perhaps {s})")).unwrap_or_default();
            out.push_str(&format!("    {} at `{}`{suggest}\n", flag.code, flag.text));
        }
    }
    out
}

/// Remarks that change what a reader should believe.
const TELLING: [&str; 6] =
    ["and_means_or", "ambiguous_scope", "implausible_unit", "lost_comparator", "ellipsis", "definition"];
