//! Which studies the parts of filters let through, remembered for a while.
//!
//! People share filters (recruiting, a phase, a country) and choose them one after the other; a part takes a bit a study.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use query::Resolved;

use crate::scores::Scores;

/// How many parts are remembered.
const KEPT: usize = 64;

/// The studies that one part of a filter lets through: a bit for each.
pub(crate) struct Passed(Vec<u64>);

impl Passed {
    /// Those that have a score.
    pub fn of(scores: &Scores) -> Self {
        let bits =
            |some: &[f32]| some.iter().rev().fold(0, |bits, score| bits << 1 | u64::from(*score > 0.0));
        Self(scores.0.chunks(64).map(bits).collect())
    }

    /// Drops the others.
    pub fn restrict(&self, scores: &mut Scores) {
        for (some, bits) in scores.0.chunks_mut(64).zip(&self.0) {
            match *bits {
                u64::MAX => {}
                0 => some.fill(0.0),
                bits => some.iter_mut().enumerate().for_each(|(i, s)| *s *= (bits >> i & 1) as f32),
            }
        }
    }
}

/// Those of the parts that were asked for lately, newest last.
#[derive(Default)]
pub(crate) struct Lately(Mutex<VecDeque<(String, Arc<Passed>)>>);

impl Lately {
    /// What a part lets through: remembered, or as `make` finds it.
    pub fn get<E>(
        &self,
        part: &Resolved,
        make: impl FnOnce() -> Result<Passed, E>,
    ) -> Result<Arc<Passed>, E> {
        let key = part.to_string();
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = {
            let mut kept = lock();
            let at = kept.iter().position(|(of, _)| *of == key);
            at.and_then(|at| kept.remove(at))
        };
        let passed = match known {
            Some((_, passed)) => passed,
            None => Arc::new(make()?),
        };
        let mut kept = lock();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((key, passed.clone()));
        Ok(passed)
    }
}

/// The parts of a filter that must all hold.
pub(crate) fn parts(filter: &Resolved) -> Vec<&Resolved> {
    match filter {
        Resolved::All => Vec::new(),
        Resolved::And(all) => all.iter().flat_map(parts).collect(),
        one => vec![one],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passes_is_left() {
        for size in [0, 1, 63, 64, 65, 200] {
            let passes = |i: usize| i % 3 == 1 || (64..128).contains(&i);
            let score = |i: usize| 0.25 + i as f32 / 1000.0;
            let passed = Passed::of(&Scores((0..size).map(|i| f32::from(passes(i))).collect()));
            let mut scores = Scores((0..size).map(score).collect());
            passed.restrict(&mut scores);
            let expected = (0..size).map(|i| if passes(i) { score(i) } else { 0.0 }).collect();
            assert_eq!(scores, Scores(expected), "{size}");
        }
    }

    #[test]
    fn the_latest_parts_are_remembered() {
        let lately = Lately::default();
        let part = |n: f64| Resolved::Numbers(model::piece::known("EnrollmentCount"), n, n);
        let ask = |n: usize| {
            let mut made = false;
            let make = || -> Result<Passed, ()> {
                made = true;
                Ok(Passed(vec![n as u64]))
            };
            assert_eq!(lately.get(&part(n as f64), make).unwrap().0, [n as u64]);
            made
        };
        assert!((0..KEPT).all(ask));
        assert!(!ask(0), "it is the latest again");
        assert!(ask(KEPT), "and the oldest gives way");
        assert!(!ask(0) && ask(1));
    }
}
