//! Streams in other encodings than UTF-8, where it is certain which: UTF-16, and what an XML declaration names.

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// UTF-16, by its mark or by the zeros beside the first sign of JSON, XML or a table.
pub(crate) fn wide(head: &[u8]) -> Option<&'static Encoding> {
    let sign = |b: &u8| matches!(b, b'{' | b'[' | b'<' | b'"') || b.is_ascii_alphabetic();
    match head {
        [0xff, 0xfe, ..] => Some(UTF_16LE),
        [0xfe, 0xff, ..] => Some(UTF_16BE),
        [a, 0, b, 0, ..] if sign(a) && b.is_ascii() => Some(UTF_16LE),
        [0, a, 0, b, ..] if sign(a) && b.is_ascii() => Some(UTF_16BE),
        _ => None,
    }
}

/// The encoding that an XML declaration names, unless it is UTF-8, or UTF-16, which this text is not.
pub(crate) fn declared(text: &[u8]) -> Option<&'static Encoding> {
    let head = text.strip_prefix(b"<?xml")?;
    let head = head.split(|b| *b == b'>').next()?;
    let head = std::str::from_utf8(head.get(..head.len().min(200))?).ok()?;
    let name = head.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = name.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let encoding = Encoding::for_label(name[1..].split(quote).next()?.as_bytes())?;
    let other = encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE;
    // What is UTF-8 already was transcoded by someone who left the declaration, or has no letters beyond ASCII.
    (other && std::str::from_utf8(text).is_err_and(|e| e.error_len().is_some())).then_some(encoding)
}

/// How much is decoded at once.
const CHUNK: usize = 64 << 10;

/// A stream in another encoding, read as UTF-8. What is no character of it becomes U+FFFD.
pub(crate) struct Transcoded<R> {
    inner: R,
    decoder: Decoder,
    packed: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Transcoded<R> {
    /// Decodes from the beginning; a mark of byte order is passed over.
    pub fn new(inner: R, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { inner, decoder, packed: Vec::new(), text: Vec::new(), at: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let kept = self.packed.len();
        self.packed.resize(kept + CHUNK, 0);
        let read = self.inner.read(&mut self.packed[kept..]);
        self.packed.truncate(kept + *read.as_ref().unwrap_or(&0));
        let last = read? == 0;
        let room = self.decoder.max_utf8_buffer_length(self.packed.len()).unwrap_or(CHUNK * 4);
        self.text.resize(room, 0);
        let (result, taken, written, _) = self.decoder.decode_to_utf8(&self.packed, &mut self.text, last);
        self.packed.drain(..taken);
        self.text.truncate(written);
        self.at = 0;
        self.ended = last && result == CoderResult::InputEmpty;
        Ok(())
    }
}

impl<R: Read> Read for Transcoded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        let n = buf.len().min(self.text.len() - self.at);
        buf[..n].copy_from_slice(&self.text[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}
