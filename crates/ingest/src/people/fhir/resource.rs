//! Resources to facts: one function a resource type.

use model::{Certainty, Fact, FactKind, FactStatus, Source, What};
use serde::Deserialize;

use super::{
    super::{date, meaning::Meaning},
    medication, observation,
    shape::{self, Concept, OneOrMany, Reference, Span},
    status,
};

/// What a resource says: about whom, and what.
pub(super) struct Said {
    /// The reference to the patient.
    pub subject: Option<Reference>,
    pub facts: Vec<Fact>,
}

/// What one needs to know to read a resource.
pub(super) struct Context<'c> {
    pub meaning: &'c mut Meaning,
    /// Medication resources of the bundle by id and full URL.
    pub medications: &'c super::Medications,
    /// Elements that were there and not read.
    pub missed: Vec<&'static str>,
}

/// The facts of a resource; `None` for types that say nothing to us.
pub(super) fn read(kind: &str, json: &str, context: &mut Context) -> Option<Result<Said, serde_json::Error>> {
    Some(match kind {
        "Condition" => parse(json, context, condition),
        "Observation" => parse(json, context, observation::read),
        "MedicationRequest" | "MedicationStatement" | "MedicationAdministration" => {
            parse(json, context, |resource, context| medication::read(kind, resource, context))
        }
        "Procedure" => parse(json, context, procedure),
        "AllergyIntolerance" => parse(json, context, allergy),
        "Immunization" => parse(json, context, immunization),
        "Encounter" => parse(json, context, encounter),
        "FamilyMemberHistory" => parse(json, context, family),
        "Consent" => parse(json, context, consent),
        "ResearchSubject" => parse(json, context, research),
        _ => return None,
    })
}

fn parse<'j, R: Deserialize<'j>>(
    json: &'j str,
    context: &mut Context,
    read: impl FnOnce(R, &mut Context) -> Said,
) -> Result<Said, serde_json::Error> {
    Ok(read(serde_json::from_str(json)?, context))
}

impl Context<'_> {
    /// What a concept is about.
    pub fn what(&mut self, concept: Option<Concept>) -> What {
        let concept = concept.unwrap_or_default();
        let codes =
            concept.coding.into_iter().filter(|coding| coding.code.is_some() || coding.display.is_some());
        let codes = codes.map(|coding| model::Coding {
            system: coding.system.unwrap_or_default(),
            code: coding.code.unwrap_or_default(),
            display: coding.display,
        });
        self.meaning.what(codes.collect(), concept.text)
    }

    pub fn some(&mut self, concept: Option<Concept>) -> Option<What> {
        concept.filter(|concept| !concept.is_empty()).map(|concept| self.what(Some(concept)))
    }
}

/// The resource as the source of a fact.
pub(super) fn source(kind: &str, id: Option<&str>) -> Source {
    Source::Resource { kind: kind.to_owned(), id: id.unwrap_or_default().to_owned(), part: None }
}

/// When a fact was: a moment, or a time from and to.
pub(super) fn set_time(fact: &mut Fact, element: &str, moment: Option<&str>, span: Option<&Span>) {
    let problems = &mut fact.problems;
    fact.start = date::read(moment, &format!("{element}DateTime"), problems);
    if let Some(span) = span {
        let start = date::read(span.start.as_deref(), &format!("{element}Period.start"), problems);
        fact.start = fact.start.or(start);
        fact.end = date::read(span.end.as_deref(), &format!("{element}Period.end"), problems);
    }
}

fn condition(r: shape::Condition, context: &mut Context) -> Said {
    let mut fact = Fact::new(
        FactKind::Condition,
        context.what(r.code),
        FactStatus::Unknown,
        source("Condition", r.id.as_deref()),
    );
    set_time(&mut fact, "onset", r.onset_date_time.as_deref(), r.onset_period.as_ref());
    let over = r.abatement_period.as_ref().and_then(|span| span.start.as_deref());
    let end = r.abatement_date_time.as_deref().or(over);
    fact.end = date::read(end, "abatement", &mut fact.problems).or(fact.end);
    let abated = end.is_some()
        || r.abatement_boolean == Some(true)
        || r.abatement_string.is_some()
        || r.abatement_age.is_some();
    match r.clinical_status.as_ref().and_then(Concept::code) {
        Some(code) => status::set(&mut fact, Some(code), status::clinical),
        None if abated => fact.status = FactStatus::Past,
        None => {}
    }
    status::verify(&mut fact, r.verification_status.as_ref());
    fact.severity = context.some(r.severity);
    fact.stage = context.some(r.stage.and_then(OneOrMany::into_first).and_then(|stage| stage.summary));
    fact.site = context.some(r.body_site.and_then(OneOrMany::into_first));
    if r.onset_age.is_some() || r.onset_string.is_some() {
        context.missed.push("Condition.onset as age or text");
    }
    if fact.start.is_none() && r.recorded_date.is_some() && r.onset_date_time.is_none() {
        context.missed.push("Condition.recordedDate without onset");
    }
    Said { subject: r.subject.or(r.patient), facts: vec![fact] }
}

