//! Calendars: days, windows, closures and drift; iCalendar by RFC 5545; no panic on any record.
#![allow(clippy::unwrap_used)]

mod common;

use jiff::civil::{Date, Weekday};
use model::Study;
use proptest::prelude::*;
use protocol::calendar::{self, Calendar, CountedFrom, OpenDays, Rules, ics, json, text};
use serde_json::{Value, json};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn study(given: &str, frames: &[&str]) -> Study {
    let outcomes: Vec<Value> =
        frames.iter().map(|f| json!({"measure": "A, B; \\C", "timeFrame": f})).collect();
    Study::new(json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000044"},
        "armsInterventionsModule": {
            "armGroups": [{"label": "Gadgetol", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Gadgetol"]}],
            "interventions": [{"type": "DRUG", "name": "Gadgetol", "description": given}],
        },
        "outcomesModule": {"primaryOutcomes": outcomes},
    }}))
    .unwrap()
}

fn plan(study: &Study, start: &str, rules: &Rules) -> Calendar {
    calendar::plan(&protocol::compile(study), day(start), rules)
}

/// A line a visit: name, nominal day, the day it takes place, drift.
#[track_caller]
fn visits(calendar: &Calendar, expected: &[&str]) {
    let line = |v: &calendar::Visit| {
        let date = v.date.map_or_else(|| "none".to_owned(), |d| d.to_string());
        format!("{} {} {date} {:+}", v.name, v.nominal, v.drift)
    };
    assert_eq!(calendar.visits.iter().map(line).collect::<Vec<_>>(), expected);
}

#[test]
fn windows_that_the_record_states() {
    let study = study("10 mg once", &["week 4 ± 3 days", "week 8"]);
    let line = |v: &calendar::Visit| {
        format!("{} {} to {} {}", v.name, v.window.0, v.window.1, v.window_status.as_str())
    };
    let lines = |rules: &Rules| plan(&study, "2026-03-02", rules).visits.iter().map(line).collect::<Vec<_>>();
    let stated = lines(&Rules::default());
    assert_eq!(stated[1], "Week 4 2026-03-27 to 2026-04-02 stated");
    assert!(stated[2].ends_with("assumed"), "{stated:?}");
    // What is asked for counts.
    let asked = lines(&Rules { window: Some(1), ..Rules::default() });
    assert_eq!(asked[1], "Week 4 2026-03-29 to 2026-03-31 stated");
}

#[test]
fn days_count_from_the_start() {
    let study = study("10 mg on days 1, 8 and 15", &["week 4", "3 months", "1 year after last dose"]);
    visits(
        &plan(&study, "2026-03-02", &Rules::default()),
        &[
            "Day 0 2026-03-02 2026-03-02 +0",
            "Day 7 2026-03-09 2026-03-09 +0",
            "Day 14 2026-03-16 2026-03-16 +0",
            "Week 4 2026-03-30 2026-03-30 +0",
            "Month 3 2026-06-02 2026-06-02 +0",
            "Year 1 2027-03-16 2027-03-16 +0",
        ],
    );
}

#[test]
fn a_closed_site_moves_visits_and_the_visit_before_takes_later_ones_along() {
    let study = study("10 mg once a week for 4 weeks", &[]);
    let closed = |from| Rules {
        open: OpenDays { weekends: false, closed: "2026-03-09".parse().unwrap() },
        from,
        window: Some(2),
        arm: None,
    };
    let later = ["Day 14 2026-03-16 2026-03-16 +0", "Day 21 2026-03-23 2026-03-23 +0"];
    let first = ["Day 0 2026-03-02 2026-03-02 +0", "Day 7 2026-03-09 2026-03-10 +1"];
    visits(&plan(&study, "2026-03-02", &closed(CountedFrom::Baseline)), &[first, later].concat());
    let later = ["Day 14 2026-03-16 2026-03-17 +1", "Day 21 2026-03-23 2026-03-24 +1"];
    visits(&plan(&study, "2026-03-02", &closed(CountedFrom::Previous)), &[first, later].concat());
}

#[test]
fn weekends_are_left_within_the_window_or_the_visit_has_no_day() {
    let study = study("10 mg once", &["day 5", "day 12"]);
    let rules = |weekends, window| Rules {
        open: OpenDays { weekends, ..OpenDays::default() },
        window,
        ..Rules::default()
    };
    // Days 5 and 12 are Saturdays.
    let start = "2026-03-02";
    visits(
        &plan(&study, start, &rules(false, None)),
        &[
            "Day 0 2026-03-02 2026-03-02 +0",
            "Day 5 2026-03-07 2026-03-06 -1",
            "Day 12 2026-03-14 2026-03-13 -1",
        ],
    );
    visits(
        &plan(&study, start, &rules(true, None)),
        &[
            "Day 0 2026-03-02 2026-03-02 +0",
            "Day 5 2026-03-07 2026-03-07 +0",
            "Day 12 2026-03-14 2026-03-14 +0",
        ],
    );
    let none = plan(&study, start, &rules(false, Some(0)));
    visits(
        &none,
        &["Day 0 2026-03-02 2026-03-02 +0", "Day 5 2026-03-07 none +0", "Day 12 2026-03-14 none +0"],
    );
    assert_eq!(none.visits[1].trouble.as_deref(), Some("no day of the window is open"));
    let saturday = plan(&study, "2026-03-07", &rules(false, None));
    assert_eq!(saturday.visits[0].trouble.as_deref(), Some("the start is on a Saturday"));
}

