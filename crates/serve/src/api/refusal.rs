//! Errors of the API: plain text worded as upstream where its wording is known, or a problem of RFC 9457.

use axum::{
    extract::{OriginalUri, Request},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use query::QueryError;
use serde_json::json;

/// Why a request is not answered.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    /// 400, 404, 405, 408, 413, 500 or 503.
    pub status: StatusCode,
    /// All that is wrong, in the order of the address; at least one.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fault {
    /// The parameter it stands in; empty if in none.
    pub parameter: String,
    /// One line.
    pub message: String,
    /// Upstream's line where it is not as plain: told in its place in plain text, with `message` below it.
    pub upstream: Option<String>,
    /// The place in the parameter's value, in characters from 1.
    pub position: Option<usize>,
    /// What was probably meant.
    pub near: Vec<String>,
    /// What to do, in words.
    pub advice: Option<String>,
}

impl Fault {
    /// What is wrong with a parameter.
    pub fn new(parameter: &str, message: impl Into<String>) -> Self {
        Self { parameter: parameter.to_owned(), message: message.into(), ..Self::default() }
    }

    /// The same with what to do.
    pub fn advise(self, advice: impl Into<String>) -> Self {
        Self { advice: Some(advice.into()), ..self }
    }
}

impl Refusal {
    /// A request with some faults; none is no refusal.
    pub fn unless_none(faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() { Ok(()) } else { Err(Self { status: StatusCode::BAD_REQUEST, faults }) }
    }

    /// Two things, or all that is wrong with either.
    pub fn both<A, B>(a: Result<A, Self>, b: Result<B, Self>) -> Result<(A, B), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(mut a), Err(b)) => {
                a.faults.extend(b.faults);
                Err(a)
            }
            (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
        }
    }

    fn of(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, faults: vec![Fault::new("", message)] }
    }

    /// The request is at fault.
    pub fn bad(message: impl Into<String>) -> Self {
        Self::of(StatusCode::BAD_REQUEST, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::of(StatusCode::NOT_FOUND, message)
    }

    /// More was sent than is taken.
    pub fn too_large(most: usize) -> Self {
        let message = format!("The body is larger than {most} bytes, the most that is taken at once");
        Self::of(StatusCode::PAYLOAD_TOO_LARGE, message)
    }

    /// The body took longer than is waited for.
    pub fn too_slow(limit: std::time::Duration) -> Self {
        let message = format!(
            "The body was not sent within {} seconds, the longest that is waited",
            limit.as_secs_f64()
        );
        Self::of(StatusCode::REQUEST_TIMEOUT, message)
    }

    /// The address takes a POST only; what to send.
    pub fn not_sent(message: impl Into<String>) -> Self {
        Self::of(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// Too much is asked for at the same time.
    pub fn busy(message: impl Into<String>) -> Self {
        Self::of(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// We are at fault.
    pub fn internal(message: impl ToString) -> Self {
        Self::of(StatusCode::INTERNAL_SERVER_ERROR, message.to_string())
    }

    /// The first line is upstream's; then the place, what was probably meant, and what else is wrong.
    pub fn message(&self) -> String {
        let lines = |fault: &Fault| {
            let mut out = fault.upstream.as_ref().unwrap_or(&fault.message).clone();
            if let Some(position) = fault.position {
                out.push_str(&format!("\nAt character {position} of {}", fault.parameter));
            }
            if !fault.near.is_empty() {
                out.push_str(&format!("\nPerhaps meant: {}", fault.near.join(", ")));
            }
            let plain = fault.upstream.as_ref().map(|_| &fault.message);
            for line in plain.into_iter().chain(&fault.advice) {
                out.push_str(&format!("\n{line}"));
            }
            out
        };
        self.faults.iter().map(lines).collect::<Vec<_>>().join("\n")
    }

    fn problem(&self, path: &str) -> Response {
        let fault = |fault: &Fault| {
            let mut out = json!({"detail": fault.message});
            if !fault.parameter.is_empty() {
                out["parameter"] = fault.parameter.as_str().into();
            }
            if let Some(position) = fault.position {
                out["position"] = position.into();
            }
            if !fault.near.is_empty() {
                out["near"] = fault.near.as_slice().into();
            }
            if let Some(advice) = &fault.advice {
                out["advice"] = advice.as_str().into();
            }
            out
        };
        let body = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or_default(),
            "status": self.status.as_u16(),
            "detail": self.faults.first().map_or("", |fault| fault.message.as_str()),
            "instance": path,
            "errors": self.faults.iter().map(fault).collect::<Vec<_>>(),
        });
        (self.status, [(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
        let mut response = (self.status, kind, self.message()).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        // For the layer that writes problems.
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes every refusal as a problem.
pub(crate) async fn as_problem(request: Request, next: Next) -> Response {
    // The routers of the APIs see what stands behind their own part of the address.
    let whole = request.extensions().get::<OriginalUri>().map(|uri| uri.path().to_owned());
    let path = whole.unwrap_or_else(|| request.uri().path().to_owned());
    problem_of(next.run(request).await, &path)
}

/// Writes a refusal as a problem where the client would rather have one.
pub(crate) async fn as_problem_if_asked(request: Request, next: Next) -> Response {
    let accepted = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let wanted = accepted.into_iter().any(|value| value.contains("application/problem+json"));
    if wanted { as_problem(request, next).await } else { next.run(request).await }
}

fn problem_of(response: Response, path: &str) -> Response {
    let Some(refusal) = response.extensions().get::<Refusal>() else { return response };
    let mut problem = refusal.problem(path);
    if let Some(after) = response.headers().get(header::RETRY_AFTER) {
        problem.headers_mut().insert(header::RETRY_AFTER, after.clone());
    }
    problem
}

impl From<registry::Error> for Refusal {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::Query(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

impl From<QueryError> for Refusal {
    fn from(error: QueryError) -> Self {
        Self { status: StatusCode::BAD_REQUEST, faults: error.all().map(fault).collect() }
    }
}

/// Upstream's line; the place where the parameter holds an expression.
fn fault(error: &QueryError) -> Fault {
    let expression = error.parameter.starts_with("query.") || error.parameter == "filter.advanced";
    let before = error.text.get(..error.span.start).filter(|_| expression);
    Fault {
        parameter: error.parameter.clone(),
        message: error.plain_text(),
        upstream: error.registry.as_ref().map(|_| error.registry_text()),
        position: before.map(|before| before.chars().count() + 1),
        near: error.near.clone(),
        advice: None,
    }
}
