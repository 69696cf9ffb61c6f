//! Words that the readers look for, each with its classes: a token is looked up once, when its text is cut, and the
//! readers ask for classes where they would compare words.

use std::sync::LazyLock;

use super::{
    anchor, frequency, giving, number, phrases,
    quantity::{self, ends_as_cells},
    route, time,
};

/// A class of words, or several: bits.
pub type Class = u32;

/// A word for a number: `three`.
pub const NUMBER: Class = 1;
/// A unit of time: `weeks`.
pub const TIME_UNIT: Class = 1 << 1;
/// What may begin words on number or timing: `twice`, `every`, `daily`.
pub const WHEN: Class = 1 << 2;
/// The first word of a route.
pub const ROUTE: Class = 1 << 3;
/// Says what is given.
pub const GIVING: Class = 1 << 4;
/// Says what is looked at.
pub const LOOKING: Class = 1 << 5;
/// Says how a product is made.
pub const PRODUCT: Class = 1 << 6;
/// Tells of other studies.
pub const PAST: Class = 1 << 7;
/// Tells of what is given beside.
pub const BESIDE: Class = 1 << 8;
/// Tells of cycles or courses that are repeated.
pub const CYCLE: Class = 1 << 9;
/// The first word of an instrument's name.
pub const INSTRUMENT: Class = 1 << 10;
/// Names cells.
pub const CELLS: Class = 1 << 11;
/// May tell of follow-up.
pub const FOLLOW: Class = 1 << 12;
/// Says that shares are equal.
pub const EQUAL: Class = 1 << 13;
/// A letter with digits behind it: `D28`, `q3w`.
pub const DIGITS: Class = 1 << 14;
/// The first measurement.
pub const BASELINE: Class = 1 << 15;
/// Counts people: `patients`, `n`.
pub const PEOPLE: Class = 1 << 16;
/// Parts a treatment into what follows what.
pub const THEN: Class = 1 << 17;
/// The first word of what times are counted from.
pub const ANCHOR: Class = 1 << 18;
/// The first word of who knows who gets what.
pub const MASKING: Class = 1 << 19;
/// The first word of what is known by asking.
pub const RATED: Class = 1 << 20;
/// The first word of a sham, of standard care, of nothing.
pub const CARE: Class = 1 << 21;
/// Tells of the time before something: `prior to`.
pub const BEFORE: Class = 1 << 22;

/// Tells of what only some get, or what may come about.
pub const OPTIONAL: Class = 1 << 23;

/// Begins the label of a part of a text: `arm`, `maintenance`.
pub const PART: Class = 1 << 24;

/// Classes of words that begin phrases, and may also be parts of names.
const OF_PHRASES: Class = MASKING | RATED | CARE | BEFORE | PART;
/// Classes of words that name no substance.
pub const TELLING: Class = !OF_PHRASES;

/// The instruments with their names (docs/instruments.md).
pub const INSTRUMENTS_TABLE: &str = include_str!("../../data/instruments.tsv");

/// Words of labels that have a number or a letter behind them.
pub const NUMBERED: [&str; 14] = [
    "arm",
    "group",
    "part",
    "phase",
    "regimen",
    "cohort",
    "stratum",
    "schedule",
    "stage",
    "step",
    "treatment",
    "transplant",
    "course",
    "period",
];
/// Words of labels that may stand alone.
pub const NAMED: [&str; 8] = [
    "induction",
    "reinduction",
    "consolidation",
    "maintenance",
    "intensification",
    "mobilization",
    "conditioning",
    "extension",
];

/// Words of people that are counted.
pub const PEOPLE_WORDS: [&str; 14] = [
    "patients",
    "patient",
    "subjects",
    "subject",
    "participants",
    "participant",
    "cases",
    "individuals",
    "volunteers",
    "women",
    "men",
    "children",
    "people",
    "eyes",
];

/// Slots of the table: a power of two, several times the words.
const SLOTS: usize = 4096;
/// Bits that say whether a word may be in the table: so many times the slots that few other words pass.
const BITS: usize = SLOTS * 8;

