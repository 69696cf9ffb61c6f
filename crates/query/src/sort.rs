//! `sort`: `Field[:asc|:desc]` or `@relevance`, two keys at most.

use std::ops::Range;

use model::{Kind, Piece, piece};

use crate::{
    QueryError,
    error::{Fault, whole},
    filter::items,
    resolved::{SortBy, SortKey},
};

/// How many keys an order may have, as at the registry.
const MOST: usize = 2;

/// Reads the whole parameter.
pub(crate) fn keys(text: &str) -> Result<Vec<SortKey>, QueryError> {
    let items = items(text);
    let read = |(i, (item, span)): (usize, &(&str, Range<usize>))| match i {
        MOST => Err(Fault::new(span.clone(), format!("Parameter `sort` takes {MOST} items at most"))),
        _ => key(item, i + 1, span),
    };
    let keys = whole(items.iter().take(MOST + 1).enumerate().map(read));
    keys.map_err(|fault| fault.of("sort", text))
}

fn key(item: &str, number: usize, span: &Range<usize>) -> Result<SortKey, Fault> {
    let (name, direction) = match item.split_once(':') {
        Some((name, direction)) => (name, Some(direction)),
        None => (item, None),
    };
    let letters = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric());
    if !(name == "@relevance" || letters(name)) || !matches!(direction, None | Some("asc" | "desc")) {
        let message = format!("Item {number} in parameter `sort` has incorrect format");
        return Err(Fault::new(span.clone(), message).near(["LastUpdatePostDate:desc", "@relevance"]));
    }
    let by = match name {
        "@relevance" => SortBy::Relevance,
        _ => SortBy::Piece(ordered(name, span)?),
    };
    let descending = direction.map_or_else(|| is_descending(by), |d| d == "desc");
    Ok(SortKey { by, descending })
}

fn ordered(name: &str, span: &Range<usize>) -> Result<&'static Piece, Fault> {
    let place = span.start..span.start + name.len();
    let Some(piece) = piece::by_name(name) else {
        let message = format!("Parameter `sort` contains invalid field name: `{name}`");
        let ordered = piece::all().iter().filter(|p| p.is_ordered()).map(|p| p.name);
        return Err(Fault::new(place, message).near(piece::near_names(name, ordered)));
    };
    if piece.is_ordered() {
        return Ok(piece);
    }
    let message = format!("Parameter `sort` takes dates, numbers and ages only, and `{name}` is none");
    Err(Fault::new(place, message))
}

/// The direction if none is given: best and newest first, numbers and ages from the smallest.
fn is_descending(by: SortBy) -> bool {
    match by {
        SortBy::Relevance => true,
        SortBy::Piece(piece) => matches!(piece.kind, Kind::Date),
    }
}
