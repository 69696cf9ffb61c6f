//! A stream of any content: recognised by its first bytes, unpacked, and cut into records.

use std::io::{self, BufReader, Cursor, Read};

use memchr::memmem;
use model::IssueKind;

use crate::{
    Format, archive, csv_records, json_records, pages,
    reading::{Flow, Guard, Reading, counted, describe},
    transcode::{self, Transcoded},
    xml_records,
};

/// So much is read before anything is decided; the largest studies of the registry (3.6 MB) fit whole.
pub(crate) const FIRST_BYTES: u64 = 4 << 20;
/// Archives and compressed files inside each other, at most.
const MAX_DEPTH: u8 = 3;

/// Where a stream comes from.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'e> {
    /// Entry of an archive.
    pub entry: Option<&'e str>,
    /// Containers around it.
    pub depth: u8,
    /// Its size if something has stated it; only a hint.
    pub size: u64,
}

impl Origin<'_> {
    fn inner(self) -> Self {
        Self { depth: self.depth + 1, size: 0, ..self }
    }
}

/// Finds the records in a stream.
pub(crate) fn read(reading: &mut Reading, origin: Origin, stream: &mut dyn Read) -> Flow {
    let mut head = Vec::with_capacity(origin.size.min(FIRST_BYTES) as usize + 1);
    let error = (&mut *stream).take(FIRST_BYTES).read_to_end(&mut head).err();
    let whole = error.is_none() && (head.len() as u64) < FIRST_BYTES;
    if whole && is_one_study(&head) {
        return one_study(reading, origin, head);
    }
    let content = Content::of(&head);
    let mut rest = Rest { head: Cursor::new(head), error, stream };
    match content {
        Content::Zip | Content::Gzip | Content::Zstandard if origin.depth >= MAX_DEPTH => reading.issue(
            IssueKind::UnsafeArchive,
            format!("archives inside archives, more than {MAX_DEPTH} deep: not read"),
            reading.place(origin.entry),
        ),
        Content::Zip => archive::read(reading, origin.inner(), &mut rest),
        Content::Gzip => {
            let (packed, count) = counted(rest);
            let unpacked = flate2::bufread::MultiGzDecoder::new(BufReader::new(packed));
            read(reading, origin.inner(), &mut Guard::new(unpacked, count))
        }
        Content::Zstandard => {
            let (packed, count) = counted(rest);
            match zstd::stream::read::Decoder::new(packed) {
                Ok(unpacked) => read(reading, origin.inner(), &mut Guard::new(unpacked, count)),
                Err(error) => unreadable(reading, origin, &error, 0),
            }
        }
        Content::Csv(delimiter) => csv_records::read(reading, origin.entry, rest, delimiter),
        Content::Json => json_records::read(reading, origin.entry, rest),
        Content::Xml => xml_records::read(reading, origin.entry, rest),
        Content::Text => page(reading, origin, rest),
        Content::Empty => match &rest.error {
            Some(error) => unreadable(reading, origin, error, 0),
            None => unknown(reading, origin, "it is empty"),
        },
        Content::Encoded(encoding) if origin.depth >= MAX_DEPTH => {
            let message =
                format!("it is {}, more than {MAX_DEPTH} deep in archives: not read", encoding.name());
            reading.issue(IssueKind::WrongEncoding, message, reading.place(origin.entry))
        }
        Content::Encoded(encoding) => {
            let message =
                format!("it is written in {}; it was read as such and is kept as UTF-8", encoding.name());
            reading.issue(IssueKind::SourceFault, message, reading.place(origin.entry))?;
            read(reading, origin.inner(), &mut Transcoded::new(rest, encoding))
        }
        Content::Foreign(what) => unknown(reading, origin, what),
    }
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Empty,
    Zip,
    Gzip,
    Zstandard,
    Json,
    Xml,
    Csv(u8),
    Text,
    Encoded(&'static encoding_rs::Encoding),
    Foreign(&'static str),
}

impl Content {
    fn of(head: &[u8]) -> Self {
        match head {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => Self::Zip,
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => Self::Zstandard,
            _ if let Some(encoding) = transcode::wide(head) => Self::Encoded(encoding),
            [b'B', b'Z', b'h', ..] => Self::Foreign("it is packed with bzip2, which is not read"),
            [0xfd, b'7', b'z', b'X', b'Z', ..] => Self::Foreign("it is packed with xz, which is not read"),
            [b'7', b'z', 0xbc, 0xaf, ..] => Self::Foreign("it is a 7z archive, which is not read"),
            [b'R', b'a', b'r', b'!', ..] => Self::Foreign("it is a RAR archive, which is not read"),
            [b'%', b'P', b'D', b'F', ..] => Self::Foreign("it is a PDF, which is not read"),
            _ if head.get(257..262) == Some(b"ustar") => {
                Self::Foreign("it is a tar archive, which is not read: unpack it and import the folder")
            }
            _ => Self::of_text(head),
        }
    }

    fn of_text(head: &[u8]) -> Self {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let inner = |text: &[u8]| text.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
        match text.first() {
            None => Self::Empty,
            Some(b'{') if matches!(inner(text), None | Some(b'"' | b'}')) => Self::Json,
            Some(b'[') if matches!(inner(text), None | Some(b'{' | b'[' | b']')) => Self::Json,
            Some(b'<') if let Some(encoding) = transcode::declared(text) => Self::Encoded(encoding),
            Some(b'<') if xml_records::has_record(text) => Self::Xml,
            Some(b'<') if text.starts_with(b"<?xml") => Self::Xml,
            _ if let Some(delimiter) = csv_records::recognise(text) => Self::Csv(delimiter),
            _ if text.iter().take(4096).any(|b| *b < 9) => Self::Foreign("it is not a text file"),
            _ => Self::Text,
        }
    }
}

const FIRST_KEY: &[u8] = b"\"protocolSection\"";

/// Whether these are the bytes of a single API v2 study: cheap, as a bulk file has 600,000 of them.
fn is_one_study(bytes: &[u8]) -> bool {
    let Some(key) = memmem::find(&bytes[..bytes.len().min(64)], FIRST_KEY) else { return false };
    let before = bytes[..key].trim_ascii_end();
    before == b"{"
        && bytes.trim_ascii_end().ends_with(b"}")
        && memmem::find(&bytes[key + FIRST_KEY.len()..], FIRST_KEY).is_none()
}

fn one_study(reading: &mut Reading, origin: Origin, mut bytes: Vec<u8>) -> Flow {
    let mut place = reading.place(origin.entry);
    (place.record, place.byte) = (Some(1), Some(0));
    let length = bytes.trim_ascii_end().len();
    if length as u64 > reading.limits.record_bytes {
        return reading.issue(IssueKind::TooLarge, too_large(reading.limits.record_bytes), place);
    }
    bytes.truncate(length);
    reading.record(Format::V2, bytes, place)
}

/// The sentence about a record over the limit.
pub(crate) fn too_large(limit: u64) -> String {
    format!("the record is larger than the limit of {limit} bytes and was passed over")
}

fn page(reading: &mut Reading, origin: Origin, rest: Rest) -> Flow {
    let limit = reading.limits.record_bytes;
    let mut bytes = Vec::new();
    let error = rest.take(limit + 1).read_to_end(&mut bytes).err();
    let mut place = reading.place(origin.entry);
    (place.record, place.byte) = (Some(1), Some(0));
    if let Some(error) = error {
        return unreadable(reading, origin, &error, bytes.len() as u64);
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) if bytes.len() as u64 <= limit => {
            place.byte = Some(error.valid_up_to() as u64);
            return reading.issue(IssueKind::WrongEncoding, "this byte is not UTF-8", place);
        }
        Err(_) => "",
    };
    match pages::recognise(text) {
        _ if bytes.len() as u64 > limit => reading.issue(IssueKind::TooLarge, too_large(limit), place),
        Some(format) => reading.record(format, bytes, place),
        None => unknown(reading, origin, "the text is no registry record and no page of a site we know"),
    }
}

fn unknown(reading: &mut Reading, origin: Origin, why: &str) -> Flow {
    reading.issue(IssueKind::UnknownFormat, why, reading.place(origin.entry))
}

fn unreadable(reading: &mut Reading, origin: Origin, error: &io::Error, byte: u64) -> Flow {
    let (kind, message) = describe(error);
    let mut place = reading.place(origin.entry);
    place.byte = Some(byte);
    reading.issue(kind, message, place)
}

/// A stream of which the head has been read already.
pub(crate) struct Rest<'s> {
    head: Cursor<Vec<u8>>,
    error: Option<io::Error>,
    stream: &'s mut dyn Read,
}

impl Rest<'_> {
    /// The head, when nothing of it has been read.
    pub fn take_head(&mut self) -> Vec<u8> {
        std::mem::take(self.head.get_mut())
    }
}

impl Read for Rest<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.head.read(buf)?;
        if n > 0 || buf.is_empty() {
            return Ok(n);
        }
        match self.error.take() {
            Some(error) => Err(error),
            None => self.stream.read(buf),
        }
    }
}
