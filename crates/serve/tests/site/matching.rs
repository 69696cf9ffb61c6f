//! `/match`, `/api/x1/match` and `/getClinicalTrial`: a person comes in, studies go out, nothing is kept.

use std::sync::Arc;

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};

use crate::{Answer, MOST_SENT, ask, demo::DEMO, send, shelf::Shelf};

const NOTE: &str = "A 50-year-old woman with type 2 diabetes and albuminuria, HbA1c 8.1 %, on metformin.";

fn post(address: &str, kind: &str, body: impl Into<Body>) -> Answer {
    send(DEMO.1.clone(), Request::post(address).header("content-type", kind).body(body.into()).unwrap())
}

/// Sends the form of the page, as browsers do.
fn form(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> Answer {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let (name, content) = file.unwrap_or_default();
    body += &format!(
        "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n{content}\r\n--b--\r\n"
    );
    post("/match", "multipart/form-data; boundary=b", body)
}

fn patient() -> Value {
    let code = |system: &str, code: &str, text: &str| json!({"coding": [{"system": system, "code": code}], "text": text});
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1975-03-02"}},
        {"resource": {"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/p1"},
            "clinicalStatus": code("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
            "code": code("http://snomed.info/sct", "44054006", "Type 2 diabetes mellitus")}},
        {"resource": {"resourceType": "Observation", "id": "o1", "status": "final", "subject": {"reference": "Patient/p1"},
            "code": code("http://loinc.org", "4548-4", "HbA1c"), "effectiveDateTime": "2026-01-02",
            "valueQuantity": {"value": 8.1, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}}},
    ]})
}

#[test]
fn the_empty_form_says_what_happens_to_what_is_typed() {
    let page = ask("/match");
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(page.header("etag").is_empty());
    for words in
        ["Nothing of it is stored", "1 MB", "<textarea", "enctype=\"multipart/form-data\"", "type=\"file\""]
    {
        assert!(page.body.contains(words), "{words}");
    }
}

#[test]
fn a_note_becomes_studies_in_groups_with_signs_words_and_facts() {
    let page = form(&[("note", NOTE)], None);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert_eq!(page.header("cache-control"), "no-store");
    let body = &page.body;
    for words in [
        "Would need to know (",
        "Excluded (",
        "class=\"squares\"",
        "</span>not met</span>",
        "</span>unknown</span>",
        "Criteria one by one",
        "(“HbA1c 8.1 %”)",
        "Wanted: ",
        "As of 15 Jan 2026",
        "presumed absent",
        "Female, age 50 years",
        "name=\"leave\"",
    ] {
        assert!(body.contains(words), "{words} is missing in {body}");
    }
}

/// What is answered to people is kept, as it is, in a file of its own, where the server was asked to; else nowhere.
#[test]
fn answers_are_kept_only_where_somebody_asked_for_it() {
    let folder = testkit::folder();
    let send = |address: &str, kind: &str, body: &str| {
        let request =
            Request::post(address).header("content-type", kind).body(Body::from(body.to_owned())).unwrap();
        crate::send_to(DEMO.1.clone(), Some(folder.path()), request)
    };
    let note = format!("note={}", NOTE.replace(' ', "+").replace('%', "%25"));
    let page = send("/match", "application/x-www-form-urlencoded", &note);
    let record = send("/api/x1/match?criteria=false", "application/fhir+json", &patient().to_string());
    for (answer, ending) in [(&page, "-match.html"), (&record, "-api-x1-match.json")] {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        let name = answer.header("trialist-saved");
        assert!(name.ends_with(ending), "{name}");
        let path = folder.path().join(name);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), answer.body);
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777,
            0o600
        );
    }
    assert!(page.body.contains("Whoever started this server asked to keep the answers"));
    assert!(!page.body.contains("Nothing of it is stored"));
    assert_eq!(send("/api/x1/match", "application/fhir+json", "{").status, StatusCode::BAD_REQUEST);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "a refusal is not kept");
    let gone = folder.path().join("gone");
    let request = Request::post("/match").header("content-type", "application/x-www-form-urlencoded");
    let lost = crate::send_to(DEMO.1.clone(), Some(&gone), request.body(Body::from(note)).unwrap());
    assert_eq!(lost.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(lost.body.contains("--save"), "{}", lost.body);
}

#[test]
fn a_plain_form_without_a_file_works_as_well() {
    let page =
        post("/match", "application/x-www-form-urlencoded", "note=58-year-old+man+with+diabetes&top=3");
    assert!(page.status == StatusCode::OK && page.body.contains("Male, age 58 years"), "{}", page.body);
    assert!(page.body.contains("The best "));
}

