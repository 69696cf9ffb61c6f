//! Words, numbers and signs of a text, with their places and sentences.

use super::lexicon::{self, Class};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Digits, with thousands commas and a decimal point.
    Number,
    /// Digits written high: `⁶`.
    Raised,
    /// A letter and what follows of letters and digits.
    Word,
    /// Anything else that is not blank.
    Sign,
}

/// A piece of a text: small, as a text has many.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// Its first byte.
    start: u32,
    /// The byte behind it.
    end: u32,
    /// The number of its sentence.
    pub sentence: u32,
    /// Its classes.
    pub class: Class,
    /// What it is.
    pub kind: Kind,
    /// Its head.
    head: u8,
}

impl Token {
    /// Its first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// The byte behind it.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Its characters in the text that it is of.
    pub fn word(self, source: &str) -> &str {
        source.get(self.start()..self.end()).unwrap_or_default()
    }
}

/// So many bytes of a text are read: what a token can tell of its place.
const LONGEST: usize = u32::MAX as usize;

/// A number below 64 that tells most words apart by their length and first letter, whatever its case; that of no word
/// is 0.
#[inline(always)]
const fn head(word: &[u8]) -> u8 {
    if word.is_empty() { 0 } else { head_of(word[0], word.len()) }
}

/// The head of a word of so many bytes that begins with this one.
#[inline(always)]
const fn head_of(first: u8, length: usize) -> u8 {
    ((first | 0x20) as usize + length * 5) as u8 % 64
}

/// Heads of words, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Heads(u64);

impl Heads {
    /// These heads and that of one more word.
    #[inline(always)]
    pub const fn with(self, word: &str) -> Self {
        Self(self.0 | 1 << head(word.as_bytes()))
    }

    /// Those of some words.
    #[inline(always)]
    pub const fn of(words: &[&str]) -> Self {
        let (mut out, mut i) = (Self(0), 0);
        while i < words.len() {
            out = out.with(words[i]);
            i += 1;
        }
        out
    }

    /// These heads and others.
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }
}

/// A text in tokens.
#[derive(Clone, Debug)]
pub struct Text<'s> {
    /// The text.
    pub source: &'s str,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The classes of all tokens together.
    classes: Class,
}

/// Words whose full stop ends no sentence.
const ABBREVIATIONS: [&str; 12] =
    ["e.g", "i.e", "vs", "approx", "no", "dr", "mos", "hrs", "resp", "ca", "mln", "mio"];

impl<'s> Text<'s> {
    /// Cuts a text.
    pub fn new(source: &'s str) -> Self {
        let source = &source[..source.floor_char_boundary(LONGEST)];
        let bytes = source.as_bytes();
        let mut tokens: Vec<Token> = Vec::with_capacity(source.len() / 5 + 4);
        let (mut at, mut sentence, mut stopped, mut classes) = (0, 0, false, 0);
        while let Some(byte) = bytes.get(at).copied() {
            let token = |end: usize, kind: Kind, class: Class| {
                let head = head_of(byte, end - at);
                Token { start: at as u32, end: end as u32, sentence, class, kind, head }
            };
            // Most tokens are plain words behind one blank.
            if byte == b' ' {
                if stopped && tokens.last().is_some_and(|t| t.sentence == sentence) {
                    sentence += 1;
                }
                stopped = false;
                at += 1;
                continue;
            }
            // Behind a number, these may be no letters.
            let sign = || tokens.last().is_some_and(|t| t.kind == Kind::Number);
            let plain = byte.is_ascii_alphabetic() && !(matches!(byte | 0x20, b'x' | b'e') && sign());
            if plain && let Some((length, class)) = lexicon::leading(&bytes[at..]) {
                let end = at + length;
                classes |= class;
                stopped = false;
                tokens.push(token(end, Kind::Word, class));
                at = end + usize::from(bytes.get(end) == Some(&b' '));
                continue;
            }
            // Signs that are nothing else, end no sentence and begin no number.
            if matches!(byte, b',' | b'(' | b')' | b'-' | b'/' | b':' | b';' | b'%' | b'"' | b'\'' | b'*') {
                stopped = false;
                tokens.push(token(at + 1, Kind::Sign, 0));
                at += 1;
                continue;
            }
            let Some(c) = source[at..].chars().next() else { break };
            if c.is_whitespace() || c == '\\' {
                let paragraph = c == '\n' && source[at + 1..].trim_start_matches(' ').starts_with('\n');
                if (stopped || paragraph) && tokens.last().is_some_and(|t| t.sentence == sentence) {
                    sentence += 1;
                }
                stopped = false;
                at += c.len_utf8();
                continue;
            }
            let before = tokens.last().map(|t| (*t, t.word(source)));
            let (kind, end) = piece(source, at, c, before);
            stopped = match c {
                '.' | '!' | '?' => kind == Kind::Sign && !abbreviates(before),
                '。' => true,
                _ => false,
            };
            let looked_up = matches!(kind, Kind::Word | Kind::Number);
            let class = if looked_up { lexicon::of(&bytes[at..end]) } else { 0 };
            classes |= class;
            tokens.push(token(end, kind, class));
            at = end;
        }
        Self { source, tokens, classes }
    }

