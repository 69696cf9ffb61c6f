//! `/api/v2/version`: of the API that is followed, and of the data.

use axum::{extract::State, response::Response};
use serde_json::json;

use crate::{
    Site,
    api::{endpoint::Endpoint, json as answer, refusal::Refusal},
    parameters::Parameters,
};

/// The version of upstream's API whose description this one follows.
pub(crate) const API_VERSION: &str = "2.0.5";

/// Where it is.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/v2/version",
    about: "The version of the API that is followed, and of the data",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with both versions.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    let body = json!({"apiVersion": API_VERSION, "dataTimestamp": site.catalogue.data_timestamp()});
    Ok(answer(body.to_string().into_bytes()))
}
