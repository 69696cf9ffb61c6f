//! Which words of a sentence are about one intervention, and which about something else that is given.

use std::ops::Range;

use vocabulary::ConceptId;

use super::{mention::generic, rivals};
use crate::read::{
    Quantity, Text, Unit, lexicon, number,
    quantity::{Role as Kind, is_cells},
    route,
    text::Kind as Letters,
};

/// The words of an intervention's names, and what they mean.
#[derive(Clone, Debug, Default)]
pub struct Own<'w> {
    words: Vec<&'w str>,
    substances: Vec<ConceptId>,
    /// Those that one name joins: `X and Y`.
    joined: Vec<ConceptId>,
    /// Those that its first name joins; the others may say more of one thing.
    joined_first: Vec<ConceptId>,
    /// Words of the names of the other interventions of the record.
    others: Vec<&'w str>,
    /// The words before and behind the `and` of its first name.
    both: [Vec<&'w str>; 2],
}

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

/// Capitals that name no drug.
const NO_DRUG: [&str; 16] = [
    "DOSE", "DOSES", "MTD", "RP2D", "ARM", "GROUP", "DAY", "LEVEL", "TOTAL", "COHORT", "PART", "DRUG",
    "STUDY", "PBW", "IBW", "WITH",
];

/// Whether capitals abbreviate a word: its letters in order, the first being the first.
fn abbreviates(capitals: &str, word: &str) -> bool {
    let mut letters = word.bytes();
    let mut all = capitals.bytes();
    let first = all.next().zip(letters.next()).is_some_and(|(a, b)| a.eq_ignore_ascii_case(&b));
    first && all.all(|c| letters.any(|l| l.eq_ignore_ascii_case(&c)))
}

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

