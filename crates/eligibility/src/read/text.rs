//! The raw text unescaped, with a map back to its bytes.
//!
//! Escapes are undone (`\<`, `&ge;`, in the raw record of a page also `\n`), full-width signs become plain ones and
//! letters are composed with their accents (NFC). Nothing else changes: NFKC would turn `10⁹` into `109`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::tree::Span;

/// How a text was escaped by where it was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Escapes {
    /// As the registry stores it: Markdown backslashes, perhaps HTML entities.
    #[default]
    Markup,
    /// Within a literal of a program: `\n` is a line break, `\\` a backslash, and what remains is markup.
    Literal,
}

/// A text ready for reading, and where each of its bytes stood.
#[derive(Clone, Debug)]
pub struct Text<'r> {
    /// The raw text.
    pub raw: &'r str,
    /// The text to read.
    pub read: Cow<'r, str>,
    /// From byte `.0` of the text on, the raw text goes on at byte `.1`.
    marks: Vec<(u32, u32)>,
}

impl<'r> Text<'r> {
    /// Undoes the escapes of a text.
    pub fn new(raw: &'r str, escapes: Escapes) -> Self {
        if !is_escaped(raw) {
            return Self { raw, read: Cow::Borrowed(raw), marks: Vec::new() };
        }
        let mut out = Unescaped { raw, read: String::with_capacity(raw.len()), marks: Vec::new(), at: 0 };
        while out.at < raw.len() {
            out.step(escapes);
        }
        Self { raw, read: Cow::Owned(out.read), marks: out.marks }
    }

    /// The raw byte at which a byte of the text stands.
    pub fn raw_at(&self, at: usize) -> usize {
        let i = self.marks.partition_point(|mark| mark.0 as usize <= at);
        match i.checked_sub(1).map(|i| self.marks[i]) {
            Some((read, raw)) => raw as usize + (at - read as usize),
            None => at,
        }
    }

    /// The raw bytes of a part of the text.
    pub fn span(&self, start: usize, end: usize) -> Span {
        let (start, end) = (self.raw_at(start), self.raw_at(end));
        Span { start: start as u32, end: end.max(start) as u32 }
    }

    /// The raw characters of a part of the text.
    pub fn verbatim(&self, start: usize, end: usize) -> &'r str {
        self.span(start, end).of(self.raw)
    }
}

/// Whether something in a text may stand for something else. A piece is gone through to its end, so that it is done
/// for many bytes at once.
fn is_escaped(raw: &str) -> bool {
    let special =
        |b: u8| u8::from(b == b'\\') | u8::from(b == b'&') | u8::from(b == 0xEF) | u8::from(b & 0xFE == 0xCC);
    raw.as_bytes().chunks(256).any(|piece| piece.iter().fold(0, |any, &b| any | special(b)) != 0)
        || memchr::memchr_iter(b'<', raw.as_bytes()).any(|at| raw[at..].starts_with("<U+"))
}

struct Unescaped<'r> {
    raw: &'r str,
    read: String,
    marks: Vec<(u32, u32)>,
    at: usize,
}

