//! Quantities: comparators, numbers, ranges, units.
//!
//! ```text
//! quantity = [cmp] value [range] [suffix]
//! cmp      = sign | "at least" | "more than" | "between" ...          (criteria-words.tsv)
//! value    = number ["x" limit] [unit]
//! limit    = "ULN" | "upper limit of normal" | "LLN" ...
//! range    = ("-" | "to" | "and" behind "between") value
//! suffix   = "or older" | "or more" | "+" | "or less" ...
//! ```

mod cursor;
mod measure;
mod prints;

use rust_decimal::Decimal;
use vocabulary::unit::{self, Unit};

use super::elements::Elements;
use super::lexicon::Class;
use super::token::{self, Kind, Sign, Token};
use crate::tree::Bound;
use cursor::{Number, Reader};
use prints::PRINTS;

/// A quantity as printed.
#[derive(Clone, Debug, Default)]
pub struct Quant {
    /// At least.
    pub lo: Option<Bound>,
    /// At most.
    pub hi: Option<Bound>,
    /// Another reading of `lo` and `hi` by their decimal marks.
    pub other: (Option<Decimal>, Option<Decimal>),
    /// The value behind a slash (`140/90`).
    pub second: Option<Decimal>,
    /// The unit.
    pub unit: Option<Unit>,
    /// `{ULN}` or `{LLN}` for multiples of the limits of normal.
    pub limit: Option<&'static str>,
    /// Whether nothing says how to compare: a number alone.
    pub bare: bool,
    /// Whether it is a range of two numbers.
    pub range: bool,
    /// Whether `=` stood where a comparator was probably lost.
    pub lost: bool,
    /// Whether it is what is left of `< or =` or `> or =`, whose sign was lost.
    pub or_equal: bool,
    /// Whether `or older`, `years of age`, `old` say that it is an age.
    pub age: bool,
    /// Whether the number is a word.
    pub word: bool,
    /// The first token of the (first) number.
    pub number: usize,
    /// Whether number and unit stand together, and the tokens of it.
    pub glued: Option<(usize, usize)>,
    /// Tokens of the days behind whole weeks (`23 weeks and 6 days`).
    pub days: Option<(usize, usize)>,
    /// Tokens of a unit with digits in it.
    pub unit_digit: Option<(usize, usize)>,
    /// Tokens of the limit of normal.
    pub limit_at: Option<(usize, usize)>,
    /// Tokens of the unit.
    pub unit_at: Option<(usize, usize)>,
}

impl Quant {
    /// Whether the unit is one of time.
    pub fn is_time(&self) -> bool {
        self.unit.is_some_and(is_time)
    }

    /// The one number of a bare quantity or of a bound.
    pub fn value(&self) -> Option<Decimal> {
        self.lo.or(self.hi).map(|b| b.value)
    }
}

/// Whether a unit is one of time.
pub fn is_time(unit: Unit) -> bool {
    matches!(unit.as_str(), "a" | "mo" | "wk" | "d" | "h" | "min" | "s" | "{half-life}")
}

/// Whether a structure word compares.
pub fn is_comparison(class: Class) -> bool {
    matches!(class, Class::Ge | Class::Gt | Class::Le | Class::Lt | Class::Eq | Class::Between)
}
/// Whether a numeral behind this word is a number: `type II`.
pub fn is_numbered(hash: u64) -> bool {
    PRINTS.numbered.contains(&hash)
}

/// The value of a Roman numeral from I to XIII; of single small letters none.
pub fn roman(word: &str) -> Option<i64> {
    const ROMAN: [&str; 13] =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"];
    if word.len() > 4 || !word.starts_with(['I', 'V', 'X', 'i', 'v', 'x']) {
        return None;
    }
    let same_case = word.bytes().all(|b| b.is_ascii_uppercase()) || word.len() > 1;
    let place = ROMAN.iter().position(|n| n.eq_ignore_ascii_case(word)).filter(|_| same_case)?;
    i64::try_from(place).ok().map(|n| n + 1)
}

