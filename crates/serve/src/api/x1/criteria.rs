//! `/api/x1/studies/{id}/criteria`: the criteria of a study in their notation.

use axum::{
    extract::{Path, State},
    response::Response,
};
use eligibility::{
    Eligibility, notation,
    read::{Options, Reader},
    record,
};
use model::StudyId;

use crate::{
    Site,
    api::{endpoint::Endpoint, json, refusal::Refusal, work},
    parameters::Parameters,
};

/// The criteria of one study.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/criteria",
    about: "The eligibility criteria of a study as logic, each with its place in the text and its confidence",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with a list of items.
pub(crate) async fn get(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    let id: StudyId = text.parse().map_err(|_| Refusal::bad("Parameter `nctId` has incorrect format"))?;
    work(move || {
        let missing = || Refusal::not_found(format!("NCT number {id} not found"));
        let study = site.catalogue.study(id)?.ok_or_else(missing)?;
        let read = Eligibility::of(&mut Reader::new(), &study, Options::default());
        let name = study.id().to_string();
        let lines = notation::lines(&read.criteria, record::text(&study), &name, &name);
        let body = serde_json::to_vec(&lines.collect::<Vec<_>>());
        body.map(json).map_err(|_| Refusal::internal("the criteria cannot be written"))
    })
    .await
}
