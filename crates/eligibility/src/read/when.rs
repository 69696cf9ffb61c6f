//! Times: windows, anchors, durations.
//!
//! ```text
//! window = ("within" | "in the past" ...) time [("before" | "after" | "of") anchor]
//!        | time ("before" | "prior to" | "after") anchor
//!        | ("before" | "during" | "after") anchor
//! ```

use rust_decimal::Decimal;
use vocabulary::unit;

use super::cx::Cx;
use super::elements::What;
use super::lexicon::Class;
use super::quant::{Quant, is_time};
use crate::tree::{Anchor, Relation, When, Window};

/// A time that was read, and the element behind it.
pub struct Read {
    /// The time.
    pub when: When,
    /// The element behind it.
    pub end: usize,
    /// Whether the reference time is not printed.
    pub implicit: bool,
    /// Whether it says that something was longer ago than the time: no window can say that.
    pub longer_ago: bool,
}

impl Cx<'_> {
    /// The quantity of time at a place.
    pub fn time(&self, i: usize) -> Option<&Quant> {
        match self.what(i) {
            What::Quant(q) => self.e.quants.get(q as usize).filter(|q| q.is_time()),
            _ => None,
        }
    }

    /// Reads a window or a relation to an anchor.
    pub fn window(&self, i: usize, b: usize) -> Option<Read> {
        let mut at = i;
        let within = self.is(at, Class::Within);
        if within {
            at += 1;
            while at < b
                && (self.is(at, Class::Skip) || self.is(at, Class::Ever) || self.is(at, Class::Before))
            {
                at += 1;
            }
        }
        let window = self.length(at, b, within);
        let Some((window, end, longer_ago)) = window else {
            return if within { None } else { self.relation(i, b) };
        };
        let mut at = end;
        // `within 3 months of study entry`, `... prior to screening`
        let direction = match self.class(at) {
            Some(Class::Before) => Some(Relation::Before),
            Some(Class::Ever) if self.read(at, at + 1).eq_ignore_ascii_case("prior") => {
                Some(Relation::Before)
            }
            Some(Class::After | Class::Since) => Some(Relation::After),
            Some(Class::Skip) if within => Some(Relation::Before),
            _ => None,
        };
        let mut anchor = None;
        if let Some(relation) = direction {
            let mut from = at + 1;
            while from < b && self.is(from, Class::Skip) && self.anchor_at(from).is_none() {
                from += 1;
            }
            if let Some((found, end)) = self.anchor_at(from).or_else(|| self.anchor_near(at, from, b)) {
                anchor = Some((found, relation));
                at = end;
            } else if matches!(self.class(at), Some(Class::Before | Class::After | Class::Since))
                // `within 4 weeks of birth`
                || self.word_is(at, &["of", "of the"]) && self.is_of_something(from, b)
            {
                return None;
            }
        }
        if anchor.is_none() && !within {
            return None;
        }
        let ahead = matches!(self.what(i), What::Lex(_, "next"));
        let relation = if ahead { Relation::After } else { Relation::Before };
        let (anchor, relation) = anchor.unwrap_or((Anchor::Screening, relation));
        let implicit = direction.is_none() || at == end;
        let when = When { window: Some(window), relation, anchor: Some(anchor) };
        Some(Read { when, end: at, implicit, longer_ago })
    }

    /// Whether something is named that is no time of the study: `of birth`, `of the last bleeding`.
    fn is_of_something(&self, from: usize, b: usize) -> bool {
        let ends = |i: &usize| {
            !matches!(self.what(*i), What::Lex(Class::Skip | Class::Ever | Class::Current | Class::Within, _))
        };
        let named = (from..b).find(ends).unwrap_or(b);
        !(from..=named).any(|i| self.word_is(i, STARTS))
            && named < b
            && matches!(self.what(named), What::Word | What::Named(_) | What::Var(_))
    }

    /// Whether `within` stands before a length of time.
    pub fn is_within(&self, i: usize, a: usize) -> bool {
        (a.max(i.saturating_sub(2))..i).any(|k| self.is(k, Class::Within))
    }

    /// A length of time: `3 months`, behind `within` also `year`. Last: whether it is a least length.
    fn length(&self, i: usize, b: usize, within: bool) -> Option<(Window, usize, bool)> {
        if i >= b {
            return None;
        }
        if let Some(quant) = self.time(i) {
            let unit = quant.unit.filter(|u| is_time(*u))?.as_str().to_owned();
            let (bound, longer) = match (quant.hi, quant.lo) {
                (Some(hi), _) => (hi, false),
                (None, Some(lo)) => (lo, true),
                _ => return None,
            };
            return Some((Window { value: bound.value, unit, incl: bound.incl }, i + 1, longer));
        }
        if within && matches!(self.what(i), What::Word) {
            let unit = unit::of(self.read(i, i + 1)).filter(|u| is_time(*u))?;
            let window = Window { value: Decimal::ONE, unit: unit.as_str().to_owned(), incl: true };
            return Some((window, i + 1, false));
        }
        None
    }

    /// `before enrollment`, `during the study`.
    fn relation(&self, i: usize, b: usize) -> Option<Read> {
        let relation = match self.class(i)? {
            Class::Before => Relation::Before,
            Class::During => Relation::During,
            Class::After if i + 1 < b => Relation::After,
            _ => return None,
        };
        let mut from = i + 1;
        while from < b && self.is(from, Class::Skip) && self.anchor_at(from).is_none() {
            from += 1;
        }
        // `before proceeding with any steps related to this study`
        // `prior endobronchial treatment` is no time.
        let adjective = self.word_is(i, &["prior"]);
        if relation == Relation::Before && !adjective && self.anchor_at(from).is_none() {
            let reach =
                (from..b.min(from + 7)).find(|&k| matches!(self.anchor_at(k), Some((Anchor::Study, _))));
            if let Some(k) = reach {
                let (anchor, end) = self.anchor_at(k)?;
                let when = When { window: None, relation, anchor: Some(anchor) };
                return Some(Read { when, end, implicit: false, longer_ago: false });
            }
        }
        // `prior surgery`: what was done, not a time.
        if adjective && self.names_a_thing(from) {
            return None;
        }
        let (anchor, end) = self.anchor_at(from)?;
        // Only study times count here: `after surgery` is a time of its own.
        let when = When { window: None, relation, anchor: Some(anchor) };
        Some(Read { when, end, implicit: false, longer_ago: false })
    }

    /// Whether an element that may be a time of the study names something that somebody can have had.
    fn names_a_thing(&self, i: usize) -> bool {
        matches!(self.what(i), What::Var(_) | What::Named(_)) || self.word_is(i, &["treatment", "procedure"])
    }

    /// The anchor that begins at an element, and the element behind it.
    pub fn anchor_at(&self, i: usize) -> Option<(Anchor, usize)> {
        let el = self.e.els.get(i)?;
        let (value, token_end) = self.e.anchor(el.t0 as usize)?;
        let anchor = Anchor::from_word(value)?;
        let mut end = i;
        while self.e.els.get(end).is_some_and(|el| (el.t0 as usize) < token_end) {
            end += 1;
        }
        // `study drug administration`: the rest of a name of a time.
        while let Some((_, next)) = self.e.els.get(end).and_then(|el| {
            (!matches!(el.what, What::Comma | What::Open)).then(|| self.anchor_at_plain(end)).flatten()
        }) {
            end = next;
        }
        Some((anchor, end))
    }

    /// `within 2 weeks prior to entering the study`: an anchor some words behind.
    fn anchor_near(&self, direction: usize, i: usize, b: usize) -> Option<(Anchor, usize)> {
        let words = |k: usize| match self.what(k) {
            What::Word => !self.word_is(direction, &["of"]) || self.word_is(k, STARTS),
            What::Lex(class, _) => matches!(class, Class::Skip | Class::Current | Class::Future),
            _ => false,
        };
        let at = (i + 1..b.min(i + 5)).find(|&k| self.anchor_at(k).is_some())?;
        (i..at).all(words).then(|| self.anchor_at(at)).flatten()
    }

    fn anchor_at_plain(&self, i: usize) -> Option<(Anchor, usize)> {
        let el = self.e.els.get(i)?;
        let (value, token_end) = self.e.anchor(el.t0 as usize)?;
        let mut end = i;
        while self.e.els.get(end).is_some_and(|el| (el.t0 as usize) < token_end) {
            end += 1;
        }
        Some((Anchor::from_word(value)?, end))
    }
}

/// Words for a beginning, between `of` and what begins.
const STARTS: &[&str] =
    &["start", "starting", "initiation", "initiating", "beginning", "receiving", "entering", "first"];
