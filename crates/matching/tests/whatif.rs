//! What-if against the evaluator that walks trees: made-up people and the studies of the demo.
#![allow(clippy::unwrap_used)]

#[path = "../../eligibility/tests/compiled/people.rs"]
mod people;
#[path = "../../eligibility/tests/compiled/studies.rs"]
#[allow(dead_code, reason = "this program needs the demo's only")]
mod studies;

use eligibility::evaluate::{Absence, Person, Ruling, Settings, assess};
use eligibility::relax::{Move, limits, relaxed};
use eligibility::tree::{Bound, Item};
use matching::screen::whatif::{Change, Gains, Question, Search};
use model::{Decimal, Subject};
use people::{Asked, Dice};
use proptest::prelude::*;

fn settings(absence: Absence) -> Settings {
    Settings::on("2026-06-28".parse().unwrap()).with(absence)
}

fn ruling(items: &[Item], subject: &Subject, settings: &Settings) -> Ruling {
    Ruling::from(&assess(items, &Person::new(subject), settings).verdict)
}

fn counted(before: &[Item], after: &[Item], people: &[Subject], settings: &Settings) -> Gains {
    let mut gains = Gains::default();
    for subject in people {
        let (now, then) = (ruling(before, subject, settings), ruling(after, subject, settings));
        match then {
            Ruling::Eligible => gains.eligible += 1,
            Ruling::Undetermined => gains.undetermined += 1,
            Ruling::Ineligible => gains.ineligible += 1,
        }
        gains.gained_eligible += u64::from(then == Ruling::Eligible && now != Ruling::Eligible);
        gains.gained_undetermined += u64::from(then == Ruling::Undetermined && now == Ruling::Ineligible);
        gains.lost += u64::from(now != Ruling::Ineligible && then == Ruling::Ineligible);
    }
    gains
}

/// Only criteria that made-up people may meet: with all of them nobody would be eligible.
fn few(items: Vec<Item>, dice: &mut Dice) -> Vec<Item> {
    items.into_iter().filter(|item| item.expr.is_some() && dice.chance(35)).collect()
}

/// What `matching` counts for every change of a study, against walking the trees of made-up people.
fn hold_changes(seed: u64) -> Result<(), TestCaseError> {
    let mut dice = Dice(seed);
    for study in studies::demo() {
        let items = few(study, &mut dice);
        let asked = Asked::of(items.iter());
        let settings = settings(*dice.one(&Absence::ALL));
        let people: Vec<Subject> = (0..40).map(|_| asked.person(&mut dice, 8, settings.index_date)).collect();
        let curve = limits(&items).first().map(|limit| limit.var.clone());
        let question =
            Question { items: items.clone(), settings: settings.clone(), asked: Vec::new(), curve };
        let mut search = Search::new(question).unwrap();
        search.look(&people);
        let mut count = search.count().unwrap();
        count.hold(&people, &mut |_| {});
        for (change, gains) in count.changes() {
            let after = match change {
                Change::AsItIs | Change::Asked(..) => items.clone(),
                Change::Without(place) => {
                    let mut others = items.clone();
                    others.remove(*place);
                    others
                }
                Change::Moved(wish, _) | Change::Step(wish, _) => relaxed(&items, wish).unwrap().items,
            };
            prop_assert_eq!(*gains, counted(&items, &after, &people, &settings), "{:?}", change);
            prop_assert_eq!(gains.lost, 0, "{:?} loses somebody", change);
        }
    }
    Ok(())
}

/// A seed that once failed: a dose that was stable by an interval, and was ruled out by a wider limit.
#[test]
fn a_wider_limit_of_what_is_stable_loses_nobody() {
    hold_changes(2_104_688_237_234_309_236).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]

    #[test]
    fn every_change_brings_what_walking_the_trees_says(seed: u64) {
        hold_changes(seed)?;
    }

    /// However far a limit is moved outwards, nobody is ruled out by it.
    #[test]
    fn relaxing_a_limit_loses_nobody(seed: u64, by in 0_i64..400) {
        let mut dice = Dice(seed);
        for study in studies::demo() {
            let items = few(study, &mut dice);
            let asked = Asked::of(items.iter());
            let settings = settings(*dice.one(&Absence::ALL));
            let people: Vec<Subject> = (0..20).map(|_| asked.person(&mut dice, 6, settings.index_date)).collect();
            for limit in limits(&items) {
                let by = Decimal::new(if limit.upper { by } else { -by }, 2);
                let bound = Bound { value: limit.bound.value + by, incl: true };
                let wish = Move { var: limit.var, upper: limit.upper, bound, unit: Some(limit.unit) };
                let Ok(wider) = relaxed(&items, &wish) else { continue };
                let gains = counted(&items, &wider.items, &people, &settings);
                prop_assert_eq!(gains.lost, 0, "{}", wish);
            }
        }
    }
}
