//! The one place where the query meets the vocabulary: normal forms, concepts, synonyms.
//!
//! Stand-in until the vocabulary is there: lower case, cut at everything that is no letter or digit; no concepts.

use vocabulary::ConceptId;

use crate::resolved::Segment;

/// The normal forms of the words of a text, as in the index.
pub(crate) fn normal(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
    words.map(str::to_lowercase).collect()
}

/// A text cut into concepts (if they are wanted) and single words. Empty if no word is in it.
pub(crate) fn segments(text: &str, _concepts: bool) -> Vec<Segment> {
    let single = |word| Segment { words: vec![word], concept: None, synonyms: Vec::new() };
    normal(text).into_iter().map(single).collect()
}

/// The concept with this MeSH id (`D003924`), with its names as normal forms, the preferred one first.
pub(crate) fn concept(_mesh_id: &str) -> Option<(ConceptId, Vec<Vec<String>>)> {
    None
}
