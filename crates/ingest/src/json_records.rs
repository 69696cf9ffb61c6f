//! JSON of any size, cut into the bytes of each study.
//!
//! Nothing is parsed here: a scanner that knows strings, escapes and nesting walks through arrays and the answer
//! objects of the three APIs ("envelopes"), and hands out every other object. What is wrong inside a record is left
//! to the conversion, and a record whose end is lost (a quote or a bracket is missing) ends where the next begins.
//!
//! ```text
//! stream   = value*                      one study, NDJSON, pages one after the other
//! value    = array | envelope | record
//! array    = "[" value* "]"
//! envelope = "{" ... ENVELOPE ":" value ... "}"
//! record   = any other object
//! ```

use memchr::{memchr, memchr3};
use model::{IssueKind, Place};

use crate::{
    Format,
    reading::{Flow, Reading, cut_off, describe},
    registries::{self, Split},
    source::{Rest, too_large},
    window::Window,
};

/// Keys whose value holds records.
const ENVELOPE: [&[u8]; 7] = [
    b"studies",
    b"FullStudiesResponse",
    b"FullStudies",
    b"FullStudy",
    b"Study",
    b"StudyFieldsResponse",
    b"StudyFields",
];

/// First keys of a record, by which its beginning is known anywhere.
const MARKERS: [&[u8]; 3] = [b"protocolSection\"", b"ProtocolSection\"", b"Rank\""];
const LONGEST_MARKER: usize = 16;

/// Finds the records in a JSON stream.
pub(crate) fn read(reading: &mut Reading, entry: Option<&str>, rest: Rest) -> Flow {
    let window = Window::new(rest, reading.limits.record_bytes);
    let mut cutter =
        Cutter { reading, entry, window, record: 0, level: 0, lost: false, unknown: 0, others: 0, stray: 0 };
    cutter.stream()?;
    cutter.end()
}

struct Cutter<'r, 'a, 's> {
    reading: &'r mut Reading<'a>,
    entry: Option<&'r str>,
    window: Window<'s>,
    /// Records begun.
    record: u64,
    /// Open arrays and envelopes.
    level: u64,
    /// A record's end was lost, so the levels cannot be trusted any more.
    lost: bool,
    /// Objects that were no record.
    unknown: u64,
    /// FHIR resources that were no study.
    others: u64,
    /// Numbers and texts where a record should stand.
    stray: u64,
}

/// How the scan of a value ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scan {
    /// Behind the value.
    Done,
    /// The stream is over.
    Ended,
    /// Another record begins at the cursor.
    NextRecord,
    /// A line ends inside a string.
    BrokenString,
}

