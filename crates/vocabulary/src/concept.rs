//! Concepts of MeSH, Mondo, the Disease Ontology and the Human Phenotype Ontology: their names, and their places in one
//! tree. That is MeSH's; what it lacks hangs in it where its parents are.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::analyzer::words;
use crate::{finder, ids, table};

/// A concept, packed: `D008175` and `C582435` of MeSH, `MONDO:0005148`, `DOID:9352`, `HP:0002625`.
///
/// What several vocabularies have is one concept, with the id of the first of them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);

/// What a concept's id belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Vocabulary {
    /// Medical Subject Headings.
    Mesh,
    /// Mondo, the unified disease ontology.
    Mondo,
    /// The Disease Ontology.
    Doid,
    /// The Human Phenotype Ontology.
    Hp,
}

impl Vocabulary {
    /// The prefix of its ids in criteria and records: `mesh` of `mesh:D008175`.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Mesh => "mesh",
            Self::Mondo => "mondo",
            Self::Doid => "doid",
            Self::Hp => "hp",
        }
    }
}

/// The last descriptor and the last supplementary concept whose ids have six digits: in the tables of 2025 the
/// first ones with nine are D000066388 and C000588423.
const LAST_SHORT_DESCRIPTOR: u32 = 66_331;
const LAST_SHORT_SUPPLEMENTARY: u32 = 588_418;

impl ConceptId {
    /// The vocabulary its id belongs to.
    pub fn vocabulary(self) -> Vocabulary {
        match self.0 >> ids::BITS {
            1 => Vocabulary::Mondo,
            2 => Vocabulary::Doid,
            3 => Vocabulary::Hp,
            _ => Vocabulary::Mesh,
        }
    }

    /// The id with its vocabulary, as criteria write it: `mesh:D008175`, `mondo:0005148`, `hp:0002625`.
    pub fn curie(self) -> String {
        let id = self.to_string();
        match id.split_once(':') {
            Some((_, number)) => format!("{}:{number}", self.vocabulary().prefix()),
            None => format!("{}:{id}", self.vocabulary().prefix()),
        }
    }

    /// Whether this is a supplementary concept of MeSH: a drug, a rare disease.
    fn is_supplementary(self) -> bool {
        self.0 >> ids::BITS == 8
    }
}

impl fmt::Display for ConceptId {
    /// As the vocabulary prints it: with six digits the older ids of MeSH, with nine the younger ones.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let vocabulary = self.0 >> ids::BITS;
        let number = self.0 & (ids::PADDED - 1);
        let prefix = ids::PREFIXES.get(vocabulary as usize).copied().unwrap_or_default();
        let digits = match (self.vocabulary(), self.is_supplementary()) {
            (Vocabulary::Mesh, false) if number <= LAST_SHORT_DESCRIPTOR => 6,
            (Vocabulary::Mesh, true) if number <= LAST_SHORT_SUPPLEMENTARY => 6,
            (Vocabulary::Mesh, _) => 9,
            (Vocabulary::Doid, _) if self.0 & ids::PADDED == 0 => 1,
            _ => 7,
        };
        write!(f, "{prefix}{number:0digits$}")
    }
}

/// What is not the id of a concept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no id of a concept: of MeSH these are D or C and six or nine digits (D008175), of the ontologies MONDO:, \
     DOID: or HP: and digits (MONDO:0005148)"
)]
pub struct BadConceptId(pub String);

impl FromStr for ConceptId {
    type Err = BadConceptId;

    fn from_str(text: &str) -> Result<Self, BadConceptId> {
        ids::pack(text).map(ConceptId).ok_or_else(|| BadConceptId(text.chars().take(40).collect()))
    }
}

/// The concept with this id (`D008175`, `MONDO:0005148`), if it is in the tables.
pub fn by_id(id: &str) -> Option<ConceptId> {
    let id = id.parse().ok()?;
    table::place(id).map(|_| id)
}

/// The concept with this [`ConceptId::curie`], if it is in the tables.
pub fn by_curie(curie: &str) -> Option<ConceptId> {
    let (prefix, number) = curie.split_once(':')?;
    let id = if prefix == Vocabulary::Mesh.prefix() { by_id(number) } else { by_id(curie) };
    id.filter(|id| id.vocabulary().prefix() == prefix)
}

/// The concept that has this name, in any spelling or number (`Lung Neoplasms`, `lung tumours`).
pub fn by_name(name: &str) -> Option<ConceptId> {
    let norms: Vec<String> = words(name).into_iter().map(|word| word.norm).collect();
    finder::whole(&norms)
}

/// The name of a concept as its vocabulary prints it.
pub fn name(id: ConceptId) -> Option<&'static str> {
    table::name(table::place(id)?)
}

/// All names of a concept as normal words in natural order, each once.
pub fn synonyms(id: ConceptId) -> Vec<Vec<String>> {
    let names = table::place(id).and_then(table::synonyms).unwrap_or_default();
    let names = names.split('|').filter(|name| !name.is_empty());
    names.map(|name| name.split(' ').map(str::to_owned).collect()).collect()
}

/// The places of a concept in the tree (`C04.588.894.797.520`), sorted; none for supplementary concepts. Parts that begin
/// with a small letter are ours, for what MeSH's tree lacks.
pub fn tree_numbers(id: ConceptId) -> Vec<String> {
    let Some(place) = table::place(id) else { return Vec::new() };
    table::nodes_of(place).map(tree_number).collect()
}

