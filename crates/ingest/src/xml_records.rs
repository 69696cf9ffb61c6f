//! XML of any size, cut into the bytes of each element that is a record.

use memchr::memmem;
use model::{IssueKind, Place};

use crate::{
    Format,
    reading::{Flow, Reading, cut_off, describe},
    source::{Rest, too_large},
    window::Window,
};

/// An element that is a record.
struct Kind {
    format: Format,
    open: &'static [u8],
    close: &'static [u8],
}

const KINDS: [Kind; 4] = [
    Kind { format: Format::LegacyXml, open: b"<clinical_study", close: b"</clinical_study" },
    Kind { format: Format::Ictrp, open: b"<Trial", close: b"</Trial" },
    Kind { format: Format::Isrctn, open: b"<fullTrial", close: b"</fullTrial" },
    Kind { format: Format::Isrctn, open: b"<trial", close: b"</trial" },
];

/// Whether a text has the beginning of a record.
pub(crate) fn has_record(text: &[u8]) -> bool {
    KINDS.iter().any(|kind| find_tag(text, kind.open).is_some())
}

/// Finds the records in an XML stream.
pub(crate) fn read(reading: &mut Reading, entry: Option<&str>, rest: Rest) -> Flow {
    let mut window = Window::new(rest, reading.limits.record_bytes);
    let mut record = 0;
    let place = |window: &Window, record: u64, reading: &Reading| Place {
        record: Some(record).filter(|n| *n > 0),
        byte: Some(window.at()),
        ..reading.place(entry)
    };
    // The first record tells what the file holds.
    let opens: Vec<&[u8]> = KINDS.iter().map(|kind| kind.open).collect();
    let first = find(&mut window, &opens);
    let kind = &KINDS[first.unwrap_or_default()];
    while find(&mut window, &[kind.open]).is_some() {
        record += 1;
        let place = place(&window, record, reading);
        window.start = Some(window.pos);
        window.oversize = false;
        let closed = leave_element(&mut window, kind);
        let bytes = window.take();
        if window.oversize {
            let message = too_large(reading.limits.record_bytes);
            reading.issue(IssueKind::TooLarge, message, place.clone())?;
        }
        match (closed, bytes) {
            (Some(0), Some(bytes)) => reading.record(kind.format, bytes, place)?,
            (Some(0), None) => {}
            (Some(_), _) => {
                let name = String::from_utf8_lossy(&kind.open[1..]);
                let message = format!("the next {name} begins before this one has ended");
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
        let message =
            "the XML has no element that is a study we know: clinical_study, Trial, fullTrial, trial";
        return reading.issue(IssueKind::UnknownFormat, message, reading.place(entry));
    }
    Flow::Continue(())
}

/// From the opening tag to behind the element: `Some(0)` if it is closed, else to the next one, else to the end.
fn leave_element(window: &mut Window, kind: &Kind) -> Option<usize> {
    window.pos += kind.open.len();
    let closed = find(window, &[kind.close, kind.open]);
    if closed == Some(0) {
        window.pos += kind.close.len();
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