impl Cutter<'_, '_, '_> {
    fn stream(&mut self) -> Flow {
        while let Some(byte) = self.window.peek_solid() {
            match byte {
                b'{' => self.object()?,
                b'[' => self.step(1),
                b']' | b'}' if self.level > 0 => self.step(-1),
                b',' | b':' | 0x1e => self.window.pos += 1,
                b'"' | b'0'..=b'9' | b'-' | b'a'..=b'z' if self.level > 0 => self.scalar()?,
                b']' | b'}' if self.lost => self.window.pos += 1,
                _ => self.resynchronise("no record begins here")?,
            }
        }
        Flow::Continue(())
    }

    fn step(&mut self, by: i8) {
        self.level = self.level.saturating_add_signed(by.into());
        self.window.pos += 1;
    }

    /// A string, number or word between the records: a member of an envelope, or something odd in an array.
    fn scalar(&mut self) -> Flow {
        let mut name = Vec::new();
        let is_null = self.window.ahead().first() == Some(&b'n');
        let scan = self.string_or_word(&mut name);
        if scan == Scan::BrokenString {
            return self.resynchronise("a line ends inside a string");
        }
        if scan == Scan::Done && self.window.peek_solid() == Some(b':') {
            self.window.pos += 1;
            if !ENVELOPE.contains(&name.as_slice()) && self.value() == Scan::BrokenString {
                return self.resynchronise("a line ends inside a string");
            }
        } else if !is_null {
            self.stray += 1;
        }
        Flow::Continue(())
    }

    /// An object at the cursor: an envelope is entered, a record is handed out.
    fn object(&mut self) -> Flow {
        self.window.start = Some(self.window.pos);
        self.window.oversize = false;
        let begin = self.window.at();
        self.window.pos += 1;
        match self.members() {
            None => {
                self.window.start = None;
                self.level += 1;
                Flow::Continue(())
            }
            Some((scan, format)) => {
                self.record += 1;
                self.hand_out(scan, format, begin)
            }
        }
    }

    /// Moves over the members of an object: how that ended and what the keys tell. `None` behind a key that makes
    /// it an envelope.
    fn members(&mut self) -> Option<(Scan, Option<Format>)> {
        let mut format = None;
        let scan = loop {
            let scan = match self.window.peek_solid() {
                None => Scan::Ended,
                Some(b'}') => {
                    self.window.pos += 1;
                    break Scan::Done;
                }
                Some(b',' | b':' | b']') => {
                    self.window.pos += 1;
                    Scan::Done
                }
                Some(b'"') => {
                    let mut key = Vec::new();
                    let scan = self.string_or_word(&mut key);
                    if scan == Scan::Done && self.window.peek_solid() == Some(b':') {
                        if ENVELOPE.contains(&key.as_slice()) {
                            return None;
                        }
                        format = format.or(format_of(&key));
                    }
                    scan
                }
                Some(_) => self.value(),
            };
            if scan != Scan::Done {
                break scan;
            }
        };
        Some((scan, format))
    }

    fn hand_out(&mut self, scan: Scan, format: Option<Format>, begin: u64) -> Flow {
        let bytes = self.window.take();
        let mut place = self.place(begin);
        if self.window.oversize {
            let message = too_large(self.reading.limits.record_bytes);
            self.reading.issue(IssueKind::TooLarge, message, place.clone())?;
        }
        match scan {
            Scan::Done => match (bytes, format) {
                (Some(bytes), Some(Format::Fhir)) => self.resource(&bytes, &place),
                (Some(bytes), Some(format)) => self.reading.record(format, bytes, place),
                (Some(_), None) => self.unknown_object(place),
                (None, _) => Flow::Continue(()),
            },
            Scan::Ended => {
                place.byte = Some(self.window.at());
                let (kind, message) = cut_off(self.window.error.take(), begin);
                // The levels around it are open for the same reason.
                self.lost = true;
                self.reading.issue(kind, message, place)
            }
            // An envelope that we do not know: it shows what is in it.
            Scan::NextRecord if format.is_none() => {
                self.lost = true;
                self.record -= 1;
                Flow::Continue(())
            }
            Scan::NextRecord => {
                self.lost = true;
                let message = "the next record begins before this one has ended";
                self.reading.issue(IssueKind::Malformed, message, place)
            }
            Scan::BrokenString => {
                let message = format!("a line ends inside a string at byte {}", self.window.at());
                self.reading.issue(IssueKind::Malformed, message, place)?;
                self.find_record();
                Flow::Continue(())
            }
        }
    }

    /// A FHIR resource: a study, a bundle with some, or another that is counted.
    fn resource(&mut self, bytes: &[u8], place: &Place) -> Flow {
        match registries::split(bytes) {
            Split::Study => self.reading.record(Format::Fhir, bytes.to_vec(), place.clone()),
            Split::Bundle(studies) => {
                if studies.is_empty() {
                    let message = "the FHIR Bundle has no ResearchStudy";
                    return self.reading.issue(IssueKind::UnknownFormat, message, place.clone());
                }
                self.record -= 1;
                for study in studies {
                    self.record += 1;
                    let place = Place { record: Some(self.record), ..place.clone() };
                    self.reading.record(Format::Fhir, study, place)?;
                }
                Flow::Continue(())
            }
            Split::Other(name) => {
                self.others += 1;
                if self.others > 1 {
                    return Flow::Continue(());
                }
                let message = format!("a FHIR {name} is no study");
                self.reading.issue(IssueKind::UnknownFormat, message, place.clone())
            }
        }
    }

    fn unknown_object(&mut self, place: Place) -> Flow {
        self.unknown += 1;
        if self.unknown > 1 {
            return Flow::Continue(());
        }
        let message = "the JSON object is a record of no format we know";
        self.reading.issue(IssueKind::UnknownFormat, message, place)
    }

    /// Says that something is wrong at the cursor, and goes on where the next record begins.
    fn resynchronise(&mut self, message: &str) -> Flow {
        let mut place = self.place(self.window.at());
        place.record = None;
        self.reading.issue(IssueKind::Malformed, message, place)?;
        self.window.pos += usize::from(!self.window.ahead().is_empty());
        self.find_record();
        Flow::Continue(())
    }

    /// Goes to the next `{` that is followed by the first key of a record, or to the end.
    fn find_record(&mut self) {
        self.lost = true;
        self.window.start = None;
        loop {
            let Some(n) = memchr(b'{', self.window.ahead()) else {
                self.window.pos += self.window.ahead().len();
                if !self.window.fill() {
                    return;
                }
                continue;
            };
            self.window.pos += n;
            self.window.start = Some(self.window.pos);
            self.window.pos += 1;
            let mut found = self.window.peek_solid() == Some(b'"');
            if found {
                self.window.pos += 1;
                found = MARKERS.iter().any(|marker| self.window.looking_at(marker));
            }
            if let Some(brace) = self.window.start.take()
                && found
            {
                self.window.pos = brace;
                return;
            }
        }
    }

    fn place(&self, byte: u64) -> Place {
        Place { record: Some(self.record), byte: Some(byte), ..self.reading.place(self.entry) }
    }

    /// What is left to be said at the end of the stream.
    fn end(&mut self) -> Flow {
        let mut place = self.reading.place(self.entry);
        place.byte = Some(self.window.at());
        if let Some(error) = self.window.error.take() {
            let (kind, message) = describe(&error);
            self.reading.issue(kind, message, place.clone())?;
        } else if self.level > 0 && !self.lost {
            let message = format!("the data end inside a list, behind record {}", self.record);
            self.reading.issue(IssueKind::Truncated, message, place.clone())?;
        }
        if self.unknown > 1 {
            let message = format!("{} more objects like that", self.unknown - 1);
            self.reading.issue(IssueKind::UnknownFormat, message, place.clone())?;
        }
        if self.others > 1 {
            let message = format!("{} more FHIR resources that are no study", self.others - 1);
            self.reading.issue(IssueKind::UnknownFormat, message, place.clone())?;
        }
        // An empty list is an answer; a list of something else is not.
        if self.stray > 0 && !self.lost {
            let message = match (self.record, self.stray) {
                (0, _) => "there is no record in this JSON, only numbers or texts".to_owned(),
                (_, 1) => "a number or text stands where a record should".to_owned(),
                (_, n) => format!("{n} numbers or texts stand where records should"),
            };
            self.reading.issue(IssueKind::UnknownFormat, message, place)?;
        }
        Flow::Continue(())
    }
}

