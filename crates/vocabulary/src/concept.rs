//! Concepts of MeSH: their names, and their places in its tree.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::analyzer::words;
use crate::{finder, table};

/// A concept of MeSH (`D008175`, `C582435`), packed: the number, with the highest bit set for a `C`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConceptId(pub u32);

/// The bit that marks a supplementary concept.
const SUPPLEMENTARY: u32 = 1 << 31;

/// The last descriptor and the last supplementary concept whose ids have six digits: in the tables of 2025 the
/// first ones with nine are D000066388 and C000588423.
const LAST_SHORT_DESCRIPTOR: u32 = 66_331;
const LAST_SHORT_SUPPLEMENTARY: u32 = 588_418;

impl ConceptId {
    /// Whether this is a supplementary concept (a drug, a rare disease), which has no place in the tree.
    pub fn is_supplementary(self) -> bool {
        self.0 & SUPPLEMENTARY != 0
    }
}

impl fmt::Display for ConceptId {
    /// With six digits the older ids, with nine the younger ones, as MeSH prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, number) =
            if self.is_supplementary() { ('C', self.0 ^ SUPPLEMENTARY) } else { ('D', self.0) };
        let last_short =
            if self.is_supplementary() { LAST_SHORT_SUPPLEMENTARY } else { LAST_SHORT_DESCRIPTOR };
        if number <= last_short { write!(f, "{kind}{number:06}") } else { write!(f, "{kind}{number:09}") }
    }
}

/// What is not the id of a concept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a MeSH id: D or C and six or nine digits, as in D008175")]
pub struct BadConceptId(pub String);

impl FromStr for ConceptId {
    type Err = BadConceptId;

    fn from_str(text: &str) -> Result<Self, BadConceptId> {
        let bad = || BadConceptId(text.chars().take(40).collect());
        let digits = text.get(1..).ok_or_else(bad)?;
        let plain = matches!(digits.len(), 6 | 9) && digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse::<u32>().ok().filter(|_| plain).ok_or_else(bad)?;
        match text.as_bytes()[0] {
            b'D' | b'd' => Ok(ConceptId(number)),
            b'C' | b'c' => Ok(ConceptId(number | SUPPLEMENTARY)),
            _ => Err(bad()),
        }
    }
}

/// The concept with this MeSH id, if it is in the tables.
pub fn by_mesh_id(id: &str) -> Option<ConceptId> {
    let id = id.parse().ok()?;
    table::place(id).map(|_| id)
}

/// The concept that has this name, in any spelling or number (`Lung Neoplasms`, `lung tumours`).
pub fn by_name(name: &str) -> Option<ConceptId> {
    let norms: Vec<String> = words(name).into_iter().map(|word| word.norm).collect();
    finder::whole(&norms)
}

/// The name of a concept as MeSH prints it.
pub fn name(id: ConceptId) -> Option<&'static str> {
    table::name(table::place(id)?)
}

/// All names of a concept as normal words in natural order, each once.
pub fn synonyms(id: ConceptId) -> Vec<Vec<String>> {
    let names = table::place(id).and_then(table::synonyms).unwrap_or_default();
    let names = names.split('|').filter(|name| !name.is_empty());
    names.map(|name| name.split(' ').map(str::to_owned).collect()).collect()
}

/// The places of a concept in the tree (`C04.588.894.797.520`), sorted; none for supplementary concepts.
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
/// before the rest, in the order of [`Category`]; supplementary concepts are diseases if MeSH maps them to one.
pub fn category(id: ConceptId) -> Category {
    // Asked often, of few concepts: the last one of each slot, and its category plus one.
    static KNOWN: [AtomicU64; 1 << 15] = [const { AtomicU64::new(0) }; 1 << 15];
    let slot = &KNOWN[(id.0.wrapping_mul(0x9E37_79B1) >> 17) as usize];
    let known = slot.load(Ordering::Relaxed);
    if known >> 8 == u64::from(id.0) && known & 0xFF != 0 {
        return Category::ALL[(known & 0xFF) as usize - 1];
    }
    let found = table::place(id).map_or(Category::Other, |place| category_of(id, place));
    slot.store(u64::from(id.0) << 8 | (found as u64 + 1), Ordering::Relaxed);
    found
}

fn category_of(id: ConceptId, place: usize) -> Category {
    if id.is_supplementary() {
        // Their headings are not in the tables: names of drugs outnumber those of diseases there by far.
        return Category::Chemical;
    }
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
    table::nodes_of(place).map(of_node).min_by_key(rank).unwrap_or(Category::Other)
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
