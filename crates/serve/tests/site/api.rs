//! API v2: shapes, limits, errors.

use axum::http::StatusCode;

use crate::{
    ask, ask_with,
    shelf::{HOSTILE, Shelf},
};

#[track_caller]
fn refused(address: &str, message: &str) {
    let answer = ask(address);
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}: {}", answer.body);
    assert!(answer.header("content-type").starts_with("text/plain"), "{address}");
    assert!(answer.body.starts_with(message), "{address}: {}", answer.body);
}

#[test]
fn a_page_has_one_study_a_line() {
    let answer = ask("/api/v2/studies?pageSize=3&countTotal=true");
    assert_eq!(answer.status, StatusCode::OK);
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(lines.len(), 5, "{}", answer.body);
    assert_eq!(lines[0], format!("{{\"totalCount\":{},\"studies\":[", Shelf::ids().len()));
    assert!(lines[4].starts_with("],\"nextPageToken\":\""));
    assert_eq!(answer.json()["studies"].as_array().unwrap().len(), 3);
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    assert_eq!(answer.header("content-type"), "application/json");
}

#[test]
fn paging_meets_every_study_once_and_ends() {
    let mut seen = Vec::new();
    let mut address = "/api/v2/studies?pageSize=17&fields=NCTId&countTotal=true".to_owned();
    for page in 0.. {
        let body = ask(&address).json();
        assert_eq!(body.get("totalCount").is_some(), page == 0, "the total stands on the first page only");
        let ids = body["studies"].as_array().unwrap().iter();
        seen.extend(
            ids.map(|s| s["protocolSection"]["identificationModule"]["nctId"].as_str().unwrap().to_owned()),
        );
        let Some(token) = body["nextPageToken"].as_str() else { break };
        address = format!("/api/v2/studies?pageSize=17&fields=NCTId&pageToken={token}");
    }
    assert_eq!(seen, Shelf::ids().iter().map(ToString::to_string).collect::<Vec<_>>());
}

#[test]
fn a_full_last_page_promises_no_other() {
    let size = Shelf::ids().len();
    let body = ask(&format!("/api/v2/studies?pageSize={size}&fields=NCTId")).json();
    assert_eq!((body["studies"].as_array().unwrap().len(), body.get("nextPageToken")), (size, None));
}

#[test]
fn page_sizes() {
    for (given, expected) in [("", 10), ("0", 10), ("4", 4), ("5000", Shelf::ids().len().min(1000))] {
        let body = ask(&format!("/api/v2/studies?fields=NCTId&pageSize={given}")).json();
        assert_eq!(body["studies"].as_array().unwrap().len(), expected, "{given}");
    }
    refused("/api/v2/studies?pageSize=-1", "Parameter `pageSize` has incorrect format");
}

#[test]
fn refuses_as_upstream_does() {
    refused("/api/v2/studies?query.bogus=1", "`query.bogus` is unknown parameter");
    refused("/api/v2/studies?filter.phase=2", "`filter.phase` is unknown parameter");
    refused("/api/v2/version?x=1", "`x` is unknown parameter");
    refused(
        "/api/v2/studies?fields=StudyDesign",
        "Parameter 'fields' contains invalid field name: 'StudyDesign'",
    );
    let csv = "/api/v2/studies?format=csv&fields=NCTId";
    refused(csv, "Parameter 'fields' contains invalid CSV column name: 'NCTId'");
    refused("/api/v2/studies?format=xml", "Invalid value in parameter `format`: `xml`");
    refused("/api/v2/studies?pageToken=zzz", "Parameter `pageToken` has incorrect format");
    refused("/api/v2/studies?countTotal=yes", "Parameter `countTotal` has incorrect format");
    refused("/api/v2/studies?query.term=AREA%5BNope%5Dx", "Error parsing query in Other terms: ");
    let token = ask("/api/v2/studies?pageSize=2").json()["nextPageToken"].as_str().unwrap().to_owned();
    refused(
        &format!("/api/v2/studies?query.term=x&pageToken={token}"),
        "`pageToken` belongs to another search",
    );
    assert_eq!(ask("/api/v2/nothing").status, StatusCode::NOT_FOUND);
}

