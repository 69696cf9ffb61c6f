//! Measured values in a note: a variable and the quantity behind it.

use model::{
    Comparator, Decimal, Fact, FactKind, FactStatus, Problem, Quantity, Range, Value, What as About,
};
use vocabulary::unit::{self, Unit};
use vocabulary::variable::{self, Kind, Trouble, Variable};

use super::scope::Clause;
use crate::read::elements::What;
use crate::read::lexicon::Class;
use crate::read::quant::Quant;

/// Adds the values of a sentence.
pub fn read(clause: &Clause<'_>, facts: &mut Vec<Fact>) {
    for at in 0..clause.e.els.len() {
        match clause.e.els[at].what {
            What::Var(_) => {
                if let Some(variable) = measured_at(clause, at) {
                    of_variable(clause, at, variable, facts);
                }
            }
            What::Named(_) | What::Word => implied(clause, at, facts),
            What::Quant(quant) => gestation(clause, at, &clause.e.quants[quant as usize], facts),
            _ => {}
        }
    }
}

/// The variable with a number that an element names. Criteria use some names for findings: `temperature` for the sense of
/// it; before a quantity the variable is meant.
pub fn measured_at(clause: &Clause<'_>, at: usize) -> Option<&'static Variable> {
    let What::Var(variable) = clause.e.els[at].what else { return None };
    let named = || variable::named(clause.text(at..at + 1)).filter(|named| is_measured(named));
    match is_measured(variable) {
        true => Some(variable),
        false => named().filter(|_| quantity_behind(clause, at).is_some()),
    }
}

/// Whether a variable has a number.
pub fn is_measured(variable: &Variable) -> bool {
    matches!(variable.kind, Kind::Numeric | Kind::Ordinal | Kind::Composite) && variable.id != "age"
}

fn of_variable(clause: &Clause<'_>, at: usize, variable: &'static Variable, facts: &mut Vec<Fact>) {
    let Some((place, quant)) = quantity_behind(clause, at) else {
        return worded(clause, at, variable, facts);
    };
    let source = clause.source(at..place + 1);
    let mut add = |variable: &Variable, value: Value, problems: Vec<Problem>| {
        let what =
            About { variable: Some(variable.id.to_owned()), ..About::words(clause.text(at..place + 1)) };
        let mut fact = Fact::new(FactKind::Observation, what, FactStatus::Current, source.clone());
        let said = clause.said(at);
        // A value of an unknown time of the past is not that of today.
        if said.start.is_some() || !said.then {
            (fact.value, fact.problems) = (Some(value), problems);
        }
        fact.family = said.family.clone();
        fact.start = said.start;
        facts.push(fact);
    };
    if let (Some(first), Some(second)) = (quant.value(), quant.second) {
        for (id, number) in [("sbp", first), ("dbp", second)] {
            if let Some(part) = variable::by_id(id).filter(|_| matches!(variable.id, "bp" | "sbp" | "dbp")) {
                let (quantity, problems) = measured(part, number, Comparator::Exact, quant.unit);
                add(part, Value::Quantity(quantity), problems);
            }
        }
        return;
    }
    if let Some((value, problems)) = value(variable, quant) {
        add(variable, value, problems);
    }
}

/// The quantity behind a variable, with nothing but small words between.
fn quantity_behind<'c>(clause: &Clause<'c>, at: usize) -> Option<(usize, &'c Quant)> {
    for next in at + 1..clause.e.els.len().min(at + 7) {
        match clause.e.els[next].what {
            What::Quant(quant) => {
                let quant = &clause.e.quants[quant as usize];
                // A time is the value of no other variable.
                return (!quant.is_time()).then_some((next, quant));
            }
            What::Lex(Class::Skip | Class::Eq | Class::Abnormal | Class::ChangeUp | Class::ChangeDown, _) => {
            }
            What::Colon | What::Open | What::Sign(_) | What::Close | What::Dash => {}
            What::Word if is_small(&clause.word(next)) => {}
            What::Lex(..) if is_small(&clause.word(next)) => {}
            _ => return None,
        }
    }
    None
}

