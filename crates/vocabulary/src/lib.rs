//! The field's words: how text is cut and folded, and what MeSH calls it.

mod analyzer;
mod cut;
mod fold;
mod hash;
mod normal;

pub use analyzer::{Analyzer, MEMO_BYTES, MEMO_WORDS, Word, words};

/// A concept of MeSH (`D008175`, `C582435`), packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);
