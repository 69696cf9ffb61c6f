//! `sync`, `history`, `changes`, saved searches and `watch`, as people use them: two data folders, one served, one that
//! follows it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    serving::Running,
    support::{Place, Ran},
};

/// A study as it was posted on a day.
fn posted(number: u32, day: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut study = json!({
        "protocolSection": {
            "identificationModule": {"nctId": format!("NCT{number:08}"), "briefTitle": format!("Invented Study {number}")},
            "statusModule": {
                "overallStatus": "RECRUITING",
                "startDateStruct": {"date": "2023-03-01", "type": "ACTUAL"},
                "primaryCompletionDateStruct": {"date": "2025-01", "type": "ESTIMATED"},
                "lastUpdatePostDateStruct": {"date": day, "type": "ACTUAL"}
            },
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Nobody", "class": "OTHER"}},
            "conditionsModule": {"conditions": ["Asthma"]},
            "designModule": {
                "studyType": "INTERVENTIONAL", "phases": ["PHASE2"], "enrollmentInfo": {"count": 200, "type": "ESTIMATED"}
            },
            "outcomesModule": {"primaryOutcomes": [{"measure": "FEV1", "timeFrame": "12 weeks"}]},
            "eligibilityModule": {
                "eligibilityCriteria": "Inclusion Criteria:\n\n* Aged 18 to 65 years\n* Asthma",
                "minimumAge": "18 Years", "maximumAge": "65 Years", "sex": "ALL"
            }
        }
    });
    change(&mut study["protocolSection"]);
    study.to_string() + "\n"
}

fn changed(study: &mut Value) {
    study["designModule"]["enrollmentInfo"]["count"] = 120.into();
    study["outcomesModule"]["primaryOutcomes"][0]["timeFrame"] = "26 weeks".into();
    study["statusModule"]["primaryCompletionDateStruct"]["date"] = "2026-06".into();
    study["eligibilityModule"]["eligibilityCriteria"] =
        "Inclusion Criteria:\n\n* Aged 18 to 75 years\n* Asthma".into();
    study["eligibilityModule"]["maximumAge"] = "75 Years".into();
}

/// Two versions of study 1, and one of study 2.
fn with_versions() -> Place {
    let place = Place::new();
    let first = posted(1, "2024-01-10", |_| ()) + &posted(2, "2024-01-10", |_| ());
    place.import(&place.file("first.ndjson", first)).ends(0);
    place.import(&place.file("second.ndjson", posted(1, "2024-06-20", changed))).ends(0);
    place
}

fn serve(place: &Place) -> Running {
    let mut command = place.command();
    command.args(["serve", "--port", "0"]);
    Running::start(command)
}

fn sync(place: &Place, server: &Running) -> Ran {
    let from = format!("http://{}", server.address);
    place.run(["sync", "--from", &from, "--pause", "0", "--by", "pages", "--page", "7"])
}

#[test]
fn history_tells_fields_words_and_criteria() {
    let place = with_versions();
    let table = place.run(["history", "NCT00000001"]).ends(0).out;
    for words in ["2024-01-10 → 2024-06-20", "enrollment-lowered", "- 65 Years", "+ 75 Years", "widened"] {
        assert!(table.contains(words), "`{words}` is not in:\n{table}");
    }
    let json: Value =
        serde_json::from_str(&place.run(["history", "NCT00000001", "--format", "json"]).ends(0).out).unwrap();
    let versions = json["versions"].as_array().unwrap();
    assert_eq!(versions.len(), 2);
    let field =
        |name: &str| versions[1]["fields"].as_array().unwrap().iter().find(|f| f["piece"] == name).cloned();
    let frame = field("PrimaryOutcomeTimeFrame").unwrap();
    assert_eq!(
        (&frame["before"], &frame["after"], &frame["item"]),
        (&json!("12 weeks"), &json!("26 weeks"), &json!("FEV1"))
    );
    assert_eq!(frame["words"], json!([["removed", "12"], ["added", "26"], ["same", " weeks"]]));
    assert_eq!(field("LastUpdatePostDate"), None, "what only dates a version is left out");
    let csv = place
        .run(["history", "NCT00000001", "--from", "first", "--to", "2024-12-31", "--format", "csv"])
        .ends(0)
        .out;
    assert!(csv.contains("2024-01-10,2024-06-20,Eligibility,MaximumAge,,65 Years,75 Years"), "{csv}");
    assert!(place.run(["history", "NCT00000002"]).ends(0).out.contains("no version differs"));
    place.run(["history", "NCT00000003"]).ends(3);
    place
        .run(["history", "NCT00000001", "--from", "9", "--to", "last"])
        .ends(2)
        .complains(&["no version 9", "1 (2024-01-10)"]);
}

