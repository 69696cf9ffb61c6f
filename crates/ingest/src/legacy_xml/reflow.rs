//! Text as the old format laid it out, turned into the markup of the canonical record.
//!
//! The registry wrapped a `textblock` at about 95 columns, put a blank line between any two paragraphs or list
//! items, and set the text of a list item of depth n at the block's margin plus 5 n columns, behind `-` or a
//! right-aligned number. [`wrapped`] undoes that: paragraphs stand on one line each with a blank line between
//! them, list items become `* ` or `1. ` on consecutive lines, nested ones indented below the text of their
//! parent. Short descriptions were never wrapped: there ([`typed`]) every line is a line.
//!
//! Characters that CommonMark would take for markup get a backslash, the same ones as in the registry's API v2
//! (seen there: `[ ] < > &  ~`; also `\ * _ ^` and the backtick), so that `model::markup::unescape` gives
//! the text as it was typed, but for the layout.

/// Columns by which the registry set one depth of a list further in.
const STEP: usize = 5;

/// Deepest list we write; deeper items are kept, at this depth.
const DEEPEST: usize = 12;

/// Re-flows a wrapped `textblock`.
///
/// ```text
///       Inclusion Criteria:
///
///         -  at least 18 years old, and
///            able to consent
/// ```
/// becomes `Inclusion Criteria:\n\n* at least 18 years old, and able to consent`.
pub(crate) fn wrapped(text: &str) -> String {
    let margin = margin(text);
    let mut out = Writer::default();
    let mut lines = text.lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let (indent, body) = split_indent(line);
        let (marker, from, body) = marked(body);
        let column = (indent + from).saturating_sub(margin);
        let depth = if column.is_multiple_of(STEP) { column / STEP } else { 0 };
        let (marker, body) = if depth == 0 { (None, line.trim_start()) } else { (marker, body) };
        let mut paragraph = body.to_owned();
        while let Some(more) = lines.next_if(|l| !l.trim().is_empty()) {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(more.trim_start());
        }
        out.block(depth, marker, &paragraph);
    }
    out.text
}

/// Re-flows a text whose line breaks were typed: each line is a paragraph or a list item.
pub(crate) fn typed(text: &str) -> String {
    if !text.trim().contains(['\n', '\r']) {
        let text = text.trim();
        if marked(text).0.is_none() {
            return escape(text);
        }
    }
    let mut out = Writer::default();
    let mut indents: Vec<usize> = Vec::new();
    for line in text.split(['\n', '\r']).map(str::trim_end).filter(|l| !l.trim().is_empty()) {
        let (indent, body) = split_indent(line);
        let (marker, _, body) = marked(body);
        if marker.is_none() {
            indents.clear();
            out.block(0, None, body);
            continue;
        }
        indents.retain(|i| *i < indent);
        indents.push(indent);
        out.block(indents.len(), marker, body);
    }
    out.text
}

/// What stands before a list item.
#[derive(Clone, Copy)]
enum Marker<'t> {
    Bullet,
    Number(&'t str),
}

/// Puts blocks behind each other.
#[derive(Default)]
struct Writer {
    text: String,
    /// Width of the marker of every open list item.
    open: Vec<usize>,
    last_was_item: bool,
}

impl Writer {
    /// A paragraph (no marker; `depth` 0 outside lists) or a list item at a depth from 1.
    fn block(&mut self, depth: usize, marker: Option<Marker<'_>>, body: &str) {
        let before = self.open.len();
        let depth = match marker {
            Some(_) => depth.clamp(1, before + 1).min(DEEPEST),
            None => depth.min(before),
        };
        let tight = marker.is_some() && self.last_was_item && depth <= before;
        if !self.text.is_empty() {
            self.text.push_str(if tight { "\n" } else { "\n\n" });
        }
        self.open.truncate(if marker.is_some() { depth - 1 } else { depth });
        let indent: usize = self.open.iter().sum();
        self.text.extend(std::iter::repeat_n(' ', indent));
        if let Some(marker) = marker {
            let width = self.mark(marker);
            self.open.push(width);
        }
        self.text.push_str(&escape(body));
        self.text.truncate(self.text.trim_end().len());
        self.last_was_item = marker.is_some();
    }

    fn mark(&mut self, marker: Marker<'_>) -> usize {
        match marker {
            Marker::Bullet => {
                self.text.push_str("* ");
                2
            }
            Marker::Number(digits) => {
                self.text.push_str(digits);
                self.text.push_str(". ");
                digits.len() + 2
            }
        }
    }
}

