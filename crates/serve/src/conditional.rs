//! Answers that the browser already has: entity tags.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::Site;

/// Tags an answer of the API: it depends on the address, the data and this program only.
pub(crate) async fn api(State(site): State<Site>, request: Request, next: Next) -> Response {
    let tag = tag(&request, site.catalogue.stamp(), "");
    answer(tag, request, next).await
}

/// Tags a page: it depends on the day as well.
pub(crate) async fn page(State(site): State<Site>, request: Request, next: Next) -> Response {
    let tag = tag(&request, site.catalogue.stamp(), &site.today().to_string());
    answer(tag, request, next).await
}

/// FNV-1a, 64 bits: the same on every machine and in every build.
pub(crate) fn fnv(parts: &[&[u8]]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let separated = parts.iter().flat_map(|part| part.iter().chain(&[0xff]));
    for byte in separated {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}

/// Weak, because compression changes the bytes on the way.
fn tag(request: &Request, stamp: u64, day: &str) -> String {
    let address = request.uri().path_and_query().map_or("", |p| p.as_str());
    let version = env!("CARGO_PKG_VERSION");
    let hash = fnv(&[address.as_bytes(), &stamp.to_be_bytes(), day.as_bytes(), version.as_bytes()]);
    format!("W/\"{hash:016x}\"")
}

async fn answer(tag: String, request: Request, next: Next) -> Response {
    let known = matches(request.headers(), &tag);
    let Ok(value) = HeaderValue::from_str(&tag) else { return next.run(request).await };
    if known {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, value)]).into_response();
    }
    let mut response = next.run(request).await;
    if response.status() == StatusCode::OK {
        response.headers_mut().insert(header::ETAG, value);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    }
    response
}

/// The weak comparison of RFC 9110, section 8.8.3.2. A bare `*` does not count: nobody holds an answer to compare.
fn matches(headers: &HeaderMap, tag: &str) -> bool {
    let strong = |t: &str| t.trim().trim_start_matches("W/").to_owned();
    let wanted = strong(tag);
    let values = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok());
    values.flat_map(|v| v.split(',')).any(|t| strong(t) == wanted)
}
