//! `/api/x1/studies/{nctId}/history` and `…/diff`, `/api/x1/changes`: what changed from version to version.

use std::{collections::HashSet, time::Duration};

use axum::{
    extract::{Path, State},
    response::Response,
};
use eligibility::read::Reader;
use history::{Error, Kind as ChangeKind, Step, Timeline, json as written, ledger::Wanted};
use model::{PartialDate, StudyId};
use serde_json::{Value, json};

use crate::{
    Site, Standing,
    api::{
        endpoint::{Endpoint, Kind, Parameter, items},
        json as answer,
        refusal::{Fault, Refusal},
        search,
        v2::study::{missing, number},
        work,
    },
    parameters::Parameters,
};

/// The versions of a study.
pub(crate) static HISTORY: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/history",
    about: "All versions of a study that are kept, by date, each with what changed since the one before: fields, words, \
            criteria by what they mean, and the changes that have a kind",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Two versions of a study.
pub(crate) static DIFF: Endpoint = Endpoint {
    path: "/api/x1/studies/{nctId}/diff",
    about: "What changed between two versions of a study",
    parameters: &[&[
        Parameter::new("from", Kind::Text, "The older: its number, a day, `first` (usual) or `last`"),
        Parameter::new("to", Kind::Text, "The newer: the same; `last` if absent"),
    ]],
    answers: &["application/json"],
    takes: &[],
};

const LIMIT: Parameter =
    Parameter::new("limit", Kind::Number(100, 10_000), "Changes at most; no more than 10,000");

/// Changes over all studies.
pub(crate) static CHANGES: Endpoint = Endpoint {
    path: "/api/x1/changes",
    about: "Changes that matter, over all studies of which several versions are kept or those that a search finds; the \
            latest first",
    parameters: &[
        &[
            Parameter::new(
                "kind",
                Kind::Some(&history::kind::NAMES),
                "Kinds of change, any of them; all if absent",
            ),
            Parameter::new(
                "overall",
                Kind::Flag,
                "Compare the last version with the first, instead of each with the one before",
            ),
            Parameter::new(
                "since",
                Kind::Text,
                "In versions of this day or later: `2024-01-31`, `2024-01`, `2024`",
            ),
            Parameter::new("until", Kind::Text, "In versions of this day or earlier"),
            LIMIT,
        ],
        search::QUERIES,
        search::FILTERS,
    ],
    answers: &["application/json"],
    takes: &[],
};

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::Registry(error) => error.into(),
            Error::NoVersion { .. } => Self::bad(error.to_string()),
            Error::NoSearch(_) => Self::not_found(error.to_string()),
            other => Self::internal(other),
        }
    }
}

/// The versions of the study that goes by an id now, or of its own where it was withdrawn.
fn timeline(site: &Site, id: StudyId) -> Result<Timeline, Refusal> {
    let registry = site.catalogue.registry().ok_or_else(|| missing(id))?;
    let own = registry.store().study(id).map_err(registry::Error::from)?.is_some();
    let id = if own { id } else { registry.study(id)?.ok_or_else(|| missing(id))?.id() };
    Ok(Timeline::of(registry.store(), id)?)
}

/// Answers with all versions.
pub(crate) async fn history(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    HISTORY.check(&parameters)?;
    work(move || {
        let timeline = timeline(&site, id)?;
        Ok(answer(written::timeline(&timeline, &mut Reader::new()).to_string().into_bytes()))
    })
    .await
}

/// Answers with what differs between two versions.
pub(crate) async fn diff(
    State(site): State<Site>,
    Path(text): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    let id = number(&text)?;
    DIFF.check(&parameters)?;
    work(move || {
        let timeline = timeline(&site, id)?;
        let old = timeline.meant(parameters.get("from").unwrap_or("first"))?;
        let new = timeline.meant(parameters.get("to").unwrap_or("last"))?;
        let step = written::step(&Step::between(old, new), &mut Reader::new());
        Ok(answer(step.to_string().into_bytes()))
    })
    .await
}

/// Answers with changes.
pub(crate) async fn changes(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    work(move || {
        let mut faults = CHANGES.faults(&parameters);
        let (since, until) = (day(&parameters, "since", &mut faults), day(&parameters, "until", &mut faults));
        Refusal::unless_none(faults)?;
        let kinds = parameters.all("kind").flat_map(items).filter_map(|kind| kind.parse::<ChangeKind>().ok());
        let kinds: Vec<ChangeKind> = kinds.collect();
        let found = found(&site, &parameters)?;
        let of = |id: StudyId| found.as_ref().is_none_or(|found| found.contains(&id));
        let overall = parameters.flag("overall");
        let wanted = Wanted { kinds, overall, since, until, of: Some(&of) };
        let standing = site.ledger(PATIENCE, |ledger| {
            let all = ledger.events(&wanted);
            let shown: Vec<Value> = all.iter().take(parameters.number(&LIMIT)).map(written::event).collect();
            json!({"totalCount": all.len(), "studiesWithVersions": ledger.studies(), "changes": shown})
        })?;
        match standing {
            Standing::Whole(body) => Ok(answer(body.to_string().into_bytes())),
            Standing::Begun { left } => Err(Refusal::busy(format!(
                "Versions are being compared, those of {left} studies have still to be: ask again in a while"
            ))),
        }
    })
    .await
}

/// So long a request for changes waits until all versions are read.
const PATIENCE: Duration = Duration::from_secs(5);

/// A day that a parameter names.
fn day(parameters: &Parameters, name: &str, faults: &mut Vec<Fault>) -> Option<PartialDate> {
    let text = parameters.get(name)?;
    let day = text.parse().ok();
    if day.is_none() {
        let fault = Fault::new(name, format!("Parameter `{name}` has incorrect format"));
        faults.push(fault.advise("Give a day, a month or a year: 2024-01-31, 2024-01, 2024"));
    }
    day
}

/// The studies that a search finds; `None` where none is asked for.
fn found(site: &Site, parameters: &Parameters) -> Result<Option<HashSet<StudyId>>, Refusal> {
    let named = search::QUERIES.iter().chain(search::FILTERS);
    if !named.into_iter().any(|parameter| parameters.get(parameter.name).is_some()) {
        return Ok(None);
    }
    let search = search::request(parameters)?.resolve()?;
    let hits = super::studies::all_hits(&*site.catalogue, &search)?;
    Ok(Some(hits.into_iter().map(|hit| hit.nct_id).collect()))
}