fn tree_number(node: usize) -> String {
    let mut parts: Vec<&str> = table::upwards(node).map(table::last_part).collect();
    parts.reverse();
    parts.join(".")
}

/// What kind of thing a concept is, by its places in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Category {
    /// Anatomy (A).
    Anatomy,
    /// Organisms (B).
    Organism,
    /// Diseases and mental disorders (C, F03).
    Disease,
    /// Signs and symptoms (C23.888, C10.597).
    Sign,
    /// Drugs and chemicals (D).
    Chemical,
    /// Actions and uses of chemicals (D27).
    ChemicalAction,
    /// Diagnostic techniques (E01).
    Diagnostic,
    /// Therapeutics, anesthesia, surgery and other techniques (E02 to E07).
    Procedure,
    /// Behaviour and psychology (F01, F02, F04).
    Behaviour,
    /// Everything else: processes, groups of people, places, concepts of information.
    Other,
}

impl Category {
    /// All, in their order.
    const ALL: [Self; 10] = [
        Self::Anatomy,
        Self::Organism,
        Self::Disease,
        Self::Sign,
        Self::Chemical,
        Self::ChemicalAction,
        Self::Diagnostic,
        Self::Procedure,
        Self::Behaviour,
        Self::Other,
    ];
}

/// The kind of a concept. One that stands in several parts of the tree is a disease before it is a sign, and either
/// before the rest, in the order of [`Category`]; those without a place in MeSH's tree are
/// chemicals if they are MeSH's, diseases or signs if they are an ontology's.
pub fn category(id: ConceptId) -> Category {
    // Asked often, of few concepts: the last one of each slot, and its category plus one. The product has all of the id:
    // its upper bits are the slot, and the others are kept above the category.
    static KNOWN: [AtomicU32; 1 << 14] = [const { AtomicU32::new(0) }; 1 << 14];
    let product = id.0.wrapping_mul(0x9E37_79B1);
    let slot = &KNOWN[(product >> 18) as usize];
    let known = slot.load(Ordering::Relaxed);
    if known >> 8 == product & 0x3_FFFF && known & 0xFF != 0 {
        return Category::ALL[(known & 0xFF) as usize - 1];
    }
    let found = table::place(id).map_or(Category::Other, |place| category_of(id, place));
    slot.store((product & 0x3_FFFF) << 8 | (found as u32 + 1), Ordering::Relaxed);
    found
}

fn category_of(id: ConceptId, place: usize) -> Category {
    let of_node = |node: usize| {
        let mut parts: Vec<&str> = table::upwards(node).map(table::last_part).collect();
        parts.reverse();
        let second = parts.get(1).copied().unwrap_or_default();
        match (parts.first().copied().unwrap_or_default(), second) {
            ("C23", "888") | ("C10", "597") => Category::Sign,
            ("F03", _) => Category::Disease,
            ("D27", _) => Category::ChemicalAction,
            ("E01", _) => Category::Diagnostic,
            (head, _) => match head.as_bytes().first() {
                Some(b'A') => Category::Anatomy,
                Some(b'B') => Category::Organism,
                Some(b'C') => Category::Disease,
                Some(b'D') => Category::Chemical,
                Some(b'E') => Category::Procedure,
                Some(b'F') => Category::Behaviour,
                Some(b'a'..=b'z') => own_category(id),
                _ => Category::Other,
            },
        }
    };
    let rank = |category: &Category| match category {
        Category::Disease => 0,
        Category::Sign => 1,
        Category::ChemicalAction => 2,
        Category::Chemical => 3,
        other => 4 + *other as usize,
    };
    let found = table::nodes_of(place).map(of_node).min_by_key(rank);
    // Of MeSH's supplementary concepts those without a place are drugs and chemicals by far the most.
    found.unwrap_or(if id.is_supplementary() { Category::Chemical } else { Category::Other })
}

/// What the terms of a vocabulary are that has no tree of kinds.
fn own_category(id: ConceptId) -> Category {
    match id.vocabulary() {
        // MeSH's that hang at the top are rare diseases, known by an ontology.
        Vocabulary::Mesh | Vocabulary::Mondo | Vocabulary::Doid => Category::Disease,
        Vocabulary::Hp => Category::Sign,
    }
}

/// The broader concepts on all levels, sorted, without the category (`C`, Diseases) that heads the tree.
pub fn ancestors(id: ConceptId) -> Vec<ConceptId> {
    let Some(place) = table::place(id) else { return Vec::new() };
    let above = table::nodes_of(place).flat_map(|node| table::upwards(node).skip(1));
    collected(above, id)
}

/// The narrower concepts on all levels, sorted.
pub fn descendants(id: ConceptId) -> Vec<ConceptId> {
    let Some(place) = table::place(id) else { return Vec::new() };
    let below = table::nodes_of(place).flat_map(table::below);
    collected(below, id)
}

/// The concepts of some nodes, sorted, each once, `but` left out.
fn collected(nodes: impl Iterator<Item = usize>, but: ConceptId) -> Vec<ConceptId> {
    let mut ids: Vec<ConceptId> = nodes.map(table::concept_of).filter(|&id| id != but).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
