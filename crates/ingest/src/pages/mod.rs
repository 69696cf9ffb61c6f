//! Captured text pages of four aggregator sites, read back into the canonical record.
//!
//! A page is a reading of the record by someone else's program: what it prints is mapped back, what it does not
//! print stays absent, and what its program is known to get wrong is reported instead of believed. Every value
//! carries the characters of the page it was read from (`page.offsets`).
// A failure is made once a page, not in a loop: its size does not matter.
#![allow(clippy::result_large_err)]

use model::{Issue, IssueKind};

use crate::{Converted, Format, Raw};

mod criteria;
mod ignite;
mod inclinical;
mod layout;
mod medpath;
mod python_literal;
mod record;
mod run_together;
mod terms;
mod veeva;

/// The site a captured page comes from, told by its content; `None` if it is none of the four.
///
/// A page is claimed by two lines of the site's layout (its name counts as one), never by a word in running text;
/// JSON and XML are never claimed.
pub fn recognise(text: &str) -> Option<Format> {
    let body = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if body.starts_with(['{', '[', '<']) {
        return None;
    }
    let lines: Vec<&str> = body.lines().map(layout::trim).collect();
    let sites = [
        (Format::PageVeeva, veeva::MARKS),
        (Format::PageMedPath, medpath::MARKS),
        (Format::PageInclinical, inclinical::MARKS),
        (Format::PageIgnite, ignite::MARKS),
    ];
    let score = |marks: &[&str]| marks.iter().filter(|m| lines.iter().any(|l| is_mark(l, m))).count();
    let scored = sites.map(|(format, marks)| (format, score(marks)));
    let best = scored.into_iter().rev().max_by_key(|(_, n)| *n)?;
    (best.1 >= 2).then_some(best.0)
}

/// Whether a line is a mark of a site; a mark that ends in `…` is the beginning of a line.
fn is_mark(line: &str, mark: &str) -> bool {
    mark.strip_suffix('…').map_or(line == mark, |start| line.starts_with(start))
}

/// Reads a captured page into the canonical record, as far as the page tells it.
///
/// # Errors
/// [`IssueKind::NoId`] if no NCT id can be read, [`IssueKind::UnknownFormat`] if `raw` is no page of these sites.
pub fn convert(raw: &Raw) -> Result<Converted, Issue> {
    let text = String::from_utf8_lossy(&raw.bytes);
    let mut record = record::Record::new(&text, raw.place.clone());
    if matches!(text, std::borrow::Cow::Owned(_)) {
        record.note(IssueKind::WrongEncoding, "the page is not UTF-8; unreadable bytes were replaced", "", 0);
    }
    match raw.format {
        Format::PageVeeva => veeva::read(&mut record),
        Format::PageMedPath => medpath::read(&mut record),
        Format::PageInclinical => inclinical::read(&mut record),
        Format::PageIgnite => ignite::read(&mut record),
        _ => {
            return Err(Issue::new(
                IssueKind::UnknownFormat,
                "not a page of a known site",
                raw.place.clone(),
            ));
        }
    }
    record.finish()
}
