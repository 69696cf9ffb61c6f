//! The embedded tables, as `build/compile.rs` writes them: little-endian rows of `u32`, and text.
//!
//! They are read in place; nothing is built at start.

use crate::concept::ConceptId;

static CONCEPTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/concepts"));
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/text"));
/// Nodes by concept, and per concept where its own begin.
static NODES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/nodes"));
static NODE_STARTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/node_starts"));
static TREE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/tree"));

/// The row of a concept, by binary search.
pub fn place(id: ConceptId) -> Option<usize> {
    // The last row only closes the text of the one before it.
    let (mut low, mut high) = (0, rows(CONCEPTS) - 1);
    while low < high {
        let middle = low.midpoint(high);
        match cell(CONCEPTS, middle, 0).cmp(&id.0) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The concept of a row.
pub fn id(place: usize) -> ConceptId {
    ConceptId(cell(CONCEPTS, place, 0))
}

/// The printed name of the concept of a row.
pub fn name(place: usize) -> Option<&'static str> {
    TEXT.get(cell(CONCEPTS, place, 1) as usize..cell(CONCEPTS, place, 2) as usize)
}

/// The normal names of the concept of a row, between bars.
pub fn synonyms(place: usize) -> Option<&'static str> {
    TEXT.get(cell(CONCEPTS, place, 2) as usize..cell(CONCEPTS, place + 1, 1) as usize)
}

/// The tree nodes of the concept of a row, in the order of tree numbers.
pub fn nodes_of(place: usize) -> impl Iterator<Item = usize> {
    let start = |place: usize| number(NODE_STARTS, place) as usize;
    (start(place)..start(place + 1)).map(|at| number(NODES, at) as usize)
}

/// A node and the nodes above it.
pub fn upwards(node: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(Some(node), |&node| {
        let parent = cell(TREE, node, 1);
        (parent != u32::MAX).then_some(parent as usize)
    })
}

/// The nodes below a node: in the order of tree numbers they follow it.
pub fn below(node: usize) -> impl Iterator<Item = usize> {
    (node + 1..rows(TREE)).take_while(move |&other| {
        let parent = cell(TREE, other, 1);
        parent != u32::MAX && parent as usize >= node
    })
}

/// The concept of a node.
pub fn concept_of(node: usize) -> ConceptId {
    id(cell(TREE, node, 0) as usize)
}

/// The last part of a node's tree number: `520` of `C04.588.894.797.520`.
pub fn last_part(node: usize) -> &'static str {
    let at = (node * 3 + 2) * 4;
    let part = &TREE[at..at + 4];
    let len = part.iter().position(|&b| b == 0).unwrap_or(4);
    std::str::from_utf8(&part[..len]).unwrap_or_default()
}

/// How many rows of three cells a table has.
fn rows(table: &[u8]) -> usize {
    table.len() / 12
}

fn cell(table: &[u8], row: usize, column: usize) -> u32 {
    number(table, row * 3 + column)
}

/// A number of a table of numbers.
fn number(table: &[u8], at: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&table[at * 4..at * 4 + 4]);
    u32::from_le_bytes(bytes)
}
