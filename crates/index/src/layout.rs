//! How a study lies in the index: one posting list for each (word, piece), columns for what has an order.
//!
//! Every site is a document of its own, followed by the document of its study, so that a city and a status can be
//! asked to meet in one site. All text lives in one field. A term is a word and the piece it stood in, word first:
//! the pieces of a word are neighbours in the term dictionary, and one seek finds them all. Beside words there are
//! concepts (`D008175` in a piece), whole values (for enumerations, countries, ids) and boundaries: a mark before
//! and after every value of a piece, which gives existence, number of values, `FullMatch`, `StartsWith` and
//! `EndsWith` without further structures.

use model::{Piece, piece};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, TextFieldIndexing, TextOptions,
};
use vocabulary::ConceptId;

/// Changes whenever an index written before could be misread; an index of another version is built anew.
pub const VERSION: &str = "trialist-index-5";

/// Between a word or concept and its piece.
const AFTER_WORD: char = '\u{1}';
/// Before a whole value: piece, then value.
const WHOLE: char = '\u{2}';
/// Before a concept.
const CONCEPT: char = '\u{3}';
/// Before a boundary.
const BOUNDARY: char = '\u{4}';
/// Pieces are written as private-use characters from here on.
const FIRST_PIECE: u32 = 0xE000;

/// Longest word kept, in bytes; what is longer is cut (no one searches for it whole).
const LONGEST_WORD: usize = 80;

fn piece_char(piece: &Piece) -> char {
    char::from_u32(FIRST_PIECE + u32::from(piece.id))
        .expect("the table of pieces is far shorter than the private-use area")
}

/// The piece whose character ends a term.
pub fn piece_at_end(term: &[u8]) -> Option<&'static Piece> {
    let tail = std::str::from_utf8(term.get(term.len().checked_sub(3)?..)?).ok()?;
    let id = u32::from(tail.chars().next()?).checked_sub(FIRST_PIECE)?;
    piece::by_id(u16::try_from(id).ok()?)
}

fn cut(word: &str) -> &str {
    &word[..word.floor_char_boundary(LONGEST_WORD)]
}

/// The term of a word in a piece, appended to `out`.
pub fn word(out: &mut String, word: &str, piece: &Piece) {
    out.push_str(cut(word));
    out.push(AFTER_WORD);
    out.push(piece_char(piece));
}

/// The term of a concept in a piece, appended to `out`.
pub fn concept(out: &mut String, concept: ConceptId, piece: &Piece) {
    use std::fmt::Write;
    let _ = write!(out, "{CONCEPT}{concept}{AFTER_WORD}");
    out.push(piece_char(piece));
}

/// The term of the marks around the values of a piece, appended to `out`.
pub fn boundary(out: &mut String, piece: &Piece) {
    out.push(BOUNDARY);
    out.push(piece_char(piece));
}

/// The term of a whole value, appended to `out`.
pub fn whole(out: &mut String, piece: &Piece, value: &str) {
    out.push(WHOLE);
    out.push(piece_char(piece));
    out.push_str(&value[..value.floor_char_boundary(200)]);
}

/// What all terms of a word begin with, whatever the piece.
pub fn word_prefix(word: &str) -> String {
    format!("{}{AFTER_WORD}", cut(word))
}

/// Makes what all terms of a word or concept begin with the term of a piece.
pub fn end_in(prefix: &mut String, piece: &Piece) {
    prefix.push(piece_char(piece));
}

/// What all terms of a concept begin with, whatever the piece.
pub fn concept_prefix(concept: ConceptId) -> String {
    format!("{CONCEPT}{concept}{AFTER_WORD}")
}

/// What the terms of all whole values of a piece begin with.
pub fn whole_prefix(piece: &Piece) -> String {
    format!("{WHOLE}{}", piece_char(piece))
}

