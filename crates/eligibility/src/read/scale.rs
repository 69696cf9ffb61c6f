//! Scales and classes: `NYHA class III or IV`, `ECOG 0-2`.
//!
//! ```text
//! scale   = name [gloss | "class" | "status" ...] members
//!         | members name
//!         | name sign member
//! members = member {("," | "/" | "or" | "-" | "to") member}
//! member  = number | Roman numeral | letter
//! ```

use vocabulary::variable::{Kind as VarKind, Variable};

use super::cx::Cx;
use super::elements::What;
use super::kinds::Kinds;
use super::lexicon::Class;
use super::token::Sign;
use crate::tree::{Bound, Cmp, Code, Node, Op, Var};

impl Cx<'_> {
    /// `NYHA class III or IV`, `III-IV NYHA`: members of a scale.
    pub fn scale(&mut self, a: usize, b: usize) -> Option<(Node, usize, usize)> {
        if !self.has(Kinds::SCALE) {
            return None;
        }
        let at = self
            .find(a, b, |w| matches!(w, What::Var(v) if v.kind == VarKind::Ordinal || v.id == "tnm_stage"))
            .or_else(|| {
                (a..b).find(|&i| matches!(self.what(i), What::Var(v) if v.kind == VarKind::Ordinal))
            })?;
        let (mut node, mut x, y) = self.scale_at(at, a, b)?;
        if let Some(start) = self.other_scale(at, a, b) {
            let name = Var(format!("text:{}", self.normal_words(start, at + 1)).into());
            x = x.min(start);
            node.span = self.span(x, y);
            match &mut node.op {
                Op::Coded(coded) => (coded.var, coded.text) = (name, self.raw(x, y)),
                Op::Cmp(cmp) => cmp.var = name,
                _ => {}
            }
        }
        Some((node, x, y))
    }

    fn scale_at(&mut self, at: usize, a: usize, b: usize) -> Option<(Node, usize, usize)> {
        let What::Var(variable) = self.what(at) else { return None };
        let from = self.behind_scale(at, b);
        if let Some((values, end, roman)) = self.scale_members(variable, from, b) {
            if let Some(found) = self.compared_scale(at, a, &values, end, roman) {
                return Some(found);
            }
            if roman {
                let first =
                    (from..end).find(|&i| super::quant::roman(self.read(i, i + 1)).is_some()).unwrap_or(from);
                self.flag("roman", first, end, "a Roman numeral");
            }
            if let (Some((suffix, behind)), [Code::Integer(n)]) =
                (self.suffix_of_scale(end), values.as_slice())
            {
                let bound = Some(Bound { value: (*n).into(), incl: true });
                let (lo, hi) = if suffix == Class::SuffixGe { (bound, None) } else { (None, bound) };
                return Some((self.plain_cmp(variable, lo, hi, at, behind), at, behind));
            }
            return Some((self.coded(variable, values, at, end), at, end));
        }
        // The value before the scale.
        let before = (a..at).find_map(|i| {
            let (values, end, roman) = self.scale_members(variable, i, at)?;
            // `5-ASA` is a name.
            let joined = (end..at).any(|k| matches!(self.what(k), What::Dash));
            (self.is_empty(end, at) && !joined).then_some((i, values, roman))
        });
        if let Some((i, values, roman)) = before
            && !matches!(self.what(at + 1), What::Quant(_) | What::Sign(_))
        {
            self.flag("order", i, at + 1, "the class stands before its scale");
            if roman {
                self.flag("roman", i, at, "a Roman numeral");
            }
            return Some((self.coded(variable, values, i, at + 1), i, at + 1));
        }
        // `NYHA class ≥III`: a comparator and a numeral.
        let (sign_at, compared) = match self.what(from) {
            What::Sign(sign) => (from, Some(sign)),
            What::Lex(Class::Ge, _) => (from, Some(Sign::Ge)),
            What::Lex(Class::Gt, _) => (from, Some(Sign::Gt)),
            What::Lex(Class::Le, _) => (from, Some(Sign::Le)),
            What::Lex(Class::Lt, _) => (from, Some(Sign::Lt)),
            _ => (from, None),
        };
        let sign = compared?;
        let n = super::quant::roman(self.read(sign_at + 1, sign_at + 2))?;
        self.flag("roman", sign_at + 1, sign_at + 2, "a Roman numeral");
        let incl = matches!(sign, Sign::Ge | Sign::Le | Sign::Eq);
        let bound = Some(Bound { value: n.into(), incl });
        let (lo, hi) = if matches!(sign, Sign::Ge | Sign::Gt) { (bound, None) } else { (None, bound) };
        Some((self.plain_cmp(variable, lo, hi, at, sign_at + 2), at, sign_at + 2))
    }

    /// `greater than NYHA 2`, `> grade II`: the comparator stands before the scale.
    fn compared_scale(
        &mut self,
        at: usize,
        a: usize,
        values: &[Code],
        end: usize,
        roman: bool,
    ) -> Option<(Node, usize, usize)> {
        let (What::Var(variable), [Code::Integer(n)]) = (self.what(at), values) else { return None };
        let start = (a..at).rev().find(|&i| !self.is(i, Class::Skip))?;
        let (low, incl) = match self.what(start) {
            What::Sign(Sign::Ge) | What::Lex(Class::Ge, _) => (true, true),
            What::Sign(Sign::Gt) | What::Lex(Class::Gt, _) => (true, false),
            What::Sign(Sign::Le) | What::Lex(Class::Le, _) => (false, true),
            What::Sign(Sign::Lt) | What::Lex(Class::Lt, _) => (false, false),
            _ => return None,
        };
        let bound = Some(Bound { value: (*n).into(), incl });
        let (lo, hi) = if low { (bound, None) } else { (None, bound) };
        if roman {
            self.flag("roman", at + 1, end, "a Roman numeral");
        }
        Some((self.plain_cmp(variable, lo, hi, start, end), start, end))
    }

    /// The element behind the name of a scale: behind a gloss in brackets, another name, `class`, `performance status`.
    pub fn behind_scale(&self, at: usize, b: usize) -> usize {
        let What::Var(variable) = self.what(at) else { return at + 1 };
        let mut from = at + 1;
        while from < b {
            match self.what(from) {
                What::Open
                    if !(from..self.close(from, b)).any(|i| matches!(self.what(i), What::Quant(_))) =>
                {
                    from = self.close(from, b);
                }
                What::Var(v) if v.id == variable.id || v.id == "ctcae_grade" || v.id == "tnm_stage" => {
                    from += 1;
                }
                // `performance status of ECOG 0`
                What::Lex(Class::Skip, _) if matches!(self.what(from + 1), What::Var(v) if v.id == variable.id) =>
                {
                    from += 2;
                }
                What::Word | What::Lex(..) if self.word_is(from, SCALE_WORDS) => from += 1,
                What::Open => from += 1,
                _ => break,
            }
        }
        from
    }

    /// `III or greater`: what makes a class a bound, and the element behind it.
    pub fn suffix_of_scale(&self, i: usize) -> Option<(Class, usize)> {
        if let Some(class @ (Class::SuffixGe | Class::SuffixLe)) = self.class(i) {
            return Some((class, i + 1));
        }
        if !matches!(self.class(i), Some(Class::Or | Class::And)) {
            return None;
        }
        const MORE: &[&str] = &["greater", "higher", "above", "more", "worse", "over", "beyond"];
        const LESS: &[&str] = &["less", "lower", "below", "under"];
        match (self.word_is(i + 1, MORE), self.word_is(i + 1, LESS)) {
            (true, _) => Some((Class::SuffixGe, i + 2)),
            (_, true) => Some((Class::SuffixLe, i + 2)),
            _ => None,
        }
    }

    fn plain_cmp(
        &self,
        variable: &Variable,
        lo: Option<Bound>,
        hi: Option<Bound>,
        a: usize,
        b: usize,
    ) -> Node {
        let unit = variable.unit.map_or_else(String::new, |u| u.as_str().to_owned());
        let cmp = Cmp::new(Var(variable.id.into()), lo, hi, unit);
        self.node(Op::Cmp(Box::new(cmp)), a, b, "number.scale")
    }

    /// Members of a scale: `III or IV`, `0-2`, `A/B`. The values and the element behind them.
    pub fn scale_members(&self, variable: &Variable, i: usize, b: usize) -> Option<(Vec<Code>, usize, bool)> {
        let mut at = i;
        // `class A or B`: the letter is no article.
        let letter = |cx: &Self, i: usize| {
            variable.letters.is_some() && matches!(cx.read(i, i + 1).as_bytes(), [b'A'..=b'Z'])
        };
        while at < b
            && !letter(self, at)
            && (self.is(at, Class::Skip)
                || self.is(at, Class::Eq)
                || matches!(self.what(at), What::Colon | What::Sign(Sign::Eq))
                || self
                    .word_is(at, &["grade", "class", "stage", "status", "score", "category", "level", "i.e"]))
        {
            at += 1;
        }
        let (mut codes, mut end, mut roman) = self.member(variable, at, b)?;
        loop {
            let mut next = end;
            let dash = matches!(self.what(next), What::Dash) || self.is(next, Class::To);
            let mut joined = false;
            while next < b
                && (matches!(self.what(next), What::Comma | What::Slash | What::Dash)
                    || self.is(next, Class::Or)
                    || self.is(next, Class::To)
                    || self.is(next, Class::AndOr)
                    || self.is(next, Class::And)
                    || joined && self.word_is(next, &["grade", "class", "stage"]))
            {
                joined = true;
                next += 1;
            }
            if !joined {
                break;
            }
            let Some((more, after, is_roman)) = self.member(variable, next, b) else { break };
            if let (true, [Code::Integer(first)], Some(Code::Integer(from))) =
                (dash, more.as_slice(), codes.last())
            {
                let (from, to) = (*from, *first);
                codes.extend((from + 1..=to.min(from + 100)).map(Code::Integer));
            } else {
                codes.extend(more);
            }
            roman |= is_roman;
            end = after;
        }
        codes.dedup();
        Some((codes, end, roman))
    }

    fn member(&self, variable: &Variable, i: usize, b: usize) -> Option<(Vec<Code>, usize, bool)> {
        if i >= b {
            return None;
        }
        if let What::Quant(q) = self.what(i) {
            let quant = &self.e.quants[q as usize];
            // `1,2` are two classes.
            let printed = self.read(i, i + 1);
            if quant.bare && printed.contains(',') && printed.split(',').all(|n| n.len() == 1) {
                let codes = printed.split(',').filter_map(|n| n.parse().ok()).map(Code::Integer).collect();
                return Some((codes, i + 1, false));
            }
            let whole = |bound: Option<Bound>| {
                bound.filter(|b| b.value.is_integer()).and_then(|b| i64::try_from(b.value).ok())
            };
            if quant.limit.is_some() || quant.unit.is_some() || quant.lost {
                return None;
            }
            let (lo, hi) = (whole(quant.lo)?, whole(quant.hi)?);
            if !(quant.bare || quant.range) || hi - lo > 100 {
                return None;
            }
            return Some(((lo..=hi).map(Code::Integer).collect(), i + 1, false));
        }
        let letter = variable.letters.is_some() && self.read(i, i + 1).len() == 1;
        if !letter && !matches!(self.what(i), What::Word | What::Named(_)) {
            return None;
        }
        let word = self.read(i, i + 1);
        if let Some(n) = super::quant::roman(word) {
            return Some((vec![Code::Integer(n)], i + 1, true));
        }
        // `IIIb`, `IVa`: a class with a letter.
        let stem = word.trim_end_matches(['a', 'b', 'c', 'A', 'B', 'C']);
        if variable.id == "tnm_stage" && stem.len() + 1 == word.len() && super::quant::roman(stem).is_some() {
            return Some((vec![Code::Word(word.to_ascii_uppercase())], i + 1, false));
        }
        if let (Some((first, last)), [letter]) = (variable.letters, word.as_bytes()) {
            let letter = char::from(letter.to_ascii_uppercase());
            return (first..=last)
                .contains(&letter)
                .then(|| (vec![Code::Word(letter.to_string())], i + 1, false));
        }
        let n = super::token::number_word(&word.to_ascii_lowercase())?;
        Some((vec![Code::Integer(n)], i + 1, false))
    }
}

/// Words behind the name of a scale that belong to it.
const SCALE_WORDS: &[&str] = &[
    "performance",
    "status",
    "scale",
    "score",
    "class",
    "classification",
    "functional",
    "stage",
    "grade",
    "category",
    "physical",
    "level",
    "system",
    "criteria",
    "group",
];
