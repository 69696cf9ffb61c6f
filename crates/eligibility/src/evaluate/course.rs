//! Treatments that lasted, and what came first.

use jiff::civil::Date;
use model::{Fact, FactStatus};

use super::Walk;
use super::fact::refined;
use super::finding::{Evidence, OneOrMore, Outcome, Truth, Want};
use super::person::About;
use super::target::Target;
use super::time;
use crate::interval::Interval;
use crate::tree::{Bound, Exposure, Has, Node, Op};

/// A course of a treatment: its days, and the facts that tell of it.
#[derive(Clone)]
struct Course {
    from: Date,
    to: Date,
    facts: Vec<usize>,
}

impl Walk<'_, '_> {
    /// Whether a treatment was given for so long.
    pub(super) fn exposure(&mut self, exposure: &Exposure) -> Outcome {
        let (parts, all) = match &exposure.to.op {
            Op::Has(has) => (vec![&**has], true),
            Op::And(args) => (members(args), true),
            Op::Or(args) => (members(args), false),
            _ => (Vec::new(), true),
        };
        if parts.is_empty() {
            return self.open(Want::Reading);
        }
        let courses: Vec<Vec<Course>> = parts.iter().map(|has| self.courses(has)).collect();
        let lasted = |has: &Has, courses: &[Course]| self.lasted(exposure, has, courses);
        if exposure.concurrent && all {
            let together = courses.into_iter().reduce(|a, b| common(&a, &b)).unwrap_or_default();
            return lasted(parts[0], &together);
        }
        let each: Vec<Outcome> =
            parts.iter().zip(&courses).map(|(has, courses)| lasted(has, courses)).collect();
        let k = if all { each.len() } else { 1 };
        Outcome::at_least(k, each).unwrap_or_else(|| self.open(Want::Reading))
    }

