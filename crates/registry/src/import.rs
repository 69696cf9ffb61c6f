//! Files are read, converted, stored and indexed: one reader, several workers, one writer.
//!
//! Records reach the store in the order of the input, whatever the number of workers, so that the same input gives
//! the same store. The store is committed every [`BATCH`] records; what it has acknowledged survives any end of the
//! process. The index follows, and is repaired at the next start if it could not.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Read,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::{Condvar, Mutex, PoisonError},
};

use crossbeam_channel::{Receiver, Sender, bounded};
use index::{Analysed, Analyst, Budget};
use ingest::{Format, Found, Limits, Raw};
use model::{Issue, IssueKind, Place};
use sha2::{Digest, Sha256};
use store::{Counts, Prepared, Preparer, Put, SourceId, Store};

use crate::{Error, index_folder, repair};

/// Records between two commits of the store.
const BATCH: u64 = 2_000;
/// Records between two words to the caller, who may want to stop.
const PULSE: u64 = 250;
/// Studies between two commits of the index. Each makes new segments, so they are few.
const INDEX_BATCH: u64 = 100_000;
/// Above so many new studies the index is loaded without merging as it goes.
const BULK_BYTES: u64 = 64 << 20;
/// Messages on their way between two stages.
const QUEUE: usize = 32;
/// Bytes of records on their way between the reader and the writer: what a slow record may let pile up behind it.
const UNDER_WAY: u64 = 96 << 20;

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct Import {
    /// Files, folders, or `-` for standard input.
    pub paths: Vec<PathBuf>,
    /// What is noted as the source of all of them instead of their paths: where they were received from.
    pub source: Option<String>,
    /// Seconds since 1970, noted as the time of arrival.
    pub received: i64,
    /// Stop at the first issue by which a record is lost.
    pub strict: bool,
    /// Threads that convert.
    pub workers: usize,
    /// How much a reader accepts.
    pub limits: Limits,
}

impl Import {
    /// What a file is called where it is noted as a source.
    fn named(&self, path: &Path) -> String {
        self.source.clone().unwrap_or_else(|| path.display().to_string())
    }
}

/// What happens during an import.
pub enum Event<'e> {
    /// The index lagged behind the store and is being repaired first: so many of so many studies.
    Repairing(u64, u64),
    /// Bytes read and to be read in all, records done.
    Progress {
        /// Bytes of all input files read so far.
        read: u64,
        /// Bytes of all input files; 0 if unknown.
        total: u64,
        /// Records done.
        records: u64,
    },
    /// Something odd in the input.
    Issue(&'e Issue),
    /// A file has been read to its end.
    File(&'e Path, &'e Outcome),
}

/// What came of one file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It was read.
    Read(Counts),
    /// The very same file was imported before; nothing was read.
    Known(Counts),
}

/// What came of an import.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Records by what came of them, and issues by kind.
    pub counts: Counts,
    /// Files read.
    pub files: u64,
    /// Files that were known already.
    pub known_files: u64,
    /// Issues by which records were lost.
    pub lost: u64,
    /// The first of the latter, for the closing message.
    pub first_lost: Option<Issue>,
}

/// A message, its number (so that the writer can put them in order again) and the bytes of its record.
struct Numbered<T> {
    number: u64,
    bytes: u64,
    message: T,
}

/// What the reader says.
enum Message {
    Begin(PathBuf, Option<[u8; 32]>),
    Known(PathBuf, [u8; 32], Counts),
    Record(Raw),
    Issue(Issue),
    Progress(u64),
    End,
}

/// What a worker makes of it.
enum Done {
    Begin(PathBuf, Option<[u8; 32]>),
    Known(PathBuf, [u8; 32], Counts),
    Record(Box<Converted>),
    Same(Format, [u8; 32], Place),
    Issue(Issue),
    Progress(u64),
    End,
}

/// Holds the reader back while too many bytes are on their way.
#[derive(Default)]
struct Load {
    state: Mutex<(u64, bool)>,
    lighter: Condvar,
}

impl Load {
    /// Waits until there is room for so many bytes; one record alone always has room. False: nobody takes any more.
    fn take_on(&self, bytes: u64) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !state.1 && state.0 > 0 && state.0 + bytes > UNDER_WAY {
            state = self.lighter.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.0 += bytes;
        !state.1
    }

