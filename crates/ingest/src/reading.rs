//! One reading of a file or stream: where it stands, what it found, how far it is.

use std::{
    cell::Cell,
    io::{self, ErrorKind, Read},
    ops::ControlFlow,
    rc::Rc,
};

use model::{Issue, IssueKind, Place};

use crate::{Format, Found, Limits, Raw};

/// Whether to go on.
pub(crate) type Flow = ControlFlow<()>;

/// Progress is told whenever so many more bytes of the input have been read.
const PROGRESS_STEP: u64 = 1 << 20;

/// The receiver of what is found, with what every place has in common.
pub(crate) struct Reading<'a> {
    pub limits: Limits,
    file: String,
    found: &'a mut dyn FnMut(Found) -> Flow,
    read: Rc<Cell<u64>>,
    total: Option<u64>,
    told: u64,
}

impl<'a> Reading<'a> {
    pub fn new(
        file: &str,
        limits: Limits,
        total: Option<u64>,
        found: &'a mut dyn FnMut(Found) -> Flow,
    ) -> Self {
        Self { limits, file: file.to_owned(), found, read: Rc::default(), total, told: 0 }
    }

    /// The stream, counted for progress and with its own errors marked as such.
    pub fn meter<R: Read>(&self, inner: R) -> Meter<R> {
        Meter { inner, count: Rc::clone(&self.read) }
    }

    pub fn place(&self, entry: Option<&str>) -> Place {
        Place { file: self.file.clone(), entry: entry.map(str::to_owned), ..Place::default() }
    }

    pub fn record(&mut self, format: Format, bytes: Vec<u8>, place: Place) -> Flow {
        (self.found)(Found::Record(Raw { format, bytes, place }))?;
        self.progress()
    }

    pub fn issue(&mut self, kind: IssueKind, message: impl Into<String>, place: Place) -> Flow {
        (self.found)(Found::Issue(Issue::new(kind, message, place)))?;
        self.progress()
    }

    fn progress(&mut self) -> Flow {
        let read = self.read.get();
        if read < self.told + PROGRESS_STEP {
            return Flow::Continue(());
        }
        self.told = read;
        (self.found)(Found::Progress { read, total: self.total })
    }

    /// Tells the end, so that a progress bar arrives.
    pub fn finish(&mut self) -> Flow {
        (self.found)(Found::Progress { read: self.read.get(), total: self.total })
    }
}

/// A reader that counts the bytes that pass.
pub(crate) struct Meter<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Meter<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf).map_err(|e| match e.kind() {
            ErrorKind::Interrupted => e,
            kind => io::Error::new(kind, Fault::Source(e.to_string())),
        })?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}

/// Why a stream could not be read to its end, as far as its plain I/O error does not say it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// The file or device itself failed.
    #[error("{0}")]
    Source(String),
    /// More came out than anyone compresses honestly.
    #[error(
        "{0} MiB unpacked from {1} KiB: this looks like a decompression bomb, and the rest is left unread"
    )]
    Bomb(u64, u64),
    /// The unpacked bytes are not those that were packed.
    #[error("the checksum does not fit: the data are damaged")]
    Checksum,
}

/// The kind of issue that an error while reading is, and a sentence about it.
pub(crate) fn describe(error: &io::Error) -> (IssueKind, String) {
    let fault = error.get_ref().and_then(|inner| inner.downcast_ref::<Fault>());
    let kind = match (fault, error.kind()) {
        (Some(Fault::Source(_)), _) => IssueKind::Unreadable,
        (Some(Fault::Bomb(..)), _) => IssueKind::UnsafeArchive,
        (_, ErrorKind::UnexpectedEof) => IssueKind::Truncated,
        _ => IssueKind::Malformed,
    };
    match kind {
        IssueKind::Truncated => (kind, "the compressed data end in the middle".to_owned()),
        _ => (kind, error.to_string()),
    }
}

/// The issue that a stream ends inside the record that begins at `begin`, for this reason if there is one.
pub(crate) fn cut_off(error: Option<io::Error>, begin: u64) -> (IssueKind, String) {
    let (kind, why) = match error {
        Some(error) => describe(&error),
        None => (IssueKind::Truncated, "the data end in the middle".to_owned()),
    };
    (kind, format!("{why}, inside the record that begins at byte {begin}"))
}

/// Unpacked bytes below which no ratio is suspicious.
const BOMB_BYTES: u64 = 256 << 20;
/// Ratio above which unpacked data are a bomb; registry records reach about 20.
const BOMB_RATIO: u64 = 200;

/// A decompressor's output, watched for absurd ratios.
pub(crate) struct Guard<R> {
    inner: R,
    packed: Rc<Cell<u64>>,
    before: u64,
    unpacked: u64,
}

impl<R: Read> Guard<R> {
    /// Watches `inner`, which unpacks what `packed` counts.
    pub fn new(inner: R, packed: Rc<Cell<u64>>) -> Self {
        let before = packed.get();
        Self { inner, packed, before, unpacked: 0 }
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.unpacked += n as u64;
        let packed = self.packed.get() - self.before;
        if self.unpacked > BOMB_BYTES && self.unpacked / BOMB_RATIO > packed {
            let fault = Fault::Bomb(self.unpacked >> 20, packed >> 10);
            return Err(io::Error::new(ErrorKind::InvalidData, fault));
        }
        Ok(n)
    }
}

/// A reader that counts into a cell of its own.
pub(crate) fn counted<R: Read>(inner: R) -> (Counted<R>, Rc<Cell<u64>>) {
    let count = Rc::<Cell<u64>>::default();
    (Counted { inner, count: Rc::clone(&count) }, count)
}

/// See [`counted`].
pub(crate) struct Counted<R> {
    inner: R,
    count: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.count.set(self.count.get() + n as u64);
        Ok(n)
    }
}
