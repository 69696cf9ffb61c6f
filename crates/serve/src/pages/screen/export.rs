//! What was found as a file: the people as CSV, all of it as JSON.

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use matching::screen::report;
use serde_json::Value;

use super::super::error::Failure;
use crate::screening::Screened;

/// The columns of a person.
const PERSON: [&str; 5] = ["subject", "verdict", "notMet", "unknown", "forPerson"];

/// A file to be saved by the browser.
pub(super) fn answer(found: &Screened, format: &str) -> Result<Response, Failure> {
    let id = found.study.id().to_string();
    let (kind, body) = match format {
        "csv" => ("text/csv; charset=utf-8", csv(found)?),
        _ => {
            let document = report::document(&id, &found.screening, &found.rows);
            ("application/json", document.to_string().into_bytes())
        }
    };
    let ending = if format == "csv" { "csv" } else { "json" };
    let name = format!("attachment; filename=\"{id}-screening.{ending}\"");
    Ok(([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], body).into_response())
}

fn csv(found: &Screened) -> Result<Vec<u8>, Failure> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let written = out.write_record(PERSON).and_then(|()| {
        found.rows.iter().try_for_each(|row| {
            let person = report::person(found.screening.items(), row);
            out.write_record(PERSON.iter().map(|column| cell(&person[*column])))
        })
    });
    let failed = |error: String| Failure::Unreadable(error);
    written.map_err(|error| failed(error.to_string()))?;
    out.into_inner().map_err(|error| failed(error.to_string()))
}

/// A value in a cell; lists are joined by `|`.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join("|"),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
