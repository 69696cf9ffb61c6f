//! Pages: every study can be shown, hostile text stays text, and the frame is one that a reader can use.

use axum::http::StatusCode;

use crate::{
    ask,
    shelf::{HOSTILE, Shelf},
};

/// Asks for a page and checks what holds for every page.
#[track_caller]
pub(crate) fn page(address: &str, status: StatusCode) -> String {
    let answer = ask(address);
    assert_eq!(answer.status, status, "{address}: {}", answer.body);
    let body = answer.body;
    assert_eq!(
        answer.headers["content-security-policy"].to_str().unwrap().split(';').next(),
        Some("default-src 'self'")
    );
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(body.matches("<h1").count(), 1, "{address} has one first heading");
    assert!(body.contains("<html lang=\"en\">") && body.contains("id=\"main\""), "{address}");
    assert!(!body.contains("style=\"") && !body.contains("onclick"), "{address} has nothing inline");
    assert_eq!(body.matches("<script").count(), 1, "{address}: only our own script");
    assert!(!body.contains("<img"), "{address}");
    ids_are_unique_and_labels_meet(&body, address);
    body
}

/// The values of an attribute, wherever it stands.
fn attributes<'b>(body: &'b str, name: &str) -> Vec<&'b str> {
    let start = format!(" {name}=\"");
    body.split(start.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[track_caller]
fn ids_are_unique_and_labels_meet(body: &str, address: &str) {
    let mut ids = attributes(body, "id");
    ids.sort_unstable();
    for pair in ids.windows(2) {
        assert_ne!(pair[0], pair[1], "{address}: an id stands twice");
    }
    for target in attributes(body, "for") {
        assert!(ids.binary_search(&target).is_ok(), "{address}: a label for #{target}, which is absent");
    }
    for names in attributes(body, "aria-labelledby") {
        for name in names.split(' ') {
            assert!(ids.binary_search(&name).is_ok(), "{address}: named by #{name}, which is absent");
        }
    }
    let inputs = body.split("<input ").skip(1).filter_map(|rest| rest.split('>').next());
    for input in inputs.filter(|i| !i.contains("type=\"hidden\"")) {
        let id = input.split("id=\"").nth(1).and_then(|r| r.split('"').next()).unwrap_or("");
        assert!(attributes(body, "for").contains(&id), "{address}: no label for {input}");
    }
}

#[test]
fn every_study_has_a_page() {
    for id in Shelf::ids() {
        let body = page(&format!("/study/{id}"), StatusCode::OK);
        assert!(body.contains(&format!("/api/v2/studies/{id}")), "{id} links to its record");
        assert!(body.contains("id=\"eligibility\""), "{id}");
        assert!(body.contains("Source page facts") && body.contains("1–2"), "{id} tells what its pages say");
    }
}

#[test]
fn hostile_text_stays_text() {
    for address in
        [format!("/study/{HOSTILE}"), "/search?q=script".to_owned(), "/search?q=%3Cscript%3E".to_owned()]
    {
        let body = page(&address, StatusCode::OK);
        assert!(!body.contains("alert(1)</script>") && !body.contains("<img"), "{address}");
        assert!(!body.contains("href=\"javascript:"), "{address}");
    }
    assert!(page("/%3Cscript%3Ealert(1)%3C/script%3E", StatusCode::NOT_FOUND).contains("%3Cscript"));
}

#[test]
fn the_box_takes_an_id_or_a_link() {
    let id = Shelf::ids()[0];
    for words in
        [id.to_string(), format!("nct{}", id.number()), format!("https://clinicaltrials.gov/study/{id}?a=b")]
    {
        let answer =
            ask(&format!("/search?q={}", words.replace('&', "%26").replace('?', "%3F").replace('=', "%3D")));
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{words}");
        assert_eq!(answer.header("location"), format!("/study/{id}"));
    }
    assert_eq!(ask(&format!("/study/nct{}", id.number())).header("location"), format!("/study/{id}"));
    assert_eq!(ask("/study/NCT99000002").header("location"), format!("/study/{HOSTILE}"));
}

#[test]
fn searches_with_chips_and_pages() {
    let body = page("/search?status=COMPLETED", StatusCode::OK);
    assert!(body.contains("class=\"chips\"") && body.contains("Status: COMPLETED"));
    assert!(body.contains("checked"));
    assert!(body.contains("/api/v2/studies?filter.advanced="));
    let all = page("/search", StatusCode::OK);
    assert!(all.contains("rel=\"next\"") && !all.contains("rel=\"prev\""));
    let second = page("/search?page=2", StatusCode::OK);
    assert!(second.contains("rel=\"prev\"") && second.contains("start=\"21\""));
    page("/search?page=99999999999999999999&sort=nonsense&near=x&within=-1", StatusCode::OK);
}

#[test]
fn nothing_found_says_why() {
    let body = page("/search?q=diabetes+AND+zzzzqqq", StatusCode::OK);
    assert!(body.contains("No study fits all of this"));
    assert!(
        body.contains("zzzzqqq</strong>: 0 studies") && body.contains("this part finds nothing"),
        "{body}"
    );
}

#[test]
fn a_query_error_marks_its_place() {
    let body = page("/search?q=asthma+AND+AREA%5BNope%5Dx", StatusCode::BAD_REQUEST);
    assert!(body.contains("<mark>") && body.contains("Nope"), "{body}");
    assert!(body.contains("What to do"));
}

#[test]
fn the_other_pages() {
    let home = page("/", StatusCode::OK);
    assert!(home.contains("href=\"/compare\"") && home.contains("14 Jan 2026"));
    page("/api", StatusCode::OK);
    assert!(page("/study/NCT00000404", StatusCode::NOT_FOUND).contains("What to do"));
    page("/study/zzz", StatusCode::NOT_FOUND);
}

#[test]
fn assets_are_where_pages_say() {
    let home = ask("/").body;
    let links: Vec<&str> =
        home.split("/assets/").skip(1).filter_map(|r| r.split(['"', '#']).next()).collect();
    assert!(links.len() >= 3);
    for name in links {
        let asset = ask(&format!("/assets/{name}"));
        assert_eq!(asset.status, StatusCode::OK, "{name}");
        assert!(asset.header("cache-control").contains("immutable"));
        assert!(asset.body.len() < 20_000, "{name} is too heavy");
    }
    assert_eq!(ask("/assets/nothing.css").status, StatusCode::NOT_FOUND);
}
