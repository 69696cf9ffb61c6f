//! People made up from what criteria ask: near every bound, in and out of every window, named as the criteria name it.

use eligibility::tree::{Bound, Cmp, Code, Coded, Concept, Has, Item, Kind, Node, Op};
use jiff::{ToSpan, civil::Date};
use model::{
    Birth, Certainty, Comparator, Death, Decimal, Fact, FactKind, FactStatus, PartialDate, Period, Problem,
    Quantity, ReferenceRange, Sex, Source, StatedAge, Subject, Value, What,
};
use vocabulary::{unit, variable};

/// Numbers that look random and are the same for a seed.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    /// One of some.
    pub fn one<'a, V>(&mut self, of: &'a [V]) -> &'a V {
        &of[self.roll(of.len() as u64) as usize]
    }

    /// Whether something of so many percent happens.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

/// What criteria ask, to make people of.
pub struct Asked<'i> {
    nodes: Vec<&'i Node>,
}

impl<'i> Asked<'i> {
    /// The leaves of some criteria.
    pub fn of(items: impl Iterator<Item = &'i Item>) -> Self {
        let mut nodes = Vec::new();
        for expr in items.filter_map(|item| item.expr.as_ref()) {
            expr.each(&mut |node| {
                let asks = matches!(
                    node.op,
                    Op::Cmp(_)
                        | Op::Coded(_)
                        | Op::Has(_)
                        | Op::Abnormal { .. }
                        | Op::Change(_)
                        | Op::Human { .. }
                );
                nodes.extend(asks.then_some(node));
            });
        }
        Self { nodes }
    }

    /// A person of whom about so many things are known, on a day.
    pub fn person(&self, dice: &mut Dice, things: u64, today: Date) -> Subject {
        let mut subject = Subject { id: format!("p{}", dice.roll(1 << 30)), ..Subject::default() };
        subject.sex =
            *dice.one(&[None, Some(Sex::Other), Some(Sex::Male), Some(Sex::Female), Some(Sex::Female)]);
        subject.birth = birth(dice, today);
        if dice.chance(5) {
            subject.problems.push(Problem::Implausible { suggested_unit: None });
        }
        if dice.chance(10) {
            let date =
                dice.chance(80).then(|| partial(today, *dice.one(&[-400, -20, -1, 0, 1, 20, 400]), dice));
            subject.death = Some(Death { date, source: Source::Path("made".into()) });
        }
        if dice.chance(20) {
            let start = partial(today, dice.roll(2000) as i64, dice);
            let end = dice.chance(30).then(|| partial(today, dice.roll(200) as i64, dice));
            subject.observed.push(Period { start: Some(start), end });
        }
        for _ in 0..dice.roll(2 * things + 1) {
            if let Some(node) = self.nodes.get(dice.roll(self.nodes.len() as u64) as usize) {
                fact_for(node, dice, today, &mut subject.facts);
            }
        }
        subject.sort();
        subject
    }
}

fn birth(dice: &mut Dice, today: Date) -> Option<Birth> {
    let years = *dice.one(&[0, 1, 11, 12, 17, 18, 40, 55, 56, 64, 65, 66, 75, 80, 90, 250]);
    let day = today.checked_sub(years.years().days(dice.roll(3) as i64 - 1)).ok()?;
    match dice.roll(10) {
        0 => None,
        1 => Some(Birth::Date(PartialDate::from_day(day).to_string()[..4].parse().ok()?)),
        2 => Some(Birth::Age(StatedAge { value: years.into(), unit: "a".into(), on: None })),
        _ => Some(Birth::Date(PartialDate::from_day(day))),
    }
}

/// A day so many days ago, perhaps only its month or year.
fn partial(today: Date, ago: i64, dice: &mut Dice) -> PartialDate {
    let day = today.checked_sub(ago.days()).unwrap_or(today);
    let text = day.to_string();
    let length = *dice.one(&[4, 7, 10, 10, 10, 10]);
    text[..length].parse().unwrap_or_else(|_| PartialDate::from_day(day))
}

fn fact_for(node: &Node, dice: &mut Dice, today: Date, facts: &mut Vec<Fact>) {
    match &node.op {
        Op::Cmp(cmp) => (0..1 + dice.roll(2)).for_each(|_| facts.push(value_for(cmp, dice, today))),
        Op::Coded(coded) => facts.push(code_for(coded, dice, today)),
        Op::Has(has) => facts.push(thing_for(has, dice, today)),
        Op::Abnormal { vars } => {
            let bound = Bound { value: Decimal::ONE, incl: true };
            facts.extend(
                vars.iter().map(|var| {
                    value_for(&Cmp::new(var.clone(), Some(bound), None, String::new()), dice, today)
                }),
            );
        }
        Op::Change(change) => {
            let cmp = Cmp::new(change.var.clone(), change.lo, change.hi, change.unit.clone());
            facts.extend([value_for(&cmp, dice, today), value_for(&cmp, dice, today)]);
        }
        Op::Human { .. } => {
            let name = *dice.one(&["informed_consent", "text:protocol compliance"]);
            facts.push(blank(FactKind::Consent, what_of(name, name), dice, today));
        }
        _ => {}
    }
}

/// What a variable or a concept is called in a record.
fn what_of(id: &str, words: &str) -> What {
    match id.split_once(':') {
        Some(("mesh", heading)) => What { concepts: vec![heading.to_owned()], ..What::words(words) },
        Some((_, text)) => What::words(text),
        None => What { variable: Some(id.to_owned()), ..What::words(words) },
    }
}