#[test]
fn a_record_is_carried_along_and_what_is_ticked_is_left_out() {
    let first = form(&[], Some(("p.json", &patient().to_string())));
    assert_eq!(first.status, StatusCode::OK, "{}", first.body);
    assert!(first.body.contains("Observation/o1") && first.body.contains("What is not recorded is unknown."));
    let hidden = first.body.split("name=\"person\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let record = hidden.replace("&quot;", "\"").replace("&amp;", "&");
    let form_itself = first.body.split("id=\"person\"").nth(1).unwrap();
    let row = form_itself.split(">HbA1c 8.1 %").next().unwrap();
    let key = row.rsplit("name=\"leave\" value=\"").next().unwrap().split('"').next().unwrap();
    let again = form(&[("person", &record), ("leave", key), ("note", "She takes metformin.")], None);
    assert_eq!(again.status, StatusCode::OK, "{}", again.body);
    assert!(again.body.contains("left out") && again.body.contains("metformin"));
    let cited = |page: &Answer| page.body.matches("(Observation/o1)").count();
    assert!(cited(&first) > 0 && cited(&again) == 0, "what is left out decides nothing");
}

#[test]
fn what_only_people_can_decide_is_decided_on_the_page_and_not_kept() {
    let first = form(&[("note", NOTE)], None);
    let field = first.body.split("name=\"answer:").nth(1).unwrap().split('"').next().unwrap();
    let field = format!("answer:{}", field.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
    let again = form(&[("note", NOTE), (&field, "yes")], None);
    assert!(again.body.contains("answered by you, on this page"), "{field}");
    assert!(again.body.contains("<option value=\"yes\" selected>"), "the answer stays chosen");
    assert!(DEMO.1.store().answers(None).unwrap().is_empty());
    assert!(!form(&[("note", NOTE)], None).body.contains("answered by"));
}

#[test]
fn kept_answers_count_for_their_person_alone() {
    let folder = testkit::folder();
    let registry = crate::demo::filled(folder.path());
    let question = "Has understood and signed the consent form before any study step, agrees to follow the protocol and \
                    joins no other clinical study meanwhile";
    let answer = eligibility::evaluate::Answer {
        question: question.to_owned(),
        about: eligibility::evaluate::About::Words,
        holds: true,
        by: "A. Berg".to_owned(),
    };
    let kept = matching::answers::to_keep("p1", &answer, "2026-01-02", "");
    store::Answers::open(folder.path()).unwrap().add(&kept).unwrap().unwrap();
    let ask = |bundle: String| {
        let request = Request::post("/api/x1/match?all=true").header("content-type", "application/json");
        send(registry.clone(), request.body(Body::from(bundle)).unwrap())
    };
    assert!(ask(patient().to_string()).body.contains("answered by A. Berg on 2026-01-02"));
    assert!(!ask(patient().to_string().replace("p1", "p2")).body.contains("A. Berg"));
}

#[test]
fn a_file_of_several_people_gives_the_one_that_is_asked_for() {
    let line = |id: &str, sex: &str| json!({"resourceType": "Patient", "id": id, "gender": sex}).to_string();
    let file = format!("{}\n{}\n", line("a", "female"), line("b", "male"));
    let second = form(&[("number", "2")], Some(("p.ndjson", &file)));
    assert!(second.body.contains("Male, age not known (record b)"), "{}", second.body);
    assert!(second.body.contains("holds 2 people"));
    let third = form(&[("number", "3")], Some(("p.ndjson", &file)));
    assert!(third.status == StatusCode::BAD_REQUEST && third.body.contains("from 1 to 2"));
}

#[test]
fn what_cannot_be_read_is_told_with_the_way_out() {
    for (fields, file, words) in [
        (vec![], None, "type or paste a note"),
        (vec![], Some(("x.json", "{\"a\": 1}")), "x.json"),
        (vec![("note", NOTE), ("near", "north")], None, "near: "),
        (vec![("note", NOTE), ("indexDate", "soon")], None, "indexDate: "),
        (vec![("person", "{")], None, "the record in the form is broken"),
        (vec![("note", NOTE), ("cond", "AREA[Phas]PHASE3")], None, "The search cannot be read"),
    ] {
        let page = form(&fields, file);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{fields:?}");
        assert!(page.body.contains(words), "{words}: {}", page.body);
        assert_eq!(page.header("cache-control"), "no-store");
    }
    let large = form(&[("note", &"x".repeat(MOST_SENT + 1))], None);
    assert!(large.status == StatusCode::PAYLOAD_TOO_LARGE && large.body.contains("1 MB"), "{}", large.body);
    let odd = post("/match", "multipart/form-data", "x");
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);
    let other = post("/match", "application/json", "{}");
    assert_eq!(other.status, StatusCode::BAD_REQUEST);
}