/// The column where paragraphs of a block begin: two beyond its end tag, if the layout is the registry's, and
/// never beyond the leftmost line.
fn margin(text: &str) -> usize {
    let leftmost =
        text.lines().filter(|l| !l.trim().is_empty()).map(|l| split_indent(l).0).min().unwrap_or(0);
    let tail = text.rsplit('\n').next().unwrap_or("");
    let by_end_tag = tail.bytes().all(|b| b == b' ').then_some(tail.len() + 2);
    by_end_tag.map_or(leftmost, |m| m.min(leftmost))
}

fn split_indent(line: &str) -> (usize, &str) {
    let body = line.trim_start();
    let indent = line[..line.len() - body.len()].chars().map(|c| if c == '\t' { 8 } else { 1 }).sum();
    (indent, body)
}

/// The marker of a list item, the columns up to the text behind it, and that text.
fn marked(body: &str) -> (Option<Marker<'_>>, usize, &str) {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let (marker, rest) = if let Some(rest) = body.strip_prefix(['-', '*']) {
        (Marker::Bullet, rest)
    } else if let (1..=3, Some(rest)) = (digits, body[digits..].strip_prefix('.')) {
        (Marker::Number(&body[..digits]), rest)
    } else {
        return (None, 0, body);
    };
    if !rest.starts_with([' ', '\t']) {
        return (None, 0, body);
    }
    let text = rest.trim_start();
    (Some(marker), body.len() - text.len(), text)
}

/// Backslashes before what CommonMark would take for markup.
fn escape(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 8);
    let (marker, ..) = marked(body);
    for (i, c) in body.char_indices() {
        let opens_block = match (marker, c) {
            (Some(Marker::Bullet), '-') => i == 0,
            (Some(Marker::Number(digits)), '.') => i == digits.len(),
            (None, '#' | '+') => i == 0,
            _ => false,
        };
        if opens_block || matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '^' | '`') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(how: fn(&str) -> String, input: &str, expected: &str) {
        assert_eq!(how(input), expected);
    }

    #[test]
    fn joins_lines_and_keeps_paragraphs() {
        check(
            wrapped,
            "\n      One line that\r\n      goes on.\r\n\r\n      Another.\r\n    ",
            "One line that goes on.\n\nAnother.",
        );
    }

    #[test]
    fn lists_nest_below_the_text_of_their_parent() {
        let input = "
        Inclusion:

          -  first item, long
             enough

               1. inner

              10. tenth

                    -  innermost

          -  second

             its second paragraph

        Exclusion:

          1. none
      ";
        let expected = "Inclusion:\n\n* first item, long enough\n\n  1. inner\n  10. tenth\n\n      * innermost\n* second\n\n  its second paragraph\n\nExclusion:\n\n1. none";
        check(wrapped, input, expected);
    }

    #[test]
    fn what_was_typed_with_a_hyphen_at_the_margin_stays_text() {
        check(wrapped, "\n        -Patients must\n        - and\n      ", "-Patients must - and");
        check(wrapped, "\n        - a\n      ", "\\- a");
        check(wrapped, "\n          -  only\n\n          -  items\n      ", "* only\n* items");
    }

    #[test]
    fn typed_lines_are_lines() {
        check(typed, "Arm A\r\nDrug: 5 mg", "Arm A\n\nDrug: 5 mg");
        check(
            typed,
            "Either:\n  - one\n    - two\n  - three\nor not",
            "Either:\n\n* one\n\n  * two\n* three\n\nor not",
        );
        check(typed, "- lone", "* lone");
    }

    #[test]
    fn escapes_like_the_registry() {
        check(typed, "HbA1c >12% & <15 [x] 10^9 a_b ~ *", r"HbA1c \>12% \& \<15 \[x\] 10\^9 a\_b \~ \*");
    }

    proptest! {
        #[test]
        fn every_word_survives(text in "[ \\n\\r\\ta-c0-9.*\\-<>&\\\\é]{0,80}") {
            for out in [wrapped(&text), typed(&text)] {
                let plain = model::markup::unescape(&out).into_owned();
                let bare = |t: &str| t.replace(|c: char| c.is_whitespace() || c == '-' || c == '*', "");
                prop_assert_eq!(bare(&plain), bare(&text));
            }
        }
    }
}
