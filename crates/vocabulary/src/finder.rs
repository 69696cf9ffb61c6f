//! Concepts in text: the longest name that begins at a word.
//!
//! The names are kept as an open-addressed table of the hashes of all their beginnings, so that a look-up is one
//! step a word. Of a hash 39 bits are compared, besides the place in the table; no two beginnings of names share
//! them (held when the table is built), and a text word is taken for another about once in 10^11 words.

use std::{ops::Range, sync::LazyLock};

use crate::concept::ConceptId;
use crate::{hash, table};

static FINDER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/finder"));

/// Finds concepts in sequences of normal words; keeps its scratch space between texts.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    hashes: Vec<u64>,
}

impl Finder {
    /// A finder.
    pub fn new() -> Finder {
        Finder::default()
    }

    /// Calls `f` with the start, the length in words and the concept of the longest name at every word that begins
    /// one. Names may overlap: `small cell lung cancer` also yields `lung cancer`.
    pub fn each(&mut self, norms: &[&str], f: &mut dyn FnMut(usize, usize, ConceptId)) {
        self.hashes.clear();
        self.hashes.extend(norms.iter().map(|norm| hash::bytes(norm.as_bytes())));
        for start in 0..self.hashes.len() {
            if let Some((len, id)) = longest(&self.hashes[start..]) {
                f(start, len, id);
            }
        }
    }
}

/// Cuts normal words into the longest names of concepts, left to right, and single words between them.
pub fn segments<S: AsRef<str>>(words: &[S]) -> Vec<(Range<usize>, Option<ConceptId>)> {
    let hashes: Vec<u64> = words.iter().map(|word| hash::bytes(word.as_ref().as_bytes())).collect();
    let mut segments = Vec::new();
    let mut at = 0;
    while at < hashes.len() {
        let (len, id) = longest(&hashes[at..]).map_or((1, None), |(len, id)| (len, Some(id)));
        segments.push((at..at + len, id));
        at += len;
    }
    segments
}

/// The concept whose name these words are, all of them.
pub fn whole<S: AsRef<str>>(words: &[S]) -> Option<ConceptId> {
    let sequence =
        words.iter().fold(hash::EMPTY, |h, word| hash::append(h, hash::bytes(word.as_ref().as_bytes())));
    look_up(sequence)?.concept()
}

/// The longest name that begins with the first of these words, each by the [`fingerprint`](crate::fingerprint) of
/// its normal form: how many words it has, and its concept.
pub fn longest(words: &[u64]) -> Option<(usize, ConceptId)> {
    longest_of(words.iter().copied())
}

/// [`longest`] of words that are not all known yet: no more are asked for than names go on.
pub fn longest_of(mut words: impl Iterator<Item = u64>) -> Option<(usize, ConceptId)> {
    Beginning::of(words.next()?).longest(words)
}

/// What begins with a word: worth keeping by who meets the same words again and again.
#[derive(Clone, Copy, Debug, Default)]
pub struct Beginning {
    sequence: u64,
    concept: Option<ConceptId>,
    goes_on: bool,
}

impl Beginning {
    /// What begins with a word, by the [`fingerprint`](crate::fingerprint) of its normal form.
    pub fn of(word: u64) -> Beginning {
        let sequence = hash::append(hash::EMPTY, word);
        let entry = look_up(sequence);
        Beginning {
            sequence,
            concept: entry.and_then(Entry::concept),
            goes_on: entry.is_some_and(Entry::goes_on),
        }
    }

    /// Whether names of several words begin with the word.
    pub fn goes_on(&self) -> bool {
        self.goes_on
    }

    /// Whether the word alone is a name.
    pub fn is_name(&self) -> bool {
        self.concept.is_some()
    }

    /// Forgets the names that go on with another word than `next`; `None` where no word stands behind it.
    pub fn only_before(&mut self, next: Option<u64>) {
        self.goes_on &= next.is_some_and(|next| may_begin(hash::append(self.sequence, next)));
    }

    /// [`longest_of`] this word and those behind it.
    pub fn longest(&self, behind: impl Iterator<Item = u64>) -> Option<(usize, ConceptId)> {
        let mut best = self.concept.map(|id| (1, id));
        if !self.goes_on {
            return best;
        }
        let mut sequence = self.sequence;
        for (i, word) in behind.enumerate() {
            sequence = hash::append(sequence, word);
            let Some(entry) = look_up(sequence) else { break };
            if let Some(id) = entry.concept() {
                best = Some((i + 2, id));
            }
            if !entry.goes_on() {
                break;
            }
        }
        best
    }
}

/// A beginning of names: 39 bits of its hash, whether longer names begin so, and the row of a concept plus one.
#[derive(Clone, Copy)]
struct Entry(u64);

impl Entry {
    fn goes_on(self) -> bool {
        (self.0 >> 24) & 1 != 0
    }

    fn concept(self) -> Option<ConceptId> {
        let place = (self.0 & 0xFF_FFFF).checked_sub(1)?;
        Some(table::id(place as usize))
    }
}

/// A bit for the hash of every beginning: most words begin no name, and the bits stay in the cache where the table
/// does not.
static BITS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let mut bits = vec![0; 1 << (BIT_COUNT_LOG - 6)];
    for chunk in FINDER.chunks_exact(8) {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(chunk);
        let entry = u64::from_le_bytes(bytes);
        if entry != 0 {
            let bit = bit_of(entry >> 25);
            bits[bit / 64] |= 1 << (bit % 64);
        }
    }
    bits
});

/// Four million bits: a tenth of them set, half a megabyte.
const BIT_COUNT_LOG: u32 = 22;

/// The bit of a hash, from those of its bits that the table keeps.
fn bit_of(sequence: u64) -> usize {
    (sequence & ((1 << BIT_COUNT_LOG) - 1)) as usize
}

/// Whether some name may begin with a sequence of words: a few sequences that begin none pass, too.
fn may_begin(sequence: u64) -> bool {
    let bit = bit_of(sequence);
    BITS[bit / 64] & (1 << (bit % 64)) != 0
}

fn look_up(sequence: u64) -> Option<Entry> {
    if !may_begin(sequence) {
        return None;
    }
    let slots = FINDER.len() / 8;
    let mut slot = ((u128::from(sequence) * slots as u128) >> 64) as usize;
    loop {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&FINDER[slot * 8..slot * 8 + 8]);
        let entry = u64::from_le_bytes(bytes);
        if entry == 0 {
            return None;
        }
        if (entry >> 25) == (sequence & ((1 << 39) - 1)) {
            return Some(Entry(entry));
        }
        slot = if slot + 1 == slots { 0 } else { slot + 1 };
    }
}
