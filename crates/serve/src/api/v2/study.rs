//! `/api/v2/studies/{nctId}`: one study, in every format.

use axum::{
    extract::{OriginalUri, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{Study, StudyId};

use super::studies::MARKUP;
use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        fields::Selection,
        formats, json,
        refusal::{Fault, Refusal},
        work,
    },
    parameters::Parameters,
};

/// One study.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/v2/studies/{nctId}",
    about: "One study; a former number redirects to the present one",
    parameters: &[&[
        Parameter::new(
            "format",
            Kind::One(&["json", "csv", "json.zip", "fhir.json", "ris"]),
            "JSON as stored, thirty columns of CSV, the JSON in a zip, a FHIR R5 ResearchStudy, or a RIS reference",
        ),
        MARKUP,
        Parameter::new(
            "fields",
            Kind::List,
            "Names or JSON paths of fields, or names of areas; for CSV names of columns, for RIS tags; not for FHIR",
        ),
    ]],
    answers: &[
        "application/json",
        "text/csv",
        "application/zip",
        "application/fhir+json",
        "application/x-research-info-systems",
    ],
    takes: &[],
};

/// Answers with the record as stored, the part of it that `fields` names, or another format of it.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    OriginalUri(uri): OriginalUri,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?.nct().ok_or_else(no_number)?.into();
    ENDPOINT.check(&parameters)?;
    let query = uri.query().map_or_else(String::new, |q| format!("?{q}"));
    work(move || answer(&site, id, &parameters, &query)).await
}

/// The id in an address, of any registry.
pub(crate) fn number(text: &str) -> Result<StudyId, Refusal> {
    text.parse().map_err(|_| no_number())
}

fn no_number() -> Refusal {
    let fault = Fault::new("nctId", "Parameter `nctId` has incorrect format");
    let fault = fault.advise("An NCT number is NCT and up to eight digits, not all of them 0");
    Refusal { status: StatusCode::BAD_REQUEST, faults: vec![fault] }
}

/// There is no such study.
pub(crate) fn missing(id: StudyId) -> Refusal {
    let name = if id.nct().is_some() { "NCT number" } else { "Study" };
    Refusal::not_found(format!("{name} {id} not found"))
}

fn answer(site: &Site, id: StudyId, parameters: &Parameters, query: &str) -> Result<Response, Refusal> {
    let found = site.catalogue.record(id)?;
    let Some(bytes) = found else {
        return match site.catalogue.study(id)? {
            Some(study) => Ok(moved(study.id(), query)),
            None => Err(missing(id)),
        };
    };
    if let Some(current) = current_id(site, id, &bytes)? {
        return Ok(moved(current, query));
    }
    let fields = parameters.get_given("fields");
    let study = || site.catalogue.study(id)?.ok_or_else(|| missing(id));
    match parameters.get("format") {
        Some("csv") => {
            let columns = formats::columns(fields)?;
            let body = formats::csv(&[study()?], &columns, true)?;
            Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response())
        }
        Some("json.zip") => {
            let body = formats::zip(id, &Selection::without_query(parameters)?.write(bytes)?)?;
            Ok(file("application/zip", &format!("{id}.zip"), body))
        }
        Some("fhir.json") if fields.is_some() => {
            let message = "Parameter `fields` must not be given with format `fhir.json`";
            Err(Refusal { status: StatusCode::BAD_REQUEST, faults: vec![Fault::new("fields", message)] })
        }
        Some("fhir.json") => {
            let kind = [(header::CONTENT_TYPE, "application/fhir+json; charset=utf-8")];
            Ok((kind, export::study::fhir_r5::resource(&study()?).to_string()).into_response())
        }
        Some("ris") => {
            let body = formats::ris(&study()?, fields)?;
            Ok(file("application/x-research-info-systems; charset=utf-8", &format!("{id}.ris"), body.into()))
        }
        _ => Ok(json(Selection::without_query(parameters)?.write(bytes)?)),
    }
}

/// Bytes for a file of this name.
fn file(kind: &'static str, name: &str, body: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let head = [(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (head, body).into_response()
}

/// The id that a study goes by now, if it is another one than was asked for. Reading the record is needed only
/// where its bytes do not show the id at once.
fn current_id(site: &Site, id: StudyId, bytes: &[u8]) -> Result<Option<StudyId>, Refusal> {
    let shown = format!("\"nctId\":\"{id}\"");
    let head = &bytes[..bytes.len().min(400)];
    if head.windows(shown.len()).any(|w| w == shown.as_bytes()) {
        return Ok(None);
    }
    let current = site.catalogue.study(id)?.as_ref().map(Study::id);
    Ok(current.filter(|current| *current != id))
}

fn moved(current: StudyId, query: &str) -> Response {
    let address = format!("/api/v2/studies/{current}{query}");
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, address)]).into_response()
}
