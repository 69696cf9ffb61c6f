//! The items of instruments: what may be answered.

use vocabulary::{
    unit::{self, Unit},
    variable::{self, Variable},
};

/// One thing that must be known.
#[derive(Debug)]
pub struct Item {
    /// Its id.
    pub id: &'static str,
    /// Other names of it.
    pub also: &'static [&'static str],
    /// What it is, in words of ours; a code alone where the wording is licensed.
    pub what: &'static str,
    /// What may be answered.
    pub answer: Answer,
    /// Whether the score itself can be had without it.
    pub optional: bool,
}

/// What may be answered.
#[derive(Clone, Copy, Debug)]
pub enum Answer {
    /// A whole number; `words` name the codes from `low` on.
    Code {
        /// The least.
        low: i64,
        /// The greatest.
        high: i64,
        /// What the codes mean; empty where the wording is licensed.
        words: &'static [&'static str],
    },
    /// A number.
    Number {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
        /// Its unit in UCUM; empty where it has none.
        unit: &'static str,
        /// The variable whose units convert for it alone (mg/dL to mmol/L).
        variable: Option<&'static str>,
    },
    /// One of some words, each with others that mean the same.
    Word(&'static [(&'static str, &'static [&'static str])]),
}

impl Item {
    /// A code from `low` to `high`.
    pub(crate) const fn code(
        id: &'static str,
        what: &'static str,
        low: i64,
        high: i64,
        words: &'static [&'static str],
    ) -> Self {
        Self { id, also: &[], what, answer: Answer::Code { low, high, words }, optional: false }
    }

    /// A number in a unit.
    pub(crate) const fn number(
        id: &'static str,
        what: &'static str,
        low: f64,
        high: f64,
        unit: &'static str,
    ) -> Self {
        let answer = Answer::Number { low, high, unit, variable: None };
        Self { id, also: &[], what, answer, optional: false }
    }

    /// One of some words.
    pub(crate) const fn word(
        id: &'static str,
        what: &'static str,
        words: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        Self { id, also: &[], what, answer: Answer::Word(words), optional: false }
    }

    /// The same under other names, too.
    pub(crate) const fn also(self, also: &'static [&'static str]) -> Self {
        Self { also, ..self }
    }

    /// The same, converted as values of a variable are.
    pub(crate) const fn of(self, variable: &'static str) -> Self {
        match self.answer {
            Answer::Number { low, high, unit, .. } => {
                Self { answer: Answer::Number { low, high, unit, variable: Some(variable) }, ..self }
            }
            _ => self,
        }
    }

    /// The same, and the score can be had without it.
    pub(crate) const fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Its unit, where it has one.
    pub fn unit(&self) -> Option<Unit> {
        match self.answer {
            Answer::Number { unit, .. } => unit::of(unit),
            _ => None,
        }
    }

    /// The variable that it is a value of.
    pub fn variable(&self) -> Option<&'static Variable> {
        match self.answer {
            Answer::Number { variable, .. } => variable.and_then(variable::by_id),
            _ => None,
        }
    }

    /// Units that a form offers: its own first, then those of its variable.
    pub fn units(&self) -> Vec<Unit> {
        let mut out: Vec<Unit> = self.unit().into_iter().collect();
        for unit in self
            .variable()
            .into_iter()
            .flat_map(|v| v.unit.into_iter().chain(v.conversions.iter().map(|c| c.unit)))
        {
            if !out.contains(&unit) {
                out.push(unit);
            }
        }
        out
    }

    /// What may be answered, in words: `0 absent, 1 present`, `0 to 100 mm`.
    pub fn answers(&self) -> String {
        match self.answer {
            Answer::Code { low, high, words: [] } => format!("{low} to {high}"),
            Answer::Code { low, words, .. } => {
                let said = words.iter().zip(low..).map(|(word, code)| format!("{code} {word}"));
                said.collect::<Vec<_>>().join(", ")
            }
            Answer::Number { low, high, unit: "", .. } => format!("{low} to {high}"),
            Answer::Number { low, high, unit, .. } => format!("{low} to {high} {unit}"),
            Answer::Word(words) => words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "),
        }
    }
}

/// The item of an id or one of its other names, in any case, and its place.
pub(crate) fn named(items: &'static [Item], name: &str) -> Option<(usize, &'static Item)> {
    let same = |other: &&str| other.eq_ignore_ascii_case(name);
    items.iter().enumerate().find(|(_, item)| same(&item.id) || item.also.iter().any(same))
}

/// The sex that formulas ask for.
pub(crate) const SEX: Item =
    Item::word("sex", "sex, as the formula has it", &[("female", &["f", "woman"]), ("male", &["m", "man"])]);

/// The age of an adult.
pub(crate) const ADULT_AGE: Item =
    Item::number("age", "age; the formula is for adults", 18.0, 120.0, "a").of("age");

/// Creatinine in serum.
pub(crate) const CREATININE: Item = Item::number("creatinine", "creatinine in serum", 0.1, 35.0, "mg/dL")
    .of("creatinine")
    .also(&["scr", "scr_mgdl"]);

/// The weight of a person.
pub(crate) const WEIGHT: Item =
    Item::number("weight", "body weight", 0.3, 400.0, "kg").of("weight").also(&["kg"]);

/// The height of a person.
pub(crate) const HEIGHT: Item =
    Item::number("height", "height", 20.0, 260.0, "cm").of("height").also(&["cm"]);
