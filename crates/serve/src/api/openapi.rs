//! `/api/openapi.json`: the description of both APIs, written from the declarations that the handlers check with.

use axum::response::Response;
use serde_json::{Map, Value, json};

use super::{
    endpoint::{Endpoint, Kind, Parameter},
    fhir, json as answer, v2, x1,
};

/// All endpoints: those of upstream, then our own.
pub(crate) fn all() -> impl Iterator<Item = &'static Endpoint> {
    v2::ENDPOINTS.iter().chain(x1::ENDPOINTS.iter()).copied().chain([&fhir::ENDPOINT])
}

/// Answers with the document.
pub(crate) async fn get() -> Response {
    answer(document().to_string().into_bytes())
}

fn document() -> Value {
    let mut paths = Map::new();
    for endpoint in all() {
        let method = if endpoint.takes.is_empty() { "get" } else { "post" };
        paths.insert(endpoint.path.to_owned(), json!({method: operation(endpoint)}));
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Trialist",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "/api/v2 answers as version 2 of the API of ClinicalTrials.gov; /api/x1 has what that lacks.",
        },
        "paths": paths,
        "components": {"schemas": {"Problem": problem()}},
    })
}

fn operation(endpoint: &Endpoint) -> Value {
    let problem = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
    let refused = if endpoint.path.starts_with("/api/v2") {
        json!({"text/plain": {"schema": {"type": "string"}}, "application/problem+json": problem})
    } else if endpoint.path == fhir::ENDPOINT.path {
        json!({"application/fhir+json": {}})
    } else {
        json!({"application/problem+json": problem})
    };
    let content: Map<String, Value> =
        endpoint.answers.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
    let mut responses = json!({
        "200": {"description": "What was asked for", "content": content},
        "400": {"description": "The request cannot be read: why, where, and what was probably meant", "content": refused},
        "503": {
            "description": "Too much is asked for at once, or it is still being made: ask again after as many seconds as Retry-After says",
            "content": refused,
        },
    });
    if endpoint.path.contains('{') || endpoint.path.starts_with("/api/v2/stats/field/") {
        responses["404"] =
            json!({"description": "There is no such study, saved search or field", "content": refused});
    }
    let mut parameters: Vec<Value> = in_path(endpoint.path);
    parameters.extend(endpoint.all().map(parameter));
    let mut out = json!({"summary": endpoint.about, "parameters": parameters, "responses": responses});
    if !endpoint.takes.is_empty() {
        let content: Map<String, Value> =
            endpoint.takes.iter().map(|kind| ((*kind).to_owned(), json!({}))).collect();
        out["requestBody"] = json!({"required": true, "content": content});
    }
    out
}

fn in_path(path: &str) -> Vec<Value> {
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let one = |name: &str| {
        let study = name == "nctId";
        let pattern =
            if study { "^[Nn][Cc][Tt]0*[1-9]\\d{0,7}$" } else { "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$" };
        json!({"name": name, "in": "path", "required": true, "schema": {"type": "string", "pattern": pattern}})
    };
    names.map(one).collect()
}

fn parameter(parameter: &Parameter) -> Value {
    let list = |items: Value| json!({"type": "array", "items": items});
    let schema = match parameter.kind {
        Kind::Text => json!({"type": "string"}),
        Kind::List => list(json!({"type": "string"})),
        Kind::Some(values) => list(json!({"type": "string", "enum": values})),
        Kind::One(values) => json!({"type": "string", "enum": values, "default": values.first()}),
        Kind::Flag => json!({"type": "boolean", "default": false}),
        Kind::Number(usual, _) => json!({"type": "integer", "minimum": 0, "default": usual}),
    };
    let mut out =
        json!({"name": parameter.name, "in": "query", "description": parameter.about, "schema": schema});
    if matches!(parameter.kind, Kind::List | Kind::Some(_)) {
        out["style"] = "pipeDelimited".into();
        out["explode"] = false.into();
    }
    out
}

/// RFC 9457, and all that is wrong.
fn problem() -> Value {
    let text = json!({"type": "string"});
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail", "errors"],
        "properties": {
            "type": text, "title": text, "status": {"type": "integer"}, "detail": text, "instance": text,
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": text,
                    "parameter": text,
                    "position": {"type": "integer", "description": "In characters, from 1"},
                    "near": {"type": "array", "items": text, "description": "What was probably meant"},
                    "advice": text,
                },
            }},
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declaration_is_described_once() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), all().count());
        for endpoint in all() {
            let mut names: Vec<&str> = endpoint.all().map(|p| p.name).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}: a parameter is declared twice", endpoint.path);
        }
        let studies = &paths["/api/v2/studies"]["get"]["parameters"];
        assert!(studies.as_array().unwrap().iter().any(|p| p["name"] == "postFilter.geo"));
    }
}
