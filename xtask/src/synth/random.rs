//! A small generator of pseudo-random numbers: the same seed gives the same registry on every machine.

/// SplitMix64 (Steele, Lea, Flood 2014): one multiplication chain a number, any seed is a good seed.
pub struct Random(u64);

impl Random {
    /// The stream of one study of one registry.
    pub fn of(seed: u64, study: u64) -> Self {
        let mut mixed = Self(seed ^ study.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(mixed.next())
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform among `n` numbers from 0 on; 0 if there are none.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// Uniform between two numbers, both included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high - low + 1)
    }

    /// True so often.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// One of several, each as likely.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of several with their weights.
    pub fn weighted<T: Copy>(&mut self, of: &[(T, u32)]) -> T {
        let total: u32 = of.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(total as usize) as u32;
        for &(value, weight) in of {
            if at < weight {
                return value;
            }
            at -= weight;
        }
        of[0].0
    }

    /// A rank below `n` by Zipf's law: rank r about as often as 1/(r+1).
    pub fn zipf(&mut self, n: usize) -> usize {
        ((n as f64 + 1.0).powf(self.unit()) - 1.0) as usize % n
    }

    /// A log-normal number with this median and this spread of its logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.unit()).cos();
        median * (sigma * normal).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_follow_their_laws() {
        let mut random = Random::of(1, 2);
        let n = 100_000;
        let heads = (0..n).filter(|_| random.weighted(&[(true, 1), (false, 3)])).count();
        assert!((24_000..26_000).contains(&heads), "{heads}");
        let mut draws: Vec<f64> = (0..n).map(|_| random.log_normal(10.0, 1.0)).collect();
        draws.sort_by(f64::total_cmp);
        assert!((9.7..10.3).contains(&draws[n / 2]), "{}", draws[n / 2]);
        let firsts = (0..n).filter(|_| random.zipf(1000) == 0).count() as f64 / n as f64;
        assert!((firsts - 2f64.ln() / 1001f64.ln()).abs() < 0.01, "{firsts}");
    }

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, study| Random::of(seed, study).next();
        assert_eq!(draw(1, 7), draw(1, 7));
        assert_ne!(draw(1, 7), draw(1, 8));
        assert_ne!(draw(1, 7), draw(2, 7));
    }
}