    /// Whether a token is of one of these classes.
    pub fn is_a(&self, i: usize, class: Class) -> bool {
        self.tokens.get(i).is_some_and(|t| t.class & class != 0)
    }

    /// Whether one of the tokens is of one of these classes.
    pub fn any(&self, range: std::ops::Range<usize>, class: Class) -> bool {
        if self.classes & class == 0 {
            return false;
        }
        let tokens = self.tokens.get(range.start..range.end.min(self.tokens.len()));
        tokens.is_some_and(|tokens| tokens.iter().any(|t| t.class & class != 0))
    }

    /// Whether any token is of one of these classes.
    pub fn has(&self, class: Class) -> bool {
        self.classes & class != 0
    }

    /// Some tokens of it, where they stand.
    pub fn part(&self, tokens: std::ops::Range<usize>) -> Self {
        Self { tokens: self.tokens[tokens].to_vec(), ..*self }
    }

    /// Its words as they are written.
    pub fn written(&self) -> &'s str {
        let ends = self.tokens.first().zip(self.tokens.last());
        ends.and_then(|(first, last)| self.source.get(first.start()..last.end())).unwrap_or(self.source)
    }

    /// The words of a token; empty outside of the text.
    pub fn word(&self, i: usize) -> &'s str {
        self.tokens.get(i).map_or("", |t| t.word(self.source))
    }

    /// The words of all tokens.
    pub fn words(&self) -> impl Iterator<Item = &'s str> {
        let source = self.source;
        self.tokens.iter().map(move |t| t.word(source))
    }

    /// Whether a token is this word, whatever the case.
    #[inline(always)]
    pub fn is(&self, i: usize, word: &str) -> bool {
        self.head(i) == head(word.as_bytes()) && self.is_written(i, word)
    }

    #[inline(never)]
    fn is_written(&self, i: usize, word: &str) -> bool {
        self.word(i).eq_ignore_ascii_case(word)
    }

    #[inline(always)]
    fn head(&self, i: usize) -> u8 {
        self.tokens.get(i).map_or(0, |t| t.head)
    }

    /// Whether a token may be one of the words of which these are the heads.
    #[inline(always)]
    pub fn may_be(&self, i: usize, heads: Heads) -> bool {
        heads.0 >> self.head(i) & 1 != 0
    }

    /// Whether a token is one of these words.
    #[inline(always)]
    pub fn is_any<const N: usize>(&self, i: usize, words: &[&str; N]) -> bool {
        // The words stand in the code: their heads are known when it is compiled.
        let heads = words.iter().fold(Heads::default(), |heads, word| heads.with(word));
        self.may_be(i, heads) && self.is_one_of(i, words)
    }

    /// [`is_any`](Self::is_any) of words that are known only when it runs.
    #[inline(never)]
    pub fn is_one_of(&self, i: usize, words: &[&str]) -> bool {
        let word = self.word(i);
        words.iter().any(|w| word.eq_ignore_ascii_case(w))
    }

    /// Whether the tokens from here on are these words, parted by blanks in `phrase`.
    pub fn is_phrase(&self, i: usize, phrase: &str) -> Option<usize> {
        let first = self.word(i).as_bytes().first()?;
        if !phrase.as_bytes().first()?.eq_ignore_ascii_case(first) {
            return None;
        }
        let mut next = i;
        for word in phrase.split(' ') {
            if !self.is(next, word) {
                return None;
            }
            next += 1;
        }
        Some(next)
    }

    /// What a token is; a sign outside of the text.
    pub fn kind(&self, i: usize) -> Kind {
        self.tokens.get(i).map_or(Kind::Sign, |t| t.kind)
    }

    /// Whether nothing stands between a token and the one before it.
    pub fn glued(&self, i: usize) -> bool {
        i > 0 && self.tokens.get(i).is_some_and(|t| t.start == self.tokens[i - 1].end)
    }

    /// Whether two tokens stand in one sentence.
    pub fn together(&self, a: usize, b: usize) -> bool {
        match (self.tokens.get(a), self.tokens.get(b)) {
            (Some(a), Some(b)) => a.sentence == b.sentence,
            _ => false,
        }
    }

    /// The tokens of the sentence that a token stands in.
    pub fn sentence(&self, i: usize) -> std::ops::Range<usize> {
        let Some(number) = self.tokens.get(i).map(|t| t.sentence) else { return i..i };
        let from = self.tokens.partition_point(|t| t.sentence < number);
        from..self.tokens.partition_point(|t| t.sentence <= number)
    }

    /// Whether the sentence's tokens have one of these words.
    #[inline(always)]
    pub fn has_any<const N: usize>(&self, mut range: std::ops::Range<usize>, words: &[&str; N]) -> bool {
        range.any(|i| self.is_any(i, words))
    }
}