    /// The courses of a treatment up to now.
    fn courses(&self, has: &Has) -> Vec<Course> {
        let today = self.settings.index_date;
        let target = Target::of(has);
        let of = self.person.matching(&target);
        let taken = |fact: &Fact| fact.counts() && !fact.says_absent() && fact.status != FactStatus::Planned;
        let given = of.filter(|about| taken(about.fact) && refined(about.fact, has).0 == Truth::Met);
        let course = |About { at, fact, .. }: About<'_>| {
            // Whether what has no status went on is not known.
            if fact.end.is_none() && fact.status == FactStatus::Unknown {
                return None;
            }
            let from = fact.start.filter(|date| date.day().is_some())?.first_day();
            let to = fact.end.map_or(today, |end| end.first_day()).min(today);
            (from <= to).then(|| Course { from, to, facts: vec![at] })
        };
        given.filter_map(course).collect()
    }

    /// Whether one of some courses has lasted so long.
    fn lasted(&self, exposure: &Exposure, has: &Has, courses: &[Course]) -> Outcome {
        let duration = &exposure.duration;
        let bounds = Interval::new(duration.lo, duration.hi);
        let length = |course: &Course| time::completed(course.from, course.to, &duration.unit);
        let fits = |course: &Course| length(course).is_some_and(|length| bounds.contains(length.into()));
        let cite = |course: &Course| -> Vec<Evidence> {
            course.facts.iter().map(|at| self.cite(*at, None)).collect()
        };
        let cited = |courses: Vec<&Course>| OneOrMore::of(courses.into_iter().flat_map(cite));
        if let Some(because) = cited(courses.iter().filter(|course| fits(course)).collect()) {
            return Outcome::settled(true, because);
        }
        match cited(courses.iter().collect()) {
            Some(because) if courses.iter().all(|course| length(course).is_some()) => {
                Outcome::settled(false, because)
            }
            _ if self.is_recorded(has) => self.open(Want::Date { of: has.text.clone() }),
            _ => self.unrecorded(
                has.text.clone(),
                Want::Fact { kind: has.kind, of: has.text.clone() },
                self.is_closed(has),
                self.is_presumable(has, false),
            ),
        }
    }

    fn is_recorded(&self, has: &Has) -> bool {
        let target = Target::of(has);
        self.person.matching(&target).any(|about| is_told(&about))
    }

    /// Whether one thing began before another.
    pub(super) fn order(&mut self, first: &Node, then: &Node, same: bool) -> Outcome {
        let (Op::Has(a), Op::Has(b)) = (&first.op, &then.op) else { return self.open(Want::Reading) };
        for has in [a, b] {
            if let Some(denied) = self.only_denied(has) {
                return denied;
            }
        }
        let (Some((a_day, a_at)), Some((b_day, b_at))) = (self.begin(a), self.begin(b)) else {
            let missing = if self.begin(a).is_none() { a } else { b };
            return match self.is_recorded(missing) {
                true => self.open(Want::Date { of: missing.text.clone() }),
                false => self.unrecorded(
                    missing.text.clone(),
                    Want::Fact { kind: missing.kind, of: missing.text.clone() },
                    false,
                    true,
                ),
            };
        };
        let cite = |at| self.cite(at, None);
        let because = OneOrMore { first: cite(a_at), rest: vec![cite(b_at)] };
        let end = |value: Date, incl| {
            Some(Bound { value: value.since(Date::ZERO).map_or(0, |s| s.get_days()).into(), incl })
        };
        let later = Interval::new(end(a_day.1, same), None);
        let earlier = Interval::new(None, end(a_day.0, !same));
        let days = Interval::new(end(b_day.0, true), end(b_day.1, true));
        match () {
            () if days.is_subset(later) => Outcome::settled(true, because),
            () if days.is_subset(earlier) => Outcome::settled(false, because),
            () => self.open(Want::Date { of: a.text.clone() }),
        }
    }

    /// The days on which something may have begun first; `None` if one of its records has no date.
    fn begin(&self, has: &Has) -> Option<((Date, Date), usize)> {
        let target = Target::of(has);
        let of = self.person.matching(&target).filter(is_told);
        let begun: Vec<(Option<(Date, Date)>, usize)> = of
            .map(|about| (about.fact.start.map(|day| (day.first_day(), day.last_day())), about.at))
            .collect();
        // One that has no date may be the first.
        let (days, at) = begun.into_iter().min_by_key(|(days, _)| *days)?;
        Some((days?, at))
    }

    /// It is not so if all that is recorded of one says that it is not.
    fn only_denied(&self, has: &Has) -> Option<Outcome> {
        let target = Target::of(has);
        let of: Vec<About<'_>> =
            self.person.matching(&target).filter(|about| !is_narrower_denied(about)).collect();
        let all = of.iter().all(|about| about.fact.says_absent());
        let because = OneOrMore::of(of.iter().map(|about| self.cite(about.at, None)))?;
        all.then(|| Outcome::settled(false, because))
    }
}

/// Whether a record says that it is so.
fn is_told(about: &About<'_>) -> bool {
    about.fact.counts() && !about.fact.says_absent()
}

/// Whether a record says of something narrower alone that it is not so.
fn is_narrower_denied(about: &About<'_>) -> bool {
    !about.same && about.fact.says_absent()
}

/// The facts of a list, if all its members are facts.
fn members(args: &[Node]) -> Vec<&Has> {
    let facts = args.iter().map(|node| if let Op::Has(has) = &node.op { Some(&**has) } else { None });
    facts.collect::<Option<Vec<&Has>>>().unwrap_or_default()
}

/// The days that two lists of courses have in common.
fn common(left: &[Course], right: &[Course]) -> Vec<Course> {
    let both = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
    let course = |(a, b): (&Course, &Course)| {
        let (from, to) = (a.from.max(b.from), a.to.min(b.to));
        (from <= to).then(|| Course { from, to, facts: [&a.facts[..], &b.facts[..]].concat() })
    };
    both.filter_map(course).collect()
}
