//! Values that are searched but never stored: counters and years, computed from the record.

use std::{collections::BTreeSet, sync::LazyLock};

use serde_json::Value;

use crate::{
    PartialDate,
    piece::{self, Piece},
};

/// A counter and what it counts.
struct Counter {
    counter: &'static Piece,
    /// Path of the objects that hold the lists.
    parent: &'static str,
    counted: Vec<&'static Piece>,
}

const TABLE: &str = include_str!("../data/counters.tsv");

static COUNTERS: LazyLock<Vec<Counter>> = LazyLock::new(|| {
    TABLE
        .lines()
        .skip(2)
        .map(|line| {
            let (counter, counted) =
                line.split_once('\t').unwrap_or_else(|| panic!("counters.tsv: `{line}`"));
            let counter = piece::known(counter);
            let parent = counter.path.rsplit_once('.').map_or("", |(parent, _)| parent);
            Counter { counter, parent, counted: counted.split('+').map(piece::known).collect() }
        })
        .collect()
});

/// Years and the dates they are taken from.
static YEARS: LazyLock<Vec<(&'static Piece, &'static Piece)>> = LazyLock::new(|| {
    let years = piece::all().iter().filter(|p| p.indexed_only && p.name.ends_with("Year"));
    years.map(|year| (year, piece::known(&format!("{}Date", &year.name[..year.name.len() - 4])))).collect()
});

/// The counter of a list, if the registry has one.
pub fn counter_of(list: &Piece) -> Option<&'static Piece> {
    COUNTERS.iter().find(|c| c.counted.len() == 1 && c.counted[0] == list).map(|c| c.counter)
}

/// Shows every derived number of a record. A counter gives one value for each object that could hold its list.
pub fn numbers(study: &Value, visit: &mut dyn FnMut(&'static Piece, i64)) {
    for counter in COUNTERS.iter() {
        for parent in at(study, counter.parent) {
            let count: usize = counter.counted.iter().map(|list| length(parent.get(list.key()))).sum();
            visit(counter.counter, count as i64);
        }
    }
    for (year, date) in YEARS.iter() {
        for value in date.values(study) {
            if let Some(date) = value.as_str().and_then(|text| text.parse::<PartialDate>().ok()) {
                visit(year, i64::from(date.year()));
            }
        }
    }
    if !at(study, "protocolSection.referencesModule").is_empty() {
        visit(piece::known("NumRetractionsAllRefs"), piece::known("Retraction").values(study).len() as i64);
    }
    if !at(study, "protocolSection.contactsLocationsModule").is_empty() {
        let countries = piece::known("LocationCountry").values(study);
        let distinct: BTreeSet<&str> = countries.into_iter().filter_map(Value::as_str).collect();
        visit(piece::known("NumUniqueLocationCountries"), distinct.len() as i64);
    }
}

fn length(value: Option<&Value>) -> usize {
    match value {
        Some(Value::Array(items)) => items.len(),
        Some(_) => 1,
        None => 0,
    }
}

/// All objects at a dotted path, lists flattened.
fn at<'v>(study: &'v Value, path: &str) -> Vec<&'v Value> {
    let mut out = vec![study];
    for key in path.split('.') {
        let below = out.into_iter().filter_map(|v| v.get(key));
        out = below
            .flat_map(|v| match v {
                Value::Array(items) => items.as_slice(),
                other => std::slice::from_ref(other),
            })
            .collect();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn counts_per_parent() {
        let study = json!({"protocolSection": {
            "statusModule": {"studyFirstPostDateStruct": {"date": "2025-09-19"}},
            "sponsorCollaboratorsModule": {"leadSponsor": {"name": "A"}, "collaborators": [{"name": "B"}]},
            "armsInterventionsModule": {"armGroups": [{"interventionNames": ["x", "y"]}, {"label": "no drug"}]},
            "contactsLocationsModule": {"locations": [{"country": "Chile"}, {"country": "Chile"}, {"country": "Peru"}]}
        }});
        let mut seen = Vec::new();
        numbers(&study, &mut |piece, n| seen.push((piece.name, n)));
        for expected in [
            ("NumArmGroups", 2),
            ("NumArmGroupInterventionNames", 2),
            ("NumArmGroupInterventionNames", 0),
            ("NumCollaboratorsPlusLead", 2),
            ("NumLocations", 3),
            ("NumUniqueLocationCountries", 2),
            ("StudyFirstPostYear", 2025),
        ] {
            assert!(seen.contains(&expected), "{expected:?} in {seen:?}");
        }
        assert!(!seen.iter().any(|s| s.0 == "NumConditions"), "no conditions module, no count");
    }

    #[test]
    fn every_indexed_number_has_a_rule() {
        let ruled: BTreeSet<&str> =
            COUNTERS.iter().map(|c| c.counter.name).chain(YEARS.iter().map(|y| y.0.name)).collect();
        let special = ["NumUniqueLocationCountries", "NumRetractionsAllRefs", "LocationCountryCode"];
        let left: Vec<_> = piece::all()
            .iter()
            .filter(|p| p.indexed_only && !ruled.contains(p.name) && !special.contains(&p.name))
            .map(|p| p.name)
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}
