//! How often a registry is asked, and how long is waited after a failure.

use std::time::Duration;

/// The manners of a client.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Least time between two requests.
    pub between: Duration,
    /// Tries of one request before it is given up.
    pub attempts: u32,
    /// The wait after the first failure; it doubles with each further one.
    pub first: Duration,
    /// The longest wait. A server that asks for a longer one (`Retry-After`) is left alone, and the sync ends.
    pub longest: Duration,
    /// What the waits are varied by, so that many clients do not come back at the same moment.
    pub seed: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            between: Duration::from_secs(1),
            attempts: 6,
            first: Duration::from_secs(2),
            longest: Duration::from_secs(300),
            seed: 0,
        }
    }
}

/// The waits of a client, one after the other.
#[derive(Debug)]
pub(crate) struct Waits {
    pace: Pace,
    state: u64,
}

impl Waits {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, state: pace.seed }
    }

    /// How long to wait after the failure number `failures` (from 1): half of the doubled time for sure, the other
    /// half by chance.
    pub(crate) fn after(&mut self, failures: u32) -> Duration {
        let doubled = self.pace.first.saturating_mul(1 << failures.saturating_sub(1).min(16));
        let whole = doubled.min(self.pace.longest);
        whole / 2 + (whole / 2).mul_f64(self.chance())
    }

    /// A number from 0 to 1 (SplitMix64).
    fn chance(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// What `Retry-After` asks for: seconds, or a date by which `now` (seconds since 1970) is told. `None` where it
/// cannot be read.
pub(crate) fn retry_after(text: &str, now: i64) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    let seconds = moment.as_second().saturating_sub(now);
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_vary_and_end() {
        let pace =
            Pace { first: Duration::from_secs(2), longest: Duration::from_secs(60), ..Pace::default() };
        let of = |seed| {
            let mut waits = Waits::new(Pace { seed, ..pace });
            (1..=9).map(|n| waits.after(n).as_secs_f64()).collect::<Vec<_>>()
        };
        assert_eq!(of(7), of(7), "the same seed waits the same");
        assert_ne!(of(7), of(8));
        for (n, wait) in of(7).into_iter().enumerate() {
            let whole = (2.0 * f64::from(1 << n)).min(60.0);
            assert!((whole / 2.0..=whole).contains(&wait), "{n}: {wait}");
        }
    }

    #[test]
    fn both_forms_of_retry_after() {
        assert_eq!(retry_after(" 120 ", 0), Some(Duration::from_secs(120)));
        let now = 1_445_412_420;
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now + 500), Some(Duration::ZERO));
        assert_eq!(retry_after("soon", now), None);
    }
}