#[test]
fn hostile_studies_and_people_do_not_break_out_of_the_page() {
    let bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
    let body = format!("note={bad}+diabetes&cond=&near=");
    let request = Request::post("/match").header("content-type", "application/x-www-form-urlencoded");
    let page = send(Arc::new(Shelf::demo()), request.body(Body::from(body)).unwrap());
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("<script>alert") && !page.body.contains("<img src=x"));
}

#[test]
fn the_api_takes_notes_and_records() {
    let note = post("/api/x1/match?top=5&all=true&indexDate=2026-05-17", "text/plain; charset=utf-8", NOTE);
    assert_eq!(note.status, StatusCode::OK, "{}", note.body);
    assert_eq!(note.header("cache-control"), "no-store");
    assert!(note.header("access-control-allow-origin").is_empty(), "no other site's script may ask");
    let person = &note.json()["people"][0];
    assert_eq!(
        (person["indexDate"].as_str(), person["absence"].as_str()),
        (Some("2026-05-17"), Some("clinical"))
    );
    let studies = person["studies"].as_array().unwrap();
    assert_eq!(studies.len(), 5);
    let criterion = &studies[0]["criteria"][0];
    assert!(
        criterion["truth"].is_string()
            && criterion["criterion"].is_string()
            && criterion["evidence"].is_array()
    );

    let record = post("/api/x1/match?criteria=false", "application/fhir+json", patient().to_string());
    let person = &record.json()["people"][0];
    assert_eq!((person["subject"].as_str(), person["absence"].as_str()), (Some("p1"), Some("open")));
    let studies = person["studies"].as_array().unwrap();
    assert!(studies.iter().all(|study| study["verdict"] != "ineligible" && study["criteria"].is_null()));
    assert!(person["hidden"].as_u64().unwrap() > 0);
    let open = post("/api/x1/match?status=recruiting", "application/json", patient().to_string()).json();
    let open = open["people"][0]["studies"].as_array().unwrap().clone();
    assert!(!open.is_empty() && open.iter().all(|study| study["overallStatus"] == "RECRUITING"));
}

#[test]
fn the_api_refuses_as_its_other_endpoints_do() {
    for (address, kind, body, words) in [
        ("/api/x1/match?colour=red", "text/plain", NOTE, "`colour` is unknown parameter"),
        ("/api/x1/match?absence=maybe", "text/plain", NOTE, "absence: "),
        ("/api/x1/match?all=yes", "text/plain", NOTE, "Parameter `all` has incorrect format"),
        ("/api/x1/match", "text/plain", " ", "The note is empty"),
        ("/api/x1/match", "application/json", "{}", "holds no person"),
        ("/api/x1/match", "application/json", "{\"resourceType\":", "holds no person"),
        ("/api/x1/match?cond=AREA[Phas]x", "text/plain", NOTE, "Phas"),
    ] {
        let refusal = post(&address.replace('[', "%5B").replace(']', "%5D"), kind, body);
        assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{address}");
        assert_eq!(refusal.header("content-type"), "application/problem+json");
        assert!(refusal.body.contains(words), "{}", refusal.body);
    }
    let large = post("/api/x1/match", "text/plain", "x".repeat(MOST_SENT + 1));
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let get = ask("/api/x1/match");
    assert!(get.status == StatusCode::METHOD_NOT_ALLOWED && get.body.contains("POST"));
}

fn trial(body: &Value) -> Answer {
    post("/getClinicalTrial", "application/json", body.to_string())
}

fn with_parameters(parameters: &[(&str, &str)]) -> Value {
    let list: Vec<Value> =
        parameters.iter().map(|(name, value)| json!({"name": name, "valueString": value})).collect();
    let mut bundle = patient();
    let entry = json!({"resource": {"resourceType": "Parameters", "parameter": list}});
    bundle["entry"].as_array_mut().unwrap().insert(0, entry);
    bundle
}