#[test]
fn what_has_no_date_is_listed() {
    let study = study("10 mg, as needed", &["6 weeks after surgery", "30 days after the last dose"]);
    let calendar = plan(&study, "2026-03-02", &Rules::default());
    assert_eq!(calendar.visits.len(), 1);
    let why: Vec<&str> = calendar.unplaced.iter().map(|u| u.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "the record does not say on which days",
            "counted from surgery, which has no date here",
            "counted from the last administration, whose day is not known"
        ]
    );
}

/// The grammar of RFC 5545 as far as it is used: lines, folding, escaping, what an event must have.
fn is_icalendar(text: &str) {
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "{text:?}");
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
    let unfolded = text.replace("\r\n ", "");
    let mut open: Vec<&str> = Vec::new();
    for line in unfolded.trim_end().split("\r\n") {
        let (name, value) = line.split_once(':').unwrap();
        assert!(!value.chars().any(char::is_control), "{line:?}");
        match name {
            "BEGIN" => open.push(value),
            "END" => assert_eq!(open.pop(), Some(value)),
            "SUMMARY" | "DESCRIPTION" => {
                let mut rest = value.chars();
                while let Some(c) = rest.next() {
                    assert!(!matches!(c, ';' | ','), "{line}");
                    assert!(c != '\\' || matches!(rest.next(), Some('\\' | ';' | ',' | 'n')), "{line}");
                }
            }
            _ => {}
        }
    }
    assert!(open.is_empty());
    let count = |what: &str| unfolded.split("\r\n").filter(|line| line.starts_with(what)).count();
    for must in ["UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"] {
        assert_eq!(count(must), count("BEGIN:VEVENT"), "{must}");
    }
}

#[test]
fn icalendar() {
    let study = study("10 mg on days 1 and 8", &["week 4"]);
    let calendar = plan(&study, "2026-03-02", &Rules::default());
    let text = ics::calendar(&calendar, "NCT00000044", day("2026-03-02"), day("2026-03-01"));
    is_icalendar(&text);
    let unfolded = text.replace("\r\n ", "");
    assert!(
        unfolded.contains("SUMMARY:Week 4 NCT00000044\r\nDESCRIPTION:A\\, B\\; \\\\C [primary\\, counted"),
        "{unfolded}"
    );
    assert!(unfolded.contains("DTSTART;VALUE=DATE:20260309\r\nDTEND;VALUE=DATE:20260310\r\n"));
}

/// What holds of every calendar.
fn holds(study: &Study, start: Date, rules: &Rules) {
    let calendar = calendar::plan(&protocol::compile(study), start, rules);
    assert_eq!(calendar.visits[0].nominal.min(start), calendar.visits[0].nominal);
    for visit in &calendar.visits {
        let Some(date) = visit.date else { continue };
        assert!((visit.window.0..=visit.window.1).contains(&date) || visit.nominal == start, "{visit:?}");
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        // What is taken day by day needs no open site.
        let at_home = visit.activities.iter().all(|a| a.what.contains("(last of "));
        assert!(rules.open.weekends || !weekend || visit.nominal == start || at_home, "{visit:?}");
    }
    assert!(calendar.visits.windows(2).all(|two| two[0].nominal < two[1].nominal));
    is_icalendar(&ics::calendar(&calendar, &study.id().to_string(), start, start));
    json::calendar(&calendar);
    text::calendar(&calendar);
}

#[test]
fn of_every_real_record() {
    let mut turn = 0;
    common::each_real_study(&mut |study| {
        let from = if turn % 2 == 0 { CountedFrom::Baseline } else { CountedFrom::Previous };
        holds(study, day("2026-02-28"), &Rules { from, ..Rules::default() });
        turn += 1;
    });
}

const TIMES: [&str; 12] = [
    "day 1",
    "day -7",
    "days 1, 8 and 15",
    "week 52",
    "99999999999 years",
    "9000 years",
    "0.5 hours",
    "3 months after surgery",
    "2 weeks after last dose",
    "-9999 years",
    "every day for 3 years",
    "1.5 years",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn of_any_times(
        given in prop::collection::vec(prop::sample::select(&TIMES[..]), 0..4),
        frames in prop::collection::vec(prop_oneof![
            prop::sample::select(&TIMES[..]).prop_map(str::to_owned), "\\PC{0,20}"
        ], 0..5),
        start in prop::sample::select(vec!["2026-03-02", "0001-01-01", "9999-12-31", "-9999-01-01", "2024-02-29"]),
        previous in any::<bool>(), weekends in any::<bool>(), window in prop::option::of(any::<u16>()),
    ) {
        let start: Date = start.parse().unwrap_or(Date::MIN);
        let frames: Vec<&str> = frames.iter().map(String::as_str).collect();
        let study = study(&format!("10 mg {}", given.join(", ")), &frames);
        let from = if previous { CountedFrom::Previous } else { CountedFrom::Baseline };
        holds(&study, start, &Rules { open: OpenDays { weekends, ..OpenDays::default() }, from, window, arm: None });
    }
}