/// Words by their keys, with their classes.
struct Lexicon {
    /// The bits of the keys.
    may: Box<[u64; BITS / 64]>,
    /// Keys with the classes of their words; the key 0 is a free slot.
    slots: Box<[(u64, Class); SLOTS]>,
    /// The words of the slots.
    words: Vec<&'static str>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut out =
        Lexicon { may: Box::new([0; BITS / 64]), slots: Box::new([(0, 0); SLOTS]), words: vec![""; SLOTS] };
    let mut add = |class: Class, words: &mut dyn Iterator<Item = &'static str>| {
        words.for_each(|word| out.add(word, class));
    };
    let first = |phrase: &'static str| phrase.split(' ').next().unwrap_or_default();
    add(NUMBER, &mut number::words());
    add(TIME_UNIT | WHEN, &mut time::unit_words());
    add(WHEN, &mut frequency::words().map(first));
    add(ROUTE, &mut route::phrases().map(first));
    add(ANCHOR, &mut anchor::phrases().map(first));
    add(GIVING, &mut giving::GIVING.into_iter());
    add(LOOKING, &mut giving::LOOKING.into_iter());
    add(PRODUCT, &mut giving::PRODUCT.into_iter());
    add(PAST, &mut giving::PAST.into_iter());
    add(BESIDE, &mut giving::BESIDE.into_iter());
    add(OPTIONAL, &mut giving::OPTIONAL.into_iter());
    add(PART, &mut NUMBERED.into_iter().chain(NAMED));
    let cycles =
        ["cycle", "cycles", "course", "courses", "repeat", "repeats", "repeated", "cyclic", "continues"];
    add(CYCLE, &mut cycles.into_iter());
    add(FOLLOW, &mut ["follow", "followed", "observed", "followup", "followups"].into_iter());
    add(EQUAL, &mut ["equal", "equally", "evenly"].into_iter());
    add(BASELINE, &mut ["baseline"].into_iter());
    add(PEOPLE, &mut PEOPLE_WORDS.into_iter().chain(["n"]));
    add(THEN, &mut ["followed", "then", "thereafter", "subsequently", "continuing"].into_iter());
    add(BEFORE, &mut ["prior", "before"].into_iter());
    phrases::all().for_each(|(class, phrase)| add(class, &mut std::iter::once(first(phrase))));
    add(INSTRUMENT, &mut instruments());
    add(CELLS, &mut quantity::CELLS.into_iter());
    out
});

/// The first word of each name of an instrument.
fn instruments() -> impl Iterator<Item = &'static str> {
    let rows = INSTRUMENTS_TABLE.lines().filter(|l| !l.starts_with('#')).skip(1);
    let names = rows.filter_map(|row| row.rsplit('\t').next()).flat_map(|names| names.split(';'));
    let first = |name: &'static str| {
        let start = name.find(char::is_alphanumeric)?;
        let rest = &name[start..];
        // A number is a token of its own: `6MWT`.
        let figures = rest.bytes().take_while(u8::is_ascii_digit).count();
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        Some(&rest[..if figures > 0 { figures } else { end }])
    };
    names.filter_map(first)
}

/// What bytes are: bits.
static BYTES: [u8; 256] = {
    let mut out = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let one = byte as u8;
        out[byte] = if one.is_ascii_alphanumeric() { ALPHANUMERIC } else { 0 }
            | if one.is_ascii_digit() { DIGIT } else { 0 }
            | if one.is_ascii() { 0 } else { BEYOND };
        byte += 1;
    }
    out
};
const ALPHANUMERIC: u8 = 1;
const DIGIT: u8 = 2;
/// Part of a character beyond ASCII.
const BEYOND: u8 = 4;

fn kind(byte: u8) -> u8 {
    BYTES[usize::from(byte)]
}

/// The bit that tells small letters from capitals, in eight letters at once.
const LOWER: u64 = 0x2020_2020_2020_2020;
/// The highest bit of each of eight bytes.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// How many of eight bytes are ASCII letters, up to the first that is none.
fn letters(eight: u64) -> usize {
    let low = (eight | LOWER) & !HIGH;
    let from_a = low + (HIGH - u64::from_ne_bytes([b'a'; 8]));
    let beyond_z = low + (HIGH - u64::from_ne_bytes([b'z' + 1; 8]));
    let others = !(from_a & !beyond_z & !eight) & HIGH;
    others.trailing_zeros() as usize / 8
}

/// What a word is looked up by, the same whatever the case of its ASCII letters: the word itself where it is of less
/// than eight bytes, else a hash of it.
fn key(word: &[u8]) -> u64 {
    let Some(last) = word.last_chunk::<8>() else {
        let mut all = [0; 8];
        all[..word.len()].copy_from_slice(word);
        return within(u64::from_le_bytes(all), word.len());
    };
    // The last eight letters may repeat some of those before them.
    let eights = word.as_chunks::<8>().0.iter().chain([last]);
    eights.fold(0, |hash, eight| mix(hash, u64::from_le_bytes(*eight)))
}

/// A hash with eight more letters.
fn mix(hash: u64, eight: u64) -> u64 {
    (hash.rotate_left(5) ^ (eight | LOWER)).wrapping_mul(SPREAD)
}

/// The key of the first bytes of less than eight.
fn within(eight: u64, length: usize) -> u64 {
    (eight | LOWER) & below(length)
}

