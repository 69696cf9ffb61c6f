//! Text to tokens: words, numbers, signs.
//!
//! A word is a run of letters and digits that begins with a letter; its normal form is the vocabulary's. A number
//! keeps its digits as written: what its points and commas mean is decided where it is read. Signs that look
//! different and mean the same are one sign.

use std::sync::LazyLock;
use vocabulary::ASCII_WORD;

use rust_decimal::Decimal;
use unicode_normalization::char::is_combining_mark;

use super::lexicon;
use super::memo::Memo;

/// A piece of text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: u32,
    /// The byte after its last.
    pub end: u32,
    /// The fingerprint of a word's normal form; of a number's digits; 0 for signs.
    pub hash: u64,
    /// Whether it follows without a blank.
    pub glued: bool,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Letters and digits.
    Word,
    /// A number.
    Number,
    /// `<`, `≤`, `>`, `≥`, `=`.
    Sign(Sign),
    /// A run of line breaks.
    Break,
    /// `-`, `–`, `—`, `~` and their like.
    Dash,
    /// `×`, `*` between numbers, `•` is a [`Kind::Bullet`].
    Times,
    /// Raised digits: `⁹`.
    Power,
    /// A bullet, or a number in a circle, within a line.
    Bullet,
    /// Any other sign, by its character.
    Other(char),
}

/// A sign of comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sign {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
}

impl Token {
    /// Whether it is this character.
    pub fn is(&self, c: char) -> bool {
        self.kind == Kind::Other(c)
    }
}

/// Cuts texts into tokens; keeps what it has learned of words.
#[derive(Clone, Debug, Default)]
pub struct Lexer {
    /// The prints of normal forms by those of the words as printed.
    prints: Memo<u64>,
}

impl Lexer {
    /// Appends the tokens of a part of a text.
    pub fn read(&mut self, text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
        let bytes = text.as_bytes();
        let mut at = start;
        let mut blank = true;
        while at < end {
            let b = bytes[at];
            let from = at;
            let kind = match b {
                b' ' | b'\t' | b'\r' | 0x0B | 0x0C => {
                    at += 1;
                    blank = true;
                    continue;
                }
                b'\n' => {
                    at += 1;
                    if tokens.last().is_some_and(|t| t.kind == Kind::Break) {
                        continue;
                    }
                    Kind::Break
                }
                b'0'..=b'9' => {
                    at = number_end(bytes, at, end);
                    Kind::Number
                }
                b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
                    && starts_number(bytes, start, at) =>
                {
                    at = number_end(bytes, at + 1, end);
                    Kind::Number
                }
                b'a'..=b'z' | b'A'..=b'Z' => {
                    at = word_end(text, at, end);
                    Kind::Word
                }
                b'<' | b'>' | b'=' => {
                    let (sign, len) = ascii_sign(&bytes[at..end]);
                    at += len;
                    Kind::Sign(sign)
                }
                b'-' | b'~' => {
                    at += 1;
                    Kind::Dash
                }
                b'*' => {
                    at += 1;
                    Kind::Times
                }
                _ if b < 0x80 => {
                    at += 1;
                    Kind::Other(char::from(b))
                }
                _ => {
                    let Some(c) = text[at..].chars().next() else { break };
                    at += c.len_utf8();
                    match wide(c) {
                        _ if blank && lost_sign(c, &bytes[at..end]).is_some() => {
                            lost_sign(c, &bytes[at..end]).map_or(Kind::Other(c), Kind::Sign)
                        }
                        Some(Wide::Blank) => {
                            blank = true;
                            continue;
                        }
                        Some(Wide::Kind(kind)) => {
                            if kind == Kind::Power {
                                at = power_end(text, at, end);
                            }
                            kind
                        }
                        // A mark that combines with nothing is no word.
                        None if c.is_alphanumeric() && !is_combining_mark(c) => {
                            at = word_end(text, at, end);
                            Kind::Word
                        }
                        None => Kind::Other(c),
                    }
                }
            };
            let hash = match kind {
                Kind::Word => self.print(&text[from..at]),
                Kind::Number => vocabulary::fingerprint(&bytes[from..at]),
                _ => 0,
            };
            tokens.push(Token { kind, start: from as u32, end: at as u32, hash, glued: !blank });
            blank = false;
        }
    }

    /// The fingerprint of the normal form of a word.
    fn print(&mut self, word: &str) -> u64 {
        *self.prints.get(vocabulary::fingerprint(word.as_bytes()), || {
            let stem = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
            lexicon::print_of_word(stem)
        })
    }
}

/// `³ 10`, `£ 1`: ≥ and ≤ of the Symbol font, as older word processors left them behind.
fn lost_sign(c: char, rest: &[u8]) -> Option<Sign> {
    let digit = |at: usize| rest.get(at).is_some_and(u8::is_ascii_digit);
    match c {
        '³' if digit(0) || rest.first() == Some(&b' ') && digit(1) => Some(Sign::Ge),
        // `£50` is money.
        '£' if rest.first() == Some(&b' ') && digit(1) => Some(Sign::Le),
        _ => None,
    }
}