    /// So many bytes have arrived.
    fn put_down(&self, bytes: u64) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.0 = state.0.saturating_sub(bytes);
        self.lighter.notify_one();
    }

    /// The writer is gone.
    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).1 = true;
        self.lighter.notify_all();
    }
}

struct Converted {
    prepared: Prepared,
    analysed: Analysed,
    issues: Vec<Issue>,
}

/// Imports files and folders into the registry of a folder. Everything that was good is kept, whatever goes wrong
/// later. `on` is told what happens; returning `Break` stops the import after the records under way.
pub fn import(
    folder: &Path,
    import: &Import,
    on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
) -> Result<Summary, Error> {
    repair(folder, &mut |done, total| _ = on(Event::Repairing(done, total)))?;
    let files = files(&import.paths);
    let total: u64 =
        files.iter().filter_map(|f| std::fs::metadata(f.as_ref().ok()?).ok()).map(|m| m.len()).sum();
    let mut writer = Writing::open(folder, total)?;
    let store = Store::open(folder)?;
    let preparer = writer.store.preparer();
    let (send, receive) = bounded::<Numbered<Message>>(QUEUE);
    let (out, done) = bounded::<Numbered<Done>>(QUEUE);
    let load = Load::default();
    let result = std::thread::scope(|scope| {
        let (store, limits, load) = (&store, import.limits, &load);
        scope.spawn(move || read(store, files, limits, load, &send));
        for _ in 0..import.workers.max(1) {
            let (receive, out, preparer) = (receive.clone(), out.clone(), preparer.clone());
            scope.spawn(move || work(store, &preparer, &receive, &out));
        }
        drop((receive, out));
        let result = writer.take(import, &done, load, on);
        load.close();
        drop(done);
        result
    });
    let closed = writer.close();
    result?;
    closed
}

/// The files behind the paths: folders opened, in the order of their names; what cannot be read is an issue.
fn files(paths: &[PathBuf]) -> Vec<Result<PathBuf, Issue>> {
    let mut out = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = out.len();
            walk(path, &mut out);
            if out.len() == before {
                let place = Place { file: path.display().to_string(), ..Place::default() };
                let message =
                    "there is no file in this folder; those whose name begins with a dot are passed over";
                out.push(Err(Issue::new(IssueKind::UnknownFormat, message, place)));
            }
        } else {
            out.push(Ok(path.clone()));
        }
    }
    out
}

fn walk(folder: &Path, out: &mut Vec<Result<PathBuf, Issue>>) {
    let unreadable = |error: std::io::Error| {
        let place = Place { file: folder.display().to_string(), ..Place::default() };
        Issue::new(IssueKind::Unreadable, format!("the folder cannot be read: {error}"), place)
    };
    let entries: Result<Vec<PathBuf>, _> = match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.map(|e| e.path())).collect(),
        Err(error) => return out.push(Err(unreadable(error))),
    };
    match entries {
        Ok(mut entries) => {
            entries.sort();
            for entry in entries.into_iter().filter(|e| !is_hidden(e)) {
                if entry.is_dir() {
                    // Links to folders may lead back to where they stand.
                    if !entry.is_symlink() {
                        walk(&entry, out);
                    }
                } else {
                    out.push(Ok(entry));
                }
            }
        }
        Err(error) => out.push(Err(unreadable(error))),
    }
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// Reads the files one after the other; ends early when nobody listens any more.
fn read(
    store: &Store,
    files: Vec<Result<PathBuf, Issue>>,
    limits: Limits,
    load: &Load,
    send: &Sender<Numbered<Message>>,
) {
    let mut number = 0;
    let mut tell = |message: Message| -> ControlFlow<()> {
        let bytes = if let Message::Record(raw) = &message { raw.bytes.len() as u64 } else { 0 };
        let listening = load.take_on(bytes) && send.send(Numbered { number, bytes, message }).is_ok();
        number += 1;
        if listening { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    };
    let mut before = 0;
    for file in files {
        let flow = match file {
            Err(issue) => tell(Message::Issue(issue)),
            Ok(path) => {
                let flow = read_file(store, &path, limits, before, &mut tell);
                before += std::fs::metadata(&path).map_or(0, |m| m.len());
                flow
            }
        };
        if flow.is_break() {
            return;
        }
    }
}

fn read_file(
    store: &Store,
    path: &Path,
    limits: Limits,
    before: u64,
    tell: &mut dyn FnMut(Message) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let standard_input = path == Path::new("-");
    let sha256 = if standard_input { None } else { digest(path).ok() };
    if let Some(sha256) = sha256
        && let Ok(Some(finished)) = store.source_done(&sha256)
    {
        return tell(Message::Known(path.to_owned(), sha256, finished.counts.unwrap_or_default()));
    }
    tell(Message::Begin(path.to_owned(), sha256))?;
    let mut hand_on = |found: Found| match found {
        Found::Record(raw) => tell(Message::Record(raw)),
        Found::Issue(issue) => tell(Message::Issue(issue)),
        Found::Progress { read, .. } => tell(Message::Progress(before + read)),
    };
    if standard_input {
        ingest::read_stream("-", Box::new(std::io::stdin()), limits, &mut hand_on)?;
    } else {
        ingest::read(path, limits, &mut hand_on)?;
    }
    tell(Message::End)
}

/// SHA-256 of a file.
fn digest(path: &Path) -> std::io::Result<[u8; 32]> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&buffer[..n]);
    }
}

