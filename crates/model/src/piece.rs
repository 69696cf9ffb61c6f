//! The one table of pieces: every field of the record, by name and by JSON path.
//!
//! It drives `AREA`, `fields`, sorting, statistics, conversion of the older formats and the index.
//! No list of fields stands beside it. Source: the registry's Study Data Structure, December 2025.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    ops::ControlFlow,
    sync::LazyLock,
};

use serde_json::Value;

use crate::enums::{self, EnumType};

/// A field of the record.
#[derive(Debug)]
pub struct Piece {
    /// Place in the table; stable within one build only.
    pub id: u16,
    /// The registry's name: `BriefTitle`.
    pub name: &'static str,
    /// Dotted JSON path without list indices: `protocolSection.identificationModule.briefTitle`.
    pub path: &'static str,
    /// Its keys.
    keys: Vec<&'static str>,
    /// The registry's name of the type, without `[]`.
    pub type_name: &'static str,
    /// What a value is.
    pub kind: Kind,
    /// Whether the value itself is a list.
    pub list: bool,
    /// Whether searches in it use synonyms.
    pub synonyms: bool,
    /// Searchable but never part of a record: counters, years, country code.
    pub indexed_only: bool,
    /// Label of the field.
    pub title: &'static str,
}

/// What the values of a piece are.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// An object with pieces of its own.
    Branch,
    /// Plain text.
    Text,
    /// CommonMark with backslash escapes.
    Markup,
    /// One of the values of an enumeration.
    Enum(&'static EnumType),
    /// true or false.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// A date, possibly partial, possibly with a time.
    Date,
    /// An age or duration with a unit.
    Time,
    /// `{lat, lon}`.
    GeoPoint,
}

impl Kind {
    /// Whether values are text: plain or markup.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Markup)
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl Eq for Piece {}

impl Piece {
    /// Whether it holds values itself.
    pub fn is_leaf(&self) -> bool {
        !matches!(self.kind, Kind::Branch)
    }

    /// Whether it lies inside a location, the only nested element (`SEARCH[Location]`).
    pub fn in_location(&self) -> bool {
        self.path.strip_prefix(LOCATIONS).is_some_and(|rest| rest.starts_with('.'))
    }

    /// Whether its values have an order: numbers, dates and times. Only such pieces can be sorted by, ranged over, tilted.
    pub fn is_ordered(&self) -> bool {
        matches!(self.kind, Kind::Integer | Kind::Number | Kind::Date | Kind::Time)
    }

    /// The last segment of the path: the JSON key.
    pub fn key(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// Every value of the piece in a record, in order, lists flattened.
    pub fn values<'v>(&self, study: &'v Value) -> Vec<&'v Value> {
        let mut out = Vec::new();
        self.each(study, &mut |value| {
            out.push(value);
            ControlFlow::Continue(())
        });
        out
    }

    /// The first value in a record.
    pub fn first<'v>(&self, study: &'v Value) -> Option<&'v Value> {
        let mut found = None;
        self.each(study, &mut |value| {
            found = Some(value);
            ControlFlow::Break(())
        });
        found
    }

    /// Shows the values in order, until there are enough.
    fn each<'v>(&self, study: &'v Value, visit: &mut dyn FnMut(&'v Value) -> ControlFlow<()>) {
        let _ = below(&self.keys, study, visit);
    }

    /// The first text value in a record.
    pub fn text<'v>(&self, study: &'v Value) -> Option<&'v str> {
        self.first(study)?.as_str()
    }
}

/// Shows the values at some keys below a value, lists flattened.
fn below<'v>(
    keys: &[&str],
    value: &'v Value,
    visit: &mut dyn FnMut(&'v Value) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let Some((key, rest)) = keys.split_first() else { return visit(value) };
    let Some(inner) = member(value, key) else { return ControlFlow::Continue(()) };
    flatten(inner).try_for_each(|inner| below(rest, inner, visit))
}

/// The value of a key. Objects of records are small: comparing their keys is quicker than a hash of the one in question.
fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    const SMALL: usize = 24;
    let map = value.as_object()?;
    if map.len() > SMALL {
        return map.get(key);
    }
    map.iter().find(|(known, _)| *known == key).map(|(_, inner)| inner)
}

