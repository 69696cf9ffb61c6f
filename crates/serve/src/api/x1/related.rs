//! `/api/x1/studies/{nctId}/related`: the studies most like one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::{Value, json};

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        json as answer,
        refusal::Refusal,
        v2::study::{missing, number},
        work,
    },
    parameters::Parameters,
};

const LIMIT: Parameter = Parameter::new("limit", Kind::Number(20, 100), "Studies at most; no more than 100");

/// Related studies.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/related",
    about: "The studies most like this one, best first, with what they share",
    parameters: &[&[LIMIT]],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with a list.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    ENDPOINT.check(&parameters)?;
    work(move || {
        let study = site.catalogue.study(id)?.ok_or_else(|| missing(id))?;
        let mut rows: Vec<Value> = Vec::new();
        for related in site.catalogue.related(study.id(), parameters.number(&LIMIT))? {
            let mut row = json!(related);
            if let Some(other) = site.catalogue.study(related.nct_id)? {
                row["briefTitle"] = json!(other.text("BriefTitle"));
                row["overallStatus"] = json!(other.text("OverallStatus"));
            }
            rows.push(row);
        }
        Ok(answer(Value::Array(rows).to_string().into_bytes()))
    })
    .await
}
