//! Zip archives, entry by entry in the order of the file.
//!
//! The entries are read from their own headers as they come, not from the directory at the end: so an archive can
//! come through a pipe, a cut one yields all that stands before the cut, and memory does not grow with the number
//! of entries. Layout: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5.

use std::{
    cell::Cell,
    io::{self, BufRead, ErrorKind, Read},
    rc::Rc,
};

use flate2::{Crc, Decompress, FlushDecompress, Status};
use model::IssueKind;

use crate::{
    reading::{Fault, Flow, Guard, Reading, describe},
    source::{self, Origin},
};

const BUFFER: usize = 256 << 10;
const LOCAL: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// Finds the records in the entries of a zip archive.
pub(crate) fn read(reading: &mut Reading, origin: Origin, stream: &mut dyn Read) -> Flow {
    let mut input = Input::new(stream);
    let mut engine = Decompress::new(false);
    let mut files = false;
    loop {
        let start = input.at();
        match next_header(&mut input) {
            Ok(Next::Entry(header)) => {
                files |= !header.is_furniture();
                read_entry(reading, origin, &mut input, &mut engine, &header)?;
                match leave(&mut input, &header) {
                    Ok(()) if input.cut_told => return Flow::Continue(()),
                    Ok(()) => {}
                    Err(error) => return failed(reading, origin, &error, input.at()),
                }
            }
            Ok(Next::End) => {
                if !files {
                    let message = "there is no file in this archive";
                    reading.issue(IssueKind::UnknownFormat, message, reading.place(origin.entry))?;
                }
                return end(reading, origin, &mut input);
            }
            Ok(Next::Garbage) => {
                let message = "no entry begins here; looking for the next one";
                at_byte(reading, origin, IssueKind::Malformed, message, start)?;
                if let Err(error) = find_header(&mut input) {
                    return failed(reading, origin, &error, input.at());
                }
            }
            Err(error) => return failed(reading, origin, &error, input.at()),
        }
    }
}

const NO_END: &str = "the archive ends without its directory: it was cut off here";

fn at_byte(reading: &mut Reading, origin: Origin, kind: IssueKind, message: &str, byte: u64) -> Flow {
    let mut place = reading.place(origin.entry);
    place.byte = Some(byte);
    reading.issue(kind, message, place)
}

fn failed(reading: &mut Reading, origin: Origin, error: &io::Error, byte: u64) -> Flow {
    match describe(error) {
        (IssueKind::Truncated, _) => at_byte(reading, origin, IssueKind::Truncated, NO_END, byte),
        (kind, message) => at_byte(reading, origin, kind, &message, byte),
    }
}

/// The directory has been reached, so every entry has been read; only its end is looked for.
fn end(reading: &mut Reading, origin: Origin, input: &mut Input) -> Flow {
    let mut tail = input.last.to_vec();
    loop {
        let chunk = match input.fill_buf() {
            Ok([]) => break,
            Ok(chunk) => chunk,
            Err(error) => return failed(reading, origin, &error, input.at()),
        };
        let n = chunk.len();
        tail.extend_from_slice(chunk);
        input.consume(n);
        // The last record of an archive is at most 22 bytes and a comment of 65,535.
        tail.drain(..tail.len().saturating_sub(22 + 65_535));
    }
    if memchr::memmem::find(&tail, b"PK\x05\x06").is_none() {
        return at_byte(reading, origin, IssueKind::Truncated, NO_END, input.at());
    }
    Flow::Continue(())
}

enum Next {
    Entry(Header),
    End,
    Garbage,
}

/// What a local header says of its entry.
struct Header {
    name: String,
    method: u16,
    encrypted: bool,
    /// The sizes and the checksum follow the data instead of standing here.
    described_after: bool,
    crc: u32,
    packed: u64,
    unpacked: u64,
    zip64: bool,
    data_begin: u64,
}

fn next_header(input: &mut Input) -> io::Result<Next> {
    let mut signature = [0; 4];
    input.read_exact(&mut signature)?;
    if signature == DESCRIPTOR {
        // A split archive that fits in one part begins so.
        input.read_exact(&mut signature)?;
    }
    match signature {
        LOCAL => read_header(input).map(Next::Entry),
        // Directory, its end, their large forms, signature and archive data.
        [b'P', b'K', 1 | 5 | 6, 2 | 5 | 6 | 7 | 8] => {
            input.last = signature;
            Ok(Next::End)
        }
        _ => Ok(Next::Garbage),
    }
}

fn read_header(input: &mut Input) -> io::Result<Header> {
    let mut fixed = [0; 26];
    input.read_exact(&mut fixed)?;
    let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
    let long = |at: usize| u32::from_le_bytes([fixed[at], fixed[at + 1], fixed[at + 2], fixed[at + 3]]);
    let mut name = vec![0; short(22).into()];
    input.read_exact(&mut name)?;
    let mut extra = vec![0; short(24).into()];
    input.read_exact(&mut extra)?;
    let flags = short(2);
    let mut header = Header {
        name: String::from_utf8_lossy(&name).into_owned(),
        method: short(4),
        encrypted: flags & 1 != 0,
        described_after: flags & 8 != 0,
        crc: long(10),
        packed: long(14).into(),
        unpacked: long(18).into(),
        zip64: false,
        data_begin: input.at(),
    };
    header.read_extra(&extra);
    Ok(header)
}

