//! Small tables that are read once at the first use: their rows, and maps from spellings.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::{BuildHasherDefault, Hash, Hasher},
};

use crate::hash;

/// The rows of a table of `vocabulary/`: no comments, no head.
pub fn tsv(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).skip(1);
    lines.map(|line| line.split('\t').collect())
}

/// A map from spellings; what is put in first stays.
pub struct Map<T>(HashMap<Vec<u8>, T, BuildHasherDefault<Quick>>);

impl<T> Map<T> {
    pub fn new() -> Self {
        Self(HashMap::default())
    }

    pub fn insert(&mut self, key: Vec<u8>, value: T) {
        self.0.entry(key).or_insert(value);
    }

    pub fn get<K: Hash + Eq + ?Sized>(&self, key: &K) -> Option<&T>
    where
        Vec<u8>: Borrow<K>,
    {
        self.0.get(key)
    }
}

/// The crate's own hash: the tables are ours, nobody can choose keys that collide.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash::append(self.0, hash::bytes(bytes));
    }

    fn write_usize(&mut self, _length: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}
