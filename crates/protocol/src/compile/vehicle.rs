//! What something is given in: saline, Ringer's lactate, a medium.

use std::ops::Range;

use super::content::VEHICLE;
use crate::read::{Quantity, Text, text::Kind};

/// Words that a vehicle has one of.
const NOUNS: [&str; 19] = [
    "saline",
    "plasmalyte",
    "lyte",
    "ringer",
    "ringers",
    "lactate",
    "hartmann",
    "dextrose",
    "glucose",
    "d5w",
    "pbs",
    "albumin",
    "chloride",
    "nacl",
    "water",
    "excipient",
    "medium",
    "buffer",
    "vehicle",
];

/// Words and signs that a vehicle may have beside.
const BESIDE: [&str; 10] = ["%", "'", "’", "s", "-", "a", "5", "0.9", "of", "for"];

/// The tokens that say what something is suspended in: `in 100 mL of normal saline`, `suspended in Plasma-Lyte A with 5%
/// human albumin`.
pub fn find(text: &Text<'_>, range: Range<usize>) -> Option<Range<usize>> {
    range.clone().find_map(|i| {
        const MIXED: [&str; 7] =
            ["mixed", "diluted", "suspended", "resuspended", "reconstituted", "formulated", "dissolved"];
        let leads = text.is(i, "in") || i > 0 && text.is(i, "with") && text.is_any(i - 1, &MIXED);
        if !leads {
            return None;
        }
        let from = behind_volume(text, i + 1);
        let to = vehicle(text, from, range.end)?;
        let more = text.is_any(to, &["with", "containing", "and", "+", "plus"]);
        let more = more.then(|| vehicle(text, to + 1, range.end)).flatten();
        Some(from..more.unwrap_or(to))
    })
}

/// The token behind `a volume of 100 mL of`.
fn behind_volume(text: &Text<'_>, i: usize) -> usize {
    let mut at = i;
    while at < i + 8 {
        let quantity =
            Quantity::read(text, at).last().filter(|q| matches!(q.unit, "mL" | "uL" | "L")).map(|q| q.to);
        match quantity {
            Some(to) => at = to,
            None if text.is_any(at, &["a", "an", "the", "volume", "of", "total", "about"]) => at += 1,
            None => break,
        }
    }
    at
}

/// The token behind the words of a vehicle that begin at a token.
fn vehicle(text: &Text<'_>, from: usize, end: usize) -> Option<usize> {
    let part = |i: usize| {
        text.is_any(i, &VEHICLE)
            || text.is_any(i, &BESIDE)
            || text.is_any(i, &NOUNS)
            || text.kind(i) == Kind::Number
    };
    let run = (from..end.min(from + 10)).take_while(|i| part(*i) && text.together(from, *i));
    // It ends with a word of it: `saline`, `solution`, `Plasma-Lyte A`.
    let last = run.clone().filter(|i| text.is_any(*i, &VEHICLE) || text.is_any(*i, &NOUNS)).last()?;
    let named = text.has_any(from..last + 1, &NOUNS);
    let letter = text.is(last, "lyte") && text.word(last + 1) == "A";
    if text.kind(from) == Kind::Sign {
        return None;
    }
    let to = last + 1 + usize::from(letter);
    let solution = usize::from(text.is_any(to, &["solution", "suspension"]));
    // `in saline-treated animals`: of something else.
    (named && !(text.is(to, "-") && text.glued(to))).then_some(to + solution)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vehicles() {
        let of = |words: &str| {
            let text = Text::new(words);
            let found = find(&text, 0..text.tokens.len())?;
            Some(words[text.tokens[found.start].start()..text.tokens[found.end - 1].end()].to_owned())
        };
        let v = |words: &str| Some(words.to_owned());
        assert_eq!(of("100 million MSCs in 200mls of normal saline, intravenously"), v("normal saline"));
        assert_eq!(of("1 x 10^6 cells/kg in Plasma-Lyte A solution."), v("Plasma-Lyte A solution"));
        assert_eq!(of("suspended in 5-10 mL Lactated Ringer's."), v("Lactated Ringer"));
        assert_eq!(of("cells in a balanced saline solution with 5% human albumin"), None);
        assert_eq!(of("diluted with 0.9% sodium chloride and given"), v("0.9% sodium chloride"));
        assert_eq!(of("in normal saline with 5% human albumin"), v("normal saline with 5% human albumin"));
        assert_eq!(of("seen in saline-treated animals, in plasma"), None);
    }
}