impl Header {
    /// Sizes over 4 GB stand in an extra field (APPNOTE 4.5.3): unpacked, then packed, each only where needed.
    fn read_extra(&mut self, mut extra: &[u8]) {
        while let [id0, id1, len0, len1, rest @ ..] = extra {
            let length = usize::from(u16::from_le_bytes([*len0, *len1])).min(rest.len());
            let (mut field, next) = rest.split_at(length);
            extra = next;
            if (*id0, *id1) != (1, 0) {
                continue;
            }
            self.zip64 = true;
            for size in [&mut self.unpacked, &mut self.packed] {
                if *size == u64::from(u32::MAX)
                    && let Some((bytes, tail)) = field.split_first_chunk()
                {
                    *size = u64::from_le_bytes(*bytes);
                    field = tail;
                }
            }
        }
    }

    /// Where the packed data end in the archive, if it is known beforehand.
    fn data_end(&self) -> Option<u64> {
        (!self.described_after).then(|| self.data_begin.saturating_add(self.packed))
    }

    /// Folders, and the files that file managers add.
    fn is_furniture(&self) -> bool {
        let last = self.name.rsplit('/').next().unwrap_or_default();
        last.is_empty() || self.name.starts_with("__MACOSX/") || last.starts_with("._") || last == ".DS_Store"
    }

    /// Why the entry is not read, if it is not.
    fn refusal(&self) -> Option<(IssueKind, String)> {
        let steps_out = self.name.split(['/', '\\']).any(|part| part == "..");
        let absolute =
            self.name.starts_with(['/', '\\']) || self.name.as_bytes().get(1).is_some_and(|b| *b == b':');
        if steps_out || absolute || self.name.contains('\0') {
            let why = "the entry's name leads out of the archive's own folder: not read";
            return Some((IssueKind::UnsafeArchive, why.to_owned()));
        }
        if self.encrypted {
            return Some((IssueKind::Unreadable, "the entry is encrypted".to_owned()));
        }
        match self.method {
            0 if self.described_after => {
                Some((IssueKind::Malformed, "an uncompressed entry without a stated size".to_owned()))
            }
            0 | 8 => None,
            n => Some((IssueKind::UnknownFormat, format!("compression method {n} is not read"))),
        }
    }
}

fn read_entry(
    reading: &mut Reading,
    origin: Origin,
    input: &mut Input,
    engine: &mut Decompress,
    header: &Header,
) -> Flow {
    if header.is_furniture() {
        return Flow::Continue(());
    }
    let name = match origin.entry {
        Some(outer) => format!("{outer}/{}", header.name),
        None => header.name.clone(),
    };
    if let Some((kind, why)) = header.refusal() {
        return reading.issue(kind, why, reading.place(Some(&name)));
    }
    engine.reset(false);
    let count = Rc::clone(&input.at);
    let end = header.data_end();
    let entry = Entry { header, input, engine, end, crc: Crc::new(), state: State::Data };
    let inner = Origin { entry: Some(&name), depth: origin.depth, size: header.unpacked };
    source::read(reading, inner, &mut Guard::new(entry, count))
}

/// Goes to the end of an entry's data, however much of them was read.
fn leave(input: &mut Input, header: &Header) -> io::Result<()> {
    let Some(end) = header.data_end() else {
        // Where the data end is known only by what follows: the descriptor was read with the data if they were
        // read to their end, else the next header is looked for.
        return if input.peek(4)?.starts_with(b"PK") { Ok(()) } else { find_header(input) };
    };
    let left = end.saturating_sub(input.at());
    io::copy(&mut input.take(left), &mut io::sink()).map(|_| ())
}

/// Goes to the next local header or directory, or to the end.
fn find_header(input: &mut Input) -> io::Result<()> {
    loop {
        let buffer = input.peek(4)?;
        let begins = |four: &[u8]| [&LOCAL[..], b"PK\x01\x02", b"PK\x05\x06"].contains(&four);
        let found = memchr::memchr_iter(b'P', buffer).find(|at| buffer.get(*at..at + 4).is_none_or(begins));
        match found {
            Some(0) => return Ok(()),
            Some(at) => input.consume(at),
            None if buffer.is_empty() => return Ok(()),
            None => {
                let n = buffer.len();
                input.consume(n);
            }
        }
    }
}

/// Where an entry's reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Data,
    Done,
}

/// The unpacked bytes of one entry; its checksum is compared at the end.
struct Entry<'x, 's> {
    header: &'x Header,
    input: &'x mut Input<'s>,
    engine: &'x mut Decompress,
    /// Where the packed data end, if it is known.
    end: Option<u64>,
    crc: Crc,
    state: State,
}

