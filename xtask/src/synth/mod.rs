//! A synthetic registry with the sizes and frequencies of the real one, as its bulk zip.

mod concepts;
mod places;
mod random;
mod results;
mod study;
mod words;

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Context;
use serde_json::Value;
use zip::{ZipWriter, write::SimpleFileOptions};

/// The number of the first study: its id and those that follow are invented.
const FIRST: u32 = 10_000_000;

/// How large a registry came out.
#[derive(Clone, Copy, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Size {
    /// Studies.
    pub studies: u32,
    /// Bytes of their JSON.
    pub bytes: u64,
    /// Studies with results.
    pub with_results: u32,
    /// Bytes of the largest.
    pub largest: usize,
    /// Studies above 1 MB.
    pub over_a_megabyte: u32,
}

/// The id of the study at a place.
pub fn id(at: u32) -> String {
    format!("NCT{:08}", FIRST + at)
}

/// Makes the studies of a registry; each depends on the seed and its own number alone.
pub struct Synth {
    words: words::Words,
    concepts: concepts::Concepts,
    seed: u64,
    studies: u32,
}

impl Synth {
    /// A registry of so many studies.
    pub fn new(studies: u32, seed: u64) -> Self {
        Self { words: words::Words::new(), concepts: concepts::Concepts::new(), seed, studies }
    }

    /// The study at a place, counted from 0.
    pub fn study(&self, at: u32) -> Value {
        let maker = study::Maker { words: &self.words, concepts: &self.concepts };
        let age = f64::from(at) / f64::from(self.studies.max(1));
        maker.study(&mut random::Random::of(self.seed, u64::from(at)), FIRST + at, age)
    }

    /// Writes the bulk zip: a hundred folders by the last two digits of the id, one file a study.
    pub fn write(&self, out: &Path) -> anyhow::Result<Size> {
        let file = File::create(out).with_context(|| format!("cannot write {}", out.display()))?;
        let mut zip = ZipWriter::new(BufWriter::new(file));
        let options = SimpleFileOptions::default();
        let mut size = Size::default();
        for folder in 0..100 {
            for at in (folder..self.studies).step_by(100) {
                let study = self.study(at);
                let json = study.to_string();
                zip.start_file(format!("{folder:02}/{}.json", id(at)), options)?;
                zip.write_all(json.as_bytes())?;
                size.count(json.len(), study["hasResults"] == true);
            }
        }
        zip.finish()?.flush()?;
        Ok(size)
    }
}

impl Size {
    fn count(&mut self, bytes: usize, results: bool) {
        self.studies += 1;
        self.bytes += bytes as u64;
        self.with_results += u32::from(results);
        self.largest = self.largest.max(bytes);
        self.over_a_megabyte += u32::from(bytes > 1_000_000);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, seed| {
            let path = folder.path().join(name);
            Synth::new(30, seed).write(&path).unwrap();
            std::fs::read(path).unwrap()
        };
        assert_eq!(write("a", 1), write("b", 1));
        assert_ne!(write("a", 1), write("c", 2));
    }

    #[test]
    fn sizes_and_shares_are_the_registrys() {
        let synth = Synth::new(2_000, 7);
        let (mut size, mut interventional) = (Size::default(), 0);
        for at in 0..2_000 {
            let study = synth.study(at);
            size.count(study.to_string().len(), study["hasResults"] == true);
            interventional +=
                u32::from(study["protocolSection"]["designModule"]["studyType"] == "INTERVENTIONAL");
        }
        let mean = size.bytes / 2_000;
        assert!((13_000..22_000).contains(&mean), "mean {mean}");
        assert!((220..320).contains(&size.with_results), "{size:?}");
        assert!((1_480..1_570).contains(&interventional), "{interventional}");
    }
}
