//! The file that keeps something of each study: written once, replaced as a whole, read at any place.
//!
//! ```text
//! file   = MAGIC part* entry* footer
//! part   = the bytes of a study, compressed with zstd
//! entry  = id:u64 sequence:i64 mark:i64 offset:u64 stored:u32 length:u32 crc:u32      ascending by id
//! footer = stamp:u64 count:u64 crc:u32 MAGIC                                          crc: of the entries and the stamp
//! ```
//!
//! All numbers are little-endian. A file that was cut lacks its footer; one that was changed fails a checksum.

use std::{
    fs,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use model::StudyId;
use store::Speaking;

const MAGIC: &[u8; 8] = b"TRIALCR2";
const ENTRY: usize = 44;
const FOOTER: usize = 28;
/// Longer parts than any real ones; a damaged length asks for no more memory than this.
const LONGEST: u32 = 1 << 30;

/// Where the part of a study stands, and what it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub id: StudyId,
    pub of: Speaking,
    offset: u64,
    stored: u32,
    length: u32,
    crc: u32,
}

/// A kept file, opened.
#[derive(Debug)]
pub(super) struct File {
    file: Mutex<fs::File>,
    entries: Vec<Entry>,
}

/// A part as it is stored.
pub(super) struct Part {
    bytes: Vec<u8>,
    length: u32,
    crc: u32,
}

impl Part {
    /// Compresses the bytes of a study.
    pub fn of(bytes: &[u8]) -> io::Result<Self> {
        let packed = zstd::bulk::compress(bytes, 1)?;
        let (length, stored) = (u32::try_from(bytes.len()), u32::try_from(packed.len()));
        match (length, stored) {
            (Ok(length), Ok(stored)) if length.max(stored) <= LONGEST => {
                Ok(Self { crc: crc32fast::hash(&packed), bytes: packed, length })
            }
            _ => Err(io::Error::other("the criteria of a study are too long to be kept")),
        }
    }

    /// The bytes of the study; `None` if they are damaged.
    pub fn open(&self) -> Option<Vec<u8>> {
        let whole = crc32fast::hash(&self.bytes) == self.crc;
        whole.then(|| zstd::bulk::decompress(&self.bytes, self.length as usize).ok())?
    }
}

impl File {
    /// Opens a file that was written with this stamp; `None` if there is none, or it is another's, or damaged.
    pub fn open(path: &Path, stamp: u64) -> Option<Self> {
        let mut file = fs::File::open(path).ok()?;
        let size = file.seek(SeekFrom::End(0)).ok()?;
        let at = size.checked_sub(FOOTER as u64)?;
        file.seek(SeekFrom::Start(at)).ok()?;
        let mut footer = [0; FOOTER];
        file.read_exact(&mut footer).ok()?;
        let (mut numbers, magic) = (Numbers(&footer), &footer[FOOTER - 8..]);
        let (written, count, crc) = (numbers.u64()?, numbers.u64()?, numbers.u32()?);
        let length = usize::try_from(count).ok()?.checked_mul(ENTRY)?;
        let from = at.checked_sub(length as u64).filter(|from| *from >= MAGIC.len() as u64)?;
        if magic != MAGIC || written != stamp {
            return None;
        }
        file.seek(SeekFrom::Start(from)).ok()?;
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes).ok()?;
        if sum(&bytes, stamp) != crc {
            return None;
        }
        let mut numbers = Numbers(&bytes);
        let entries = (0..count).map(|_| Entry::read(&mut numbers)).collect::<Option<Vec<Entry>>>()?;
        let inside = |entry: &Entry| {
            entry.stored.max(entry.length) <= LONGEST
                && entry.offset.checked_add(entry.stored.into()).is_some_and(|end| end <= from)
        };
        let ascending = entries.is_sorted_by(|a, b| a.id < b.id);
        (ascending && entries.iter().all(inside)).then_some(Self { file: Mutex::new(file), entries })
    }

    /// Leaves out the studies that are not as they were; whether all are left.
    pub fn retain(&mut self, keep: impl FnMut(&Entry) -> bool) -> bool {
        let before = self.entries.len();
        self.entries.retain(keep);
        self.entries.len() == before
    }

    /// The studies in it, ascending.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The place of a study among the entries.
    pub fn place(&self, id: StudyId) -> Option<usize> {
        self.entries.binary_search_by_key(&id, |entry| entry.id).ok()
    }

    /// The part of an entry as it is stored; it is looked at when it is opened.
    pub fn part(&self, place: usize) -> io::Result<Part> {
        let entry = self.entries.get(place).ok_or_else(|| io::Error::other("there is no such part"))?;
        let mut bytes = vec![0; entry.stored as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(entry.offset))?;
        file.read_exact(&mut bytes)?;
        Ok(Part { bytes, length: entry.length, crc: entry.crc })
    }
}

