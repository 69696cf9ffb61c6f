//! Numbers as people write them: ranges, powers of ten, millions, words.

use model::Decimal;

use super::{
    lexicon,
    text::{Kind, Text},
};

/// How a number was written, where that leaves a doubt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// There is no doubt.
    Plain,
    /// `10E6`: ten to the sixth, or ten millions as a program reads it.
    TenE,
    /// `106` behind a times sign: a power whose exponent is no longer raised.
    LostPower,
}

/// A number, or the two ends of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number, or the lower end.
    pub value: Decimal,
    /// The upper end of a range.
    pub high: Option<Decimal>,
    /// How it was written.
    pub notation: Notation,
    /// The token behind it.
    pub next: usize,
}

const WORDS: [(&str, i64); 20] = [
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
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("eighteen", 18),
    ("twenty", 20),
    ("thirty", 30),
    ("single", 1),
    ("thrice", 3),
];

/// Words for numbers.
pub(super) fn words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(word, _)| *word)
}

/// The value of one token: digits, or a word for a number.
pub fn whole(text: &Text<'_>, i: usize) -> Option<Decimal> {
    match text.kind(i) {
        Kind::Number => digits(text.word(i)),
        Kind::Word => {
            if !text.is_a(i, lexicon::NUMBER) {
                return None;
            }
            let word = text.word(i);
            WORDS.iter().find(|(w, _)| word.eq_ignore_ascii_case(w)).map(|(_, n)| Decimal::from(*n))
        }
        _ => None,
    }
}

fn digits(word: &str) -> Option<Decimal> {
    // Most numbers are small and whole.
    if word.len() < 10 && word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse::<u32>().ok().map(Decimal::from);
    }
    if word.matches('.').count() > 1 {
        return word.replace('.', "").parse().ok();
    }
    let word = word.replace(' ', "");
    if let Some(fraction) = word.strip_prefix('.') {
        return format!("0.{fraction}").parse().ok();
    }
    let point = if word.starts_with("0,") { word.replace(',', ".") } else { word.replace(',', "") };
    point.parse().ok()
}

/// Whether the token is a sign or word that joins the ends of a range.
pub fn joins_range(text: &Text<'_>, i: usize) -> bool {
    text.is_any(i, &["-", "–", "—", "to", "~", "～", "−"])
}

/// The number at a token: `5 × 10^6`, `1-2 x 10e6`, `0.5 to 1`, `2 million`, `three`.
pub fn read(text: &Text<'_>, i: usize) -> Option<Number> {
    let (value, next) = one(text, i)?;
    let next = behind_tolerance(text, next);
    let (high, next) = match range(text, next, value) {
        Some((high, next)) => (Some(high), next),
        None => (None, next),
    };
    let (factor, notation, next) =
        factor(text, i, next, high.is_none()).unwrap_or((Decimal::ONE, Notation::Plain, next));
    let next = behind_tolerance(text, next);
    // `1x10^6 to 2x10^6`
    let value = value.checked_mul(factor)?.normalize();
    let mut number = Number { value, high: None, notation, next };
    match high {
        Some(high) => number.high = Some(high.checked_mul(factor)?.normalize()),
        None if factor > Decimal::ONE && joins_range(text, next) => {
            if let Some(other) = read(text, next + 1).filter(|n| n.high.is_none() && n.value > value) {
                number = Number { high: Some(other.value), next: other.next, ..number };
            }
        }
        None => {}
    }
    Some(number)
}

/// The token behind `± 0.5` or `+/- 30%`: how far off a number may be changes nothing of it.
fn behind_tolerance(text: &Text<'_>, i: usize) -> usize {
    let Some(at) = plus_minus(text, i).filter(|at| text.kind(*at) == Kind::Number) else { return i };
    let percent = text.is(at + 1, "%") && text.kind(at + 2) == Kind::Word;
    at + 1 + usize::from(percent)
}

/// The token behind `±` or `+/-`.
pub fn plus_minus(text: &Text<'_>, i: usize) -> Option<usize> {
    if text.is(i, "±") {
        return Some(i + 1);
    }
    let spelt = text.is(i, "+") && text.is(i + 1, "/") && text.is_any(i + 2, &["-", "−", "–"]);
    spelt.then_some(i + 3)
}

fn one(text: &Text<'_>, i: usize) -> Option<(Decimal, usize)> {
    let value = whole(text, i)?;
    // `one hundred million`
    if text.is(i + 1, "hundred") && value < Decimal::TEN {
        return Some((value.checked_mul(Decimal::ONE_HUNDRED)?, i + 2));
    }
    Some((value, i + 1))
}

fn range(text: &Text<'_>, next: usize, low: Decimal) -> Option<(Decimal, usize)> {
    let joined = joins_range(text, next) && text.kind(next + 1) == Kind::Number;
    // `2 x 10` behind the dash is a number of its own.
    let high = joined.then(|| whole(text, next + 1)).flatten()?;
    (high > low).then_some((high, next + 2))
}

