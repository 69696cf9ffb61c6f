//! Words, sentences and names that have the statistics of real ones.
//!
//! Sentences follow the word pairs of the demo registry's texts, so that phrases recur; now and then they jump to a
//! word by Zipf's law (the demo's words first, then invented ones) or to a name of what the study is about.

use std::collections::BTreeMap;

use serde_json::Value;

use super::random::Random;

const DEMO: &str = include_str!("../../../demo/studies.ndjson");
/// Distinct words: a registry of 100,000 studies has some hundred thousand.
const WORDS: usize = 300_000;
const SYLLABLES: [&str; 48] = [
    "ba", "cel", "dor", "fi", "gan", "hep", "il", "jo", "kar", "lum", "mi", "nor", "ox", "pre", "qui", "ral",
    "sen", "tol", "ur", "vas", "wen", "xy", "zo", "thra", "cli", "mab", "tin", "der", "stro", "phe", "ase",
    "ide", "one", "ric", "tem", "pul", "ve", "con", "ster", "al", "in", "er", "os", "um", "an", "et", "ly",
    "gra",
];

/// All words of a registry and what follows what.
pub struct Words {
    words: Vec<String>,
    by_rank: Vec<u32>,
    next: Vec<Vec<u32>>,
    starts: Vec<u32>,
}

impl Words {
    /// Reads the demo registry.
    pub fn new() -> Self {
        let mut made = Self { words: Vec::new(), by_rank: Vec::new(), next: Vec::new(), starts: Vec::new() };
        let (mut ids, mut counts) = (BTreeMap::new(), Vec::new());
        for line in DEMO.lines() {
            let record: Value = serde_json::from_str(line).unwrap_or_default();
            made.learn(&record, &mut ids, &mut counts);
        }
        made.by_rank = (0..made.words.len() as u32).collect();
        made.by_rank.sort_by_key(|&id| (std::cmp::Reverse(counts[id as usize]), id));
        for rank in made.words.len()..WORDS {
            made.by_rank.push(made.words.len() as u32);
            made.words.push(invented(rank as u64));
        }
        made
    }

    /// Takes the sentences of a record in: every string of several words.
    fn learn(&mut self, value: &Value, ids: &mut BTreeMap<String, u32>, counts: &mut Vec<u32>) {
        match value {
            Value::String(text) if text.len() > 40 && !text.contains("://") => {
                let mut before: Option<u32> = None;
                for token in text.split_whitespace() {
                    let id = *ids.entry(token.to_owned()).or_insert_with(|| {
                        self.words.push(token.to_owned());
                        self.next.push(Vec::new());
                        counts.push(0);
                        self.words.len() as u32 - 1
                    });
                    counts[id as usize] += 1;
                    match before {
                        Some(before) => self.next[before as usize].push(id),
                        None => self.starts.push(id),
                    }
                    before = Some(id);
                }
            }
            Value::Array(values) => values.iter().for_each(|v| self.learn(v, ids, counts)),
            Value::Object(map) => map.values().for_each(|v| self.learn(v, ids, counts)),
            _ => (),
        }
    }

    /// A word by Zipf's law.
    pub fn word(&self, random: &mut Random) -> &str {
        &self.words[self.by_rank[random.zipf(WORDS)] as usize]
    }

    /// A text of about so many bytes about these names, in sentences.
    pub fn text(&self, random: &mut Random, bytes: usize, about: &[String]) -> String {
        let mut out = String::with_capacity(bytes + 80);
        while out.len() < bytes {
            if !out.is_empty() {
                out.push(' ');
            }
            self.sentence(random, &mut out, about);
        }
        out
    }

    /// One sentence, without a full stop if it ends early.
    fn sentence(&self, random: &mut Random, out: &mut String, about: &[String]) {
        let mut id = *random.one(&self.starts);
        let length = random.between(8, 28);
        for step in 0..length {
            if step > 0 {
                out.push(' ');
            }
            if !about.is_empty() && random.chance(0.05) {
                out.push_str(random.one::<String>(about));
            } else if random.chance(0.02) {
                out.push_str(&number(random));
            } else {
                out.push_str(&self.words[id as usize]);
            }
            id = match self.next.get(id as usize) {
                Some(next) if !next.is_empty() && random.chance(0.85) => *random.one(next),
                _ => self.by_rank[random.zipf(WORDS)],
            };
        }
        if !out.ends_with(['.', ';', ':']) {
            out.push('.');
        }
    }

    /// A title of so many words about these names.
    pub fn title(&self, random: &mut Random, words: usize, about: &[String]) -> String {
        let mut parts: Vec<String> = (0..words).map(|_| capital(self.word(random))).collect();
        for name in about {
            let at = random.below(parts.len() + 1);
            parts.insert(at, name.clone());
        }
        parts.join(" ")
    }
}

/// A measured number as texts have them.
fn number(random: &mut Random) -> String {
    match random.below(4) {
        0 => random.between(1, 99).to_string(),
        1 => format!("{}.{}", random.between(0, 40), random.between(0, 9)),
        2 => format!("{} mg", random.between(1, 60) * 5),
        _ => format!("{}%", random.between(1, 99)),
    }
}

/// The invented word of a rank: rarer words are longer.
fn invented(rank: u64) -> String {
    let mut random = Random::of(0x776F_7264, rank);
    let syllables = 2 + usize::from(rank > 6_000) + usize::from(rank > 90_000);
    (0..syllables).map(|_| *random.one(&SYLLABLES)).collect()
}

/// An invented name: of a town, a person, a company.
pub fn name(rank: u64) -> String {
    capital(&invented(rank ^ 0x5EED_0000))
}

/// The word with a capital.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_recur_and_have_a_long_tail() {
        let words = Words::new();
        let mut random = Random::of(5, 5);
        let text = words.text(&mut random, 400_000, &["Lung Neoplasms".to_owned()]);
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        text.split_whitespace().for_each(|word| *counts.entry(word).or_default() += 1);
        let total: usize = counts.values().sum();
        let most = counts.values().max().copied().unwrap_or(0);
        let once = counts.values().filter(|&&n| n == 1).count();
        assert!(most * 100 / total >= 1, "the commonest word stands for a percent and more");
        assert!(
            once * 3 > counts.len(),
            "a third of the words and more are met once: {once} of {}",
            counts.len()
        );
        assert!(text.matches("Lung Neoplasms").count() > 1_000);
    }
}
