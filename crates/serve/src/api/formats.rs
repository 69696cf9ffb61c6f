//! A study in other formats than the registry's JSON, as the API is asked for them.

use export::study::{self, UnknownName, csv::Column};
use model::{Study, StudyId};

use super::{
    endpoint::items,
    refusal::{Fault, Refusal},
};

/// The columns of CSV that `fields` names; all if it is absent.
pub(crate) fn columns(fields: Option<&str>) -> Result<Vec<&'static Column>, Refusal> {
    let Some(fields) = fields else { return Ok(study::csv::all()) };
    let names: Vec<&str> = items(fields).collect();
    study::csv::named(&names).map_err(|unknown| refused("CSV column name", unknown))
}

/// One study a row, under a row of names if wanted.
pub(crate) fn csv(studies: &[Study], columns: &[&'static Column], head: bool) -> Result<Vec<u8>, Refusal> {
    study::csv::write(studies, columns, head).map_err(Refusal::internal)
}

/// A reference with the tags that `fields` names; with all if it is absent.
pub(crate) fn ris(study: &Study, fields: Option<&str>) -> Result<String, Refusal> {
    let wanted: Option<Vec<&str>> = fields.map(|text| items(text).collect());
    study::ris::write(study, wanted.as_deref()).map_err(|unknown| refused("RIS tag", unknown))
}

/// The record as a file in a zip.
pub(crate) fn zip(id: StudyId, json: &[u8]) -> Result<Vec<u8>, Refusal> {
    study::zip::of(id, json).map_err(Refusal::internal)
}

fn refused(kind: &str, unknown: Vec<UnknownName>) -> Refusal {
    let fault = |UnknownName { name, near }| {
        let message = format!("Parameter 'fields' contains invalid {kind}: '{name}'");
        Fault { near, ..Fault::new("fields", message) }
    };
    let faults = unknown.into_iter().map(fault).collect();
    Refusal { status: axum::http::StatusCode::BAD_REQUEST, faults }
}
