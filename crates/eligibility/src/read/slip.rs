//! Slips of one letter in words of the catalogue.

use std::cell::RefCell;
use std::sync::LazyLock;

use vocabulary::variable;

use super::lexicon::Bits;
use super::memo::Memo;

/// The one word of the catalogue that differs from this one by one missing, added or other letter.
///
/// A slip at the first letter is not looked for.
pub fn slip_of(norm: &str) -> Option<&'static str> {
    thread_local! {
        static KNOWN: RefCell<Memo<Option<&'static str>>> = RefCell::new(Memo::default());
    }
    let word = norm.as_bytes();
    if word.len() < 7 || word.len() > LONGEST_SLIP {
        return None;
    }
    KNOWN.with_borrow_mut(|known| *known.get(vocabulary::fingerprint(word), || look_for(word)))
}

fn look_for(word: &[u8]) -> Option<&'static str> {
    let slips = &*SLIPS;
    let mut found: Option<u16> = None;
    let mut several = false;
    each_deletion(word, |print| {
        if !slips.bits.may_have(print) {
            return;
        }
        let from = slips.prints.partition_point(|entry| entry.0 < print);
        for &(_, n) in slips.prints[from..].iter().take_while(|entry| entry.0 == print) {
            let near = slips.words[usize::from(n)].as_bytes();
            if found != Some(n) && near[0] == word[0] && differs_by_one(near, word) {
                several |= found.is_some();
                found = Some(n);
            }
        }
    });
    found.filter(|_| !several).map(|n| slips.words[usize::from(n)].as_str())
}

/// The words of the catalogue's names, each under its print and those of its deletions: two words that differ by one
/// letter share one of them.
struct Slips {
    words: Vec<String>,
    /// Prints and the words that have them, sorted.
    prints: Vec<(u64, u16)>,
    bits: Bits,
}

static SLIPS: LazyLock<Slips> = LazyLock::new(|| {
    let names = variable::all().iter().flat_map(|v| v.synonyms.iter());
    let mut words: Vec<String> = names.flat_map(|name| vocabulary::words(name)).map(|w| w.norm).collect();
    words.retain(|word| word.len() >= 7 && word.bytes().all(|b| b.is_ascii_lowercase()));
    words.sort_unstable();
    words.dedup();
    words.truncate(usize::from(u16::MAX));
    let mut prints = Vec::new();
    let mut bits = Bits::default();
    for (n, word) in words.iter().enumerate() {
        each_deletion(word.as_bytes(), |print| {
            bits.add(print);
            prints.push((print, n as u16));
        });
    }
    prints.sort_unstable();
    prints.dedup();
    Slips { words, prints, bits }
});

/// Calls `f` with the print of a word, and with that of the word without each of its letters but the first.
///
/// A print is the sum of the letters, each times the power of its place: one letter taken out moves another by one
/// place, and the next print follows from the last.
fn each_deletion(word: &[u8], mut f: impl FnMut(u64)) {
    let sum = |letters: &[u8]| {
        letters.iter().rev().fold(0_u64, |sum, b| sum.wrapping_mul(BASE).wrapping_add(u64::from(*b)))
    };
    f(sum(word));
    let mut print = sum(word.get(1..).unwrap_or_default());
    let mut power = 1_u64;
    for pair in word.windows(2) {
        let moved = u64::from(pair[0]).wrapping_sub(u64::from(pair[1]));
        print = print.wrapping_add(moved.wrapping_mul(power));
        power = power.wrapping_mul(BASE);
        f(print);
    }
}

/// An odd constant whose powers differ in their high bits.
const BASE: u64 = 0xD6E8_FEB8_6659_FD93;

/// Longer words are not looked at.
const LONGEST_SLIP: usize = 48;

fn differs_by_one(a: &[u8], b: &[u8]) -> bool {
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let same = long.iter().zip(short).take_while(|(x, y)| x == y).count();
    match long.len() - short.len() {
        0 => same < long.len() && long[same + 1..] == short[same + 1..],
        1 => long[same + 1..] == short[same..],
        _ => false,
    }
}