/// Reads a quantity at a token: a sign and a number, or a number. `cmp` is a comparator in words that stood before
/// it, with its token.
pub fn read(els: &Elements, text: &str, at: usize, cmp: Option<(Class, usize)>) -> Option<(Quant, usize)> {
    let mut reader = Reader { text, tokens: &els.tokens, at, quant: Quant::default() };
    let mut comparison = cmp.map(|c| c.0);
    if let Some((_, from)) = cmp {
        let words = els.tokens.get(from..at).unwrap_or_default();
        reader.quant.age = words.iter().any(|t| {
            let word = slice(text, t);
            word.eq_ignore_ascii_case("older") || word.eq_ignore_ascii_case("younger")
        });
        reader.skip_filler(comparison == Some(Class::Between));
    }
    let mut signed = reader.sign();
    // `less than or equal to (<=) 1`
    if signed.is_some() && comparison.is_some() && reader.token(0).is_some_and(|t| t.is(')')) {
        reader.at += 1;
        signed = None;
    }
    if let Some(Class::Ge | Class::Le) = comparison
        && signed == Some(Sign::Eq)
    {
        signed = None;
    }
    if let (Some(class), None) = (signed.map(class_of), comparison) {
        comparison = Some(class);
        reader.quant.lost = class == Class::Eq;
    }
    let mut first = reader.value(comparison.is_some())?;
    let first_unit = reader.quant.unit;
    let range = match reader.steps(&mut first) {
        Some(last) => Some(last),
        None if comparison.is_none() && at > 0 && is_of_age(text, &els.tokens[at - 1]) => reader.ages(&first),
        None => reader.range(comparison == Some(Class::Between)),
    };
    // `6 months to 5 years`: both in the second unit.
    if let (Some(from), Some(to), true) = (first_unit, reader.quant.unit, range.is_some())
        && from != to
        && is_time(from)
        && is_time(to)
        && let Some(value) = unit::convert(first.value, from, to)
    {
        first = Number { value: value.round_sf(6).unwrap_or(value).normalize(), other: None };
    }
    let mut quant = std::mem::take(&mut reader.quant);
    let end = reader.at;
    quant.bounds(first, range, comparison);
    let end = quant.days_behind_weeks(els, text, end);
    let end = quant.suffix(els, text, end);
    Some((quant, end))
}

/// Whether an age follows a word.
fn is_of_age(text: &str, token: &Token) -> bool {
    let word = slice(text, token);
    word.eq_ignore_ascii_case("aged") || word.eq_ignore_ascii_case("ages")
}

/// Reads a quantity whose number is a word, where a unit or a suffix shows that it counts.
pub fn read_word(els: &Elements, text: &str, at: usize) -> Option<(Quant, usize)> {
    let token = &els.tokens[at];
    let surface = text.as_bytes().get(token.start as usize..token.end as usize)?;
    if surface.len() > 10 {
        return None;
    }
    let mut lower = [0; 10];
    lower[..surface.len()].copy_from_slice(surface);
    lower.make_ascii_lowercase();
    let word = std::str::from_utf8(&lower[..surface.len()]).ok()?;
    token::number_word(word)?;
    let (quant, end) = read(els, text, at, None)?;
    (quant.unit.is_some() || !quant.bare || quant.range).then_some((quant, end))
}

fn class_of(sign: Sign) -> Class {
    match sign {
        Sign::Lt => Class::Lt,
        Sign::Le => Class::Le,
        Sign::Gt => Class::Gt,
        Sign::Ge => Class::Ge,
        Sign::Eq => Class::Eq,
    }
}

fn slice<'t>(text: &'t str, token: &Token) -> &'t str {
    &text[token.start as usize..token.end as usize]
}

