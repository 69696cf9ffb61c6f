//! `/api/v2/stats/size`: how large the records are.

use axum::{extract::State, response::Response};
use model::StudyId;
use serde_json::{Map, Value, json};

use crate::{
    Site,
    api::{endpoint::Endpoint, json as answer, refusal::Refusal, work},
    parameters::Parameters,
};

/// Where it is.
pub(crate) static ENDPOINT: Endpoint = Endpoint {
    path: "/api/v2/stats/size",
    about: "How large the records are, in bytes",
    parameters: &[],
    answers: &["application/json"],
    takes: &[],
};

/// Answers with the sizes of the canonical records, in bytes.
pub(crate) async fn get(State(site): State<Site>, parameters: Parameters) -> Result<Response, Refusal> {
    ENDPOINT.check(&parameters)?;
    let mut sizes = work(move || Ok(site.catalogue.sizes()?)).await?;
    sizes.retain(|(id, _)| id.nct().is_some());
    Ok(answer(summary(sizes).to_string().into_bytes()))
}

/// Percentiles are those of the nearest rank; ranges double from 1 KiB.
fn summary(mut sizes: Vec<(StudyId, u64)>) -> Value {
    sizes.sort_by_key(|(id, bytes)| (*bytes, *id));
    let total: u64 = sizes.iter().map(|s| s.1).sum();
    let mean = total.checked_div(sizes.len() as u64).unwrap_or(0);
    let largest: Vec<Value> =
        sizes.iter().rev().take(10).map(|(id, bytes)| json!({"id": id, "sizeBytes": bytes})).collect();
    json!({
        "totalStudies": sizes.len(),
        "averageSizeBytes": mean,
        "percentiles": percentiles(&sizes),
        "ranges": ranges(&sizes),
        "largestStudies": largest,
    })
}

fn percentiles(sorted: &[(StudyId, u64)]) -> Map<String, Value> {
    let mut out = Map::new();
    for percent in [1, 5, 10, 25, 50, 75, 90, 95, 99] {
        let rank = (sorted.len() * percent).div_ceil(100);
        if let Some((_, bytes)) = rank.checked_sub(1).and_then(|i| sorted.get(i)) {
            out.insert(percent.to_string(), (*bytes).into());
        }
    }
    out
}

fn ranges(sorted: &[(StudyId, u64)]) -> Vec<Value> {
    let mut out = Vec::new();
    let (mut low, mut high) = (0_u64, 1024_u64);
    let mut rest = sorted;
    while !rest.is_empty() {
        let count = rest.partition_point(|(_, bytes)| *bytes < high);
        if count > 0 {
            out.push(json!({"sizeRange": format!("{low}-{}", high - 1), "studiesCount": count}));
        }
        rest = &rest[count..];
        (low, high) = (high, high.saturating_mul(2));
        if low == high {
            break;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_up() {
        let id = |n| StudyId::new(n).unwrap();
        let found = summary(vec![(id(1), 100), (id(2), 3000), (id(3), 500), (id(4), 2048)]);
        assert_eq!(found["averageSizeBytes"], 1412);
        assert_eq!(found["percentiles"]["50"], 500);
        assert_eq!(found["percentiles"]["99"], 3000);
        assert_eq!(found["largestStudies"][0]["id"], "NCT00000002");
        let counts: Vec<_> =
            found["ranges"].as_array().unwrap().iter().map(|r| r["studiesCount"].as_u64()).collect();
        assert_eq!(counts, [Some(2), Some(2)]);
        assert_eq!(summary(Vec::new())["averageSizeBytes"], 0);
    }
}
