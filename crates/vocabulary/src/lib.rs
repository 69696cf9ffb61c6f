//! The field's words: how text is cut and folded, and what MeSH calls it.
//!
//! Text becomes normal words ([`words`], [`Analyzer`]); normal words become concepts ([`segments`], [`Finder`]); a
//! concept has names and a place in MeSH's tree ([`name`], [`synonyms`], [`ancestors`]). The lists behind it lie in
//! `vocabulary/` at the root of the repository and are compiled in.

mod analyzer;
mod concept;
mod cut;
mod finder;
mod fold;
mod hash;
mod normal;
mod spelling;
mod table;

pub use analyzer::{Analyzer, MEMO_BYTES, MEMO_WORDS, Word, words};
pub use concept::{
    BadConceptId, ConceptId, ancestors, by_mesh_id, by_name, descendants, name, synonyms, tree_numbers,
};
pub use finder::{Finder, segments};
pub use spelling::spelling;
