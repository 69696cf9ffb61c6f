//! The site over the real registry, filled with the demo studies.

use std::{
    ops::ControlFlow,
    path::Path,
    sync::{Arc, LazyLock},
};

use axum::http::StatusCode;
use registry::{Import, Registry};

use crate::{Answer, ask_of};

/// Imported once; the folder lives as long as the tests.
pub static DEMO: LazyLock<(tempfile::TempDir, Arc<Registry>)> = LazyLock::new(|| {
    let folder = testkit::folder();
    let registry = filled(folder.path());
    (folder, registry)
});

/// A registry of the demo's studies in a folder.
pub fn filled(folder: &Path) -> Arc<Registry> {
    let import = Import {
        paths: vec![testkit::root().join("demo/studies.ndjson")],
        source: None,
        received: 1_768_435_200,
        strict: true,
        workers: 2,
        limits: Default::default(),
    };
    registry::import(folder, &import, &mut |_| ControlFlow::Continue(())).unwrap();
    Arc::new(Registry::open(folder).unwrap())
}

fn ask(address: &str) -> Answer {
    ask_of(DEMO.1.clone(), address, &[])
}

/// The number before "studies" in the first heading.
fn found(address: &str) -> usize {
    let answer = ask(address);
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.body);
    let heading = answer.body.split("<h1 id=\"count\">").nth(1).unwrap();
    heading.split(' ').next().unwrap().replace(',', "").parse().unwrap()
}

#[test]
fn every_facet_value_finds_as_many_as_it_promises() {
    let search =
        DEMO.1.search(&Default::default(), &index::Options { facets: true, ..Default::default() }).unwrap();
    assert_eq!(search.total, DEMO.1.len());
    for facet in search.facets {
        assert!(!facet.values.is_empty(), "{} has something to show", facet.name);
        for value in facet.values.iter().take(5) {
            let text = value.value.replace('&', "%26").replace(' ', "+");
            assert_eq!(
                found(&format!("/search?{}={text}", facet.name)),
                value.count,
                "{} {}",
                facet.name,
                value.value
            );
        }
    }
}

#[test]
fn searches_in_every_way() {
    let all = DEMO.1.len();
    assert_eq!(found("/search"), all);
    let diabetes = found("/search?q=diabetes");
    assert!(diabetes > 3 && diabetes < all);
    assert!(found("/search?cond=diabetes&sort=updated") > 0);
    let near = ask("/search?near=30.6,114.3&within=300");
    assert!(near.body.contains("Nearest") && near.body.contains(" km</strong>"), "{}", near.body);
    assert!(ask("/search?q=diabetes").body.contains("Why here"));
    assert!(ask("/search?q=diabetes").body.contains("<mark>"));
    for sort in ["updated", "start", "completion", "enrollment"] {
        assert_eq!(found(&format!("/search?sort={sort}")), all);
    }
    let api = ask("/api/v2/studies?query.term=diabetes&countTotal=true&pageSize=1");
    assert_eq!(api.json()["totalCount"], diabetes);
}

#[test]
fn a_misspelt_word_meets_its_like() {
    let body = ask("/search?q=diabetis+AND+asthna").body;
    assert!(body.contains("Near spellings") && body.contains("/search?q=asthma"), "{body}");
    let body = ask("/search?q=diabte").body;
    assert!(body.contains("“diabte”: ") && body.contains("/search?q=diabetes"), "{body}");
}

#[test]
fn every_page_shows() {
    for (id, _) in DEMO.1.sizes().unwrap() {
        let page = ask(&format!("/study/{id}"));
        assert_eq!(page.status, StatusCode::OK, "{id}");
        assert!(page.body.contains("id=\"history\""), "{id} tells its source");
        assert_eq!(ask(&format!("/api/v2/studies/{id}")).status, StatusCode::OK);
    }
    let home = ask("/").body;
    assert!(home.contains("By status") && home.contains("By year of start"));
}

#[test]
fn criteria_are_shown_as_printed_and_as_understood() {
    let body = ask("/study/NCT05507697").body;
    for words in
        ["id=\"inclusion-1\"", "✓ resolved", "☞ for a person", "Must: ", "Must not: ", "data-at=\"", "<u>"]
    {
        assert!(body.contains(words), "{words}");
    }
    let alone = ask("/study/NCT05507697/criteria");
    assert!(alone.status == StatusCode::OK && alone.body.contains("id=\"exclusion-2\""));
    assert_eq!(ask("/study/NCT00000404/criteria").status, StatusCode::NOT_FOUND);
}

#[test]
fn criteria_are_there_for_programs() {
    let items = ask("/api/x1/studies/NCT05507697/criteria").json();
    let study = DEMO.1.study("NCT05507697".parse().unwrap()).unwrap().unwrap();
    let text: Vec<char> = study.text("EligibilityCriteria").unwrap().chars().collect();
    let items = items.as_array().unwrap();
    assert!(items.len() > 10 && items[0]["section"] == "registry" && items[0]["char_start"].is_null());
    for item in items.iter().filter(|item| item["section"] != "registry") {
        let at = |key: &str| item[key].as_u64().unwrap() as usize;
        let words: String = text[at("char_start")..at("char_end")].iter().collect();
        assert_eq!(item["source"], words.as_str());
    }
    assert_eq!(ask("/api/x1/studies/NCT00000404/criteria").status, StatusCode::NOT_FOUND);
    assert_eq!(ask("/api/x1/studies/NCT05507697/criteria?format=csv").status, StatusCode::BAD_REQUEST);
    assert_eq!(ask("/api/x1/nothing").status, StatusCode::NOT_FOUND);
}
