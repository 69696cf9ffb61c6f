//! When a person becomes eligible by waiting: a wash-out ends, an age is reached.
//!
//! Days are proposed from the facts that rule the person out, and each is tried by holding the person against all
//! criteria as of that day. So nothing is promised that the evaluation itself would not say, if nothing else changes.

use std::collections::BTreeSet;

use eligibility::{
    Item, Op,
    evaluate::{Assessment, Finding, Ground, Person, Settings, Truth, Verdict, evaluate, moved},
    tree::{Cmp, Has, Node, Relation},
};
use jiff::{ToSpan, civil::Date};
use model::Decimal;

use crate::rank::Ranked;

/// The day from which nothing that is recorded rules the person out any more, if nothing else changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The first such day.
    pub from: Date,
    /// The criteria that are waited for, by their places, each with the first day on which what is recorded does not
    /// rule the person out.
    pub criteria: Vec<(usize, Date)>,
}

/// When a person who is ruled out becomes eligible by waiting alone; `None` if that is not so, or not known.
pub fn wait_of(ranked: &Ranked, person: &Person<'_>, settings: &Settings) -> Option<Wait> {
    let (candidate, found) = ranked.assessed.as_ref()?;
    wait(&candidate.criteria.items, found, person, settings)
}

/// The same for criteria and what was found of them.
pub fn wait(items: &[Item], found: &Assessment, person: &Person<'_>, settings: &Settings) -> Option<Wait> {
    let Verdict::Ineligible { blockers } = &found.verdict else { return None };
    if found.life.as_ref().is_some_and(|life| life.truth() == Truth::NotMet) {
        return None;
    }
    let on =
        |item: &Item, day: Date| evaluate(item, person, &Settings { index_date: day, ..settings.clone() });
    let is_free = |at: usize, day: Date| is_free(&found.findings[at], &on(&items[at], day));
    let mut days = BTreeSet::new();
    let mut criteria = Vec::new();
    for &at in blockers {
        let proposed = proposed(items.get(at)?, found.findings.get(at)?, person, settings);
        criteria.push((at, proposed.iter().copied().find(|day| is_free(at, *day))?));
        days.extend(proposed);
    }
    let rules_out = |item: &Item, day: Date| on(item, day).truth() == Truth::NotMet;
    let from = days.into_iter().find(|day| {
        blockers.iter().all(|&at| is_free(at, *day)) && !items.iter().any(|item| rules_out(item, *day))
    })?;
    Some(Wait { from, criteria })
}

/// Whether what ruled the person out does so no more on a later day: the criterion is met then, or open without it.
/// After a wash-out a record that is not complete leaves open whether there was another event; that is no reason to
/// rule somebody out, and no doubt about the one that is recorded.
fn is_free(now: &Finding, then: &Finding) -> bool {
    let facts = |finding: &Finding| -> BTreeSet<Option<usize>> {
        let grounds = finding.evidence().into_iter().map(|evidence| match &evidence.ground {
            Ground::Fact(cited) => Some(cited.fact),
            _ => None,
        });
        grounds.collect()
    };
    match then.truth() {
        Truth::Met => true,
        Truth::NotMet => false,
        Truth::Unknown => facts(now).is_disjoint(&facts(then)),
    }
}

/// Nobody is told to wait longer, in years: few studies take people in for so long.
const LONGEST: i64 = 5;

/// Days behind today on which a criterion may begin to be met, in order.
fn proposed(item: &Item, finding: &Finding, person: &Person<'_>, settings: &Settings) -> BTreeSet<Date> {
    let mut days = BTreeSet::new();
    let Some(expr) = &item.expr else { return days };
    let latest = settings.index_date.saturating_add(LONGEST.years());
    for evidence in finding.evidence() {
        let Some(leaf) = leaf(expr, &evidence.at) else { continue };
        let ends = match (&leaf.op, &evidence.ground) {
            (Op::Has(has), Ground::Fact(cited)) => of_fact(has, cited.fact, person, settings),
            (Op::Cmp(cmp), _) if &*cmp.var.0 == "age" => of_age(cmp, person, settings.index_date),
            _ => Vec::new(),
        };
        // The day itself may still be within; the calendar's short months shift it by up to three days.
        let around = |day: Date| (0..4).filter_map(move |more| day.checked_add(i64::from(more).days()).ok());
        days.extend(
            ends.into_iter().flat_map(around).filter(|day| *day > settings.index_date && *day <= latest),
        );
    }
    days
}

fn leaf<'n>(tree: &'n Node, at: &[u16]) -> Option<&'n Node> {
    at.iter().try_fold(tree, |node, number| node.children().get(usize::from(*number)).copied())
}

/// The ends of the window behind a fact, and the end that it has itself.
fn of_fact(has: &Has, fact: usize, person: &Person<'_>, settings: &Settings) -> Vec<Date> {
    let Some(fact) = person.subject.facts.get(fact) else { return Vec::new() };
    let ends: Vec<Date> = [fact.start, fact.end].into_iter().flatten().map(|date| date.last_day()).collect();
    let Some(when) = has.when.as_ref().filter(|when| when.relation == Relation::Before) else { return ends };
    let Some(window) = &when.window else { return ends };
    let (amount, unit) = match window.unit.as_str() {
        "{half-life}" => {
            let days =
                settings.half_lives.get(&*has.concept.0).and_then(|days| days.checked_mul(window.value));
            (days.map(|days| days.floor()), "d")
        }
        unit => (Some(window.value), unit),
    };
    let Some(amount) = amount else { return ends };
    ends.iter().filter_map(|end| moved(*end, amount, unit, 1)).collect()
}

/// The days on which the ages at the bounds, and those behind them, are reached.
fn of_age(cmp: &Cmp, person: &Person<'_>, today: Date) -> Vec<Date> {
    let Some((first, last)) = person.subject.birth.as_ref().and_then(|birth| birth.days(today)) else {
        return Vec::new();
    };
    let bounds = [cmp.lo, cmp.hi].into_iter().flatten();
    let ages = bounds.flat_map(|bound| [bound.value.ceil(), bound.value.floor() + Decimal::ONE]);
    ages.flat_map(|age| [first, last].map(|born| moved(born, age, &cmp.unit, 1))).flatten().collect()
}
