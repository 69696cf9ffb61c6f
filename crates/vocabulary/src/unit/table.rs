//! The tables `units.tsv` and `unit-words.tsv`, read once on first use.

use std::sync::LazyLock;

use model::Decimal;

use super::{Dimension, Unit};
use crate::rows::{Map, tsv};

static UNITS: &str = include_str!("../../../../vocabulary/units.tsv");
static WORDS: &str = include_str!("../../../../vocabulary/unit-words.tsv");

/// A row of `units.tsv`.
pub struct Row {
    /// The UCUM spelling.
    pub unit: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Added to a value before the factor, for temperatures.
    pub offset: Decimal,
    /// The factor to the base of the dimension, as a fraction.
    pub numerator: Decimal,
    /// See `numerator`.
    pub denominator: Decimal,
}

struct Tables {
    rows: Vec<Row>,
    dimensions: Vec<&'static str>,
    exact: Map<Unit>,
    /// In lower case.
    folded: Map<Unit>,
    words: Map<&'static str>,
    folded_words: Map<&'static str>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

pub fn row(unit: Unit) -> &'static Row {
    &TABLES.rows[usize::from(unit.0)]
}

pub fn len() -> usize {
    TABLES.rows.len()
}

pub fn dimension(dimension: Dimension) -> &'static str {
    TABLES.dimensions[usize::from(dimension.0)]
}

/// The unit of a spelling without spaces, letter by letter; then in any case.
pub fn spelled(text: &[u8]) -> Option<Unit> {
    TABLES.exact.get(text).or_else(|| folded(text, &TABLES.folded)).copied()
}

/// The UCUM part of a written part.
pub fn word(text: &[u8]) -> Option<&'static str> {
    TABLES.words.get(text).or_else(|| folded(text, &TABLES.folded_words)).copied()
}

fn folded<'m, T>(text: &[u8], map: &'m Map<T>) -> Option<&'m T> {
    let mut lower = [0; super::read::LONGEST];
    let lower = lower.get_mut(..text.len())?;
    lower.copy_from_slice(text);
    lower.make_ascii_lowercase();
    map.get(lower)
}

impl Tables {
    fn read() -> Self {
        let mut tables = Self {
            rows: Vec::new(),
            dimensions: Vec::new(),
            exact: Map::new(),
            folded: Map::new(),
            words: Map::new(),
            folded_words: Map::new(),
        };
        for cells in tsv(UNITS) {
            tables.push(&cells);
        }
        // A canonical spelling in another case goes before any other spelling: `g/l` are grams, not `G/L`.
        for (number, row) in tables.rows.iter().enumerate() {
            tables.folded.insert(row.unit.to_ascii_lowercase().into_bytes(), Unit(number as u16));
        }
        for (number, cells) in tsv(UNITS).enumerate() {
            for spelling in cells.get(4).into_iter().flat_map(|cell| cell.split(';')) {
                tables.spelling(spelling, Unit(number as u16));
            }
        }
        for cells in tsv(WORDS) {
            for spelling in cells.get(1).into_iter().flat_map(|cell| cell.split(';')).chain([cells[0]]) {
                tables.words.insert(spelling.as_bytes().to_vec(), cells[0]);
                tables.folded_words.insert(spelling.to_ascii_lowercase().into_bytes(), cells[0]);
            }
        }
        tables
    }

    fn push(&mut self, cells: &[&'static str]) {
        let [unit, name, factor, offset, ..] = *cells else { return };
        let dimension = self.dimensions.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.dimensions.push(name);
            self.dimensions.len() - 1
        });
        let number = |text: &str| text.parse::<Decimal>().unwrap_or_default();
        let (numerator, denominator) = factor.split_once('/').unwrap_or((factor, "1"));
        self.exact.insert(unit.as_bytes().to_vec(), Unit(self.rows.len() as u16));
        self.rows.push(Row {
            unit,
            dimension: Dimension(dimension as u8),
            offset: number(offset),
            numerator: number(numerator),
            denominator: number(denominator),
        });
    }

    fn spelling(&mut self, spelling: &'static str, unit: Unit) {
        if spelling.is_empty() {
            return;
        }
        self.exact.insert(spelling.as_bytes().to_vec(), unit);
        // The case of one or two letters has a meaning (M, mM, K, D).
        if spelling.len() > 2 {
            self.folded.insert(spelling.to_ascii_lowercase().into_bytes(), unit);
        }
    }
}