/// The fields of the schema.
#[derive(Clone, Debug)]
pub struct Fields {
    /// The schema itself.
    pub schema: Schema,
    /// Number of the study (of the site's study, for a site).
    pub study: Field,
    /// 0 for a study, else the place of the site in the record, counted from 1.
    pub site: Field,
    /// Of a study: the other identifiers that its record names, as numbers.
    pub names: Field,
    /// All terms.
    pub text: Field,
    /// Millionths of a degree north and east, for sites with a point.
    pub point: [Field; 2],
    /// A column for each ordered piece, by id of the piece.
    pub columns: Vec<Option<Field>>,
}

/// Name of our tokenizer in the schema.
pub const TOKENIZER: &str = "trialist";

impl Fields {
    /// The schema, made from the table of pieces.
    pub fn new() -> Self {
        let mut schema = Schema::builder();
        let number = NumericOptions::default().set_fast();
        let study = schema.add_u64_field("study", INDEXED | FAST);
        let site = schema.add_u64_field("site", FAST);
        let names = schema.add_u64_field("names", FAST);
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let point = ["latitude", "longitude"].map(|name| schema.add_i64_field(name, number.clone()));
        let columns = piece::all()
            .iter()
            .map(|p| p.is_ordered().then(|| schema.add_i64_field(p.name, number.clone())))
            .collect();
        Self { schema: schema.build(), study, site, names, text, point, columns }
    }
}

impl Default for Fields {
    fn default() -> Self {
        Self::new()
    }
}

/// Pieces whose values are also kept whole: enumerations, booleans, ids, and what facets count.
pub fn keeps_whole(piece: &Piece) -> bool {
    use model::Kind;
    matches!(piece.kind, Kind::Enum(_) | Kind::Boolean)
        || matches!(
            piece.name,
            "LocationCountry"
                | "NCTIdAlias"
                | "ConditionMeshId"
                | "ConditionAncestorId"
                | "InterventionMeshId"
                | "InterventionAncestorId"
        )
}

/// A date in a column: the first day it may mean (days since 1970) times four, plus 0, 1 or 2 for day, month, year.
pub mod date {
    use jiff::civil::{Date, date};
    use model::PartialDate;

    fn days(day: Date) -> i64 {
        (day - date(1970, 1, 1)).get_days().into()
    }

    /// The number that stands for a date.
    pub fn encode(value: PartialDate) -> i64 {
        let precision = match (value.month(), value.day()) {
            (None, _) => 2,
            (_, None) => 1,
            _ => 0,
        };
        days(value.first_day()) * 4 + precision
    }

    /// First and last day, in days since 1970.
    pub fn span(code: i64) -> (i64, i64) {
        let first = code.div_euclid(4);
        let last = match code.rem_euclid(4) {
            0 => first,
            precision => {
                let day = date(1970, 1, 1).saturating_add(jiff::Span::new().days(first));
                days(if precision == 1 { day.last_of_month() } else { day.last_of_year() })
            }
        };
        (first, last)
    }

    /// A bound of a range, in days since 1970.
    pub fn day(value: Date) -> i64 {
        days(value)
    }

    /// The calendar year.
    pub fn year(code: i64) -> i16 {
        date(1970, 1, 1).saturating_add(jiff::Span::new().days(code.div_euclid(4))).year()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_end_in_their_piece() {
        let title = piece::known("BriefTitle");
        let mut term = String::new();
        word(&mut term, "lung", title);
        assert_eq!(piece_at_end(term.as_bytes()), Some(title));
        assert!(term.starts_with(&word_prefix("lung")));
        assert_eq!(piece_at_end(b"x"), None);
    }

    #[test]
    fn dates_keep_their_span() {
        for text in ["2022", "2022-02", "2022-02-03", "1955-12", "1899"] {
            let value: model::PartialDate = text.parse().unwrap();
            let code = date::encode(value);
            assert_eq!(
                date::span(code),
                (date::day(value.first_day()), date::day(value.last_day())),
                "{text}"
            );
            assert_eq!(date::year(code), value.year());
        }
    }
}
