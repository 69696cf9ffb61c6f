//! The words of a study that a query found, with the text around them.

use std::collections::BTreeSet;

use model::{Piece, Study, markup};
use query::resolved::{Resolved, TextMatch};
use vocabulary::{Analyzer, ConceptId, Finder};

use crate::Highlight;

/// Length of a passage, in characters, when the value is longer.
const PASSAGE: usize = 220;

/// What to look for and where, heaviest pieces first.
struct Wanted {
    words: BTreeSet<String>,
    concepts: BTreeSet<ConceptId>,
    pieces: Vec<(&'static Piece, f32)>,
}

/// Finds passages; keeps its tables of words between studies.
#[derive(Default)]
pub struct Marker {
    analyzer: Analyzer,
    finder: Finder,
}

/// [`Marker::highlights`] with a marker of its own.
pub fn highlights(query: &Resolved, study: &Study, limit: usize) -> Vec<Highlight> {
    Marker::default().highlights(query, study, limit)
}

impl Marker {
    /// At most `limit` passages of the study in which words or concepts of the query stand, one a piece, heaviest
    /// first.
    pub fn highlights(&mut self, query: &Resolved, study: &Study, limit: usize) -> Vec<Highlight> {
        passages(query, study, limit, &mut self.analyzer, &mut self.finder)
    }
}

fn passages(
    query: &Resolved,
    study: &Study,
    limit: usize,
    analyzer: &mut Analyzer,
    finder: &mut Finder,
) -> Vec<Highlight> {
    let mut wanted = Wanted { words: BTreeSet::new(), concepts: BTreeSet::new(), pieces: Vec::new() };
    collect(query, &mut wanted);
    wanted.pieces.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.id.cmp(&b.0.id)));
    let mut out = Vec::new();
    for (piece, _) in &wanted.pieces {
        if out.len() >= limit {
            break;
        }
        let values = piece.values(study.json()).into_iter().filter_map(|v| v.as_str());
        let passages = values.map(|value| passage(piece, value, &wanted, analyzer, finder));
        out.extend(passages.flatten().next());
    }
    out
}

fn collect(query: &Resolved, wanted: &mut Wanted) {
    match query {
        Resolved::And(parts) | Resolved::Or(parts) => parts.iter().for_each(|p| collect(p, wanted)),
        Resolved::InOneSite(part) | Resolved::Tilt(_, part) => collect(part, wanted),
        Resolved::Text(text) => collect_text(text, wanted),
        _ => {}
    }
}

fn collect_text(text: &TextMatch, wanted: &mut Wanted) {
    for segment in &text.segments {
        wanted.words.extend(segment.words.iter().filter(|w| !vocabulary::is_stop_word(w)).cloned());
        wanted.concepts.extend(segment.concept);
    }
    for weighted in &text.pieces {
        match wanted.pieces.iter_mut().find(|p| p.0 == weighted.piece) {
            Some(known) => known.1 = known.1.max(weighted.weight),
            None => wanted.pieces.push((weighted.piece, weighted.weight)),
        }
    }
}

/// The part of a value around its first hits, if it has any.
fn passage(
    piece: &Piece,
    value: &str,
    wanted: &Wanted,
    analyzer: &mut Analyzer,
    finder: &mut Finder,
) -> Option<Highlight> {
    let text = markup::unescape(value).into_owned();
    let mut words: Vec<(String, std::ops::Range<usize>)> = Vec::new();
    analyzer.each(&text, &mut |norm, range| words.push((norm.to_owned(), range)));
    let mut marks: BTreeSet<(usize, usize)> = BTreeSet::new();
    let norms: Vec<&str> = words.iter().map(|w| w.0.as_str()).collect();
    finder.each(&norms, &mut |start, len, concept| {
        if wanted.concepts.contains(&concept) {
            marks.insert((words[start].1.start, words[start + len - 1].1.end));
        }
    });
    marks.extend(words.iter().filter(|w| wanted.words.contains(&w.0)).map(|w| (w.1.start, w.1.end)));
    let first = marks.first()?.0;
    let (start, end) = window(&text, first);
    let mut kept: Vec<(usize, usize)> = Vec::new();
    for (from, to) in marks.into_iter().filter(|m| m.0 >= start && m.1 <= end) {
        match kept.last_mut() {
            Some(last) if from < last.1 + start => last.1 = last.1.max(to - start),
            _ => kept.push((from - start, to - start)),
        }
    }
    Some(Highlight { piece: piece.name.to_owned(), text: text[start..end].to_owned(), marks: kept })
}

/// A stretch of text around a byte, cut at blanks.
fn window(text: &str, at: usize) -> (usize, usize) {
    if text.len() <= PASSAGE {
        return (0, text.len());
    }
    let from = text.floor_char_boundary(at.saturating_sub(PASSAGE / 3));
    let start = if from == 0 { 0 } else { text[from..at].find(' ').map_or(at, |blank| from + blank + 1) };
    let to = text.ceil_char_boundary((start + PASSAGE).min(text.len()));
    let end =
        if to == text.len() { to } else { text[start..to].rfind(' ').map_or(to, |blank| start + blank) };
    (start, end.max(text.ceil_char_boundary((at + 1).min(text.len()))))
}
