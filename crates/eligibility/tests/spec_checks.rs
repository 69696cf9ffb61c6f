//! Runs the pages `spec/criteria/checks.md` and `spec/criteria/diff.md`.
//!
//! With `BLESS=1` in the environment the pages are rewritten with what the program says; read the difference.
#![allow(clippy::unwrap_used)]

use eligibility::{
    Criteria,
    checks::{Finding, run},
    compare::diff,
    read::{Options, Reader},
    stated::{Sex, Stated},
};

#[test]
fn the_page_of_checks_holds() {
    let fences = page("spec/criteria/checks.md", "```criteria", &|text| found(text));
    assert!(fences > 10, "only {fences} fences found on the page");
}

#[test]
fn the_page_of_differences_holds() {
    let fences = page("spec/criteria/diff.md", "```diff", &|text| {
        let (old, new) = text.split_once("becomes\n").unwrap();
        let changes = diff(&criteria(old), &criteria(new));
        let said = changes.iter().map(|c| format!("    {}: {}\n", c.kind, c.what));
        format!("{text}{}", said.collect::<String>())
    });
    assert!(fences > 7, "only {fences} fences found on the page");
}

/// Compares each fence of a page with what the program makes of its unindented lines.
fn page(path: &str, fence: &str, said: &dyn Fn(&str) -> String) -> usize {
    let path = testkit::root().join(path);
    let text = std::fs::read_to_string(&path).unwrap();
    let (mut written, mut inside, mut count) = (String::new(), None::<String>, 0);
    for line in text.lines() {
        match &mut inside {
            Some(input) if line == "```" => {
                written.push_str(&said(input));
                count += 1;
                inside = None;
            }
            Some(_) if line.starts_with("    ") => continue,
            Some(input) => {
                input.push_str(&format!("{line}\n"));
                continue;
            }
            None if line == fence => inside = Some(String::new()),
            None => {}
        }
        written.push_str(&format!("{line}\n"));
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, written).unwrap();
    } else if let Some((page, program)) = text.lines().zip(written.lines()).find(|(a, b)| a != b) {
        panic!("{}\n  page:    {page}\n  program: {program}", path.display());
    } else {
        assert_eq!(text.len(), written.len());
    }
    count
}

/// A fence with its findings below the lines they belong to.
fn found(text: &str) -> String {
    let stated = stated(text);
    let findings = run(&criteria(text), &stated);
    let (mut out, mut start) = (String::new(), 0);
    for line in text.split_inclusive('\n') {
        out.push_str(line);
        let end = start + line.len() as u32;
        let here = findings.iter().filter(|f| f.span.is_some_and(|s| s.start >= start && s.start < end));
        here.for_each(|f| out.push_str(&say(f, text)));
        start = end;
    }
    findings.iter().filter(|f| f.span.is_none()).for_each(|f| out.push_str(&say(f, text)));
    out
}

fn say(finding: &Finding, text: &str) -> String {
    let other = finding.other.map(|span| format!("        see `{}`\n", span.of(text))).unwrap_or_default();
    let (severity, check) = (finding.severity, finding.check);
    format!(
        "    {severity} {check} at `{}`: {}\n{other}        remedy: {}\n",
        finding.quote, finding.message, finding.remedy
    )
}

/// The criteria of a fence; the fields of the record above them are blanked, so that places stay.
fn criteria(text: &str) -> Criteria {
    let first =
        ["Inclusion:", "Exclusion:"].into_iter().filter_map(|heading| text.find(heading)).min().unwrap_or(0);
    let blanked = format!("{}{}", " ".repeat(first), &text[first..]);
    Reader::new().read(&blanked, Options::default())
}

fn stated(text: &str) -> Stated {
    let field = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.strip_prefix(": "));
    Stated {
        min_age: field("Minimum age").map(|age| age.parse().unwrap()),
        max_age: field("Maximum age").map(|age| age.parse().unwrap()),
        sex: field("Sex").and_then(Sex::from_word),
        healthy_volunteers: field("Healthy volunteers").map(|word| word == "Yes"),
        ..Stated::default()
    }
}
