//! What if a study were a little different: who would become eligible without a criterion, or with a wider limit.
//!
//! People are gone through twice, so that nobody need be kept: the first time finds the values at which people would
//! become eligible, the second counts them.

use std::collections::BTreeSet;
use std::sync::Arc;

use eligibility::{
    evaluate::{
        Settings,
        compiled::{Block, Compiled, Verdicts},
        latest, lived,
    },
    relax::{Limit, Move, Trouble, limits, relaxed},
    tree::{Bound, Item, Var},
};
use jiff::civil::Date;
use model::{Decimal, Fact, Interval, Subject, Value};
use rust_decimal::RoundingStrategy;
use vocabulary::{unit, variable};

/// So many steps of a curve are counted; of more, so many at even distances.
pub const STEPS: usize = 100;
/// Decimals of a step; rounded outwards.
const DIGITS: u32 = 4;

/// What is asked of a study.
#[derive(Clone, Debug)]
pub struct Question {
    /// The criteria.
    pub items: Vec<Item>,
    /// How people are evaluated.
    pub settings: Settings,
    /// Limits to be moved, all together.
    pub asked: Vec<Move>,
    /// A variable of whose limits every step is asked.
    pub curve: Option<Var>,
}

/// The first time through the people: which values would let somebody in.
pub struct Search {
    question: Question,
    limits: Vec<Limit>,
    /// For each limit the values of those for whom the verdict is better without it.
    values: Vec<BTreeSet<Decimal>>,
    block: Block,
}

/// The second time through the people: how many each change lets in.
pub struct Count {
    changes: Vec<Change>,
    gains: Vec<Gains>,
    block: Block,
}

/// A change of a study.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// None.
    AsItIs,
    /// What was asked for; and the criteria that it changes, by their places.
    Asked(Vec<Move>, Vec<usize>),
    /// One criterion left out, by its place.
    Without(usize),
    /// A limit moved so far that all are let in whom it keeps out, or taken away; and the criteria.
    Moved(Move, Vec<usize>),
    /// A step of the curve; and the criteria.
    Step(Move, Vec<usize>),
}

/// How many people a change lets in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gains {
    /// Who would be eligible.
    pub eligible: u64,
    /// Of whom it would not be known.
    pub undetermined: u64,
    /// Who would not be.
    pub ineligible: u64,
    /// Who would be eligible and is not.
    pub gained_eligible: u64,
    /// Of whom it would not be known, and who are ruled out now.
    pub gained_undetermined: u64,
    /// Who would be ruled out and is not: nobody. Somebody eligible of whom people must decide a criterion can become
    /// one of whom it is not known: a value that missed the limit may, or may not, be within a wider one.
    pub lost: u64,
}

impl Search {
    /// Begins with a question.
    pub fn new(question: Question) -> Result<Self, Trouble> {
        question.asked.iter().try_for_each(|wish| relaxed(&question.items, wish).map(|_| ()))?;
        let limits = limits(&question.items);
        if let Some(var) = question.curve.as_ref().filter(|var| limits.iter().all(|limit| limit.var != **var))
        {
            return Err(Trouble::NoLimit { var: var.clone(), upper: true });
        }
        let away = limits.iter().filter_map(|limit| away(&question.items, limit));
        let studies: Vec<Vec<Item>> = std::iter::once(question.items.clone()).chain(away).collect();
        let compiled = Compiled::new(question.settings.clone(), studies.iter().map(Vec::as_slice));
        let values = vec![BTreeSet::new(); limits.len()];
        Ok(Self { question, limits, values, block: Block::new(Arc::new(compiled)) })
    }

    /// Goes through some people.
    pub fn look(&mut self, subjects: &[Subject]) {
        let today = self.question.settings.index_date;
        for people in subjects.chunks(Block::ROOM) {
            self.block.hold(people);
            let now = self.block.verdicts(0);
            for (number, limit) in self.limits.iter().enumerate() {
                let without = self.block.verdicts(number + 1);
                let better = gained(now, without) | opened(now, without);
                let changed = people.iter().enumerate().filter(|(place, _)| better >> place & 1 == 1);
                self.values[number].extend(changed.filter_map(|(_, subject)| reach(subject, limit, today)));
            }
        }
    }

    /// Who is counted the second time.
    pub fn count(self) -> Result<Count, Trouble> {
        let Question { items, settings, asked, curve } = self.question;
        let mut studies = vec![items.clone()];
        let mut changes = vec![Change::AsItIs];
        if !asked.is_empty() {
            let (mut all, mut places) = (items.clone(), BTreeSet::new());
            for wish in &asked {
                let found = relaxed(&all, wish)?;
                all = found.items;
                places.extend(found.places);
            }
            studies.push(all);
            changes.push(Change::Asked(asked, places.into_iter().collect()));
        }
        let mut add = |wish: Move, of: fn(Move, Vec<usize>) -> Change| {
            if let Ok(found) = relaxed(&items, &wish) {
                studies.push(found.items);
                changes.push(of(wish, found.places));
            }
        };
        for (limit, values) in self.limits.iter().zip(&self.values) {
            let farthest = if limit.upper { values.last() } else { values.first() };
            match farthest {
                Some(value) => add(to(limit, *value), Change::Moved),
                None => add(Move::away(limit.var.clone(), limit.upper), Change::Moved),
            }
            if curve.as_ref() == Some(&limit.var) {
                let mut steps = spread(values);
                if !limit.upper {
                    steps.reverse();
                }
                steps.into_iter().for_each(|value| add(to(limit, value), Change::Step));
            }
        }
        for place in 0..items.len() {
            let mut others = items.clone();
            others.remove(place);
            studies.push(others);
            changes.push(Change::Without(place));
        }
        let compiled = Compiled::new(settings, studies.iter().map(Vec::as_slice));
        let gains = vec![Gains::default(); changes.len()];
        Ok(Count { changes, gains, block: Block::new(Arc::new(compiled)) })
    }
}

