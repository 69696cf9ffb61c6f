//! The leaves of canonical English; their grammar stands in `parse.rs`.

use rust_decimal::Decimal;

use crate::tree::{
    Anchor, Bound, Change, Cmp, Code, Coded, Concept, Exposure, Extent, Has, Kind, Op, Relation, Var, When,
    Window,
};

use super::cursor::ParseError;
use super::parse::Parser;
use super::print;
use super::words::{KINDS, REASONS, TIMES};

type Read<T> = Result<T, ParseError>;
/// Reads one form of leaf, if it stands next.
type Form<P> = fn(&mut P) -> Read<Option<Op>>;
/// At least, at most.
type Bounds = (Option<Bound>, Option<Bound>);

const LEAF: &str =
    "a criterion: a fact (`history of malignancy`), a comparison (`age 18 to 55 years`), or a list";

/// What one end of an interval is, and the words for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Lo(bool),
    Hi(bool),
    Both,
}

const ENDS: &[(&str, End)] = &[
    ("at least", End::Lo(true)),
    ("above", End::Lo(false)),
    ("more than", End::Lo(false)),
    ("at most", End::Hi(true)),
    ("below", End::Hi(false)),
    ("less than", End::Hi(false)),
    ("exactly", End::Both),
];

const SIGNS: &[(&str, End)] = &[
    ("<=", End::Hi(true)),
    ("≤", End::Hi(true)),
    (">=", End::Lo(true)),
    ("≥", End::Lo(true)),
    ("<", End::Hi(false)),
    (">", End::Lo(false)),
    ("=", End::Both),
];

impl End {
    /// The bounds that a value makes.
    fn bounds(self, value: Decimal) -> Bounds {
        let bound = |incl| Some(Bound { value, incl });
        match self {
            Self::Lo(incl) => (bound(incl), None),
            Self::Hi(incl) => (None, bound(incl)),
            Self::Both => (bound(true), bound(true)),
        }
    }

    /// The end as it is for what stands on the right (`18 <= age`).
    fn mirrored(self) -> Self {
        match self {
            Self::Lo(incl) => Self::Hi(incl),
            Self::Hi(incl) => Self::Lo(incl),
            Self::Both => Self::Both,
        }
    }
}