impl Quant {
    /// `23 weeks and 6 days`: the days, which the value leaves out.
    fn days_behind_weeks(&mut self, els: &Elements, text: &str, end: usize) -> usize {
        if self.unit.is_none_or(|unit| unit.as_str() != "wk") {
            return end;
        }
        let word = |i: usize, words: &[&str]| {
            let token = els.tokens.get(i).filter(|t| t.kind == Kind::Word);
            token.is_some_and(|t| words.iter().any(|word| slice(text, t).eq_ignore_ascii_case(word)))
        };
        let at = end + usize::from(word(end, &["and"]));
        let digit = els.tokens.get(at).filter(|t| t.kind == Kind::Number && !t.glued);
        let days: Option<u8> = digit.and_then(|t| slice(text, t).parse().ok()).filter(|days| *days < 7);
        let Some(days) = days.filter(|_| word(at + 1, &["day", "days"])) else { return end };
        if days > 0 {
            self.days = Some((at, at + 2));
        }
        at + 2
    }

    fn bounds(&mut self, first: Number, second: Option<Number>, cmp: Option<Class>) {
        let at = |value: Decimal, incl: bool| Some(Bound { value: value.normalize(), incl });
        if let Some(second) = second {
            self.range = true;
            let (low, high) = if first.value <= second.value { (first, second) } else { (second, first) };
            self.lo = at(low.value, !matches!(cmp, Some(Class::Gt)));
            self.hi = at(high.value, true);
            self.other = (low.other, high.other);
            return;
        }
        let value = first.value;
        self.other = (first.other, first.other);
        match cmp {
            Some(Class::Ge) => self.lo = at(value, true),
            Some(Class::Gt) => self.lo = at(value, false),
            Some(Class::Le) => self.hi = at(value, true),
            Some(Class::Lt) => self.hi = at(value, false),
            // `from 12 months`, with no end.
            Some(Class::Between) => self.lo = at(value, true),
            Some(_) => (self.lo, self.hi) = (at(value, true), at(value, true)),
            None => {
                (self.lo, self.hi) = (at(value, true), at(value, true));
                self.bare = true;
            }
        }
    }

    /// `or older`, `years of age`, `+`.
    fn suffix(&mut self, els: &Elements, text: &str, mut at: usize) -> usize {
        if self.bare
            && els.tokens.get(at).is_some_and(|t| t.is('+') && t.glued)
            && !els.tokens.get(at + 1).is_some_and(|t| t.glued && t.kind == Kind::Number)
        {
            at += 1;
            self.hi = None;
            self.bare = false;
        }
        for _ in 0..3 {
            // `18 years (inclusive)`, `18 years, or older`
            let skip =
                usize::from(els.tokens.get(at).is_some_and(|t| t.is(',') || t.kind == Kind::Dash && t.glued));
            if !els.tokens.get(at + skip).is_some_and(|t| t.kind == Kind::Word) {
                break;
            }
            let Some((class, end)) = els.suffix(at + skip) else { break };
            // `18 years and less than 80`: the beginning of another bound.
            let goes_on = els.tokens.get(end).is_some_and(|t| slice(text, t).eq_ignore_ascii_case("than"));
            match class {
                Class::SuffixGe | Class::SuffixLe if goes_on => break,
                Class::SuffixGe if self.bare || self.lo == self.hi => {
                    self.hi = None;
                    self.bare = false;
                }
                Class::SuffixLe if self.bare || self.lo == self.hi => {
                    self.lo = None;
                    self.bare = false;
                }
                Class::AgeAfter if !els.tokens[at].is(',') => self.age = true,
                _ => break,
            }
            if matches!(class, Class::SuffixGe | Class::SuffixLe) {
                let words = &els.tokens[at + skip..end];
                self.lost = false;
                self.age |= words.iter().any(|t| {
                    matches!(
                        slice(text, t).to_ascii_lowercase().as_str(),
                        "older" | "younger" | "age" | "old" | "elder"
                    )
                });
            }
            at = end;
            if self.unit.is_none() && els.tokens.get(at).is_some_and(|t| t.kind == Kind::Word) {
                let mut reader = Reader { text, tokens: &els.tokens, at, quant: std::mem::take(self) };
                reader.unit();
                at = reader.at;
                *self = reader.quant;
            }
        }
        at
    }
}