impl Entry {
    fn read(numbers: &mut Numbers<'_>) -> Option<Self> {
        Some(Self {
            id: StudyId::new(numbers.u64()?)?,
            of: Speaking { sequence: numbers.u64()?.cast_signed(), mark: numbers.u64()?.cast_signed() },
            offset: numbers.u64()?,
            stored: numbers.u32()?,
            length: numbers.u32()?,
            crc: numbers.u32()?,
        })
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.id.number().to_le_bytes());
        out.extend(self.of.sequence.to_le_bytes());
        out.extend(self.of.mark.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
        [self.stored, self.length, self.crc].iter().for_each(|number| out.extend(number.to_le_bytes()));
    }
}

/// A file being written beside the one that it will replace.
pub(super) struct Draft {
    out: BufWriter<fs::File>,
    draft: PathBuf,
    path: PathBuf,
    at: u64,
    entries: Vec<Entry>,
}

impl Draft {
    /// Begins a file.
    pub fn new(path: &Path) -> io::Result<Self> {
        let draft = path.with_extension("new");
        let mut out = BufWriter::with_capacity(1 << 20, fs::File::create(&draft)?);
        out.write_all(MAGIC)?;
        Ok(Self { out, draft, path: path.to_owned(), at: MAGIC.len() as u64, entries: Vec::new() })
    }

    /// Adds the part of a study; studies come in the order of their ids.
    pub fn put(&mut self, id: StudyId, of: Speaking, part: &Part) -> io::Result<()> {
        self.out.write_all(&part.bytes)?;
        let stored = part.bytes.len() as u32;
        self.entries.push(Entry { id, of, offset: self.at, stored, length: part.length, crc: part.crc });
        self.at += u64::from(stored);
        Ok(())
    }

    /// Puts the file in its place, at once and whole.
    pub fn finish(mut self, stamp: u64) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(self.entries.len() * ENTRY);
        self.entries.iter().for_each(|entry| entry.write(&mut bytes));
        self.out.write_all(&bytes)?;
        self.out.write_all(&stamp.to_le_bytes())?;
        self.out.write_all(&(self.entries.len() as u64).to_le_bytes())?;
        self.out.write_all(&sum(&bytes, stamp).to_le_bytes())?;
        self.out.write_all(MAGIC)?;
        let file = self.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.draft, &self.path)
    }
}

fn sum(entries: &[u8], stamp: u64) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(entries);
    sum.update(&stamp.to_le_bytes());
    sum.finalize()
}

/// Numbers one after the other.
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    fn u32(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*number))
    }

    fn u64(&mut self) -> Option<u64> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaking(number: u32) -> Speaking {
        Speaking { sequence: number.into(), mark: -i64::from(number) }
    }

    fn written(path: &Path) {
        let mut draft = Draft::new(path).unwrap();
        for number in 1..4_u32 {
            let part = Part::of(&vec![number as u8; 1000 * number as usize]).unwrap();
            draft.put(StudyId::new(number.into()).unwrap(), speaking(number), &part).unwrap();
        }
        draft.finish(7).unwrap();
    }

    #[test]
    fn parts_are_found_by_their_study() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("CRITERIA");
        written(&path);
        let file = File::open(&path, 7).unwrap();
        let place = file.place(StudyId::new(2).unwrap()).unwrap();
        assert_eq!(file.entries()[place].of, speaking(2));
        assert_eq!(file.part(place).unwrap().open().unwrap(), vec![2; 2000]);
        assert!(file.place(StudyId::new(9).unwrap()).is_none() && file.part(3).is_err());
        assert!(File::open(&path, 8).is_none(), "of another reader");
    }

    #[test]
    fn whatever_is_damaged_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("CRITERIA");
        written(&path);
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            assert!(File::open(&path, 7).is_none(), "cut at {cut}");
        }
        for place in 8..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x10;
            fs::write(&path, &damaged).unwrap();
            let Some(file) = File::open(&path, 7) else { continue };
            let opened = (0..3).map(|n| file.part(n).unwrap().open());
            assert!(opened.into_iter().any(|bytes| bytes.is_none()), "changed at {place}");
        }
    }
}
