//! A sliding view of a stream: the bytes of the record at hand, and a little before.

use std::io::{self, ErrorKind, Read};

use crate::source::Rest;

const CHUNK: usize = 256 << 10;
/// Bytes before the cursor that always stay in view.
const BEHIND: usize = 64;

/// The bytes in view and the cursor in them. Offsets into the view change when it is filled: hold none across
/// [`Window::fill`] but [`Window::pos`] and [`Window::start`], which move along.
pub(crate) struct Window<'s> {
    rest: Rest<'s>,
    view: Vec<u8>,
    /// The cursor.
    pub pos: usize,
    /// Where the record at hand begins, if its bytes are to stay in view.
    pub start: Option<usize>,
    /// Offset in the stream of the first byte in view.
    base: u64,
    /// Bytes of one record, at most.
    limit: u64,
    /// The record at hand has outgrown the limit; its bytes are gone.
    pub oversize: bool,
    pub ended: bool,
    /// Why the stream ended, if not because it was over.
    pub error: Option<io::Error>,
}

impl<'s> Window<'s> {
    pub fn new(mut rest: Rest<'s>, limit: u64) -> Self {
        let view = rest.take_head();
        let pos = if view.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        Self { rest, view, pos, start: None, base: 0, limit, oversize: false, ended: false, error: None }
    }

    /// The bytes from the cursor on.
    pub fn ahead(&self) -> &[u8] {
        &self.view[self.pos..]
    }

    /// All bytes in view.
    pub fn view(&self) -> &[u8] {
        &self.view
    }

    /// Offset of the cursor in the stream.
    pub fn at(&self) -> u64 {
        self.base + self.pos as u64
    }

    /// The record at hand ends at the cursor: its bytes.
    pub fn take(&mut self) -> Option<Vec<u8>> {
        let start = self.start.take()?;
        let fits = (self.pos - start) as u64 <= self.limit;
        self.oversize |= !fits;
        fits.then(|| self.view[start..self.pos].to_vec())
    }

    /// Brings more of the stream into view; false at its end.
    pub fn fill(&mut self) -> bool {
        if self.ended {
            return false;
        }
        if self.start.is_some_and(|start| (self.view.len() - start) as u64 > self.limit) {
            (self.start, self.oversize) = (None, true);
        }
        let gone = self.pos.saturating_sub(BEHIND).min(self.start.unwrap_or(usize::MAX));
        self.view.drain(..gone);
        self.base += gone as u64;
        self.pos -= gone;
        self.start = self.start.map(|start| start - gone);
        let filled = self.view.len();
        self.view.resize(filled + CHUNK, 0);
        let n = loop {
            match self.rest.read(&mut self.view[filled..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    break 0;
                }
                Ok(n) => break n,
            }
        };
        self.view.truncate(filled + n);
        self.ended = n == 0;
        n > 0
    }

    /// Whether the bytes at the cursor are these; more are brought into view as needed.
    pub fn looking_at(&mut self, text: &[u8]) -> bool {
        while self.ahead().len() < text.len() && self.fill() {}
        self.ahead().starts_with(text)
    }

    /// Moves over white space and shows the byte behind it.
    pub fn peek_solid(&mut self) -> Option<u8> {
        loop {
            if let Some(n) = self.ahead().iter().position(|b| !b.is_ascii_whitespace()) {
                self.pos += n;
                return Some(self.view[self.pos]);
            }
            self.pos = self.view.len();
            if !self.fill() {
                return None;
            }
        }
    }
}
