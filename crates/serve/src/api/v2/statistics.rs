//! `/api/v2/stats/field/values` and `/api/v2/stats/field/sizes`: what values the fields have, over all records.

use axum::{extract::State, http::StatusCode, response::Response};
use model::{Kind, Piece, piece};
use registry::statistics::{MOST_VALUES, Statistic, Values};
use serde_json::{Value, json};

use crate::{
    Site,
    api::{
        endpoint::{self, Endpoint, Parameter, items},
        json as answer,
        refusal::{Fault, Refusal},
        work,
    },
    parameters::Parameters,
};

const FIELDS: Parameter = Parameter::new(
    "fields",
    endpoint::Kind::List,
    "Names or JSON paths of fields, parted by `,` or `|`; all if absent",
);

/// Values.
pub(crate) static VALUES: Endpoint = Endpoint {
    path: "/api/v2/stats/field/values",
    about: "What values the leaf fields have, over all records; at most 250 values of each",
    parameters: &[&[
        Parameter::new(
            "types",
            endpoint::Kind::Some(&["ENUM", "STRING", "DATE", "INTEGER", "NUMBER", "BOOLEAN"]),
            "Only fields of these types",
        ),
        FIELDS,
    ]],
    answers: &["application/json"],
    takes: &[],
};

/// Lengths of lists.
pub(crate) static SIZES: Endpoint = Endpoint {
    path: "/api/v2/stats/field/sizes",
    about: "How long the list fields are, over all records; lists that are absent do not count",
    parameters: &[&[FIELDS]],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with statistics of values.
pub(crate) async fn values(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    VALUES.check(&parameters)?;
    let types: Vec<&str> = parameters.get("types").map(|text| items(text).collect()).unwrap_or_default();
    let mut pieces = named(&parameters, |p| type_of(p).is_some())?;
    pieces.retain(|p| types.is_empty() || type_of(p).is_some_and(|name| types.contains(&name)));
    let rows = work(move || Ok(site.catalogue.statistics(&pieces)?)).await?;
    let rows: Vec<Value> = rows.iter().map(|statistic| values_row(statistic)).collect();
    Ok(answer(Value::Array(rows).to_string().into_bytes()))
}

/// Answers with statistics of lengths.
pub(crate) async fn sizes(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    SIZES.check(&parameters)?;
    let pieces = named(&parameters, |p| p.list && !p.indexed_only)?;
    let rows = work(move || Ok(site.catalogue.statistics(&pieces)?)).await?;
    let rows: Vec<Value> = rows.iter().map(|statistic| sizes_row(statistic)).collect();
    Ok(answer(Value::Array(rows).to_string().into_bytes()))
}

/// The pieces that `fields` names, in its order; all that fit if it is absent.
fn named(parameters: &Parameters, fits: fn(&Piece) -> bool) -> Result<Vec<&'static Piece>, Refusal> {
    let Some(text) = parameters.get_given("fields") else {
        return Ok(piece::all().iter().filter(|p| fits(p)).collect());
    };
    let (mut pieces, mut wrong): (Vec<&'static Piece>, Vec<Fault>) = (Vec::new(), Vec::new());
    for name in items(text) {
        match piece::by_name(name).or_else(|| piece::by_path(name)).filter(|p| fits(p)) {
            Some(piece) if pieces.contains(&piece) => {}
            Some(piece) => pieces.push(piece),
            None => wrong.push(unknown(name, fits)),
        }
    }
    if wrong.is_empty() { Ok(pieces) } else { Err(Refusal { status: StatusCode::NOT_FOUND, faults: wrong }) }
}

fn unknown(name: &str, fits: fn(&Piece) -> bool) -> Fault {
    let names = piece::all().iter().filter(|p| fits(p)).map(|p| p.name);
    let near = piece::near_names(name, names).into_iter().map(str::to_owned).collect();
    Fault { near, ..Fault::new("fields", format!("Unknown piece name of field path: {name}")) }
}

/// What upstream calls the type of a leaf; `None` for what has no statistics.
fn type_of(piece: &Piece) -> Option<&'static str> {
    if piece.indexed_only {
        return None;
    }
    match piece.kind {
        Kind::Branch | Kind::GeoPoint => None,
        Kind::Text | Kind::Markup | Kind::Time => Some("STRING"),
        Kind::Enum(_) => Some("ENUM"),
        Kind::Boolean => Some("BOOLEAN"),
        Kind::Integer => Some("INTEGER"),
        Kind::Number => Some("NUMBER"),
        Kind::Date => Some("DATE"),
    }
}

fn values_row(statistic: &Statistic) -> Value {
    let piece = statistic.piece;
    let mut out = json!({
        "type": type_of(piece),
        "piece": piece.name,
        "field": piece.path,
        "missingStudiesCount": statistic.missing,
    });
    match &statistic.values {
        Values::Branch => {}
        Values::Text(texts) => {
            out["uniqueValuesCount"] = texts.different().into();
            out["topValues"] = top(texts.top.iter().map(|(value, count)| (value.as_str(), *count)));
            if let Some((length, id, text)) = &texts.longest {
                out["longest"] = json!({"length": length, "nctId": id, "value": text});
            }
        }
        Values::Enum(counts) => {
            let mut pairs: Vec<(&str, u64)> = counts.iter().map(|(v, n)| (v.as_str(), *n)).collect();
            pairs.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
            out["uniqueValuesCount"] = pairs.len().into();
            out["topValues"] = top(pairs.into_iter().take(MOST_VALUES));
        }
        Values::Boolean(yes, no) => {
            out["trueCount"] = (*yes).into();
            out["falseCount"] = (*no).into();
        }
        Values::Date(formats, span) => {
            out["formats"] = formats.iter().copied().collect();
            if let Some((low, high)) = span {
                out["min"] = low.as_str().into();
                out["max"] = high.as_str().into();
            }
        }
        Values::Number(count, sum, span) => {
            if let Some((low, high)) = *span {
                out["min"] = number(piece, low);
                out["max"] = number(piece, high);
                out["avg"] = (sum / *count as f64).into();
            }
        }
    }
    out
}

fn top<'v>(values: impl Iterator<Item = (&'v str, u64)>) -> Value {
    values.map(|(value, count)| json!({"value": value, "studiesCount": count})).collect()
}

fn number(piece: &Piece, value: f64) -> Value {
    if matches!(piece.kind, Kind::Integer) { (value as i64).into() } else { value.into() }
}

fn sizes_row(statistic: &Statistic) -> Value {
    let sizes = &statistic.sizes;
    let mut out = json!({
        "piece": statistic.piece.name,
        "field": statistic.piece.path,
        "uniqueSizesCount": sizes.len(),
    });
    if let (Some((low, _)), Some((high, _))) = (sizes.first_key_value(), sizes.last_key_value()) {
        let mut pairs: Vec<(u64, u64)> = sizes.iter().map(|(size, n)| (*size, *n)).collect();
        pairs.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let row = |(size, count): (u64, u64)| json!({"size": size, "studiesCount": count});
        out["minSize"] = (*low).into();
        out["maxSize"] = (*high).into();
        out["topSizes"] = pairs.into_iter().take(MOST_VALUES).map(row).collect();
    }
    out
}
