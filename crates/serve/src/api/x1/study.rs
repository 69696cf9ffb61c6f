//! `/api/x1/studies/{nctId}`: one study, by a former number too without a redirect; also as FHIR R4.

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        fields::Selection,
        json,
        refusal::Refusal,
        v2::{
            studies::MARKUP,
            study::{missing, number},
        },
        work,
    },
    parameters::Parameters,
};

/// One study.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}",
    about: "One study, by its present or a former number",
    parameters: &[&[
        Parameter::new(
            "format",
            Kind::One(&["json", "fhir-r5.json", "fhir-r4.json"]),
            "JSON as stored, or a ResearchStudy of FHIR R5 or R4",
        ),
        MARKUP,
        Parameter::new(
            "fields",
            Kind::List,
            "Names or JSON paths of fields, or names of areas; of JSON only",
        ),
    ]],
    answers: &["application/json", "application/fhir+json"],
    takes: &[],
};

/// Answers with the study.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    ENDPOINT.check(&parameters)?;
    work(move || {
        let study = site.catalogue.study(id)?.ok_or_else(|| missing(id))?;
        let resource = match parameters.get("format") {
            Some("fhir-r5.json") => export::study::fhir_r5::resource(&study),
            Some("fhir-r4.json") => export::study::fhir_r4::resource(&study),
            _ => {
                let bytes = study.json().to_string().into_bytes();
                return Ok(json(Selection::without_query(&parameters)?.write(bytes.into())?));
            }
        };
        let kind = [(header::CONTENT_TYPE, "application/fhir+json; charset=utf-8")];
        Ok((kind, resource.to_string()).into_response())
    })
    .await
}
