//! A resolved query in canonical Essie: what was understood, for people to check.
//!
//! The text reads back as the same resolved query, whatever the default area.

use std::fmt::{self, Display, Formatter};

use jiff::civil::Date;
use model::{Age, AgeUnit, Piece, WeightedPiece, area, piece};

use crate::{
    Resolved,
    print::{escaped_words, quoted},
    resolved::TextMatch,
    scope::Scope,
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
                [value] => write!(f, "AREA[{}]{value}", piece.name),
                _ => write!(f, "AREA[{}]({})", piece.name, values.join(" OR ")),
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

/// Every name that can stand in `AREA`, pieces first.
fn scopes() -> impl Iterator<Item = Scope> {
    let pieces = piece::all().iter().map(Scope::Piece);
    pieces.chain(area::all().iter().map(Scope::Area))
}

/// The name of the piece, branch or area with these pieces; within a site an area stands for its site pieces.
fn area_name(pieces: &[WeightedPiece]) -> String {
    if let [WeightedPiece { piece, .. }] = pieces
        && crate::scope::is_text(piece)
    {
        return piece.name.to_owned();
    }
    let same = |scope: &Scope| {
        let own = scope.text_pieces();
        own == pieces || own.iter().filter(|p| p.piece.in_location()).eq(pieces)
    };
    let joined = || pieces.iter().map(|p| p.piece.name).collect::<Vec<_>>().join("+");
    scopes().find(same).map_or_else(joined, Scope::name)
}

fn missing_name(pieces: &[&'static Piece]) -> String {
    let same = |scope: &Scope| {
        let own = scope.value_pieces();
        own == pieces || own.iter().filter(|p| p.in_location()).eq(pieces)
    };
    let joined = || pieces.iter().map(|p| p.name).collect::<Vec<_>>().join("+");
    match pieces {
        [piece] => piece.name.to_owned(),
        _ => scopes().find(same).map_or_else(joined, Scope::name),
    }
}
