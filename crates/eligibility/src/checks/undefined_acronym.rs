//! An abbreviation that the record does not explain.

use std::collections::HashSet;
use std::sync::OnceLock;

use super::{Check, Input, Report, Severity};
use crate::tree::Section;

pub(super) const CHECK: Check = Check {
    id: "undefined_acronym",
    explanation: "The same letters stand for different things in different fields: MS is a heart valve, a nerve disease and a \
                  hospital.",
    run,
};

fn run(input: &Input<'_>, report: &mut Report<'_>) {
    let mut told = HashSet::new();
    let defined = definitions(input);
    for (n, item) in input.criteria.items.iter().enumerate() {
        if !matches!(item.section, Section::Inclusion | Section::Exclusion) || shouted(&item.source) {
            continue;
        }
        for (at, word) in acronyms(&item.source) {
            if told.contains(word)
                || defined.contains(word)
                || known(word, input)
                || in_heading(&item.source, at, word)
            {
                continue;
            }
            told.insert(word);
            let place = input.part(n, at, at + word.len());
            report
                .add(Severity::Note, Some(place), format!("`{word}` is not explained in the record"))
                .remedy(format!("write it out where it stands first, with ({word}) behind it"));
        }
    }
}

/// Words of two to six capital letters, with where they begin.
fn acronyms(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '\'' | '’' | '^' | '*' | '.');
    let mut at = 0;
    let words = text.split_inclusive(move |c: char| !inside(c));
    words.filter_map(move |piece| {
        let start = at;
        at += piece.len();
        let word = piece.trim_end_matches(|c: char| !inside(c)).trim_end_matches('.');
        let capitals = (2..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        (capitals && !roman(word)).then_some((start, word))
    })
}

/// II, IV, IIIB.
fn roman(word: &str) -> bool {
    let number = word.strip_suffix(['A', 'B', 'C', 'D']).unwrap_or(word);
    number.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'))
}

/// Whether the word before or behind is a long one in capitals, as in a heading.
fn in_heading(text: &str, at: usize, word: &str) -> bool {
    let parts = |text: &'_ str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let long = |word: Option<&String>| {
        word.is_some_and(|w| w.chars().count() > 4 && w.chars().all(char::is_uppercase))
    };
    let near = |from: usize, to: usize| {
        let (from, to) = (text.floor_char_boundary(from), text.floor_char_boundary(to.min(text.len())));
        parts(&text[from..to])
    };
    let end = at + word.len();
    long(near(at.saturating_sub(40), at).last()) || long(near(end, end + 40).first())
}

/// Whether a text is set in capitals, so that they say nothing.
fn shouted(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    letters > 12 && capitals * 10 > letters * 6
}

/// Abbreviations that the record explains: in parentheses behind words, or with words in parentheses behind them.
fn definitions<'i>(input: &Input<'i>) -> HashSet<&'i str> {
    let mut out = HashSet::new();
    let sources = input.criteria.items.iter().map(|i| i.source.as_str());
    for text in sources.chain([input.elsewhere]) {
        for (open, _) in text.match_indices('(') {
            let inside = text[open + 1..].split([')', '(']).next().unwrap_or_default();
            let explained = inside.split([',', ';', '=', ':']).map(str::trim).filter(|w| !w.contains(' '));
            out.extend(explained.map(|w| w.trim_end_matches('s')));
            let before = text[..open].trim_end();
            let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            if spells(word, inside) {
                out.insert(word);
            }
        }
        let before =
            text.match_indices(" = ").filter_map(|(at, _)| text[..at].rsplit(char::is_whitespace).next());
        out.extend(before.map(|word| word.trim_start_matches('(')));
    }
    out
}

/// Whether words in parentheses begin as an abbreviation does.
fn spells(word: &str, inside: &str) -> bool {
    let initial = |text: &str| text.chars().find(|c| c.is_alphabetic()).map(|c| c.to_ascii_uppercase());
    inside.split_whitespace().count() > 1 && initial(word).is_some() && initial(word) == initial(inside)
}

fn known(word: &str, input: &Input<'_>) -> bool {
    safe().contains(word)
        || vocabulary::is_stop_word(&word.to_lowercase())
        || vocabulary::by_name(word).is_some()
        || input.catalogue.knows(word)
}

/// Abbreviations that need no explanation, units and words among them.
fn safe() -> &'static HashSet<&'static str> {
    static SAFE: OnceLock<HashSet<&'static str>> = OnceLock::new();
    SAFE.get_or_init(|| {
        let lines = include_str!("../../../../vocabulary/acronyms.tsv").lines();
        lines.filter(|l| !l.starts_with('#')).skip(1).filter_map(|l| l.split('\t').next()).collect()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::example::*, *};

    fn human(text: &str) -> serde_json::Value {
        json!({"op": "human", "reason": "not_in_record", "text": text})
    }

    #[track_caller]
    fn says(lines: &[&str], expected: &[&str]) {
        let items: Vec<_> = lines.iter().map(|l| (*l, human("x"))).collect();
        finds(&CHECK, &items, expected);
    }

    #[test]
    fn clean() {
        says(&["inclusion: HIV negative AND an ECG without change, NYHA class II"], &[]);
        says(&["inclusion: Quiet eye syndrome (QES)", "exclusion: Treated QES"], &[]);
        says(&["inclusion: QES (quiet eye syndrome) for a year"], &[]);
        says(&["inclusion: TUMOR STAGE: at least IIIB"], &[]);
        says(&["inclusion: INABILITY TO SWALLOW WHOLE PILLS AND QES"], &[]);
    }

    #[test]
    fn flagged() {
        let lines = ["inclusion: Müller: untreated QZX.", "exclusion: Treated QZX"];
        says(&lines, &["note `QZX` `QZX` is not explained in the record"]);
    }

    #[test]
    fn the_list_is_sorted() {
        let text = include_str!("../../../../vocabulary/acronyms.tsv");
        let rows: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).skip(1).collect();
        assert!(rows.is_sorted_by(|a, b| a < b));
        assert!(rows.iter().all(|row| row.split('\t').count() == 2));
    }
}
