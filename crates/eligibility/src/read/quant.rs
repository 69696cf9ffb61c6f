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

use std::sync::LazyLock;

use rust_decimal::Decimal;
use vocabulary::unit::{self, Unit};

use super::elements::Elements;
use super::lexicon::{Class, print_of};
use super::token::{self, Kind, Sign, Token};
use crate::tree::Bound;

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
    /// Whether `or older`, `years of age`, `old` say that it is an age.
    pub age: bool,
    /// Whether the number is a word.
    pub word: bool,
    /// The first token of the (first) number.
    pub number: usize,
    /// Whether number and unit stand together, and the tokens of it.
    pub glued: Option<(usize, usize)>,
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

struct Prints {
    numbered: [u64; 8],
    uln: [u64; 5],
    lln: [u64; 2],
    times: [u64; 4],
    upper: u64,
    lower: u64,
    limit: u64,
    normal: u64,
    of: u64,
    to: u64,
    and: u64,
    or: u64,
    the: u64,
    age: u64,
    fold: u64,
    institutional: u64,
    laboratory: u64,
    range: u64,
    reference: u64,
    half: u64,
    life: u64,
    a: u64,
    an: u64,
    equal: u64,
}

static PRINTS: LazyLock<Prints> = LazyLock::new(|| Prints {
    numbered: ["type", "stage", "phase", "grade", "class", "factor", "category", "level"].map(print_of),
    uln: ["uln", "unl", "ulrr", "ulnr", "ulns"].map(print_of),
    lln: ["lln", "lnl"].map(print_of),
    times: ["x", "time", "fold", "times"].map(print_of),
    upper: print_of("upper"),
    lower: print_of("lower"),
    limit: print_of("limit"),
    normal: print_of("normal"),
    of: print_of("of"),
    to: print_of("to"),
    and: print_of("and"),
    or: print_of("or"),
    the: print_of("the"),
    age: print_of("age"),
    fold: print_of("fold"),
    institutional: print_of("institutional"),
    laboratory: print_of("laboratory"),
    range: print_of("range"),
    reference: print_of("reference"),
    half: print_of("half"),
    life: print_of("life"),
    a: print_of("a"),
    an: print_of("an"),
    equal: print_of("equal"),
});

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
    let end = quant.suffix(els, text, end);
    Some((quant, end))
}

/// Reads a quantity whose number is a word, where a unit or a suffix shows that it counts.
pub fn read_word(els: &Elements, text: &str, at: usize) -> Option<(Quant, usize)> {
    let surface = slice(text, &els.tokens[at]);
    if surface.len() < 3 || surface.len() > 10 || !may_count(surface.as_bytes()) {
        return None;
    }
    let mut lower = [0; 10];
    lower[..surface.len()].copy_from_slice(surface.as_bytes());
    lower.make_ascii_lowercase();
    let word = std::str::from_utf8(&lower[..surface.len()]).ok()?;
    token::number_word(word)?;
    let (quant, end) = read(els, text, at, None)?;
    (quant.unit.is_some() || !quant.bare || quant.range).then_some((quant, end))
}

/// Whether a word begins as those do that name numbers, and has letters only.
fn may_count(word: &[u8]) -> bool {
    let [first, second, ..] = word else { return false };
    matches!(
        &[first | 0x20, second | 0x20],
        b"ze" | b"on" | b"tw" | b"th" | b"fo" | b"fi" | b"si" | b"se" | b"ei" | b"ni" | b"te" | b"el" | b"hu"
    ) && word.iter().all(u8::is_ascii_alphabetic)
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

/// A number as read: its value, another reading of its marks.
struct Number {
    value: Decimal,
    other: Option<Decimal>,
}

/// Powers of ten without their height, per litre.
const LOST_POWERS: [(&str, &str); 3] = [("109", "10*9/L"), ("1012", "10*12/L"), ("106", "10*6/L")];

struct Reader<'r> {
    text: &'r str,
    tokens: &'r [Token],
    at: usize,
    quant: Quant,
}