fn flatten(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Array(items) => items.iter(),
        other => std::slice::from_ref(other).iter(),
    }
}

/// Path of the list of sites.
pub const LOCATIONS: &str = "protocolSection.contactsLocationsModule.locations";

const TABLE: &str = include_str!("../data/pieces.tsv");

static PIECES: LazyLock<Vec<Piece>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|l| !l.starts_with('#')).skip(1);
    rows.enumerate()
        .map(|(id, line)| {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let [name, path, type_name, is_enum, synonyms, indexed_only, _nested, title] = cells[..] else {
                panic!("pieces.tsv: `{line}`")
            };
            let (type_name, list) = match type_name.strip_suffix("[]") {
                Some(inner) => (inner, true),
                None => (type_name, false),
            };
            let kind = kind_of(type_name, is_enum == "1");
            let yes = |cell: &str| cell == "1";
            Piece {
                id: id as u16,
                name,
                path,
                keys: path.split('.').collect(),
                type_name,
                kind,
                list,
                synonyms: yes(synonyms),
                indexed_only: yes(indexed_only),
                title,
            }
        })
        .collect()
});

fn kind_of(type_name: &str, is_enum: bool) -> Kind {
    if is_enum {
        return Kind::Enum(
            enums::by_name(type_name).unwrap_or_else(|| panic!("no enumeration `{type_name}`")),
        );
    }
    match type_name {
        "text" | "keyword" | "type" | "GeoName" | "nct" => Kind::Text,
        "markup" => Kind::Markup,
        "boolean" => Kind::Boolean,
        "short" | "integer" | "long" => Kind::Integer,
        "number" => Kind::Number,
        "PartialDate" | "NormalizedDate" | "DateTimeMinutes" => Kind::Date,
        "NormalizedTime" => Kind::Time,
        "GeoPoint" => Kind::GeoPoint,
        _ => Kind::Branch,
    }
}

static BY_NAME: LazyLock<HashMap<&'static str, &'static Piece, BuildHasherDefault<Fnv>>> =
    LazyLock::new(|| PIECES.iter().map(|p| (p.name, p)).collect());

static BY_PATH: LazyLock<HashMap<&'static str, &'static Piece>> =
    LazyLock::new(|| PIECES.iter().map(|p| (p.path, p)).collect());

/// All pieces in the order of the data structure.
pub fn all() -> &'static [Piece] {
    &PIECES
}

/// The piece with this place in the table.
pub fn by_id(id: u16) -> Option<&'static Piece> {
    PIECES.get(usize::from(id))
}

/// The piece of this name; case counts, as it does upstream.
pub fn by_name(name: &str) -> Option<&'static Piece> {
    BY_NAME.get(name).copied()
}

/// The piece at this JSON path.
pub fn by_path(path: &str) -> Option<&'static Piece> {
    BY_PATH.get(path).copied()
}

/// The piece of this name, which the caller knows to exist. A wrong name is a mistake in the program.
pub fn known(name: &str) -> &'static Piece {
    by_name(name).unwrap_or_else(|| panic!("no piece `{name}` in the table"))
}

/// Up to three names like this one, best first: for "did you mean".
pub fn near(name: &str) -> Vec<&'static str> {
    near_names(name, all().iter().map(|p| p.name))
}

/// Up to three of the names that look most like `name`.
pub fn near_names<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let wanted = name.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .map(|n| {
            let lower = n.to_lowercase();
            let contained = wanted.len() > 3 && (lower.contains(&wanted) || wanted.contains(&lower));
            (strsim::jaro_winkler(&wanted, &lower) + if contained { 0.1 } else { 0.0 }, n)
        })
        .filter(|(score, _)| *score > 0.82)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, n)| n).collect()
}

/// A value met on a walk through a record.
pub struct Leaf<'v> {
    /// The piece it belongs to.
    pub piece: &'static Piece,
    /// The value: never an array.
    pub value: &'v Value,
    /// Which element of the list of sites it lies in, counted from 0.
    pub site: Option<u32>,
}

/// A node of the tree of JSON keys.
#[derive(Default)]
struct Node {
    piece: Option<&'static Piece>,
    children: HashMap<&'static str, Node, BuildHasherDefault<Fnv>>,
}

