//! What codes, words and units mean: variables of the catalogue, MeSH concepts, canonical values.

use std::collections::HashMap;

use model::{Coding, Comparator, Decimal, Fact, Problem, Quantity, Value, What};
use vocabulary::{
    unit,
    variable::{self, Kind, Trouble, Variable},
};

use super::number::{self, Number};

/// What codes and words mean; what was looked up once is remembered.
#[derive(Default)]
pub(crate) struct Meaning {
    concepts: HashMap<String, Vec<String>>,
}

/// Names remembered at most, so that a stream of invented names cannot fill the memory.
const REMEMBERED: usize = 50_000;

/// A number with its unit, as recorded.
pub(crate) struct Measured<'r> {
    pub value: Decimal,
    pub comparator: Comparator,
    /// The unit as people see it.
    pub unit: Option<&'r str>,
    /// The unit's UCUM code, where the record has one.
    pub code: Option<&'r str>,
}

impl Meaning {
    /// What some codes and words are about.
    pub fn what(&mut self, codes: Vec<Coding>, text: Option<String>) -> What {
        let displays = || codes.iter().filter_map(|coding| coding.display.as_deref());
        let variable = by_codes(&codes)
            .or_else(|| text.as_deref().and_then(by_words))
            .or_else(|| displays().find_map(by_words));
        let mut concepts = text.as_deref().map(|text| self.concepts(text)).unwrap_or_default();
        for display in displays() {
            if concepts.is_empty() {
                concepts = self.concepts(display);
            }
        }
        What { variable: variable.map(|variable| variable.id.to_owned()), codes, concepts, text }
    }

    /// The MeSH concepts that words name; for drugs, whose words go on with strength and form, the one they begin
    /// with, and those behind each stroke.
    fn concepts(&mut self, words: &str) -> Vec<String> {
        if let Some(known) = self.concepts.get(words) {
            return known.clone();
        }
        let bare = bare(words);
        let found: Vec<String> = match vocabulary::by_name(bare) {
            Some(concept) => vec![concept.to_string()],
            None if bare.bytes().any(|b| b.is_ascii_digit()) => {
                bare.split(" / ").filter_map(ingredient).collect()
            }
            None => Vec::new(),
        };
        if self.concepts.len() < REMEMBERED {
            self.concepts.insert(words.to_owned(), found.clone());
        }
        found
    }
}

/// The words without SNOMED's tag: `Diabetes mellitus (disorder)`.
fn bare(words: &str) -> &str {
    let words = words.trim();
    match words.rfind(" (") {
        Some(at) if words.ends_with(')') => words[..at].trim_end(),
        _ => words,
    }
}

/// The drug between pack and strength: `24 HR Metformin hydrochloride 500 MG Oral Tablet`.
fn ingredient(words: &str) -> Option<String> {
    let strength = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let pack = |word: &&str| {
        strength(word) || matches!(*word, "HR" | "ML" | "MG" | "ACTUAT") || word.starts_with("NDA")
    };
    let name: Vec<&str> =
        words.split_whitespace().skip_while(pack).take_while(|word| !strength(word)).collect();
    // Without its salt if the salt has no name of its own.
    (1..=name.len().min(4))
        .rev()
        .find_map(|count| vocabulary::by_name(&name[..count].join(" ")))
        .map(|id| id.to_string())
}

/// The variable of the first code that has one, verified codes first.
fn by_codes(codes: &[Coding]) -> Option<&'static Variable> {
    let found = codes.iter().filter_map(|coding| variable::by_code(&coding.system, &coding.code));
    found.min_by_key(|found| !found.verified).map(|found| found.variable)
}

fn by_words(words: &str) -> Option<&'static Variable> {
    variable::named(bare(words))
}

/// The variable that a fact is about.
pub(crate) fn variable_of(what: &What) -> Option<&'static Variable> {
    what.variable.as_deref().and_then(variable::by_id)
}

