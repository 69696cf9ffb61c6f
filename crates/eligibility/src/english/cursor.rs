//! A place in the text, and the smallest things that can be read there.

use rust_decimal::Decimal;

use super::words::{AFTER_NUMBER, LIMITS, STOPS, UNITS};

/// Text that is not canonical English: where, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at byte {place}: expected {expected}")]
pub struct ParseError {
    /// The byte at which it cannot be read.
    pub place: usize,
    /// What should stand there.
    pub expected: String,
}

/// A text, and how far it was read.
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
}

/// Whether a character ends a word.
fn is_delimiter(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | ';' | ':' | '"' | '`' | '(' | ')' | '<' | '>' | '=' | '≤' | '≥')
}

impl<'t> Cursor<'t> {
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    pub fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    pub fn fail<T>(&self, expected: impl Into<String>) -> Result<T, ParseError> {
        let place = self.text.len() - self.rest().trim_start().len();
        Err(ParseError { place, expected: expected.into() })
    }

    /// Reads a sign, if it stands next.
    pub fn sign(&mut self, sign: &str) -> bool {
        let rest = self.rest().trim_start();
        let found = rest.starts_with(sign);
        if found {
            self.at = self.text.len() - rest.len() + sign.len();
        }
        found
    }

    pub fn need(&mut self, sign: &str) -> Result<(), ParseError> {
        if self.sign(sign) { Ok(()) } else { self.fail(format!("`{sign}`")) }
    }

    /// Reads some words in any case, if they stand next.
    pub fn phrase(&mut self, phrase: &str) -> bool {
        let end = self.phrase_end(phrase);
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }

    pub fn need_phrase(&mut self, phrase: &str) -> Result<(), ParseError> {
        if self.phrase(phrase) { Ok(()) } else { self.fail(format!("`{phrase}`")) }
    }

    fn phrase_end(&self, phrase: &str) -> Option<usize> {
        let mut rest = self.rest();
        for word in phrase.split(' ') {
            rest = rest.trim_start();
            let head = rest.get(..word.len())?;
            rest = &rest[word.len()..];
            if !head.eq_ignore_ascii_case(word) || !rest.chars().next().is_none_or(is_delimiter) {
                return None;
            }
        }
        Some(self.text.len() - rest.len())
    }

    /// A decimal number.
    pub fn number(&mut self) -> Option<Decimal> {
        let rest = self.rest().trim_start();
        let signed = rest.strip_prefix(['-', '−']).unwrap_or(rest);
        let digits = |s: &str| s.len() - s.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let whole = digits(signed);
        let fraction = signed[whole..].strip_prefix('.').map_or(0, digits);
        let length = whole + if fraction > 0 { fraction + 1 } else { 0 };
        let value: Decimal = signed[..length].parse().ok().filter(|_| whole > 0)?;
        self.at = self.text.len() - signed.len() + length;
        Some(if signed.len() < rest.len() { -value } else { value })
    }

    pub fn need_number(&mut self) -> Result<Decimal, ParseError> {
        self.number().map_or_else(|| self.fail("a number"), Ok)
    }

    /// Whether a range (`18 to 55`) stands next.
    fn at_range(&self) -> bool {
        let mut ahead = Cursor { text: self.text, at: self.at };
        ahead.number().is_some() && ahead.phrase("to") && {
            ahead.phrase("below");
            ahead.number().is_some()
        }
    }

    /// A unit, in words or as UCUM writes it; `None` if none stands here.
    pub fn unit(&mut self) -> Result<Option<String>, ParseError> {
        for (ucum, words) in LIMITS {
            if self.phrase(words) || self.phrase(&words.replace('x', "×")) {
                return Ok(Some((*ucum).to_owned()));
            }
        }
        if self.rest().trim_start().starts_with('`') {
            return self.enclosed('`').map(Some);
        }
        let rest = self.rest().trim_start();
        let run = &rest[..unit_length(rest)];
        if run.is_empty() || AFTER_NUMBER.contains(&run) {
            return Ok(None);
        }
        self.at = self.text.len() - rest.len() + run.len();
        let known = UNITS.iter().find(|u| u.one == run || u.many == run || u.also.contains(&run));
        Ok(Some(known.map_or(run, |u| u.ucum).to_owned()))
    }

    /// A text between quotes or backticks, without its escapes.
    pub fn enclosed(&mut self, mark: char) -> Result<String, ParseError> {
        self.blanks();
        if !self.rest().starts_with(mark) {
            return self.fail(if mark == '"' { "words in quotes" } else { "an id in backticks" });
        }
        let mut out = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((i, c)) = chars.next() {
            match c {
                c if c == mark => {
                    self.at += i + 1;
                    return Ok(out);
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 'r')) => out.push('\r'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, c)) => out.push(c),
                    None => break,
                },
                c => out.push(c),
            }
        }
        Err(ParseError { place: self.text.len(), expected: format!("the closing `{mark}`") })
    }

    /// A name: words up to a delimiter or a phrase that ends names; brackets may follow a word. Empty if none stands
    /// here.
    pub fn name(&mut self) -> String {
        let mut name = String::new();
        loop {
            let before = self.at;
            self.blanks();
            let ends = |phrase: &&str| self.phrase_end(phrase).is_some();
            if STOPS.iter().any(ends) || self.at_range() {
                self.at = before;
                return name;
            }
            let length = word_length(self.rest(), name.is_empty());
            if length == 0 {
                self.at = before;
                return name;
            }
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(&self.rest()[..length]);
            self.at += length;
        }
    }
}

/// The bytes of a word of a name; a bracket with its contents belongs to it, but not at the start of the name.
fn word_length(text: &str, first: bool) -> usize {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c == '(' && !(first && at == 0) {
            let inner = &text[at + 1..];
            let stop = |c: char| matches!(c, '(' | ')' | '"' | '`' | ';' | '\n' | '\r');
            let Some(end) = inner.find(stop).filter(|&i| inner[i..].starts_with(')')) else { break };
            at += end + 2;
        } else if is_delimiter(c) {
            break;
        } else {
            at += c.len_utf8();
        }
    }
    at
}

/// The bytes of a unit: up to a blank or mark outside of brackets.
fn unit_length(text: &str) -> usize {
    let mut depth = 0_u32;
    for (i, c) in text.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => return i,
            ')' | ']' | '}' => depth -= 1,
            ',' | ';' | ':' | '"' | '`' | '<' | '>' | '=' | '≤' | '≥' => return i,
            c if c.is_whitespace() => return i,
            _ => {}
        }
    }
    text.len()
}