impl Read for Entry<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.state == State::Done || buf.is_empty() {
            return Ok(0);
        }
        let n = if self.header.method == 0 { self.stored(buf)? } else { self.inflated(buf)? };
        self.crc.update(&buf[..n]);
        if n == 0 {
            self.state = State::Done;
            let (sum, size) = self.expected()?;
            if self.crc.sum() != sum || size.is_some_and(|s| s as u32 != self.crc.amount()) {
                return Err(io::Error::new(ErrorKind::InvalidData, Fault::Checksum));
            }
        }
        Ok(n)
    }
}

impl Entry<'_, '_> {
    fn cut(&mut self) -> io::Error {
        self.state = State::Done;
        self.input.cut_told = self.input.ended && self.input.fill_buf().is_ok_and(<[u8]>::is_empty);
        ErrorKind::UnexpectedEof.into()
    }

    fn stored(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let packed = packed(self.input, self.end)?;
        let n = packed.len().min(out.len());
        out[..n].copy_from_slice(&packed[..n]);
        self.input.consume(n);
        if n == 0 && self.end.is_some_and(|end| self.input.at() < end) {
            return Err(self.cut());
        }
        Ok(n)
    }

    fn inflated(&mut self, out: &mut [u8]) -> io::Result<usize> {
        loop {
            let (before_in, before_out) = (self.engine.total_in(), self.engine.total_out());
            let packed = packed(self.input, self.end)?;
            let at_end = packed.is_empty();
            let status = self.engine.decompress(packed, out, FlushDecompress::None);
            self.input.consume((self.engine.total_in() - before_in) as usize);
            let n = (self.engine.total_out() - before_out) as usize;
            let status = status.map_err(|e| io::Error::new(ErrorKind::InvalidData, e))?;
            match status {
                _ if n > 0 => return Ok(n),
                Status::StreamEnd => return Ok(0),
                _ if at_end => return Err(self.cut()),
                _ => {}
            }
        }
    }

    /// Checksum and size as stated before or after the data.
    fn expected(&mut self) -> io::Result<(u32, Option<u64>)> {
        if !self.header.described_after {
            return Ok((self.header.crc, Some(self.header.unpacked)));
        }
        if self.input.peek(4)?.starts_with(&DESCRIPTOR) {
            self.input.consume(4);
        }
        let mut crc = [0; 4];
        self.input.read_exact(&mut crc).map_err(|_| self.cut())?;
        // Two sizes follow, of 4 or 8 bytes; which, is told by where the next header stands.
        let wide = self.header.zip64
            || self.input.peek(18)?.get(8..10).is_some_and(|b| b != b"PK")
                && self.input.peek(18)?.get(16..18).is_some_and(|b| b == b"PK");
        self.input.consume_up_to(if wide { 16 } else { 8 });
        Ok((u32::from_le_bytes(crc), None))
    }
}

/// The packed bytes at hand, none at their end.
fn packed<'i>(input: &'i mut Input, end: Option<u64>) -> io::Result<&'i [u8]> {
    let left = end.map_or(u64::MAX, |end| end.saturating_sub(input.at()));
    let buffer = input.fill_buf()?;
    Ok(&buffer[..(buffer.len() as u64).min(left) as usize])
}

/// The archive's bytes with the place in them. Unlike a `BufReader` it can look ahead across its buffer's end.
struct Input<'s> {
    stream: &'s mut dyn Read,
    buffer: Vec<u8>,
    from: usize,
    to: usize,
    at: Rc<Cell<u64>>,
    ended: bool,
    /// An issue has been told that the archive ends too early.
    cut_told: bool,
    /// The signature that ended the entries.
    last: [u8; 4],
}

impl<'s> Input<'s> {
    fn new(stream: &'s mut dyn Read) -> Self {
        Self {
            stream,
            buffer: vec![0; BUFFER],
            from: 0,
            to: 0,
            at: Rc::default(),
            ended: false,
            cut_told: false,
            last: [0; 4],
        }
    }

    fn at(&self) -> u64 {
        self.at.get()
    }

    /// At least `wanted` bytes, fewer only at the end of the archive. `wanted` is far below the buffer's size.
    fn peek(&mut self, wanted: usize) -> io::Result<&[u8]> {
        while self.to - self.from < wanted && !self.ended {
            if self.from > 0 {
                self.buffer.copy_within(self.from..self.to, 0);
                (self.from, self.to) = (0, self.to - self.from);
            }
            match self.stream.read(&mut self.buffer[self.to..]) {
                Ok(n) => {
                    self.to += n;
                    self.ended = n == 0;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(&self.buffer[self.from..self.to])
    }

    fn consume_up_to(&mut self, n: usize) {
        self.consume(n.min(self.to - self.from));
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.peek(1)?.len().min(buf.len());
        buf[..n].copy_from_slice(&self.buffer[self.from..self.from + n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.peek(1)
    }

    fn consume(&mut self, n: usize) {
        self.from += n;
        self.at.set(self.at.get() + n as u64);
    }
}
