//! Search areas: named groups of pieces with a weight each (`query.cond` searches `ConditionSearch`).

use std::sync::LazyLock;

use crate::piece::{self, Piece};

/// A named group of pieces, as the registry's Search Areas page lists them.
#[derive(Debug)]
pub struct Area {
    /// `ConditionSearch`.
    pub name: &'static str,
    /// The `query.*` parameter whose default it is (`cond`).
    pub param: Option<&'static str>,
    /// What the registry's site calls it (`Conditions or disease`).
    pub label: Option<&'static str>,
    /// The pieces, heaviest first.
    pub pieces: Vec<WeightedPiece>,
}

/// A piece within an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WeightedPiece {
    /// The piece.
    pub piece: &'static Piece,
    /// From 0.1 to 1: how much a hit there counts.
    pub weight: f32,
}

const TABLE: &str = include_str!("../data/areas.tsv");

static AREAS: LazyLock<Vec<Area>> = LazyLock::new(|| {
    let mut areas: Vec<Area> = Vec::new();
    for line in TABLE.lines().skip(2) {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [name, param, label, piece, weight] = cells[..] else { panic!("areas.tsv: `{line}`") };
        if areas.last().is_none_or(|a| a.name != name) {
            let some = |s: &'static str| (!s.is_empty()).then_some(s);
            areas.push(Area { name, param: some(param), label: some(label), pieces: Vec::new() });
        }
        let piece = piece::by_name(piece).unwrap_or_else(|| panic!("areas.tsv: no piece `{piece}`"));
        let weight = weight.parse().expect("areas.tsv: a weight is a number");
        areas.last_mut().expect("pushed above").pieces.push(WeightedPiece { piece, weight });
    }
    areas
});

/// All areas, in the registry's order.
pub fn all() -> &'static [Area] {
    &AREAS
}

/// The area of this name (case counts).
pub fn by_name(name: &str) -> Option<&'static Area> {
    AREAS.iter().find(|a| a.name == name)
}

/// The default area of a `query.*` parameter (`cond`, `term` ...). `lead` has none: it is a piece.
pub fn by_param(param: &str) -> Option<&'static Area> {
    AREAS.iter().find(|a| a.param == Some(param))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(all().len(), 19);
        let size = |name| by_name(name).unwrap().pieces.len();
        assert_eq!((size("ConditionSearch"), size("InterventionSearch"), size("BasicSearch")), (7, 12, 57));
        assert_eq!(by_param("patient").unwrap().name, "PatientSearch");
        assert!(all().iter().flat_map(|a| &a.pieces).all(|p| p.weight > 0.0 && p.weight <= 1.0));
    }
}
