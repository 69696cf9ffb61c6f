//! `/api/x1/studies/{nctId}/same`: the other records of the same trial.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;

use crate::{
    Site,
    api::{
        endpoint::Endpoint,
        json as answer,
        refusal::Refusal,
        v2::study::{missing, number},
        work,
    },
    parameters::Parameters,
};

/// The same trial elsewhere.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/same",
    about: "The other records of this trial, told by identifiers alone; its further numbers; what is in dispute",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with `studies`, `numbers` and `disputes`.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    ENDPOINT.check(&parameters)?;
    work(move || {
        let study = site.catalogue.study(id)?.ok_or_else(|| missing(id))?;
        Ok(answer(json!(site.catalogue.same(study.id())).to_string().into_bytes()))
    })
    .await
}
