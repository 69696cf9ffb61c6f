//! Units as written, read into the one spelling of each. In the usual case nothing is allocated.
//!
//! ```text
//! unit = spelling | part { ("/" | "per") part } ;     spelling: a row of units.tsv
//! part = power [counted] | word [annotation] | word "-1" ;   word: a row of unit-words.tsv
//! ```
//! Characters first: spaces go, µ is u, `10⁹`, `10^9`, `10E9` and `x10**9` are `10*9`, `m²` and `m^2` are `m2`.

use super::{Unit, table};

/// Longer texts are no units.
pub(super) const LONGEST: usize = 48;

/// The unit that a text names, all of it; `None` if there is none in the table.
///
/// ```
/// use vocabulary::unit;
/// for (text, ucum) in [("mg/dl", "mg/dL"), ("×10⁹/L", "10*9/L"), ("mmHg", "mm[Hg]"), ("U/Kg/Day", "[U]/kg/d")] {
///     assert_eq!(unit::of(text).unwrap().as_str(), ucum);
/// }
/// assert_eq!(unit::of("bananas"), None);
/// ```
pub fn of(text: &str) -> Option<Unit> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST + 16 {
        return None;
    }
    let mut plain = Buffer::new();
    plain.write(text)?;
    let plain = plain.bytes();
    table::spelled(plain).or_else(|| {
        let mut parts = Buffer::new();
        join_parts(plain, &mut parts)?;
        table::spelled(parts.bytes())
    })
}

/// The longest unit that a text begins with, and its length in bytes; for texts behind a number.
///
/// It ends before a space, a bracket, a comma, or the end of a sentence. A single letter such as the `a` of
/// `18 a day` is a unit too: whether it is meant is for the caller to say. The word `in` is not taken for inches.
///
/// ```
/// use vocabulary::unit;
/// let (unit, length) = unit::longest("mL/min per 1.73 m2, or dialysis").unwrap();
/// assert_eq!((unit.as_str(), length), ("mL/min/{1.73_m2}", 18));
/// ```
pub fn longest(text: &str) -> Option<(Unit, usize)> {
    let mut ends = [0_usize; 12];
    let mut count = 0;
    let mut open = false;
    for (at, c) in text.char_indices() {
        if count == ends.len() || at > LONGEST {
            break;
        }
        // `/mm(3)` ends behind its bracket.
        let closes = c == ')' && text[..at].contains('(');
        if at > 0 && !closes && stops(c, &text[at..]) && text[..at].ends_with(|c: char| !c.is_whitespace()) {
            ends[count] = at;
            count += 1;
            open = goes_on(&text[at..]);
            if !open {
                break;
            }
        }
    }
    if count == 0 && !text.is_empty() || count < ends.len() && open {
        ends[count] = text.len();
        count += 1;
    }
    ends[..count].iter().rev().find_map(|&end| {
        let unit = of(&text[..end]).filter(|_| !text[..end].eq_ignore_ascii_case("in"))?;
        Some((unit, end))
    })
}

/// Whether a unit may go on with the next word: cheap, and true of most words inside of units only.
fn goes_on(rest: &str) -> bool {
    let next = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']'));
    let word = next
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')' | '.'))
        .next()
        .unwrap_or_default();
    if word.is_empty() || next.len() == rest.len() {
        return false;
    }
    let first = word.as_bytes()[0];
    first.is_ascii_digit()
        || !first.is_ascii()
        || matches!(first, b'/' | b'^' | b'x' | b'X' | b'{' | b'*')
        || WORDS_INSIDE.iter().any(|inside| word.eq_ignore_ascii_case(inside))
        || word.contains('/')
}

/// Words that stand inside of units, not at their beginning.
const WORDS_INSIDE: &[&str] = &[
    "per",
    "of",
    "old",
    "hg",
    "the",
    "upper",
    "lower",
    "limit",
    "normal",
    "uln",
    "lln",
    "uln)",
    "cells",
    "feu",
    "ddu",
    "cubic",
    "square",
    "squared",
    "meter",
    "meters",
    "metre",
    "metres",
    "millimeter",
    "millimeters",
    "millimetre",
    "body",
    "surface",
    "area",
    "bsa",
    "mercury",
    "age",
    "m2",
    "m²",
    "m^2",
    "mm3",
    "h2o",
    "water",
    "l",
    "dl",
    "ml",
    "ul",
    "kg",
    "min",
    "h",
    "hr",
    "hrs",
    "hour",
    "hours",
    "day",
    "deciliter",
    "liter",
    "litre",
    "microliter",
    "celsius",
    "fahrenheit",
    "c",
    "f",
    "creatinine",
    "creat",
    "units",
    "unit",
    "drinks",
    "copies",
    "joints",
    "deviations",
    "deviation",
];

/// Whether a unit may end before this character.
fn stops(c: char, rest: &str) -> bool {
    let after = rest[c.len_utf8()..].chars().next();
    match c {
        '.' | ',' => after.is_none_or(|next| !next.is_ascii_digit()),
        ')' | '(' | ';' | ':' | ']' | '?' | '!' | '\u{2013}' | '\u{2014}' | '<' | '>' | '\u{2264}'
        | '\u{2265}' => true,
        _ => c.is_whitespace(),
    }
}