fn is_small(word: &str) -> bool {
    matches!(
        word,
        "of" | "is"
            | "was"
            | "were"
            | "at"
            | "approximately"
            | "about"
            | "measured"
            | "count"
            | "level"
            | "around"
            | "found"
            | "elevated"
            | "reading"
            | "value"
            | "revealed"
            | "with"
            | "currently"
            | "low"
            | "high"
            | "normal"
            | "to"
            | "hb"
            | "wbc"
    )
}

/// The value of a quantity.
fn value(variable: &Variable, quant: &Quant) -> Option<(Value, Vec<Problem>)> {
    let one = |number: Decimal, comparator| measured(variable, number, comparator, quant.unit);
    Some(match (quant.lo, quant.hi) {
        _ if quant.bare && !quant.range => {
            let (quantity, problems) = one(quant.value()?, Comparator::Exact);
            (Value::Quantity(quantity), problems)
        }
        (Some(lo), Some(hi)) if lo.value == hi.value => {
            let (quantity, problems) = one(lo.value, Comparator::Exact);
            (Value::Quantity(quantity), problems)
        }
        (Some(lo), Some(hi)) => {
            let ((low, problems), (high, _)) =
                (one(lo.value, Comparator::Exact), one(hi.value, Comparator::Exact));
            (Value::Range(Range { low: Some(low), high: Some(high) }), problems)
        }
        (Some(lo), None) => {
            let (quantity, problems) =
                one(lo.value, if lo.incl { Comparator::AtLeast } else { Comparator::More });
            (Value::Quantity(quantity), problems)
        }
        (None, Some(hi)) => {
            let (quantity, problems) =
                one(hi.value, if hi.incl { Comparator::AtMost } else { Comparator::Less });
            (Value::Quantity(quantity), problems)
        }
        (None, None) => return None,
    })
}

/// A number with its unit, in the canonical unit too, and what is wrong with it.
fn measured(
    variable: &Variable,
    value: Decimal,
    comparator: Comparator,
    printed: Option<Unit>,
) -> (Quantity, Vec<Problem>) {
    let unit = printed.or_else(|| habitual(variable, value));
    let name = unit.map(|unit| unit.as_str().to_owned());
    let mut problems = Vec::new();
    let canonical = match variable.canonical(value, unit) {
        Ok(found) => {
            if !variable.is_plausible(found.value) {
                let suggested_unit =
                    variable.repair(value, unit).map(|repair| repair.unit.as_str().to_owned());
                problems.push(Problem::Implausible { suggested_unit });
            }
            Some(found.value)
        }
        Err(Trouble::NoUnit) => {
            problems.push(Problem::NoUnit);
            None
        }
        Err(_) => {
            let suggested_unit = variable.repair(value, unit).map(|repair| repair.unit.as_str().to_owned());
            problems.push(Problem::OtherDimension { unit: name.clone().unwrap_or_default(), suggested_unit });
            None
        }
    };
    let unit = printed.map(|unit| unit.as_str().to_owned());
    (Quantity { value, comparator, unit, ucum: name, canonical }, problems)
}

/// The unit that vital signs are written in when none is written.
fn habitual(variable: &Variable, value: Decimal) -> Option<Unit> {
    match variable.id {
        "heart_rate" | "resp_rate" | "sbp" | "dbp" | "map" | "spo2" => variable.unit,
        "temperature" if value >= Decimal::from(80) => unit::of("[degF]"),
        "temperature" => unit::of("Cel"),
        _ => None,
    }
}

