//! The lists of `vocabulary/` are in order, and mean what they say.

use std::fs;

use vocabulary::{by_id, name, words};

/// The rows of a list, which must be sorted by their first column, each once.
fn check(file: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(testkit::root().join("vocabulary").join(file)).expect("the list is there");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    let rows: Vec<Vec<String>> = lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect();
    for pair in rows.windows(2) {
        assert!(pair[0][0] < pair[1][0], "{file}: {} stands before {}", pair[0][0], pair[1][0]);
    }
    rows
}

#[test]
fn lists_are_sorted_and_name_known_concepts() {
    check("not-concepts.tsv");
    for file in ["abbreviations.tsv", "names.tsv"] {
        for row in check(file) {
            assert_eq!(by_id(&row[2]).and_then(name), Some(row[1].as_str()), "{file}: {}", row[0]);
        }
    }
}

#[test]
fn listed_forms_are_reached_and_stay() {
    for file in ["plurals.tsv", "spellings.tsv"] {
        for row in check(file).iter().filter(|row| !row[0].contains('*')) {
            let norm = |word: &str| words(word).into_iter().map(|word| word.norm).collect::<Vec<_>>();
            assert_eq!(norm(&row[0]), norm(&row[1]), "{file}: {} and {}", row[0], row[1]);
            let once = norm(&row[0]).concat();
            assert_eq!(norm(&once).concat(), once, "{file}: {}", row[0]);
        }
    }
}
