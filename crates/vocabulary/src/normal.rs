//! One word to its normal form: folded, American spelling, singular.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use crate::fold::fold;
use crate::hash;

/// The normal form of a word. It is its own normal form.
pub fn normal(surface: &str) -> String {
    let mut word = String::with_capacity(surface.len());
    fold(surface, &mut word);
    // Each step shortens the word or takes it out of reach of its rule; the bound only guards the lists.
    for _ in 0..8 {
        match step(&word) {
            Some(next) if next != word => word = next,
            _ => break,
        }
    }
    word
}

/// One step towards the normal form; `None` if the word is in it.
fn step(word: &str) -> Option<String> {
    if word.len() < 3 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
        return exception(word).map(str::to_owned);
    }
    if let Some(listed) = exception(word) {
        return Some(listed.to_owned());
    }
    american(word).or_else(|| singular(word))
}

/// The form that the lists give a word, if they name it.
fn exception(word: &str) -> Option<&'static str> {
    static LISTS: OnceLock<HashMap<&'static str, &'static str, BuildHasherDefault<Quick>>> = OnceLock::new();
    let lists = LISTS.get_or_init(|| {
        let plurals = rows(include_str!("../../../vocabulary/plurals.tsv"));
        let spellings = rows(include_str!("../../../vocabulary/spellings.tsv"));
        plurals.chain(spellings).filter(|(from, _)| !from.contains('*')).collect()
    });
    lists.get(word).copied()
}

/// The crate's own hash for a list that nobody can put words into.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash::append(self.0, hash::bytes(bytes));
    }

    fn write_u8(&mut self, _: u8) {
        // The end of a text; its length is in its hash.
    }
}

/// The two columns of a list: comments, empty lines and the header left out.
pub fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines()
        .skip_while(|line| line.starts_with('#'))
        .skip(1)
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
}

/// The American spelling of a British one, by the patterns of `spellings.tsv` and by endings.
fn american(word: &str) -> Option<String> {
    if word.len() < 5 {
        return None;
    }
    patterns().of(word).find_map(|pattern| pattern.apply(word)).or_else(|| z_for_s(word))
}

/// The rows of `spellings.tsv` with a star, and which of them begin with a pair of letters: most words share no pair
/// with them, and that is known in a step each instead of a search each.
struct Patterns {
    rows: Vec<Pattern>,
    /// For each pair of letters a place in `sets`; 0 for those that no row begins with.
    set_of: Box<[u8; 1 << 10]>,
    /// Sets of rows, a bit each.
    sets: Vec<Set>,
}

/// A bit for each row.
type Set = [u64; 4];

impl Patterns {
    fn new(rows: Vec<Pattern>) -> Self {
        assert!(rows.len() < size_of::<Set>() * 8, "more rows than bits");
        let mut patterns = Self { rows, set_of: Box::new([0; 1 << 10]), sets: vec![[0; 4]] };
        for (row, pattern) in patterns.rows.iter().enumerate() {
            let place = &mut patterns.set_of[pattern.pair];
            if *place == 0 {
                *place = u8::try_from(patterns.sets.len()).unwrap_or_default();
                patterns.sets.push([0; 4]);
            }
            patterns.sets[usize::from(*place)][row / 64] |= 1 << (row % 64);
        }
        patterns
    }

    /// The place of a pair; other characters than `a` to `z` share places, which only costs a search.
    fn pair(first: u8, second: u8) -> usize {
        usize::from(first & 31) << 5 | usize::from(second & 31)
    }