/// Scanning values.
impl Cutter<'_, '_, '_> {
    /// Moves behind the value at the cursor.
    fn value(&mut self) -> Scan {
        match self.window.peek_solid() {
            None => Scan::Ended,
            Some(b'{' | b'[') => self.scan(false),
            Some(_) => self.string_or_word(&mut Vec::new()),
        }
    }

    /// Moves behind the string, number or word at the cursor; a string's content, up to a key's length, is noted.
    fn string_or_word(&mut self, content: &mut Vec<u8>) -> Scan {
        if self.window.ahead().first() != Some(&b'"') {
            self.window.pos += 1;
            loop {
                let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
                let n = self.window.ahead().iter().take_while(|b| word(b)).count();
                self.window.pos += n;
                if !self.window.ahead().is_empty() || !self.window.fill() {
                    return Scan::Done;
                }
            }
        }
        self.window.pos += 1;
        if memchr(b'"', self.window.ahead()).is_none() {
            self.window.fill();
        }
        if let Some(n) = self.window.ahead().iter().take(64).position(|b| *b == b'"') {
            content.extend_from_slice(&self.window.ahead()[..n]);
        }
        self.scan(true)
    }

    /// Moves to the end of the string that the cursor is in, or of the brackets at the cursor.
    fn scan(&mut self, mut in_string: bool) -> Scan {
        let mut depth = 0;
        loop {
            let (view, pos) = (self.window.view(), self.window.pos);
            let stop = if in_string { leave_string(view, pos) } else { find_string(view, pos, &mut depth) };
            match stop {
                // What stands around a quote must be in view to know whether a record begins here.
                Stop::Quote(at) if view.len() - at <= LONGEST_MARKER && !self.window.ended => {
                    self.window.pos = at;
                    self.window.fill();
                }
                Stop::Quote(at) => {
                    if let Some(brace) = begins_record(view, at) {
                        self.window.pos = brace;
                        return Scan::NextRecord;
                    }
                    self.window.pos = at + 1;
                    in_string = !in_string;
                    if !in_string && depth == 0 {
                        return Scan::Done;
                    }
                }
                Stop::End(scan, at) => {
                    self.window.pos = at;
                    return scan;
                }
                Stop::More(at) => {
                    self.window.pos = at;
                    if !self.window.fill() {
                        self.window.pos = self.window.view().len();
                        return Scan::Ended;
                    }
                }
            }
        }
    }
}

