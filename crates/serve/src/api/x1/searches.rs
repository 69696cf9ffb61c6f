//! `/api/x1/searches`: the saved searches, and what is new in one.

use axum::{
    extract::{Path, State},
    response::Response,
};
use history::{json as written, look};
use serde_json::{Map, Value, json};
use store::Saved;

use crate::{
    Site,
    api::{
        endpoint::{Endpoint, Kind, Parameter},
        json as answer,
        refusal::Refusal,
        work,
    },
    parameters::Parameters,
};

/// All saved searches.
pub(crate) static LIST: Endpoint = Endpoint {
    path: "/api/x1/searches",
    about: "The saved searches, each with its parameters and how many studies it found when it was last looked at",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

const LIMIT: Parameter =
    Parameter::new("limit", Kind::Number(100, 1000), "Events at most, the latest; no more than 1,000");

/// One saved search.
pub(crate) static ONE: Endpoint = Endpoint {
    path: "/api/x1/searches/{name}",
    about: "A saved search with what was new, changed and gone in it, oldest first",
    parameters: &[&[LIMIT]],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with the list.
pub(crate) async fn list(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    LIST.check(&parameters)?;
    work(move || {
        let Some(registry) = site.catalogue.registry() else { return Ok(answer(b"[]".to_vec())) };
        let store = registry.store();
        let all = store.searches().map_err(registry::Error::from)?;
        let rows: Result<Vec<Value>, Refusal> = all.iter().map(|saved| row(store, saved)).collect();
        Ok(answer(Value::Array(rows?).to_string().into_bytes()))
    })
    .await
}

fn row(store: &store::Store, saved: &Saved) -> Result<Value, Refusal> {
    let asked = look::Asked::saved(saved)?;
    let parameters: Map<String, Value> =
        asked.0.into_iter().map(|(name, value)| (name, value.into())).collect();
    let found = store.search_found(saved.id).map_err(registry::Error::from)?.len();
    Ok(json!({
        "name": saved.name,
        "parameters": parameters,
        "studies": found,
        "saved": written::moment(saved.saved),
        "looked": written::moment(saved.looked),
        "feed": format!("/searches/{}/feed.atom", saved.name),
    }))
}

/// Answers with one.
pub(crate) async fn one(
    State(site): State<Site>,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refusal> {
    ONE.check(&parameters)?;
    work(move || {
        let unknown = || Refusal::not_found(format!("There is no saved search `{name}`"));
        let registry = site.catalogue.registry().ok_or_else(unknown)?;
        let store = registry.store();
        let fail = registry::Error::from;
        let saved = store.search(&name).map_err(fail)?.ok_or_else(unknown)?;
        let mut events = Vec::new();
        for news in store.search_news(saved.id, 0, parameters.number(&LIMIT)).map_err(fail)? {
            events.push(json!({
                "number": news.number,
                "change": written::happened(news.kind),
                "nctId": news.study,
                "briefTitle": look::title(store, news.study, news.after.or(news.before))?,
                "noticed": written::moment(news.noticed),
            }));
        }
        let mut out = row(store, &saved)?;
        out["events"] = events.into();
        Ok(answer(out.to_string().into_bytes()))
    })
    .await
}