/// A short text on the stack.
struct Buffer {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Buffer {
    fn new() -> Self {
        Self { bytes: [0; LONGEST], length: 0 }
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    fn push(&mut self, bytes: &[u8]) -> Option<()> {
        let end = self.length + bytes.len();
        self.bytes.get_mut(self.length..end)?.copy_from_slice(bytes);
        self.length = end;
        Some(())
    }

    /// Whether a power of ten stands at the end: `10`, but not `1.10` or `210`.
    fn ends_with_ten(&self) -> bool {
        let bytes = self.bytes();
        bytes.ends_with(b"10")
            && bytes.len().checked_sub(3).is_none_or(|at| !matches!(bytes[at], b'0'..=b'9' | b'.' | b'*'))
    }

    /// Writes a text in plain characters.
    fn write(&mut self, text: &str) -> Option<()> {
        let mut rest = text;
        if let Some(after) = strip_per(rest) {
            self.push(b"/")?;
            rest = after;
        }
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            match c {
                _ if c.is_whitespace() => {
                    rest = rest.trim_start();
                    if let Some(after) = strip_per(rest) {
                        self.push(b"/")?;
                        rest = after;
                    }
                }
                '0'..='9' => self.push(&[c as u8])?,
                '*' | '^' => self.power_sign(&mut rest)?,
                'x' | 'X' | '\u{d7}' if self.length == 0 && is_ten(rest) => {}
                'e' | 'E' if self.ends_with_ten() && rest.starts_with(|c: char| c.is_ascii_digit()) => {
                    self.push(b"*")?;
                }
                _ if c.is_ascii() => self.push(&[c as u8])?,
                _ => self.special(c, rest)?,
            }
        }
        Some(())
    }

    /// `^` and `*`: between ten and its power one star, before `10` and inside `m^2` nothing.
    fn power_sign(&mut self, rest: &mut &str) -> Option<()> {
        *rest = rest.trim_start_matches(['*', '^']);
        if self.ends_with_ten() {
            self.push(b"*")
        } else if self.length == 0
            || self.bytes().last().is_some_and(u8::is_ascii_alphabetic) && is_digit(rest)
        {
            Some(())
        } else {
            self.push(b"*")
        }
    }

    /// A character beyond ASCII.
    fn special(&mut self, c: char, rest: &str) -> Option<()> {
        if let Some(digit) = superscript(c) {
            if self.ends_with_ten() {
                self.push(b"*")?;
            }
            return self.push(&[digit]);
        }
        match c {
            '\u{b5}' | '\u{3bc}' => self.push(b"u"),
            '\u{d7}' => self.push(b"x"),
            '\u{b7}' | '\u{2022}' | '\u{22c5}' | '\u{2219}' => {
                let bytes = self.bytes();
                let digit = bytes.last().is_some_and(u8::is_ascii_digit) && !bytes.ends_with(b"-1");
                let decimal = digit && is_digit(rest);
                self.push(if decimal { b"." } else { b"~" })
            }
            '\u{2212}' | '\u{2013}' | '\u{207b}' | '\u{2010}' | '\u{2011}' => self.push(b"-"),
            '\u{2215}' | '\u{2044}' | '\u{ff0f}' => self.push(b"/"),
            '\u{ff05}' => self.push(b"%"),
            '\u{200b}' | '\u{feff}' => Some(()),
            _ => self.push(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

fn is_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn is_ten(text: &str) -> bool {
    text.trim_start().starts_with("10")
}

/// What follows the word `per`.
fn strip_per(text: &str) -> Option<&str> {
    let word = text.get(..3).filter(|word| word.eq_ignore_ascii_case("per"))?;
    let after = &text[word.len()..];
    after.starts_with(char::is_whitespace).then(|| after.trim_start())
}

fn superscript(c: char) -> Option<u8> {
    Some(match c {
        '\u{2070}' => b'0',
        '\u{b9}' => b'1',
        '\u{b2}' => b'2',
        '\u{b3}' => b'3',
        '\u{2074}'..='\u{2079}' => b'4' + (c as u32 - 0x2074) as u8,
        _ => return None,
    })
}

/// Reads part by part: `gm/100ml` becomes `g/dL`, `mmol~L-1` becomes `mmol/L`.
fn join_parts(plain: &[u8], into: &mut Buffer) -> Option<()> {
    let mut first = true;
    for over in plain.split(|&b| b == b'/') {
        for (place, part) in over.split(|&b| b == b'~').enumerate() {
            let (part, inverse) = match part.strip_suffix(b"-1") {
                Some(part) => (part, true),
                None if part.ends_with(b"m-2") => (part, true),
                None => (part, false),
            };
            if !first {
                into.push(if place == 0 || inverse { b"/" } else { b"." })?;
            }
            write_part(part, first, into)?;
            first = false;
        }
    }
    Some(())
}

fn write_part(part: &[u8], first: bool, into: &mut Buffer) -> Option<()> {
    if let Some(word) = table::word(part) {
        return into.push(word.as_bytes());
    }
    if let Some(body) = part.strip_suffix(b"m-2") {
        return into.push(if body.is_empty() { b"m2" } else { b"{1.73_m2}" });
    }
    let power = part.iter().position(|b| !matches!(b, b'0'..=b'9' | b'*')).unwrap_or(part.len());
    if part.starts_with(b"10*") && power > 3 {
        // What is counted behind the power: `10*9cells`, `10*6{cells}`.
        let counted = &part[power..];
        let known = counted.is_empty() || counted[0] == b'{' || table::word(counted) == Some("");
        return known.then(|| into.push(&part[..power]))?;
    }
    // An annotation says nothing about the size; alone it is a numerator: `{beats}/min`.
    if let Some(open) = part.iter().position(|&b| b == b'{').filter(|_| part.ends_with(b"}")) {
        return match &part[..open] {
            [] if first => Some(()),
            [] => None,
            body => into.push(table::word(body).map_or(body, str::as_bytes)),
        };
    }
    into.push(part)
}
