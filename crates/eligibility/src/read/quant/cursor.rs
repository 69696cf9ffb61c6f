//! Comparators, numbers and ranges, token by token.

use rust_decimal::Decimal;

use super::prints::PRINTS;
use super::{Quant, slice};
use crate::read::token::{self, Kind, Sign, Token};

/// A number as read: its value, another reading of its marks.
pub struct Number {
    pub value: Decimal,
    pub other: Option<Decimal>,
}
/// Powers of ten without their height, per litre.
pub const LOST_POWERS: [(&str, &str); 3] = [("109", "10*9/L"), ("1012", "10*12/L"), ("106", "10*6/L")];
/// A place among the tokens, and what was read of a quantity so far.
pub struct Reader<'r> {
    pub text: &'r str,
    pub tokens: &'r [Token],
    pub at: usize,
    pub quant: Quant,
}

impl Reader<'_> {
    pub fn token(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    pub fn hash(&self, ahead: usize) -> u64 {
        self.token(ahead).map_or(0, |t| t.hash)
    }

    /// `of`, `the`, `a`, `age` between comparator and number.
    pub fn skip_filler(&mut self, between: bool) {
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

    /// The sign before a number: `>`, `> or =`, `> =`, `= or >`.
    pub fn sign(&mut self) -> Option<Sign> {
        let Kind::Sign(mut sign) = self.token(0)?.kind else { return None };
        self.at += 1;
        if sign == Sign::Eq
            && self.hash(0) == PRINTS.or
            && let Some(Kind::Sign(other @ (Sign::Lt | Sign::Gt))) = self.token(1).map(|t| t.kind)
        {
            self.at += 2;
            return Some(if other == Sign::Lt { Sign::Le } else { Sign::Ge });
        }
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

    /// `36 6/7 weeks`: days of a week behind whole weeks.
    fn days_of_a_week(&self) -> Option<Decimal> {
        let (days, slash, seven) = (self.token(0)?, self.token(1)?, self.token(2)?);
        let is_seven = seven.kind == Kind::Number && slice(self.text, seven) == "7";
        if days.kind != Kind::Number || days.glued || !slash.is('/') || !slash.glued || !is_seven {
            return None;
        }
        let days: u8 = slice(self.text, days).parse().ok().filter(|days| *days < 7)?;
        Some((Decimal::from(days) / Decimal::from(7)).round_dp(4))
    }

    pub fn number(&mut self, compared: bool) -> Option<Number> {
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
                if let Some(days) = self.days_of_a_week() {
                    number.value += days;
                    self.at += 3;
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

    pub fn times(&mut self) -> bool {
        let is_times = self.token(0).is_some_and(|t| t.kind == Kind::Times || PRINTS.times.contains(&t.hash));
        self.at += usize::from(is_times);
        is_times
    }

    /// The second number of a range.
    pub fn range(&mut self, between: bool) -> Option<Number> {
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
            Kind::Word => {
                token.hash == p.to || between && token.hash == p.and || p.through.contains(&token.hash)
            }
            _ => false,
        };
        // `18 up to 85`
        let up_to = token.kind == Kind::Word && token.hash == p.up && self.hash(1) == p.to;
        if !joins && !up_to {
            return None;
        }
        self.at += if up_to { 2 } else { 1 };
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

    /// The second age behind `aged`: `aged 8 and 12 years` is from one to the other, as nobody is both. A later year is
    /// asked for: `aged 18 and 2 of their relatives` goes on with something else.
    pub fn ages(&mut self, first: &Number) -> Option<Number> {
        let (start, before) = (self.at, self.quant.clone());
        let second = self.range(true)?;
        let joined = self.tokens.get(start).is_some_and(|t| t.hash == PRINTS.and);
        let fits = second.value > first.value && self.quant.unit.is_some_and(super::is_time);
        if joined && !fits {
            (self.at, self.quant) = (start, before);
            return None;
        }
        Some(second)
    }

    /// `1,2 or 3`: steps of a scale that follow each other, no decimal mark. The last of them.
    pub fn steps(&mut self, first: &mut Number) -> Option<Number> {
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
    pub fn behind_slash(&mut self) -> Option<Number> {
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
