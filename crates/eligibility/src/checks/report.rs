//! Findings as a compiler prints them, with the place underlined, and as JSON lines.

use serde_json::{Value, json};
use unicode_normalization::char::is_combining_mark;

use super::{Finding, Severity};
use crate::tree::Span;

/// The text that findings point into.
pub struct Source<'s> {
    name: &'s str,
    text: &'s str,
    /// Where each line begins.
    lines: Vec<usize>,
}

/// What a piece of a report is, for those who print in colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// `error`, `warning`, `note`.
    Severity(Severity),
    /// The message.
    Message,
    /// File, line and column, and the frame.
    Frame,
    /// The line under the words.
    Mark(Severity),
    /// What to do.
    Remedy,
}

/// How the pieces of a report look.
pub trait Style {
    /// The piece with the marks that make it look so.
    fn paint(&self, ink: Ink, text: &str) -> String;
}

/// Without any colour.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Style for Plain {
    fn paint(&self, _: Ink, text: &str) -> String {
        text.to_owned()
    }
}

/// Columns of text that are shown of a line.
const COLUMNS: usize = 96;
/// Columns that are shown before the words at least, where the line has them.
const BEFORE: usize = 24;

impl<'s> Source<'s> {
    /// A text and what it is called: a path, an NCT id.
    pub fn new(name: &'s str, text: &'s str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1);
        Self { name, text, lines: std::iter::once(0).chain(breaks).collect() }
    }

    /// Line and column of a byte, both from 1; columns are characters.
    pub fn position(&self, byte: u32) -> (usize, usize) {
        let byte = self.floor(byte as usize);
        let line = self.lines.partition_point(|start| *start <= byte);
        (line, self.text[self.lines[line - 1]..byte].chars().count() + 1)
    }

    /// The last character border at or before a byte.
    fn floor(&self, byte: usize) -> usize {
        self.text.floor_char_boundary(byte.min(self.text.len()))
    }

    /// The words of a span on its first line: what stands before, the words, what stands behind.
    fn line(&self, span: Span) -> (&'s str, &'s str, &'s str) {
        let start = self.floor(span.start as usize);
        let end = self.floor(span.end as usize).max(start);
        let first = self.lines[self.lines.partition_point(|l| *l <= start) - 1];
        let last = self.text[start..].find('\n').map_or(self.text.len(), |n| start + n);
        let end = end.min(last);
        (&self.text[first..start], &self.text[start..end], self.text[end..last].trim_end())
    }
}

/// A finding as text, with an empty line behind it.
pub fn text(finding: &Finding, source: &Source<'_>, style: &dyn Style) -> String {
    let severity =
        style.paint(Ink::Severity(finding.severity), &format!("{}[{}]", finding.severity, finding.check));
    let mut out = format!("{severity}: {}\n", style.paint(Ink::Message, &clean(&finding.message)));
    match finding.span {
        Some(span) => place(finding, span, source, style, &mut out),
        None => {
            let line = format!(" --> {}: field of the record\n", source.name);
            out.push_str(&style.paint(Ink::Frame, &line));
        }
    }
    if let Some(other) = finding.other {
        let (line, column) = source.position(other.start);
        let words = crate::wording::short(&clean(other.of(source.text)), 70);
        let frame = style.paint(Ink::Frame, " = see");
        out.push_str(&format!("{frame} {line}:{column}: {words}\n"));
    }
    if !finding.remedy.is_empty() {
        let remedy = style.paint(Ink::Remedy, "remedy");
        let frame = style.paint(Ink::Frame, " =");
        out.push_str(&format!("{frame} {remedy}: {}\n", clean(&finding.remedy)));
    }
    out.push('\n');
    out
}

fn place(finding: &Finding, span: Span, source: &Source<'_>, style: &dyn Style, out: &mut String) {
    let (line, column) = source.position(span.start);
    let number = line.to_string();
    let margin = " ".repeat(number.len());
    let (shown, before, wide) = window(source.line(span));
    let frame = |text: &str| style.paint(Ink::Frame, text);
    out.push_str(&frame(&format!("{margin}--> {}:{line}:{column}\n", source.name)));
    out.push_str(&frame(&format!("{margin} |\n")));
    out.push_str(&format!("{} {shown}\n", frame(&format!("{number} |"))));
    let mark = style.paint(Ink::Mark(finding.severity), &"^".repeat(wide.max(1)));
    out.push_str(&format!("{} {}{mark}\n", frame(&format!("{margin} |")), " ".repeat(before)));
}

/// A line cut around its words to what fits; the columns before the words, and those of the words.
fn window((before, words, behind): (&str, &str, &str)) -> (String, usize, usize) {
    let (before, words, behind) = (clean(before), clean(words), clean(behind));
    let room = COLUMNS.saturating_sub(width(&words)).max(BEFORE);
    let left = if width(&before) + width(&behind) <= room {
        before
    } else {
        last(&before, BEFORE.max(room.saturating_sub(width(&behind))))
    };
    let words = first(&words, COLUMNS.saturating_sub(width(&left)));
    let right = first(&behind, COLUMNS.saturating_sub(width(&left) + width(&words)));
    let (indent, wide) = (width(&left), width(&words));
    (format!("{left}{words}{right}").trim_end().to_owned(), indent, wide)
}

