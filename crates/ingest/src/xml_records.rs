//! XML of any size, cut into the bytes of each `clinical_study` element.

use memchr::memmem;
use model::{IssueKind, Place};

use crate::{
    Format,
    reading::{Flow, Reading, cut_off, describe},
    source::{Rest, too_large},
    window::Window,
};

const OPEN: &[u8] = b"<clinical_study";
const CLOSE: &[u8] = b"</clinical_study";

/// Finds the records in an XML stream.
pub(crate) fn read(reading: &mut Reading, entry: Option<&str>, rest: Rest) -> Flow {
    let mut window = Window::new(rest, reading.limits.record_bytes);
    let mut record = 0;
    let place = |window: &Window, record: u64, reading: &Reading| Place {
        record: Some(record).filter(|n| *n > 0),
        byte: Some(window.at()),
        ..reading.place(entry)
    };
    while find(&mut window, &[OPEN]).is_some() {
        record += 1;
        let place = place(&window, record, reading);
        window.start = Some(window.pos);
        window.oversize = false;
        let closed = leave_element(&mut window);
        let bytes = window.take();
        if window.oversize {
            let message = too_large(reading.limits.record_bytes);
            reading.issue(IssueKind::TooLarge, message, place.clone())?;
        }
        match (closed, bytes) {
            (Some(0), Some(bytes)) => reading.record(Format::LegacyXml, bytes, place)?,
            (Some(0), None) => {}
            (Some(_), _) => {
                let message = "the next clinical_study begins before this one has ended";
                reading.issue(IssueKind::Malformed, message, place)?;
            }
            (None, _) => {
                let (kind, message) = cut_off(window.error.take(), place.byte.unwrap_or_default());
                reading.issue(kind, message, Place { byte: Some(window.at()), ..place })?;
            }
        }
    }
    if let Some(error) = window.error.take() {
        let (kind, message) = describe(&error);
        let place = place(&window, record, reading);
        return reading.issue(kind, message, place);
    }
    if record == 0 {
        let message = "the XML has no clinical_study element";
        return reading.issue(IssueKind::UnknownFormat, message, reading.place(entry));
    }
    Flow::Continue(())
}

/// From the opening tag to behind the element: `Some(0)` if it is closed, else to the next one, else to the end.
fn leave_element(window: &mut Window) -> Option<usize> {
    window.pos += OPEN.len();
    let closed = find(window, &[CLOSE, OPEN]);
    if closed == Some(0) {
        window.pos += CLOSE.len();
        find(window, &[b">"]);
        window.pos = (window.pos + 1).min(window.view().len());
    }
    closed
}

/// Moves to the first of the tags and says which; to the end if there is none.
fn find(window: &mut Window, tags: &[&[u8]]) -> Option<usize> {
    loop {
        let ahead = window.ahead();
        let first = tags.iter().enumerate().filter_map(|(i, tag)| Some((find_tag(ahead, tag)?, i))).min();
        if let Some((n, which)) = first {
            window.pos += n;
            return Some(which);
        }
        // A tag may lie across the end of the view.
        let longest = tags.iter().map(|tag| tag.len() + 1).max().unwrap_or(1);
        window.pos += window.ahead().len().saturating_sub(longest);
        if !window.fill() {
            window.pos = window.view().len();
            return None;
        }
    }
}

/// Where a tag stands; its name must end there (`<clinical_study_x>` is another).
fn find_tag(text: &[u8], tag: &[u8]) -> Option<usize> {
    let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'/');
    memmem::find_iter(text, tag).find(|at| tag == b">" || text.get(at + tag.len()).is_some_and(ends))
}
