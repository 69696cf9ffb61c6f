//! Sets of decimals: intervals with open and closed ends, and what is made of several.

use std::{cmp::Ordering, fmt};

use rust_decimal::Decimal;

use crate::tree::Bound;

/// The values between two ends; an absent end is unbounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// At least.
    pub lo: Option<Bound>,
    /// At most.
    pub hi: Option<Bound>,
}

impl Interval {
    /// Every value.
    pub const WHOLE: Self = Self { lo: None, hi: None };

    /// The values between two ends.
    pub fn new(lo: Option<Bound>, hi: Option<Bound>) -> Self {
        Self { lo, hi }
    }

    /// One value.
    pub fn point(value: Decimal) -> Self {
        let end = Some(Bound { value, incl: true });
        Self { lo: end, hi: end }
    }

    /// Whether no value is inside.
    pub fn is_empty(self) -> bool {
        let (Some(lo), Some(hi)) = (self.lo, self.hi) else { return false };
        lo.value > hi.value || lo.value == hi.value && !(lo.incl && hi.incl)
    }

    /// Whether a value is inside.
    pub fn contains(self, value: Decimal) -> bool {
        !self.intersect(Self::point(value)).is_empty()
    }

    /// The values inside both.
    pub fn intersect(self, other: Self) -> Self {
        let lo = if lower(self.lo, other.lo).is_ge() { self.lo } else { other.lo };
        let hi = if upper(self.hi, other.hi).is_le() { self.hi } else { other.hi };
        Self { lo, hi }
    }

    /// Whether every value of this one is inside the other.
    pub fn is_subset(self, of: Self) -> bool {
        self.is_empty() || lower(self.lo, of.lo).is_ge() && upper(self.hi, of.hi).is_le()
    }

    /// The values between the two where they leave something out.
    pub fn gap(self, other: Self) -> Option<Self> {
        let (below, above) = if lower(self.lo, other.lo).is_le() { (self, other) } else { (other, self) };
        let gap = Self { lo: below.hi.map(beyond), hi: above.lo.map(beyond) };
        (gap.lo.is_some() && gap.hi.is_some() && !gap.is_empty()).then_some(gap)
    }

    /// The only value inside, if there is just one.
    pub fn single(self) -> Option<Decimal> {
        let (lo, hi) = (self.lo?, self.hi?);
        (lo.incl && hi.incl && lo.value == hi.value).then_some(lo.value)
    }

    /// The same for a value that counts completed steps: 55 holds until 56 is reached.
    ///
    /// `≤ 55` becomes `< 56`, `> 55` becomes `≥ 56`; the set of whole numbers inside stays the same.
    pub fn in_steps(self) -> Self {
        let next = |v: Decimal| v.floor().checked_add(Decimal::ONE).unwrap_or(v);
        let lo = |b: Bound| Bound { value: if b.incl { b.value.ceil() } else { next(b.value) }, incl: true };
        let hi = |b: Bound| Bound { value: if b.incl { next(b.value) } else { b.value.ceil() }, incl: false };
        Self { lo: self.lo.map(lo), hi: self.hi.map(hi) }
    }

    /// The inverse of [`Interval::in_steps`] for people: `18 ≤ x < 56` is 18 to 55.
    pub fn out_of_steps(self) -> Self {
        let whole = |b: Option<Bound>| b.is_none_or(|b| b.value.is_integer());
        if !whole(self.lo) || !whole(self.hi) {
            return self;
        }
        let last = |b: Bound| match b.incl {
            true => b,
            false => Bound { value: b.value.checked_sub(Decimal::ONE).unwrap_or(b.value), incl: true },
        };
        Self { lo: self.lo, hi: self.hi.map(last) }
    }
}

/// The end of what lies beyond a bound.
fn beyond(bound: Bound) -> Bound {
    Bound { value: bound.value, incl: !bound.incl }
}

/// Which lower end is further up.
fn lower(a: Option<Bound>, b: Option<Bound>) -> Ordering {
    let key = |end: Option<Bound>| end.map(|b| (b.value, !b.incl));
    key(a).cmp(&key(b))
}

/// Which upper end is further up.
fn upper(a: Option<Bound>, b: Option<Bound>) -> Ordering {
    match (a, b) {
        (None, None) => Ordering::Equal,
        (None, _) => Ordering::Greater,
        (_, None) => Ordering::Less,
        (Some(a), Some(b)) => (a.value, a.incl).cmp(&(b.value, b.incl)),
    }
}

impl fmt::Display for Interval {
    /// `≥ 5`, `< 10`, `5 to 10`, `> 5 and ≤ 10`, `exactly 5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lo = |b: Bound| format!("{} {}", if b.incl { "≥" } else { ">" }, b.value.normalize());
        let hi = |b: Bound| format!("{} {}", if b.incl { "≤" } else { "<" }, b.value.normalize());
        match (self.lo, self.hi) {
            (None, None) => f.write_str("any"),
            (Some(a), None) => f.write_str(&lo(a)),
            (None, Some(b)) => f.write_str(&hi(b)),
            (Some(a), Some(b)) if a == b => write!(f, "exactly {}", a.value.normalize()),
            (Some(a), Some(b)) if a.incl && b.incl => {
                write!(f, "{} to {}", a.value.normalize(), b.value.normalize())
            }
            (Some(a), Some(b)) => write!(f, "{} and {}", lo(a), hi(b)),
        }
    }
}

/// Several intervals: sorted, apart from each other, none of them empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region(Vec<Interval>);

impl Region {
    /// Every value.
    pub fn whole() -> Self {
        Self(vec![Interval::WHOLE])
    }