/// `temperature is normal`, `elevated LDH`: a value in a word.
fn worded(clause: &Clause<'_>, at: usize, variable: &Variable, facts: &mut Vec<Fact>) {
    let near = (at.saturating_sub(1)..clause.e.els.len().min(at + 4)).filter(|i| *i != at);
    let found = near.map(|i| clause.word(i)).find(|word| {
        matches!(
            word.as_str(),
            "normal" | "elevated" | "increased" | "decreased" | "low" | "high" | "reduced" | "unremarkable"
        )
    });
    let Some(word) = found else { return };
    let what = About { variable: Some(variable.id.to_owned()), ..About::words(clause.text(at..at + 1)) };
    let mut fact = Fact::new(FactKind::Observation, what, FactStatus::Current, clause.source(at..at + 1));
    fact.value = Some(Value::Text(word));
    fact.family = clause.said(at).family.clone();
    facts.push(fact);
}

/// Words that tell of a value by their definition: bounds in the canonical unit.
const IMPLIED: [(&str, &str, Comparator, i64); 15] = [
    ("tachycardia", "heart_rate", Comparator::More, 100),
    ("tachycardic", "heart_rate", Comparator::More, 100),
    ("bradycardia", "heart_rate", Comparator::Less, 60),
    ("bradycardic", "heart_rate", Comparator::Less, 60),
    ("tachypnea", "resp_rate", Comparator::More, 20),
    ("tachypneic", "resp_rate", Comparator::More, 20),
    ("febrile", "temperature", Comparator::AtLeast, 38),
    ("afebrile", "temperature", Comparator::Less, 38),
    ("hypotensive", "sbp", Comparator::Less, 90),
    ("obese", "bmi", Comparator::AtLeast, 30),
    ("obesity", "bmi", Comparator::AtLeast, 30),
    ("overweight", "bmi", Comparator::AtLeast, 25),
    ("leukopenia", "wbc", Comparator::Less, 4),
    ("thrombocytopenia", "platelets", Comparator::Less, 150),
    ("leukocytosis", "wbc", Comparator::More, 11),
];

/// `tachycardic`: a heart rate above 100.
fn implied(clause: &Clause<'_>, at: usize, facts: &mut Vec<Fact>) {
    let said = clause.said(at);
    let words = vocabulary::words(clause.text(at..at + 1));
    let found = words.first().and_then(|word| IMPLIED.iter().find(|row| row.0 == word.norm));
    let Some((_, id, comparator, bound)) = found.filter(|_| words.len() == 1 && !said.denied && !said.past)
    else {
        return;
    };
    let Some(variable) = variable::by_id(id) else { return };
    let what = About { variable: Some((*id).to_owned()), ..About::words(clause.text(at..at + 1)) };
    let mut fact = Fact::new(FactKind::Observation, what, FactStatus::Current, clause.source(at..at + 1));
    let (quantity, problems) = measured(variable, (*bound).into(), *comparator, variable.unit);
    (fact.value, fact.problems) = (Some(Value::Quantity(quantity)), problems);
    (fact.family, fact.start) = (said.family.clone(), said.start);
    facts.push(fact);
}

/// `at 11 weeks gestation`, `20 weeks pregnant`.
fn gestation(clause: &Clause<'_>, at: usize, quant: &Quant, facts: &mut Vec<Fact>) {
    let Some(variable) =
        variable::by_id("gestational_age").filter(|_| quant.is_time() && clause.said(at).family.is_none())
    else {
        return;
    };
    let next = (at + 1..clause.e.els.len().min(at + 3)).find(|i| {
        let word = clause.word(*i);
        ["gestation", "gestational age", "pregnant", "pregnancy"].iter().any(|name| word.contains(name))
    });
    let Some((next, (value, problems))) = next.zip(value(variable, quant)) else { return };
    let source = clause.source(at..next + 1);
    let words = clause.text(at..next + 1);
    let what = About { variable: Some("gestational_age".into()), ..About::words(words) };
    let mut fact = Fact::new(FactKind::Observation, what, FactStatus::Current, source.clone());
    (fact.value, fact.problems) = (Some(value), problems);
    facts.push(fact);
    let what = About { variable: Some("pregnancy".into()), ..About::words(words) };
    facts.push(Fact::new(FactKind::Status, what, FactStatus::Current, source));
}
