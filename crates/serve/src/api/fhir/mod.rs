//! `/getClinicalTrial`: the endpoint that clients of FHIR matching services call (those of mCODE): a Bundle with a
//! patient's resources and Parameters comes in, a searchset Bundle of ResearchStudy with scores goes out (FHIR R4).

pub(crate) mod asked;

use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use eligibility::evaluate::{Truth, is_alive};
use matching::{
    asked::Asked,
    rank::{Ranked, Standing, in_groups},
};
use serde_json::{Value, json};

use super::{endpoint::Endpoint, refusal::Refusal, work, x1::matching::body};
use crate::Site;

/// Matching, as services of FHIR do it.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/getClinicalTrial",
    about: "A Bundle with a patient and Parameters (zipCode, travelRadius, phase, recruitmentStatus) in, a searchset \
            Bundle of ResearchStudy with scores out; nothing sent is kept unless the server was started with --save",
    parameters: &[],
    answers: &["application/fhir+json"],
    takes: &["application/fhir+json", "application/json"],
};

/// So many studies are sent at most.
const MOST: usize = 100;

/// Answers with the studies that the patient is not ruled out of.
pub(crate) async fn post(State(site): State<Site>, request: Request) -> Response {
    match found(site, request).await {
        Ok(bundle) => fhir(StatusCode::OK, &bundle),
        Err(refusal) => refused(&refusal),
    }
}

/// Any other method: says what to send.
pub(crate) async fn not_sent() -> Response {
    refused(&Refusal::not_sent("POST a Bundle with a Patient, their resources and perhaps Parameters"))
}

async fn found(site: Site, request: Request) -> Result<Value, Refusal> {
    let sent = body(request, &site).await?;
    work(move || {
        let wish = asked::Wish::of(&sent, &site)?;
        let mut asked = Asked::of_subject(wish.subject.clone(), site.today());
        asked.rules.answers = site.catalogue.answers(&asked.subject.id)?;
        let mut ranked = in_groups(site.catalogue.matched(&site.known(), &asked, &wish.filter, MOST)?);
        ranked.retain(|one| matches!(one.standing(), Standing::Eligible | Standing::Undetermined));
        ranked.sort_by_key(Ranked::standing);
        let total = ranked.len();
        let mut entries = Vec::new();
        for one in ranked.iter().take(MOST) {
            if let Some(study) = site.catalogue.study(one.id)? {
                let search = json!({"mode": "match", "score": score(one)});
                entries.push(json!({"resource": export::study::fhir_r4::resource(&study), "search": search}));
            }
        }
        let mut remarks = wish.remarks;
        if is_alive(&asked.subject, asked.rules.index_date) == Truth::NotMet {
            remarks.push("The patient has died: no study is listed".to_owned());
        }
        if !remarks.is_empty() {
            let outcome = outcome("warning", "incomplete", &remarks);
            entries.push(json!({"resource": outcome, "search": {"mode": "outcome"}}));
        }
        Ok(json!({"resourceType": "Bundle", "type": "searchset", "total": total, "entry": entries}))
    })
    .await
}

/// How likely a study fits, from 0 to 1: 1 where all that records can decide is met, else from .5 upwards with the share
/// of the criteria that are met. The order of the bundle is that of relevance within each.
fn score(ranked: &Ranked) -> f64 {
    if ranked.standing() == Standing::Eligible {
        return 1.0;
    }
    let (mut met, mut all) = (0_u32, 0_u32);
    for (_, finding) in ranked.criteria() {
        all += 1;
        met += u32::from(finding.truth() == Truth::Met);
    }
    let share = f64::from(met) / f64::from(all.max(1));
    // Two digits: more would say more than is known. Never 1, which is said of those that are met.
    ((0.5 + share / 2.0) * 100.0).round().min(99.0) / 100.0
}

/// An outcome with an issue for each text.
fn outcome(severity: &str, code: &str, texts: &[String]) -> Value {
    let issue = |text: &String| json!({"severity": severity, "code": code, "diagnostics": text});
    json!({"resourceType": "OperationOutcome", "issue": texts.iter().map(issue).collect::<Vec<_>>()})
}

fn refused(refusal: &Refusal) -> Response {
    let code = match refusal.status {
        StatusCode::PAYLOAD_TOO_LARGE => "too-long",
        StatusCode::METHOD_NOT_ALLOWED => "not-supported",
        StatusCode::INTERNAL_SERVER_ERROR => "exception",
        _ => "invalid",
    };
    fhir(refusal.status, &outcome("error", code, &[refusal.message()]))
}

fn fhir(status: StatusCode, resource: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/fhir+json; charset=utf-8")];
    (status, kind, resource.to_string()).into_response()
}
