//! The pages.

pub(crate) mod api;
pub(crate) mod compare;
pub(crate) mod error;
pub(crate) mod history;
pub(crate) mod home;
pub(crate) mod lint;
pub(crate) mod matching;
pub(crate) mod plan;
pub(crate) mod score;
pub(crate) mod screen;
pub(crate) mod search;
pub(crate) mod searches;
pub(crate) mod study;

use axum::response::{IntoResponse, Response};
use maud::Markup;

use error::Failure;

/// Runs work that reads the disk or takes long, away from the threads that answer.
pub(crate) async fn work(
    job: impl FnOnce() -> Result<Response, Failure> + Send + 'static,
) -> Result<Response, Failure> {
    tokio::task::spawn_blocking(job)
        .await
        .unwrap_or_else(|_| Err(Failure::Internal("the page was not finished".into())))
}

/// Markup as a finished answer.
pub(crate) fn html(markup: Markup) -> Response {
    axum::response::Html(markup.into_string()).into_response()
}
