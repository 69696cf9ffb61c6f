//! People held against a study of the demo, on the page and by the API.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use tower::ServiceExt;

use crate::{Answer, demo};

const STUDY: &str = "NCT90000004";
const PEOPLE: &str = "id,age,sex,HbA1c (%),potassium (mmol/L)\n\
    young,12,female,8.0,4.0\n\
    high,50,male,8.0,5.5\n\
    fits,50,male,8.0,4.1\n";

fn post(address: &str, kind: &str, body: Vec<u8>, limit: Option<usize>) -> Answer {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let options = serve::Options {
            today: Some(jiff::civil::date(2026, 1, 15)),
            most_sent: limit.unwrap_or(32 << 20),
            ..Default::default()
        };
        let router = serve::router(Arc::clone(&demo::DEMO.1) as Arc<dyn serve::Catalogue>, options);
        let request = Request::post(address).header("content-type", kind).body(Body::from(body)).unwrap();
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    })
}

fn form(fields: &[(&str, &str)], limit: Option<usize>) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        let file = if *name == "file" { "; filename=\"people.csv\"" } else { "" };
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{value}\r\n");
    }
    body += "--b--\r\n";
    post("/screen", "multipart/form-data; boundary=b", body.into_bytes(), limit)
}

#[test]
fn the_form_says_what_it_takes_and_keeps_nothing() {
    let page = crate::ask(&format!("/screen?study={STUDY}"));
    assert_eq!(page.status, StatusCode::OK);
    for words in [STUDY, "1 MB", "Nothing of it is stored", "multipart/form-data", "2026-01-15"] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
}

#[test]
fn people_of_a_file_and_pasted_ones() {
    for field in ["file", "pasted"] {
        let page =
            form(&[("study", STUDY), (field, PEOPLE), ("day", "2026-05-17"), ("absence", "open")], None);
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("etag"), "");
        let body = &page.body;
        for words in [
            "3 people",
            "2026-05-17",
            "registry-age: 2 left, −1",
            "inclusion-4: 1 left, −1",
            "<th scope=\"row\">young",
        ] {
            assert!(body.contains(words), "{words}: {body}");
        }
        assert!(body.contains("without inclusion-4") && body.contains("potassium ≤ 5.5"), "{body}");
    }
}

#[test]
fn what_is_wrong_stands_above_the_form() {
    let check = |fields: &[(&str, &str)], limit, status: StatusCode, words: &str| {
        let page = form(fields, limit);
        assert_eq!(page.status, status, "{words}: {}", page.body);
        assert!(page.body.contains(words) && page.body.contains("id=\"pasted\""), "{words}: {}", page.body);
        assert_eq!(page.header("cache-control"), "no-store");
    };
    let bad = StatusCode::BAD_REQUEST;
    check(&[("study", "gadget"), ("pasted", PEOPLE)], None, bad, "Say which study");
    check(&[("study", STUDY)], None, bad, "Choose a file with people");
    check(&[("study", STUDY), ("pasted", "{}")], None, bad, "There is no person in it");
    check(&[("study", STUDY), ("pasted", PEOPLE), ("day", "soon")], None, bad, "`soon` is no day");
    check(&[("study", STUDY), ("pasted", PEOPLE), ("absence", "maybe")], None, bad, "`maybe` is no policy");
    check(
        &[("study", "NCT99999999"), ("pasted", PEOPLE)],
        None,
        StatusCode::NOT_FOUND,
        "no study NCT99999999",
    );
    check(
        &[("study", STUDY), ("pasted", &"x".repeat(3000))],
        Some(2000),
        StatusCode::PAYLOAD_TOO_LARGE,
        "larger than the 1 MB",
    );
}

#[test]
fn the_api_answers_the_same() {
    let ask = |address: &str| post(address, "text/csv", PEOPLE.into(), None);
    let answer = ask(&format!("/api/x1/screen?study={STUDY}&indexDate=2026-05-17"));
    assert_eq!(
        (answer.status, answer.header("cache-control")),
        (StatusCode::OK, "no-store"),
        "{}",
        answer.body
    );
    let found = answer.json();
    assert_eq!(
        (&found["people"], &found["ineligible"], &found["absence"]),
        (&3.into(), &2.into(), &"open".into())
    );
    assert_eq!(found["subjects"][0]["notMet"], serde_json::json!(["registry-age"]));
    let criterion =
        found["criteria"].as_array().unwrap().iter().find(|c| c["criterion"] == "inclusion-4").unwrap();
    assert_eq!((&criterion["aloneBlocked"], &criterion["left"]), (&1.into(), &1.into()));
    for (address, status, words) in [
        ("/api/x1/screen", 400, "`study` is missing"),
        ("/api/x1/screen?study=x", 400, "incorrect format"),
        ("/api/x1/screen?study=NCT99999999", 404, "not found"),
        ("/api/x1/screen?study=NCT90000004&indexDate=soon", 400, "no day"),
        ("/api/x1/screen?study=NCT90000004&absence=x", 400, "no policy"),
        ("/api/x1/screen?study=NCT90000004&x=y", 400, "unknown parameter"),
    ] {
        let answer = ask(address);
        assert_eq!(answer.status.as_u16(), status, "{address}");
        assert!(answer.body.contains(words), "{address}: {}", answer.body);
    }
    let large = post(&format!("/api/x1/screen?study={STUDY}"), "text/csv", PEOPLE.into(), Some(10));
    assert_eq!(
        (large.status, large.body.contains("10 bytes")),
        (StatusCode::PAYLOAD_TOO_LARGE, true),
        "{}",
        large.body
    );
    let nobody = post(&format!("/api/x1/screen?study={STUDY}"), "text/csv", b"{}".to_vec(), None);
    assert_eq!((nobody.status, nobody.body.contains("holds no person")), (StatusCode::BAD_REQUEST, true));
}

#[test]
fn a_limit_is_moved_by_a_number_and_shown_as_a_curve() {
    let page = form(&[("study", STUDY), ("pasted", PEOPLE)], None);
    let from = page.body.find("name=\"limit upper").map(|at| at + 6).expect("a limit that can be moved");
    let name = &page.body[from..from + page.body[from..].find('"').unwrap()];
    let var = name.rsplit(' ').next().unwrap();
    assert!(page.body.contains("hidden aria-hidden"), "the people go back to the browser alone");
    let fields = [("study", STUDY), ("pasted", PEOPLE), (name, "1000"), ("curve", var)];
    let moved = form(&fields, None);
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    assert!(moved.body.contains("role=\"status\""), "{}", moved.body);
    let same = form(&[("study", STUDY), ("pasted", PEOPLE), (name, "much")], None);
    assert_eq!(same.status, StatusCode::BAD_REQUEST);
    assert!(same.body.contains("is no number"), "{}", same.body);
}

#[test]
fn what_was_found_is_saved_by_the_browser() {
    let csv = form(&[("study", STUDY), ("pasted", PEOPLE), ("format", "csv")], None);
    assert!(csv.body.starts_with("subject,verdict,notMet,unknown,forPerson\n"), "{}", csv.body);
    assert_eq!(csv.body.lines().count(), 4);
    assert!(csv.headers["content-disposition"].to_str().unwrap().contains("screening.csv"));
    assert_eq!(csv.headers["cache-control"], "no-store");
    let json = form(&[("study", STUDY), ("pasted", PEOPLE), ("format", "json")], None);
    let document: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(document["people"], 3);
}
