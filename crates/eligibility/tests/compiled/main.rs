//! The compiled evaluator against the one that walks trees: the same for every person and criterion.
#![allow(clippy::unwrap_used)]

mod people;
mod studies;
mod tables;

use std::ops::ControlFlow;
use std::sync::Arc;

use eligibility::Item;
use eligibility::evaluate::compiled::{Block, Compiled, Plan, Single};
use eligibility::evaluate::{About, Absence, Answer, Person, Ruling, Settings, Standing, Truth, assess};
use eligibility::tree::{Anchor, Computable, Op, Unread};
use ingest::people::{FoundPerson, read_people_at};
use jiff::civil::Date;
use model::{Decimal, Subject};
use people::{Asked, Dice};
use proptest::prelude::*;

fn today() -> Date {
    "2026-06-28".parse().unwrap()
}

/// Holds people against studies in both ways.
pub fn check(studies: &[Vec<Item>], people: &[Subject], settings: &Settings) {
    let compiled = Compiled::new(settings.clone(), studies.iter().map(Vec::as_slice));
    let mut block = Block::new(Arc::new(compiled));
    for people in people.chunks(Block::ROOM) {
        block.hold(people);
        let persons: Vec<Person<'_>> = people.iter().map(Person::new).collect();
        for (number, items) in studies.iter().enumerate() {
            compare(&mut block, number, items, &persons, settings);
        }
    }
}

