//! API v2: the registry's own, so that its clients work here; and x1, what only this program has.

pub(crate) mod criteria;
pub(crate) mod csv;
pub(crate) mod fhir;
pub(crate) mod fields;
pub(crate) mod matching;
pub(crate) mod refusal;
pub(crate) mod size;
pub(crate) mod studies;
pub(crate) mod study;
pub(crate) mod token;
pub(crate) mod version;

use crate::parameters::Parameters;
use axum::{
    extract::OriginalUri,
    http::header,
    response::{IntoResponse, Response},
};
use refusal::Refusal;

/// Refuses parameters that the endpoint does not know, as upstream does.
pub(crate) fn only(parameters: &Parameters, known: &[&str]) -> Result<(), Refusal> {
    match parameters.0.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(Refusal::bad(format!("`{name}` is unknown parameter"))),
        None => Ok(()),
    }
}

/// JSON bytes as an answer.
pub(crate) fn json(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// Any other address below `/api/v2` and `/api/x1`.
pub(crate) async fn not_found(OriginalUri(uri): OriginalUri) -> Refusal {
    Refusal::not_found(format!("No endpoint {}: see /api for those there are", uri.path()))
}

/// Runs work that reads the disk or takes long, away from the threads that answer.
pub(crate) async fn work<T: Send + 'static>(
    job: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|_| Err(Refusal::internal("the request was not finished")))
}
