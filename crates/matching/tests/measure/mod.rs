//! nDCG at 10 and the chance that an eligible study stands above an excluded one.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use model::StudyId;
use serde_json::Value;

/// Sums over topics.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    topics: f64,
    ndcg: f64,
    pairs: f64,
    auroc: f64,
}

impl Figures {
    /// The mean nDCG at 10.
    pub fn ndcg(&self) -> f64 {
        self.ndcg / self.topics
    }

    /// The mean chance that an eligible study stands above an excluded one.
    pub fn auroc(&self) -> f64 {
        self.auroc / self.pairs
    }

    fn add(&mut self, judged: &BTreeMap<StudyId, i32>, score: &dyn Fn(StudyId) -> Option<f32>) {
        if judged.values().all(|grade| *grade == 0) {
            return;
        }
        self.topics += 1.0;
        self.ndcg += ndcg(judged, score);
        if let Some(auroc) = auroc(judged, score) {
            self.pairs += 1.0;
            self.auroc += auroc;
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nDCG@10 {:.3} AUROC {:.3} ({} topics)", self.ndcg(), self.auroc(), self.topics)
    }
}

/// The figures of a set of topics by half. `rank` makes a note into a score for each study.
pub fn halves<S: Fn(StudyId) -> Option<f32>>(folder: &Path, rank: &dyn Fn(&str) -> S) -> [Figures; 2] {
    let mut judged: BTreeMap<String, BTreeMap<StudyId, i32>> = BTreeMap::new();
    for line in fs::read_to_string(folder.join("qrels.tsv")).unwrap().lines().skip(1) {
        let [topic, study, grade] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        judged.entry(topic.to_owned()).or_default().insert(study.parse().unwrap(), grade.parse().unwrap());
    }
    let mut halves = [Figures::default(); 2];
    for line in fs::read_to_string(folder.join("topics.jsonl")).unwrap().lines() {
        let topic: Value = serde_json::from_str(line).unwrap();
        let (id, text) = (topic["_id"].as_str().unwrap(), topic["text"].as_str().unwrap());
        if let Some(judged) = judged.get(id) {
            let half = (vocabulary::fingerprint(id.as_bytes()) & 1) as usize;
            halves[half].add(judged, &rank(text));
        }
    }
    halves
}

fn dcg(grades: impl Iterator<Item = i32>) -> f64 {
    grades.take(10).enumerate().map(|(place, grade)| f64::from(grade) / (place as f64 + 2.0).log2()).sum()
}

fn ndcg(judged: &BTreeMap<StudyId, i32>, score: &dyn Fn(StudyId) -> Option<f32>) -> f64 {
    let mut ranked: Vec<(f32, StudyId, i32)> =
        judged.iter().filter_map(|(id, grade)| Some((score(*id)?, *id, *grade))).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut ideal: Vec<i32> = judged.values().copied().collect();
    ideal.sort_unstable_by(|a, b| b.cmp(a));
    dcg(ranked.into_iter().map(|row| row.2)) / dcg(ideal.into_iter())
}

fn auroc(judged: &BTreeMap<StudyId, i32>, score: &dyn Fn(StudyId) -> Option<f32>) -> Option<f64> {
    let of = |wanted: i32| -> Vec<f32> {
        let studies = judged.iter().filter(|(_, grade)| **grade == wanted);
        studies.map(|(id, _)| score(*id).unwrap_or(f32::NEG_INFINITY)).collect()
    };
    let (eligible, excluded) = (of(2), of(1));
    let above = |a: f32, b: f32| if a == b { 0.5 } else { f64::from(u8::from(a > b)) };
    let pairs = (eligible.len() * excluded.len()) as f64;
    let sum: f64 = eligible.iter().flat_map(|a| excluded.iter().map(move |b| above(*a, *b))).sum();
    (pairs > 0.0).then_some(sum / pairs)
}