fn compare(block: &mut Block, number: usize, items: &[Item], persons: &[Person<'_>], settings: &Settings) {
    let (mut planes, mut leanings) = (Vec::new(), Vec::new());
    block.each_criterion(number, &mut |found, read| {
        planes.push(found);
        leanings.push(read);
    });
    let verdicts = block.verdicts(number);
    assert_eq!(planes.len(), items.len());
    for (place, person) in persons.iter().enumerate() {
        let assessment = assess(items, person, settings);
        for (at, (item, finding)) in items.iter().zip(&assessment.findings).enumerate() {
            let standing = planes[at].of(place);
            let expected = Standing::of(item, finding);
            assert!(
                standing == expected,
                "study {number}, criterion {at} `{}`: {standing:?}, walked {expected:?}\n{:?}\n{finding:?}\n{:?}",
                item.source,
                item.expr,
                person.subject
            );
        }
        for (at, (item, finding)) in items.iter().zip(&assessment.findings).enumerate() {
            let leans = match leanings[at].of(place) {
                Standing::Met => Truth::Met,
                Standing::NotMet => Truth::NotMet,
                Standing::Unknown | Standing::ForPerson => Truth::Unknown,
            };
            let absent = item.computable == Computable::Absent;
            let seen_to = |how| item.unread(how).any(|words| settings.answer_of_words(words).is_some());
            let answered = settings.answer_of_criterion(item).is_some()
                || seen_to(Unread::Condition)
                || seen_to(Unread::Alternative);
            assert!(absent || answered || leans == finding.leaning().0, "{}: {leans:?}", item.source);
        }
        assert_eq!(verdicts.of(place), Ruling::from(&assessment.verdict), "study {number}");
    }
}

/// Holds people one by one, by all policies at once, against a plan that was kept.
fn check_alone(studies: &[Vec<Item>], people: &[Subject]) {
    let plan = Plan::new(studies.iter().map(Vec::as_slice));
    let plan = Arc::new(Plan::of_bytes(&plan.bytes()).unwrap());
    let policies: Vec<Settings> = Absence::ALL.map(|absence| Settings::on(today()).with(absence)).into();
    let mut single = Single::new(Arc::new(Compiled::of(plan, policies.clone()).unwrap()));
    for subject in people {
        single.hold_one(subject);
        let person = Person::new(subject);
        for (number, items) in studies.iter().enumerate() {
            let mut planes = Vec::new();
            single.each_criterion(number, &mut |found, _| planes.push(found));
            let assessments: Vec<_> = policies.iter().map(|rules| assess(items, &person, rules)).collect();
            for (policy, assessment) in assessments.iter().enumerate() {
                assert_eq!(single.verdicts(number).of(policy), Ruling::from(&assessment.verdict));
                for (at, (item, finding)) in items.iter().zip(&assessment.findings).enumerate() {
                    assert_eq!(planes[at].of(policy), Standing::of(item, finding), "{:?}", item.expr);
                    // A presumption is what only its policy settles.
                    let open = assessments[0].findings[at].truth();
                    let presumed = finding.truth() != Truth::Unknown && open == Truth::Unknown;
                    assert!(
                        policies[policy].absence != Absence::Clinical || finding.is_presumed() == presumed
                    );
                }
            }
        }
    }
}

/// Settings in which something is said of everything.
fn settings(studies: &[Vec<Item>], absence: Absence, dice: &mut Dice) -> Settings {
    let mut settings = Settings::on(today()).with(absence);
    settings.accept_repairs = dice.chance(50);
    if dice.chance(50) {
        settings.anchors.insert(Anchor::Enrollment, "2026-07-10".parse().unwrap());
        settings.study_end = Some("2027-07-10".parse().unwrap());
        settings.baseline = Some("2026-05-10".parse().unwrap());
        settings.start_of_exposure = Some("2026-05-20".parse().unwrap());
        settings.limits.insert("alt".into(), (Some(Decimal::ZERO), Some(Decimal::from(40))));
        settings.half_lives.insert("insulin".into(), Decimal::ONE);
    }
    for expr in studies.iter().flatten().filter_map(|item| item.expr.as_ref()) {
        expr.each(&mut |node| {
            if let Op::Human { text, .. } = &node.op
                && settings.answers.len() < 8
                && dice.chance(3)
            {
                settings.answers.push(Answer {
                    question: text.clone(),
                    about: About::Words,
                    holds: dice.chance(50),
                    by: "a test".into(),
                });
            }
        });
    }
    let asked: Vec<&Item> = studies.iter().flatten().filter(|_| dice.chance(2)).take(8).collect();
    for item in asked {
        settings.answers.push(Answer {
            question: item.source.clone(),
            about: About::Criterion(item.section),
            holds: dice.chance(50),
            by: "a test".into(),
        });
    }
    settings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn made_up_people_and_the_studies_of_the_demo(seed: u64) {
        let studies = studies::demo();
        let mut dice = Dice(seed);
        let asked = Asked::of(studies.iter().flatten());
        let people: Vec<Subject> = (0..70).map(|_| asked.person(&mut dice, 20, today())).collect();
        for absence in Absence::ALL {
            check(&studies, &people, &settings(&studies, absence, &mut dice));
        }
        check_alone(&studies, &people);
    }
}

/// People made up of what each study asks, a few for each of all real studies.
#[test]
fn made_up_people_and_real_studies() {
    let studies = studies::real(1);
    let mut dice = Dice(7);
    for chunk in studies.chunks(20) {
        let asked = Asked::of(chunk.iter().flatten());
        let people: Vec<Subject> = (0..6).map(|_| asked.person(&mut dice, 25, today())).collect();
        let absence = *dice.one(&Absence::ALL);
        check(chunk, &people, &settings(chunk, absence, &mut dice));
        check_alone(chunk, &people);
    }
}

#[test]
fn plans_that_are_cut_are_no_plans() {
    let studies = studies::demo();
    let bytes = Plan::new(studies.iter().take(3).map(Vec::as_slice)).bytes();
    assert_eq!(
        Plan::of_bytes(&bytes).unwrap().size(),
        Plan::new(studies.iter().take(3).map(Vec::as_slice)).size()
    );
    for cut in (0..bytes.len()).step_by(7) {
        assert!(Plan::of_bytes(&bytes[..cut]).is_none(), "{cut}");
    }
    for place in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x41;
        let _ = Plan::of_bytes(&damaged);
    }
}

/// Some of the synthetic people against some of the real studies.
#[test]
fn synthetic_people_and_real_studies() {
    let Some(path) = testkit::shared("data/patients/synthea-r4-bundles.ndjson.zst") else { return };
    let studies = studies::real(60);
    let mut people = Vec::new();
    let _ = read_people_at(&path, None, ingest::Limits::default(), &mut |found| {
        if let FoundPerson::Person(subject, _) = found {
            people.push(*subject);
        }
        ControlFlow::Continue(())
    });
    let people: Vec<Subject> = people.into_iter().step_by(5).collect();
    for absence in Absence::ALL {
        check(&studies, &people, &Settings::on(today()).with(absence));
    }
}
