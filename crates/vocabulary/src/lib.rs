//! The field's words: how text is cut and folded, and what MeSH calls it.

/// A concept of MeSH (`D008175`, `C582435`), packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);
