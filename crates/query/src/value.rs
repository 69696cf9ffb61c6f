//! Values of pieces as people type them: enumeration values, booleans, dates, numbers, ages; and ranges of them.

use std::ops::Range;

use jiff::civil::Date;
use model::{Age, Kind, PartialDate, Piece, enums::EnumType, piece::near_names};

use crate::{
    error::Fault,
    parse::decimal,
    resolved::Resolved,
    typed::{Bound, Name},
    words,
};

/// What a text means as the value of a piece that holds no text.
pub(crate) fn value(piece: &'static Piece, text: &str, span: &Range<usize>) -> Result<Resolved, Fault> {
    let name = Name { text: text.to_owned(), span: span.clone() };
    Ok(match piece.kind {
        Kind::Enum(kind) => Resolved::Enum(piece, enum_values(piece, kind, &name)?),
        Kind::Boolean => Resolved::Bool(piece, boolean(piece, &name)?),
        Kind::Integer | Kind::Number => {
            let number = number(piece.name, &name)?;
            Resolved::Numbers(piece, number, number)
        }
        Kind::Time => {
            let minutes = minutes(piece, &name)?;
            Resolved::Times(piece, minutes, minutes)
        }
        Kind::Date => {
            let date = date(piece, &name)?;
            Resolved::Dates(piece, Some(date.first_day()), Some(date.last_day()))
        }
        Kind::GeoPoint => {
            let message = format!("`{}` holds points: write DISTANCE[lat,lon,50km]", piece.name);
            return Err(Fault::new(span.clone(), message));
        }
        // Not reached by the resolver, which searches words in these.
        Kind::Branch | Kind::Text | Kind::Markup => {
            return Err(Fault::new(span.clone(), format!("`{}` holds text, not single values", piece.name)));
        }
    })
}

/// What `RANGE` means in a piece.
pub(crate) fn range(
    piece: &'static Piece,
    lo: &Bound,
    hi: &Bound,
    span: &Range<usize>,
) -> Result<Resolved, Fault> {
    check_ends(lo, hi, span)?;
    match piece.kind {
        Kind::Integer | Kind::Number => {
            let (lo, hi) = ends(lo, hi, span, |name| number(piece.name, name))?;
            Ok(Resolved::Numbers(piece, lo, hi))
        }
        Kind::Time => {
            let (lo, hi) = ends(lo, hi, span, |name| minutes(piece, name))?;
            Ok(Resolved::Times(piece, lo, hi))
        }
        Kind::Date => dates(piece, lo, hi, span),
        Kind::Text | Kind::Markup => texts(piece, lo, hi, span),
        Kind::Enum(_) | Kind::Boolean | Kind::GeoPoint | Kind::Branch => {
            let message =
                format!("RANGE needs a field with an order, and the values of `{}` have none", piece.name);
            let below = crate::scope::leaves(piece).into_iter().filter(|p| p.is_ordered()).take(3);
            Err(Fault::new(span.clone(), message).near(below.map(|p| p.name)))
        }
    }
}

/// What `RANGE` means for the length of a list.
pub(crate) fn size_range(
    piece: &'static Piece,
    lo: &Bound,
    hi: &Bound,
    span: &Range<usize>,
) -> Result<Resolved, Fault> {
    check_ends(lo, hi, span)?;
    let (lo, hi) = ends(lo, hi, span, |name| size(piece, name))?;
    Ok(Resolved::Size(piece, lo, hi))
}

/// The length of a list.
pub(crate) fn size(piece: &Piece, name: &Name) -> Result<f64, Fault> {
    number(&format!("{}:size", piece.name), name)
}

fn check_ends(lo: &Bound, hi: &Bound, span: &Range<usize>) -> Result<(), Fault> {
    if *lo == Bound::Max || *hi == Bound::Min {
        return Err(Fault::new(
            span.clone(),
            "MIN can only be the first end of a RANGE, MAX only the second",
        ));
    }
    Ok(())
}

fn backwards(span: &Range<usize>) -> Fault {
    Fault::new(span.clone(), "this RANGE ends before it begins")
}

/// Two ends as numbers; an open one is infinite.
fn ends(
    lo: &Bound,
    hi: &Bound,
    span: &Range<usize>,
    read: impl Fn(&Name) -> Result<f64, Fault>,
) -> Result<(f64, f64), Fault> {
    let one = |bound: &Bound, open| match bound {
        Bound::Value(name) => read(name),
        Bound::Min | Bound::Max => Ok(open),
    };
    let (lo, hi) = (one(lo, f64::NEG_INFINITY)?, one(hi, f64::INFINITY)?);
    if lo > hi { Err(backwards(span)) } else { Ok((lo, hi)) }
}

