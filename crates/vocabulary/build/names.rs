//! The forms a MeSH name is found by.

use crate::analyzer::Analyzer;
use crate::source::{Concept, Name, Rank, normal};

/// Longer names (systematic chemistry) are not looked for in text.
const MOST_WORDS: usize = 8;

/// Adds a name, and the natural order of an inverted one: `Leukemia, Myeloid, Acute` is also `acute myeloid leukemia`.
pub fn add(concept: &mut Concept, analyzer: &mut Analyzer, name: &str, rank: Rank) {
    let parts: Vec<&str> = name.split(", ").collect();
    let inverted = parts.len() > 1 && parts.len() < 5 && parts.iter().all(|part| !is_conjunction(part));
    push(concept, normal(analyzer, name), rank, !inverted);
    if inverted {
        let natural: Vec<&str> = parts.into_iter().rev().collect();
        // As good as the printed name, but a name printed so elsewhere goes first.
        let rank = if rank == Rank::Name { Rank::Natural } else { Rank::Derived.min(rank) };
        push(concept, normal(analyzer, &natural.join(" ")), rank, true);
    }
}

/// Adds a name of a term of an ontology; where it is another vocabulary's concept, only to find that by.
pub fn further(concept: &mut Concept, analyzer: &mut Analyzer, name: &str, rank: Rank, natural: bool) {
    let words = normal(analyzer, name);
    // `carcinoma in situ of cervix` is also that of the cervix.
    if words.contains(" of ") && !words.contains(" of the ") {
        push(concept, words.replace(" of ", " of the "), Rank::OntologyEntry, false);
    }
    push(concept, words, rank, natural);
}

/// `Heart, Lungs, and Vessels` is a list, no inversion.
fn is_conjunction(part: &str) -> bool {
    part.starts_with("and ") || part.starts_with("or ") || part.starts_with("&")
}

/// Adds what people say for neoplasms: `lung neoplasm` is also lung cancer, lung tumor, cancer of the lung.
pub fn cancer(concept: &mut Concept) {
    if !concept.trees.iter().any(|tree| tree.starts_with("C04")) {
        return;
    }
    let sites: Vec<String> = concept
        .names
        .iter()
        .filter(|name| name.natural)
        .filter_map(|name| name.words.strip_suffix(" neoplasm"))
        .filter(|site| !["benign", "experimental", "multiple", "precancerous"].contains(site))
        .map(str::to_owned)
        .collect();
    for site in sites {
        for word in ["cancer", "tumor", "malignancy"] {
            push(concept, format!("{site} {word}"), Rank::Derived, true);
            push(concept, format!("malignant {site} {word}"), Rank::Derived, true);
            if !site.contains(' ') {
                push(concept, format!("{word} of {site}"), Rank::Derived, true);
                push(concept, format!("{word} of the {site}"), Rank::Derived, true);
            }
        }
        push(concept, format!("malignant {site} neoplasm"), Rank::Derived, true);
    }
}

fn push(concept: &mut Concept, words: String, rank: Rank, natural: bool) {
    if words.is_empty() || words.split(' ').count() > MOST_WORDS || words.len() == 1 {
        return;
    }
    match concept.names.iter_mut().find(|name| name.words == words) {
        Some(name) => {
            name.rank = name.rank.min(rank);
            name.natural |= natural;
        }
        None => concept.names.push(Name { words, rank, natural }),
    }
}
