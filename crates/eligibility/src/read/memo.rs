//! What was found for words that were met before.
//!
//! A few words make up most of every text. What is looked up for a word is kept here in a small table that stays in
//! the processor's cache, where the vocabularies do not.

/// Answers by fingerprint: the last one of each place. `SLOTS`, a power of two, is how many are kept at most.
#[derive(Clone, Debug)]
pub struct Memo<V, const SLOTS: usize = { 1 << 13 }> {
    slots: Vec<(u64, V)>,
}

impl<V: Clone + Default, const SLOTS: usize> Default for Memo<V, SLOTS> {
    fn default() -> Self {
        Self { slots: vec![(0, V::default()); SLOTS] }
    }
}

impl<V: Clone, const SLOTS: usize> Memo<V, SLOTS> {
    /// The answer for a fingerprint, from memory or found anew. `find` must depend on the fingerprint alone.
    pub fn get(&mut self, print: u64, find: impl FnOnce() -> V) -> &V {
        let slot = &mut self.slots[(print >> (64 - SLOTS.ilog2())) as usize];
        // 0 marks a place that is free; should a word have this fingerprint, it is found each time.
        if slot.0 != print || print == 0 {
            *slot = (print, find());
        }
        &slot.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_those_found() {
        let mut memo = Memo::<u64>::default();
        let mut asked = 0;
        for print in [0, 1, u64::MAX, 1 << 60, (1 << 60) + 1, 1, 0, u64::MAX] {
            let answer = *memo.get(print, || {
                asked += 1;
                print.wrapping_mul(3)
            });
            assert_eq!(answer, print.wrapping_mul(3));
        }
        assert!(asked < 8, "nothing was remembered");
    }
}
