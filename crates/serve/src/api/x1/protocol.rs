//! Studies as protocols: `/api/x1/studies/{nctId}/protocol`, `…/lint`, `…/calendar` and `…/dose`, `/api/x1/compare`,
//! `/api/x1/instruments` and `/api/x1/score/{instrument}`. Documents are those of the commands (docs/protocol.md).

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use eligibility::{
    Eligibility,
    read::{Options, Reader},
};
use model::{Study, StudyId};
use protocol::{
    Protocol,
    calendar::{self, CountedFrom, OpenDays, Rules, ics},
    checks::{self, Finding},
    compare,
    dosing::{self, Asked},
    export::{Exported, fhir, usdm},
    score::{self, INSTRUMENTS, Trouble},
};
use serde_json::{Value, json};

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter, items},
        json as answer,
        refusal::{Fault, Refusal},
        v2::study::{missing, number},
        work,
    },
    parameters::Parameters,
    versions,
};

/// Studies that are compared at most.
const MOST: usize = 6;

/// The protocol of a study.
pub(crate) static PROTOCOL: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/protocol",
    about: "The record of a study as a protocol: arms, doses, schedule, instruments, dates, each with its status and \
            words, and what does not agree; also as USDM v4 and FHIR R4, with what they cannot hold",
    parameters: &[&[Parameter::new("format", Kind::One(&["json", "usdm", "fhir"]), "The notation")]],
    answers: &["application/json"],
    takes: &[],
};

/// What the checks find in a study.
pub(crate) static LINT: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/lint",
    about: "What the checks of criteria and protocol find in a study, the changes of its primary outcomes between \
            versions among it",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// The dates of a participant.
pub(crate) static CALENDAR: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/calendar",
    about: "The dates of a participant: visits with their permitted days, drift, and what has no day",
    parameters: &[&[
        Parameter::new("start", Kind::Text, "The day of the start, yyyy-MM-dd; today if absent"),
        Parameter::new("window", Kind::Text, "Days before and after that are permitted; proposed if absent"),
        Parameter::new("weekends", Kind::One(&["skip", "allow"]), "What becomes of Saturdays and Sundays"),
        Parameter::new("anchor", Kind::One(&["baseline", "previous"]), "What a visit is counted from"),
        Parameter::new(
            "closed",
            Kind::Text,
            "Days on which the site is closed: 2026-04-06,2026-12-24..2027-01-02",
        ),
        Parameter::new(
            "arm",
            Kind::Text,
            "The arm whose administrations are planned; those of all if absent",
        ),
        Parameter::new("format", Kind::One(&["json", "ics"]), "The notation"),
    ]],
    answers: &["application/json", "text/calendar"],
    takes: &[],
};

/// What a person would get.
pub(crate) static DOSE: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/dose",
    about: "What a person would get by the protocol: send weight, height and what the record leaves open as a JSON \
            object (docs/protocol.md); nothing sent is kept",
    parameters: &[],
    answers: &["application/json"],
    takes: &["application/json"],
};

/// Protocols side by side.
pub(crate) static COMPARE: Endpoint = Endpoint {
    path: "/api/x1/compare",
    about: "Two to six protocols side by side: population, arms, doses in one unit, times, outcomes by instrument, \
            limits of eligibility; amounts per kilogram are those of a person of 70 kg and 170 cm",
    parameters: &[&[Parameter::new("ids", Kind::List, "Two to six NCT numbers")]],
    answers: &["application/json"],
    takes: &[],
};

