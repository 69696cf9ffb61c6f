//! The structured fields of a record that say who may join: age, sex, volunteers.

use model::{Age, AgeUnit, Study};
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use crate::tree::{
    Bound, Cmp, Code, Coded, Computable, Concept, Field, Has, Item, Kind, Node, Number, Op, Polarity, Rule,
    Section, Span, Var,
};
use crate::volunteers::HEALTHY;

/// What the fields of a record say about who may join; `None` where a field is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// The minimum age.
    pub min_age: Option<Age>,
    /// The maximum age.
    pub max_age: Option<Age>,
    /// The sex.
    pub sex: Option<Sex>,
    /// Whether healthy people are accepted.
    pub healthy_volunteers: Option<bool>,
    /// The words that state each field: age, sex, volunteers.
    pub words: [Words; 3],
}

/// The words that state a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The words.
    pub source: String,
    /// Their bytes in the text they were read from; empty where they were not.
    pub span: Span,
}

/// Who may join, by sex.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// All.
    All,
    /// Female only.
    Female,
    /// Male only.
    Male,
}

impl Sex {
    /// `all`, `female`, `male` in any case.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "all" => Some(Self::All),
            "female" => Some(Self::Female),
            "male" => Some(Self::Male),
            _ => None,
        }
    }

    /// The field's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Female => "Female",
            Self::Male => "Male",
        }
    }
}

impl Stated {
    /// The fields of a study, in the words of the record.
    pub fn of(study: &Study) -> Self {
        let age = |piece| study.text(piece).and_then(|text| text.parse().ok());
        let said = |piece: &str, key: &str| study.text(piece).map(|text| format!("{key}: {text}"));
        let ages = [said("MinimumAge", "minimumAge"), said("MaximumAge", "maximumAge")];
        let volunteers = study.boolean("HealthyVolunteers");
        let sources = [
            ages.into_iter().flatten().collect::<Vec<_>>().join(", "),
            said("Sex", "sex").unwrap_or_default(),
            volunteers.map(|yes| format!("healthyVolunteers: {yes}")).unwrap_or_default(),
        ];
        Self {
            min_age: age("MinimumAge"),
            max_age: age("MaximumAge"),
            sex: study.text("Sex").and_then(Sex::from_word),
            healthy_volunteers: volunteers,
            words: sources.map(|source| Words { source, span: Span::default() }),
        }
    }

    /// The fields of a study as a text shows them: age, sex, volunteers, each at its place; those without are dropped.
    pub fn shown(study: &Study, text: &str, places: [Option<Span>; 3]) -> Self {
        let mut out = Self::of(study);
        if places[0].is_none() {
            (out.min_age, out.max_age) = (None, None);
        }
        out.sex = out.sex.filter(|_| places[1].is_some());
        out.healthy_volunteers = out.healthy_volunteers.filter(|_| places[2].is_some());
        out.words = places.map(|place| {
            let span = place.unwrap_or_default();
            Words { source: span.of(text).to_owned(), span }
        });
        out
    }

    /// The fields as items, in the order age, sex, volunteers.
    pub fn items(&self) -> Vec<Item> {
        let [age, sex, volunteers] = &self.words;
        let age = self.age().map(|op| item(Field::Age, age, op));
        let sex = self.sex.map(|s| item(Field::Sex, sex, sex_op(s, &sex.source)));
        let volunteers = self
            .healthy_volunteers
            .map(|v| item(Field::Volunteers, volunteers, volunteers_op(v, volunteers)));
        age.into_iter().chain(sex).chain(volunteers).collect()
    }

    fn age(&self) -> Option<Op> {
        let (low, high) = (self.min_age, self.max_age);
        let same = low.zip(high).is_none_or(|(a, b)| a.unit == b.unit);
        let shared = if same { low.or(high)?.unit } else { AgeUnit::Years };
        let bound = |age: Option<Age>| {
            let age = age?;
            let value = if age.unit == shared { age.value } else { age.years() };
            Some(Bound { value: Decimal::from_f64(value)?.round_sf(6)?.normalize(), incl: true })
        };
        let cmp = Cmp::new(Var("age".into()), bound(low), bound(high), ucum(shared).to_owned());
        (cmp.lo.is_some() || cmp.hi.is_some()).then(|| Op::Cmp(Box::new(cmp)))
    }
}

fn item(field: Field, words: &Words, op: Op) -> Item {
    Item {
        section: Section::Registry,
        number: Number::Field(field),
        span: words.span,
        source: words.source.clone(),
        polarity: Some(Polarity::Require),
        expr: Some(Node { op, span: words.span, rule: Rule("registry.field") }),
        cohort: None,
        computable: Computable::Resolved,
        residue: Vec::new(),
        flags: Vec::new(),
    }
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

fn sex_op(sex: Sex, source: &str) -> Op {
    let word = sex.as_str().to_ascii_lowercase();
    let text = words_in(source, &[&word]);
    let var = Var("sex".into());
    match sex {
        Sex::All => Op::True { var: Some(var), text },
        _ => Op::Coded(Box::new(Coded {
            var,
            values: vec![Code::Word(word)],
            specimen: None,
            when: None,
            text,
        })),
    }
}

fn volunteers_op(accepted: bool, words: &Words) -> Op {
    let text = words_in(&words.source, &["healthy volunteers", "healthyvolunteers"]);
    if accepted {
        return Op::True { var: None, text };
    }
    let has = Has::new(Kind::Status, Concept(HEALTHY.into()), text);
    Op::Not(Box::new(Node { op: Op::Has(Box::new(has)), span: words.span, rule: Rule("registry.field") }))
}

/// The first of some words as a source spells them; else all of the source.
fn words_in(source: &str, words: &[&str]) -> String {
    let lower = source.to_ascii_lowercase();
    let found = words.iter().find_map(|word| Some((lower.find(word)?, word.len())));
    found.map_or(source, |(at, len)| &source[at..at + len]).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn study() -> Study {
        let record = json!({"protocolSection": {
            "identificationModule": {"nctId": "NCT00000001"},
            "eligibilityModule": {"minimumAge": "18 Years", "sex": "FEMALE", "healthyVolunteers": false},
        }});
        Study::new(record).unwrap()
    }

    #[test]
    fn fields_of_a_record() {
        let stated = Stated::of(&study());
        assert_eq!(stated.min_age, "18 Years".parse().ok());
        assert_eq!(stated.max_age, None);
        assert_eq!(stated.sex, Some(Sex::Female));
        assert_eq!(stated.healthy_volunteers, Some(false));
        let items = stated.items();
        let sources: Vec<&str> = items.iter().map(|i| i.source.as_str()).collect();
        assert_eq!(sources, ["minimumAge: 18 Years", "sex: FEMALE", "healthyVolunteers: false"]);
        assert_eq!(crate::english::print_item(&items[0]), "Must: age at least 18 years");
    }

    #[test]
    fn fields_that_a_text_shows() {
        let text = "Sex: female";
        let stated = Stated::shown(&study(), text, [None, Some(Span { start: 5, end: 11 }), None]);
        assert_eq!((stated.min_age, stated.healthy_volunteers), (None, None));
        let items = stated.items();
        assert_eq!((items.len(), items[0].source.as_str(), items[0].span.start), (1, "female", 5));
    }
}
