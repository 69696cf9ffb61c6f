//! The site as a service, without sockets, over a small shelf of studies that is known by heart.
#![allow(clippy::unwrap_used)]

mod api;
mod demo;
mod matching;
mod others;
mod pages;
mod pieces;
mod plan;
mod screen;
mod shelf;
mod spec;
mod trouble;

use std::{path::Path, sync::Arc};

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use shelf::Shelf;
use tower::ServiceExt;

/// An answer, read to its end.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// Asks the site for an address, with headers.
fn ask_with(address: &str, headers: &[(&str, &str)]) -> Answer {
    ask_of(Arc::new(Shelf::demo()), address, headers)
}

/// Asks the site of a registry.
fn ask_of(catalogue: Arc<dyn serve::Catalogue>, address: &str, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(address), |r, (n, v)| r.header(*n, *v));
    send(catalogue, request.body(Body::empty()).unwrap())
}

/// Most bytes that the site under test takes at once.
const MOST_SENT: usize = 1 << 20;

/// Sends a request to the site of a registry.
fn send(catalogue: Arc<dyn serve::Catalogue>, request: Request<Body>) -> Answer {
    send_to(catalogue, None, request)
}

/// Sends a request to a site that keeps its answers about people in a folder.
fn send_to(catalogue: Arc<dyn serve::Catalogue>, save: Option<&Path>, request: Request<Body>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let today = Some(jiff::civil::date(2026, 1, 15));
        let options =
            serve::Options { today, most_sent: MOST_SENT, save: save.map(Into::into), ..Default::default() };
        let router = serve::router(catalogue, options);
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    })
}

/// Asks the site for an address.
fn ask(address: &str) -> Answer {
    ask_with(address, &[])
}
