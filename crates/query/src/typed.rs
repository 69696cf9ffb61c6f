//! A query as it was typed: nothing looked up, nothing decided, every part with its place.

use std::ops::Range;

/// A part of a query and the bytes of the text it stands at.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it stands in the text.
    pub span: Range<usize>,
}

/// The grammar of Essie, as a tree.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Two or more alternatives.
    Or(Vec<Node>),
    /// Two or more parts that must all hold.
    And(Vec<Node>),
    /// Everything else.
    Not(Box<Node>),
    /// `AREA[name] x`: where to look; a piece, an area, or `Piece:size`.
    Area(Name, Box<Node>),
    /// `SEARCH[Study|Location] x`: what must meet in one element.
    Search(Name, Box<Node>),
    /// `COVERAGE[..] x`.
    Coverage(Coverage, Box<Node>),
    /// `EXPANSION[..] x`.
    Expansion(Expansion, Box<Node>),
    /// `TILT[field] x`.
    Tilt(Name, Box<Node>),
    /// Bare words, escapes undone: `heart attack` is one term of two words.
    Term(String),
    /// Words in double quotes, escapes undone.
    Phrase(String),
    /// `RANGE[lo, hi]`, ends included.
    Range(Bound, Bound),
    /// `DISTANCE[lat,lon,25mi]`.
    Distance(Distance),
    /// `MISSING`: the field has no value.
    Missing,
    /// `ALL`: every study.
    All,
    /// `a, b, c`: alternatives where all are NCT ids, otherwise all must hold.
    List(Vec<Node>),
}

/// A name in brackets and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The name as typed.
    pub text: String,
    /// Where it stands.
    pub span: Range<usize>,
}

/// One end of a range.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// `MIN`: no lower end.
    Min,
    /// `MAX`: no upper end.
    Max,
    /// A number, date, time or text, as typed.
    Value(Name),
}

/// A circle on the globe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Distance {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius as typed.
    pub radius: f64,
    /// Whether the radius is in miles (a number without a unit is in miles, as upstream).
    pub miles: bool,
}

impl Distance {
    /// The radius in kilometres.
    pub fn km(&self) -> f64 {
        if self.miles { self.radius * 1.609_344 } else { self.radius }
    }
}

/// How much of the field's value the term must cover.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// Any part of it.
    #[default]
    Contains,
    /// All of it.
    FullMatch,
    /// Its beginning.
    StartsWith,
    /// Its end.
    EndsWith,
}

/// How far the words of a term may be stretched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Expansion {
    /// Exactly these characters (runs of blanks are one).
    None,
    /// Also plurals, possessives, spelling variants; case, hyphens and accents do not count.
    Term,
    /// Also synonyms of the concepts in it.
    Concept,
    /// Also with the words apart.
    #[default]
    Relaxation,
    /// Also with words missing.
    Lossy,
}
