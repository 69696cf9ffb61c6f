//! Drugs that were ordered, taken or given, with the dose a day where that can be computed.

use model::{Certainty, Comparator, Decimal, Fact, FactKind, FactStatus, Value};

use super::{
    super::{date, meaning, number::Number},
    resource::{Context, Said, set_time, source},
    shape::{self, Concept, Dosage, OneOrMany},
    status,
};

pub(super) fn read(kind: &str, mut r: shape::Medication, context: &mut Context) -> Said {
    let drug = drug(&mut r, context);
    let fact_kind = if kind == "MedicationRequest" { FactKind::DrugRequest } else { FactKind::Drug };
    let mut fact =
        Fact::new(fact_kind, context.what(drug), FactStatus::Unknown, source(kind, r.id.as_deref()));
    set_time(&mut fact, "effective", r.effective_date_time.as_deref(), r.effective_period.as_ref());
    if kind == "MedicationRequest" {
        fact.start = date::read(r.authored_on.as_deref(), "authoredOn", &mut fact.problems);
        let validity = r.dispense_request.and_then(|dispense| dispense.validity_period).unwrap_or_default();
        fact.end = date::read(validity.end.as_deref(), "validityPeriod.end", &mut fact.problems);
    }
    status::set(&mut fact, r.status.as_deref(), status::medication);
    if matches!(r.intent.as_deref(), Some("proposal" | "plan" | "option"))
        && fact.status != FactStatus::EnteredInError
    {
        // Nobody has ordered it yet.
        (fact.status, fact.certainty) = (FactStatus::Planned, Certainty::Uncertain);
    }
    fact.negated |= r.do_not_perform == Some(true);
    let dosage = r.dosage_instruction.into_iter().next().or(r.dosage.and_then(OneOrMany::into_first));
    if let Some((dose, unit)) = dosage.and_then(per_day) {
        let measured =
            meaning::Measured { value: dose, comparator: Comparator::Exact, unit: Some(&unit), code: None };
        let quantity = meaning::measure(&fact.what, &measured, &mut fact.problems);
        fact.value = Some(Value::Quantity(quantity));
    }
    Said { subject: r.subject, facts: vec![fact] }
}

/// The drug itself, or the one of the Medication resource that is named.
fn drug(r: &mut shape::Medication, context: &Context) -> Option<Concept> {
    if let Some(concept) = r.medication_codeable_concept.take() {
        return Some(concept);
    }
    let reference = r.medication_reference.take()?;
    let name = reference.reference.as_deref().unwrap_or_default();
    let inside = name.strip_prefix('#').and_then(|id| {
        r.contained
            .iter()
            .find(|resource| resource.id.as_deref() == Some(id))
            .and_then(|found| found.code.clone())
    });
    let found = inside.or_else(|| {
        let id = name.rsplit_once('/').map_or(name, |(_, id)| id);
        context.medications.get(name).or_else(|| context.medications.get(id)).cloned()
    });
    found.or_else(|| Some(Concept { coding: Vec::new(), text: reference.display.or(reference.reference) }))
}

/// The dose of a day and its unit, if dose and times are stated.
fn per_day(dosage: Dosage) -> Option<(Decimal, String)> {
    if dosage.as_needed_boolean == Some(true) {
        return None;
    }
    let dose = dosage.dose_and_rate.into_iter().next()?.dose_quantity?;
    let repeat = dosage.timing?.repeat?;
    let Some(Number::Exact(amount)) = dose.value else { return None };
    let number = |number: Option<Number>| match number {
        Some(Number::Exact(value)) => Some(value),
        Some(Number::Other(_)) => None,
        None => Some(Decimal::ONE),
    };
    let (times, period) = (number(repeat.frequency)?, number(repeat.period)?);
    let from = vocabulary::unit::of(repeat.period_unit.as_deref()?)?;
    let days = vocabulary::unit::convert(period, from, vocabulary::unit::of("d")?)?;
    let a_day = amount.checked_mul(times)?.checked_div(days)?.normalize();
    let unit = dose.code.or(dose.unit)?;
    Some((a_day, format!("{unit}/d")))
}
