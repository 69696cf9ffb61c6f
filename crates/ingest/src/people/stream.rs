//! A stream of any content: recognised by its first bytes, unpacked, and read.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use model::IssueKind;

use super::{
    PeopleFormat, form, omop,
    session::{EXPECTED, Flow, Session},
    whole,
};
use crate::reading::describe;

/// So much is looked at to recognise a content.
const HEAD: u64 = 64 << 10;
/// Compressed files inside each other, at most.
const MAX_DEPTH: u8 = 3;
/// A document that is no line of NDJSON may be so many times larger than a record.
const DOCUMENT: u64 = 8;

/// Reads the people of a stream.
pub(crate) fn read(session: &mut Session, stream: &mut dyn Read, depth: u8) -> Flow {
    let mut head = Vec::new();
    if let Err(error) = (&mut *stream).take(HEAD).read_to_end(&mut head) {
        return unreadable(session, &error);
    }
    if let Some(unknown) = foreign(&head) {
        return session.issue(IssueKind::UnknownFormat, format!("{unknown}; {EXPECTED}"), None);
    }
    let kind = Content::of(&head);
    let mut rest = Cursor::new(head).chain(stream);
    match kind {
        Content::Gzip | Content::Zstandard if depth >= MAX_DEPTH => session.issue(
            IssueKind::UnsafeArchive,
            format!("compressed more than {MAX_DEPTH} times: not read"),
            None,
        ),
        Content::Gzip => {
            read(session, &mut flate2::bufread::MultiGzDecoder::new(BufReader::new(rest)), depth + 1)
        }
        Content::Zstandard => match zstd::stream::read::Decoder::new(rest) {
            Ok(mut unpacked) => read(session, &mut unpacked, depth + 1),
            Err(error) => unreadable(session, &error),
        },
        Content::Parquet => match limited(session, &mut rest) {
            Ok(bytes) => omop::parquet(session, bytes),
            Err(flow) => flow,
        },
        Content::Json => json(session, BufReader::with_capacity(1 << 16, rest)),
        Content::Text => text(session, &mut rest),
    }
}

/// What the first bytes say.
enum Content {
    Gzip,
    Zstandard,
    Parquet,
    Json,
    Text,
}

impl Content {
    fn of(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        match head {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstandard,
            [b'P', b'A', b'R', b'1', ..] => Self::Parquet,
            _ if matches!(text.first(), Some(b'{' | b'[')) => Self::Json,
            _ => Self::Text,
        }
    }
}

/// What is certainly none of ours.
fn foreign(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    Some(match head {
        [b'P', b'K', 3, 4, ..] => "it is a zip archive: unpack it and read the folder",
        [b'%', b'P', b'D', b'F', ..] => "it is a PDF",
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it is UTF-16; UTF-8 was expected",
        [b'{' | b'[', 0, ..] => "it is UTF-16; UTF-8 was expected",
        _ if text.is_empty() => "it is empty",
        _ if text.starts_with(b"<") => "it is XML or HTML; FHIR is read as JSON",
        [b'P', b'A', b'R', b'1', ..] | [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] => return None,
        _ if head.iter().take(4096).any(|b| *b < 9) => "it is not a text file",
        _ => return None,
    })
}

pub(crate) fn unreadable(session: &mut Session, error: &io::Error) -> Flow {
    let (kind, message) = describe(error);
    session.issue(kind, message, None)
}

/// All bytes of a stream up to the limit for a document.
fn limited(session: &mut Session, stream: &mut dyn Read) -> Result<Vec<u8>, Flow> {
    let limit = session.limits.record_bytes.saturating_mul(DOCUMENT);
    let mut bytes = Vec::new();
    if let Err(error) = stream.take(limit + 1).read_to_end(&mut bytes) {
        return Err(unreadable(session, &error));
    }
    if bytes.len() as u64 > limit {
        let message = format!("the document is larger than the limit of {limit} bytes; NDJSON has none");
        return Err(session.issue(IssueKind::TooLarge, message, None));
    }
    Ok(bytes)
}

/// A table of OMOP, or a form.
fn text(session: &mut Session, rest: &mut dyn Read) -> Flow {
    let mut lines = BufReader::with_capacity(1 << 16, rest);
    let head = match lines.fill_buf() {
        Ok(bytes) => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes),
        Err(error) => return unreadable(session, &error),
    };
    let line = head.split(|&b| b == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line).into_owned();
    match session.format {
        Some(PeopleFormat::Omop) => omop::csv(session, &line, &mut lines),
        Some(PeopleFormat::Form) => form::csv(session, &line, &mut lines),
        Some(format @ (PeopleFormat::Fhir | PeopleFormat::Phenopackets)) => {
            let message = format!("it is not JSON, as {format:?} is");
            session.issue(IssueKind::UnknownFormat, message, None)
        }
        None if omop::recognise(&line) => omop::csv(session, &line, &mut lines),
        None => form::csv(session, &line, &mut lines),
    }
}

/// Lines of JSON each, or one document.
fn json(session: &mut Session, mut stream: BufReader<impl Read>) -> Flow {
    let mut line = Vec::new();
    let mut lines = None;
    session.byte = Some(0);
    loop {
        let length = match next_line(&mut stream, &mut line, session.limits.record_bytes) {
            Ok(0) => return Flow::Continue(()),
            Ok(length) => length,
            Err(error) => return unreadable(session, &error),
        };
        let bytes = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line).trim_ascii();
        if !bytes.is_empty() {
            if !*lines.get_or_insert_with(|| is_balanced(bytes)) && session.record.is_none() {
                return document(session, &line, stream);
            }
            session.record = Some(session.record.unwrap_or(0) + 1);
            if length > session.limits.record_bytes {
                let message = crate::source::too_large(session.limits.record_bytes);
                session.issue(IssueKind::TooLarge, message, None)?;
            } else {
                whole::read(session, bytes)?;
            }
        }
        session.byte = session.byte.map(|byte| byte + length);
        line.clear();
    }
}

fn document(session: &mut Session, begin: &[u8], stream: BufReader<impl Read>) -> Flow {
    match limited(session, &mut Cursor::new(begin).chain(stream)) {
        Ok(bytes) => whole::read(session, bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)),
        Err(flow) => flow,
    }
}

/// Reads a line and says how long it is; of one over the limit only the beginning is kept.
fn next_line(stream: &mut impl BufRead, line: &mut Vec<u8>, limit: u64) -> io::Result<u64> {
    let mut length = 0_u64;
    loop {
        let available = stream.fill_buf()?;
        let end = memchr::memchr(b'\n', available);
        let count = end.map_or(available.len(), |at| at + 1);
        if count == 0 {
            return Ok(length);
        }
        if length <= limit {
            line.extend_from_slice(&available[..count]);
        }
        length += count as u64;
        stream.consume(count);
        if end.is_some() {
            return Ok(length);
        }
    }
}

/// Whether all brackets of a JSON text are closed.
fn is_balanced(bytes: &[u8]) -> bool {
    let (mut depth, mut at) = (0_i64, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => match end_of_string(bytes, at + 1) {
                Some(end) => at = end,
                None => return false,
            },
            _ => {}
        }
        at += 1;
    }
    depth == 0
}

/// The closing quote of a string.
pub(crate) fn end_of_string(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}
