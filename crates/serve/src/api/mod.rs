//! API v2: the registry's own, so that its clients work here; and x1, what only this program has.
//!
//! Every endpoint is declared as an [`endpoint::Endpoint`]: see there.

pub(crate) mod endpoint;
pub(crate) mod fhir;
pub(crate) mod fields;
pub(crate) mod formats;
pub(crate) mod openapi;
pub(crate) mod refusal;
pub(crate) mod search;
pub(crate) mod stream;
pub(crate) mod token;
pub(crate) mod v2;
pub(crate) mod x1;

use std::sync::Arc;

use axum::{
    extract::OriginalUri,
    http::header,
    response::{IntoResponse, Response},
};
use refusal::Refusal;
use tokio::sync::Semaphore;

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

/// The same for work that takes its turn; whoever hangs up meanwhile gives the turn to the next when the work is done.
pub(crate) async fn in_order<T: Send + 'static>(
    turns: Arc<Semaphore>,
    job: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    // The semaphore is never closed.
    let turn = turns.acquire_owned().await;
    work(move || {
        let _turn = turn;
        job()
    })
    .await
}
