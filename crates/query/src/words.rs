//! The one place where the query meets the vocabulary: normal forms, concepts, synonyms.

use vocabulary::ConceptId;

use crate::resolved::Segment;

/// The normal forms of the words of a text, as in the index.
pub(crate) fn normal(text: &str) -> Vec<String> {
    vocabulary::words(text).into_iter().map(|word| word.norm).collect()
}

/// A text cut into concepts, if they are wanted, and single words. Empty if no word is in it.
pub(crate) fn segments(text: &str, concepts: bool) -> Vec<Segment> {
    let words = normal(text);
    if !concepts {
        let single = |word| Segment { words: vec![word], concept: None, synonyms: Vec::new() };
        return words.into_iter().map(single).collect();
    }
    let cut = vocabulary::segments(&words).into_iter();
    cut.map(|(range, concept)| segment(words[range].to_vec(), concept)).collect()
}

fn segment(words: Vec<String>, concept: Option<ConceptId>) -> Segment {
    let mut synonyms = concept.map(vocabulary::synonyms).unwrap_or_default();
    synonyms.retain(|name| *name != words);
    Segment { words, concept, synonyms }
}

/// The concept with this MeSH id (`D003924`) as a segment of its preferred name, and that name.
pub(crate) fn concept(mesh_id: &str) -> Option<(&'static str, Segment)> {
    let concept = vocabulary::by_id(mesh_id)?;
    let name = vocabulary::name(concept)?;
    Some((name, segment(normal(name), Some(concept))))
}
