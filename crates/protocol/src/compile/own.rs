//! Which words of a sentence are about one intervention, and which about something else that is given.

use std::ops::Range;

use super::mention::generic;
use crate::read::{
    Quantity, Text, Unit, lexicon, number, quantity::Role as Kind, route, text::Kind as Letters,
};

/// The words of an intervention's names.
#[derive(Clone, Debug, Default)]
pub struct Own<'w>(pub Vec<&'w str>);

/// Words right before an amount that name no substance.
const OF_ONE: [&str; 56] = [
    "high",
    "low",
    "medium",
    "mid",
    "middle",
    "intermediate",
    "single",
    "double",
    "higher",
    "lower",
    "dose",
    "doses",
    "then",
    "followed",
    "maintenance",
    "loading",
    "maximum",
    "minimum",
    "max",
    "min",
    "total",
    "additional",
    "daily",
    "weekly",
    "monthly",
    "day",
    "days",
    "cohort",
    "group",
    "level",
    "step",
    "part",
    "phase",
    "increased",
    "increasing",
    "reduced",
    "decreased",
    "subsequently",
    "thereafter",
    "after",
    "every",
    "each",
    "either",
    "receive",
    "receives",
    "received",
    "receiving",
    "take",
    "takes",
    "given",
    "administered",
    "about",
    "approximately",
    "only",
    "using",
    "with",
];

/// Words behind `5 mg of` that name no substance.
const PLAIN: [&str; 12] = [
    "the",
    "a",
    "an",
    "each",
    "study",
    "drug",
    "body",
    "placebo",
    "active",
    "treatment",
    "medication",
    "this",
];

impl Own<'_> {
    /// Whether a word is one of its names.
    pub fn is(&self, word: &str) -> bool {
        self.0.iter().any(|own| own.eq_ignore_ascii_case(word))
    }

    /// Whether tokens have a word of its names that tells it from others.
    pub fn named_in(&self, text: &Text<'_>, mut part: Range<usize>) -> bool {
        part.any(|i| self.is(text.word(i)) && !generic(text.word(i)))
    }

    /// The part of a sentence that can be about it: up to a `plus`, or to another substance with an amount of its own
    /// (`X 10 mg daily; Y 40 mg`).
    pub fn part(&self, text: &Text<'_>, part: Range<usize>) -> Range<usize> {
        let part = before_plus(text, part);
        let amount = |i: usize| Quantity::read(text, i).first().is_some_and(|q| q.role() == Kind::Amount);
        let Some(first) = part.clone().find(|i| amount(*i)) else { return part };
        // `valsartan (160 mg`
        let behind = |i: usize| i + 1 + usize::from(text.is(i + 1, "("));
        let starts = |i: &usize| self.another_begins(text, *i) && amount(behind(*i));
        let end = (first + 2..part.end).find(starts).map_or(part.end, |i| i - 1);
        part.start..end
    }

    /// Whether a word behind a comma or the like names something else.
    fn another_begins(&self, text: &Text<'_>, i: usize) -> bool {
        text.kind(i) == Letters::Word
            && text.word(i).len() > 2
            && text.is_any(i - 1, &[",", ";", "and", "or", "+", ":"])
            && number::whole(text, i).is_none()
            && !text.is_any(i, &OF_ONE)
            && Unit::of(text.word(i)).is_none()
            && route::find(text, i..i + 1).is_none()
            && !text.is_a(i, lexicon::CELLS)
            && !self.is(text.word(i))
    }

    /// `5 mg of aspirin` where aspirin is none of its names.
    pub fn is_another(&self, text: &Text<'_>, quantity: &Quantity) -> bool {
        let at = quantity.to + 1;
        let of = text.is(quantity.to, "of") && text.kind(at) == Letters::Word;
        of && text.together(quantity.from, at)
            && quantity.unit != "cells"
            && !text.is_any(at, &PLAIN)
            && number::whole(text, at).is_none()
            && !self.is(text.word(at))
    }
}

/// The part of a sentence before a `plus` that has a quantity on both sides: what follows is another drug.
fn before_plus(text: &Text<'_>, part: Range<usize>) -> Range<usize> {
    let has_quantity = |range: Range<usize>| range.into_iter().any(|i| !Quantity::read(text, i).is_empty());
    let plus = part.clone().find(|i| text.is(*i, "plus"));
    match plus.filter(|plus| has_quantity(part.start..*plus) && has_quantity(*plus..part.end)) {
        Some(plus) => part.start..plus,
        None => part,
    }
}
