//! Every rule of the reader stands in the table of `docs/criteria-language.md`, and no other does.
#![allow(clippy::unwrap_used)]

use std::{collections::BTreeSet, fs, path::Path};

#[test]
fn every_rule_is_in_the_table() {
    let mut used = BTreeSet::new();
    collect(&testkit::root().join("crates/eligibility/src/read"), &mut used);
    let page = fs::read_to_string(testkit::root().join("docs/criteria-language.md")).unwrap();
    let section = page.split_once("\n## Rules\n").unwrap().1.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let listed: BTreeSet<String> = rows.map(|(id, _)| id.to_owned()).collect();
    assert!(listed.len() > 40, "only {} rules in the table", listed.len());
    assert_eq!(used.difference(&listed).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the table");
    assert_eq!(listed.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "not in the reader");
}

/// The ids below a folder: words in quotes that begin with a family of rules and a point.
fn collect(folder: &Path, used: &mut BTreeSet<String>) {
    const FAMILIES: [&str; 10] =
        ["code", "definition", "fact", "limit", "number", "person", "rest", "scope", "structure", "time"];
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, used);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for word in text.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| l.split('"')) {
            let Some((family, name)) = word.split_once('.') else { continue };
            let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            if FAMILIES.contains(&family) && plain {
                used.insert(word.to_owned());
            }
        }
    }
}