    /// The values of any of the intervals.
    pub fn of(intervals: impl IntoIterator<Item = Interval>) -> Self {
        let mut all: Vec<Interval> = intervals.into_iter().filter(|i| !i.is_empty()).collect();
        all.sort_by(|a, b| lower(a.lo, b.lo).then(upper(a.hi, b.hi)));
        let mut out: Vec<Interval> = Vec::with_capacity(all.len());
        for next in all {
            match out.last_mut() {
                Some(last) if !last.intersect(next).is_empty() || last.gap(next).is_none() => {
                    if upper(next.hi, last.hi).is_gt() {
                        last.hi = next.hi;
                    }
                }
                _ => out.push(next),
            }
        }
        Self(out)
    }

    /// The intervals, from below.
    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// Whether no value is inside.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether every value is inside.
    pub fn is_whole(&self) -> bool {
        self.0 == [Interval::WHOLE]
    }

    /// The values of either.
    pub fn union(&self, other: &Self) -> Self {
        Self::of(self.0.iter().chain(&other.0).copied())
    }

    /// The values of both.
    pub fn intersect(&self, other: &Self) -> Self {
        let pairs = self.0.iter().flat_map(|a| other.0.iter().map(|b| a.intersect(*b)));
        Self::of(pairs)
    }

    /// All other values.
    pub fn complement(&self) -> Self {
        let mut out = Vec::with_capacity(self.0.len() + 1);
        let mut lo = None;
        for interval in &self.0 {
            if let Some(first) = interval.lo {
                out.push(Interval { lo, hi: Some(beyond(first)) });
            }
            match interval.hi {
                Some(last) => lo = Some(beyond(last)),
                None => return Self::of(out),
            }
        }
        out.push(Interval { lo, hi: None });
        Self::of(out)
    }

    /// The values that are not in the other.
    pub fn minus(&self, other: &Self) -> Self {
        self.intersect(&other.complement())
    }

    /// Whether every value of this one is inside the other.
    pub fn is_subset(&self, of: &Self) -> bool {
        self.0.iter().all(|a| of.0.iter().any(|b| a.is_subset(*b)))
    }

    /// The smallest interval that holds all.
    pub fn hull(&self) -> Option<Interval> {
        Some(Interval { lo: self.0.first()?.lo, hi: self.0.last()?.hi })
    }
}

impl From<Interval> for Region {
    fn from(interval: Interval) -> Self {
        Self::of([interval])
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bound(value: i64, incl: bool) -> Bound {
        Bound { value: value.into(), incl }
    }

    /// `[5,10)`, `(,5]`.
    fn interval(text: &str) -> Interval {
        let (lo, hi) = text[1..text.len() - 1].split_once(',').unwrap();
        let end = |s: &str, incl| s.parse().ok().map(|value| Bound { value, incl });
        Interval::new(end(lo, text.starts_with('[')), end(hi, text.ends_with(']')))
    }

    #[test]
    fn emptiness_and_gaps() {
        for (text, empty) in [("[5,5]", false), ("[5,5)", true), ("(5,4)", true), ("(,5)", false)] {
            assert_eq!(interval(text).is_empty(), empty, "{text}");
        }
        let gap = |a, b| interval(a).gap(interval(b)).map(|g| g.to_string());
        assert_eq!(gap("(5,)", "(,5)").as_deref(), Some("exactly 5"));
        assert_eq!(gap("(,5)", "(5,)").as_deref(), Some("exactly 5"));
        assert_eq!(gap("[5,)", "(,5)"), None);
        assert_eq!(gap("[0,9]", "[3,4]"), None);
        assert_eq!(gap("(,5]", "[8,)").as_deref(), Some("> 5 and < 8"));
    }

    #[test]
    fn completed_steps() {
        let steps = |text| interval(text).in_steps().out_of_steps().to_string();
        assert_eq!(steps("[18,65]"), "18 to 65");
        assert_eq!(steps("(18,65)"), "19 to 64");
        assert_eq!(steps("[0.5,2.5]"), "1 to 2");
        assert!(interval("(17,18)").in_steps().is_empty());
    }

    #[test]
    fn words_for_people() {
        for (text, words) in [("[5,)", "≥ 5"), ("(,5)", "< 5"), ("[5,7]", "5 to 7"), ("(5,7]", "> 5 and ≤ 7")]
        {
            assert_eq!(interval(text).to_string(), words);
        }
    }

    fn any_interval() -> impl Strategy<Value = Interval> {
        let end = || prop::option::of((0..12i64, any::<bool>()).prop_map(|(v, i)| bound(v, i)));
        (end(), end()).prop_map(|(lo, hi)| Interval { lo, hi })
    }

    fn any_region() -> impl Strategy<Value = Region> {
        prop::collection::vec(any_interval(), 0..5).prop_map(Region::of)
    }

    proptest! {
        /// The operations are those of sets, seen at every half step.
        #[test]
        fn regions_are_sets(a in any_region(), b in any_region()) {
            let has = |r: &Region, v: Decimal| r.intervals().iter().any(|i| i.contains(v));
            let mut subset = true;
            for half in -2..28i64 {
                let v = Decimal::new(half * 5, 1);
                let (x, y) = (has(&a, v), has(&b, v));
                prop_assert_eq!(has(&a.union(&b), v), x || y);
                prop_assert_eq!(has(&a.intersect(&b), v), x && y);
                prop_assert_eq!(has(&a.complement(), v), !x);
                prop_assert_eq!(has(&a.minus(&b), v), x && !y);
                subset &= !x || y;
            }
            prop_assert_eq!(a.is_subset(&b), subset);
            prop_assert_eq!(a.complement().complement(), a);
        }
    }
}
