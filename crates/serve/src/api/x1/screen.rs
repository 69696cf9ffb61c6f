//! `/api/x1/screen`: people held against a study.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
    response::Response,
};
use matching::screen::report;
use model::StudyId;

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        json,
        refusal::Refusal,
        work,
    },
    parameters::Parameters,
    screening::{self, Asked, Trouble},
};

/// Screening.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/screen",
    about: "People held against one study: verdicts, and whom each criterion keeps out; nothing sent is kept unless the server was started with --save",
    parameters: &[&[
        Parameter::new("study", Kind::Text, "The study's NCT number"),
        Parameter::new("indexDate", Kind::Text, "The day that counts as today, yyyy-MM-dd"),
        Parameter::new(
            "absence",
            Kind::Text,
            "What it means that nothing is recorded: open, closed or clinical",
        ),
    ]],
    answers: &["application/json"],
    takes: &["application/json", "application/fhir+json", "text/csv"],
};

/// Answers with the verdicts of the people in the body, and with whom each criterion keeps out.
pub(crate) async fn post(
    State(site): State<Site>,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::too_large(site.options.most_sent),
        _ => Refusal::bad(format!("The body cannot be read: {rejection}")),
    })?;
    let study =
        parameters.get("study").ok_or_else(|| Refusal::bad("Parameter `study` is missing: an NCT number"))?;
    let id: StudyId = study.parse().map_err(|_| Refusal::bad("Parameter `study` has incorrect format"))?;
    let day = screening::day(parameters.get("indexDate").unwrap_or_default(), site.today());
    let absence = screening::absence(parameters.get("absence").unwrap_or_default());
    let asked = Asked {
        id,
        people: body.into(),
        day: day.map_err(|why| Refusal::bad(format!("Parameter `indexDate`: {why}")))?,
        absence: absence.map_err(|why| Refusal::bad(format!("Parameter `absence`: {why}")))?,
        moves: Vec::new(),
        curve: None,
    };
    work(move || {
        let found = screening::screen(&site, asked)?;
        let mut document = report::document(&id.to_string(), &found.screening, &found.rows);
        document["issues"] = found.issues.into();
        document["moreIssues"] = found.more_issues.into();
        let body =
            serde_json::to_vec(&document).map_err(|_| Refusal::internal("the answer cannot be written"))?;
        Ok(json(body))
    })
    .await
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::NoStudy(id) => Self::not_found(format!("NCT number {id} not found")),
            Trouble::Nobody(why) => Self::bad(format!("The body holds no person. {why}").trim().to_owned()),
            Trouble::Limit(why) => Self::bad(why.to_string()),
            Trouble::Registry(error) => error.into(),
        }
    }
}
