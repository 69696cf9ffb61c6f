//! Rows to facts.

use std::collections::HashMap;

use model::{Certainty, Coding, Comparator, Decimal, Fact, FactStatus, Problem, Source, Value, What};

use super::{
    super::{
        date,
        meaning::{self, Meaning, Measured},
    },
    row::Row,
    table::Table,
};

/// The fact of a row, and whose it is.
pub(super) fn of(row: Row, concepts: &HashMap<i64, Coding>, meaning: &mut Meaning) -> (Fact, String) {
    let source = Source::Row { table: row.table.name().to_owned(), row: row.number, column: None };
    let codes = [row.concept, row.source_concept].map(|concept| code(concept, concepts));
    let mut codes: Vec<Coding> = codes.into_iter().flatten().collect();
    codes.dedup();
    let what = meaning.what(codes, row.source_value.clone());
    let mut fact = Fact::new(row.table.kind(), what, FactStatus::Unknown, source);
    fact.start = date::read(row.start.as_deref(), "start", &mut fact.problems).or(row.day);
    fact.end = date::read(row.end.as_deref(), "end", &mut fact.problems);
    fact.status = status(&row, &fact);
    if row.table == Table::NoteNlp {
        term(&mut fact, &row.term);
    }
    set_value(&mut fact, &row, concepts, meaning);
    family(&mut fact);
    (fact, row.person)
}

/// A concept as a code: of its vocabulary, or its bare number.
fn code(concept: i64, concepts: &HashMap<i64, Coding>) -> Option<Coding> {
    let bare = || Coding { system: "OMOP".to_owned(), code: concept.to_string(), display: None };
    (concept != 0).then(|| concepts.get(&concept).cloned().unwrap_or_else(bare))
}

/// The CDM says when, not whether it goes on: an end is an end, and without one nothing is known.
fn status(row: &Row, fact: &Fact) -> FactStatus {
    match row.table {
        Table::Measurement | Table::Observation => FactStatus::Current,
        Table::Procedure => FactStatus::Past,
        Table::Condition | Table::Visit if fact.end.is_some() => FactStatus::Past,
        _ => FactStatus::Unknown,
    }
}

/// What the note says about the term: whether it is there, when, and of whom.
fn term(fact: &mut Fact, [exists, temporal, modifiers]: &[Option<String>; 3]) {
    let lower = |text: &Option<String>| text.as_deref().unwrap_or_default().to_lowercase();
    let modifiers = lower(modifiers);
    match lower(exists).as_str() {
        "n" | "no" | "false" | "0" => fact.negated = true,
        "" => fact.certainty = Certainty::Uncertain,
        _ => {}
    }
    fact.negated |= modifiers.contains("negat");
    match lower(temporal).as_str() {
        "past" | "history" => fact.status = FactStatus::Past,
        "present" | "current" => fact.status = FactStatus::Current,
        "future" => fact.status = FactStatus::Planned,
        _ => {}
    }
    if modifiers.contains("family") {
        fact.family = Some("family".to_owned());
    }
    if ["possible", "conditional", "hypothetical", "uncertain"].iter().any(|word| modifiers.contains(word)) {
        fact.certainty = Certainty::Uncertain;
    }
}

/// OMOP's numbers for comparators.
fn comparator(operator: i64) -> Comparator {
    match operator {
        4_171_756 => Comparator::Less,
        4_171_754 => Comparator::AtMost,
        4_171_755 => Comparator::AtLeast,
        4_172_704 => Comparator::More,
        _ => Comparator::Exact,
    }
}

fn set_value(fact: &mut Fact, row: &Row, concepts: &HashMap<i64, Coding>, meaning: &mut Meaning) {
    if !matches!(row.table, Table::Measurement | Table::Observation) {
        return;
    }
    let unit_code = concepts.get(&row.unit_concept).map(|coding| coding.code.as_str());
    let unit = row.unit.as_deref().or(unit_code);
    let number = |text: &Option<String>, comparator, problems: &mut Vec<Problem>| {
        let value: Decimal = text.as_deref()?.parse().ok()?;
        let measured = Measured { value, comparator, unit, code: unit_code };
        Some(meaning::measure(&fact.what, &measured, problems))
    };
    let limits = (
        number(&row.low, Comparator::Exact, &mut Vec::new()),
        number(&row.high, Comparator::Exact, &mut Vec::new()),
    );
    let mut problems = Vec::new();
    let quantity = number(&row.value, comparator(row.operator), &mut problems);
    fact.problems.append(&mut problems);
    if limits.0.is_some() || limits.1.is_some() {
        fact.range = Some(model::ReferenceRange { low: limits.0, high: limits.1 });
    }
    match (quantity, &row.value, code(row.value_concept, concepts), &row.value_text) {
        (Some(quantity), ..) => fact.value = Some(Value::Quantity(quantity)),
        (None, Some(text), ..) => {
            fact.problems.push(Problem::NotANumber { text: text.chars().take(40).collect() });
            fact.value = Some(Value::Text(text.clone()));
        }
        (None, None, Some(coding), _) => {
            fact.value = Some(Value::Coded(meaning.what(vec![coding], None)));
        }
        (None, None, None, Some(text)) => meaning::set_text(fact, text, unit),
        (None, None, None, None) => {}
    }
}

/// "Family history of" with a value is a condition of a relative.
fn family(fact: &mut Fact) {
    let name = fact.what.codes.first().and_then(|coding| coding.display.as_deref()).unwrap_or_default();
    if !name.to_lowercase().starts_with("family history") {
        return;
    }
    fact.family = Some("family".to_owned());
    if let Some(Value::Coded(what)) = &fact.value {
        let what: What = what.clone();
        (fact.what, fact.value) = (what, None);
        fact.kind = model::FactKind::Condition;
    }
}
