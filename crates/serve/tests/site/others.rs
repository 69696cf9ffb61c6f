//! Studies of other registries than ClinicalTrials.gov: imported, found, shown and answered for like any.

use std::{ops::ControlFlow, sync::Arc};

use axum::http::StatusCode;
use registry::{Import, Registry};

use crate::ask_of;

/// A registry of one ISRCTN record and one of CTIS, all invented.
fn others() -> (tempfile::TempDir, Arc<Registry>) {
    let folder = testkit::folder();
    let data = folder.path().join("data");
    let of = |name| testkit::root().join("crates/ingest/tests/registries").join(name);
    let import = Import {
        paths: vec![of("isrctn.xml"), of("ctis.json")],
        source: None,
        received: 1_768_435_200,
        // Some records of these files are broken on purpose.
        strict: false,
        workers: 1,
        limits: Default::default(),
    };
    registry::import(&data, &import, &mut |_| ControlFlow::Continue(())).unwrap();
    let registry = Arc::new(Registry::open(&data).unwrap());
    (folder, registry)
}

const STUDIES: [(&str, &str, &str); 2] = [
    ("ISRCTN99000001", "Green tea at work", "tea"),
    ("2022-500990-18-00", "Tablet against hiccups", "hiccups"),
];

#[test]
fn pages_show_them() {
    let (_folder, registry) = others();
    for (id, title, word) in STUDIES {
        for part in ["", "/criteria", "/protocol", "/history"] {
            let page = ask_of(registry.clone(), &format!("/study/{id}{part}"), &[]);
            assert_eq!(page.status, StatusCode::OK, "{id}{part}");
            assert!(page.body.contains(title) && page.body.contains(id), "{id}{part}");
        }
        let found = ask_of(registry.clone(), &format!("/search?q={word}"), &[]);
        assert!(found.body.contains(title) && found.body.contains(&format!("/study/{id}")), "{word}");
    }
    let home = ask_of(registry, "/", &[]);
    assert_eq!(home.status, StatusCode::OK);
}

#[test]
fn the_own_api_has_them_and_upstreams_has_not() {
    let (_folder, registry) = others();
    for (id, title, word) in STUDIES {
        let get = |address: &str| ask_of(registry.clone(), address, &[]);
        for query in [format!("query.term={word}"), format!("query.id={id}"), format!("filter.ids={id}")] {
            let page =
                get(&format!("/api/x1/studies?{query}&countTotal=true&facets=all&explain=true")).json();
            assert_eq!(
                (&page["totalCount"], &page["studies"][0]["nctId"]),
                (&1.into(), &id.into()),
                "{query}"
            );
            let record = &page["studies"][0]["study"];
            assert_eq!(record["protocolSection"]["identificationModule"]["briefTitle"], title);
        }
        let one = get(&format!("/api/x1/studies/{id}"));
        assert_eq!(
            (one.status, one.json()["protocolSection"]["identificationModule"]["nctId"].as_str()),
            (StatusCode::OK, Some(id))
        );
        for part in ["related", "same", "criteria", "history"] {
            assert_eq!(get(&format!("/api/x1/studies/{id}/{part}")).status, StatusCode::OK, "{id}/{part}");
        }
        for format in ["fhir-r5.json", "fhir-r4.json"] {
            assert_eq!(get(&format!("/api/x1/studies/{id}?format={format}")).json()["id"], id);
        }
        let lines = get(&format!("/api/x1/studies?format=ndjson&query.term={word}"));
        assert_eq!(lines.body.lines().count(), 1);
        let upstream = get(&format!("/api/v2/studies?query.term={word}&countTotal=true")).json();
        assert_eq!(upstream["totalCount"], 0);
        assert_eq!(get(&format!("/api/v2/studies/{id}")).status, StatusCode::BAD_REQUEST);
    }
    let size = ask_of(registry, "/api/v2/stats/size", &[]).json();
    assert_eq!(size["totalStudies"], 0);
}
