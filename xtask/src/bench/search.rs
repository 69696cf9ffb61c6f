//! Times of searches within one process.
//!
//! Every query runs once to warm what is kept between queries and then several rounds; of each the quickest round
//! counts, which is what the code needs when the machine is not busy with something else. The share of all runs is
//! told beside it.

use std::{
    hint::black_box,
    path::Path,
    time::{Duration, Instant},
};

use index::Options;
use query::Request;
use registry::Registry;
use serde::{Deserialize, Serialize};

use super::queries;

const ROUNDS: usize = 5;

/// Times in milliseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Times {
    /// Half of the queries are quicker (each at its best round).
    pub p50: f64,
    /// 99 of 100 are.
    pub p99: f64,
    /// 99 of 100 of all runs, with whatever else the machine did.
    pub p99_of_all: f64,
    /// How many queries.
    pub queries: usize,
    /// The middle number of studies found.
    pub found: usize,
}

/// What the search step finds out.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Searches {
    /// Milliseconds to open the registry.
    pub open: f64,
    /// Studies in it.
    pub studies: usize,
    /// Three words with concepts, facets and ten hits.
    pub mixed: Times,
    /// The same without facets.
    pub plain: Times,
    /// A note, 1,000 hits.
    pub notes: Times,
    /// One study by its id, decompressed.
    pub by_id: Times,
    /// Ranges, sorting, distance, sites.
    pub structured: Times,
    /// Each of the latter: what and milliseconds.
    pub slowest: Vec<(String, f64)>,
}

/// Measures and prints the figures as one line of JSON.
pub fn search(data: &Path) -> anyhow::Result<()> {
    let start = Instant::now();
    let registry = Registry::open(data)?;
    let open = millis(start.elapsed());
    let facets = Options { limit: 10, facets: true, ..Options::default() };
    let plain = Options { limit: 10, ..Options::default() };
    let top = Options { limit: 1_000, ..Options::default() };
    let mut slowest = Vec::new();
    let mut figures = Searches { open, studies: registry.len(), ..Searches::default() };
    figures.mixed = timed(&registry, &queries::mixed(), &facets, &mut slowest)?;
    figures.plain = timed(&registry, &queries::mixed(), &plain, &mut slowest)?;
    figures.notes = timed(&registry, &queries::notes(), &top, &mut slowest)?;
    figures.structured = timed(&registry, &queries::structured(), &plain, &mut slowest)?;
    figures.by_id = by_id(&registry)?;
    slowest.sort_by(|a, b| b.1.total_cmp(&a.1));
    slowest.truncate(20);
    figures.slowest = slowest;
    println!("{}", serde_json::to_string(&figures)?);
    Ok(())
}

/// Runs requests from their text to their hits.
fn timed(
    registry: &Registry,
    requests: &[Request],
    options: &Options,
    slowest: &mut Vec<(String, f64)>,
) -> anyhow::Result<Times> {
    let (mut best, mut all, mut found) = (Vec::new(), Vec::new(), Vec::new());
    for request in requests {
        let mut quickest = f64::MAX;
        for round in 0..=ROUNDS {
            let start = Instant::now();
            // Past what the registry keeps of its latest searches: each round does all the work.
            let snapshot = registry.index().snapshot();
            let answer = black_box(snapshot.search(&request.resolve()?, options, registry)?);
            let took = millis(start.elapsed());
            if round == 0 {
                found.push(answer.total);
                continue;
            }
            all.push(took);
            quickest = quickest.min(took);
        }
        best.push(quickest);
        slowest.push((told(request), quickest));
    }
    Ok(times(best, all, found))
}

fn told(request: &Request) -> String {
    request.described().unwrap_or_default().chars().take(160).collect()
}

fn by_id(registry: &Registry) -> anyhow::Result<Times> {
    let ids: Vec<_> = registry.sizes()?.into_iter().map(|(id, _)| id).collect();
    let step = (ids.len() / 2_000).max(1);
    let (mut best, mut all) = (Vec::new(), Vec::new());
    for id in ids.iter().step_by(step) {
        let start = Instant::now();
        black_box(registry.record(*id)?);
        let took = millis(start.elapsed());
        best.push(took);
        all.push(took);
    }
    Ok(times(best, all, vec![1]))
}

fn times(mut best: Vec<f64>, mut all: Vec<f64>, mut found: Vec<usize>) -> Times {
    found.sort_unstable();
    Times {
        p50: percentile(&mut best, 0.5),
        p99: percentile(&mut best, 0.99),
        p99_of_all: percentile(&mut all, 0.99),
        queries: best.len(),
        found: found.get(found.len() / 2).copied().unwrap_or(0),
    }
}

/// The value below which this share lies (nearest rank); 0 of nothing.
pub fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() as f64 * share).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(0.0)
}

/// Milliseconds with their fraction.
pub fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_by_nearest_rank() {
        let mut values: Vec<f64> = (1..=200).rev().map(f64::from).collect();
        assert_eq!(percentile(&mut values, 0.5), 100.0);
        assert_eq!(percentile(&mut values, 0.99), 198.0);
        assert_eq!(percentile(&mut [7.0], 0.99), 7.0);
        assert_eq!(percentile(&mut [], 0.5), 0.0);
    }
}
