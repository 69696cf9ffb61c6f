//! A resolved query in canonical Essie: what was understood, for people to check.
//!
//! The text reads back as the same resolved query, whatever the default area.

use std::{
    fmt::{self, Display, Formatter},
    sync::LazyLock,
};

use jiff::civil::Date;
use model::{Age, AgeUnit, Piece, WeightedPiece, area, piece};

use crate::{
    Resolved,
    print::{escaped_words, quoted},
    resolved::TextMatch,
    scope::Scope,
    token::KEYWORDS,
    typed::{Bound, Coverage, Expansion, Name},
};

impl Display for Resolved {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::Or(parts) => join(f, parts, " OR "),
            Self::And(parts) => join(f, parts, " AND "),
            Self::Not(inner) => operand(f, "NOT ", inner),
            Self::InOneSite(inner) => operand(f, "SEARCH[Location]", inner),
            Self::Tilt(piece, inner) => operand(f, &format!("TILT[{}]", piece.name), inner),
            Self::Text(text) => text.fmt(f),
            Self::Enum(piece, values) => match values[..] {
                [value] => write!(f, "AREA[{}]{}", piece.name, enum_value(value)),
                _ => {
                    let values: Vec<String> = values.iter().map(|v| enum_value(v)).collect();
                    write!(f, "AREA[{}]({})", piece.name, values.join(" OR "))
                }
            },
            Self::Bool(piece, value) => write!(f, "AREA[{}]{value}", piece.name),
            Self::Dates(piece, lo, hi) => range(f, piece.name, day(lo), day(hi)),
            Self::Numbers(piece, lo, hi) => range(f, piece.name, number(*lo), number(*hi)),
            Self::Times(piece, lo, hi) => range(f, piece.name, time(*lo), time(*hi)),
            Self::Texts(piece, lo, hi) => range(f, piece.name, text_end(lo), text_end(hi)),
            Self::Size(piece, lo, hi) => range(f, &format!("{}:size", piece.name), number(*lo), number(*hi)),
            Self::Missing(pieces) => write!(f, "AREA[{}]MISSING", missing_name(pieces)),
            Self::Near(circle) => {
                write!(f, "AREA[LocationGeoPoint]DISTANCE[{},{},{}km]", circle.lat, circle.lon, circle.km)
            }
            Self::Ids(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                write!(f, "AREA[NCTId]({})", ids.join(", "))
            }
        }
    }
}

impl Display for TextMatch {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "AREA[{}]", area_name(&self.pieces))?;
        if self.coverage != Coverage::Contains {
            write!(f, "COVERAGE[{}]", self.coverage)?;
        }
        match self.expansion {
            Expansion::Relaxation => f.write_str(&escaped_words(&self.text)),
            Expansion::Lossy => write!(f, "EXPANSION[Lossy]{}", escaped_words(&self.text)),
            Expansion::Concept => f.write_str(&quoted(&self.text)),
            near => write!(f, "EXPANSION[{near}]{}", quoted(&self.text)),
        }
    }
}

fn join(f: &mut Formatter<'_>, parts: &[Resolved], between: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        operand(f, if i > 0 { between } else { "" }, part)?;
    }
    Ok(())
}

/// Writes what leads a part and the part, in parentheses if it has parts itself.
fn operand(f: &mut Formatter<'_>, lead: &str, part: &Resolved) -> fmt::Result {
    match part {
        Resolved::Or(_) | Resolved::And(_) => write!(f, "{lead}({part})"),
        _ => write!(f, "{lead}{part}"),
    }
}

fn range(f: &mut Formatter<'_>, name: &str, lo: Option<String>, hi: Option<String>) -> fmt::Result {
    let end = |text: Option<String>, open| text.map_or(open, |text| Bound::Value(Name { text, span: 0..0 }));
    let (lo, hi) = (end(lo, Bound::Min), end(hi, Bound::Max));
    write!(f, "AREA[{name}]RANGE[{lo}, {hi}]")
}

/// `ALL` is a value of `Sex`, and an operator unless it is quoted.
fn enum_value(value: &str) -> String {
    if KEYWORDS.contains(&value) { quoted(value) } else { value.to_owned() }
}

fn day(date: &Option<Date>) -> Option<String> {
    date.map(|d| d.to_string())
}

fn text_end(text: &Option<String>) -> Option<String> {
    text.clone()
}

fn number(value: f64) -> Option<String> {
    value.is_finite().then(|| value.to_string())
}

/// Minutes in the largest unit of which they are a whole number.
fn time(minutes: f64) -> Option<String> {
    use AgeUnit::{Days, Hours, Minutes, Months, Weeks, Years};
    if !minutes.is_finite() {
        return None;
    }
    let whole = [Years, Months, Weeks, Days, Hours].into_iter().find_map(|unit| {
        let age = Age { value: (minutes / unit.minutes()).round(), unit };
        // Exactly the same minutes, so that the text reads back as the same query; zero has no largest unit.
        (age.minutes() == minutes && age.value > 0.0).then_some(age)
    });
    Some(whole.unwrap_or(Age { value: minutes, unit: Minutes }).to_string())
}

/// Every name that can stand in `AREA`, with its pieces: single fields first, then branches, then areas. Made once, as
/// every search is described to know it again.
static SCOPES: LazyLock<Vec<Named>> = LazyLock::new(|| {
    let pieces = |leaves: bool| piece::all().iter().filter(move |p| p.is_leaf() == leaves).map(Scope::Piece);
    let scopes = pieces(true).chain(pieces(false)).chain(area::all().iter().map(Scope::Area));
    scopes.map(|scope| Named { scope, texts: scope.text_pieces(), values: scope.value_pieces() }).collect()
});

struct Named {
    scope: Scope,
    texts: Vec<WeightedPiece>,
    values: Vec<&'static Piece>,
}

/// The name of the piece, branch or area with these pieces.
fn area_name(pieces: &[WeightedPiece]) -> String {
    name_of(pieces, |named| &named.texts, |p| p.piece)
}

fn missing_name(pieces: &[&'static Piece]) -> String {
    name_of(pieces, |named| &named.values, |p| p)
}

/// The first scope that is exactly this; else, within a site, the first whose site pieces are.
fn name_of<T: PartialEq + 'static>(
    pieces: &[T],
    own: impl Fn(&'static Named) -> &'static [T],
    piece: impl Fn(&T) -> &'static Piece,
) -> String {
    let exact = || SCOPES.iter().find(|named| own(named) == pieces);
    let in_site = || SCOPES.iter().find(|n| own(n).iter().filter(|p| piece(p).in_location()).eq(pieces));
    let joined = || pieces.iter().map(|p| piece(p).name).collect::<Vec<_>>().join("+");
    exact().or_else(in_site).map_or_else(joined, |named| named.scope.name())
}