/// A point begins a number only where no letter or digit stands before it.
fn starts_number(bytes: &[u8], start: usize, at: usize) -> bool {
    at == start || !bytes[at - 1].is_ascii_alphanumeric() && bytes[at - 1] != b'.'
}

/// Digits, with points and commas between digits.
fn number_end(bytes: &[u8], mut at: usize, end: usize) -> usize {
    while at < end {
        if let Some(behind) = raised_point(&bytes[at..end]) {
            at += behind;
            continue;
        }
        let between = matches!(bytes[at], b'.' | b',') && at + 1 < end && bytes[at + 1].is_ascii_digit();
        // `3,000 000` is left alone; `1,2,3-trichloro` ends up as digits, as it should.
        if !bytes[at].is_ascii_digit() && !between {
            break;
        }
        at += 1;
    }
    at
}

/// The length of a point in the middle of the line, or of a bullet, between digits: `0·9`. `2·10⁹` is a product.
fn raised_point(bytes: &[u8]) -> Option<usize> {
    let point = ["·", "•", "∙"].into_iter().find(|point| bytes.starts_with(point.as_bytes()))?.len();
    let digits = bytes.get(point..)?.iter().take_while(|b| b.is_ascii_digit()).count();
    let ten = bytes[point..].starts_with(b"10") && digits <= 3;
    (digits > 0 && !ten).then_some(point)
}

fn word_end(text: &str, mut at: usize, end: usize) -> usize {
    let bytes = text.as_bytes();
    // `Age18-65`
    let first = bytes.get(at).map(u8::to_ascii_lowercase);
    let names: &[&str] = if first == Some(b'a') { &["ages", "aged", "age"] } else { &[] };
    for name in names {
        let stop = at + name.len();
        let word = bytes.get(at..stop.min(end)).unwrap_or_default();
        if stop < end && bytes[stop].is_ascii_digit() && word.eq_ignore_ascii_case(name.as_bytes()) {
            return stop;
        }
    }
    while at < end {
        if ASCII_WORD[usize::from(bytes[at])] {
            at += 1;
        } else if bytes[at] < 0x80 {
            if bytes[at] == b'\'' && possessive(&bytes[at + 1..end]) {
                at += 2;
            }
            break;
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            if c == '’' && possessive(&bytes[at + c.len_utf8()..end]) {
                return at + c.len_utf8() + 1;
            }
            if !(c.is_alphabetic() || is_combining_mark(c)) || wide(c).is_some() {
                break;
            }
            at += c.len_utf8();
        }
    }
    at
}

fn possessive(rest: &[u8]) -> bool {
    matches!(rest.first(), Some(b's' | b'S')) && rest.get(1).is_none_or(|b| !b.is_ascii_alphanumeric())
}

fn ascii_sign(bytes: &[u8]) -> (Sign, usize) {
    match bytes {
        [b'<', b'=', ..] | [b'=', b'<', ..] => (Sign::Le, 2),
        [b'>', b'=', b'>', ..] => (Sign::Ge, 3),
        [b'>', b'=', ..] | [b'=', b'>', ..] => (Sign::Ge, 2),
        [b'<', b'/', b'=', ..] | [b'=', b'/', b'<', ..] => (Sign::Le, 3),
        [b'<', b'_', ..] => (Sign::Le, 2),
        [b'>', b'_', ..] => (Sign::Ge, 2),
        [b'>', b'/', b'=', ..] | [b'=', b'/', b'>', ..] => (Sign::Ge, 3),
        [b'<', ..] => (Sign::Lt, 1),
        [b'>', ..] => (Sign::Gt, 1),
        [b'=', b'=', ..] => (Sign::Eq, 2),
        _ => (Sign::Eq, 1),
    }
}

enum Wide {
    Blank,
    Kind(Kind),
}

/// What a character beyond ASCII stands for, where it is no letter.
fn wide(c: char) -> Option<Wide> {
    Some(Wide::Kind(match c {
        '\u{a0}' | '\u{2000}'..='\u{200f}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            return Some(Wide::Blank);
        }
        '˂' | '﹤' | '‹' => Kind::Sign(Sign::Lt),
        '˃' | '﹥' | '›' => Kind::Sign(Sign::Gt),
        '≤' | '≦' | '⩽' | '≲' => Kind::Sign(Sign::Le),
        '≥' | '≧' | '⩾' | '≳' => Kind::Sign(Sign::Ge),
        '\u{2010}'..='\u{2015}' | '−' | '～' | '〜' | '∼' => Kind::Dash,
        '×' | '✕' | '·' | '∙' => Kind::Times,
        '⁰' | '¹' | '²' | '³' | '⁴'..='⁹' | '⁻' => Kind::Power,
        '•' | '▪' | '◦' | '●' | '■' | '□' | '○' | '\u{2460}'..='\u{24ff}' | '\u{2776}'..='\u{2793}' => {
            Kind::Bullet
        }
        '、' | '，' => Kind::Other(','),
        '；' => Kind::Other(';'),
        '：' => Kind::Other(':'),
        '。' => Kind::Other('.'),
        '‘' | '’' => Kind::Other('\''),
        '“' | '”' => Kind::Other('"'),
        _ => return None,
    }))
}

