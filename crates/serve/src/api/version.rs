//! `/api/v2/version`: of the API that is followed, and of the data.

use axum::{extract::State, response::Response};
use serde_json::json;

use super::{json, only, refusal::Refusal};
use crate::{Site, parameters::Parameters};

/// The version of upstream's API whose description this one follows.
pub(crate) const API_VERSION: &str = "2.0.5";

/// Answers with both versions.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    only(&parameters, &[])?;
    let body = json!({"apiVersion": API_VERSION, "dataTimestamp": site.catalogue.data_timestamp()});
    Ok(json(body.to_string().into_bytes()))
}
