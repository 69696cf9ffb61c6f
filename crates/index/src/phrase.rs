//! Words next to each other in one value of a piece.

use model::{Piece, markup};
use query::typed::Coverage;
use tantivy::{
    DocSet, TERMINATED,
    postings::{Postings, SegmentPostings},
};

use crate::{Error, layout, snapshot::Snapshot, text::Lists};

/// Shows the number of every document in which the words follow each other in the piece and cover its value as asked.
pub(crate) fn each(
    snapshot: &Snapshot,
    piece: &'static Piece,
    words: &[Lists],
    coverage: Coverage,
    found: &mut dyn FnMut(u32),
) -> Result<(), Error> {
    let (at_start, at_end) = match coverage {
        Coverage::Contains => (false, false),
        Coverage::FullMatch => (true, true),
        Coverage::StartsWith => (true, false),
        Coverage::EndsWith => (false, true),
    };
    let mut boundary = String::new();
    layout::boundary(&mut boundary, piece);
    let edge = if at_start || at_end { Some(snapshot.list(&boundary, piece)?) } else { None };
    for (s, segment) in snapshot.segments.iter().enumerate() {
        let mut infos = Vec::with_capacity(words.len() + 2);
        let word = words.iter().map(|lists| lists[s].iter().find(|l| l.piece == piece));
        let edge_here = edge.as_ref().map(|lists| lists[s].first());
        infos.extend(edge_here.filter(|_| at_start));
        infos.extend(word);
        infos.extend(edge_here.filter(|_| at_end));
        let Some(infos) = infos.into_iter().collect::<Option<Vec<_>>>() else { continue };
        let mut lists = Vec::with_capacity(infos.len());
        for (offset, list) in infos.iter().enumerate() {
            lists.push(Word { postings: segment.positions(&list.info)?, offset: offset as u32 });
        }
        follow(&mut lists, &mut |doc| {
            if let Some(number) = segment.living(doc) {
                found(number);
            }
        });
    }
    Ok(())
}

/// A word of the phrase, its list, and how far behind the first word it stands.
struct Word {
    postings: SegmentPostings,
    offset: u32,
}

/// Documents on all lists in which the positions follow each other. The rarest list leads.
fn follow(words: &mut [Word], found: &mut dyn FnMut(u32)) {
    words.sort_by_key(|w| w.postings.doc_freq());
    let Some((lead, others)) = words.split_first_mut() else { return };
    let (mut starts, mut positions) = (Vec::new(), Vec::new());
    let mut doc = lead.postings.doc();
    'documents: while doc != TERMINATED {
        for word in others.iter_mut() {
            let at = if word.postings.doc() < doc { word.postings.seek(doc) } else { word.postings.doc() };
            if at != doc {
                doc = if at == TERMINATED { return } else { lead.postings.seek(at) };
                continue 'documents;
            }
        }
        starts_of(lead, &mut starts);
        for word in others.iter_mut() {
            starts_of(word, &mut positions);
            keep_common(&mut starts, &positions);
            if starts.is_empty() {
                break;
            }
        }
        if !starts.is_empty() {
            found(doc);
        }
        doc = lead.postings.advance();
    }
}

/// Where a phrase would begin for each place of this word.
fn starts_of(word: &mut Word, out: &mut Vec<u32>) {
    word.postings.positions(out);
    out.retain(|p| *p >= word.offset);
    out.iter_mut().for_each(|p| *p -= word.offset);
}

/// Keeps of `starts` what is also in `other`; both ascend.
fn keep_common(starts: &mut Vec<u32>, other: &[u32]) {
    let mut at = 0;
    starts.retain(|start| {
        while at < other.len() && other[at] < *start {
            at += 1;
        }
        other.get(at) == Some(start)
    });
}

/// Whether a value holds exactly these characters (runs of blanks count as one), covering it as asked.
pub(crate) fn verbatim(value: &str, wanted: &str, coverage: Coverage) -> bool {
    let collapse = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (value, wanted) = (collapse(&markup::unescape(value)), collapse(wanted));
    match coverage {
        Coverage::FullMatch => value == wanted,
        Coverage::StartsWith => value.starts_with(&wanted),
        Coverage::EndsWith => value.ends_with(&wanted),
        Coverage::Contains => whole_words(&value, &wanted),
    }
}

/// Whether `wanted` stands in `value` with no letter or digit glued to either end.
fn whole_words(value: &str, wanted: &str) -> bool {
    let glued = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    value.match_indices(wanted).any(|(at, _)| {
        !glued(value[..at].chars().next_back()) && !glued(value[at + wanted.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbatim_counts_case_and_edges() {
        assert!(verbatim("Stage  III NSCLC", "III NSCLC", Coverage::Contains));
        assert!(!verbatim("Stage III NSCLC", "iii", Coverage::Contains));
        assert!(!verbatim("Stage III NSCLC", "NSC", Coverage::Contains));
        assert!(verbatim(r"HbA1c \>12%", "HbA1c >12%", Coverage::FullMatch));
    }
}
