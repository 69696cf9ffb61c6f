//! Queries that are known from the use of the registry's API are all read, and as what they are meant.
#![allow(clippy::unwrap_used)]

use query::Request;

/// Reads an expression as `filter.advanced` and compares it with what was understood.
fn check(text: &str, understood: &str) {
    let request = Request { advanced: Some(text.to_owned()), ..Request::default() };
    let described = request.described().map_err(|error| error.rendered());
    assert_eq!(described.as_deref(), Ok(understood), "{text}");
}

#[test]
fn ranges_from_saved_links() {
    check(
        "AREA[MinimumAge]RANGE[18d, MAX] AND AREA[MaximumAge]RANGE[MIN, 64y]",
        "AREA[MinimumAge]RANGE[18 Days, MAX] AND AREA[MaximumAge]RANGE[MIN, 64 Years]",
    );
    for piece in ["StartDate", "PrimaryCompletionDate", "CompletionDate", "StudyFirstPostDate"] {
        check(
            &format!("AREA[{piece}]RANGE[MIN,2020-01-31]"),
            &format!("AREA[{piece}]RANGE[MIN, 2020-01-31]"),
        );
    }
    check("AREA[LastUpdatePostDate]RANGE[01/15/2015,MAX]", "AREA[LastUpdatePostDate]RANGE[2015-01-15, MAX]");
}

#[test]
fn ages_with_missing_limits() {
    check(
        "AREA[MaximumAge]RANGE[58 years, MAX] OR AREA[MaximumAge]MISSING",
        "AREA[MaximumAge]RANGE[58 Years, MAX] OR AREA[MaximumAge]MISSING",
    );
    check("AREA[MinimumAge]RANGE[MIN, 16 years]", "AREA[MinimumAge]RANGE[MIN, 16 Years]");
}

#[test]
fn one_site() {
    check(
        "SEARCH[Location](AREA[LocationCity]Portland AND AREA[LocationState]Maine AND \
         AREA[LocationStatus]Recruiting)",
        "SEARCH[Location](AREA[LocationCity]Portland AND AREA[LocationState]Maine AND \
         AREA[LocationStatus]RECRUITING)",
    );
}

#[test]
fn words_and_values() {
    check("Obesity OR \"Cardiovascular Disease\"", {
        "AREA[BasicSearch]Obesity OR AREA[BasicSearch]\"Cardiovascular Disease\""
    });
    check("AREA[Phase:size]2", "AREA[Phase:size]RANGE[2, 2]");
    check("AREA[StartDate]2022", "AREA[StartDate]RANGE[2022-01-01, 2022-12-31]");
    check("AREA[Sex]\"ALL\"", "AREA[Sex]\"ALL\"");
    check("DISTANCE[40.7128,-74.006,25mi]", "AREA[LocationGeoPoint]DISTANCE[40.7128,-74.006,40.2336km]");
    check("AREA[EligibilityCriteria]\"EGFR T790M\"", "AREA[EligibilityCriteria]\"EGFR T790M\"");
}

#[test]
fn every_piece_and_area_can_be_named() {
    let names = model::piece::all().iter().map(|p| p.name);
    for name in names.chain(model::area::all().iter().map(|a| a.name)) {
        let text = format!("AREA[{name}]MISSING");
        let request = Request { advanced: Some(text.clone()), ..Request::default() };
        let filter = request.resolve().map_err(|e| e.rendered()).unwrap().filter;
        let query::Resolved::Missing(pieces) = &filter else { panic!("{text}: {filter}") };
        assert!(!pieces.is_empty(), "{text}");
    }
}

#[test]
fn error_texts_of_the_registry() {
    let text = |change: fn(&mut Request)| {
        let mut request = Request::default();
        change(&mut request);
        request.resolve().unwrap_err().registry_text()
    };
    assert_eq!(
        text(|r| r.term = Some("AREA[X]a".into())),
        "Error parsing query in Other terms: Unknown area name: `X`"
    );
    assert_eq!(
        text(|r| r.cond = Some("(a".into())),
        "Error parsing query in Conditions or disease: missing ')' at '<EOF>'"
    );
    let phases = text(|r| r.advanced = Some("AREA[Phase]Phase9".into()));
    assert!(phases.starts_with(
        "Error parsing query in advanced filter: Allowed values for enum field \
         `protocolSection.designModule.phases` are `NA`, `EARLY_PHASE1`, "
    ));
    assert_eq!(
        text(|r| r.overall_status = Some("BADSTATUS".into())),
        "Invalid value in parameter `overallStatus`: `BADSTATUS`"
    );
    assert_eq!(
        text(|r| r.sort = Some("StartDate:up".into())),
        "Item 1 in parameter `sort` has incorrect format"
    );
}
