//! Tables of any size, cut into rows: each record is the header with one row below it.

use memchr::memchr2;
use model::{IssueKind, Place};

use crate::{
    Format,
    reading::{Flow, Reading, cut_off},
    registries,
    source::{Rest, too_large},
    window::Window,
};

/// Bytes of a header, at most.
const HEADER: usize = 64 << 10;

/// The delimiter of a table whose header we know.
pub(crate) fn recognise(text: &[u8]) -> Option<u8> {
    let line = text.split(|b| matches!(b, b'\n' | b'\r')).next()?;
    let line = std::str::from_utf8(line.get(..line.len().min(HEADER))?).ok()?;
    registries::is_header(line)
}

/// Finds the rows.
pub(crate) fn read(reading: &mut Reading, entry: Option<&str>, rest: Rest, delimiter: u8) -> Flow {
    let mut window = Window::new(rest, reading.limits.record_bytes);
    window.peek_solid();
    let (header, _) = row(&mut window, delimiter);
    let Some(mut header) = header else { return Flow::Continue(()) };
    header.push(b'\n');
    let mut record = 0;
    while window.peek_solid().is_some() {
        record += 1;
        let begin = window.at();
        let place = Place { record: Some(record), byte: Some(begin), ..reading.place(entry) };
        let (bytes, ends) = row(&mut window, delimiter);
        if window.oversize {
            let message = too_large(reading.limits.record_bytes);
            reading.issue(IssueKind::TooLarge, message, place.clone())?;
        }
        let error = window.error.take();
        if !ends || error.is_some() {
            let (kind, message) = cut_off(error, begin);
            reading.issue(kind, message, Place { byte: Some(window.at()), ..place })?;
        } else if let Some(bytes) = bytes {
            reading.record(Format::IctrpCsv, [header.as_slice(), &bytes].concat(), place)?;
        }
    }
    if record == 0 {
        let message = "the table has a header and no row";
        return reading.issue(IssueKind::UnknownFormat, message, reading.place(entry));
    }
    Flow::Continue(())
}

/// Moves behind a row: its bytes without the line end, and whether no quote is open at its end. A quote opens a value
/// only at its beginning.
fn row(window: &mut Window, delimiter: u8) -> (Option<Vec<u8>>, bool) {
    window.start = Some(window.pos);
    window.oversize = false;
    let (mut quoted, mut before) = (false, delimiter);
    loop {
        let Some(n) = memchr2(b'"', b'\n', window.ahead()) else {
            before = window.ahead().last().copied().unwrap_or(before);
            window.pos = window.view().len();
            if window.fill() {
                continue;
            }
            return (window.take(), !quoted);
        };
        before = if n > 0 { window.ahead()[n - 1] } else { before };
        let byte = window.ahead()[n];
        window.pos += n;
        if byte == b'\n' && !quoted {
            let bytes = window.take();
            window.pos += 1;
            return (bytes, true);
        }
        if byte == b'"' {
            // Two quotes inside a value close it and open it again.
            quoted = !quoted && (before == delimiter || matches!(before, b'"' | b'\n' | b'\r' | b' '));
        }
        before = byte;
        window.pos += 1;
    }
}