fn blank(kind: FactKind, what: What, dice: &mut Dice, today: Date) -> Fact {
    use FactStatus::*;
    let status = *dice.one(&[
        Current,
        Current,
        Current,
        Current,
        Past,
        Past,
        Planned,
        NotDone,
        Refuted,
        EnteredInError,
        Cancelled,
        Preliminary,
        Unknown,
    ]);
    let mut fact = Fact::new(kind, what, status, Source::Path("made".into()));
    let days = [0_i64, 0, 0, 3, 13, 14, 15, 28, 30, 31, 60, 89, 90, 92, 180, 365, 366, 800, 4000, -20];
    fact.start = dice.chance(85).then(|| partial(today, *dice.one(&days), dice));
    fact.end = dice.chance(20).then(|| partial(today, *dice.one(&days), dice));
    fact.negated = dice.chance(12);
    fact.family = dice.chance(6).then(|| "mother".to_owned());
    fact.certainty =
        *dice.one(&[Certainty::Plain, Certainty::Plain, Certainty::Confirmed, Certainty::Uncertain]);
    fact.severity = dice.chance(20).then(|| What::words(*dice.one(&["severe", "mild", "moderate"])));
    fact.site = dice.chance(10).then(|| What::words(*dice.one(&["left foot", "plasma", "urine"])));
    fact
}

fn value_for(cmp: &Cmp, dice: &mut Dice, today: Date) -> Fact {
    let known = variable::by_id(&cmp.var.0);
    let name = known.map_or(&*cmp.var.0, |variable| variable.name);
    let mut fact = blank(FactKind::Observation, what_of(&cmp.var.0, name), dice, today);
    let bounds: Vec<Decimal> = [cmp.lo, cmp.hi].into_iter().flatten().map(|bound| bound.value).collect();
    let near = bounds.get(dice.roll(bounds.len() as u64) as usize).copied().unwrap_or(Decimal::TEN);
    let steps = [
        Decimal::NEGATIVE_ONE,
        Decimal::new(-1, 1),
        Decimal::ZERO,
        Decimal::ZERO,
        Decimal::new(1, 1),
        Decimal::ONE,
    ];
    let value = near.checked_add(*dice.one(&steps)).unwrap_or(near);
    let usual = known.and_then(|variable| variable.unit).map(|unit| unit.as_str().to_owned());
    let printed = match cmp.unit.as_str() {
        "{ULN}" | "{LLN}" => usual.clone().unwrap_or_default(),
        unit => unit.to_owned(),
    };
    let unit = dice.one(&[printed.clone(), printed, usual.unwrap_or_default(), "kg".to_owned()]).clone();
    let quantity = |value: Decimal, comparator| {
        let of = unit::of(&unit).filter(|_| !unit.is_empty());
        let canonical =
            known.and_then(|variable| variable.canonical(value, of).ok()).map(|found| found.value);
        let shown = Some(unit.clone()).filter(|unit| !unit.is_empty());
        Quantity { comparator, ucum: shown.clone(), unit: shown, canonical, ..Quantity::new(value) }
    };
    use Comparator::{AtLeast, AtMost, Exact, Less, More};
    let comparator = *dice.one(&[Exact, Exact, Exact, Exact, Exact, Exact, Less, AtMost, AtLeast, More]);
    let other = value + Decimal::from(dice.roll(3)) - Decimal::ONE;
    fact.value = Some(match dice.roll(20) {
        0 => Value::Text("high".into()),
        1 => Value::Range(model::Range {
            low: Some(quantity(value, Exact)),
            high: Some(quantity(other, Exact)),
        }),
        _ => Value::Quantity(quantity(value, comparator)),
    });
    if dice.chance(40) {
        let (low, high) = (quantity(near - Decimal::ONE, Exact), quantity(near, Exact));
        fact.range = Some(ReferenceRange { low: Some(low), high: Some(high) });
    }
    if dice.chance(8) {
        fact.problems.push(Problem::NoUnit);
    }
    fact
}

fn code_for(coded: &Coded, dice: &mut Dice, today: Date) -> Fact {
    let mut fact = blank(FactKind::Observation, what_of(&coded.var.0, &coded.var.0), dice, today);
    let own = coded.values.get(dice.roll(coded.values.len() as u64) as usize);
    fact.value = match dice.roll(6) {
        0 => None,
        1 => Some(Value::Text("negative".into())),
        2 => Some(Value::Boolean(dice.chance(50))),
        _ => own.map(|code| match code {
            Code::Integer(number) => Value::Quantity(Quantity::new((*number).into())),
            Code::Word(word) => Value::Text(word.clone()),
        }),
    };
    fact
}

fn thing_for(has: &Has, dice: &mut Dice, today: Date) -> Fact {
    use FactKind::*;
    let kind = match has.kind {
        Kind::Allergy => *dice.one(&[Allergy, Allergy, Condition]),
        Kind::Drug | Kind::DrugClass => *dice.one(&[Drug, Drug, DrugRequest, Allergy]),
        Kind::Procedure | Kind::Treatment | Kind::Need => *dice.one(&[Procedure, Procedure, Drug]),
        _ => *dice.one(&[Condition, Condition, Condition, Event, Status, Observation, Allergy]),
    };
    let Concept(id) = &has.concept;
    let words = has.examples.first().filter(|_| dice.chance(10)).unwrap_or(&has.text);
    let mut fact = blank(kind, what_of(id, words), dice, today);
    if dice.chance(50) {
        fact.what.variable = None;
        fact.what.concepts.clear();
    }
    fact.value = match dice.roll(12) {
        0 => Some(Value::Boolean(false)),
        1 => Some(Value::Text("negative".into())),
        2 => Some(Value::Quantity(Quantity::new(Decimal::ONE))),
        _ => None,
    };
    fact
}