fn procedure(r: shape::Procedure, context: &mut Context) -> Said {
    let what = context.what(r.code);
    let mut fact =
        Fact::new(FactKind::Procedure, what, FactStatus::Unknown, source("Procedure", r.id.as_deref()));
    set_time(&mut fact, "performed", r.performed_date_time.as_deref(), r.performed_period.as_ref());
    status::set(&mut fact, r.status.as_deref(), status::procedure);
    fact.site = context.some(r.body_site.and_then(OneOrMany::into_first));
    Said { subject: r.subject, facts: vec![fact] }
}

fn immunization(r: shape::Immunization, context: &mut Context) -> Said {
    let what = context.what(r.vaccine_code);
    let mut fact =
        Fact::new(FactKind::Immunization, what, FactStatus::Unknown, source("Immunization", r.id.as_deref()));
    set_time(&mut fact, "occurrence", r.occurrence_date_time.as_deref(), None);
    status::set(&mut fact, r.status.as_deref(), status::procedure);
    Said { subject: r.patient, facts: vec![fact] }
}

/// SNOMED CT: no known allergy; no known drug, food, environmental allergy.
const NO_KNOWN_ALLERGY: [&str; 4] = ["716186003", "409137002", "429625007", "428607008"];

fn allergy(r: shape::Allergy, context: &mut Context) -> Said {
    let none = r.code.as_ref().is_some_and(|code| NO_KNOWN_ALLERGY.iter().any(|none| code.has_code(none)));
    let what = context.what(r.code);
    let mut fact = Fact::new(
        FactKind::Allergy,
        what,
        FactStatus::Unknown,
        source("AllergyIntolerance", r.id.as_deref()),
    );
    set_time(&mut fact, "onset", r.onset_date_time.as_deref(), r.onset_period.as_ref());
    status::set(&mut fact, r.clinical_status.as_ref().and_then(Concept::code), status::clinical);
    status::verify(&mut fact, r.verification_status.as_ref());
    fact.severity = r.criticality.map(What::words);
    if none {
        // "No known allergy" is a list that is complete: the allergy is what is absent.
        fact.what.variable = Some("allergy".to_owned());
        fact.negated = true;
    }
    Said { subject: r.patient, facts: vec![fact] }
}

fn encounter(r: shape::Encounter, context: &mut Context) -> Said {
    let mut concept = r.kind.into_iter().next().unwrap_or_default();
    concept.coding.extend(r.class);
    let what = context.what(Some(concept));
    let mut fact =
        Fact::new(FactKind::Encounter, what, FactStatus::Unknown, source("Encounter", r.id.as_deref()));
    set_time(&mut fact, "period", None, r.period.as_ref());
    status::set(&mut fact, r.status.as_deref(), status::encounter);
    Said { subject: r.subject, facts: vec![fact] }
}

/// Conditions of a relative: they never count as the person's own.
fn family(r: shape::FamilyHistory, context: &mut Context) -> Said {
    let relation = r.relationship.unwrap_or_default();
    let display = relation.coding.iter().find_map(|coding| coding.display.clone());
    let relation = relation.text.clone().or(display).or_else(|| relation.code().map(str::to_owned));
    let relation = relation.unwrap_or_else(|| "relative".to_owned());
    let mut facts = Vec::new();
    for (number, condition) in r.condition.into_iter().enumerate() {
        let what = context.what(condition.code);
        let source = Source::Resource {
            kind: "FamilyMemberHistory".to_owned(),
            id: r.id.clone().unwrap_or_default(),
            part: Some(format!("condition[{number}]")),
        };
        let mut fact = Fact::new(FactKind::Condition, what, FactStatus::Unknown, source);
        fact.family = Some(relation.clone());
        status::set(&mut fact, r.status.as_deref(), status::family);
        facts.push(fact);
    }
    Said { subject: r.patient, facts }
}

fn consent(r: shape::Consent, context: &mut Context) -> Said {
    let research = r
        .scope
        .iter()
        .chain(&r.category)
        .any(|concept| concept.has_code("research") || concept.has_code("RESEARCH"));
    let mut what = context.what(r.scope.filter(|scope| !scope.is_empty()).or(r.category.into_iter().next()));
    if research {
        what.variable = Some("informed_consent".to_owned());
    }
    let mut fact =
        Fact::new(FactKind::Consent, what, FactStatus::Unknown, source("Consent", r.id.as_deref()));
    let provision = r.provision.unwrap_or_default();
    set_time(&mut fact, "provision", r.date_time.as_deref(), provision.period.as_ref());
    status::set(&mut fact, r.status.as_deref(), status::consent);
    fact.negated |= provision.kind.as_deref() == Some("deny");
    Said { subject: r.patient, facts: vec![fact] }
}

fn research(r: shape::ResearchSubject, _: &mut Context) -> Said {
    let study = r.study.unwrap_or_default();
    let what = What {
        variable: Some("trial_participation".to_owned()),
        text: study.display.or(study.reference),
        ..What::default()
    };
    let source = source("ResearchSubject", r.id.as_deref());
    let mut fact = Fact::new(FactKind::TrialParticipation, what, FactStatus::Unknown, source);
    set_time(&mut fact, "period", None, r.period.as_ref());
    status::set(&mut fact, r.status.as_deref(), status::research);
    if fact.status == FactStatus::Planned {
        fact.certainty = Certainty::Uncertain;
    }
    Said { subject: r.individual.or(r.subject), facts: vec![fact] }
}
