//! `/api/v2/studies/{id}`: one study.

use axum::{
    extract::{OriginalUri, Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use model::{NctId, Study};

use super::{csv, fields::Selection, json, only, refusal::Refusal, studies::Format, work};
use crate::{Site, parameters::Parameters};

/// Answers with the record as stored, or the part of it that `fields` names.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    OriginalUri(uri): OriginalUri,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    only(&parameters, &["format", "markupFormat", "fields"])?;
    let id: NctId = text.parse().map_err(|_| Refusal::bad("Parameter `nctId` has incorrect format"))?;
    let query = uri.query().map_or_else(String::new, |q| format!("?{q}"));
    work(move || answer(&site, id, &parameters, &query)).await
}

fn answer(site: &Site, id: NctId, parameters: &Parameters, query: &str) -> Result<Response, Refusal> {
    let format = Format::of(parameters)?;
    let found = site.catalogue.record(id)?;
    let Some(bytes) = found else {
        return match site.catalogue.study(id)? {
            Some(study) => Ok(moved(study.id(), query)),
            None => Err(Refusal::not_found(format!("NCT number {id} not found"))),
        };
    };
    if let Some(current) = current_id(site, id, &bytes)? {
        return Ok(moved(current, query));
    }
    match format {
        Format::Json => Ok(json(Selection::without_query(parameters)?.write(bytes)?)),
        Format::Csv => {
            let columns = csv::columns(parameters.get_given("fields"))?;
            let study = site.catalogue.study(id)?.map_or_else(Vec::new, |s| vec![s]);
            let body = csv::write(&study, &columns, true)?;
            Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8")], body).into_response())
        }
    }
}

/// The id that a study goes by now, if it is another one than was asked for. Reading the record is needed only
/// where its bytes do not show the id at once.
fn current_id(site: &Site, id: NctId, bytes: &[u8]) -> Result<Option<NctId>, Refusal> {
    let shown = format!("\"nctId\":\"{id}\"");
    let head = &bytes[..bytes.len().min(400)];
    if head.windows(shown.len()).any(|w| w == shown.as_bytes()) {
        return Ok(None);
    }
    let current = site.catalogue.study(id)?.as_ref().map(Study::id);
    Ok(current.filter(|current| *current != id))
}

fn moved(current: NctId, query: &str) -> Response {
    let address = format!("/api/v2/studies/{current}{query}");
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, address)]).into_response()
}