impl Unescaped<'_> {
    fn step(&mut self, escapes: Escapes) {
        let rest = &self.raw[self.at..];
        let first = rest.as_bytes()[0];
        match first {
            b'\\' => self.backslash(rest, escapes),
            b'&' => match entity(rest) {
                Some((c, len)) => self.replace(c, len),
                None => self.keep(1),
            },
            b'<' => match code_point(rest) {
                Some((c, len)) => self.replace(c, len),
                None => self.keep(1),
            },
            _ if first < 0x80 => {
                let plain =
                    rest.bytes().take_while(|b| *b < 0x80 && !matches!(b, b'\\' | b'&' | b'<')).count();
                // The last letter may carry a combining mark.
                let next_is_mark = rest[plain..].chars().next().is_some_and(is_combining_mark);
                if next_is_mark && plain == 1 {
                    return self.compose(rest);
                }
                self.keep(if next_is_mark { plain - 1 } else { plain });
            }
            _ => self.letter(rest),
        }
    }

    fn letter(&mut self, rest: &str) {
        let Some(c) = rest.chars().next() else { return };
        let full_width = u32::from(c).checked_sub(0xFF01).filter(|n| *n <= 0x5D);
        if let Some(plain) = full_width.and_then(|n| char::from_u32(n + 0x21)) {
            return self.replace(plain, c.len_utf8());
        }
        if c == '\u{feff}' {
            return self.replace(' ', c.len_utf8());
        }
        if rest[c.len_utf8()..].chars().next().is_some_and(is_combining_mark) {
            return self.compose(rest);
        }
        self.keep(c.len_utf8());
    }

    fn compose(&mut self, rest: &str) {
        let mut len = rest.chars().next().map_or(0, char::len_utf8);
        len += rest[len..]
            .chars()
            .take_while(|c| is_combining_mark(*c))
            .take(8)
            .map(char::len_utf8)
            .sum::<usize>();
        self.mark();
        self.read.extend(rest[..len].nfc());
        self.at += len;
        self.mark();
    }

    fn backslash(&mut self, rest: &str, escapes: Escapes) {
        let run = rest.bytes().take_while(|b| *b == b'\\').count();
        let next = rest[run..].chars().next();
        match next {
            Some('n' | 'r' | 't') if escapes == Escapes::Literal && run % 2 == 1 => {
                self.replace('\n', run + 1);
            }
            Some(c) if c.is_ascii_punctuation() => self.replace(c, run + 1),
            _ => self.keep(run),
        }
    }

    fn keep(&mut self, len: usize) {
        self.read.push_str(&self.raw[self.at..self.at + len]);
        self.at += len;
    }

    fn replace(&mut self, c: char, len: usize) {
        self.mark();
        self.read.push(c);
        self.at += len;
        self.mark();
    }

    fn mark(&mut self) {
        let here = (self.read.len() as u32, self.at as u32);
        if self.marks.last().is_some_and(|last| last.0 == here.0) {
            self.marks.pop();
        }
        self.marks.push(here);
    }
}

/// A character written as its code point, as some exports do: `<U+2265>`.
fn code_point(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix("<U+")?;
    let end = rest.bytes().take(7).position(|b| b == b'>')?;
    let c = char::from_u32(u32::from_str_radix(&rest[..end], 16).ok()?).filter(|c| !c.is_control())?;
    Some((c, end + 4))
}

/// The character of an HTML entity at the front, and how many bytes it takes.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(10).position(|b| b == b';')?;
    let name = &text[1..end];
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "ge" | "geq" => '≥',
        "le" | "leq" => '≤',
        "amp" => '&',
        "nbsp" => ' ',
        "quot" => '"',
        "apos" => '\'',
        "plusmn" => '±',
        "micro" | "mu" => 'μ',
        "times" => '×',
        "deg" => '°',
        "alpha" => 'α',
        "beta" => 'β',
        "gamma" => 'γ',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, escapes: Escapes, read: &str) {
        let text = Text::new(raw, escapes);
        assert_eq!(text.read, read);
        let ends: Vec<usize> = text.read.char_indices().map(|(i, _)| i).chain([text.read.len()]).collect();
        for pair in ends.windows(2) {
            assert!(text.raw_at(pair[0]) < text.raw_at(pair[1]), "{raw}");
        }
        assert_eq!(text.raw_at(text.read.len()), raw.len());
    }

    #[test]
    fn escapes_are_undone() {
        check("Age \\>= 18 &lt; 3 &amp; x", Escapes::Markup, "Age >= 18 < 3 & x");
        check("a:\\n\\n b \\\\<2", Escapes::Literal, "a:\n\n b <2");
        check("１８ e\u{301}", Escapes::Markup, "18 é");
        check("10⁹/L & 5", Escapes::Markup, "10⁹/L & 5");
        check("\\", Escapes::Markup, "\\");
    }

    #[test]
    fn the_escape_belongs_to_the_sign() {
        let text = Text::new("x \\<2 y", Escapes::Markup);
        let at = text.read.find('<').unwrap();
        assert_eq!(text.verbatim(at, at + 2), "\\<2");
    }
}