/// Converts, compresses and analyses what the reader finds.
fn work(
    store: &Store,
    preparer: &Preparer,
    receive: &Receiver<Numbered<Message>>,
    out: &Sender<Numbered<Done>>,
) {
    let mut analyst = Analyst::new();
    for Numbered { number, bytes, message } in receive {
        let done = match message {
            Message::Begin(path, sha256) => Done::Begin(path, sha256),
            Message::Known(path, sha256, counts) => Done::Known(path, sha256, counts),
            Message::Issue(issue) => Done::Issue(issue),
            Message::Progress(read) => Done::Progress(read),
            Message::End => Done::End,
            Message::Record(raw) => convert(store, preparer, &mut analyst, &raw),
        };
        if out.send(Numbered { number, bytes, message: done }).is_err() {
            return;
        }
    }
}

fn convert(store: &Store, preparer: &Preparer, analyst: &mut Analyst, raw: &Raw) -> Done {
    let sha256: [u8; 32] = Sha256::digest(&raw.bytes).into();
    if matches!(store.known(raw.format, &sha256), Ok(Some(_))) {
        return Done::Same(raw.format, sha256, raw.place.clone());
    }
    match ingest::convert(raw) {
        Err(issue) => Done::Issue(issue),
        Ok(mut converted) => {
            let prepared = preparer.prepare(raw, &converted);
            let analysed = analyst.study(converted.id, &converted.study);
            Done::Record(Box::new(Converted {
                prepared,
                analysed,
                issues: std::mem::take(&mut converted.issues),
            }))
        }
    }
}

/// The writing end.
struct Writing {
    folder: PathBuf,
    store: store::Writer,
    index: index::Writer,
    source: Option<(PathBuf, SourceId, Counts)>,
    /// [`Summary::lost`] when the source began.
    lost_before: u64,
    summary: Summary,
    /// Bytes of the input read and in all, for the caller.
    read: u64,
    total: u64,
    since_commit: u64,
    since_index: u64,
    /// Studies put into the index since it was opened: what is new to the store is new to it.
    dirty: bool,
}

impl Writing {
    fn open(folder: &Path, total: u64) -> Result<Self, Error> {
        let store = store::Writer::open(folder)?;
        let index = index::Writer::open(&index_folder(folder), Budget::default())?;
        index.merging(total < BULK_BYTES);
        let folder = folder.to_owned();
        let summary = Summary::default();
        Ok(Self {
            folder,
            store,
            index,
            source: None,
            lost_before: 0,
            summary,
            read: 0,
            total,
            since_commit: 0,
            since_index: 0,
            dirty: false,
        })
    }

    /// Takes what the workers made, in the order of the input.
    fn take(
        &mut self,
        import: &Import,
        done: &Receiver<Numbered<Done>>,
        load: &Load,
        on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut early: BTreeMap<u64, (u64, Done)> = BTreeMap::new();
        let mut next = 0;
        for Numbered { number, bytes, message } in done {
            early.insert(number, (bytes, message));
            while let Some((bytes, message)) = early.remove(&next) {
                next += 1;
                load.put_down(bytes);
                if self.one(import, message, on)?.is_break() {
                    return Err(Error::Stopped);
                }
            }
        }
        Ok(())
    }

