//! `/api/x1/match`: people and the studies they may join. Nothing that is sent is kept.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, State},
    http::{StatusCode, header},
    response::Response,
};
use jiff::civil::Date;
use matching::{
    asked::{Asked, People},
    json as rows,
    rank::{Standing, in_groups},
};
use serde_json::{Value, json};

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        json as answer,
        refusal::Refusal,
        work,
    },
    parameters::Parameters,
    person::Wanted,
};

/// Matching.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/match",
    about: "The studies that people may join, with the criterion and the fact that decide; nothing sent is kept unless the server was started with --save",
    parameters: &[&[
        Parameter::new("cond", Kind::Text, "Only studies of this condition"),
        Parameter::new("status", Kind::List, "Only studies with one of these statuses"),
        Parameter::new("phase", Kind::List, "Only studies of one of these phases"),
        Parameter::new("near", Kind::Text, "Latitude and longitude, parted by a comma, or a zip code"),
        Parameter::new("within", Kind::Text, "Kilometres around `near`"),
        Parameter::new("indexDate", Kind::Text, "The day that counts as today, yyyy-MM-dd"),
        Parameter::new(
            "absence",
            Kind::Text,
            "What it means that nothing is recorded: open, closed or clinical",
        ),
        Parameter::new("top", Kind::Text, "At most so many studies for each person"),
        Parameter::new("all", Kind::Flag, "Also studies that the person is ruled out of"),
        Parameter::new("criteria", Kind::Text, "`false` leaves the findings of each criterion out"),
    ]],
    answers: &["application/json"],
    takes: &["text/plain", "application/json", "application/fhir+json", "text/csv"],
};

/// What to send.
const SEND: &str = "POST a note as text/plain, or FHIR R4 JSON or NDJSON, a Phenopacket or a form as \
                    application/json, application/fhir+json or text/csv";

/// Answers with the people that were sent and their studies.
pub(crate) async fn post(
    State(site): State<Site>,
    parameters: Parameters,
    request: Request,
) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    let wanted = Wanted::of(&parameters).map_err(|fault| Refusal::bad(fault.in_words()))?;
    let (all, whole) = (flag(&parameters, "all", false)?, flag(&parameters, "criteria", true)?);
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let is_note = kind.is_some_and(|kind| kind.starts_with("text/plain"));
    let sent = body(request, &site).await?;
    work(move || {
        let day = wanted.day.unwrap_or_else(|| site.today());
        let read = if is_note { note(&sent, day)? } else { people(&sent, day)? };
        let of = |asked| person(&site, &wanted, asked, all, whole);
        let people: Vec<Value> = read.0.into_iter().map(of).collect::<Result<_, _>>()?;
        let body = json!({"people": people, "issues": read.1.issues, "notUnderstood": read.1.not_understood});
        Ok(answer(body.to_string().into_bytes()))
    })
    .await
}

/// Any other method: says what to send.
pub(crate) async fn not_sent() -> Refusal {
    Refusal::not_sent(SEND)
}

/// The whole body, if it is not too large.
pub(crate) async fn body(request: Request, site: &Site) -> Result<Bytes, Refusal> {
    let most = site.options.most_sent;
    Bytes::from_request(request, site).await.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(most),
        _ => Refusal::bad("The body broke off"),
    })
}

fn flag(parameters: &Parameters, name: &str, usual: bool) -> Result<bool, Refusal> {
    match parameters.get(name) {
        None => Ok(usual),
        Some("true") => Ok(true),
        Some("false") => Ok(false),
        Some(other) => Err(Refusal::bad(format!("{name}: `{other}` cannot be read: expected true or false"))),
    }
}

fn note(sent: &[u8], day: Date) -> Result<(Vec<Asked>, People), Refusal> {
    let text = std::str::from_utf8(sent).map_err(|_| Refusal::bad("The note is not UTF-8"))?;
    if text.trim().is_empty() {
        return Err(Refusal::bad(format!("The note is empty. {SEND}")));
    }
    Ok((vec![Asked::of_note("", text, day)], People::default()))
}

fn people(sent: &[u8], day: Date) -> Result<(Vec<Asked>, People), Refusal> {
    let mut read = People::read("body", sent);
    if read.people.is_empty() {
        let issue = read.issues.first().map(|issue| format!(" ({issue})")).unwrap_or_default();
        return Err(Refusal::bad(format!("The body holds no person{issue}. {SEND}")));
    }
    let people = std::mem::take(&mut read.people);
    Ok((people.into_iter().map(|subject| Asked::of_subject(subject, day)).collect(), read))
}

fn person(site: &Site, wanted: &Wanted, mut asked: Asked, all: bool, whole: bool) -> Result<Value, Refusal> {
    asked.rules.absence = wanted.absence.unwrap_or(asked.rules.absence);
    asked.rules.answers = site.catalogue.answers(&asked.subject.id)?;
    let mut ranked = in_groups(site.catalogue.matched(&site.known(), &asked, &wanted.filter, wanted.top)?);
    let found = ranked.len();
    ranked.retain(|one| all || one.standing() != Standing::Ineligible);
    let (total, hidden) = (ranked.len(), found - ranked.len());
    ranked.truncate(wanted.top);
    let mut studies = Vec::new();
    for one in &ranked {
        if let Some(study) = site.catalogue.study(one.id)? {
            studies.push(rows::study(&asked, one, &study, whole));
        }
    }
    Ok(rows::person(&asked, total, hidden, &ranked, studies))
}
