//! Text into normal words, quickly: each distinct surface form is normalised once.

use std::ops::Range;

use crate::normal::normal;
use crate::{cut, hash};

/// A word of a text in its normal form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The normal form: lower case, no accents, singular, American spelling.
    pub norm: String,
    /// The bytes of the text it stands for.
    pub range: Range<usize>,
}

/// The words of a text in their normal forms.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    Analyzer::new().each(text, &mut |norm, range| words.push(Word { norm: norm.to_owned(), range }));
    words
}

/// Cuts texts into words and remembers the normal form of every surface form it has met.
///
/// The memory is bounded: it starts afresh after [`MEMO_WORDS`] distinct forms or [`MEMO_BYTES`] of text.
#[derive(Clone, Debug)]
pub struct Analyzer {
    slots: Vec<Slot>,
    used: usize,
    arena: String,
    /// What was found last, by hash: few words make up most of every text, and these slots stay in the processor's
    /// nearer caches. None while there are few words anyway.
    recent: Vec<(u64, Slot)>,
}

/// How many distinct surface forms are remembered before the memory starts afresh.
pub const MEMO_WORDS: usize = 1 << 17;
/// How many bytes of surface and normal forms are remembered before the memory starts afresh.
pub const MEMO_BYTES: usize = 8 << 20;
/// How many of the last forms found are kept at hand.
const RECENT: usize = 1 << 11;
/// Longer surface forms (sequences, encoded data) are normalised each time.
const MEMO_LONGEST: usize = 64;

/// A remembered form; `surface_len` 0 marks a free slot.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    at: u32,
    surface_len: u16,
    norm_len: u16,
}

impl Default for Analyzer {
    fn default() -> Self {
        Analyzer { slots: vec![Slot::default(); 1 << 10], used: 0, arena: String::new(), recent: Vec::new() }
    }
}

impl Analyzer {
    /// An analyzer that has met no word yet.
    pub fn new() -> Analyzer {
        Analyzer::default()
    }

    /// Calls `f` with the normal form and the bytes of every word of `text`, in order.
    pub fn each(&mut self, text: &str, f: &mut dyn FnMut(&str, Range<usize>)) {
        let mut at = 0;
        let mut numbered = false;
        while let Some(word) = cut::next(text, at) {
            at = word.end;
            let surface = &text[word.start..word.stem];
            if numbered && let Some(number) = roman(surface) {
                f(&number, word.start..word.end);
                continue;
            }
            let norm = self.norm(surface);
            if !norm.is_empty() {
                numbered = is_numbered(norm) || numbered && matches!(norm, "and" | "or" | "to");
                f(norm, word.start..word.end);
            }
        }
    }

    /// The normal form of one word by itself; the number behind `type` or `stage` is for the caller to see.
    pub fn word(&mut self, surface: &str) -> &str {
        self.norm(surface)
    }

    /// The normal form of one surface form, from memory if it was met before.
    fn norm(&mut self, surface: &str) -> &str {
        if surface.len() > MEMO_LONGEST {
            // The tail of the arena serves as scratch; the memory does not point at it.
            let start = self.arena.len();
            let norm = normal(surface);
            self.arena.push_str(&norm);
            if self.arena.len() > MEMO_BYTES {
                self.clear();
                self.arena.push_str(&norm);
                return &self.arena;
            }
            return &self.arena[start..];
        }
        let hash = hash::bytes(surface.as_bytes());
        let at = (hash >> (64 - RECENT.ilog2())) as usize;
        let found = match self.recent.get(at) {
            Some(&(known, slot)) if known == hash && usize::from(slot.surface_len) == surface.len() => slot,
            _ => {
                let found = self.find(surface, hash).unwrap_or_else(|| self.insert(surface, hash));
                if let Some(recent) = self.recent.get_mut(at) {
                    *recent = (hash, found);
                }
                found
            }
        };
        let start = found.at as usize + usize::from(found.surface_len);
        &self.arena[start..start + usize::from(found.norm_len)]
    }

    fn find(&self, surface: &str, hash: u64) -> Option<Slot> {
        let mask = self.slots.len() - 1;
        let mut i = (hash as usize) & mask;
        loop {
            let slot = self.slots[i];
            if slot.surface_len == 0 {
                return None;
            }
            let at = slot.at as usize;
            if slot.hash == (hash >> 32) as u32
                && usize::from(slot.surface_len) == surface.len()
                && same(&self.arena.as_bytes()[at..at + surface.len()], surface.as_bytes())
            {
                return Some(slot);
            }
            i = (i + 1) & mask;
        }
    }

    fn insert(&mut self, surface: &str, hash: u64) -> Slot {
        if self.used >= MEMO_WORDS || self.arena.len() > MEMO_BYTES {
            self.clear();
        } else if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let norm = normal(surface);
        let slot = Slot {
            hash: (hash >> 32) as u32,
            at: self.arena.len() as u32,
            surface_len: surface.len() as u16,
            norm_len: norm.len() as u16,
        };
        self.arena.push_str(surface);
        self.arena.push_str(&norm);
        self.place(slot, hash);
        self.used += 1;
        slot
    }

    fn place(&mut self, slot: Slot, hash: u64) {
        let mask = self.slots.len() - 1;
        let mut i = (hash as usize) & mask;
        while self.slots[i].surface_len != 0 {
            i = (i + 1) & mask;
        }
        self.slots[i] = slot;
    }

    fn grow(&mut self) {
        self.recent.resize(RECENT, (0, Slot::default()));
        let wider = vec![Slot::default(); self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, wider);
        for slot in old.into_iter().filter(|slot| slot.surface_len != 0) {
            let at = slot.at as usize;
            let hash = hash::bytes(&self.arena.as_bytes()[at..at + usize::from(slot.surface_len)]);
            self.place(slot, hash);
        }
    }

    fn clear(&mut self) {
        *self = Analyzer::default();
    }
}

/// Whether two texts of one length are the same: for short ones quicker than calling the library.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.iter().zip(b).all(|(x, y)| x == y)
}

/// Whether a Roman numeral after this word is a number: `phase II`, `type 2`, `factor VIII`.
fn is_numbered(norm: &str) -> bool {
    matches!(norm, "type" | "stage" | "phase" | "grade" | "class" | "factor" | "level" | "category")
}

/// The value of a Roman numeral from I to XIII, with a stage letter behind it (`IIIb` is `3b`).
///
/// Of single letters only capitals count: `type v` is more often a variable, `type I` never a pronoun.
pub fn roman(surface: &str) -> Option<String> {
    if surface.len() > 5 || !surface.starts_with(['I', 'i', 'V', 'v', 'X', 'x']) {
        return None;
    }
    let upper = surface.to_ascii_uppercase();
    let (digits, letter) = match upper.strip_suffix(['A', 'B', 'C']) {
        Some(digits) => (digits, &upper[digits.len()..]),
        None => (upper.as_str(), ""),
    };
    if digits.len() == 1 && !surface.starts_with(['I', 'V', 'X']) {
        return None;
    }
    let value = ROMAN.iter().position(|&numeral| numeral == digits)? + 1;
    Some(format!("{value}{}", letter.to_ascii_lowercase()))
}

const ROMAN: [&str; 13] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII"];
