//! Parts of a text that stand under labels of their own: `Arm II:`, `Part B (extension):`, `Maintenance:`.

use std::ops::Range;

use crate::read::{Text, lexicon, text::Kind};

/// The parts of a text; none where it has fewer than two labels.
#[derive(Clone, Debug, Default)]
pub struct Parts(Vec<Part>);

/// A part of a text.
#[derive(Clone, Debug)]
struct Part {
    /// Its first token.
    start: usize,
    /// The tokens of its label; `None` for what stands under none again.
    label: Option<Range<usize>>,
}

impl Parts {
    /// The parts of a text.
    pub fn of(text: &Text<'_>) -> Self {
        if !text.has(lexicon::PART) {
            return Self::default();
        }
        let begins = |i: usize| text.is_a(i, lexicon::PART).then(|| label(text, i)).flatten();
        let mut out: Vec<Part> = Vec::new();
        for i in 0..text.tokens.len() {
            if let Some(label) = begins(i) {
                out.push(Part { start: i, label: Some(label) });
            } else if out.last().is_some_and(|last| last.label.is_some() && ends_part(text, i, last.start)) {
                out.push(Part { start: i, label: None });
            }
        }
        if out.iter().filter(|part| part.label.is_some()).count() > 1 { Self(out) } else { Self::default() }
    }

    /// Cuts tokens at the labels: each piece with the number of its label; `None` where it stands under none.
    pub fn cut(&self, tokens: Range<usize>) -> Vec<(Option<usize>, Range<usize>)> {
        let labelled = |n: &usize| self.0[*n].label.is_some();
        let before = self.0.partition_point(|part| part.start <= tokens.start);
        let (mut number, mut from) = (before.checked_sub(1).filter(labelled), tokens.start);
        let mut out = Vec::new();
        for (n, part) in self.0.iter().enumerate().skip(before) {
            if part.start >= tokens.end {
                break;
            }
            out.push((number, from..part.start));
            (number, from) = (Some(n).filter(labelled), part.start);
        }
        out.push((number, from..tokens.end));
        out.retain(|(_, piece)| !piece.is_empty());
        out
    }

    /// Whether the label of an arm has the words of a label of this text, or only its number: `Arm A`, `A`.
    pub fn is_of(&self, n: usize, text: &Text<'_>, arm: &Text<'_>) -> bool {
        let Some(label) = self.0.get(n).and_then(|part| part.label.clone()) else { return false };
        let same = |at: usize| label.clone().zip(at..).all(|(own, arms)| arm.is(arms, text.word(own)));
        let number = label.len() == 2 && arm.tokens.len() == 1 && arm.is(0, text.word(label.end - 1));
        number || (0..arm.tokens.len()).any(same)
    }
}

/// Whether what stands under a label ends at a token: with a paragraph of it, or where all people are told of.
fn ends_part(text: &Text<'_>, i: usize, start: usize) -> bool {
    if i == 0 || text.together(i - 1, i) {
        return false;
    }
    let blank = text.source.get(text.tokens[i - 1].end()..text.tokens[i].start()).unwrap_or_default();
    // A label may be a paragraph of its own.
    let paragraph = blank.contains("\n\n") && i > start + 8;
    let of_all = text.is_any(i, &["all", "each", "both", "every"])
        || text.is(i, "in") && text.is_any(i + 1, &["all", "both"]);
    paragraph || of_all
}

/// The tokens of a label that begins at a token: a colon or a dash stands behind them.
fn label(text: &Text<'_>, i: usize) -> Option<Range<usize>> {
    let numbered = text.is_any(i, &lexicon::NUMBERED);
    let behind = if numbered { i + 2 } else { i + 1 };
    if numbered && !is_number(text, i + 1) {
        return None;
    }
    let mut at = behind;
    if !numbered && (is_number(text, at) || text.is_any(at, &["therapy", "phase", "treatment"])) {
        at += 1;
    }
    if text.is(at, "(") {
        at = (at + 1..at + 14).find(|to| text.is(*to, ")"))? + 1;
    }
    let dash = numbered && text.is_any(at, &["-", "–", "—"]) && !text.glued(at);
    let ends = text.is_any(at, &[":", "："]) || dash;
    (ends && text.together(i, at)).then_some(i..behind)
}

/// `II`, `A`, `2`, `1b`.
fn is_number(text: &Text<'_>, i: usize) -> bool {
    let word = text.word(i);
    let roman = word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X'));
    let short = word.len() < 3 && word.starts_with(|c: char| c.is_ascii_digit());
    let letter = word.len() == 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    text.kind(i) != Kind::Sign && !word.is_empty() && (roman || short || letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cut_a_text() {
        let words = "All get X. Arm I: X daily. Arm II (later): X weekly. Each gets Y. Maintenance: none";
        let text = Text::new(words);
        let parts = Parts::of(&text);
        let pieces = parts.cut(0..text.tokens.len());
        let said = pieces.iter().map(|(n, p)| (*n, text.word(p.start)));
        let expected =
            [(None, "All"), (Some(0), "Arm"), (Some(1), "Arm"), (None, "Each"), (Some(3), "Maintenance")];
        assert_eq!(said.collect::<Vec<_>>(), expected);
        let arm = |n, label: &str| parts.is_of(n, &text, &Text::new(label));
        assert!(arm(0, "Arm I (X daily)") && arm(0, "I") && arm(1, "arm II"));
        assert!(!arm(0, "Arm II") && !arm(1, "Arm I") && !arm(3, "Arm I"));
    }

    #[test]
    fn what_is_no_label() {
        for words in ["Group A gets X and group B gets Y", "Arm I: X daily", "phase II study: part of it"] {
            assert_eq!(Parts::of(&Text::new(words)).cut(0..3), [(None, 0..3)], "{words}");
        }
    }
}
