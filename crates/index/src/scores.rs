//! A score for every study (or site): 0 where it does not match, up to 1 where it does.

/// Scores by number. Dense, because the registry is small for a machine: adding two of them costs less than
/// keeping track of which studies are in which.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores(pub(crate) Vec<f32>);

impl Scores {
    /// Nothing matches.
    pub fn none(size: usize) -> Self {
        Self(vec![0.0; size])
    }

    /// Everything matches fully.
    pub fn all(size: usize) -> Self {
        Self(vec![1.0; size])
    }

    /// How many match.
    pub fn count(&self) -> usize {
        self.0.iter().filter(|s| **s > 0.0).count()
    }

    /// Whether nothing matches.
    pub fn is_none(&self) -> bool {
        !self.0.iter().any(|s| *s > 0.0)
    }

    /// Another piece of evidence for a study: the more and the better, the nearer to 1.
    #[inline]
    pub fn add(&mut self, number: u32, counts: f32) {
        let score = &mut self.0[number as usize];
        *score += counts - *score * counts;
    }

    /// At least this.
    #[inline]
    pub fn raise(&mut self, number: u32, counts: f32) {
        let score = &mut self.0[number as usize];
        *score = score.max(counts);
    }

    /// Either may match; both is better.
    pub fn or(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a += b - *a * b);
    }

    /// Both must match.
    pub fn and(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(a, b)| *a *= b);
    }

    /// Whatever did not match does, fully.
    pub fn not(&mut self) {
        self.0.iter_mut().for_each(|s| *s = if *s > 0.0 { 0.0 } else { 1.0 });
    }

    /// The numbers that match, ascending: as a list, faster than collecting [`Scores::matches`].
    pub(crate) fn numbers(&self) -> Vec<u32> {
        // Written whether it counts or not: a branch that cannot be foreseen costs more.
        let mut numbers = vec![0; self.count() + 1];
        let mut at = 0;
        for (n, score) in self.0.iter().enumerate() {
            numbers[at] = n as u32;
            at += usize::from(*score > 0.0);
        }
        numbers.truncate(at);
        numbers
    }

    /// The numbers that match, ascending.
    pub fn matches(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().enumerate().filter(|(_, s)| **s > 0.0).map(|(n, _)| n as u32)
    }
}

/// What takes hits.
pub(crate) trait Tally {
    /// Another piece of evidence for a study (or site).
    fn add(&mut self, number: u32, counts: f32);
}

impl Tally for Scores {
    #[inline]
    fn add(&mut self, number: u32, counts: f32) {
        Scores::add(self, number, counts);
    }
}

/// Scores with the numbers that have one, in no order.
pub(crate) struct Hits {
    pub scores: Scores,
    pub numbers: Vec<u32>,
}

impl Hits {
    pub fn none(size: usize) -> Self {
        Self { scores: Scores::none(size), numbers: Vec::new() }
    }
}

impl Tally for Hits {
    #[inline]
    fn add(&mut self, number: u32, counts: f32) {
        if self.scores.0[number as usize] == 0.0 {
            self.numbers.push(number);
        }
        self.scores.add(number, counts);
    }
}