/// The beginning of a text, `…` where it was cut.
fn first(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|c| {
        used += columns_of(*c);
        used <= columns
    });
    let mut out: String = fits.collect();
    out.push('…');
    out
}

/// The end of a text, `…` where it was cut.
fn last(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.char_indices().rev().take_while(|(_, c)| {
        used += columns_of(*c);
        used <= columns
    });
    let at = fits.last().map_or(text.len(), |(at, _)| at);
    format!("…{}", &text[at..])
}

/// One line that does nothing to a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Columns of a character in a terminal: marks take none, East Asian characters two.
fn columns_of(c: char) -> usize {
    match u32::from(c) {
        0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x2064 | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f => 2,
        0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd => 2,
        _ => usize::from(!is_combining_mark(c)),
    }
}

/// A finding as one JSON object; `start` and `end` are bytes of the text.
pub fn json(finding: &Finding, source: &Source<'_>) -> Value {
    let place = |span: Span| {
        let (line, column) = source.position(span.start);
        json!({"line": line, "column": column, "start": span.start, "end": span.end})
    };
    json!({
        "file": source.name,
        "check": finding.check,
        "severity": finding.severity.to_string(),
        "place": finding.span.map(place),
        "other": finding.other.map(place),
        "quote": finding.quote,
        "message": finding.message,
        "explanation": finding.explanation,
        "remedy": finding.remedy,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(text: &str, words: &str) -> Finding {
        let start = text.find(words).unwrap() as u32;
        Finding {
            check: "empty_range",
            severity: Severity::Error,
            item: Some(0),
            span: Some(Span { start, end: start + words.len() as u32 }),
            other: None,
            quote: words.to_owned(),
            message: "no value is ≥ 65 and ≤ 18".to_owned(),
            explanation: "nobody can be within it",
            remedy: "exchange the two ends".to_owned(),
        }
    }

    #[track_caller]
    fn shows(text_: &str, words: &str, expected: &str) {
        let shown = text(&finding(text_, words), &Source::new("note.txt", text_), &Plain);
        assert_eq!(shown.trim_end(), expected.trim_matches('\n'));
    }

    #[test]
    fn like_a_compiler() {
        shows(
            "Inclusion:\n- Aged 65 to 18 years\n",
            "65 to 18 years",
            "
error[empty_range]: no value is ≥ 65 and ≤ 18
 --> note.txt:2:8
  |
2 | - Aged 65 to 18 years
  |        ^^^^^^^^^^^^^^
 = remedy: exchange the two ends",
        );
    }

    #[test]
    fn wide_and_marked_characters() {
        shows(
            "年龄 e\u{301} 65 bis 18",
            "65 bis 18",
            "
error[empty_range]: no value is ≥ 65 and ≤ 18
 --> note.txt:1:7
  |
1 | 年龄 e\u{301} 65 bis 18
  |        ^^^^^^^^^
 = remedy: exchange the two ends",
        );
    }

    #[test]
    fn long_lines_are_cut_around_the_words() {
        let line = format!("{} 65 to 18 {}", "before ".repeat(40), "behind ".repeat(40));
        let shown = text(&finding(&line, "65 to 18"), &Source::new("a", &line), &Plain);
        let lines: Vec<&str> = shown.lines().collect();
        assert!(lines[3].starts_with("1 | …") && lines[3].ends_with('…') && width(lines[3]) <= COLUMNS + 4);
        let at = lines[4].find('^').unwrap();
        let chars: Vec<char> = lines[3].chars().collect();
        assert_eq!(chars[at..at + 8].iter().collect::<String>(), "65 to 18");
        let long = format!("x {}", "65 to 18 ".repeat(50));
        let shown = text(&finding(&long, &long[2..]), &Source::new("a", &long), &Plain);
        assert!(shown.lines().all(|l| width(l) <= COLUMNS + 4));
    }

    #[test]
    fn fields_have_no_place() {
        let mut field = finding("x", "x");
        field.span = None;
        let shown = text(&field, &Source::new("NCT00000001", ""), &Plain);
        assert!(shown.contains("\n --> NCT00000001: field of the record\n"));
        assert_eq!(json(&field, &Source::new("a", ""))["place"], Value::Null);
    }

    #[test]
    fn places_outside_of_the_text_do_no_harm() {
        let mut odd = finding("x", "x");
        odd.span = Some(Span { start: 7, end: 3 });
        odd.other = Some(Span { start: 1, end: 9 });
        text(&odd, &Source::new("a", "é"), &Plain);
    }
}