#[test]
fn one_study_by_any_spelling_of_its_id() {
    let id = Shelf::ids()[0];
    let whole = ask(&format!("/api/v2/studies/{id}"));
    assert_eq!(whole.status, StatusCode::OK);
    for spelling in [format!("nct{:08}", id.number()), format!("NCT{}", id.number())] {
        assert_eq!(ask(&format!("/api/v2/studies/{spelling}")).body, whole.body, "{spelling}");
    }
    let unknown = ask("/api/v2/studies/NCT99999999");
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(unknown.body, "NCT number NCT99999999 not found");
    refused("/api/v2/studies/04437511", "Parameter `nctId` has incorrect format");
    let alias = ask("/api/v2/studies/NCT99000002?fields=NCTId");
    assert_eq!(alias.status, StatusCode::MOVED_PERMANENTLY);
    assert_eq!(alias.header("location"), format!("/api/v2/studies/{HOSTILE}?fields=NCTId"));
}

#[test]
fn searches_and_projects() {
    let address = "/api/v2/studies?filter.overallStatus=COMPLETED&fields=OverallStatus&pageSize=1000";
    let body = ask(address).json();
    let studies = body["studies"].as_array().unwrap();
    assert!(!studies.is_empty() && studies.len() < Shelf::ids().len());
    let expected = serde_json::json!({"protocolSection": {"statusModule": {"overallStatus": "COMPLETED"}}});
    assert!(studies.iter().all(|s| *s == expected));
    let searched = ask("/api/v2/studies?query.titles=diabetes&fields=%40query&pageSize=1").json();
    let keys = searched["studies"][0]["protocolSection"].as_object().unwrap().keys().collect::<Vec<_>>();
    assert_eq!(keys, ["identificationModule"]);
}

#[test]
fn csv_has_thirty_columns() {
    let answer = ask("/api/v2/studies?format=csv&countTotal=true&pageSize=1000");
    assert_eq!(answer.header("x-total-count"), Shelf::ids().len().to_string());
    assert_eq!(answer.header("x-next-page-token"), "");
    let mut reader = csv::Reader::from_reader(answer.body.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 30);
    let ids: Vec<String> = reader.records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(ids, Shelf::ids().iter().map(ToString::to_string).collect::<Vec<_>>());
    let first = ask("/api/v2/studies?format=csv&pageSize=2&fields=Study+Title,NCT+Number");
    assert!(first.body.starts_with("NCT Number,Study Title\n"), "{}", first.body);
    let token = first.header("x-next-page-token");
    let second = ask(&format!(
        "/api/v2/studies?format=csv&pageSize=2&fields=Study+Title,NCT+Number&pageToken={token}"
    ));
    assert!(second.body.starts_with(&Shelf::ids()[2].to_string()), "no head on later pages: {}", second.body);
}

#[test]
fn entity_tags_spare_the_way() {
    let first = ask("/api/v2/version");
    let tag = first.header("etag");
    assert!(tag.starts_with("W/\""));
    let again = ask_with("/api/v2/version", &[("if-none-match", tag)]);
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(ask_with("/api/v2/version", &[("if-none-match", "W/\"0\"")]).status, StatusCode::OK);
    assert_eq!(first.json()["dataTimestamp"], "2026-01-14T09:00:00");
}

#[test]
fn compresses_on_request() {
    for encoding in ["gzip", "zstd"] {
        let answer = ask_with("/api/v2/studies", &[("accept-encoding", encoding)]);
        assert_eq!(answer.header("content-encoding"), encoding);
    }
}

#[test]
fn sizes_add_up() {
    let body = ask("/api/v2/stats/size").json();
    assert_eq!(body["totalStudies"], Shelf::ids().len());
    let counts = body["ranges"].as_array().unwrap().iter().map(|r| r["studiesCount"].as_u64().unwrap());
    assert_eq!(counts.sum::<u64>() as usize, Shelf::ids().len());
}
