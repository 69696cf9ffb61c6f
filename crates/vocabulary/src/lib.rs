//! The field's words: how text is cut and folded, and what the vocabularies call it.
//!
//! Text becomes normal words ([`words`], [`Analyzer`]); normal words become concepts ([`segments`], [`Finder`]); a
//! concept has names and places in a tree ([`name`], [`synonyms`], [`ancestors`]). The lists behind it lie in
//! `vocabulary/` at the root of the repository and are compiled in. What can be known of a person is a [`variable`], and
//! its values are in a [`unit`].

mod analyzer;
mod concept;
mod cut;
mod finder;
mod fold;
mod hash;
mod ids;
mod normal;
mod rows;
mod spelling;
mod table;
pub mod unit;
pub mod variable;

pub use analyzer::{Analyzer, MEMO_BYTES, MEMO_WORDS, Word, words};
pub use concept::{
    BadConceptId, Category, ConceptId, Vocabulary, ancestors, by_curie, by_id, by_name, category,
    descendants, name, synonyms, tree_numbers,
};
pub use cut::ASCII_WORD;
pub use finder::{Beginning, Finder, longest, longest_of, segments, whole};
pub use spelling::spelling;

/// A quick 64-bit fingerprint of some bytes; the same on every machine. Not for keeping out adversaries.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    hash::bytes(bytes)
}

/// Changes whenever a text could be cut or named differently than before: indexes made with another one are stale.
pub const VERSION: &str = "3";

/// Whether a normal word says too little to be looked for on its own: `of`, `the`, `with` ...
pub fn is_stop_word(norm: &str) -> bool {
    matches!(
        norm,
        "a" | "an"
            | "and"
            | "as"
            | "at"
            | "by"
            | "for"
            | "from"
            | "in"
            | "into"
            | "of"
            | "on"
            | "or"
            | "the"
            | "to"
            | "with"
            | "without"
    )
}