#[test]
fn changes_have_kinds() {
    let place = with_versions();
    let kinds = |arguments: &[&str]| -> Vec<String> {
        let all = ["changes", "--format", "jsonl", "--limit", "0"].iter().chain(arguments).copied();
        place.run(all).ends(0).lines().iter().map(|line| line["kind"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        kinds(&[]),
        [
            "enrollment-lowered",
            "primary-outcome-changed",
            "primary-outcome-changed-after-start",
            "completion-postponed",
            "eligibility-changed"
        ]
    );
    assert_eq!(kinds(&["--kind", "enrollment-lowered", "--overall"]), ["enrollment-lowered"]);
    assert_eq!(kinds(&["--since", "2024-07"]), Vec::<String>::new());
    assert_eq!(kinds(&["AREA[NCTId]NCT00000002"]), Vec::<String>::new());
    let lines = place.run(["changes", "--kind", "enrollment-lowered", "--format", "csv"]).ends(0).out;
    assert!(
        lines.contains("NCT00000001,enrollment-lowered,2024-01-10,2024-06-20,200 (planned),120 (planned)"),
        "{lines}"
    );
    place.run(["changes", "--kind", "enrolment"]).ends(2).complains(&["enrollment-lowered"]);
}

#[test]
fn saved_searches_tell_what_is_new_once() {
    let place = Place::new();
    let day = "2024-01-10";
    let studies: String = (1..=3).map(|n| posted(n, day, |_| ())).collect();
    place.import(&place.file("a.ndjson", studies)).ends(0);
    place
        .run(["searches", "save", "mine", "asthma", "--status", "recruiting"])
        .ends(0)
        .complains(&["3 studies"]);
    place.run(["searches", "save", "mine", "x"]).ends(1).complains(&["already"]);
    place.run(["searches", "save", "../x", "asthma"]).ends(2);
    place.run(["searches", "save", "bad", "AREA[Nothing]x"]).ends(2);
    place.run(["watch"]).ends(0).complains(&["nothing is new"]);
    let later = posted(1, "2024-06-20", changed)
        + &posted(2, "2024-06-20", |s| s["statusModule"]["overallStatus"] = "COMPLETED".into())
        + &posted(4, "2024-06-20", |_| ());
    place.import(&place.file("b.ndjson", later)).ends(0);
    let news = |arguments: &[&str], code| -> Vec<String> {
        let ran = place.run(["watch", "--format", "jsonl"].iter().chain(arguments).copied()).ends(code);
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        ran.lines()
            .iter()
            .map(|l| format!("{} {} {}", text(&l["search"]), text(&l["change"]), text(&l["nctId"])))
            .collect()
    };
    let expected = ["mine new NCT00000004", "mine changed NCT00000001", "mine gone NCT00000002"];
    assert_eq!(news(&["--keep"], 4), expected);
    place.run(["rebuild"]).ends(0);
    assert_eq!(news(&["mine"], 4), expected, "it survives a new index");
    assert_eq!(news(&[], 0), Vec::<String>::new(), "once told it is old");
    assert!(place.run(["searches", "list"]).ends(0).out.contains("3 studies"));
    let shown: Value = serde_json::from_str(&place.run(["searches", "show", "mine"]).ends(0).out).unwrap();
    assert_eq!(shown["parameters"]["query.term"], "asthma");
    place.run(["searches", "remove", "mine"]).ends(0);
    place.run(["searches", "remove", "mine"]).ends(3);
    place.run(["watch", "mine"]).ends(3);
}

#[test]
fn a_feed_has_each_event_once_under_a_name_that_stays() {
    let place = Place::new();
    place.import(&place.file("a.json", posted(1, "2024-01-10", |_| ()))).ends(0);
    place.run(["searches", "save", "mine", "asthma"]).ends(0);
    let server = serve(&place);
    let feed = || server.get("/searches/mine/feed.atom");
    let empty = feed();
    assert!(empty.contains("application/atom+xml") && !empty.contains("<entry>"), "{empty}");
    place.import(&place.file("b.json", posted(2, "2024-02-10", |_| ()))).ends(0);
    let started = std::time::Instant::now();
    while !feed().contains("NCT00000002") {
        assert!(started.elapsed() < Duration::from_secs(20), "the feed never had it");
        std::thread::sleep(Duration::from_millis(200));
    }
    let first = feed();
    assert!(first.contains(&format!("href=\"http://{}/study/NCT00000002\"", server.address)), "{first}");
    assert!(server.get("/searches").contains("NCT00000002"));
    place.run(["watch"]).ends(4);
    let ids = |feed: &str| feed.lines().filter(|l| l.contains("<id>")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(ids(&feed()), ids(&first), "whoever watches takes nothing from the feed");
    assert!(server.get("/searches/other/feed.atom").starts_with("HTTP/1.1 404"));
}

/// Whenever it is killed, the next sync goes on, and in the end the folder has what the registry has.
#[test]
fn a_killed_sync_goes_on() {
    let there = Place::new();
    let studies: String = (1..=150).map(|n| posted(n, "2024-01-10", |_| ())).collect();
    there.import(&there.file("a.ndjson", studies)).ends(0);
    let server = serve(&there);
    let here = Place::new();
    let from = format!("http://{}", server.address);
    let mut killed = 0;
    for moment in 0..40 {
        let mut command = here.command();
        command.args(["sync", "-q", "--from", &from, "--pause", "0.02", "--by", "pages", "--page", "7"]);
        let mut child = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(20 + 23 * moment));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
            child.kill().unwrap();
        }
        if child.wait().unwrap().success() {
            break;
        }
    }
    assert!(killed >= 3, "{killed}");
    sync(&here, &server).ends(0);
    assert_eq!(here.count(&[]), 150);
    assert!(here.run(["doctor"]).ends(0).out.contains("all is well"));
    assert!(sync(&here, &server).ends(0).out.contains("nothing changed"));
    let gone = "http://127.0.0.1:9";
    here.run(["sync", "--from", gone, "--attempts", "2", "--retry", "0"])
        .ends(1)
        .complains(&["failed 2 times", "go on"]);
    here.run(["sync", "--from", "nowhere"]).ends(1).complains(&["no address"]);
}
