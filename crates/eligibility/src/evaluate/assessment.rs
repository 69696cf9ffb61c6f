//! A study held against a person: the findings of its criteria, and the verdict.

use std::borrow::Borrow;

use super::finding::{Finding, Missing, Truth, Want};
use super::life::life;
use super::{Person, Settings, evaluate};
use crate::tree::{Computable, Field, Item, Node, Number, Op, Polarity, Reason, Section, Unread};

/// A study held against a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Assessment {
    /// One finding for each criterion, in order.
    pub findings: Vec<Finding>,
    /// That the person lives on the index date; `None` if no death is recorded. If it is not so, that alone makes the
    /// person ineligible; if it is not known, nobody is eligible.
    pub life: Option<Finding>,
    /// What follows.
    pub verdict: Verdict,
}

/// What follows from the findings of all criteria. The numbers are places among the criteria.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Some criterion is not met.
    Ineligible {
        /// Those that are not met: those that rest on facts before those that are presumed. There may be none if the
        /// person has died.
        blockers: Vec<usize>,
    },
    /// All that records can decide is met, one of those that say who is wanted among it ([`defining`]).
    Eligible {
        /// Those that a person must decide.
        remaining: Vec<usize>,
    },
    /// It is not known.
    Undetermined {
        /// Those that are unknown, the most decisive first: those that one fact would settle before others.
        unknown: Vec<usize>,
    },
}

/// How a criterion stands for a person: its truth, and of an unknown one whether a record could settle it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It is met.
    Met,
    /// It is not met.
    NotMet,
    /// It is not known; a record would settle it, or there is no criterion to settle.
    Unknown,
    /// It is not known, and only people can settle it.
    ForPerson,
}

impl Standing {
    /// How a criterion stands, by what was found of it. What stands for the criteria of a study that has none is never
    /// met.
    pub fn of(item: &Item, finding: &Finding) -> Self {
        match finding.truth() {
            Truth::NotMet => Self::NotMet,
            Truth::Met if item.computable != Computable::Absent => Self::Met,
            Truth::Unknown if is_for_a_person(item, finding) => Self::ForPerson,
            _ => Self::Unknown,
        }
    }

    /// `met`, `not_met`, `unknown`, `for_person`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::ForPerson => "for_person",
        }
    }
}

/// The places of the criteria that say who is wanted: inclusion criteria that ask for a condition, a treatment or
/// something else that must be so; where there are none, the field that asks for no healthy volunteers. Ages and other
/// values, consent and what must not be so only say who of them. Where there is no such field either, the criteria that a
/// record can have something of, beside age and sex. Where a record shows none of those that do, it says nothing for the
/// person, however little it says against.
pub fn defining(items: &[impl Borrow<Item>]) -> Vec<usize> {
    let places = |is: fn(&Item) -> bool| -> Vec<usize> {
        (0..items.len()).filter(|place| is(items[*place].borrow())).collect()
    };
    let rules: [fn(&Item) -> bool; 3] = [wants, wants_patients, is_about_records];
    rules.into_iter().map(places).find(|found| !found.is_empty()).unwrap_or_default()
}

/// Whether a criterion of the text asks for anything but age, sex and what people want.
fn is_about_records(item: &Item) -> bool {
    let about = |expr: &Node| asks_for(expr, true) != Asks::No || asks_for(expr, false) != Asks::No;
    let printed = item.section != Section::Registry && item.computable != Computable::Absent;
    printed && item.expr.as_ref().is_some_and(about)
}

fn wants(item: &Item) -> bool {
    let wanted = item.section == Section::Inclusion && item.polarity != Some(Polarity::Forbid);
    let asks = || match &item.expr {
        None => true,
        Some(expr) => {
            let unread = item.unread(Unread::Condition).next().is_some();
            unread && !matches!(expr.op, Op::Not(_)) || asks_for(expr, true) == Asks::Yes
        }
    };
    wanted && item.computable != Computable::Absent && asks()
}

fn wants_patients(item: &Item) -> bool {
    let is_not = |expr: &Node| matches!(expr.op, Op::Not(_));
    item.number == Number::Field(Field::Volunteers) && item.expr.as_ref().is_some_and(is_not)
}

/// What a part of a tree has to do with who is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    /// It can be met by what says nothing of that: an age, a sex, something that is not so.
    No,
    /// It is a value, which may stand for a disease beside others.
    Value,
    /// It asks for something that must be so.
    Yes,
}

/// Whether a tree (`so`), or its opposite, asks for something that must be so, however it is met.
fn asks_for(node: &Node, so: bool) -> Asks {
    let of = |yes: bool| if yes { Asks::Yes } else { Asks::No };
    let parts = || node.children().into_iter().map(|child| asks_for(child, so)).collect::<Vec<_>>();
    match &node.op {
        Op::Not(arg) => asks_for(arg, !so),
        Op::Has(has) => {
            of(so && !matches!(&*has.concept.0, "informed_consent" | "contraception" | "abstinence"))
        }
        Op::Human { reason, .. } => of(so && matches!(reason, Reason::NotInRecord | Reason::OpenList)),
        Op::Exposure(_) | Op::Order { .. } | Op::Change(_) | Op::Abnormal { .. } => of(so),
        Op::Cmp(cmp) if so && &*cmp.var.0 != "age" => Asks::Value,
        Op::Coded(coded) if so && &*coded.var.0 != "sex" => Asks::Value,
        // Who is in a cohort is for people; what its people must have is asked for.
        Op::Or(args) if so && node.rule.0 == "structure.cohort" => {
            let asked = args.iter().filter(|arg| !matches!(arg.op, Op::Not(_)));
            of(asked.map(|arg| asks_for(arg, so)).any(|asks| asks == Asks::Yes))
        }
        // One of several is enough: all must ask for something.
        op if is_one_of_several(op, so) => {
            let parts = parts();
            of(!parts.contains(&Asks::No) && parts.contains(&Asks::Yes))
        }
        _ => of(parts().contains(&Asks::Yes)),
    }
}