/// A number as a value: its unit in UCUM, the canonical value of the variable, and what is wrong with it.
pub(crate) fn measure(what: &What, measured: &Measured, problems: &mut Vec<Problem>) -> Quantity {
    let given = measured.unit.or(measured.code).map(str::trim).filter(|unit| !unit.is_empty());
    let known = measured.code.and_then(unit::of).or_else(|| measured.unit.and_then(unit::of));
    let mut quantity = Quantity {
        value: measured.value,
        comparator: measured.comparator,
        unit: given.map(str::to_owned),
        ucum: known.map(|unit| unit.as_str().to_owned()),
        canonical: None,
    };
    let Some(variable) = variable_of(what).filter(|variable| variable.unit.is_some()) else {
        return quantity;
    };
    let suggested = || {
        let repair = variable.repair(measured.value, known);
        repair.map(|repair| repair.unit.as_str().to_owned())
    };
    if let (Some(unit), None) = (given, known) {
        problems.push(Problem::UnknownUnit { unit: unit.to_owned() });
        return quantity;
    }
    match variable.canonical(measured.value, known) {
        Ok(canonical) => {
            quantity.canonical = Some(canonical.value);
            if !variable.is_plausible(canonical.value) {
                problems.push(Problem::Implausible { suggested_unit: suggested() });
            }
        }
        Err(Trouble::NoUnit) => problems.push(Problem::NoUnit),
        Err(Trouble::OtherDimension) => problems.push(Problem::OtherDimension {
            unit: given.unwrap_or_default().to_owned(),
            suggested_unit: suggested(),
        }),
        Err(Trouble::TooLarge) => problems.push(Problem::NotANumber { text: measured.value.to_string() }),
        Err(Trouble::NeedsLimit | Trouble::NoNumber) => {}
    }
    quantity
}

/// Puts a text into a fact as its value: as a number where the variable is one and the text reads as one.
pub(crate) fn set_text(fact: &mut Fact, text: &str, unit: Option<&str>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let variable = variable_of(&fact.what);
    let numeric = variable.is_some_and(|variable| variable.unit.is_some());
    let boolean = variable.is_some_and(|variable| !numeric && !matches!(variable.kind, Kind::Coded));
    match (number::quantity(text), yes_or_no(text)) {
        (Some((comparator, value, behind)), _) if numeric || unit.is_some() => {
            let unit = Some(behind).filter(|behind| !behind.is_empty()).or(unit);
            let measured = Measured { value, comparator, unit, code: None };
            let quantity = measure(&fact.what, &measured, &mut fact.problems);
            fact.value = Some(Value::Quantity(quantity));
        }
        (_, Some(yes)) if boolean => fact.value = Some(Value::Boolean(yes)),
        _ => {
            if numeric && class(text).is_none() {
                fact.problems.push(Problem::NotANumber { text: text.chars().take(40).collect() });
            }
            fact.value = Some(class(text).filter(|_| numeric).map_or_else(
                || Value::Text(text.to_owned()),
                |value| {
                    let measured = Measured { value, comparator: Comparator::Exact, unit: None, code: None };
                    Value::Quantity(measure(&fact.what, &measured, &mut fact.problems))
                },
            ));
        }
    }
}

/// A number, exact or not, put into a fact as its value.
pub(crate) fn set_number(
    fact: &mut Fact,
    number: &Number,
    comparator: Comparator,
    unit: Option<&str>,
    code: Option<&str>,
) {
    match number {
        Number::Exact(value) => {
            let measured = Measured { value: *value, comparator, unit, code };
            let quantity = measure(&fact.what, &measured, &mut fact.problems);
            fact.value = Some(Value::Quantity(quantity));
        }
        Number::Other(text) => {
            fact.problems.push(Problem::NotANumber { text: text.clone() });
            fact.value = Some(Value::Text(text.clone()));
        }
    }
}

/// Classes in Roman numerals, alone or behind their scale: `II`, `Class III`.
fn class(text: &str) -> Option<Decimal> {
    let last = text.split_whitespace().last()?;
    let place =
        ["I", "II", "III", "IV", "V", "VI"].iter().position(|numeral| last.eq_ignore_ascii_case(numeral))?;
    Some(Decimal::from(place + 1))
}

/// Yes or no in words.
pub(crate) fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "present" => Some(true),
        "no" | "n" | "false" | "0" | "absent" | "none" => Some(false),
        _ => None,
    }
}
