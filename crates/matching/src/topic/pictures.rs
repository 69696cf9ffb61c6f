//! Diseases that a note does not name but shows: held against the pictures of `data/pictures.tsv`.
//!
//! A suspicion is only used to look for studies; nothing concludes from it that the person has the disease.

use std::{
    collections::{BTreeSet, HashMap},
    sync::LazyLock,
};

use vocabulary::ConceptId;

use super::Settings;

const TABLE: &str = include_str!("../../data/pictures.tsv");

/// A disease is suspected only if its score is this share of the best one's.
const NEAR: f32 = 0.6;
/// At most so many diseases are suspected.
const MOST: usize = 3;
/// The score from which on a suspicion counts whole.
const SURE: f32 = 4.0;

/// A disease and its findings.
struct Picture {
    disease: ConceptId,
    findings: Vec<Finding>,
}

/// Something that people with a disease tell or show.
struct Finding {
    telling: bool,
    /// How few diseases have it, from 0 to 1.
    rarity: f32,
    wordings: Vec<Wording>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Wording {
    words: Vec<String>,
    concept: Option<ConceptId>,
}

/// What a sentence says of the person's own: its words and concepts.
pub struct Said {
    words: BTreeSet<String>,
    concepts: BTreeSet<ConceptId>,
}

impl Said {
    /// From the normal words that are said of the person.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let words: Vec<&str> = words.collect();
        let concepts = vocabulary::segments(&words).into_iter().filter_map(|(_, concept)| concept).collect();
        Self { words: words.into_iter().map(str::to_owned).collect(), concepts }
    }

    fn says(&self, wording: &Wording) -> bool {
        wording.concept.is_some_and(|concept| self.concepts.contains(&concept))
            || wording.words.iter().all(|word| self.words.contains(word))
    }
}

/// The diseases that the sentences of a note show, the likeliest first, with how much they are to count.
pub fn suspected(said: &[Said], settings: &Settings) -> Vec<(ConceptId, f32)> {
    let scored =
        PICTURES.iter().filter_map(|picture| Some((picture.disease, picture.score(said, settings)?)));
    let mut scores: Vec<(ConceptId, f32)> = scored.filter(|s| s.1 >= settings.shown_from).collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let best = scores.first().map_or(0.0, |s| s.1);
    scores.retain(|s| s.1 >= NEAR * best);
    scores.truncate(MOST);
    let counts = |score: f32| settings.shown * score / best * (score / SURE).min(1.0);
    scores.into_iter().map(|(disease, score)| (disease, counts(score))).collect()
}

impl Picture {
    /// The sum of what is shown; nothing if that is a single finding.
    fn score(&self, said: &[Said], settings: &Settings) -> Option<f32> {
        let is_shown = |finding: &&Finding| finding.wordings.iter().any(|w| said.iter().any(|s| s.says(w)));
        let shown: Vec<&Finding> = self.findings.iter().filter(is_shown).collect();
        let counts =
            |finding: &&Finding| finding.rarity * if finding.telling { settings.telling } else { 1.0 };
        let sum: f32 = shown.iter().map(counts).sum();
        // Rows with many findings would win by their length alone.
        let length = (self.findings.len() as f32 - 6.0).clamp(0.0, 10.0);
        (shown.len() > 1).then_some(sum * (1.0 - 0.02 * length))
    }
}

static PICTURES: LazyLock<Vec<Picture>> = LazyLock::new(|| {
    let picture = |(name, findings): (&str, &str)| {
        let findings = findings.split('|').map(finding).collect();
        Some(Picture { disease: vocabulary::by_name(name)?, findings })
    };
    let mut pictures: Vec<Picture> = rows().filter_map(picture).collect();
    let mut having: HashMap<Wording, f32> = HashMap::new();
    for wording in pictures.iter().flat_map(|p| &p.findings).flat_map(|f| &f.wordings) {
        *having.entry(wording.clone()).or_default() += 1.0;
    }
    let all = pictures.len() as f32;
    for finding in pictures.iter_mut().flat_map(|p| &mut p.findings) {
        let most = finding.wordings.iter().map(|w| having[w]).fold(1.0, f32::max);
        finding.rarity = (all / most).ln() / all.ln();
    }
    pictures
});

/// Disease and findings, as they stand in the table.
fn rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(|line| line.split_once('\t'))
}

fn finding(text: &str) -> Finding {
    let (telling, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
    let wording = |text: &str| Wording {
        words: vocabulary::words(text).into_iter().map(|w| w.norm).collect(),
        concept: vocabulary::by_name(text),
    };
    Finding { telling, rarity: 1.0, wordings: text.split('/').map(wording).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_disease_is_a_heading() {
        let unknown: Vec<&str> =
            rows().map(|(name, _)| name).filter(|n| vocabulary::by_name(n).is_none()).collect();
        assert_eq!(unknown, Vec::<&str>::new());
    }

    #[test]
    fn a_picture_is_recognised() {
        let said = |text: &str| {
            let words = vocabulary::words(text);
            Said::of(words.iter().map(|word| word.norm.as_str()))
        };
        let names = |notes: &[&str]| {
            let said: Vec<Said> = notes.iter().map(|text| said(text)).collect();
            let found = suspected(&said, &Settings::default());
            found.into_iter().filter_map(|(disease, _)| vocabulary::name(disease)).collect::<Vec<_>>()
        };
        assert_eq!(names(&["facial droop since noon", "slurred speech"]).first(), Some(&"Stroke"));
        assert!(names(&["a cough"]).is_empty());
    }
}