/// Where a scan of the view came to a stop.
enum Stop {
    /// At a quote that opens or ends a string.
    Quote(usize),
    /// Behind the value, or where it is broken.
    End(Scan, usize),
    /// The view is used up.
    More(usize),
}

/// From inside a string to the quote that ends it.
fn leave_string(view: &[u8], mut at: usize) -> Stop {
    while let Some(n) = memchr3(b'"', b'\\', b'\n', &view[at..]) {
        at += n;
        match view[at] {
            b'"' => return Stop::Quote(at),
            b'\n' => return Stop::End(Scan::BrokenString, at),
            _ if at + 1 < view.len() => at += 2,
            _ => return Stop::More(at),
        }
    }
    Stop::More(view.len())
}

/// From outside of strings to the next string or to the end of the outermost bracket.
fn find_string(view: &[u8], mut at: usize, depth: &mut u64) -> Stop {
    while let Some(n) = view[at..].iter().position(|b| STRUCTURE[usize::from(*b)]) {
        at += n;
        match view[at] {
            b'"' => return Stop::Quote(at),
            b'{' | b'[' => *depth += 1,
            _ => *depth = depth.saturating_sub(1),
        }
        at += 1;
        if *depth == 0 {
            return Stop::End(Scan::Done, at);
        }
    }
    Stop::More(view.len())
}

const STRUCTURE: [bool; 256] = {
    let mut table = [false; 256];
    table[b'"' as usize] = true;
    table[b'{' as usize] = true;
    table[b'}' as usize] = true;
    table[b'[' as usize] = true;
    table[b']' as usize] = true;
    table
};

fn starts_with_marker(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'p' | b'P' | b'R')) && MARKERS.iter().any(|m| text.starts_with(m))
}

/// Whether the quote at `quote` opens the first key of a record; where its `{` stands.
fn begins_record(view: &[u8], quote: usize) -> Option<usize> {
    if !starts_with_marker(&view[quote + 1..]) {
        return None;
    }
    let before = view[..quote].trim_ascii_end();
    (before.last() == Some(&b'{')).then(|| before.len() - 1)
}

/// The format of a record that has this key.
fn format_of(key: &[u8]) -> Option<Format> {
    match key {
        b"protocolSection" => Some(Format::V2),
        b"ProtocolSection" => Some(Format::V1Full),
        b"NCTId" => Some(Format::V1Fields),
        b"ctNumber" | b"authorizedApplication" => Some(Format::Ctis),
        b"resourceType" => Some(Format::Fhir),
        b"usdmVersion" => Some(Format::Usdm),
        _ => None,
    }
}
