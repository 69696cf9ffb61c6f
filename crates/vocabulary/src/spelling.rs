//! Near words of the vocabulary, for "did you mean".

use fst::{Automaton, IntoStreamer, Map, Streamer};

static WORDS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/words.fst"));

/// The printed forms of words that are not printed in their normal form, between bars.
static FORMS: &str = include_str!(concat!(env!("OUT_DIR"), "/forms"));

/// At most this many near words are told.
const MOST: usize = 8;

/// Words of the vocabulary that differ from a normal word by one change or, if there are none, by two, in the form
/// in which they are usually printed (`diabetes`, whose normal form is `diabete`); nearest beginnings first, then in
/// alphabetical order. Empty for words under four letters and for words it has.
pub fn spelling(norm: &str) -> Vec<String> {
    let Ok(map) = Map::new(WORDS) else { return Vec::new() };
    let letters = norm.len();
    if !(4..=40).contains(&letters) || !norm.is_ascii() || map.contains_key(norm) {
        return Vec::new();
    }
    let mut near = within(&map, norm, 1);
    if near.is_empty() && letters > 5 {
        near = within(&map, norm, 2);
    }
    near.sort_by_cached_key(|word| (std::cmp::Reverse(shared_beginning(word, norm)), word.clone()));
    near.truncate(MOST);
    near
}

fn within(map: &Map<&[u8]>, norm: &str, changes: u8) -> Vec<String> {
    let mut stream = map.search(Near { word: norm.as_bytes(), changes }).into_stream();
    let mut near = Vec::new();
    while let Some((word, place)) = stream.next() {
        near.extend(form(place).or(std::str::from_utf8(word).ok()).map(str::to_owned));
    }
    near
}

/// The printed form at a place; none at 0.
fn form(place: u64) -> Option<&'static str> {
    let rest = FORMS.get(usize::try_from(place).ok()?..)?;
    rest.split('|').next().filter(|form| !form.is_empty())
}

/// Accepts what differs from a word by a few letters put in, left out or exchanged.
struct Near<'a> {
    word: &'a [u8],
    changes: u8,
}

/// The state is the last row of the edit distance table: changes so far, by length of the word's beginning.
impl Automaton for Near<'_> {
    type State = Vec<u8>;

    fn start(&self) -> Vec<u8> {
        // Words are at most 40 letters: `spelling` sees to it.
        (0..=self.word.len() as u8).collect()
    }

    fn is_match(&self, row: &Vec<u8>) -> bool {
        row.last().is_some_and(|&changes| changes <= self.changes)
    }

    fn can_match(&self, row: &Vec<u8>) -> bool {
        row.iter().any(|&changes| changes <= self.changes)
    }

    fn accept(&self, row: &Vec<u8>, byte: u8) -> Vec<u8> {
        let mut next = Vec::with_capacity(row.len());
        let mut left = row[0].saturating_add(1);
        next.push(left);
        for (i, &letter) in self.word.iter().enumerate() {
            let exchanged = row[i] + u8::from(letter != byte);
            left = exchanged.min(row[i + 1] + 1).min(left + 1);
            next.push(left);
        }
        next
    }
}

fn shared_beginning(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count()
}