impl Reader<'_> {
    fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    fn hash(&self, ahead: usize) -> u64 {
        self.token(ahead).map_or(0, |t| t.hash)
    }

    /// `of`, `the`, `a`, `age` between comparator and number.
    fn skip_filler(&mut self, between: bool) {
        let p = &*PRINTS;
        // `between, and including, 18 and 50`
        if between && self.token(0).is_some_and(|t| t.is(',')) && self.hash(1) == p.and {
            let second = (2..4).find(|&i| self.token(i).is_some_and(|t| t.is(',')));
            self.at += second.map_or(0, |i| i + 1);
        }
        for _ in 0..3 {
            let h = self.hash(0);
            let filler = [p.of, p.the, p.a, p.an, p.age, p.to].contains(&h) && h != 0;
            let colon = self.token(0).is_some_and(|t| t.is('(') || t.is(':'))
                && self.token(1).is_some_and(|t| matches!(t.kind, Kind::Sign(_)));
            let label = self.token(0).is_some_and(|t| t.is(':')) && self.quant.age;
            if !filler && !colon && !label {
                break;
            }
            self.quant.age |= h == p.age;
            self.at += 1;
        }
    }

    /// The sign before a number: `>`, `> or =`, `> =`.
    fn sign(&mut self) -> Option<Sign> {
        let Kind::Sign(mut sign) = self.token(0)?.kind else { return None };
        self.at += 1;
        for _ in 0..2 {
            let or_equal = self.hash(0) == PRINTS.or
                && (matches!(self.token(1).map(|t| t.kind), Some(Kind::Sign(Sign::Eq)))
                    || self.hash(1) == PRINTS.equal);
            let next = self.token(0).map(|t| t.kind);
            if or_equal {
                self.at += 2;
                if self.hash(0) == PRINTS.to {
                    self.at += 1;
                }
            } else if next == Some(Kind::Sign(Sign::Eq)) {
                self.at += 1;
            } else {
                break;
            }
            sign = match sign {
                Sign::Lt => Sign::Le,
                Sign::Gt => Sign::Ge,
                other => other,
            };
        }
        Some(sign)
    }

    fn number(&mut self, compared: bool) -> Option<Number> {
        let token = *self.token(0)?;
        match token.kind {
            Kind::Number => {
                let mut readings = token::readings(slice(self.text, &token)).into_iter();
                self.at += 1;
                let mut number = Number { value: readings.next()?, other: readings.next() };
                // `100 000` with a blank between the groups.
                while let Some(next) = self.token(0).filter(|t| t.kind == Kind::Number && !t.glued) {
                    let digits = slice(self.text, next);
                    let power =
                        self.token(1).is_some_and(|t| t.is('/')) && LOST_POWERS.iter().any(|p| p.0 == digits);
                    let groups = digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()) && !power;
                    let Some(grouped) = Some(number.value * Decimal::from(1000))
                        .filter(|_| groups && number.other.is_none() && number.value < Decimal::from(1000))
                    else {
                        break;
                    };
                    number.value = grouped + digits.parse::<Decimal>().ok()?;
                    self.at += 1;
                }
                Some(number)
            }
            Kind::Word => {
                let surface = slice(self.text, &token);
                if surface.len() > 10 {
                    return None;
                }
                let n = token::number_word(&surface.to_ascii_lowercase())?;
                self.at += 1;
                self.quant.word = true;
                // `two (2) weeks`: the same number twice.
                if self.token(0).is_some_and(|t| t.is('('))
                    && self.token(1).is_some_and(|t| t.kind == Kind::Number)
                    && self.token(2).is_some_and(|t| t.is(')'))
                {
                    self.at += 3;
                }
                Some(Number { value: Decimal::from(n), other: None })
            }
            // A limit of normal by itself: `> ULN`.
            _ if compared => None,
            _ => None,
        }
    }

    pub fn value(&mut self, compared: bool) -> Option<Number> {
        self.quant.number = self.at;
        let number = match self.number(compared) {
            Some(number) => number,
            None if compared => {
                let start = self.at;
                let limit = self.limit_words()?;
                self.quant.limit = Some(limit);
                self.quant.limit_at = Some((start, self.at));
                let times = self.times().then(|| self.number(true)).flatten();
                return Some(times.unwrap_or(Number { value: Decimal::ONE, other: None }));
            }
            None => return None,
        };
        self.percent_or_unit();
        Some(number)
    }

    fn times(&mut self) -> bool {
        let is_times = self.token(0).is_some_and(|t| t.kind == Kind::Times || PRINTS.times.contains(&t.hash));
        self.at += usize::from(is_times);
        is_times
    }

    /// The unit behind a number, or the limit of normal it is a multiple of.
    fn percent_or_unit(&mut self) {
        let start = self.at;
        if self.token(0).is_some_and(|t| t.kind == Kind::Dash && t.glued)
            && self.token(1).is_some_and(|t| t.hash == PRINTS.fold)
        {
            self.at += 2;
        } else {
            self.times();
            self.times();
        }
        if let Some(limit) = self.limit_words() {
            self.quant.limit = Some(limit);
            self.quant.limit_at = Some((start, self.at));
            return;
        }
        self.at = start;
        self.unit();
    }

    /// `ULN`, `the upper limit of normal`, `upper normal limit`, `institutional ULN`.
    fn limit_words(&mut self) -> Option<&'static str> {
        let p = &*PRINTS;
        let start = self.at;
        for _ in 0..4 {
            let h = self.hash(0);
            let paren = self.token(0).is_some_and(|t| t.is('('));
            if h != 0 && [p.of, p.the, p.institutional, p.laboratory, p.to, p.reference].contains(&h) || paren
            {
                self.at += 1;
            }
        }
        let h = self.hash(0);
        let found = if h != 0 && p.uln.contains(&h) {
            self.at += 1;
            Some("{ULN}")
        } else if h != 0 && p.lln.contains(&h) {
            self.at += 1;
            Some("{LLN}")
        } else if h == p.upper || h == p.lower {
            let limit = if h == p.upper { "{ULN}" } else { "{LLN}" };
            let mut ahead = 1;
            let mut seen = 0;
            while [p.limit, p.normal, p.of, p.the, p.range, p.institutional, p.reference, p.laboratory]
                .contains(&self.hash(ahead))
                && self.hash(ahead) != 0
            {
                seen += usize::from(self.hash(ahead) == p.limit || self.hash(ahead) == p.normal);
                ahead += 1;
            }
            (seen > 0).then(|| {
                self.at += ahead;
                limit
            })
        } else if h == p.normal && self.at > start {
            // `2 x normal`, `1.5 times normal`
            self.at += 1;
            Some("{ULN}")
        } else if h == p.normal
            && self
                .tokens
                .get(start.wrapping_sub(1))
                .is_some_and(|t| t.kind == Kind::Times || PRINTS.times.contains(&t.hash))
        {
            self.at += 1;
            Some("{ULN}")
        } else {
            None
        };
        if found.is_none() {
            self.at = start;
            return None;
        }
        // `... of normal (ULN)`, the closing bracket of `(ULN)`
        let gloss = self.token(0).is_some_and(|t| t.is('('))
            && self.token(1).is_some_and(|t| p.uln.contains(&t.hash) || p.lln.contains(&t.hash))
            && self.token(2).is_some_and(|t| t.is(')'));
        if gloss {
            self.at += 3;
        } else if self.token(0).is_some_and(|t| t.is(')'))
            && self.tokens[start..self.at].iter().any(|t| t.is('('))
        {
            self.at += 1;
        }
        found
    }

    /// `100 109/L`, `100 x 109/L`: a power of ten that lost its height.
    fn lost_power(&mut self) -> bool {
        let times = usize::from(
            self.token(0)
                .is_some_and(|t| t.kind == Kind::Times || slice(self.text, t).eq_ignore_ascii_case("x")),
        );
        // `x109` is one word.
        let (digits, ahead) = match self.token(times) {
            Some(t) if t.kind == Kind::Number => (slice(self.text, t), times + 1),
            _ => match self.token(0).map(|t| slice(self.text, t)) {
                Some(word) if word.starts_with(['x', 'X']) => (&word[1..], 1),
                _ => return false,
            },
        };
        let Some(power) = LOST_POWERS.iter().find(|p| p.0 == digits) else { return false };
        let liter = self.token(ahead).is_some_and(|t| t.is('/'))
            && self.token(ahead + 1).is_some_and(|t| slice(self.text, t).eq_ignore_ascii_case("l"));
        if liter {
            let start = self.at;
            self.at += ahead + 2;
            self.quant.unit = unit::of(power.1);
            self.quant.unit_at = Some((start, self.at));
            self.quant.unit_digit = Some((start, self.at));
        }
        liter
    }

    fn unit(&mut self) {
        let p = &*PRINTS;
        if self.hash(0) == p.half && self.hash(2) == p.life
            || self.hash(0) == p.half && self.hash(1) == p.life
        {
            let start = self.at;
            self.at += if self.hash(1) == p.life { 2 } else { 3 };
            self.quant.unit = unit::of("{half-life}");
            self.quant.unit_at = Some((start, self.at));
            return;
        }
        if self.lost_power() {
            return;
        }
        let Some(next) = self.token(0) else { return };
        let from = next.start as usize;
        // `18-year-old`: the hyphen joins.
        let (from, skip) = match next.kind {
            Kind::Dash if next.glued && self.token(1).is_some_and(|t| t.glued && t.kind == Kind::Word) => {
                (next.end as usize, 1)
            }
            Kind::Word | Kind::Other(_) | Kind::Times | Kind::Power => (from, 0),
            _ => return,
        };
        if next.is('(') || next.is(')') || next.is(',') || next.is(';') || next.is('.') {
            return;
        }
        let end = self.tokens.last().map_or(from, |t| t.end as usize);
        let rest = &self.text[from..floor(self.text, end.min(from + 40).max(from))];
        let found = if skip == 1 {
            let word = slice(self.text, &self.tokens[self.at + 1]);
            unit::of(word).map(|unit| (unit, word.len()))
        } else {
            // `8yr-18yrs`: what ends at a hyphen.
            unit::longest(rest).or_else(|| {
                let word = slice(self.text, next);
                (next.kind == Kind::Word).then(|| unit::of(word)).flatten().map(|unit| (unit, word.len()))
            })
        };
        let Some((unit, len)) = found else { return };
        // `2 a day`: the article, not the year.
        if &rest[..len] == "a" && !next.glued || rest[..len].starts_with("in ") || &rest[..len] == "in" {
            return;
        }
        // `2D MRI` is no dioptre.
        let behind = self.token(1).filter(|t| t.kind == Kind::Word && !t.glued).map(|t| t.hash);
        if next.glued
            && &rest[..len] == "D"
            && behind.is_some_and(|h| ![p.or, p.and, p.to, p.of].contains(&h))
        {
            return;
        }
        // `18F-FDG`, `13 C-urea` is no temperature.
        let hyphened =
            rest[len..].starts_with('-') && rest.as_bytes().get(len + 1).is_some_and(u8::is_ascii_alphabetic);
        if len == 1 && (hyphened || next.glued && rest[len..].starts_with('-')) {
            return;
        }
        let stop = from + len;
        let start = self.at;
        let mut at = self.at + skip;
        while at < self.tokens.len() && (self.tokens[at].start as usize) < stop {
            at += 1;
        }
        // A unit ends where a token ends.
        if at == self.at || self.tokens[at - 1].end as usize > stop {
            return;
        }
        let joined = next.glued && skip == 0 && !next.is('%');
        self.quant.unit = Some(unit);
        self.quant.unit_at = Some((start, at));
        self.quant.glued = joined.then_some((self.quant.number, at));
        let digits = self.tokens[start..at].iter().any(|t| matches!(t.kind, Kind::Number | Kind::Power))
            || rest[..len].bytes().any(|b| b.is_ascii_digit());
        self.quant.unit_digit = digits.then_some((start, at));
        // `years of age`, `year-old`
        self.quant.age |= is_time(unit) && at > start + 1 && rest[..len].contains(' ');
        self.at = at;
    }

    /// The second number of a range.
    fn range(&mut self, between: bool) -> Option<Number> {
        let p = &*PRINTS;
        let start = self.at;
        let first_unit = (self.quant.unit, self.quant.limit);
        let token = *self.token(0)?;
        // `between 18 years (inclusive) and`
        let joins = match token.kind {
            Kind::Dash => true,
            Kind::Other('/') if token.glued && first_unit.0.is_none() => {
                return self.behind_slash();
            }
            Kind::Word => token.hash == p.to || between && token.hash == p.and,
            _ => false,
        };
        if !joins {
            return None;
        }
        self.at += 1;
        if self.token(0).is_some_and(|t| matches!(t.kind, Kind::Sign(_))) {
            self.at += 1;
        }
        if self.token(0).is_some_and(|t| PRINTS.age == t.hash) {
            self.at += 1;
        }
        let number_at = self.quant.number;
        let glued = self.quant.glued;
        let is_number = self.token(0).is_some_and(|t| matches!(t.kind, Kind::Number | Kind::Word));
        let Some(second) = is_number.then(|| self.number(true)).flatten() else {
            self.at = start;
            return None;
        };
        self.quant.number = self.at - 1;
        self.percent_or_unit();
        self.quant.number = number_at;
        self.quant.glued = self.quant.glued.or(glued);
        Some(second)
    }

    /// `1,2 or 3`: steps of a scale that follow each other, no decimal mark. The last of them.
    fn steps(&mut self, first: &mut Number) -> Option<Number> {
        let other = first.other.is_none() && self.quant.unit.is_none() && self.quant.limit.is_none();
        let printed = slice(self.text, self.tokens.get(self.quant.number)?);
        let ([from, b',', to], true) = (printed.as_bytes(), other) else { return None };
        let joined = self.hash(0) == PRINTS.or || self.hash(0) == PRINTS.and;
        let last = self.token(1).filter(|t| joined && t.kind == Kind::Number)?;
        let [last] = slice(self.text, last).as_bytes() else { return None };
        if from + 1 != *to || to + 1 != *last {
            return None;
        }
        self.at += 2;
        first.value = Decimal::from(from - b'0');
        Some(Number { value: Decimal::from(last - b'0'), other: None })
    }

    /// `140/90`: two values.
    fn behind_slash(&mut self) -> Option<Number> {
        let next = *self.token(1)?;
        if next.kind != Kind::Number || !next.glued {
            return None;
        }
        let value = token::readings(slice(self.text, &next)).into_iter().next()?;
        self.quant.second = Some(value);
        self.at += 2;
        self.percent_or_unit();
        None
    }
}

/// The last boundary of characters at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl Quant {
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
            match class {
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