fn dates(piece: &'static Piece, lo: &Bound, hi: &Bound, span: &Range<usize>) -> Result<Resolved, Fault> {
    let one = |bound: &Bound, day: fn(PartialDate) -> Date| match bound {
        Bound::Value(name) => date(piece, name).map(|d| Some(day(d))),
        Bound::Min | Bound::Max => Ok(None),
    };
    let (lo, hi) = (one(lo, PartialDate::first_day)?, one(hi, PartialDate::last_day)?);
    if lo.zip(hi).is_some_and(|(lo, hi)| lo > hi) {
        return Err(backwards(span));
    }
    Ok(Resolved::Dates(piece, lo, hi))
}

fn texts(piece: &'static Piece, lo: &Bound, hi: &Bound, span: &Range<usize>) -> Result<Resolved, Fault> {
    let one = |bound: &Bound| match bound {
        Bound::Value(name) => Some(words::normal(&name.text).join(" ")),
        Bound::Min | Bound::Max => None,
    };
    let (lo, hi) = (one(lo), one(hi));
    if lo.as_ref().zip(hi.as_ref()).is_some_and(|(lo, hi)| lo > hi) {
        return Err(backwards(span));
    }
    Ok(Resolved::Texts(piece, lo, hi))
}

fn wrong(name: &Name, field: &str, what: &str) -> Fault {
    Fault::new(name.span.clone(), format!("`{}` is no value of `{field}`, which takes {what}", name.text))
}

fn date(piece: &Piece, name: &Name) -> Result<PartialDate, Fault> {
    let what = "a date, such as 2022, 2022-05, 2022-05-17 or 05/17/2022";
    name.text.parse().map_err(|_| wrong(name, piece.name, what))
}

fn number(field: &str, name: &Name) -> Result<f64, Fault> {
    decimal(&name.text).ok_or_else(|| wrong(name, field, "a number, such as 100"))
}

fn minutes(piece: &Piece, name: &Name) -> Result<f64, Fault> {
    let what = "a number and a unit, such as 18 years, 6 months or 18d";
    let age: Age = name.text.parse().map_err(|_| wrong(name, piece.name, what))?;
    Some(age.minutes()).filter(|m| m.is_finite()).ok_or_else(|| wrong(name, piece.name, what))
}

fn boolean(piece: &Piece, name: &Name) -> Result<bool, Fault> {
    match name.text.to_ascii_lowercase().as_str() {
        "true" | "yes" => Ok(true),
        "false" | "no" => Ok(false),
        _ => Err(wrong(name, piece.name, "true or false").near(["true", "false"])),
    }
}

/// The wire values that a text means: a wire value, or a label as this piece spells it; case does not count.
fn enum_values(piece: &Piece, kind: &EnumType, name: &Name) -> Result<Vec<&'static str>, Fault> {
    known_enum_values(piece, kind, &name.text).ok_or_else(|| {
        let values: Vec<&'static str> = kind.values.iter().map(|v| v.value).collect();
        let list: Vec<String> = values.iter().map(|v| format!("`{v}`")).collect();
        let message = format!("Allowed values for enum field `{}` are {}", piece.path, list.join(", "));
        let labels = kind.values.iter().map(|v| v.label);
        let mut near = near_names(&name.text, values.iter().copied());
        if near.is_empty() {
            // Labels have their own shape; what is offered is the wire value, which needs no quotes.
            let close = near_names(&name.text, labels);
            near = kind.values.iter().filter(|v| close.contains(&v.label)).map(|v| v.value).collect();
        }
        Fault::new(name.span.clone(), message).near(near)
    })
}

/// As [`enum_values`], without an error.
pub(crate) fn known_enum_values(piece: &Piece, kind: &EnumType, text: &str) -> Option<Vec<&'static str>> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let label = |v: &model::enums::EnumValue| {
        v.exceptions.iter().find(|e| e.0 == piece.name).map_or(v.label, |e| e.1)
    };
    let same = |other: &str| other.eq_ignore_ascii_case(&text);
    let exact: Vec<_> = kind.values.iter().filter(|v| same(v.value)).map(|v| v.value).collect();
    if !exact.is_empty() {
        return Some(exact);
    }
    let labelled: Vec<_> = kind.values.iter().filter(|v| same(label(v))).map(|v| v.value).collect();
    if !labelled.is_empty() {
        return Some(labelled);
    }
    kind.find(&text).map(|v| vec![v.value])
}