/// Fowler-Noll-Vo (FNV-1a, 64 bits) for JSON keys: short, and looked up for every key of every record.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

static TREE: LazyLock<Node> = LazyLock::new(|| {
    let mut root = Node::default();
    for piece in all() {
        let mut node = &mut root;
        for key in piece.path.split('.') {
            node = node.children.entry(key).or_default();
        }
        node.piece = Some(piece);
    }
    root
});

/// Walks a record in its own order and shows every leaf value that a piece names. Unknown keys are passed over.
pub fn walk<'v>(study: &'v Value, visit: &mut dyn FnMut(Leaf<'v>)) {
    step(&TREE, study, None, visit);
}

fn step<'v>(node: &'static Node, value: &'v Value, site: Option<u32>, visit: &mut dyn FnMut(Leaf<'v>)) {
    match (value, node.piece) {
        (Value::Array(items), piece) => {
            let sites = piece.is_some_and(|p| p.path == LOCATIONS);
            for (i, item) in items.iter().enumerate() {
                step(node, item, if sites { Some(i as u32) } else { site }, visit);
            }
        }
        (_, Some(piece)) if piece.is_leaf() => visit(Leaf { piece, value, site }),
        (Value::Object(map), _) => {
            for (key, inner) in map {
                if let Some(child) = node.children.get(key.as_str()) {
                    step(child, inner, site, visit);
                }
            }
        }
        _ => {}
    }
}

/// The paths of keys in a record that no piece names.
pub fn unknown_keys(study: &Value) -> Vec<String> {
    let mut out = Vec::new();
    unknown_below(&TREE, study, &mut Vec::new(), &mut out);
    out
}

fn unknown_below<'v>(node: &'static Node, value: &'v Value, path: &mut Vec<&'v str>, out: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| unknown_below(node, item, path, out)),
        Value::Object(map) if !node.piece.is_some_and(Piece::is_leaf) => {
            for (key, inner) in map {
                path.push(key);
                match node.children.get(key.as_str()) {
                    Some(child) => unknown_below(child, inner, path, out),
                    None => {
                        let here = path.join(".");
                        if !out.contains(&here) {
                            out.push(here);
                        }
                    }
                }
                path.pop();
            }
        }
        _ => {}
    }
}

/// How long the list behind a piece is in a record: what `AREA[Phase:size]2` compares.
///
/// For a leaf inside lists it is the number of values; a missing list has size 0.
pub fn size(piece: &Piece, study: &Value) -> usize {
    piece.values(study).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(all().len(), 532);
        let mut names: Vec<_> = all().iter().map(|p| p.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 532, "names are unique");
        assert!(known("LocationCity").in_location());
        assert!(!known("Location").in_location());
        assert!(known("StartDate").is_ordered() && known("MinimumAge").is_ordered());
        assert!(matches!(known("Phase").kind, Kind::Enum(_)) && known("Phase").list);
    }

    #[test]
    fn walks_in_order_and_numbers_the_sites() {
        let study = json!({
            "protocolSection": {
                "conditionsModule": {"conditions": ["A", "B"]},
                "contactsLocationsModule": {"locations": [
                    {"city": "Bonn", "contacts": [{"name": "X"}]},
                    {"city": "Lyon", "geoPoint": {"lat": 1.0, "lon": 2.0}}]},
                "made up": {"x": 1}
            },
            "hasResults": false
        });
        let mut seen = Vec::new();
        walk(&study, &mut |leaf| seen.push((leaf.piece.name, leaf.value.to_string(), leaf.site)));
        let names: Vec<_> = seen.iter().map(|s| s.0).collect();
        assert_eq!(
            names,
            [
                "Condition",
                "Condition",
                "LocationCity",
                "LocationContactName",
                "LocationCity",
                "LocationGeoPoint",
                "HasResults"
            ]
        );
        assert_eq!(seen[4].2, Some(1));
        assert_eq!(unknown_keys(&study), ["protocolSection.made up"]);
        assert_eq!(size(known("Condition"), &study), 2);
    }

    #[test]
    fn suggests() {
        assert!(near("BreifTitle").contains(&"BriefTitle"));
        assert!(near("overallstatus").contains(&"OverallStatus"));
    }
}