const TIMES: [&str; 9] = ["x", "X", "×", "*", "·", "•", "✕", "⨯", "х"];

/// Whether a token is the power of the number before it: the `107` of `9.4 × 107`.
pub fn is_power(text: &Text<'_>, i: usize) -> bool {
    // `(1-5) × 10^6`
    let factor = |at: usize| text.kind(at) == Kind::Number || text.is(at, ")") && text.glued(at + 1);
    i > 1 && text.is_any(i - 1, &TIMES) && factor(i - 2) && power(text, i).is_some()
}

/// The power of ten or the word behind a number.
fn factor(text: &Text<'_>, i: usize, next: usize, alone: bool) -> Option<(Decimal, Notation, usize)> {
    if text.is_any(next, &TIMES) && text.kind(next + 1) == Kind::Number {
        return power(text, next + 1);
    }
    for (word, zeros) in [("million", 6), ("billion", 9), ("thousand", 3), ("millions", 6)] {
        // `90-million`
        let at = if text.is(next, "-") { next + 1 } else { next };
        if text.is(at, word) {
            return Some((ten_to(zeros)?, Notation::Plain, at + 1));
        }
    }
    // `200 mln. cells`
    if text.is_any(next, &["mln", "mio"]) {
        let stop = text.is(next + 1, ".") && text.glued(next + 1) && text.together(next, next + 2);
        return Some((ten_to(6)?, Notation::Plain, next + 1 + usize::from(stop)));
    }
    // `25 M allogeneic cells`
    if text.word(next) == "M"
        && text.any(next + 1..next + 3, lexicon::CELLS)
        && !text.is_any(next + 1, &["/", "-"])
    {
        return Some((ten_to(6)?, Notation::Plain, next + 1));
    }
    // `10^6` and `1E6` alone.
    if alone && text.kind(i) == Kind::Number {
        if text.word(i) == "10" {
            let (factor, notation, next) = power(text, i)?;
            return Some((factor.checked_div(Decimal::TEN)?, notation, next));
        }
        // `1.0E+6`
        let signed = text.is(next, "E") && text.glued(next) && text.is(next + 1, "+") && text.glued(next + 2);
        if signed {
            return Some((ten_to(text.word(next + 2).parse().ok()?)?, Notation::Plain, next + 3));
        }
        let zeros = exponent_word(text, next)?;
        return Some((ten_to(zeros)?, Notation::Plain, next + 1));
    }
    None
}

/// `10^6`, `10⁶`, `10E6`, `10 6`, `106` from the ten on.
fn power(text: &Text<'_>, ten: usize) -> Option<(Decimal, Notation, usize)> {
    let word = text.word(ten);
    if word == "10" {
        if text.is_any(ten + 1, &["^", "ˆ", "'", "’"]) {
            let bracket = usize::from(text.is_any(ten + 2, &["(", "{"]));
            // `10^4-6`: from one power to another.
            // `10^6~2x10^6` is from one number to another.
            if text.is_any(ten + 3, &["-", "–", "~"])
                && text.glued(ten + 3)
                && text.kind(ten + 4) == Kind::Number
                && !text.is_any(ten + 5, &TIMES)
            {
                return None;
            }
            let zeros = text.word(ten + 2 + bracket).parse().ok()?;
            return Some((ten_to(zeros)?, Notation::Plain, ten + 3 + 2 * bracket));
        }
        if text.kind(ten + 1) == Kind::Raised && text.glued(ten + 1) {
            return Some((ten_to(raised(text.word(ten + 1))?)?, Notation::Plain, ten + 2));
        }
        // `1 × 10(8)`: a bracket where the exponent was raised.
        let bracketed =
            text.is(ten + 1, "(") && text.is(ten + 3, ")") && text.glued(ten + 1) && text.glued(ten + 3);
        if bracketed {
            let zeros: u32 = text.word(ten + 2).parse().ok()?;
            return (3..=13)
                .contains(&zeros)
                .then(|| Some((ten_to(zeros)?, Notation::LostPower, ten + 4)))?;
        }
        // `5x10*7 cells`, `5 x 10~7`: a sign where the exponent was raised.
        if text.is_any(ten + 1, &["*", "~"])
            && text.glued(ten + 1)
            && text.glued(ten + 2)
            && behind_times(text, ten)
        {
            let zeros: u32 = text.word(ten + 2).parse().ok()?;
            return (4..=10)
                .contains(&zeros)
                .then(|| Some((ten_to(zeros)?, Notation::LostPower, ten + 3)))?;
        }
        // `1x10/6 cells`: a slash where the exponent was raised.
        if text.is(ten + 1, "/") && text.glued(ten + 1) && text.glued(ten + 2) {
            let zeros: u32 = text.word(ten + 2).parse().ok()?;
            return (4..=10)
                .contains(&zeros)
                .then(|| Some((ten_to(zeros)?, Notation::LostPower, ten + 3)))?;
        }
        // `1 x 10 6 cells`: a blank where the exponent was raised.
        let zeros = text.word(ten + 1);
        let blank = text.kind(ten + 1) == Kind::Number && !text.glued(ten + 1) && behind_times(text, ten);
        if blank && zeros.len() == 1 && text.kind(ten + 2) != Kind::Number {
            let zeros = zeros.parse().ok().filter(|n| (4..=9).contains(n))?;
            return Some((ten_to(zeros)?, Notation::LostPower, ten + 2));
        }
        let zeros = exponent_word(text, ten + 1)?;
        return Some((ten_to(zeros)?, Notation::TenE, ten + 2));
    }
    // `2 x 1,000,000 cells`
    let noughts = word.strip_prefix('1').filter(|rest| rest.bytes().all(|b| matches!(b, b'0' | b',')));
    if noughts.is_some_and(|rest| rest.len() > 4) && text.any(ten + 1..ten + 6, lexicon::CELLS) {
        return Some((digits(word)?, Notation::Plain, ten + 1));
    }
    let zeros: u32 = word.strip_prefix("10").filter(|z| !z.starts_with('0'))?.parse().ok()?;
    (3..=13).contains(&zeros).then(|| Some((ten_to(zeros)?, Notation::LostPower, ten + 1)))?
}

