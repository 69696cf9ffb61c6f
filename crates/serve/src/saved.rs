//! Answers about people that are kept because somebody asked for it (`--save`): each as it was sent, in a file that
//! only its owner may read.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::Path,
};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use crate::{Site, api::refusal::Refusal};

/// The name of the file that an answer was kept in.
pub(crate) const SAVED: HeaderName = HeaderName::from_static("trialist-saved");

/// Keeps what is answered to people who were sent, if the server was asked to.
pub(crate) async fn kept(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (sent, path) = (request.method() == Method::POST, request.uri().path().to_owned());
    let response = next.run(request).await;
    let Some(folder) = site.options.save.clone().filter(|_| sent && response.status().is_success()) else {
        return response;
    };
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let ending = ending(kind.unwrap_or_default());
    let (mut head, body) = response.into_parts();
    // The answers about people are built in memory: none is a stream.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Refusal::internal("the answer broke off").into_response();
    };
    let stem = format!("{}{}", stamp(), path.replace('/', "-"));
    let copy = body.clone();
    let written = tokio::task::spawn_blocking(move || write(&folder, &stem, ending, &copy)).await;
    match written.unwrap_or_else(|join| Err(io::Error::other(join))) {
        Ok(name) => {
            head.headers.extend(HeaderValue::from_str(&name).ok().map(|name| (SAVED, name)));
            Response::from_parts(head, Body::from(body))
        }
        Err(error) => {
            Refusal::internal(format!("the answer cannot be kept (--save): {error}")).into_response()
        }
    }
}

/// What happens to what is sent, in a sentence.
pub(crate) fn promise(site: &Site) -> Markup {
    html! {
        @if let Some(folder) = &site.options.save {
            "Whoever started this server asked to keep the answers (" code { "--save" } "): they are written to "
            code { (folder.display()) } " on this machine. Nothing is logged or sent elsewhere."
        } @else {
            "Nothing of it is stored, logged or sent elsewhere."
        }
    }
}

/// Makes the folder for the answers, and sees whether they can be written there.
pub(crate) fn prepare(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)?;
    let name = write(folder, &stamp(), "check", &Bytes::new())?;
    std::fs::remove_file(folder.join(name))
}

fn ending(kind: &str) -> &'static str {
    match kind.split(';').next().unwrap_or_default() {
        "text/html" => "html",
        "text/csv" => "csv",
        _ => "json",
    }
}

/// The time of an answer, to the millisecond, as it stands in the name of a file.
#[expect(clippy::disallowed_methods, reason = "the name of a file says when the answer was given")]
fn stamp() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H%M%S.%3fZ").to_string()
}

/// Writes a file of a name that is not taken yet.
fn write(folder: &Path, stem: &str, ending: &str, body: &Bytes) -> io::Result<String> {
    for n in 1.. {
        let name = if n == 1 { format!("{stem}.{ending}") } else { format!("{stem}-{n}.{ending}") };
        match create(&folder.join(&name)) {
            Ok(mut file) => {
                file.write_all(body)?;
                file.sync_all()?;
                return Ok(name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no name is free"))
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
