//! Errors of the API: plain text, worded as upstream where its wording is known.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use query::QueryError;

/// Why a request is not answered.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// 400, 404, 405, 413 or 500.
    pub status: StatusCode,
    /// The body.
    pub message: String,
}

impl Refusal {
    /// The request is at fault.
    pub fn bad(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, message: message.into() }
    }

    /// More was sent than is taken.
    pub fn too_large(most: usize) -> Self {
        let message = format!("The body is larger than {most} bytes, the most that is taken at once");
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, message }
    }

    /// The address takes a POST only; what to send.
    pub fn not_sent(message: impl Into<String>) -> Self {
        Self { status: StatusCode::METHOD_NOT_ALLOWED, message: message.into() }
    }

    /// We are at fault.
    pub fn internal(message: impl ToString) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, message: message.to_string() }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], self.message).into_response()
    }
}

impl From<registry::Error> for Refusal {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::Query(error) => Self::bad(explain(&error)),
            other => Self::internal(other),
        }
    }
}

/// Upstream's first line, then where it is and what was probably meant.
fn explain(error: &QueryError) -> String {
    let expression = error.parameter.starts_with("query.") || error.parameter == "filter.advanced";
    let mut out = String::new();
    if expression && !error.message.starts_with("Error parsing query") {
        out.push_str(&format!("Error parsing query in {}: ", place(&error.parameter)));
    }
    out.push_str(&error.message);
    if expression && error.span.start <= error.text.len() {
        let before = error.text.get(..error.span.start).unwrap_or(&error.text);
        out.push_str(&format!("\nAt character {} of {}", before.chars().count() + 1, error.parameter));
    }
    if !error.near.is_empty() {
        out.push_str(&format!("\nPerhaps meant: {}", error.near.join(", ")));
    }
    out
}

/// What upstream calls the box that a parameter belongs to.
fn place(parameter: &str) -> &str {
    if parameter == "filter.advanced" {
        return "advanced filter";
    }
    let short = parameter.strip_prefix("query.").unwrap_or(parameter);
    model::area::by_param(short).and_then(|a| a.label).unwrap_or(parameter)
}