/// The bits of the first bytes of less than eight.
fn below(length: usize) -> u64 {
    (1 << (8 * length)) - 1
}

/// An odd number that spreads keys over the slots.
const SPREAD: u64 = 0x517c_c1b7_2722_0a95;

/// The length and the classes of the word that a text begins with, a letter; `None` where letters beyond ASCII may be
/// part of it.
#[inline]
pub fn leading(source: &[u8]) -> Option<(usize, Class)> {
    let Some(eight) = source.first_chunk::<8>() else { return leading_long(source) };
    let bits = u64::from_le_bytes(*eight);
    let length = letters(bits);
    // Most words are of less than eight letters.
    if eight.get(length).is_none_or(|byte| kind(*byte) & (ALPHANUMERIC | BEYOND) != 0) {
        return leading_long(source);
    }
    let class = LEXICON.of(&source[..length], within(bits, length));
    // Names of cells have capitals behind their first letter.
    let capitals = !bits & LOWER & below(length);
    let cells = if capitals >> 8 != 0 && ends_as_cells(&source[..length]) { CELLS } else { 0 };
    Some((length, class | cells))
}

/// `leading` of any word.
fn leading_long(source: &[u8]) -> Option<(usize, Class)> {
    let (mut length, mut capitals, mut hash) = (0, 0, 0);
    while let Some(eight) = source[length..].first_chunk::<8>() {
        let bits = u64::from_le_bytes(*eight);
        let more = letters(bits);
        length += more;
        if more < 8 {
            capitals |= !bits & below(more);
            break;
        }
        capitals |= !bits;
        hash = mix(hash, bits);
    }
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| kind(*byte) & (ALPHANUMERIC | BEYOND) == 0);
    if let Some(last) = source[..length].last_chunk::<8>()
        && capitals >> 8 & LOWER == 0
        && ends(source.get(length))
    {
        // Small letters alone.
        return Some((length, LEXICON.of(&source[..length], mix(hash, u64::from_le_bytes(*last)))));
    }
    for byte in source[length..].iter().map(|byte| kind(*byte)) {
        if byte & BEYOND != 0 {
            return None;
        }
        if byte & ALPHANUMERIC == 0 {
            break;
        }
        length += 1;
    }
    Some((length, of(&source[..length])))
}

/// The bit and the first slot of a key.
fn place(key: u64) -> (usize, usize) {
    let spread = (key ^ key >> 32).wrapping_mul(SPREAD);
    ((spread >> (64 - BITS.ilog2())) as usize, (spread >> (64 - SLOTS.ilog2())) as usize)
}

impl Lexicon {
    fn add(&mut self, word: &'static str, class: Class) {
        let key = key(word.as_bytes());
        let (bit, mut slot) = place(key);
        while self.slots[slot].0 != 0 && !self.words[slot].eq_ignore_ascii_case(word) {
            slot = (slot + 1) % SLOTS;
        }
        self.may[bit / 64] |= 1 << (bit % 64);
        self.slots[slot] = (key, self.slots[slot].1 | class);
        self.words[slot] = word;
    }

    #[inline]
    fn of(&self, word: &[u8], key: u64) -> Class {
        let (bit, slot) = place(key);
        if self.may[bit / 64] >> (bit % 64) & 1 == 0 { 0 } else { self.known(word, key, slot) }
    }

    fn known(&self, word: &[u8], key: u64, mut slot: usize) -> Class {
        while self.slots[slot].0 != 0 {
            let (found, class) = self.slots[slot];
            // Keys of longer words are hashes.
            if found == key && (word.len() < 8 || self.words[slot].as_bytes().eq_ignore_ascii_case(word)) {
                return class;
            }
            slot = (slot + 1) % SLOTS;
        }
        0
    }
}

/// The classes of a word.
pub fn of(word: &[u8]) -> Class {
    let cells = if ends_as_cells(word) { CELLS } else { 0 };
    let digits = if word.iter().any(u8::is_ascii_digit) { DIGITS } else { 0 };
    LEXICON.of(word, key(word)) | cells | digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_of_words() {
        assert_eq!(of(b"Three") & NUMBER, NUMBER);
        assert_eq!(of(b"weeks"), TIME_UNIT | WHEN);
        assert_eq!(of(b"IV") & ROUTE, ROUTE);
        assert_eq!(of(b"UCMSCs"), CELLS);
        assert_eq!(of(b"q3w"), DIGITS);
        assert_eq!(of(b"WOMAC") & INSTRUMENT, INSTRUMENT);
        assert_eq!(of(b"walrus"), 0);
        assert_eq!(of(b""), 0);
    }

    #[test]
    fn the_table_has_room() {
        assert!(LEXICON.slots.iter().filter(|slot| slot.0 != 0).count() < SLOTS / 2);
    }
}