/// The kind and end of the token at a byte.
fn piece(source: &str, at: usize, c: char, before: Option<(Token, &str)>) -> (Kind, usize) {
    let rest = &source[at..];
    if c.is_ascii_digit() {
        return (Kind::Number, at + number_length(rest));
    }
    // `.5` behind a blank
    let stands_alone = before.is_none_or(|(t, word)| t.end() < at || matches!(word, "(" | "/" | "-" | "~"));
    if c == '.' && stands_alone && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return (Kind::Number, at + 1 + rest[1..].bytes().take_while(u8::is_ascii_digit).count());
    }
    if is_raised(c) {
        return (Kind::Raised, at + rest.find(|c| !is_raised(c)).unwrap_or(rest.len()));
    }
    // `5x10`: the letter is a sign between two numbers.
    if matches!(c, 'x' | 'X') && before.is_some_and(|(t, _)| t.kind == Kind::Number) {
        let behind = rest[1..].trim_start();
        if behind.starts_with(|c: char| c.is_ascii_digit()) {
            return (Kind::Sign, at + 1);
        }
    }
    // `10E7cells`: the exponent is a word of its own.
    let exponent = || rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    if matches!(c, 'E' | 'e')
        && before.is_some_and(|(t, _)| t.kind == Kind::Number && t.end() == at)
        && exponent() > 0
    {
        return (Kind::Word, at + 1 + exponent());
    }
    if c.is_alphabetic() {
        return (Kind::Word, at + word_length(rest));
    }
    (Kind::Sign, at + c.len_utf8())
}

/// Bytes of the letters and digits at the start of a text.
fn word_length(text: &str) -> usize {
    let ascii = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    let rest = &text[ascii..];
    ascii + rest.find(|c: char| !c.is_alphanumeric() || is_raised(c)).unwrap_or(rest.len())
}

/// Whether a text goes on with a blank and three noughts.
fn rest_is_thousands(text: &str) -> bool {
    text.strip_prefix(" 000").is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn is_raised(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

/// Bytes of the number at the start of a text: `1,000`, `2.5`, `0,5`; a comma that only parts a list is not of it.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    let first = end;
    while first <= 3 && bytes.get(end) == Some(&b',') && digits(end + 1) == 3 {
        end += 4;
    }
    // `30 000 000`
    while first <= 3 && rest_is_thousands(&text[end..]) {
        end += 4;
    }
    // `20.000.000`: points part the thousands where there are two of them.
    let thousands = |at: usize| bytes.get(at) == Some(&b'.') && digits(at + 1) == 3;
    if first <= 3 && end == first && thousands(end) && thousands(end + 4) {
        while thousands(end) {
            end += 4;
        }
        return end;
    }
    let mark = bytes.get(end).copied();
    let behind = if mark.is_some() { digits(end + 1) } else { 0 };
    let comma = mark == Some(b',') && end == 1 && bytes[0] == b'0';
    // `1.2.3` is a numbering, not a number.
    let numbering = bytes.get(end + 1 + behind) == Some(&b'.')
        && bytes.get(end + 2 + behind).is_some_and(u8::is_ascii_digit);
    if (mark == Some(b'.') || comma) && behind > 0 && !numbering { end + 1 + behind } else { end }
}

/// Whether a full stop behind this token belongs to an abbreviation.
fn abbreviates(before: Option<(Token, &str)>) -> bool {
    let Some((token, word)) = before else { return true };
    let letter = token.kind == Kind::Word && word.chars().nth(1).is_none();
    letter || ABBREVIATIONS.iter().any(|a| word.eq_ignore_ascii_case(a))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        let text_ = Text::new(text);
        text_.tokens.iter().map(|t| t.word(text)).collect()
    }

    #[test]
    fn numbers_words_signs() {
        assert_eq!(cut("5x10^6 cells/mL"), ["5", "x", "10", "^", "6", "cells", "/", "mL"]);
        assert_eq!(cut("1,000 mg 0.5,1,2 q3w"), ["1,000", "mg", "0.5", ",", "1", ",", "2", "q3w"]);
        assert_eq!(cut("2×10⁶"), ["2", "×", "10", "⁶"]);
        assert_eq!(cut("1*10E6"), ["1", "*", "10", "E6"]);
        assert_eq!(cut("6.0×10E7cells"), ["6.0", "×", "10", "E7", "cells"]);
        assert_eq!(cut("é—ü"), ["é", "—", "ü"]);
    }

    #[test]
    fn sentences() {
        let text = Text::new("They receive i. m. cells. Then 2.5 mL.\n\nMore");
        let sentences: Vec<u32> = text.tokens.iter().map(|t| t.sentence).collect();
        assert_eq!(sentences, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2]);
    }
}