#[test]
fn clients_of_fhir_matching_services_get_a_searchset() {
    let found = trial(&with_parameters(&[("recruitmentStatus", "active"), ("phase", "any")]));
    assert_eq!(found.status, StatusCode::OK, "{}", found.body);
    assert!(found.header("content-type").starts_with("application/fhir+json"));
    assert_eq!(found.header("cache-control"), "no-store");
    let bundle = found.json();
    assert_eq!(
        (bundle["resourceType"].as_str(), bundle["type"].as_str()),
        (Some("Bundle"), Some("searchset"))
    );
    let entries = bundle["entry"].as_array().unwrap();
    assert!(!entries.is_empty() && bundle["total"] == entries.len());
    for entry in entries {
        let (study, search) = (&entry["resource"], &entry["search"]);
        assert_eq!(
            (study["resourceType"].as_str(), study["status"].as_str()),
            (Some("ResearchStudy"), Some("active"))
        );
        assert!(study["identifier"][0]["value"].as_str().unwrap().starts_with("NCT"));
        let score = search["score"].as_f64().unwrap();
        assert!(search["mode"] == "match" && (0.5..=1.0).contains(&score));
    }
    let wrapped =
        trial(&json!({"patientData": with_parameters(&[("recruitmentStatus", "active")]).to_string()}));
    assert_eq!(wrapped.json()["total"], bundle["total"]);
}

#[test]
fn who_has_died_may_join_nothing() {
    let mut bundle = patient();
    bundle["entry"][0]["resource"]["deceasedDateTime"] = "2020-03-04T10:00:00Z".into();
    let found = trial(&bundle).json();
    assert_eq!(found["total"], 0, "{found}");
    assert!(found["entry"][0]["resource"].to_string().contains("has died"), "{found}");
    let sent = bundle.to_string();
    let answer = post("/api/x1/match?all=true&criteria=false", "application/json", sent.clone()).json();
    let person = &answer["people"][0];
    assert_eq!(person["life"]["truth"], "not_met", "{person}");
    for study in person["studies"].as_array().unwrap() {
        assert!(study["verdict"] != "eligible" && study["verdict"] != "undetermined", "{study}");
    }
    let before = post("/api/x1/match?indexDate=2020-01-01", "application/json", sent.clone()).json();
    assert_eq!(before["people"][0]["life"]["truth"], "met");
    assert!(before["people"][0]["total"].as_u64().unwrap() > 0, "{before}");
    let page = form(&[], Some(("p1.json", &sent)));
    assert!(
        page.body.contains("died on 2020-03-04") && page.body.contains("can join no study"),
        "{}",
        page.body
    );
}

#[test]
fn a_postal_code_is_placed_by_the_sites_that_have_it() {
    let near = trial(&with_parameters(&[("zipCode", "02114"), ("travelRadius", "10")])).json();
    let all = trial(&patient()).json();
    assert!(near["total"].as_u64().unwrap() < all["total"].as_u64().unwrap(), "{near}");
    let lost = trial(&with_parameters(&[("zipCode", "99999"), ("favouriteColour", "red")])).json();
    assert_eq!(lost["total"], all["total"]);
    let outcome = lost["entry"].as_array().unwrap().last().unwrap();
    assert_eq!(outcome["search"]["mode"], "outcome");
    let said = outcome["resource"].to_string();
    assert!(said.contains("99999") && said.contains("favouriteColour"), "{said}");
}

#[test]
fn faults_of_clients_are_operation_outcomes() {
    let two = json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "a"}}, {"resource": {"resourceType": "Patient", "id": "b"}}]});
    for (body, words) in [
        ("{".to_owned(), "no JSON"),
        ("{}".to_owned(), "Expected a Bundle"),
        (json!({"patientData": "{"}).to_string(), "patientData"),
        (json!({"resourceType": "Bundle", "type": "collection"}).to_string(), "found 0"),
        (two.to_string(), "found 2"),
        (with_parameters(&[("zipCode", "02114"), ("travelRadius", "far")]).to_string(), "travelRadius"),
    ] {
        let refusal = post("/getClinicalTrial", "application/fhir+json", body);
        assert_eq!(refusal.status, StatusCode::BAD_REQUEST, "{words}");
        let outcome = refusal.json();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert!(outcome["issue"][0]["diagnostics"].as_str().unwrap().contains(words), "{outcome}");
    }
    assert_eq!(ask("/getClinicalTrial").json()["issue"][0]["code"], "not-supported");
    let large = post("/getClinicalTrial", "application/json", "x".repeat(MOST_SENT + 1));
    assert!(large.status == StatusCode::PAYLOAD_TOO_LARGE && large.json()["issue"][0]["code"] == "too-long");
}