impl<'w> Own<'w> {
    /// The names of an intervention.
    pub fn new(names: &[&Text<'w>]) -> Self {
        let words = names.iter().flat_map(|n| n.words().filter(|w| w.len() > 2));
        let mut out = Self { words: words.collect(), ..Self::default() };
        for name in names {
            let (substances, joined) = rivals::named(name);
            out.substances.extend(substances);
            out.joined.extend(joined);
        }
        out.both = names.first().map(|name| joined_words(name)).unwrap_or_default();
        out.joined_first = names.first().map(|name| rivals::named(name).1).unwrap_or_default();
        out
    }

    /// With the names of the other interventions of the record.
    pub fn beside<'t>(mut self, names: impl Iterator<Item = &'t Text<'w>>) -> Self
    where
        'w: 't,
    {
        let words = names.flat_map(|n| n.words()).filter(|w| w.len() > 4 && !generic(w));
        self.others = words.filter(|w| !is_cells(w)).take(400).collect();
        let own = std::mem::take(&mut self.words);
        self.others.retain(|w| !own.iter().any(|own| own.eq_ignore_ascii_case(w)));
        self.words = own;
        self
    }

    /// `5 mg of X`, `X (5 mg)` where X names another intervention of the record.
    pub fn is_of_another(&self, text: &Text<'_>, quantity: &Quantity) -> bool {
        let at = quantity.to + 1;
        let behind = text.is(quantity.to, "of") && text.together(quantity.from, at);
        let bracket = quantity.from > 1 && text.is(quantity.from - 1, "(");
        behind && text.is_one_of(at, &self.others)
            || bracket && text.is_one_of(quantity.from - 2, &self.others)
    }

    /// Whether a word is one of its names.
    pub fn is(&self, word: &str) -> bool {
        self.words.iter().any(|own| own.eq_ignore_ascii_case(word))
    }

    /// Whether a token is a word of its names that tells it from others; cells are those of a product of cells.
    pub fn names(&self, text: &Text<'_>, i: usize) -> bool {
        let word = text.word(i);
        let cells = text.is_a(i, lexicon::CELLS) && self.words.iter().any(|w| is_cells(w));
        cells || self.is(word) && !generic(word)
    }

    /// Whether a substance is one that its names mean, or a kind of one.
    pub fn means(&self, substance: ConceptId) -> bool {
        self.substances.iter().any(|own| rivals::akin(*own, substance))
    }

    /// Whether one of its names joins several substances.
    pub fn joins(&self) -> bool {
        !self.joined.is_empty() || self.both.iter().all(|words| !words.is_empty())
    }

    /// Whether tokens name several of the substances that it joins.
    pub fn is_mixed(&self, text: &Text<'_>, part: Range<usize>) -> bool {
        !self.joined.is_empty() && rivals::named_of(text, part, &self.joined) > 1
    }

    /// Whether tokens name both things that its first name joins, whatever they are: `saffron and chamomile`.
    pub fn names_both(&self, text: &Text<'_>, part: Range<usize>) -> bool {
        self.both.iter().all(|words| part.clone().any(|i| text.is_one_of(i, words)))
    }

    /// With what its own description says first that it is, where no vocabulary knows its names: of one substance
    /// alone, as in `Measles vaccine, 0.5 mL`.
    pub fn described(mut self, description: &Text<'_>) -> Self {
        if self.substances.is_empty() {
            let mentions = rivals::mentions(description);
            let first = mentions.first().filter(|(_, at)| at.start < 3).map(|(first, _)| *first);
            let one = |first: &ConceptId| mentions.iter().all(|(other, _)| rivals::akin(*first, *other));
            self.substances.extend(first.filter(one));
        }
        self
    }

    /// With the words of another name that a text gives it: `filgrastim (G-CSF)`.
    pub fn learn(&mut self, words: &[&'w str]) {
        self.words.extend(words.iter().filter(|w| w.len() > 1));
    }

    /// Whether a percentage is its strength: `0.05 % gel`, `2% lidocaine`, and not a share of anything.
    pub fn has_strength(&self, text: &Text<'_>, percent: &Quantity) -> bool {
        const FORMS: [&str; 20] = [
            "solution",
            "gel",
            "cream",
            "ointment",
            "lotion",
            "foam",
            "spray",
            "suspension",
            "emulsion",
            "drops",
            "drop",
            "shampoo",
            "patch",
            "paste",
            "mouthwash",
            "ophthalmic",
            "topical",
            "concentration",
            "eye",
            "nail",
        ];
        // `a 25% reduced dose`, `X is 60% of the volume`
        let of_whole = text.is_any(percent.to, &["reduced", "reduction", "lower", "higher", "in"])
            || text.is(percent.to, "of")
                && text.is_any(percent.to + 1, &["the", "total", "standard", "baseline", "a", "all"])
            || text.has_any(percent.from.saturating_sub(3)..percent.from, &["the", "is", "are"]);
        if of_whole {
            return false;
        }
        let behind = text.is_any(percent.to, &FORMS) || self.is(text.word(percent.to));
        let before = (percent.from.saturating_sub(3)..percent.from).any(|i| {
            text.together(i, percent.from) && (self.is(text.word(i)) || text.is(i, "concentration"))
        });
        behind || before
    }

    /// Whether tokens name one alone of the substances that it joins: what is told may be of that one.
    pub fn is_told_in_part(&self, text: &Text<'_>, part: Range<usize>) -> bool {
        !self.joined_first.is_empty() && rivals::named_of(text, part, &self.joined_first) == 1
    }

    /// `TMZ (200 mg/m2`: capitals right before an amount that do not abbreviate one of its names.
    pub fn abbreviates_another(&self, text: &Text<'_>, i: usize) -> bool {
        let word = text.word(i);
        const VEHICLES: [&str; 6] = ["NS", "DW", "PBS", "HSA", "DMSO", "FBS"];
        let capitals = (2..=6).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
        if !capitals
            || text.is_any(i, &VEHICLES)
            || text.is_a(i, lexicon::TELLING)
            || text.is_any(i, &NO_DRUG)
        {
            return false;
        }
        let behind = i + 1 + usize::from(text.is_any(i + 1, &["(", ":", "-", "at", "of"]));
        let longer = word.len() > 2;
        let role = Quantity::read(text, behind).first().map(Quantity::role);
        // `CM 2 cc`
        let dosed = role == Some(if longer { Kind::Amount } else { Kind::Volume });
        dosed && !self.words.iter().any(|own| own.eq_ignore_ascii_case(word) || abbreviates(word, own))
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
            && !text.is_any(i, &["and", "or", "plus"])
            && number::whole(text, i).is_none()
            && !text.is_any(i, &OF_ONE)
            && Unit::of(text.word(i)).is_none()
            && route::find(text, i..i + 1).is_none()
            && !text.is_a(i, lexicon::CELLS)
            && !self.is(text.word(i))
    }

    /// `5 mg of aspirin`, `high doses of aspirin (up to 5 mg)` where aspirin is none of its names.
    pub fn is_another(&self, text: &Text<'_>, quantity: &Quantity) -> bool {
        let bracket = (quantity.from.saturating_sub(3)..quantity.from).find(|i| text.is(*i, "("));
        let named = bracket.filter(|i| *i > 2 && text.is(i - 2, "of")).map(|i| i - 1);
        let dose = named.is_some_and(|at| {
            text.is_any(at - 2, &["dose", "doses", "dosage"])
                && text.kind(at) == Letters::Word
                && !text.is_any(at, &PLAIN)
                && !text.is_any(at, &OF_ONE)
                && !text.is_a(at, lexicon::CELLS | lexicon::ROUTE | lexicon::TIME_UNIT)
                && !self.is(text.word(at))
        });
        if dose {
            return true;
        }
        let of = quantity.to + usize::from(text.is(quantity.to, ")"));
        let at = of + 1;
        let of = text.is(of, "of") && text.kind(at) == Letters::Word;
        of && text.together(quantity.from, at)
            && quantity.unit != "cells"
            && !text.is_any(at, &PLAIN)
            && number::whole(text, at).is_none()
            && !text.is_a(at, lexicon::ROUTE)
            && !self.words.iter().any(|own| abbreviates(text.word(at), own))
            && !(at..at + 4).any(|i| self.is(text.word(i)))
    }
}

/// The telling words of a name before and behind the word that joins them; none where nothing is joined.
fn joined_words<'w>(name: &Text<'w>) -> [Vec<&'w str>; 2] {
    let join = (1..name.tokens.len()).find(|i| name.is_any(*i, &["and", "plus", "+", "&"]));
    let Some(join) = join else { return Default::default() };
    let telling = |range: Range<usize>| -> Vec<&'w str> {
        let words = range.map(|i| name.word(i));
        words.filter(|w| w.len() > 4 && !generic(w) && !is_cells(w)).collect()
    };
    [telling(0..join), telling(join + 1..name.tokens.len())]
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
