//! A note to sentences, without the numbers that some notes print before them.

use std::ops::Range;

/// Words that end in a point which ends no sentence.
const SHORT: [&str; 14] =
    ["dr", "mr", "mrs", "ms", "vs", "e.g", "i.e", "no", "approx", "pt", "st", "fig", "yo", "prof"];

/// The sentences of a note.
pub fn cut(note: &str) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut line_start = 0;
    for line in note.split_inclusive('\n') {
        let from = line_start + numbered(line);
        of_line(note, from, line_start + line.len(), &mut out);
        line_start += line.len();
    }
    out
}

/// The length of a number and point at the head of a line: `12. `.
fn numbered(line: &str) -> usize {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let marked = (1..=3).contains(&digits) && line[digits..].starts_with(". ");
    if marked { digits + 2 } else { 0 }
}

fn of_line(note: &str, from: usize, to: usize, out: &mut Vec<Range<usize>>) {
    let line = &note[from..to];
    let mut start = 0;
    for (at, mark) in line.match_indices(['.', '!', '?']) {
        let rest = &line[at + mark.len()..];
        if ends(&line[start..at], rest) {
            push(line, from, start..at + 1, out);
            start = at + 1;
        }
    }
    push(line, from, start..line.len(), out);
}

/// Whether a point between these texts ends a sentence.
fn ends(before: &str, after: &str) -> bool {
    let blank = after.starts_with(char::is_whitespace);
    let begins = after.trim_start().chars().next().is_none_or(|c| c.is_uppercase() || c.is_ascii_digit());
    let word = before.rsplit(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
    blank && begins && !SHORT.contains(&word.as_str())
}

fn push(line: &str, from: usize, range: Range<usize>, out: &mut Vec<Range<usize>>) {
    let text = &line[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    if start < end {
        out.push(from + start..from + end);
    }
}
