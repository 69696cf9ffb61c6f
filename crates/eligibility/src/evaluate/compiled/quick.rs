//! A quick hash for the names of facts: most of the time of a cohort would otherwise go into hashing the same words.
//!
//! Seeded from the standard library's random state, so that nobody can choose names that fall together.

use std::hash::{BuildHasher, Hasher, RandomState};

/// Makes hashers of one seed.
#[derive(Clone, Debug)]
pub(super) struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u64))
    }
}

impl BuildHasher for Quick {
    type Hasher = QuickHasher;

    fn build_hasher(&self) -> QuickHasher {
        QuickHasher(self.0)
    }
}

/// A hash of what was written so far.
pub(super) struct QuickHasher(u64);

/// An odd constant: 2^64 divided by the golden ratio.
const K: u64 = 0x9E37_79B9_7F4A_7C15;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.0.rotate_left(23) ^ word ^ K) * 0xD6E8_FEB8_6659_FD93_u128;
        self.0 = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(word));
        }
        let rest = chunks.remainder();
        let last = rest.iter().fold(rest.len() as u64, |word, byte| word << 8 | u64::from(*byte));
        self.mix(last);
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(byte.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.mix(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn different_words_have_different_hashes() {
        let quick = Quick::default();
        let words: Vec<String> = (0..20_000).map(|n| format!("word {n}")).chain([String::new()]).collect();
        let hashes: HashSet<u64> = words.iter().map(|word| quick.hash_one(word)).collect();
        assert_eq!(hashes.len(), words.len());
        assert_ne!(quick.hash_one(("a", "b")), quick.hash_one(("ab", "")));
    }
}