    /// The rows whose first two letters stand together in a word, in the order of the list.
    fn of(&self, word: &str) -> impl Iterator<Item = &Pattern> {
        let mut rows: Set = [0; 4];
        for pair in word.as_bytes().windows(2) {
            let set = self.set_of[Self::pair(pair[0], pair[1])];
            if set != 0 {
                let set = self.sets[usize::from(set)];
                rows.iter_mut().zip(set).for_each(|(rows, set)| *rows |= set);
            }
        }
        let bits = |(at, mut bits): (usize, u64)| {
            std::iter::from_fn(move || {
                let row = (bits != 0).then(|| at * 64 + bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(row)
            })
        };
        rows.into_iter().enumerate().flat_map(bits).map(|row| &self.rows[row])
    }
}

/// A row of `spellings.tsv` with a star: a beginning (`haem*`), an ending (`*fibre`), a middle (`*tumour*`).
struct Pattern {
    from: &'static str,
    to: &'static str,
    open_before: bool,
    open_after: bool,
    /// The place of its first two letters among [`Patterns`].
    pair: usize,
}

impl Pattern {
    fn apply(&self, word: &str) -> Option<String> {
        let at = match (self.open_before, self.open_after) {
            (false, _) => word.starts_with(self.from).then_some(0)?,
            (true, false) => word.ends_with(self.from).then(|| word.len() - self.from.len())?,
            // Quicker in a short word than to prepare a search.
            (true, true) => {
                let letters = self.from.as_bytes();
                word.as_bytes().windows(letters.len()).position(|part| part == letters)?
            }
        };
        Some(format!("{}{}{}", &word[..at], self.to, &word[at + self.from.len()..]))
    }
}

fn patterns() -> &'static Patterns {
    static PATTERNS: OnceLock<Patterns> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let rows = rows(include_str!("../../../vocabulary/spellings.tsv"))
            .filter(|(from, _)| from.contains('*'))
            .map(|(from, to)| (from, from.trim_matches('*'), to))
            // A word has the pair of a pattern only if the pattern has two letters; all in the list have more.
            .filter(|(_, letters, _)| letters.len() > 1)
            .map(|(from, letters, to)| Pattern {
                from: letters,
                to: to.trim_matches('*'),
                open_before: from.starts_with('*'),
                open_after: from.ends_with('*'),
                pair: Patterns::pair(letters.as_bytes()[0], letters.as_bytes()[1]),
            });
        Patterns::new(rows.collect())
    })
}

/// `randomised` to `randomized`, `hydrolysed` to `hydrolyzed`.
fn z_for_s(word: &str) -> Option<String> {
    let ending = S_ENDINGS.iter().find(|ending| word.ends_with(**ending))?;
    let before = &word[..word.len() - ending.len()];
    let letter = before.len() + ending.find('s')?;
    let stem = &word[..letter + 1];
    let last = *before.as_bytes().last()?;
    // `raise`, `noise`, `cruise`; but `hydrolyse`.
    let vowel =
        ending.starts_with('i') && matches!(last, b'a' | b'o' | b'u' | b'e') && !before.ends_with("que");
    if before.len() < 3 || vowel || KEEP_S.iter().any(|kept| stem.ends_with(kept)) {
        return None;
    }
    Some(format!("{}z{}", &word[..letter], &word[letter + 1..]))
}

/// Endings whose `s` is a `z` in American spelling, longest first.
const S_ENDINGS: [&str; 13] = [
    "isational",
    "isations",
    "isation",
    "isable",
    "isers",
    "ising",
    "iser",
    "ised",
    "ises",
    "ise",
    "lysed",
    "lysing",
    "lyse",
];

/// Stems in which the `s` is American too: exercise, supervise, clockwise, comprise, expertise ...
const KEEP_S: [&str; 16] = [
    "wis", "vis", "pris", "cis", "promis", "demis", "premis", "guis", "ertis", "adis", "andis", "chis",
    "mortis", "thesis", "treatis", "crisis",
];

/// The singular of a plural, by its ending.
fn singular(word: &str) -> Option<String> {
    if let Some(stem) = word.strip_suffix("mata").filter(|stem| stem.len() > 2) {
        return Some(format!("{stem}ma"));
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2)?;
    if ["s", "u", "i"].iter().any(|end| stem.ends_with(end)) || (stem.ends_with('a') && stem.len() < 5) {
        return None;
    }
    let replaced = |ending: &str, by: &str| {
        stem.strip_suffix(ending).filter(|rest| rest.len() > 1).map(|rest| format!("{rest}{by}"))
    };
    if let Some(y) = replaced("ie", "y") {
        return Some(y);
    }
    if ["sse", "she", "che", "xe", "oe"].iter().any(|end| stem.ends_with(end)) {
        return Some(stem[..stem.len() - 1].to_owned());
    }
    if let Some(is) = replaced("yse", "ysis").or_else(|| replaced("ese", "esis")) {
        return Some(is);
    }
    if stem.len() > 5
        && let Some(is) = replaced("ose", "osis")
    {
        return Some(is);
    }
    if stem.len() > 4 && stem.ends_with("use") && !stem.ends_with("ause") && !stem.ends_with("ouse") {
        return Some(stem[..stem.len() - 1].to_owned());
    }
    Some(stem.to_owned())
}