/// Whether a node (`so`), or its opposite, is met by some of its parts.
fn is_one_of_several(op: &Op, so: bool) -> bool {
    match op {
        Op::Or(_) => so,
        Op::And(_) => !so,
        Op::Ambiguous(_) | Op::AtLeast { .. } => true,
        _ => false,
    }
}

/// Of people whom no criterion that says who is wanted is known to fit, those of them that are left to people hold the
/// verdict back, as if a record had to show them. `defining`: the places of those criteria ([`defining`]).
pub fn hold_back(defining: &[usize], standings: &mut [Standing]) {
    if defining.iter().any(|place| standings.get(*place) == Some(&Standing::Met)) {
        return;
    }
    for &place in defining {
        if let Some(standing @ Standing::ForPerson) = standings.get_mut(place) {
            *standing = Standing::Unknown;
        }
    }
}

/// The verdict without its reasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ruling {
    /// All that records can decide is met, one of those that say who is wanted among it.
    Eligible,
    /// It is not known.
    Undetermined,
    /// Some criterion is not met.
    Ineligible,
}

impl Ruling {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Eligible, Self::Undetermined, Self::Ineligible];

    /// What follows from how all criteria of a study stand, for a person who lives or not.
    pub fn of_person(lives: Truth, standings: &[Standing]) -> Self {
        match (lives, Self::of(standings)) {
            (Truth::NotMet, _) => Self::Ineligible,
            (Truth::Unknown, Self::Eligible) => Self::Undetermined,
            (_, ruling) => ruling,
        }
    }

    /// What follows from how all criteria of a study stand, for somebody who is alive.
    pub fn of(standings: &[Standing]) -> Self {
        let any = |standing| standings.contains(&standing);
        match () {
            () if any(Standing::NotMet) => Self::Ineligible,
            () if standings.is_empty() || any(Standing::Unknown) => Self::Undetermined,
            () => Self::Eligible,
        }
    }

    /// `eligible`, `undetermined`, `ineligible`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Undetermined => "undetermined",
            Self::Ineligible => "ineligible",
        }
    }
}

impl From<&Verdict> for Ruling {
    fn from(verdict: &Verdict) -> Self {
        match verdict {
            Verdict::Ineligible { .. } => Self::Ineligible,
            Verdict::Eligible { .. } => Self::Eligible,
            Verdict::Undetermined { .. } => Self::Undetermined,
        }
    }
}

/// Holds all criteria of a study against a person.
pub fn assess<'i>(
    items: impl IntoIterator<Item = &'i Item>,
    person: &Person<'_>,
    settings: &Settings,
) -> Assessment {
    let items: Vec<&Item> = items.into_iter().collect();
    let findings: Vec<Finding> = items.iter().map(|item| evaluate(item, person, settings)).collect();
    let life = life(person.subject, settings.index_date);
    let verdict = verdict(&items, &findings, life.as_ref().map_or(Truth::Met, Finding::truth));
    Assessment { findings, life, verdict }
}

fn verdict(items: &[&Item], findings: &[Finding], lives: Truth) -> Verdict {
    let with = |truth| (0..findings.len()).filter(move |&i| findings[i].truth() == truth);
    let mut blockers: Vec<usize> = with(Truth::NotMet).collect();
    if !blockers.is_empty() || lives == Truth::NotMet {
        blockers.sort_by_key(|&i| findings[i].is_presumed());
        return Verdict::Ineligible { blockers };
    }
    let (remaining, mut unknown): (Vec<usize>, Vec<usize>) =
        with(Truth::Unknown).partition(|&i| is_for_a_person(items[i], &findings[i]));
    let absent = items.is_empty() || items.iter().any(|item| item.computable == Computable::Absent);
    let defining = defining(items);
    let wanted = defining.is_empty() || defining.iter().any(|&i| findings[i].truth() == Truth::Met);
    if unknown.is_empty() && wanted && !absent && lives == Truth::Met {
        return Verdict::Eligible { remaining };
    }
    unknown.sort_by_key(|&i| decisiveness(&findings[i]));
    unknown.extend(remaining);
    Verdict::Undetermined { unknown }
}

/// Whether only people can settle what is open.
fn is_for_a_person(item: &Item, finding: &Finding) -> bool {
    let asks = |missing: &&Missing| matches!(missing.want, Want::Answer { .. });
    item.computable != Computable::Absent && finding.missing().iter().all(asks)
}

/// How much is needed to settle it.
fn decisiveness(finding: &Finding) -> (usize, usize) {
    let missing = finding.missing();
    let people = missing.iter().filter(|missing| matches!(missing.want, Want::Answer { .. })).count();
    (missing.len(), people)
}
