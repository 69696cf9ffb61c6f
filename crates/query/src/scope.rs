//! Where a part of a query looks: a named piece, a named area, or the length of a list.

use model::{Area, Kind, Piece, WeightedPiece, area, piece};

use crate::{error::Fault, typed::Name};

/// Where to look.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scope {
    /// Several pieces with a weight each.
    Area(&'static Area),
    /// One field, or a branch of the record.
    Piece(&'static Piece),
    /// The length of the list behind a piece (`Phase:size`).
    Size(&'static Piece),
}

impl Scope {
    /// Looks up a name; case counts, as it does at the registry.
    pub fn by_name(name: &Name) -> Result<Self, Fault> {
        find(&name.text).ok_or_else(|| {
            let fault = Fault::new(name.span.clone(), format!("Unknown area name: `{}`", name.text));
            fault.near(near(&name.text))
        })
    }

    /// The name as it is written in a query.
    pub fn name(self) -> String {
        match self {
            Self::Area(area) => area.name.to_owned(),
            Self::Piece(piece) => piece.name.to_owned(),
            Self::Size(piece) => format!("{}:size", piece.name),
        }
    }

    /// The pieces in which words can be found, with their weights; for a branch the text leaves below it.
    pub fn text_pieces(self) -> Vec<WeightedPiece> {
        match self {
            Self::Area(area) => area.pieces.clone(),
            Self::Piece(piece) if piece.is_leaf() => vec![WeightedPiece { piece, weight: 1.0 }],
            Self::Piece(branch) => {
                let texts = leaves(branch).into_iter().filter(|p| is_text(p));
                texts.map(|piece| WeightedPiece { piece, weight: 1.0 }).collect()
            }
            Self::Size(_) => Vec::new(),
        }
    }

    /// The pieces that must all be without a value for the whole to be missing.
    pub fn value_pieces(self) -> Vec<&'static Piece> {
        match self {
            Self::Area(area) => area.pieces.iter().map(|p| p.piece).collect(),
            Self::Piece(piece) | Self::Size(piece) => leaves(piece),
        }
    }
}

fn find(name: &str) -> Option<Scope> {
    if let Some((piece, suffix)) = name.split_once(':') {
        return piece::by_name(piece).filter(|_| suffix == "size").map(Scope::Size);
    }
    piece::by_name(name).map(Scope::Piece).or_else(|| area::by_name(name).map(Scope::Area))
}

/// The names like this one: the same name in other letters alone, else the closest ones.
fn near(name: &str) -> Vec<&'static str> {
    let base = name.split(':').next().unwrap_or(name);
    let names = || piece::all().iter().map(|p| p.name).chain(area::all().iter().map(|a| a.name));
    let same: Vec<&str> = names().filter(|n| n.eq_ignore_ascii_case(base)).collect();
    if same.is_empty() { piece::near_names(base, names()) } else { same }
}

/// Whether a piece holds words.
pub(crate) fn is_text(piece: &Piece) -> bool {
    matches!(piece.kind, Kind::Text | Kind::Markup)
}

/// The leaves of the record at or below a piece. Counters and other derived fields are not the record's own: they
/// have values even where the branch is absent.
pub(crate) fn leaves(piece: &'static Piece) -> Vec<&'static Piece> {
    if piece.is_leaf() {
        return vec![piece];
    }
    let below = |p: &&Piece| p.path.strip_prefix(piece.path).is_some_and(|rest| rest.starts_with('.'));
    piece::all().iter().filter(|p| p.is_leaf() && !p.indexed_only).filter(below).collect()
}
