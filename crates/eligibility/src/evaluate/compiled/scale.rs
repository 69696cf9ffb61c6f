//! Bounds of one variable in one unit on a common scale: a value is placed once, by binary search, and its place
//! answers all bounds.

use model::Decimal;

use crate::interval::Interval;
use crate::tree::Bound;

use super::super::finding::Truth;

/// The distinct ends of some intervals, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Scale {
    cuts: Vec<Decimal>,
}

/// An interval by the places of its ends: an odd place is a cut, an even one lies between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    low: u32,
    high: u32,
}

impl Scale {
    /// The scale of some intervals.
    pub fn of(intervals: impl Iterator<Item = Interval>) -> Self {
        let mut cuts: Vec<Decimal> =
            intervals.flat_map(|i| [i.lo, i.hi]).flatten().map(|b| b.value).collect();
        cuts.sort_unstable();
        cuts.dedup();
        Self { cuts }
    }

    /// Where an interval lies.
    pub fn place(&self, interval: Interval) -> Placed {
        let low = interval.lo.map_or(0, |bound| self.end(bound, 2));
        let high = interval.hi.map_or(u32::MAX, |bound| self.end(bound, 0));
        Placed { low, high }
    }

    /// The place of an end; `beyond` is added to that of a cut which is not included.
    fn end(&self, bound: Bound, beyond: u32) -> u32 {
        match self.cuts.binary_search(&bound.value) {
            Ok(cut) => 2 * cut as u32 + if bound.incl { 1 } else { beyond },
            Err(above) => 2 * above as u32,
        }
    }
}

impl Placed {
    /// Whether a value of which this interval is known lies within bounds. The value's interval is not empty, and the
    /// ends of the bounds are cuts of the scale.
    pub fn within(self, bounds: Self) -> Truth {
        if bounds.low <= self.low && self.high <= bounds.high {
            Truth::Met
        } else if self.high < bounds.low || self.low > bounds.high || bounds.low > bounds.high {
            Truth::NotMet
        } else {
            Truth::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_interval() -> impl Strategy<Value = Interval> {
        let end = || {
            prop::option::of((0..9_i64, any::<bool>()).prop_map(|(v, incl)| Bound { value: v.into(), incl }))
        };
        (end(), end()).prop_map(|(lo, hi)| Interval::new(lo, hi))
    }

    proptest! {
        /// Places say the same as the intervals themselves.
        #[test]
        fn places_are_intervals(bounds in prop::collection::vec(any_interval(), 1..6), value in any_interval()) {
            let scale = Scale::of(bounds.iter().copied());
            for bounds in bounds {
                let said = scale.place(value).within(scale.place(bounds));
                let expected = match () {
                    () if value.is_subset(bounds) => Truth::Met,
                    () if value.intersect(bounds).is_empty() => Truth::NotMet,
                    () => Truth::Unknown,
                };
                if !value.is_empty() {
                    prop_assert_eq!(said, expected, "{:?} in {:?}", value, bounds);
                }
            }
        }
    }
}