impl Parser<'_> {
    pub fn leaf(&mut self) -> Read<Op> {
        let start = self.text.at;
        let forms: [Form<Self>; 8] = [
            Self::human,
            Self::abnormal,
            Self::unrestricted,
            Self::exposure,
            Self::order,
            Self::guideline,
            Self::washout,
            Self::mirrored,
        ];
        for form in forms {
            if let Some(op) = form(self)? {
                return Ok(op);
            }
            self.text.at = start;
        }
        self.named()
    }

    fn human(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("for a person") || !self.text.sign("(") {
            return Ok(None);
        }
        let Some(&(reason, _)) = REASONS.iter().find(|(_, words)| self.text.phrase(words)) else {
            let words: Vec<_> = REASONS.iter().map(|(_, words)| *words).collect();
            return self.text.fail(format!("a reason: {}", words.join(", ")));
        };
        self.text.need(")")?;
        self.text.need(":")?;
        Ok(Some(Op::Human { reason, text: self.text.enclosed('"')? }))
    }

    fn unrestricted(&mut self) -> Read<Option<Op>> {
        let var = if self.text.phrase("anyone") {
            None
        } else if self.text.phrase("any") {
            let Some(name) = self.name_or_id()? else { return Ok(None) };
            Some(self.var(&name))
        } else {
            return Ok(None);
        };
        let text = match self.quoted_if()? {
            Some(text) => text,
            None => print::unrestricted(var.as_ref(), self.names),
        };
        Ok(Some(Op::True { var, text }))
    }

    fn abnormal(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("any of") || !self.text.sign("(") {
            return Ok(None);
        }
        let mut vars = Vec::new();
        while !self.text.sign(")") {
            if !vars.is_empty() {
                self.text.need(",")?;
            }
            let name = self.need_name("a variable")?;
            vars.push(self.var(&name));
        }
        self.text.need_phrase("outside the reference range")?;
        Ok(Some(Op::Abnormal { vars }))
    }

    fn exposure(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("treated for") {
            return Ok(None);
        }
        let duration = self.extent()?;
        let concurrent = self.text.phrase("at the same time");
        self.text.need_phrase("with")?;
        let to = self.bracketed()?;
        Ok(Some(Op::Exposure(Box::new(Exposure { to, duration, concurrent }))))
    }

    fn order(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("first") || !self.at("(") {
            return Ok(None);
        }
        let first = Box::new(self.bracketed()?);
        self.text.need(",")?;
        self.text.need_phrase("then")?;
        let allow_same_time = self.text.phrase("or on the same day");
        let then = Box::new(self.bracketed()?);
        Ok(Some(Op::Order { first, then, allow_same_time }))
    }

    fn guideline(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("guideline") || !self.at("\"") {
            return Ok(None);
        }
        Ok(Some(Op::Guideline { reference: self.text.enclosed('"')?, text: self.text.enclosed('"')? }))
    }

    fn washout(&mut self) -> Read<Option<Op>> {
        if !self.text.phrase("washout of") {
            return Ok(None);
        }
        let lo = self.lowest()?;
        Ok(Some(Op::Washout { lo, unit: self.text.unit()?.unwrap_or_default() }))
    }

    /// `at least 3` or `above 3`.
    pub fn lowest(&mut self) -> Read<Bound> {
        match self.bounds()? {
            Some((Some(lo), None)) => Ok(lo),
            _ => self.text.fail("`at least` or `above`"),
        }
    }

    /// `18 <= age < 65 years`.
    fn mirrored(&mut self) -> Read<Option<Op>> {
        let Some(value) = self.text.number() else { return Ok(None) };
        let unit = self.text.unit()?;
        let Some(end) = self.symbol() else { return Ok(None) };
        let name = self.need_name("a variable")?;
        let (mut lo, mut hi) = end.mirrored().bounds(value);
        let mut unit_after = None;
        if let Some(end) = self.symbol() {
            let (more_lo, more_hi) = end.bounds(self.text.need_number()?);
            if (lo.is_some() && more_lo.is_some()) || (hi.is_some() && more_hi.is_some()) {
                return self.text.fail("signs that point the same way, as in `18 <= age < 65`");
            }
            (lo, hi) = (lo.or(more_lo), hi.or(more_hi));
            unit_after = self.text.unit()?;
        }
        if unit.is_some() && unit_after.is_some() && unit != unit_after {
            return self.text.fail("the same unit on both sides");
        }
        let var = self.var(&name);
        self.compared(var, (lo, hi), unit_after.or(unit)).map(Some)
    }

    fn compared(&mut self, var: Var, (lo, hi): Bounds, unit: Option<String>) -> Read<Op> {
        let unit = unit.or_else(|| self.names.unit(&var)).unwrap_or_default();
        let mut cmp = Cmp::new(var, lo, hi, unit);
        self.qualify_value(&mut cmp)?;
        Ok(Op::Cmp(Box::new(cmp)))
    }

    /// What begins with a time, a kind or a name.
    fn named(&mut self) -> Read<Op> {
        let time = TIMES.iter().find(|(_, words)| self.text.phrase(words)).map(|&(relation, _)| relation);
        let kind = KINDS.iter().find(|(_, words)| self.text.phrase(words)).map(|&(kind, _)| kind);
        let name = self.need_name(LEAF)?;
        if time.is_none()
            && kind.is_none()
            && let Some(op) = self.measured(&name)?
        {
            return Ok(op);
        }
        self.fact(time, kind, &name)
    }

    /// What says something of a variable's value.
    fn measured(&mut self, name: &Name) -> Read<Option<Op>> {
        let start = self.text.at;
        if self.text.phrase("is") {
            return self.coded(self.var(name)).map(Some);
        }
        if let Some(change) = self.change(name)? {
            return Ok(Some(change));
        }
        self.text.at = start;
        let Some(bounds) = self.bounds()? else { return Ok(None) };
        let unit = self.text.unit()?;
        self.compared(self.var(name), bounds, unit).map(Some)
    }

    /// The words for bounds, or a sign, and what follows them.
    fn bounds(&mut self) -> Read<Option<Bounds>> {
        let start = self.text.at;
        if self.text.phrase("of any value") || self.text.phrase("any value") {
            return Ok(Some((None, None)));
        }
        let word = ENDS.iter().find(|(words, _)| self.text.phrase(words)).map(|&(_, end)| end);
        let Some(end) = word.or_else(|| self.symbol()) else {
            let Some(value) = self.text.number() else { return Ok(None) };
            if !self.text.phrase("to") {
                self.text.at = start;
                return Ok(None);
            }
            return self.upper_end(Bound { value, incl: true }).map(Some);
        };
        let value = self.text.need_number()?;
        if matches!(end, End::Lo(_)) && word.is_some() && self.text.phrase("to") {
            return self.upper_end(Bound { value, incl: end == End::Lo(true) }).map(Some);
        }
        Ok(Some(end.bounds(value)))
    }

    fn upper_end(&mut self, lo: Bound) -> Read<Bounds> {
        let incl = !self.text.phrase("below");
        Ok((Some(lo), Some(Bound { value: self.text.need_number()?, incl })))
    }

    fn symbol(&mut self) -> Option<End> {
        SIGNS.iter().find(|(sign, _)| self.text.sign(sign)).map(|&(_, end)| end)
    }

    pub fn extent(&mut self) -> Read<Extent> {
        let Some((lo, hi)) = self.bounds()? else {
            return self.text.fail("a length, as in `at least 3 months`");
        };
        Ok(Extent { lo, hi, unit: self.text.unit()?.unwrap_or_default() })
    }

    fn coded(&mut self, var: Var) -> Read<Op> {
        let mut values = Vec::new();
        if self.text.phrase("one of") {
            self.text.need("(")?;
            while !self.text.sign(")") {
                if !values.is_empty() {
                    self.text.need(",")?;
                }
                values.push(self.code()?);
            }
        } else {
            values.push(self.code()?);
        }
        let specimen = if self.text.phrase("in") { Some(self.words()?) } else { None };
        let mut coded = Coded { var, values, specimen, when: None, text: String::new() };
        coded.text = match self.quoted_if()? {
            Some(text) => text,
            None => print::coded_words(&coded, self.names),
        };
        if self.text.sign(",") {
            self.text.need_phrase("measured")?;
            coded.when = Some(self.time()?);
        }
        Ok(Op::Coded(Box::new(coded)))
    }

    /// A class as a number, or a word.
    pub fn code(&mut self) -> Read<Code> {
        if self.at("`") {
            return self.text.enclosed('`').map(Code::Word);
        }
        let rest = self.text.rest().trim_start();
        let length = rest.len() - rest.trim_start_matches(print::is_code_char).len();
        let word = &rest[..length];
        if word.is_empty() {
            return self.text.fail("a class or a word");
        }
        self.text.at = self.text.text.len() - rest.len() + length;
        Ok(word.parse().map_or_else(|_| Code::Word(word.to_owned()), Code::Integer))
    }

    fn change(&mut self, name: &Name) -> Read<Option<Op>> {
        let said = [("absolute", false), ("percent", true)];
        let said = said.iter().find(|(word, _)| self.text.phrase(word)).map(|&(_, percent)| percent);
        let increase = match (self.text.phrase("decrease of"), self.text.phrase("increase of")) {
            (false, false) => return Ok(None),
            (_, increase) => increase,
        };
        let Some((lo, hi)) = self.bounds()? else { return self.text.fail("how much") };
        let var = self.var(name);
        let unit = self.text.unit()?.or_else(|| self.names.unit(&var)).unwrap_or_default();
        self.text.need_phrase("since")?;
        let from = if self.text.phrase("baseline") {
            "baseline".to_owned()
        } else if self.text.phrase("the start of exposure") {
            "start_of_exposure".to_owned()
        } else {
            self.text.enclosed('"')?
        };
        let percent = said.unwrap_or(unit == "%");
        Ok(Some(Op::Change(Box::new(Change { var, increase, percent, from, lo, hi, unit }))))
    }

    fn fact(&mut self, time: Option<Relation>, kind: Option<Kind>, name: &Name) -> Read<Op> {
        let concept = self.concept(name);
        let kind = kind.or_else(|| self.names.kind(&concept)).unwrap_or(Kind::Condition);
        let text = self.quoted_if()?.unwrap_or_else(|| name.text.clone());
        let mut has = Has::new(kind, concept, text);
        has.when = time.map(|relation| When { window: None, relation, anchor: None });
        if has.when.is_none() {
            has.when = self.window()?;
        }
        self.qualify_fact(&mut has)?;
        Ok(Op::Has(Box::new(has)))
    }

    /// A window, or a relation by itself.
    pub fn time(&mut self) -> Read<When> {
        match self.window()? {
            Some(when) => Ok(when),
            None => self.text.fail("a window, such as `in the 14 days before screening`"),
        }
    }

    fn window(&mut self) -> Read<Option<When>> {
        let incl = self.text.phrase("in the");
        let window = if incl || self.text.phrase("in less than") {
            let value = self.text.need_number()?;
            Some(Window { value, unit: self.text.unit()?.unwrap_or_default(), incl })
        } else {
            None
        };
        let Some(&relation) = Relation::ALL.iter().find(|r| self.text.phrase(r.as_str())) else {
            return if window.is_some() { self.text.fail("`before`, `after` or `during`") } else { Ok(None) };
        };
        let start = self.text.at;
        self.text.phrase("at");
        let anchor = Anchor::ALL.iter().find(|&&a| self.text.phrase(print::anchor(a))).copied();
        if anchor.is_none() {
            self.text.at = start;
        }
        Ok(Some(When { window, relation, anchor }))
    }

    pub fn at(&self, sign: &str) -> bool {
        self.text.rest().trim_start().starts_with(sign)
    }

    pub fn quoted_if(&mut self) -> Read<Option<String>> {
        if self.at("\"") { self.text.enclosed('"').map(Some) } else { Ok(None) }
    }

    /// Some words, plain or in quotes.
    pub fn words(&mut self) -> Read<String> {
        if let Some(text) = self.quoted_if()? {
            return Ok(text);
        }
        let words = self.text.name();
        if words.is_empty() { self.text.fail("words, or words in quotes") } else { Ok(words) }
    }

    fn name_or_id(&mut self) -> Read<Option<Name>> {
        if self.at("`") {
            return Ok(Some(Name { text: self.text.enclosed('`')?, is_id: true }));
        }
        let text = self.text.name();
        Ok((!text.is_empty()).then_some(Name { text, is_id: false }))
    }

    fn need_name(&mut self, expected: &str) -> Read<Name> {
        self.name_or_id()?.map_or_else(|| self.text.fail(expected), Ok)
    }

    fn var(&self, name: &Name) -> Var {
        let known =
            if name.is_id { Some(Var(name.text.as_str().into())) } else { self.names.var(&name.text) };
        known.unwrap_or_else(|| Var(unlisted(&name.text).into()))
    }

    fn concept(&self, name: &Name) -> Concept {
        let id = || Concept(name.text.as_str().into());
        let known = if name.is_id { Some(id()) } else { self.names.concept(&name.text) };
        known.unwrap_or_else(|| Concept(unlisted(&name.text).into()))
    }
}

/// A name as written, or an id in backticks.
struct Name {
    text: String,
    is_id: bool,
}

/// The id of what no table knows.
fn unlisted(name: &str) -> String {
    format!("text:{}", name.to_lowercase())
}
