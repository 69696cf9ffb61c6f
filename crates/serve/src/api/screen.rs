//! `/api/x1/screen`: people held against a study.

use axum::{
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
    response::Response,
};
use matching::screen::report;
use model::NctId;

use super::{json, only, refusal::Refusal, work};
use crate::{
    Site,
    parameters::Parameters,
    screening::{self, Asked, Trouble},
};

/// Answers with the verdicts of the people in the body, and with whom each criterion keeps out.
pub(crate) async fn post(
    State(site): State<Site>,
    parameters: Parameters,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    only(&parameters, &["study", "indexDate", "absence"])?;
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Refusal {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            message: format!(
                "The people are larger than the {} bytes that are taken at once",
                site.options.most_sent
            ),
        },
        _ => Refusal::bad(format!("The body cannot be read: {rejection}")),
    })?;
    let study =
        parameters.get("study").ok_or_else(|| Refusal::bad("Parameter `study` is missing: an NCT number"))?;
    let id: NctId = study.parse().map_err(|_| Refusal::bad("Parameter `study` has incorrect format"))?;
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
