//! A query with every name looked up and every value read: what the index runs.

use jiff::civil::Date;
use model::{Piece, StudyId, WeightedPiece};
use vocabulary::ConceptId;

use crate::typed::{Coverage, Expansion};

/// A resolved query. Contexts (`AREA`, `COVERAGE`, `EXPANSION`) have been pushed down to the leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// Every study.
    All,
    /// Alternatives.
    Or(Vec<Resolved>),
    /// Parts that must all hold.
    And(Vec<Resolved>),
    /// Everything else.
    Not(Box<Resolved>),
    /// All parts inside must hold in the same site (`SEARCH[Location]`).
    InOneSite(Box<Resolved>),
    /// The same set, lower ranked where this ordered piece is low (older, smaller).
    Tilt(&'static Piece, Box<Resolved>),
    /// Words in text pieces.
    Text(TextMatch),
    /// An enumeration piece has one of these wire values.
    Enum(&'static Piece, Vec<&'static str>),
    /// A boolean piece has this value.
    Bool(&'static Piece, bool),
    /// A date piece overlaps these days, ends included; `None` is open.
    Dates(&'static Piece, Option<Date>, Option<Date>),
    /// A number piece lies between these, ends included; `-inf`/`inf` are open.
    Numbers(&'static Piece, f64, f64),
    /// An age or duration piece lies between these, in minutes, ends included.
    Times(&'static Piece, f64, f64),
    /// A text piece lies between these in normal form, ends included; `None` is open.
    Texts(&'static Piece, Option<String>, Option<String>),
    /// The list behind a piece has between so many elements.
    Size(&'static Piece, f64, f64),
    /// None of these pieces has a value.
    Missing(Vec<&'static Piece>),
    /// A site with a geo point lies within the circle.
    Near(Circle),
    /// One of these ids, current or alias.
    Ids(Vec<StudyId>),
}

/// A circle on the globe.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// Radius in kilometres.
    pub km: f64,
}

/// Words to be found in some pieces.
#[derive(Clone, Debug, PartialEq)]
pub struct TextMatch {
    /// Where, and how much a hit there counts.
    pub pieces: Vec<WeightedPiece>,
    /// How much of the value must be covered.
    pub coverage: Coverage,
    /// How far the words may be stretched. A phrase never has `Relaxation` or `Lossy`: it has `Concept` then.
    pub expansion: Expansion,
    /// The words as typed, for `Expansion::None`, highlights and explanations.
    pub text: String,
    /// The words cut into concepts and single words, in order.
    pub segments: Vec<Segment>,
}

/// Part of a term: the words of one concept, or one word that belongs to none.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Normal forms, as in the index.
    pub words: Vec<String>,
    /// The concept they name, if expansion reaches that far.
    pub concept: Option<ConceptId>,
    /// The other names of the concept, each as normal forms; without the words themselves. They count only in pieces
    /// that take synonyms ([`Piece::synonyms`]); where no piece of the match does, there are none.
    pub synonyms: Vec<Vec<String>>,
}

/// What one search asks of the index.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// What ranks (`query.*`).
    pub query: Resolved,
    /// What only restricts (`filter.*`, `aggFilters`); `All` if nothing does.
    pub filter: Resolved,
    /// Order; empty: by relevance, then last update, then id.
    pub sort: Vec<SortKey>,
    /// Relevance falls with distance from the centre of the geo filter.
    pub decay: Option<GeoDecay>,
    /// Only studies of ClinicalTrials.gov.
    pub only_nct: bool,
}

/// One key of an order. Missing values stand last either way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SortKey {
    /// What to order by.
    pub by: SortBy,
    /// Largest, newest first.
    pub descending: bool,
}

/// What a result can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SortBy {
    /// The score.
    Relevance,
    /// A date, number or time.
    Piece(&'static Piece),
}

/// Weight of a study by the distance of its nearest site (registry: `geoDecay`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeoDecay {
    /// The centre and radius of the filter.
    pub circle: Circle,
    /// Shape of the curve.
    pub shape: DecayShape,
    /// Kilometres beyond the offset at which the weight is `decay`.
    pub scale_km: f64,
    /// Kilometres without any loss.
    pub offset_km: f64,
    /// The weight at `scale`.
    pub decay: f64,
}

/// Shape of a decay curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecayShape {
    /// `e^(ln(decay)/scale * d)`.
    Exponential,
    /// `e^(ln(decay)/scale^2 * d^2)`.
    Gaussian,
    /// `max(0, (s - d)/s)` with `s = scale/(1 - decay)`.
    Linear,
}
