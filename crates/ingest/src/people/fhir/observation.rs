//! Observations: a fact for the value, and one for each component.

use model::{Comparator, Decimal, Fact, FactKind, FactStatus, Problem, Source, Value, What};

use super::{
    super::{
        meaning::{self, Measured, set_number, set_text},
        number::Number,
    },
    resource::{Context, Said, set_time, source},
    shape::{self, Concept, Quantity},
    status,
};

pub(super) fn read(mut r: shape::Observation, context: &mut Context) -> Said {
    let components = std::mem::take(&mut r.component);
    let mut frame = Fact::new(
        FactKind::Observation,
        What::default(),
        FactStatus::Unknown,
        source("Observation", r.id.as_deref()),
    );
    let moment = r.effective_date_time.as_deref().or(r.effective_instant.as_deref());
    set_time(&mut frame, "effective", moment, r.effective_period.as_ref());
    status::set(&mut frame, r.status.as_deref(), status::observation);
    frame.site = context.some(r.body_site.take());
    frame.method = context.some(r.method.take());
    let subject = r.subject.take();
    let mut facts = Vec::new();
    if components.is_empty() || r.has_value() {
        facts.push(fact(frame.clone(), r, context));
    }
    for (number, component) in components.into_iter().enumerate() {
        let mut frame = frame.clone();
        if let Source::Resource { part, .. } = &mut frame.source {
            *part = Some(format!("component[{number}]"));
        }
        facts.push(fact(frame, component, context));
    }
    Said { subject, facts }
}

impl shape::Observation {
    fn has_value(&self) -> bool {
        self.value_quantity.is_some()
            || self.value_codeable_concept.is_some()
            || self.value_string.is_some()
            || self.value_boolean.is_some()
            || self.value_integer.is_some()
            || self.value_range.is_some()
            || self.value_ratio.is_some()
            || self.value_date_time.is_some()
    }
}

fn fact(mut fact: Fact, mut r: shape::Observation, context: &mut Context) -> Fact {
    fact.what = context.what(r.code.take());
    let ranges = std::mem::take(&mut r.reference_range);
    let unit = r.value_quantity.as_ref().and_then(|q| q.unit.clone().or_else(|| q.code.clone()));
    set_value(&mut fact, r, context);
    fact.range = reference_range(&fact.what, ranges, unit.as_deref());
    fact
}

fn set_value(fact: &mut Fact, r: shape::Observation, context: &mut Context) {
    if let Some(quantity) = r.value_quantity {
        set_quantity(fact, &quantity);
    } else if let Some(number) = r.value_integer {
        set_number(fact, &number, Comparator::Exact, None, None);
    } else if let Some(concept) = r.value_codeable_concept {
        fact.value = Some(Value::Coded(context.what(Some(concept))));
    } else if let Some(yes) = r.value_boolean {
        fact.value = Some(Value::Boolean(yes));
    } else if let Some(text) = r.value_string {
        set_text(fact, &text, None);
    } else if let Some(range) = r.value_range {
        let mut problems = Vec::new();
        let mut end = |quantity: Option<Quantity>| {
            quantity.and_then(|quantity| number(&fact.what, &quantity, None, &mut problems))
        };
        fact.value = Some(Value::Range(model::Range { low: end(range.low), high: end(range.high) }));
        fact.problems.append(&mut problems);
    } else if let Some(ratio) = r.value_ratio {
        fact.value = Some(Value::Text(format!("{}:{}", shown(ratio.numerator), shown(ratio.denominator))));
    } else if let Some(date) = r.value_date_time {
        fact.value = Some(Value::Text(date));
    }
}

fn set_quantity(fact: &mut Fact, quantity: &Quantity) {
    let Some(value) = &quantity.value else { return };
    match Comparator::of(quantity.comparator.as_deref().unwrap_or_default()) {
        Some(comparator) => {
            set_number(fact, value, comparator, quantity.unit.as_deref(), quantity.code.as_deref());
        }
        None => {
            // `ad` (sufficient to achieve) and whatever else: no bound is known.
            let text = quantity.comparator.clone().unwrap_or_default();
            fact.problems.push(Problem::NotANumber { text: text.chars().take(40).collect() });
        }
    }
}

fn number(
    what: &What,
    quantity: &Quantity,
    unit: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Option<model::Quantity> {
    let Some(Number::Exact(value)) = quantity.value else { return None };
    let unit = quantity.unit.as_deref().or(unit);
    let measured = Measured { value, comparator: Comparator::Exact, unit, code: quantity.code.as_deref() };
    Some(meaning::measure(what, &measured, problems))
}

/// The one range of what is normal for everybody; its unit is that of the value if it has none.
fn reference_range(
    what: &What,
    ranges: Vec<shape::ReferenceRange>,
    unit: Option<&str>,
) -> Option<model::ReferenceRange> {
    let normal = |range: &shape::ReferenceRange| {
        range.applies_to.is_empty()
            && range.kind.as_ref().and_then(Concept::code).is_none_or(|code| code == "normal")
    };
    let mut ranges = ranges.into_iter().filter(normal);
    let (range, other) = (ranges.next()?, ranges.next());
    if other.is_some() {
        return None;
    }
    // A limit may lie beyond what is plausible for a value: `0` as the lower limit.
    let limit = |limit: Option<Quantity>| limit.and_then(|limit| number(what, &limit, unit, &mut Vec::new()));
    let range = model::ReferenceRange { low: limit(range.low), high: limit(range.high) };
    (range.low.is_some() || range.high.is_some()).then_some(range)
}

fn shown(quantity: Option<Quantity>) -> Decimal {
    match quantity.and_then(|quantity| quantity.value) {
        Some(Number::Exact(value)) => value,
        _ => Decimal::ONE,
    }
}
