//! The structured fields of a record as criteria: age, sex, volunteers.

use model::{Age, AgeUnit};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::tree::{
    Bound, Cmp, Code, Coded, Computable, Concept, Field, Has, Item, Kind, Node, Number, Op, Polarity, Rule,
    Section, Span, Var,
};

/// A field's value, and the words that state it.
#[derive(Clone, Debug, PartialEq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// The words.
    pub source: String,
    /// Their bytes in the text they were read from.
    pub span: Span,
}

/// What the fields of a record state; a field that it lacks is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// The least and the greatest age.
    pub age: Option<Said<(Option<Age>, Option<Age>)>>,
    /// `ALL`, `FEMALE`, `MALE`.
    pub sex: Option<Said<String>>,
    /// Whether healthy volunteers are accepted.
    pub volunteers: Option<Said<bool>>,
}

impl Stated {
    /// The fields of a study, in the words of the record.
    pub fn of(study: &model::Study) -> Self {
        let age = |name: &str| study.text(name).and_then(|text| text.parse::<Age>().ok());
        let words = |name: &str, key: &str| study.text(name).map(|text| format!("{key}: {text}"));
        let said = [words("MinimumAge", "minimumAge"), words("MaximumAge", "maximumAge")];
        let source = said.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let (low, high) = (age("MinimumAge"), age("MaximumAge"));
        let span = Span::default();
        Self {
            age: (low.is_some() || high.is_some()).then_some(Said { value: (low, high), source, span }),
            sex: study.text("Sex").map(|text| Said {
                value: text.to_owned(),
                source: format!("sex: {text}"),
                span,
            }),
            volunteers: study.boolean("HealthyVolunteers").map(|value| Said {
                value,
                source: format!("healthyVolunteers: {value}"),
                span,
            }),
        }
    }

    /// The fields as items, in the order age, sex, volunteers.
    pub fn items(&self) -> Vec<Item> {
        let age = self.age.as_ref().and_then(age_item);
        let sex = self.sex.as_ref().and_then(sex_item);
        age.into_iter().chain(sex).chain(self.volunteers.as_ref().map(volunteers_item)).collect()
    }
}

fn item(field: Field, source: &str, span: Span, op: Op) -> Item {
    Item {
        section: Section::Registry,
        number: Number::Field(field),
        span,
        source: source.to_owned(),
        polarity: Some(Polarity::Require),
        expr: Some(Node { op, span, rule: Rule("registry.field") }),
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    }
}

fn age_item(said: &Said<(Option<Age>, Option<Age>)>) -> Option<Item> {
    let (low, high) = said.value;
    let same = low.zip(high).is_none_or(|(a, b)| a.unit == b.unit);
    let shared = if same { low.or(high)?.unit } else { AgeUnit::Years };
    let bound = |age: Option<Age>| {
        let age = age?;
        let value = if age.unit == shared { age.value } else { age.years() };
        Some(Bound { value: Decimal::from_f64(value)?.round_sf(6)?.normalize(), incl: true })
    };
    let cmp = Cmp {
        var: Var("age".into()),
        lo: bound(low),
        hi: bound(high),
        unit: ucum(shared).to_owned(),
        site: None,
        method: None,
        state: None,
        stable_for: None,
        canonical: None,
        repair: None,
    };
    (cmp.lo.is_some() || cmp.hi.is_some())
        .then(|| item(Field::Age, &said.source, said.span, Op::Cmp(Box::new(cmp))))
}

/// The UCUM unit of an age.
fn ucum(unit: AgeUnit) -> &'static str {
    match unit {
        AgeUnit::Years => "a",
        AgeUnit::Months => "mo",
        AgeUnit::Weeks => "wk",
        AgeUnit::Days => "d",
        AgeUnit::Hours => "h",
        AgeUnit::Minutes => "min",
    }
}

fn sex_item(said: &Said<String>) -> Option<Item> {
    let word = said.value.to_ascii_lowercase();
    let words = words_in(&said.source, &[&word]);
    let op = match word.as_str() {
        "all" => Op::True { var: Some(Var("sex".into())), text: words },
        "female" | "male" => Op::Coded(Box::new(Coded {
            var: Var("sex".into()),
            values: vec![Code::Word(word.clone())],
            specimen: None,
            text: words,
        })),
        _ => return None,
    };
    Some(item(Field::Sex, &said.source, said.span, op))
}

fn volunteers_item(said: &Said<bool>) -> Item {
    let text = words_in(&said.source, &["healthy volunteers", "healthyvolunteers"]);
    let op = if said.value {
        Op::True { var: None, text }
    } else {
        let has = Has::new(Kind::Status, Concept("healthy_volunteer".into()), text);
        Op::Not(Box::new(Node { op: Op::Has(Box::new(has)), span: said.span, rule: Rule("registry.field") }))
    };
    item(Field::Volunteers, &said.source, said.span, op)
}

/// The first of some words as a source spells them; else all of the source.
fn words_in(source: &str, words: &[&str]) -> String {
    let lower = source.to_ascii_lowercase();
    let found = words.iter().find_map(|word| Some((lower.find(word)?, word.len())));
    found.map_or(source, |(at, len)| &source[at..at + len]).to_owned()
}