    fn one(
        &mut self,
        import: &Import,
        message: Done,
        on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        match message {
            Done::Begin(path, sha256) => {
                let id = self.store.begin_source(&import.named(&path), sha256, import.received)?;
                self.source = Some((path, id, Counts::default()));
                self.lost_before = self.summary.lost;
            }
            Done::Known(path, sha256, counts) => {
                self.store.saw_copy(&sha256, &import.named(&path), import.received)?;
                self.summary.known_files += 1;
                self.summary.counts.unchanged += counts.records();
                return Ok(on(Event::File(&path, &Outcome::Known(counts))));
            }
            Done::Record(converted) => return self.record(*converted, on),
            Done::Same(format, sha256, place) => {
                if let Some((_, source, _)) = &self.source {
                    self.store.saw(*source, format, &sha256, &place)?;
                    self.count(Put::Unchanged);
                    self.commit_when_due()?;
                }
            }
            Done::Issue(issue) => {
                if self.issue(&issue, on).is_break() || import.strict && issue.kind.loses_records() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Done::Progress(read) => {
                self.read = read;
                return Ok(on(self.progress()));
            }
            Done::End => return self.end(on),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn record(
        &mut self,
        converted: Converted,
        on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        let Some((_, source, _)) = &self.source else { return Ok(ControlFlow::Continue(())) };
        let put = self.store.put_prepared(*source, converted.prepared)?;
        self.count(put);
        if matches!(put, Put::Added | Put::Changed) {
            self.index.put(converted.analysed, put == Put::Added)?;
            self.dirty = true;
            self.since_index += 1;
        }
        self.commit_when_due()?;
        if self.since_commit.is_multiple_of(PULSE) && on(self.progress()).is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if put != Put::Unchanged {
            for issue in &converted.issues {
                if self.issue(issue, on).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn progress(&self) -> Event<'static> {
        Event::Progress { read: self.read, total: self.total, records: self.summary.counts.records() }
    }

    fn count(&mut self, put: Put) {
        self.summary.counts.count(put);
        if let Some((_, _, counts)) = &mut self.source {
            counts.count(put);
        }
    }

    fn issue(&mut self, issue: &Issue, on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        self.summary.counts.issue(issue.kind);
        if let Some((_, _, counts)) = &mut self.source {
            counts.issue(issue.kind);
        }
        if issue.kind.loses_records() {
            self.summary.lost += 1;
            self.summary.first_lost.get_or_insert_with(|| issue.clone());
        }
        on(Event::Issue(issue))
    }

    /// A file has been read to its end.
    fn end(&mut self, on: &mut dyn FnMut(Event<'_>) -> ControlFlow<()>) -> Result<ControlFlow<()>, Error> {
        let Some((path, source, counts)) = self.source.take() else { return Ok(ControlFlow::Continue(())) };
        self.summary.files += 1;
        // A file of which something was lost is read again next time: it may have been repaired meanwhile, and
        // what is known is passed over quickly.
        if self.summary.lost == self.lost_before {
            self.store.finish_source(source, &counts)?;
        }
        Ok(on(Event::File(&path, &Outcome::Read(counts))))
    }

    /// Counts one record towards the next commit.
    fn commit_when_due(&mut self) -> Result<(), Error> {
        self.since_commit += 1;
        if self.since_commit >= BATCH { self.commit() } else { Ok(()) }
    }

    fn commit(&mut self) -> Result<(), Error> {
        let sequence = self.store.commit()?;
        self.since_commit = 0;
        if self.since_index >= INDEX_BATCH {
            self.index.commit(sequence)?;
            self.since_index = 0;
        }
        Ok(())
    }

    /// Makes everything durable, also after an error.
    fn close(mut self) -> Result<Summary, Error> {
        let sequence = self.store.commit()?;
        let behind = index::sequence(&index_folder(&self.folder))? != Some(sequence);
        if self.dirty || behind {
            // Many segments, as a large load leaves them, are merged now; a few stay as they are.
            self.index.merging(true);
            self.index.commit(sequence)?;
        }
        self.index.finish()?;
        Ok(self.summary)
    }
}
