//! Evaluation against the second reading of its rules, on people made for the criteria: near every bound, in and out of
//! every window.
//!
//! Concepts are given names of no vocabulary, so that both match by the same names. Where the program says more than
//! the second reading, the people leave that out: certainty, a state that the variable's name tells, plans for what is needed or for the time of the study, undated denials of events.
#![allow(clippy::unwrap_used)]

#[path = "oracle/mod.rs"]
mod oracle;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use eligibility::evaluate::{self, Absence, Answer, Finding, Person, Settings};
use eligibility::tree::{Anchor, Code, Kind, Op, Polarity, Relation};
use eligibility::{Node, english, notation};
use jiff::civil::Date;
use model::{Birth, Fact, FactKind, FactStatus, PartialDate, Source, Subject, What};
use oracle::{F, Facts, Measured, T, U, day};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

/// Criteria of every operator; the seeds' are added where they are at hand.
const CRITERIA: [&str; 22] = [
    "age 18 to 55 years",
    "age at least 6 months and no ckd",
    "hba1c above 7 to 12 %",
    "hemoglobin below 80 g/L, that is 8 g/dL",
    "alt above 3 x ULN or ast above 3 x ULN",
    "insulin dose 0.5 to 1 [U]/kg/d, stable for at least 3 months",
    "hemoglobin above 8 g/dL, measured in the 14 days before screening",
    "hiv status is positive, measured in less than 3 months before enrollment",
    "hiv status is positive",
    "nyha is one of (3, 4)",
    "stroke in the 3 months before screening",
    "event of stroke in less than 2 weeks before enrollment",
    "history of angina and no current angina",
    "at least 2 of 3: t2dm; ckd; angina",
    "ckd, severe",
    "event of stroke, count above 1",
    "allergy to latex or need of dialysis",
    "planned surgery",
    "treated for at least 3 months with (use of metformin or use of insulin)",
    "treated for at least 2 months at the same time with (use of metformin and use of insulin)",
    "first (diabetes), then or on the same day (neuropathy)",
    "any of (inr, pt) outside the reference range",
];

