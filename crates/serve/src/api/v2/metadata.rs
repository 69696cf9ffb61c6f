//! `/api/v2/studies/metadata`, `search-areas` and `enums`: the tables of pieces, areas and enumerations.

use axum::response::Response;
use model::{Kind, Piece, area, enums, piece};
use serde_json::{Map, Value, json};

use crate::{
    api::{
        endpoint::{self, Endpoint, Parameter},
        json as answer,
        refusal::Refusal,
    },
    parameters::Parameters,
};

/// The fields of a record.
pub(crate) static METADATA: Endpoint = Endpoint {
    path: "/api/v2/studies/metadata",
    about: "The fields of a study record, as a tree",
    parameters: &[&[
        Parameter::new(
            "includeIndexedOnly",
            endpoint::Kind::Flag,
            "Also fields that can be searched and are never part of a record",
        ),
        Parameter::new(
            "includeHistoricOnly",
            endpoint::Kind::Flag,
            "Also fields of historic records only; the table has none",
        ),
    ]],
    answers: &["application/json"],
    takes: &[],
};

/// The search areas.
pub(crate) static SEARCH_AREAS: Endpoint = Endpoint {
    path: "/api/v2/studies/search-areas",
    about: "The search areas: which fields each looks in, and how much a hit there counts",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// The enumerations.
pub(crate) static ENUMS: Endpoint = Endpoint {
    path: "/api/v2/studies/enums",
    about: "The enumerations, their values, and what older formats call them",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with the tree of fields.
pub(crate) async fn metadata(parameters: Parameters) -> Result<Response, Refusal> {
    METADATA.check(&parameters)?;
    let all = parameters.flag("includeIndexedOnly");
    let pieces: Vec<&Piece> = piece::all().iter().filter(|p| all || !p.indexed_only).collect();
    Ok(answer(Value::Array(nodes(&pieces)).to_string().into_bytes()))
}

/// Answers with the search areas.
pub(crate) async fn search_areas(parameters: Parameters) -> Result<Response, Refusal> {
    SEARCH_AREAS.check(&parameters)?;
    let areas: Vec<Value> = area::all().iter().map(area_json).collect();
    Ok(answer(json!([{"name": "Study", "areas": areas}]).to_string().into_bytes()))
}

/// Answers with the enumerations.
pub(crate) async fn enums(parameters: Parameters) -> Result<Response, Refusal> {
    ENUMS.check(&parameters)?;
    let all: Vec<Value> = enums::all().iter().map(enum_json).collect();
    Ok(answer(Value::Array(all).to_string().into_bytes()))
}

/// The trees of some pieces; a parent stands before its children, though not always next to them.
fn nodes(pieces: &[&Piece]) -> Vec<Value> {
    let mut out = Vec::new();
    let mut rest = pieces.to_vec();
    while !rest.is_empty() {
        let piece = rest.remove(0);
        let inside = |p: &&Piece| p.path.strip_prefix(piece.path).is_some_and(|rest| rest.starts_with('.'));
        let (children, others): (Vec<&Piece>, Vec<&Piece>) = rest.into_iter().partition(inside);
        out.push(node(piece, &children));
        rest = others;
    }
    out
}

fn node(piece: &Piece, children: &[&Piece]) -> Value {
    let list = if piece.list { "[]" } else { "" };
    let mut out = Map::new();
    out.insert("name".into(), piece.key().into());
    out.insert("piece".into(), piece.name.into());
    if !piece.title.is_empty() {
        out.insert("title".into(), piece.title.into());
    }
    out.insert("sourceType".into(), piece.type_name.into());
    out.insert("type".into(), format!("{}{list}", piece.type_name).into());
    let marks = [
        ("isEnum", matches!(piece.kind, Kind::Enum(_))),
        ("synonyms", piece.synonyms),
        ("indexedOnly", piece.indexed_only),
        ("nested", piece.path == piece::LOCATIONS),
    ];
    marks.into_iter().filter(|(_, yes)| *yes).for_each(|(key, _)| {
        out.insert(key.into(), true.into());
    });
    if !children.is_empty() {
        out.insert("children".into(), nodes(children).into());
    }
    Value::Object(out)
}

fn area_json(area: &area::Area) -> Value {
    let mut out = json!({"name": area.name});
    if let Some(param) = area.param {
        out["param"] = param.into();
    }
    if let Some(label) = area.label {
        out["uiLabel"] = label.into();
    }
    let part = |p: &model::WeightedPiece| {
        json!({
            "pieces": [p.piece.name],
            "type": p.piece.type_name,
            // Not 0.8899999856948853 for 0.89.
            "weight": (f64::from(p.weight) * 100.0).round() / 100.0,
            "isEnum": matches!(p.piece.kind, Kind::Enum(_)),
            "isSynonyms": p.piece.synonyms,
        })
    };
    out["parts"] = area.pieces.iter().map(part).collect();
    out
}

fn enum_json(kind: &'static enums::EnumType) -> Value {
    let of = |p: &&Piece| matches!(p.kind, Kind::Enum(other) if other.name == kind.name);
    let mut pieces: Vec<&str> = piece::all().iter().filter(of).map(|p| p.name).collect();
    pieces.sort_unstable();
    let value = |v: &enums::EnumValue| {
        let mut out = json!({"value": v.value, "legacyValue": v.label});
        if !v.exceptions.is_empty() {
            let pairs = v.exceptions.iter().map(|(piece, label)| ((*piece).to_owned(), (*label).into()));
            out["exceptions"] = Value::Object(pairs.collect());
        }
        out
    };
    json!({"type": kind.name, "pieces": pieces, "values": kind.values.iter().map(value).collect::<Vec<_>>()})
}
