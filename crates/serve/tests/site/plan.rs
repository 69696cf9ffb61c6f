//! Protocols, doses, dates, comparisons and scores as pages.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::Value;

use crate::{Answer, ask, pages::page, send, shelf::Shelf};

/// Sends a form.
fn post(address: &str, fields: &str) -> Answer {
    let request = Request::post(address).header("content-type", "application/x-www-form-urlencoded");
    send(Arc::new(Shelf::demo()), request.body(Body::from(fields.to_owned())).unwrap())
}

#[test]
fn every_study_has_a_protocol_and_dates() {
    for id in Shelf::ids() {
        let body = page(&format!("/study/{id}/protocol"), StatusCode::OK);
        assert!(body.contains("Findings") && body.contains("What a person would get"), "{id}");
        page(&format!("/study/{id}/calendar?start=2026-03-02&anchor=previous"), StatusCode::OK);
        let ics = ask(&format!("/study/{id}/calendar?start=2026-03-02&format=ics"));
        assert_eq!(ics.header("content-type"), "text/calendar; charset=utf-8");
        assert!(ics.body.starts_with("BEGIN:VCALENDAR\r\n"), "{id}");
        let doses = post(
            &format!("/study/{id}/dose"),
            "weight=154&weight.unit=%5Blb_av%5D&height=170&height.unit=cm",
        );
        assert_eq!((doses.status, doses.header("cache-control")), (StatusCode::OK, "no-store"), "{id}");
    }
    page("/study/NCT99999999/protocol", StatusCode::NOT_FOUND);
    let id = Shelf::ids().into_iter().next().unwrap();
    page(&format!("/study/{id}/calendar?start=soon"), StatusCode::BAD_REQUEST);
    page(&format!("/study/{id}/calendar?window=x"), StatusCode::BAD_REQUEST);
}

#[test]
fn a_comparison_has_each_study_in_every_row() {
    page("/compare", StatusCode::OK);
    let ids: Vec<String> = Shelf::ids().into_iter().take(3).map(|id| id.to_string()).collect();
    let body = page(&format!("/compare?ids={}", ids.join(",")), StatusCode::OK);
    assert!(ids.iter().all(|id| body.matches(id.as_str()).count() > 4), "{body}");
    let by_two = page(&format!("/compare?ids={}&ids={}", ids[0], ids[1]), StatusCode::OK);
    assert!(!by_two.contains(ids[2].as_str()));
    page(&format!("/compare?ids={}", ids[0]), StatusCode::BAD_REQUEST);
    page("/compare?ids=asthma,cancer", StatusCode::BAD_REQUEST);
    page("/compare?ids=NCT99999998,NCT99999999", StatusCode::NOT_FOUND);
}

#[test]
fn every_instrument_has_a_form_that_scores() {
    let list = page("/score", StatusCode::OK);
    for instrument in protocol::score::INSTRUMENTS {
        assert!(list.contains(&format!("/score/{}\"", instrument.id)));
        page(&format!("/score/{}", instrument.id), StatusCode::OK);
        let empty = post(&format!("/score/{}", instrument.id), "");
        assert_eq!((empty.status, empty.header("cache-control")), (StatusCode::OK, "no-store"));
        assert!(empty.body.contains("missing: needs") || empty.body.contains("none: "), "{}", empty.body);
    }
    let fields = "creatinine=176.84&creatinine.unit=umol%2FL&age=60&age.unit=a&sex=male";
    let scored = post("/score/egfr_ckdepi2021", fields).body;
    assert!(
        scored.contains("37.50 mL/min/{1.73_m2}") && scored.contains("converted from 176.84 umol/L"),
        "{scored}"
    );
    assert!(scored.contains("value=\"176.84\""), "what was given stays in the form");
    let refused = post("/score/egfr_ckdepi2021", "creatinine=5000&age=%3Cb%3E");
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(
        refused.body.contains("is not in the range") && !refused.body.contains("<b>"),
        "{}",
        refused.body
    );
    page("/score/tcs", StatusCode::NOT_FOUND);
}

#[test]
fn the_report_of_the_checks() {
    let body = page("/lint", StatusCode::OK);
    assert!(body.contains("missing_dose") && body.contains("field_against_text"));
    let one = ask("/lint?id=nct04562025");
    assert_eq!(
        (one.status, one.header("location")),
        (StatusCode::SEE_OTHER, "/study/NCT04562025/protocol#findings")
    );
    page("/lint?id=asthma", StatusCode::BAD_REQUEST);
}

/// Sends JSON.
fn json(address: &str, body: &str) -> Answer {
    let request = Request::post(address).header("content-type", "application/json");
    send(Arc::new(Shelf::demo()), request.body(Body::from(body.to_owned())).unwrap())
}

#[test]
fn doses_and_scores_of_the_api() {
    for id in Shelf::ids() {
        let dose = json(&format!("/api/x1/studies/{id}/dose"), r#"{"weight": 70, "height": 170}"#);
        assert_eq!((dose.status, dose.header("content-type")), (StatusCode::OK, "application/json"), "{id}");
        let answer: Value = serde_json::from_str(&dose.body).unwrap();
        assert!(answer["nctId"] == id.to_string() && answer["doses"].is_array(), "{answer}");
        let lint = ask(&format!("/api/x1/studies/{id}/lint"));
        let answer: Value = serde_json::from_str(&lint.body).unwrap();
        assert!(answer["protocol"].is_array() && answer["criteria"].is_array(), "{answer}");
    }
    let id = Shelf::ids().into_iter().next().unwrap();
    let heavy = json(&format!("/api/x1/studies/{id}/dose"), r#"{"weight": -3}"#);
    assert!(heavy.status == StatusCode::BAD_REQUEST && heavy.body.contains("weight"), "{}", heavy.body);
    let broken = json(&format!("/api/x1/studies/{id}/dose"), "{");
    assert!(broken.status == StatusCode::BAD_REQUEST && broken.body.contains("no JSON"), "{}", broken.body);
    assert_eq!(json("/api/x1/studies/NCT99999999/dose", "{}").status, StatusCode::NOT_FOUND);

    let given = r#"{"creatinine": {"value": 176.84, "unit": "umol/L"}, "age": 60, "sex": "male"}"#;
    let scored = json("/api/x1/score/egfr_ckdepi2021", given);
    assert!(scored.status == StatusCode::OK && scored.body.contains("37.5"), "{}", scored.body);
    let refused = json("/api/x1/score/egfr_ckdepi2021", r#"{"creatinine": 5000}"#);
    assert!(
        refused.status == StatusCode::BAD_REQUEST && refused.body.contains("creatinine"),
        "{}",
        refused.body
    );
    let unknown = json("/api/x1/score/tcs", "{}");
    assert!(unknown.status == StatusCode::NOT_FOUND && unknown.body.contains("tcss"), "{}", unknown.body);
}