/// Numbers that look random and are the same for a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one<'a, V>(&mut self, of: &'a [V]) -> &'a V {
        &of[self.roll(of.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

const TODAY: (i16, i8, i8) = (2026, 6, 28);

fn today() -> i64 {
    day(TODAY.0.into(), TODAY.1.into(), TODAY.2.into())
}

fn date(number: i64) -> Date {
    Date::new(1970, 1, 1).unwrap().checked_add(jiff::Span::new().days(number)).unwrap()
}

fn partial(number: i64) -> Option<PartialDate> {
    Some(PartialDate::from_day(date(number)))
}

static TREES: LazyLock<Vec<Value>> = LazyLock::new(trees);

/// The trees, their concepts renamed.
fn trees() -> Vec<Value> {
    let mut trees: Vec<Value> = CRITERIA
        .iter()
        .map(|text| notation::node(&english::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"))))
        .collect();
    if let Some(path) = testkit::shared("reference/seed-criteria-gold.jsonl") {
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            trees.extend((!line["expr"].is_null()).then(|| line["expr"].clone()));
        }
    }
    let mut names = BTreeMap::new();
    trees.iter_mut().for_each(|tree| rename(tree, &mut names));
    trees
}

/// Gives every concept a name of its own, and takes `certainty` and `state` away.
fn rename(node: &mut Value, names: &mut BTreeMap<String, String>) {
    match node {
        Value::Array(list) => list.iter_mut().for_each(|node| rename(node, names)),
        Value::Object(map) => {
            map.remove("certainty");
            map.remove("state");
            if let Some(concept) = map.get("concept").and_then(Value::as_str).map(str::to_owned) {
                let next = names.len();
                let letters: String =
                    format!("{next:03}").bytes().map(|b| char::from(b - b'0' + b'b')).collect();
                let name = names.entry(concept).or_insert_with(|| format!("zq{letters}x")).clone();
                map.insert("concept".into(), name.clone().into());
                map.insert("text".into(), name.into());
            }
            map.values_mut().for_each(|node| rename(node, names));
        }
        _ => {}
    }
}

/// The concepts of a tree.
fn concepts(tree: &Node) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    tree.each(&mut |node| {
        if let Op::Has(has) = &node.op {
            all.insert(has.concept.0.to_string());
        }
        // Of results those that are named as the infection, and not as a test of it.
        if let Op::Coded(coded) = &node.op {
            let text = coded.text.to_lowercase();
            let tests = ["antibod", "antigen", "hbsag", "test", "serolog", "rna", "dna", "load"];
            let positive =
                coded.values.iter().all(|code| matches!(code, Code::Word(word) if word == "positive"));
            let infection = ["hiv_status", "hbsag", "hcv_ab"].contains(&&*coded.var.0);
            if infection && positive && !tests.iter().any(|test| text.contains(test)) {
                all.insert(coded.var.0.to_string());
            }
        }
    });
    all
}

/// A person as both see them.
struct World {
    facts: Facts,
    subject: Subject,
}

/// A person made for a tree.
fn world(tree: &Node, dice: &mut Dice) -> World {
    let mut world =
        World { facts: Facts { today: today(), ..Facts::default() }, subject: Subject::default() };
    let mut plans = true;
    tree.each(&mut |node| {
        if let Op::Has(has) = &node.op {
            let during = has.when.as_ref().is_some_and(|when| when.relation == Relation::During);
            plans &= has.kind != Kind::Need && !during;
        }
    });
    let mut nodes = Vec::new();
    tree.each(&mut |node| nodes.push(node));
    for node in nodes {
        match &node.op {
            Op::Cmp(cmp) if &*cmp.var.0 == "age" => world.birth(dice),
            Op::Cmp(cmp) => {
                let printed: Vec<Decimal> = [cmp.lo, cmp.hi].into_iter().flatten().map(|b| b.value).collect();
                match &cmp.canonical {
                    Some(canonical) if dice.chance(50) => {
                        world.values(&cmp.var.0, &canonical.unit, &[canonical.value], dice);
                    }
                    _ => world.values(&cmp.var.0, &cmp.unit, &printed, dice),
                }
            }
            Op::Change(change) => world.values(&change.var.0, &change.unit, &[Decimal::TEN], dice),
            Op::Abnormal { vars } => {
                vars.iter().for_each(|var| world.values(&var.0, "", &[Decimal::ONE, Decimal::TWO], dice));
            }
            Op::Coded(coded) if &*coded.var.0 != "sex" => world.result(&coded.var.0, dice),
            Op::Has(has) => (0..dice.roll(4)).for_each(|_| world.fact(&has.concept.0, plans, dice)),
            _ => {}
        }
    }
    world.subject.sort();
    world
}

impl World {
    fn birth(&mut self, dice: &mut Dice) {
        let years = *dice.one(&[17, 18, 20, 40, 55, 56, 65, 66, 80, 81]);
        let born = day(i64::from(TODAY.0) - years, 6, 28) + dice.roll(3) as i64 - 1;
        self.facts.birth = Some(born);
        self.subject.birth = partial(born).map(Birth::Date);
    }

    fn values(&mut self, var: &str, unit: &str, bounds: &[Decimal], dice: &mut Dice) {
        for _ in 0..dice.roll(4) {
            let step = *dice.one(&[
                Decimal::NEGATIVE_ONE,
                Decimal::new(-1, 1),
                Decimal::ZERO,
                Decimal::new(1, 1),
                Decimal::ONE,
            ]);
            let value = *dice.one(bounds) + step;
            let day = today() - *dice.one(&[0_i64, 0, 1, 40, 100, 200]);
            let limits = dice.chance(60);
            let (low, high) = (limits.then_some(Decimal::ONE), limits.then_some(Decimal::TWO));
            let unit = if matches!(unit, "{ULN}" | "{LLN}") { "U/L" } else { unit };
            self.facts.values.push(Measured {
                var: var.into(),
                value,
                unit: unit.into(),
                day,
                low,
                high,
                ..Measured::default()
            });
            let mut fact = fact(FactKind::Observation, var, FactStatus::Past, partial(day));
            let usual = vocabulary::variable::by_id(var).and_then(|variable| variable.unit);
            let is_usual = usual.is_some_and(|usual| usual.as_str() == unit);
            let quantity = |value| {
                let canonical = is_usual.then_some(value);
                model::Quantity { ucum: Some(unit.to_owned()), canonical, ..model::Quantity::new(value) }
            };
            fact.value = Some(model::Value::Quantity(quantity(value)));
            fact.range =
                limits.then(|| model::ReferenceRange { low: low.map(quantity), high: high.map(quantity) });
            self.subject.facts.push(fact);
        }
    }

    fn result(&mut self, var: &str, dice: &mut Dice) {
        for _ in 0..dice.roll(3) {
            let code = *dice.one(&["positive", "negative", "1", "2", "3", "4"]);
            let day = today() - *dice.one(&[0_i64, 0, 3]);
            self.facts.results.push(oracle::Result {
                var: var.into(),
                code: code.into(),
                day,
                specimen: None,
            });
            let mut fact = fact(FactKind::Observation, var, FactStatus::Past, partial(day));
            fact.value = Some(match code.parse::<Decimal>() {
                Ok(number) => model::Value::Quantity(model::Quantity::new(number)),
                Err(_) => model::Value::Text(code.into()),
            });
            self.subject.facts.push(fact);
        }
    }

    fn fact(&mut self, concept: &str, plans: bool, dice: &mut Dice) {
        let kinds = [
            ("condition", FactKind::Condition),
            ("drug", FactKind::Drug),
            ("procedure", FactKind::Procedure),
            ("event", FactKind::Event),
            ("allergy", FactKind::Allergy),
        ];
        let (name, kind) = *dice.one(&kinds);
        let momentary = matches!(name, "procedure" | "event");
        let planned = plans && dice.chance(10);
        let absent = !planned && dice.chance(20);
        let days = [0_i64, 3, 10, 14, 15, 40, 70, 89, 90, 92, 100, 200, 400, 800];
        let mut start = (momentary && absent || dice.chance(80)).then(|| today() - *dice.one(&days));
        let mut end = None;
        if let Some(begun) = start.filter(|_| !momentary && dice.chance(40)) {
            end = Some(today().min(begun + *dice.one(&[0_i64, 30, 90, 120])));
        }
        if planned {
            (start, end) = (None, None);
        }
        let severity = dice.chance(50).then(|| *dice.one(&["severe", "mild"]));
        let keys = severity.iter().map(|value| ("severity".to_owned(), (*value).to_owned())).collect();
        self.facts.facts.push(oracle::Fact {
            kind: name.into(),
            concept: concept.into(),
            absent,
            planned,
            start,
            end,
            keys,
        });
        let status = match () {
            () if planned => FactStatus::Planned,
            () if end.is_some_and(|end| end < today()) || momentary => FactStatus::Past,
            () => FactStatus::Current,
        };
        let mut fact = Fact::new(kind, What::words(concept), status, Source::Path("made".into()));
        fact.negated = absent;
        (fact.start, fact.end) = (start.and_then(partial), end.and_then(partial));
        fact.severity = severity.map(What::words);
        self.subject.facts.push(fact);
    }
}

fn fact(kind: FactKind, var: &str, status: FactStatus, start: Option<PartialDate>) -> Fact {
    let what = What { variable: Some(var.into()), ..What::words(var) };
    Fact { start, ..Fact::new(kind, what, status, Source::Path("made".into())) }
}

/// The settings and the same for the second reading.
fn settings(facts: &mut Facts, tree: &Node, dice: &mut Dice) -> Settings {
    let mut settings = Settings::on(date(today()));
    if dice.chance(50) {
        let later = today() + dice.roll(30) as i64;
        facts.anchors.insert("enrollment".into(), later);
        settings.anchors.insert(Anchor::Enrollment, date(later));
    }
    if dice.chance(70) {
        let since = today() - *dice.one(&[1_i64, 50, 150]);
        facts.anchors.insert("baseline".into(), since);
        facts.anchors.insert("start_of_exposure".into(), since);
        (settings.baseline, settings.start_of_exposure) = (Some(date(since)), Some(date(since)));
    }
    tree.each(&mut |node| {
        if let Op::Human { text, .. } = &node.op
            && dice.chance(50)
        {
            let holds = dice.chance(50);
            facts.answers.insert(text.clone(), holds);
            let (question, by) = (text.clone(), "a test".to_owned());
            settings.answers.push(Answer { question, about: evaluate::About::Words, holds, by });
        }
    });
    settings
}

fn found(tree: &Node, subject: &Subject, settings: &Settings) -> Finding {
    evaluate::evaluate_node(tree, Polarity::Require, &Person::new(subject), settings)
}

fn as_oracle(truth: evaluate::Truth) -> oracle::Truth {
    match truth {
        evaluate::Truth::Met => T,
        evaluate::Truth::Unknown => U,
        evaluate::Truth::NotMet => F,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn both_readings_of_the_rules_agree(seed: u64) {
        let mut dice = Dice(seed);
        for json in TREES.iter() {
            let tree = notation::read(json).unwrap();
            let mut world = world(&tree, &mut dice);
            let mut settings = settings(&mut world.facts, &tree, &mut dice);
            let course = json.to_string().contains("\"exposure\"") || json.to_string().contains("\"order\"");
            if !course && dice.chance(30) {
                settings.absence = Absence::Closed;
                world.facts.closed = concepts(&tree);
            }
            let mine = found(&tree, &world.subject, &settings);
            let theirs = oracle::truth(&notation::node(&tree), &world.facts);
            prop_assert_eq!(as_oracle(mine.holds()), theirs, "{}\n{:#?}\n{:#?}", json, world.facts, mine);
            prop_assert_eq!(mine.missing().is_empty(), theirs != U);
            prop_assert!(theirs == U || !mine.evidence().is_empty());
        }
    }

    /// What was settled stays settled when more is known: an answer, a value where there was none.
    #[test]
    fn settling_an_unknown_changes_no_verdict(seed: u64) {
        let mut dice = Dice(seed);
        for json in TREES.iter() {
            let tree = notation::read(json).unwrap();
            let mut world = world(&tree, &mut dice);
            let settings = settings(&mut world.facts, &tree, &mut dice);
            let after = found(&tree, &world.subject, &settings).holds();
            // Without all that is known of one thing.
            let mut less = world.subject.clone();
            if let Some(gone) = less.facts.get(dice.roll(less.facts.len().max(1) as u64) as usize).map(|f| f.what.clone()) {
                less.facts.retain(|fact| fact.what != gone);
            }
            if dice.chance(30) {
                less.birth = None;
            }
            let fewer = Settings { answers: settings.answers.iter().skip(1).cloned().collect(), ..settings.clone() };
            let before = found(&tree, &less, &fewer).holds();
            prop_assert!(before == evaluate::Truth::Unknown || before == after, "{before} became {after}: {json}");
        }
    }

    /// A wider bound loses no person of a requirement, whatever the policy.
    #[test]
    fn relaxing_a_bound_loses_nobody(seed: u64, by in 0_i64..5) {
        let mut dice = Dice(seed);
        for json in TREES.iter() {
            let tree = notation::read(json).unwrap();
            let Op::Cmp(cmp) = &tree.op else { continue };
            let world = world(&tree, &mut dice);
            let mut wider = cmp.clone();
            // The value in the canonical unit is that of the printed bound.
            wider.canonical = None;
            wider.lo = wider.lo.map(|b| eligibility::tree::Bound { value: b.value - Decimal::from(by), incl: true });
            wider.hi = wider.hi.map(|b| eligibility::tree::Bound { value: b.value + Decimal::from(by), incl: true });
            let wider = Node::new(Op::Cmp(wider));
            for absence in Absence::ALL {
                let settings = Settings::on(date(today())).with(absence);
                let (narrow, wide) = (found(&tree, &world.subject, &settings), found(&wider, &world.subject, &settings));
                let lost = narrow.truth() == evaluate::Truth::Met && wide.truth() != evaluate::Truth::Met;
                prop_assert!(!lost, "{json}: {narrow:#?} became {wide:#?}");
            }
        }
    }
}