/// Whether a times sign stands before a token.
fn behind_times(text: &Text<'_>, i: usize) -> bool {
    i > 0 && text.is_any(i - 1, &TIMES)
}

/// The exponent of `E6`, glued to the digits before it.
fn exponent_word(text: &Text<'_>, i: usize) -> Option<u32> {
    let digits = text.word(i).strip_prefix(['E', 'e'])?;
    let plain = text.glued(i) && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

fn raised(word: &str) -> Option<u32> {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let mut value: u32 = 0;
    for c in word.chars() {
        let digit = RAISED.iter().position(|r| *r == c)?;
        value = value.checked_mul(10)?.checked_add(u32::try_from(digit).ok()?)?;
    }
    Some(value)
}

/// Ten to a power that a dose can have.
fn ten_to(zeros: u32) -> Option<Decimal> {
    (zeros <= 18).then(|| 10_i64.checked_pow(zeros).map(Decimal::from))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, value: &str, high: Option<&str>, notation: Notation, rest: &str) {
        let text = Text::new(text);
        let number = read(&text, 0).unwrap();
        assert_eq!(number.value, value.parse::<Decimal>().unwrap());
        assert_eq!(number.high, high.map(|h| h.parse().unwrap()));
        assert_eq!(number.notation, notation);
        assert_eq!(text.word(number.next), rest);
    }

    #[test]
    fn powers() {
        reads("5 × 10^6 cells", "5000000", None, Notation::Plain, "cells");
        reads("2x10⁷/kg", "20000000", None, Notation::Plain, "/");
        reads("1*10E6 cells", "1000000", None, Notation::TenE, "cells");
        reads("1.5×106/kg", "1500000", None, Notation::LostPower, "/");
        reads("10^8 cells", "100000000", None, Notation::Plain, "cells");
        reads("1.0E+6 MSC", "1000000", None, Notation::Plain, "MSC");
        reads("1e6 cells", "1000000", None, Notation::Plain, "cells");
        reads("2 million cells", "2000000", None, Notation::Plain, "cells");
        reads("1x10/6 cells", "1000000", None, Notation::LostPower, "cells");
        reads("1 ×10(8) cells", "100000000", None, Notation::LostPower, "cells");
        reads("3 x 10 6 MSC/kg", "3000000", None, Notation::LostPower, "MSC");
        reads("90-million cells", "90000000", None, Notation::Plain, "cells");
        reads("30 000 000 cells", "30000000", None, Notation::Plain, "cells");
        reads(".5 x 10^6/kg", "500000", None, Notation::Plain, "/");
        assert_eq!(read(&Text::new("10^4-6 cells"), 0).and_then(|n| n.high), None);
    }

    #[test]
    fn tolerances() {
        reads("4 ± 1 mL", "4", None, Notation::Plain, "mL");
        reads("1E6 ± 30% live cells", "1000000", None, Notation::Plain, "live");
        reads("5 +/- 0.5 x 10^6 cells", "5000000", None, Notation::Plain, "cells");
        reads("10 ±, mg", "10", None, Notation::Plain, "±");
    }

    #[test]
    fn ranges() {
        reads("1-2 x 10^6 cells", "1000000", Some("2000000"), Notation::Plain, "cells");
        reads("1 x 10^6 to 2 x 10^6 cells", "1000000", Some("2000000"), Notation::Plain, "cells");
        reads("1.0-1.5 cm", "1", Some("1.5"), Notation::Plain, "cm");
        reads("600 mg", "600", None, Notation::Plain, "mg");
        reads("100 106 mg", "100", None, Notation::Plain, "106");
        reads("5 x 100 mg", "5", None, Notation::Plain, "x");
    }
}
