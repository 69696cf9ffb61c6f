//! Phrases that are looked for in whole texts: a text without the first word of one is passed over.

use super::{
    lexicon::{self, Class},
    text::Text,
};

/// Phrases of one meaning.
pub struct Phrases {
    /// The class of their first words.
    class: Class,
    /// The phrases, their words parted by blanks.
    pub phrases: &'static [&'static str],
}

impl Phrases {
    /// Whether a text has one of them.
    pub fn is_in(&self, text: &Text<'_>) -> bool {
        self.find(text).is_some()
    }

    /// The first of them in a text: its first token and the one behind it.
    pub fn find(&self, text: &Text<'_>) -> Option<(usize, usize)> {
        let at = |i| self.phrases.iter().find_map(|p| Some((i, text.is_phrase(i, p)?)));
        self.starts(text).find_map(at)
    }

    /// The tokens behind all of them.
    pub fn ends(&self, text: &Text<'_>) -> impl Iterator<Item = usize> {
        let ends = move |i| self.phrases.iter().filter_map(move |p| text.is_phrase(i, p));
        self.starts(text).flat_map(ends)
    }

    /// The tokens that may begin one.
    fn starts(&self, text: &Text<'_>) -> impl Iterator<Item = usize> {
        let all = if text.has(self.class) { text.tokens.len() } else { 0 };
        (0..all).filter(|i| text.is_a(*i, self.class))
    }
}

/// Everybody knows who gets what.
pub const OPEN: Phrases = Phrases {
    class: lexicon::MASKING,
    phrases: &["open - label", "open label", "openlabel", "non - blinded", "unblinded", "unmasked"],
};

/// Somebody does not know who gets what.
pub const BLIND: Phrases = Phrases {
    class: lexicon::MASKING,
    phrases: &[
        "double - blind",
        "double blind",
        "double - blinded",
        "double blinded",
        "double - masked",
        "double masked",
        "triple - blind",
        "triple blind",
        "single - blind",
        "single blind",
    ],
};

/// What is known only by asking or rating.
pub const RATED: Phrases = Phrases {
    class: lexicon::RATED,
    phrases: &[
        "quality of life",
        "pain score",
        "pain scores",
        "pain intensity",
        "pain severity",
        "anxiety",
        "depressive symptoms",
        "sleep quality",
        "patient satisfaction",
        "cognitive function",
    ],
};

/// What everybody with the disease gets.
pub const STANDARD: Phrases = Phrases {
    class: lexicon::CARE,
    phrases: &[
        "standard care",
        "standard of care",
        "standard - of - care",
        "usual care",
        "routine care",
        "conventional care",
        "conventional therapy",
        "conventional treatment",
        "conventional treatments",
        "standard therapy",
        "standard treatment",
        "standard medical",
        "standard best care",
        "treatment as usual",
        "care as usual",
        "best supportive care",
        "best medical therapy",
        "best medical treatment",
        "best standard care",
        "routine treatment",
        "routine therapy",
        "basic treatment",
        "soc",
        "tau",
        "usual treatment",
        "optimal medical therapy",
    ],
};

/// Nothing is done.
pub const NOTHING: Phrases = Phrases {
    class: lexicon::CARE,
    phrases: &[
        "no intervention",
        "no treatment",
        "no study intervention",
        "no study treatment",
        "observation",
        "watchful waiting",
        "wait list",
        "wait - list",
        "waitlist",
        "waiting list",
        "untreated",
        "non - intervention",
        "no drug",
        "without treatment",
        "without intervention",
        "no therapy",
        "no additional treatment",
        "nothing",
    ],
};

/// Looks like a procedure and does nothing.
pub const SHAM: Phrases =
    Phrases { class: lexicon::CARE, phrases: &["sham", "simulated", "mock", "deactivated", "detuned"] };

/// All phrases.
pub(super) fn all() -> impl Iterator<Item = (Class, &'static str)> {
    let lists = [OPEN, BLIND, RATED, STANDARD, NOTHING, SHAM];
    lists.into_iter().flat_map(|list| list.phrases.iter().map(move |p| (list.class, *p)))
}
