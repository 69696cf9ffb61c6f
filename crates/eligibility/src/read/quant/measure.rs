//! What stands behind a number: its unit, or the limit of normal it is a multiple of.

use vocabulary::unit;

use super::cursor::{LOST_POWERS, Reader};
use super::prints::PRINTS;
use super::{is_time, slice};
use crate::read::token::Kind;

impl Reader<'_> {
    /// The unit behind a number, or the limit of normal it is a multiple of.
    pub fn percent_or_unit(&mut self) {
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
    pub fn limit_words(&mut self) -> Option<&'static str> {
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
    pub fn lost_power(&mut self) -> bool {
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

    pub fn unit(&mut self) {
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
            unit::longest(rest)
                .or_else(|| {
                    let word = slice(self.text, next);
                    (next.kind == Kind::Word).then(|| unit::of(word)).flatten().map(|unit| (unit, word.len()))
                })
                // `38 °C/100.4 °F`: the same in another unit.
                .or_else(|| {
                    let slash = rest.find('/')?;
                    let again = rest.as_bytes().get(slash + 1).is_some_and(u8::is_ascii_digit);
                    again.then(|| unit::longest(&rest[..slash])).flatten()
                })
        };
        let Some((unit, len)) = found else { return };
        // `2 a day`: the article, not the year.
        if &rest[..len] == "a" && !next.glued || rest[..len].starts_with("in ") || &rest[..len] == "in" {
            return;
        }
        // `852A` is a name.
        if &rest[..len] == "A" && next.glued {
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
}

/// The last boundary of characters at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
