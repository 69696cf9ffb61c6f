//! What facts are called, and of what they are a kind by their words.

use model::What;
use vocabulary::{Category, ConceptId, category, variable};

use super::below::INFECTIONS;

/// What a fact is called.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    /// The normal forms of its words.
    pub words: Vec<String>,
    /// The last words of its names before a preposition: what it is, where the others tell of which kind.
    pub heads: Vec<String>,
    /// The headings of MeSH that it is.
    pub headings: Vec<ConceptId>,
    /// Diseases and signs that it is a kind of: `Idiopathic atrophic hypothyroidism` is a hypothyroidism.
    pub kinds: Vec<ConceptId>,
}

/// Words (normal forms) that say that what the others name is not so, or only feared, looked for, or kept away.
const HEDGES: [&str; 28] = [
    "absence",
    "absent",
    "assessment",
    "concern",
    "contact",
    "counseling",
    "education",
    "exclude",
    "excluded",
    "exposure",
    "family",
    "fear",
    "immunization",
    "no",
    "not",
    "possible",
    "prevention",
    "probable",
    "prophylaxis",
    "risk",
    "screen",
    "screening",
    "suspect",
    "suspected",
    "suspicion",
    "vaccination",
    "vaccine",
    "without",
];

/// Words (normal forms) by which an inflammation is an infection.
const CAUSES: [&str; 5] = ["bacterial", "fungal", "infectious", "infective", "viral"];

/// Words behind which something else is named than what the fact is.
const PREPOSITIONS: [&str; 14] = [
    "after",
    "associated",
    "by",
    "complicating",
    "due",
    "during",
    "following",
    "for",
    "from",
    "in",
    "of",
    "on",
    "to",
    "with",
];

impl Names {
    pub fn of(what: &What) -> Self {
        let text = what.text.as_deref();
        let shown = what.codes.iter().filter_map(|coding| coding.display.as_deref());
        let names: Vec<&str> = text.into_iter().chain(shown).collect();
        let words: Vec<String> = names.iter().flat_map(|name| norms(name)).collect();
        let heads = names.iter().filter_map(|name| head(name)).collect();
        let named = what.concepts.iter().filter_map(|id| vocabulary::by_id(id));
        let mut headings: Vec<ConceptId> = named.collect();
        headings.extend(what.variable.iter().flat_map(|id| variable::headings(id)));
        headings.extend(text.and_then(vocabulary::by_name));
        let mut kinds = text.filter(|_| headings.is_empty()).map(kinds).unwrap_or_default();
        // `Acute viral pharyngitis`: by its cause.
        let is_disease = headings.iter().chain(&kinds).any(|id| category(*id) == Category::Disease);
        let caused = is_disease && words.iter().any(|word| CAUSES.contains(&word.as_str()));
        kinds.extend(INFECTIONS.filter(|_| caused));
        Self { words, heads, headings, kinds }
    }

    /// Whether the words say that what some of them name is so: they hedge nothing that those do not hedge themselves.
    pub fn says(&self, of: &[String]) -> bool {
        self.words.iter().all(|word| !HEDGES.contains(&word.as_str()) || of.contains(word))
    }
}

/// The normal form of the last word of a name before its first preposition, bracket or comma.
pub(super) fn head(name: &str) -> Option<String> {
    let plain = name.split(['(', ',', ';']).next().unwrap_or_default();
    let is = |word: &str| PREPOSITIONS.iter().any(|one| word.eq_ignore_ascii_case(one));
    let words: Vec<&str> = plain.split_whitespace().take_while(|word| !is(word)).collect();
    norms(&words.join(" ")).pop()
}

/// The disease or sign that the end of a name tells, and the end of it before its first preposition: what stands in
/// front makes it narrower.
pub(super) fn kinds(text: &str) -> Vec<ConceptId> {
    let plain = text.split(['(', ',', ';']).next().unwrap_or_default();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is = |list: &[&str], word: &str| list.iter().any(|one| word.eq_ignore_ascii_case(one));
    if words.iter().any(|word| is(&HEDGES, word) || word.eq_ignore_ascii_case("history")) {
        return Vec::new();
    }
    let head = words.iter().position(|word| is(&PREPOSITIONS, word)).unwrap_or(words.len());
    // Each word between blanks is cut and normalized once; `non-Hodgkin` stays one of them.
    let cut: Vec<Vec<String>> = words[..head]
        .iter()
        .map(|word| vocabulary::words(word).into_iter().map(|word| word.norm).collect())
        .collect();
    let disease = |from: usize| {
        let heading = vocabulary::whole(&cut[from..].concat())?;
        matches!(category(heading), Category::Disease | Category::Sign).then_some(heading)
    };
    // The longest end that names something: `Hodgkin lymphoma` is not what `non-Hodgkin lymphoma` is.
    (0..head).find_map(disease).into_iter().collect()
}

/// The normal forms of the words of a text, but for those that say nothing on their own. A capital A behind a word names
/// one of several (`vitamin A`, `hepatitis A`).
pub(super) fn norms(text: &str) -> Vec<String> {
    let says = |word: &vocabulary::Word| {
        let letter = word.norm == "a" && word.range.start > 0 && text.get(word.range.clone()) == Some("A");
        letter || word.norm == "without" || !vocabulary::is_stop_word(&word.norm)
    };
    vocabulary::words(text).into_iter().filter(says).map(|word| word.norm).collect()
}