impl Count {
    /// Goes through some people; calls `found` with each person whom what was asked for makes eligible.
    pub fn hold(&mut self, subjects: &[Subject], found: &mut dyn FnMut(&Subject)) {
        for people in subjects.chunks(Block::ROOM) {
            self.block.hold(people);
            let now = self.block.verdicts(0);
            for (study, gains) in self.gains.iter_mut().enumerate() {
                let then = self.block.verdicts(study);
                gains.add(now, then);
                if matches!(self.changes[study], Change::Asked(..)) {
                    let better = people.iter().enumerate().filter(|(p, _)| gained(now, then) >> p & 1 == 1);
                    better.for_each(|(_, subject)| found(subject));
                }
            }
        }
    }

    /// The changes with what they bring, in the order of the question, the limits and the criteria.
    pub fn changes(&self) -> impl Iterator<Item = (&Change, &Gains)> {
        self.changes.iter().zip(&self.gains)
    }

    /// Changes of one criterion or limit, those first that bring most; none that bring nothing.
    pub fn best(&self) -> Vec<(&Change, &Gains)> {
        let single = |change: &Change| matches!(change, Change::Without(_) | Change::Moved(..));
        let brings = |gains: &Gains| (gains.gained_eligible, gains.gained_undetermined);
        let mut best: Vec<(&Change, &Gains)> =
            self.changes().filter(|(change, gains)| single(change) && brings(gains) > (0, 0)).collect();
        best.sort_by_key(|(_, gains)| std::cmp::Reverse(brings(gains)));
        best
    }
}

impl Gains {
    fn add(&mut self, now: Verdicts, then: Verdicts) {
        let count = |people: u64| u64::from(people.count_ones());
        self.eligible += count(then.eligible);
        self.undetermined += count(then.undetermined);
        self.ineligible += count(then.ineligible);
        self.gained_eligible += count(gained(now, then));
        self.gained_undetermined += count(opened(now, then));
        self.lost += count(then.ineligible & !now.ineligible);
    }
}

/// Who would be eligible and is not.
fn gained(now: Verdicts, then: Verdicts) -> u64 {
    then.eligible & !now.eligible
}

/// Of whom it would not be known, and who are ruled out now.
fn opened(now: Verdicts, then: Verdicts) -> u64 {
    then.undetermined & now.ineligible
}

fn away(items: &[Item], limit: &Limit) -> Option<Vec<Item>> {
    relaxed(items, &Move::away(limit.var.clone(), limit.upper)).ok().map(|found| found.items)
}

/// A limit moved to a value, which is let in.
fn to(limit: &Limit, value: Decimal) -> Move {
    let bound = Bound { value: value.normalize(), incl: true };
    Move { var: limit.var.clone(), upper: limit.upper, bound, unit: Some(limit.unit.clone()) }
}

/// At most [`STEPS`] of some values, the first and the last among them.
fn spread(values: &BTreeSet<Decimal>) -> Vec<Decimal> {
    let all: Vec<Decimal> = values.iter().copied().collect();
    let count = all.len().min(STEPS);
    (0..count).map(|step| all[step * (all.len() - 1) / (count - 1).max(1)]).collect()
}

/// Where a limit must lie to let a person in; `None` if no number does.
fn reach(subject: &Subject, limit: &Limit, today: Date) -> Option<Decimal> {
    if &*limit.var.0 == "age" && subject.birth.is_some() {
        let (least, most) = lived(subject, today, &limit.unit)?;
        return Some(Decimal::from(if limit.upper { most } else { least }));
    }
    let of = subject.facts.iter().filter(|fact| fact.what.variable.as_deref() == Some(&limit.var.0));
    let ends = latest(of, today).into_iter().map(|fact| {
        let interval = measured(fact, limit)?;
        let (end, _) = if limit.upper { interval.high? } else { interval.low? };
        Some(end)
    });
    let ends: Vec<Decimal> = ends.collect::<Option<_>>()?;
    let (end, outwards) = match limit.upper {
        true => (ends.into_iter().max()?, RoundingStrategy::ToPositiveInfinity),
        false => (ends.into_iter().min()?, RoundingStrategy::ToNegativeInfinity),
    };
    Some(end.round_dp_with_strategy(DIGITS, outwards).normalize())
}

/// Where a value lies, in the unit of a limit.
fn measured(fact: &Fact, limit: &Limit) -> Option<Interval> {
    let value = fact.value.as_ref().filter(|_| fact.value_is_usable())?;
    if let Value::Quantity(quantity) = value {
        let own = quantity.ucum.as_deref().or(quantity.unit.as_deref()).unwrap_or_default();
        if own == limit.unit {
            return Some(quantity.interval());
        }
    }
    let (from, to) = (variable::by_id(&limit.var.0)?.unit?, unit::of(&limit.unit)?);
    let end = |end: Option<(Decimal, bool)>| match end {
        Some((value, incl)) => unit::convert(value, from, to).map(|value| Some((value, incl))),
        None => Some(None),
    };
    let Interval { low, high } = value.canonical_interval()?;
    Some(Interval { low: end(low)?, high: end(high)? })
}
