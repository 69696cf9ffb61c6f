//! Runs the page `spec/criteria/english.md`: what each criterion on it is read as.
//!
//! With `BLESS=1` in the environment the page is rewritten with what the program says; read the difference.
#![allow(clippy::unwrap_used)]

use eligibility::{english, notation};

#[test]
fn the_page_holds() {
    let path = testkit::root().join("spec/criteria/english.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (mut written, mut wrong, mut count) = (String::new(), Vec::new(), 0);
    let mut lines = page.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        written.push_str(&format!("{line}\n"));
        if line.starts_with("```") {
            inside = line == "```english";
            continue;
        }
        if !inside {
            continue;
        }
        let mut expected = Vec::new();
        while let Some(said) = lines.peek().and_then(|next| next.strip_prefix("    ")) {
            expected.push(said);
            lines.next();
        }
        let actual = check(line, &expected, &mut wrong);
        actual.iter().for_each(|line| written.push_str(&format!("    {line}\n")));
        count += 1;
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, written).unwrap();
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(count > 50, "only {count} criteria found on the page");
}

/// Compares how one criterion is read with what the page says of it. The tree is shown where the page shows one.
fn check(input: &str, expected: &[&str], wrong: &mut Vec<String>) -> Vec<String> {
    let actual = match english::parse(input) {
        Ok(node) => {
            let said = english::print(&node);
            assert_eq!(english::parse(&said).as_ref(), Ok(&node), "{said}");
            let tree = expected.iter().any(|line| line.starts_with("{ "));
            let tree = tree.then(|| format!("{{ {}", notation::node(&node)));
            [Some(format!("= {said}")), tree].into_iter().flatten().collect()
        }
        Err(error) => {
            let rest = &input[error.place..];
            let place = if rest.is_empty() { "at the end".to_owned() } else { format!("at `{rest}`") };
            vec![format!("! {}", error.expected), place]
        }
    };
    if actual != expected {
        let (page, program) = (expected.join("\n    "), actual.join("\n    "));
        wrong.push(format!("{input}\n  page:\n    {page}\n  program:\n    {program}"));
    }
    actual
}
