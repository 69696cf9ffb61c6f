//! Text into words: where each begins and ends.
//!
//! Letters and digits run together form a word (`CD34`, `HbA1c`); a point between digits stays (`12.5`); everything
//! else separates (`COVID-19`, `5-FU`, `and/or`). A trailing `+` is dropped, as a trailing `-` must be: `HER2+` is
//! `HER2`. A possessive `'s` belongs to its word and is not said (`Crohn's` is `crohn`). A single Greek letter is a
//! word of its own, so that `TNFα` and `TNF-α` are the same two words, except the sign for micro before a letter
//! (`μg`). A character of a script without spaces is one word.

use crate::fold::{Class, class};

/// A word in a text: what is folded, and what is covered (with the possessive), in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Where the word begins.
    pub start: usize,
    /// Where its letters end.
    pub stem: usize,
    /// Where the word ends, with its possessive `'s`.
    pub end: usize,
}

/// The next word at or after `from`, which must be a character boundary.
pub fn next(text: &str, from: usize) -> Option<Cut> {
    let bytes = text.as_bytes();
    let mut start = from;
    loop {
        match *bytes.get(start)? {
            b if ASCII_WORD[usize::from(b)] => break,
            b if b < 0x80 => start += 1,
            _ => {
                let c = text[start..].chars().next()?;
                match class(c) {
                    Class::Letter => break,
                    Class::Greek => return Some(greek(text, start, c)),
                    Class::Ideograph => {
                        let end = start + c.len_utf8();
                        return Some(Cut { start, stem: end, end });
                    }
                    Class::Break => start += c.len_utf8(),
                }
            }
        }
    }
    let stem = letters(text, start);
    Some(Cut { start, stem, end: stem + possessive(&bytes[stem..]) })
}

/// The end of the letters and digits that begin at `start`.
fn letters(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(&b) = bytes.get(at) {
        if ASCII_WORD[usize::from(b)] || b == b'.' && is_decimal_point(bytes, start, at) {
            at += 1;
        } else if b < 0x80 {
            break;
        } else {
            let Some(c) = text[at..].chars().next() else { break };
            if class(c) != Class::Letter {
                break;
            }
            at += c.len_utf8();
        }
    }
    at
}

fn is_decimal_point(bytes: &[u8], start: usize, at: usize) -> bool {
    at > start && bytes[at - 1].is_ascii_digit() && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// How many bytes of a possessive `'s` stand at the front of `rest`.
fn possessive(rest: &[u8]) -> usize {
    let mark = match rest {
        [b'\'', ..] => 1,
        [0xE2, 0x80, 0x99, ..] => 3,
        _ => return 0,
    };
    let alone = |next: Option<&u8>| next.is_none_or(|&b| b < 0x80 && !ASCII_WORD[usize::from(b)]);
    match rest.get(mark) {
        Some(b's' | b'S') if alone(rest.get(mark + 1)) => mark + 1,
        _ => 0,
    }
}

/// A word that begins with a Greek letter: a Greek word, `μg`, or one named letter.
fn greek(text: &str, start: usize, first: char) -> Cut {
    let rest = &text[start..];
    let run = rest.chars().take_while(|&c| class(c) == Class::Greek || ('\u{300}'..='\u{36F}').contains(&c));
    let (count, len) = run.fold((0, 0), |(n, len), c| (n + 1, len + c.len_utf8()));
    let micro = matches!(first, 'µ' | 'μ') && rest[len..].starts_with(|c: char| c.is_ascii_alphabetic());
    let stem = if count == 1 && micro { letters(text, start + len) } else { start + len };
    Cut { start, stem, end: stem }
}

/// Which bytes are ASCII letters and digits.
pub static ASCII_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut b = 0;
    while b < 128 {
        table[b] = (b as u8).is_ascii_alphanumeric();
        b += 1;
    }
    table
};
