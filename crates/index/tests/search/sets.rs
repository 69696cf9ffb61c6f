//! The set that the index finds is the set for which the oracle says yes.

use std::collections::BTreeSet;

use model::StudyId;
use proptest::{
    prelude::{ProptestConfig, prop_assert},
    test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner},
};

use crate::{
    corpus::{Corpus, DEMO, REAL, term},
    oracle::ways,
    queries::{self, Leaves},
};

/// The index tries so many spellings of a phrase.
const PHRASES: usize = 48;

#[test]
fn random_queries_find_what_they_say_in_the_demo_registry() {
    compare(&DEMO, 800, 7, usize::MAX);
}

#[test]
fn random_queries_find_what_they_say_in_the_registry() {
    if let Some(real) = &*REAL {
        compare(real, 60, 211, 250);
    }
}

/// Leaves alone, `most` of them spread over all, then as many random combinations as `cases`. Leaves are made from
/// every `step`th value.
fn compare(corpus: &Corpus, cases: u32, step: usize, most: usize) {
    let mut leaves = queries::leaves(&corpus.records, step);
    let every = leaves.anywhere.len().div_ceil(most).max(1);
    leaves.anywhere = leaves.anywhere.into_iter().step_by(every).collect();
    assert!(leaves.anywhere.len() > 100, "only {} queries were made", leaves.anywhere.len());
    let wrong: Vec<String> =
        leaves.anywhere.iter().filter_map(|text| difference(corpus, text).err()).collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), leaves.anywhere.len(), first(&wrong));
    random(corpus, cases, leaves);
}

fn first(wrong: &[String]) -> String {
    wrong.iter().take(25).cloned().collect::<Vec<_>>().join("\n")
}

fn random(corpus: &Corpus, cases: u32, leaves: Leaves) {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    // The same queries every time: what is found today is found tomorrow.
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let check = |text: String| {
        let difference = difference(corpus, &text);
        prop_assert!(difference.is_ok(), "{}", difference.unwrap_err());
        Ok::<(), TestCaseError>(())
    };
    runner.run(&queries::nested(leaves), check).unwrap_or_else(|failure| panic!("{failure}"));
}

/// How what the index finds differs from what the oracle says.
fn difference(corpus: &Corpus, text: &str) -> Result<(), String> {
    let search = term(text);
    if ways(&search.query) > PHRASES {
        return Ok(());
    }
    let found: BTreeSet<StudyId> = corpus.ids(&search).into_iter().collect();
    let held = corpus.facts.iter().filter(|facts| facts.holds(&search.query)).map(|facts| facts.id);
    let held: BTreeSet<StudyId> = held.collect();
    if found == held {
        return Ok(());
    }
    let some = |a: &BTreeSet<StudyId>, b: &BTreeSet<StudyId>| -> Vec<String> {
        a.difference(b).take(4).map(StudyId::to_string).collect()
    };
    let (more, less) = (some(&found, &held), some(&held, &found));
    let (n, m) = (found.len(), held.len());
    Err(format!("{text}\n  index {n}, oracle {m}; only the index {more:?}, only the oracle {less:?}"))
}
