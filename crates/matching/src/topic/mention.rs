//! Mentions of concepts in words, and which words tell anything.

use std::ops::Range;

use vocabulary::{Category, ConceptId, Word, is_stop_word, longest};

use super::Settings;

/// A mention of a concept, or a word that belongs to none.
pub struct Mention {
    /// The words.
    pub words: Range<usize>,
    /// The concept.
    pub concept: Option<ConceptId>,
}

/// The longest names of concepts, left to right, and single words between them.
pub fn mentions(words: &[Word]) -> Vec<Mention> {
    let prints: Vec<u64> = words.iter().map(|w| vocabulary::fingerprint(w.norm.as_bytes())).collect();
    let mut mentions = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let found = longest(&prints[at..]).filter(|(len, _)| *len > 1 || tells(&words[at].norm));
        let found = found.or_else(|| of_adjective(&words[at].norm).map(|concept| (1, concept)));
        let (len, concept) = found.map_or((1, None), |(len, concept)| (len, Some(concept)));
        mentions.push(Mention { words: at..at + len, concept });
        at += len;
    }
    mentions
}

/// What an adjective says that somebody has.
fn of_adjective(norm: &str) -> Option<ConceptId> {
    let at = ADJECTIVES.binary_search_by_key(&norm, |row| row.0).ok()?;
    vocabulary::by_name(ADJECTIVES[at].1)
}

/// Adjectives of people and the headings that they mean, sorted. Those of signs (`febrile`) are no more than words: such a
/// sign is seldom what a study is about.
static ADJECTIVES: &[(&str, &str)] = &[
    ("anemic", "Anemia"),
    ("anxious", "Anxiety"),
    ("asthmatic", "Asthma"),
    ("cirrhotic", "Liver Cirrhosis"),
    ("constipated", "Constipation"),
    ("cyanotic", "Cyanosis"),
    ("dehydrated", "Dehydration"),
    ("demented", "Dementia"),
    ("depressed", "Depression"),
    ("diabetic", "Diabetes Mellitus"),
    ("dyspneic", "Dyspnea"),
    ("epileptic", "Epilepsy"),
    ("hyperglycemic", "Hyperglycemia"),
    ("hypertensive", "Hypertension"),
    ("hypoglycemic", "Hypoglycemia"),
    ("hypothyroid", "Hypothyroidism"),
    ("hypoxic", "Hypoxia"),
    ("icteric", "Jaundice"),
    ("infertile", "Infertility"),
    ("jaundiced", "Jaundice"),
    ("neutropenic", "Neutropenia"),
    ("obese", "Obesity"),
    ("osteoporotic", "Osteoporosis"),
    ("paraplegic", "Paraplegia"),
    ("pregnant", "Pregnancy"),
    ("psychotic", "Psychotic Disorders"),
    ("quadriplegic", "Quadriplegia"),
    ("schizophrenic", "Schizophrenia"),
    ("septic", "Sepsis"),
    ("suicidal", "Suicidal Ideation"),
    ("thrombocytopenic", "Thrombocytopenia"),
];

/// How much a mention counts by what it names.
pub fn weight(concept: Option<ConceptId>, settings: &Settings) -> f32 {
    let Some(concept) = concept else { return settings.plain };
    match vocabulary::category(concept) {
        Category::Disease => settings.disease,
        Category::Sign => settings.sign,
        Category::Chemical | Category::ChemicalAction => settings.chemical,
        Category::Procedure => settings.procedure,
        Category::Diagnostic => settings.diagnostic,
        Category::Anatomy => settings.anatomy,
        Category::Organism => settings.organism,
        Category::Behaviour | Category::Other => settings.other,
    }
}

/// Whether a word may be looked for: no number, no word that stands in every note.
pub fn tells(norm: &str) -> bool {
    norm.len() > 1
        && !is_stop_word(norm)
        && !norm.starts_with(|c: char| c.is_ascii_digit())
        && NARRATIVE.binary_search(&norm).is_err()
}

/// Words of every note that say nothing of its topic, sorted.
static NARRATIVE: &[&str] = &[
    "able",
    "about",
    "acid",
    "admission",
    "admitted",
    "after",
    "age",
    "ago",
    "all",
    "also",
    "although",
    "any",
    "appear",
    "appointment",
    "associated",
    "be",
    "because",
    "been",
    "before",
    "began",
    "below",
    "brought",
    "but",
    "can",
    "care",
    "child",
    "clinic",
    "complain",
    "complained",
    "complaining",
    "complaint",
    "current",
    "currently",
    "daily",
    "daughter",
    "day",
    "demonstrated",
    "denied",
    "denies",
    "deny",
    "department",
    "describe",
    "developed",
    "did",
    "discharge",
    "discharged",
    "doctor",
    "drink",
    "due",
    "during",
    "emergency",
    "er",
    "evaluation",
    "examination",
    "family",
    "felt",
    "few",
    "finding",
    "following",
    "found",
    "further",
    "given",
    "go",
    "had",
    "has",
    "have",
    "he",
    "her",
    "him",
    "his",
    "history",
    "home",
    "hospital",
    "hour",
    "husband",
    "if",
    "initially",
    "is",
    "it",
    "job",
    "known",
    "lab",
    "laboratory",
    "last",
    "later",
    "left",
    "level",
    "live",
    "many",
    "married",
    "medical",
    "medication",
    "mg",
    "month",
    "more",
    "most",
    "new",
    "night",
    "no",
    "noncontributory",
    "normal",
    "not",
    "note",
    "noted",
    "noticed",
    "now",
    "office",
    "old",
    "one",
    "only",
    "other",
    "otherwise",
    "out",
    "over",
    "past",
    "patient",
    "per",
    "performed",
    "physical",
    "physician",
    "positive",
    "present",
    "presented",
    "presenting",
    "presents",
    "previou",
    "previous",
    "prior",
    "pt",
    "put",
    "recent",
    "recently",
    "referred",
    "remarkable",
    "report",
    "reported",
    "result",
    "revealed",
    "right",
    "room",
    "said",
    "say",
    "school",
    "seen",
    "several",
    "she",
    "show",
    "showed",
    "significant",
    "since",
    "sister",
    "smoke",
    "so",
    "some",
    "son",
    "start",
    "started",
    "state",
    "still",
    "such",
    "take",
    "taken",
    "taking",
    "test",
    "than",
    "that",
    "their",
    "then",
    "there",
    "these",
    "they",
    "this",
    "three",
    "time",
    "today",
    "two",
    "unremarkable",
    "up",
    "use",
    "used",
    "using",
    "visit",
    "vital",
    "was",
    "week",
    "well",
    "were",
    "when",
    "which",
    "while",
    "who",
    "wife",
    "within",
    "year",
    "yesterday",
    "yo",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_words_is_sorted() {
        assert!(NARRATIVE.is_sorted());
    }

    #[test]
    fn adjectives_mean_headings() {
        assert!(ADJECTIVES.is_sorted_by_key(|row| row.0));
        let unknown: Vec<&str> =
            ADJECTIVES.iter().map(|row| row.1).filter(|name| vocabulary::by_name(name).is_none()).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }
}