fn power_end(text: &str, mut at: usize, end: usize) -> usize {
    while at < end {
        match text[at..].chars().next() {
            Some(c) if matches!(wide(c), Some(Wide::Kind(Kind::Power))) => at += c.len_utf8(),
            _ => break,
        }
    }
    at
}

/// The readings of a number as written: the likelier first. `1,000` is a thousand, `1,5` one and a half, and
/// `50.000` may be both.
pub fn readings(digits: &str) -> Vec<Decimal> {
    if digits.contains(['·', '•', '∙']) {
        return readings(&digits.replace(['·', '•', '∙'], "."));
    }
    let parse = |text: &str| text.parse::<Decimal>().ok().map(|n| n.normalize());
    let groups = |mark: char| {
        let mut parts = digits.split(mark);
        let first = parts.next().unwrap_or_default();
        let mut rest = parts.peekable();
        (1..=3).contains(&first.len()) && rest.peek().is_some() && rest.all(|part| part.len() == 3)
    };
    let (points, commas) = (digits.matches('.').count(), digits.matches(',').count());
    let without = |mark: char| digits.replace(mark, "");
    let readings = match (points, commas) {
        (0, 0) => vec![parse(digits)],
        (1, 0) if digits.starts_with('.') => vec![parse(&format!("0{digits}"))],
        (1, 0) if groups('.') && !digits.starts_with('0') => vec![parse(digits), parse(&without('.'))],
        (1, 0) => vec![parse(digits)],
        (0, 1) if groups(',') && !digits.starts_with('0') => {
            vec![parse(&without(',')), parse(&digits.replace(',', "."))]
        }
        (0, 1) => vec![parse(&digits.replace(',', "."))],
        (0, _) if groups(',') => vec![parse(&without(','))],
        (_, 0) if groups('.') => vec![parse(&without('.'))],
        (1, _) if digits.rfind(',') < digits.find('.') => vec![parse(&without(','))],
        (_, 1) => vec![parse(&without('.').replace(',', "."))],
        _ => vec![parse(digits.split([',', '.']).next().unwrap_or_default())],
    };
    readings.into_iter().flatten().collect()
}

/// Words that name numbers: from zero to twelve, and some more.
const NUMBERS: [(&str, i64); 23] = [
    ("zero", 0),
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("eighteen", 18),
    ("twenty", 20),
    ("twentyfour", 24),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("ninety", 90),
    ("hundred", 100),
];

/// The value of a word that names a number.
pub fn number_word(norm: &str) -> Option<i64> {
    NUMBERS.iter().find(|(word, _)| *word == norm).map(|(_, number)| *number)
}

/// Whether a word may name a number, by the fingerprint of its normal form.
pub fn may_count(word: u64) -> bool {
    static PRINTS: LazyLock<Vec<u64>> =
        LazyLock::new(|| NUMBERS.iter().map(|(word, _)| lexicon::print_of_word(word)).collect());
    PRINTS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        let mut tokens = Vec::new();
        Lexer::default().read(text, 0, text.len(), &mut tokens);
        tokens.iter().map(|t| (t.kind, &text[t.start as usize..t.end as usize])).collect()
    }

    #[test]
    fn signs_that_mean_the_same_are_one() {
        for text in ["≥", ">=", "=>", "≧", ">/="] {
            assert_eq!(kinds(text), [(Kind::Sign(Sign::Ge), text)], "{text}");
        }
        let found = kinds("1.5×10⁹/L");
        let expected = [Kind::Number, Kind::Times, Kind::Number, Kind::Power, Kind::Other('/'), Kind::Word];
        assert_eq!(found.iter().map(|k| k.0).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn numbers_are_read_by_their_marks() {
        let check = |digits: &str, expected: &[&str]| {
            let found: Vec<String> = readings(digits).iter().map(ToString::to_string).collect();
            assert_eq!(found, expected, "{digits}");
        };
        check("18", &["18"]);
        check("1,5", &["1.5"]);
        check("100,000", &["100000", "100"]);
        check("50.000", &["50", "50000"]);
        check("1,000,000", &["1000000"]);
        check("1.000.000", &["1000000"]);
        check("1,234.5", &["1234.5"]);
        check(".5", &["0.5"]);
        check("24.0", &["24"]);
    }
}