/// All instruments.
pub(crate) static SCORES: Endpoint = Endpoint {
    path: "/api/x1/instruments",
    about: "The instruments that can be scored: items, ranges, rules, sources, licences",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// A person's score.
pub(crate) static SCORE: Endpoint = Endpoint {
    path: "/api/x1/score/{instrument}",
    about: "What the items of an instrument come to: send them as a JSON object; nothing sent is kept",
    parameters: &[],
    answers: &["application/json"],
    takes: &["application/json"],
};

/// The study of an address.
fn study(site: &Site, id: StudyId) -> Result<Study, Refusal> {
    site.catalogue.study(id)?.ok_or_else(|| missing(id))
}

/// A study with its criteria, its protocol and what is found in it.
fn read(site: &Site, study: &Study) -> Result<(Eligibility, Protocol, Vec<Finding>), Refusal> {
    let eligibility = Eligibility::of(&mut Reader::new(), study, Options::default());
    let changes = match site.catalogue.registry() {
        Some(registry) => versions::primary_outcomes(registry, study.id())?,
        None => Vec::new(),
    };
    let (protocol, findings) = checks::study_with_criteria(study, &eligibility, &changes);
    Ok((eligibility, protocol, findings))
}

/// Answers with a protocol.
pub(crate) async fn protocol(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    PROTOCOL.check(&given)?;
    work(move || {
        let study = study(&site, id)?;
        let (eligibility, protocol, findings) = read(&site, &study)?;
        let document = match given.get("format") {
            Some("usdm") => {
                exported(usdm::export(&study, &protocol, &eligibility.criteria).map_err(Refusal::bad)?)
            }
            Some("fhir") => exported(fhir::export(&study, &protocol)),
            _ => protocol::json::document(&study, &protocol, &findings),
        };
        Ok(answer(document.to_string().into_bytes()))
    })
    .await
}

fn exported(exported: Exported) -> Value {
    json!({"document": exported.document, "notExpressed": exported.missing})
}

/// Answers with findings.
pub(crate) async fn lint(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    LINT.check(&given)?;
    work(move || {
        let study = study(&site, id)?;
        let (eligibility, _, findings) = read(&site, &study)?;
        let of_criteria: Vec<Value> = eligibility
            .findings()
            .iter()
            .map(|found| {
                json!({"check": found.check, "severity": found.severity.to_string(), "message": found.message,
                    "quote": found.quote, "explanation": found.explanation, "remedy": found.remedy})
            })
            .collect();
        let of_protocol: Vec<Value> = findings.iter().map(protocol::json::finding).collect();
        let body = json!({"nctId": study.id().to_string(), "criteria": of_criteria, "protocol": of_protocol});
        Ok(answer(body.to_string().into_bytes()))
    })
    .await
}

/// Answers with dates.
pub(crate) async fn calendar(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    CALENDAR.check(&given)?;
    let fault = |name: &str, why: &str| {
        let fault = Fault::new(name, format!("Parameter `{name}` has incorrect format")).advise(why);
        refused(vec![fault])
    };
    let start = match given.get("start") {
        Some(day) => day.parse().map_err(|_| fault("start", "Write a day: 2026-03-02"))?,
        None => site.today(),
    };
    let window = given.get("window").map(str::parse).transpose();
    let window = window.map_err(|_| fault("window", "A whole number of days: 3"))?;
    let closed = given.get("closed").unwrap_or_default().parse();
    let closed = closed.map_err(|why: String| fault("closed", &why))?;
    let from =
        if given.get("anchor") == Some("previous") { CountedFrom::Previous } else { CountedFrom::Baseline };
    let open = OpenDays { weekends: given.get("weekends") == Some("allow"), closed };
    let rules = Rules { open, from, window, arm: given.get("arm").map(str::to_owned) };
    work(move || {
        let study = study(&site, id)?;
        let dates = calendar::plan(&protocol::compile(&study), start, &rules);
        let id = study.id().to_string();
        if given.get("format") == Some("ics") {
            let kind = [(header::CONTENT_TYPE, "text/calendar; charset=utf-8")];
            return Ok((kind, ics::calendar(&dates, &id, start, start)).into_response());
        }
        let mut body = calendar::json::calendar(&dates);
        body["nctId"] = id.into();
        body["start"] = start.to_string().into();
        Ok(answer(body.to_string().into_bytes()))
    })
    .await
}

/// The JSON of a body.
fn sent(site: &Site, body: Result<Bytes, BytesRejection>) -> Result<Value, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(site.options.most_sent),
        _ => Refusal::bad(format!("The body cannot be read: {rejection}")),
    })?;
    serde_json::from_slice(&body).map_err(|why| Refusal::bad(format!("The body is no JSON: {why}")))
}

/// All that is wrong with what was sent.
fn troubles(troubles: Vec<Trouble>) -> Refusal {
    let fault = |trouble: &Trouble| Fault::new(&trouble.key, trouble.to_string());
    refused(troubles.iter().map(fault).collect())
}

fn refused(faults: Vec<Fault>) -> Refusal {
    match Refusal::unless_none(faults) {
        Err(refusal) => refusal,
        Ok(()) => Refusal::bad("The request cannot be read"),
    }
}

/// Answers with doses.
pub(crate) async fn dose(
    State(site): State<Site>,
    Path(text): Path<String>,
    given: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    DOSE.check(&given)?;
    let person = Asked::read(&sent(&site, body)?).map_err(troubles)?;
    work(move || {
        let study = study(&site, id)?;
        let doses = dosing::protocol(&protocol::compile(&study), &person);
        let doses: Vec<Value> = doses.iter().map(dosing::json::computed).collect();
        let body = json!({"nctId": study.id().to_string(), "doses": doses});
        Ok(answer(body.to_string().into_bytes()))
    })
    .await
}

/// Answers with protocols side by side.
pub(crate) async fn compare(State(site): State<Site>, given: Parameters) -> Result<Response, Refusal> {
    COMPARE.check(&given)?;
    let words = given.all("ids").flat_map(items).filter(|word| !word.is_empty());
    let mut ids: Vec<StudyId> = Vec::new();
    for word in words {
        let id = number(word)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if !(2..=MOST).contains(&ids.len()) {
        return Err(Refusal::bad(format!(
            "Parameter `ids`: two to six studies are compared, {} are named",
            ids.len()
        )));
    }
    work(move || {
        let mut studies = Vec::new();
        for id in ids {
            let study = study(&site, id)?;
            let eligibility = Eligibility::of(&mut Reader::new(), &study, Options::default());
            studies.push((study, eligibility));
        }
        let person = Asked::read(&compare::usual_person()).map_err(troubles)?;
        let sides: Vec<_> = studies.iter().map(|(study, eligibility)| (study, eligibility)).collect();
        let mut body = compare::json::comparison(&compare::compare(&sides, &person));
        body["person"] = compare::usual_person();
        Ok(answer(body.to_string().into_bytes()))
    })
    .await
}

/// Answers with all instruments.
pub(crate) async fn instruments(given: Parameters) -> Result<Response, Refusal> {
    SCORES.check(&given)?;
    let all: Vec<Value> = INSTRUMENTS.iter().map(|one| score::json::instrument(one)).collect();
    Ok(answer(json!({"instruments": all}).to_string().into_bytes()))
}

/// Answers with a score.
pub(crate) async fn score(
    State(site): State<Site>,
    Path(name): Path<String>,
    given: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    SCORE.check(&given)?;
    let instrument = score::instrument(&name).ok_or_else(|| {
        let near = score::near(&name);
        let hint =
            if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(" or ")) };
        Refusal::not_found(format!("There is no instrument `{name}`{hint}"))
    })?;
    let values = score::read(instrument, &sent(&site, body)?).map_err(troubles)?;
    Ok(answer(score::json::score(instrument, &values).to_string().into_bytes()))
}
