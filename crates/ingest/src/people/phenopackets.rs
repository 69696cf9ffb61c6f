//! GA4GH Phenopackets v2 as JSON: a phenopacket, a cohort of them, or the proband of a family.
//!
//! `excluded: true` is the explicit statement that something is not so. Ages at onset stay unread: they are no dates.

use model::{
    Birth, Coding, Comparator, Death, Decimal, Fact, FactKind, FactStatus, IssueKind, Sex, Source, StatedAge,
    Subject, Value, What,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{
    date,
    meaning::{self, Meaning, Measured},
    number::Number,
    session::{Flow, Session},
};

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Outer<'a> {
    #[serde(borrow)]
    proband: Option<&'a RawValue>,
    #[serde(borrow)]
    members: Vec<&'a RawValue>,
    #[serde(borrow)]
    relatives: Vec<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Packet<'a> {
    id: String,
    subject: Individual,
    // Each element is read on its own, so that a broken one does not take the others along.
    #[serde(borrow)]
    phenotypic_features: Vec<&'a RawValue>,
    #[serde(borrow)]
    measurements: Vec<&'a RawValue>,
    #[serde(borrow)]
    diseases: Vec<&'a RawValue>,
    #[serde(borrow)]
    medical_actions: Vec<&'a RawValue>,
    #[serde(borrow)]
    biosamples: Vec<&'a RawValue>,
    #[serde(borrow)]
    interpretations: Vec<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Individual {
    id: String,
    date_of_birth: Option<String>,
    time_at_last_encounter: Option<Time>,
    vital_status: Option<VitalStatus>,
    sex: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VitalStatus {
    status: String,
    time_of_death: Option<Time>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Term {
    id: String,
    label: Option<String>,
}

/// A moment, an age or an interval.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Time {
    timestamp: Option<String>,
    age: Option<IsoAge>,
    interval: Option<Interval>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct IsoAge {
    iso8601duration: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Interval {
    start: Option<String>,
    end: Option<String>,
}

/// A phenotypic feature (`type`) or a disease (`term`).
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Feature {
    #[serde(alias = "type")]
    term: Term,
    excluded: bool,
    severity: Option<Term>,
    onset: Option<Time>,
    resolution: Option<Time>,
    disease_stage: Vec<Term>,
    primary_site: Option<Term>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Measurement {
    assay: Term,
    value: Option<MeasuredValue>,
    complex_value: Option<Complex>,
    time_observed: Option<Time>,
    procedure: Option<Procedure>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct MeasuredValue {
    quantity: Option<Quantity>,
    ontology_class: Option<Term>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Complex {
    typed_quantities: Vec<TypedQuantity>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TypedQuantity {
    #[serde(rename = "type")]
    kind: Term,
    quantity: Quantity,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Quantity {
    unit: Option<Term>,
    value: Option<Number>,
    reference_range: Option<ReferenceRange>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ReferenceRange {
    unit: Option<Term>,
    low: Option<Number>,
    high: Option<Number>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Action {
    procedure: Option<Procedure>,
    treatment: Option<Treatment>,
    radiation_therapy: Option<Radiation>,
    therapeutic_regimen: Option<Regimen>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Procedure {
    code: Term,
    body_site: Option<Term>,
    performed: Option<Time>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Treatment {
    agent: Term,
    dose_intervals: Vec<DoseInterval>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DoseInterval {
    interval: Option<Interval>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Radiation {
    body_site: Option<Term>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Regimen {
    ontology_class: Option<Term>,
    start_time: Option<Time>,
    end_time: Option<Time>,
    regimen_status: String,
}

/// Reads a phenopacket, a cohort or a family.
pub(crate) fn read(session: &mut Session, text: &str) -> Flow {
    let outer = match serde_json::from_str::<Outer>(text) {
        Ok(outer) => outer,
        Err(error) => return broken(session, &error, None),
    };
    for _ in &outer.relatives {
        session.missed("relative of a family");
    }
    let inner: Vec<&RawValue> = outer.proband.into_iter().chain(outer.members).collect();
    if inner.is_empty() {
        return packet(session, text);
    }
    for member in inner {
        packet(session, member.get())?;
    }
    Flow::Continue(())
}

fn broken(session: &mut Session, error: &serde_json::Error, path: Option<String>) -> Flow {
    session.issue(IssueKind::BadValue, format!("no part of a phenopacket v2: {error}"), path)
}

fn packet(session: &mut Session, text: &str) -> Flow {
    let packet = match serde_json::from_str::<Packet>(text) {
        Ok(packet) => packet,
        Err(error) => return broken(session, &error, None),
    };
    let mut subject = individual(&packet);
    let parts: [(&str, &[&RawValue], Reader); 4] = [
        ("phenotypicFeatures", &packet.phenotypic_features, feature),
        ("diseases", &packet.diseases, disease),
        ("measurements", &packet.measurements, measurement),
        ("medicalActions", &packet.medical_actions, action),
    ];
    for (name, elements, read) in parts {
        for (number, element) in elements.iter().enumerate() {
            let path = format!("{name}[{number}]");
            match read(element.get(), &path, &mut session.meaning) {
                Ok(facts) => subject.facts.extend(facts),
                Err(error) => broken(session, &error, Some(path))?,
            }
        }
    }
    for _ in &packet.biosamples {
        session.missed("biosample");
    }
    for _ in &packet.interpretations {
        session.missed("interpretation");
    }
    let place = session.place(None);
    session.person(subject, place)
}

type Reader = fn(&str, &str, &mut Meaning) -> Result<Vec<Fact>, serde_json::Error>;

fn individual(packet: &Packet) -> Subject {
    let individual = &packet.subject;
    let id = if individual.id.is_empty() { &packet.id } else { &individual.id };
    let mut subject = Subject { id: id.clone(), ..Subject::default() };
    subject.sex = match individual.sex.as_deref() {
        Some("FEMALE") => Some(Sex::Female),
        Some("MALE") => Some(Sex::Male),
        Some("OTHER_SEX") => Some(Sex::Other),
        _ => None,
    };
    let born = date::read(individual.date_of_birth.as_deref(), "dateOfBirth", &mut subject.problems);
    let age = || {
        let age = individual.time_at_last_encounter.as_ref()?.age.as_ref()?;
        stated_age(age.iso8601duration.as_deref()?)
    };
    subject.birth = born.map(Birth::Date).or_else(|| age().map(Birth::Age));
    if let Some(vital) = individual.vital_status.as_ref().filter(|vital| vital.status == "DECEASED") {
        let time = vital.time_of_death.as_ref().and_then(|time| time.timestamp.as_deref());
        let date = date::read(time, "timeOfDeath", &mut subject.problems);
        subject.death = Some(Death { date, source: Source::Path("subject.vitalStatus".to_owned()) });
    }
    subject
}

/// An age as an ISO 8601 duration: `P38Y7M` are 38 completed years.
fn stated_age(text: &str) -> Option<StatedAge> {
    let body = text.strip_prefix('P')?;
    let end = body.find(|c: char| !c.is_ascii_digit())?;
    let value: Decimal = body[..end].parse().ok()?;
    let unit = match body.as_bytes()[end] {
        b'Y' => "a",
        b'M' => "mo",
        b'W' => "wk",
        b'D' => "d",
        _ => return None,
    };
    Some(StatedAge { value, unit: unit.to_owned(), on: None })
}

fn what(term: Term, meaning: &mut Meaning) -> What {
    let (system, code) = match term.id.split_once(':') {
        Some(("LOINC", code)) => ("http://loinc.org".to_owned(), code.to_owned()),
        Some(("SNOMED" | "SCTID" | "SNOMEDCT" | "SNOMEDCT_US", code)) => {
            ("http://snomed.info/sct".to_owned(), code.to_owned())
        }
        Some((system, _)) => (system.to_owned(), term.id.clone()),
        None => (String::new(), term.id.clone()),
    };
    let coding = Coding { system, code, display: term.label.clone() };
    let codes = if term.id.is_empty() { Vec::new() } else { vec![coding] };
    meaning.what(codes, term.label)
}

fn start(fact: &mut Fact, time: Option<Time>) {
    let time = time.unwrap_or_default();
    let interval = time.interval.unwrap_or_default();
    let problems = &mut fact.problems;
    let begin = time.timestamp.as_deref().or(interval.start.as_deref());
    fact.start = date::read(begin, "timestamp", problems);
    fact.end = date::read(interval.end.as_deref(), "interval.end", problems).or(fact.end);
}

fn feature(json: &str, path: &str, meaning: &mut Meaning) -> Result<Vec<Fact>, serde_json::Error> {
    featured(FactKind::Observation, json, path, meaning)
}

fn disease(json: &str, path: &str, meaning: &mut Meaning) -> Result<Vec<Fact>, serde_json::Error> {
    featured(FactKind::Condition, json, path, meaning)
}

fn featured(
    kind: FactKind,
    json: &str,
    path: &str,
    meaning: &mut Meaning,
) -> Result<Vec<Fact>, serde_json::Error> {
    let feature: Feature = serde_json::from_str(json)?;
    let what_it_is = what(feature.term, meaning);
    let mut fact = Fact::new(kind, what_it_is, FactStatus::Current, Source::Path(path.to_owned()));
    start(&mut fact, feature.onset);
    if let Some(over) = feature.resolution {
        fact.status = FactStatus::Past;
        let end = over.timestamp.or(over.interval.and_then(|interval| interval.end));
        fact.end = date::read(end.as_deref(), "resolution", &mut fact.problems);
    }
    fact.negated = feature.excluded;
    fact.severity = feature.severity.map(|term| what(term, meaning));
    fact.stage = feature.disease_stage.into_iter().next().map(|term| what(term, meaning));
    fact.site = feature.primary_site.map(|term| what(term, meaning));
    Ok(vec![fact])
}

fn measurement(json: &str, path: &str, meaning: &mut Meaning) -> Result<Vec<Fact>, serde_json::Error> {
    let measurement: Measurement = serde_json::from_str(json)?;
    let assay = what(measurement.assay, meaning);
    let source = |part: Option<usize>| match part {
        Some(part) => Source::Path(format!("{path}.complexValue.typedQuantities[{part}]")),
        None => Source::Path(path.to_owned()),
    };
    let mut frame = Fact::new(FactKind::Observation, assay, FactStatus::Current, source(None));
    start(&mut frame, measurement.time_observed);
    frame.method = measurement.procedure.map(|procedure| what(procedure.code, meaning));
    let mut facts = Vec::new();
    for (number, part) in
        measurement.complex_value.unwrap_or_default().typed_quantities.into_iter().enumerate()
    {
        let mut fact = Fact { source: source(Some(number)), ..frame.clone() };
        fact.what = what(part.kind, meaning);
        set_quantity(&mut fact, part.quantity);
        facts.push(fact);
    }
    let value = measurement.value.unwrap_or_default();
    if let Some(quantity) = value.quantity {
        set_quantity(&mut frame, quantity);
    } else if let Some(class) = value.ontology_class {
        frame.value = Some(Value::Coded(what(class, meaning)));
    }
    if frame.value.is_some() || facts.is_empty() {
        facts.insert(0, frame);
    }
    Ok(facts)
}

/// The unit of a term: its UCUM code, else its label.
fn unit(term: Option<&Term>) -> Option<&str> {
    let term = term?;
    let code = term.id.strip_prefix("UCUM:").or_else(|| term.id.strip_prefix("UO:").and(None));
    code.or(term.label.as_deref())
}

fn set_quantity(fact: &mut Fact, quantity: Quantity) {
    let own = unit(quantity.unit.as_ref());
    if let Some(value) = &quantity.value {
        meaning::set_number(fact, value, Comparator::Exact, own, None);
    }
    let Some(range) = quantity.reference_range else { return };
    let unit = unit(range.unit.as_ref()).or(own);
    let limit = |number: Option<Number>| match number {
        Some(Number::Exact(value)) => {
            let measured = Measured { value, comparator: Comparator::Exact, unit, code: None };
            Some(meaning::measure(&fact.what, &measured, &mut Vec::new()))
        }
        _ => None,
    };
    fact.range = Some(model::ReferenceRange { low: limit(range.low), high: limit(range.high) });
}

fn action(json: &str, path: &str, meaning: &mut Meaning) -> Result<Vec<Fact>, serde_json::Error> {
    let action: Action = serde_json::from_str(json)?;
    let mut facts = Vec::new();
    let fact = |kind, what, status| Fact::new(kind, what, status, Source::Path(path.to_owned()));
    if let Some(procedure) = action.procedure {
        let mut done = fact(FactKind::Procedure, what(procedure.code, meaning), FactStatus::Past);
        start(&mut done, procedure.performed);
        done.site = procedure.body_site.map(|term| what(term, meaning));
        facts.push(done);
    }
    if let Some(treatment) = action.treatment {
        let mut drug = fact(FactKind::Drug, what(treatment.agent, meaning), FactStatus::Unknown);
        let mut times = treatment.dose_intervals.into_iter().filter_map(|dose| dose.interval);
        if let Some(first) = times.next() {
            let last = times.next_back().map_or(first.end, |last| last.end);
            drug.start = date::read(first.start.as_deref(), "interval.start", &mut drug.problems);
            drug.end = date::read(last.as_deref(), "interval.end", &mut drug.problems);
        }
        facts.push(drug);
    }
    if let Some(radiation) = action.radiation_therapy {
        let words = meaning.what(Vec::new(), Some("radiation therapy".to_owned()));
        let mut done = fact(FactKind::Procedure, words, FactStatus::Past);
        done.site = radiation.body_site.map(|term| what(term, meaning));
        facts.push(done);
    }
    if let Some(regimen) = action.therapeutic_regimen {
        let status = match regimen.regimen_status.as_str() {
            "STARTED" => FactStatus::Current,
            "COMPLETED" | "DISCONTINUED" => FactStatus::Past,
            _ => FactStatus::Unknown,
        };
        let mut drug =
            fact(FactKind::Drug, what(regimen.ontology_class.unwrap_or_default(), meaning), status);
        start(&mut drug, regimen.start_time);
        let end = regimen.end_time.and_then(|time| time.timestamp);
        drug.end = date::read(end.as_deref(), "endTime", &mut drug.problems);
        facts.push(drug);
    }
    Ok(facts)
}
