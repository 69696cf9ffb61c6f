//! What a form or a program sends: fields, and perhaps a file. It is read into memory and nowhere else.

use axum::{
    body::Bytes,
    extract::{Form, FromRequest, Multipart, Request, multipart::MultipartError},
    http::{StatusCode, header},
};

use crate::{Site, pages::error::Failure, parameters::Parameters};

/// The fields of a form, and the file that was chosen in it.
#[derive(Debug, Default)]
pub(crate) struct Submitted {
    /// The fields, in order.
    pub fields: Parameters,
    /// The file, if one was chosen.
    pub file: Option<File>,
}

/// A file that was chosen in a form.
#[derive(Debug)]
pub(crate) struct File {
    /// What it is called on the machine it came from.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl FromRequest<Site> for Submitted {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.starts_with("multipart/form-data")) {
            let parts = Multipart::from_request(request, site).await;
            let parts = parts.map_err(|error| Failure::Unreadable(error.body_text()))?;
            return read(parts).await.map_err(|error| refused(&error, site));
        }
        match Form::<Vec<(String, String)>>::from_request(request, site).await {
            Ok(Form(fields)) => Ok(Self { fields: Parameters(fields), file: None }),
            Err(error) if is_too_large(&error) => Err(Failure::TooLarge(site.options.most_sent)),
            Err(error) => Err(Failure::Unreadable(error.body_text())),
        }
    }
}

async fn read(mut parts: Multipart) -> Result<Submitted, MultipartError> {
    let mut all = Submitted::default();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            None => all.fields.0.push((name, part.text().await?)),
            Some(file) => {
                let bytes = part.bytes().await?;
                // A form sends an empty part where no file was chosen.
                if !bytes.is_empty() {
                    all.file = Some(File { name: file, bytes });
                }
            }
        }
    }
    Ok(all)
}

fn refused(error: &MultipartError, site: &Site) -> Failure {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Failure::TooLarge(site.options.most_sent),
        _ => Failure::Unreadable(error.body_text()),
    }
}

fn is_too_large(error: &axum::extract::rejection::FormRejection) -> bool {
    error.status() == StatusCode::PAYLOAD_TOO_LARGE
}
