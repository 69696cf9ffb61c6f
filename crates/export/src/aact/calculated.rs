//! `calculated_values`: what AACT works out for each study.

use serde_json::Value;

use super::{
    column::{Cell, day, whole},
    rows::{StudyRows, items, of},
};

/// Where a site counts as one of the United States: the country and its territories.
const UNITED_STATES: [&str; 7] = [
    "United States",
    "American Samoa",
    "Guam",
    "Northern Mariana Islands",
    "Puerto Rico",
    "U.S. Virgin Islands",
    "Virgin Islands (U.S.)",
];

/// A month, as AACT counts durations.
const DAYS_OF_A_MONTH: i32 = 30;

/// Adds the row.
pub(super) fn add(record: &Value, rows: &mut StudyRows<'_>) {
    let protocol = of(record, "protocolSection");
    let status = of(protocol, "statusModule");
    let mut row = rows.row("calculated_values");
    let sites = items(protocol, "contactsLocationsModule.locations");
    row.number_of("number_of_facilities", Some(sites.len() as i64));
    row.boolean("has_single_facility", Some(sites.len() == 1));
    let here = |site: &Value| of(site, "country").as_str().is_some_and(|c| UNITED_STATES.contains(&c));
    row.boolean("has_us_facility", (!sites.is_empty()).then(|| sites.iter().any(here)));
    row.number_of("number_of_nsae_subjects", affected(record, "otherNumAffected"));
    row.number_of("number_of_sae_subjects", affected(record, "seriousNumAffected"));
    let submitted = of(status, "studyFirstSubmitDate").as_str();
    let year =
        submitted.and_then(|text| text.parse::<model::PartialDate>().ok()).map(|d| i64::from(d.year()));
    row.number_of("registered_in_calendar_year", year);
    row.put("nlm_download_date", loaded(record).map_or(Cell::Null, Cell::Date));
    row.number_of("actual_duration", duration(status));
    row.boolean("were_results_reported", Some(of(record, "resultsSection").is_object()));
    let completed = date(status, "primaryCompletionDateStruct.date");
    let results = date(status, "resultsFirstSubmitDate");
    row.number_of("months_to_report_results", months(completed, results));
    for (age, number, unit) in [
        ("minimumAge", "minimum_age_num", "minimum_age_unit"),
        ("maximumAge", "maximum_age_num", "maximum_age_unit"),
    ] {
        let text = of(of(protocol, "eligibilityModule"), age).as_str().unwrap_or_default();
        if let Some((count, name)) = text.trim().split_once(' ')
            && let Ok(count) = count.parse()
        {
            row.number_of(number, Some(count)).text(unit, name.trim());
        }
    }
    for (key, column) in [
        ("primaryOutcomes", "number_of_primary_outcomes_to_measure"),
        ("secondaryOutcomes", "number_of_secondary_outcomes_to_measure"),
        ("otherOutcomes", "number_of_other_outcomes_to_measure"),
    ] {
        let count = items(of(protocol, "outcomesModule"), key).len();
        row.number_of(column, Some(count as i64));
    }
}

/// The day on which the registry loaded the data, if the record tells.
pub(super) fn loaded(record: &Value) -> Option<i32> {
    date(record, "derivedSection.miscInfoModule.versionHolder")
}

fn date(part: &Value, path: &str) -> Option<i32> {
    day(of(part, path).as_str()?)
}

/// Months from one day to another, begun ones left out.
fn months(from: Option<i32>, to: Option<i32>) -> Option<i64> {
    Some(((to? - from?) / DAYS_OF_A_MONTH).into())
}

/// Months from the start to the primary completion, if both have been.
fn duration(status: &Value) -> Option<i64> {
    let actual = |name: &str| {
        let date = of(status, name);
        (of(date, "type") == "ACTUAL").then(|| day(of(date, "date").as_str()?)).flatten()
    };
    months(actual("startDateStruct"), actual("primaryCompletionDateStruct"))
}

/// The subjects affected in all groups together; `None` if no group tells.
fn affected(record: &Value, key: &str) -> Option<i64> {
    let groups = items(record, "resultsSection.adverseEventsModule.eventGroups");
    let told: Vec<i32> = groups.iter().filter_map(|group| whole(of(group, key))).collect();
    (!told.is_empty()).then(|| told.into_iter().map(i64::from).sum())
}
