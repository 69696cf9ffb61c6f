//! Every format holds the same rows, on any number of threads and whatever else is exported.

use std::collections::BTreeSet;

use export::aact::{self, ROWS_OF_A_STUDY, schema};
use model::NctId;
use rusqlite::Connection;
use serde_json::json;

use crate::{
    read,
    stored::{Stored, demo, files, with},
};

#[test]
fn parquet_sqlite_and_csv_hold_the_same_rows() {
    let stored = Stored::all();
    let (tables, texts) = (stored.new_folder("parquet"), stored.new_folder("csv"));
    let studies = stored.store.len().unwrap() as u64;
    let scan = || stored.store.scan(7);
    assert_eq!(with(2, |way| aact::parquet(scan(), &tables, way)).unwrap(), studies);
    assert_eq!(with(2, |way| aact::csv(scan(), &texts, way)).unwrap(), studies);
    assert_eq!(with(2, |way| aact::sqlite(scan(), &stored.place("aact.sqlite"), way)).unwrap(), studies);
    let database = Connection::open(stored.place("aact.sqlite")).unwrap();
    let mut filled = 0;
    for table in schema::tables() {
        let rows = read::parquet(&tables, table);
        assert!(rows == read::sqlite(&database, table), "{} in SQLite", table.name);
        assert!(rows == read::csv(&texts, table), "{} in CSV", table.name);
        assert!(rows.is_empty() || table.derivable(), "{}", table.name);
        filled += usize::from(!rows.is_empty());
        let never = table.columns.iter().enumerate().filter(|(_, column)| !column.derivable);
        for (place, column) in never {
            assert!(rows.iter().all(|row| row[place].is_none()), "{}.{}", table.name, column.name);
        }
    }
    assert!(filled >= 40, "{filled} tables have rows");
    let whole: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(whole, "ok");
}

#[test]
fn threads_make_no_difference() {
    let stored = Stored::of(&[demo()]);
    let bytes = |threads: usize| {
        let name = format!("{threads}");
        let (tables, texts) =
            (stored.new_folder(&format!("p{name}")), stored.new_folder(&format!("c{name}")));
        with(threads, |way| aact::parquet(stored.store.scan(5), &tables, way)).unwrap();
        with(threads, |way| aact::csv(stored.store.scan(5), &texts, way)).unwrap();
        let path = stored.place(&format!("{name}.sqlite"));
        with(threads, |way| aact::sqlite(stored.store.scan(5), &path, way)).unwrap();
        (files(&tables), files(&texts), std::fs::read(path).unwrap())
    };
    let one = bytes(1);
    assert!(one == bytes(2));
    assert!(one == bytes(5));
}

#[test]
fn numbers_of_rows_stay_when_studies_are_added() {
    let all = Stored::of(&[demo()]);
    let records = all.records();
    let few = Stored::of_records(&records.iter().step_by(3).cloned().collect::<Vec<_>>());
    let lines = |stored: &Stored, table: &str| -> BTreeSet<String> {
        let folder = stored.new_folder(&format!("csv-{table}"));
        with(2, |way| aact::csv(stored.store.scan(9), &folder, way)).unwrap();
        let text = std::fs::read_to_string(folder.join(format!("{table}.csv"))).unwrap();
        text.lines().map(str::to_owned).collect()
    };
    for table in ["facilities", "conditions", "design_group_interventions"] {
        let (of_few, of_all) = (lines(&few, table), lines(&all, table));
        assert!(of_few.is_subset(&of_all), "{table}");
        assert!(of_few.len() > 5 && of_few.len() < of_all.len(), "{table}");
    }
}

#[test]
fn the_highest_number_is_exact_in_floating_point() {
    let highest = i64::from(NctId::new(99_999_999).unwrap().number()) * ROWS_OF_A_STUDY + ROWS_OF_A_STUDY - 1;
    assert_eq!(highest as f64 as i64, highest);
    assert!(highest < 1 << 53);
}

#[test]
fn odd_records_are_no_trouble() {
    let odd = json!({"protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "orgStudyIdInfo": 3, "nctIdAliases": {"a": 1}},
        "statusModule": {"startDateStruct": {"date": "sometime"}, "statusVerifiedDate": "2020"},
        "designModule": {"enrollmentInfo": {"count": 99_999_999_999_i64}, "phases": [1, null]},
        "conditionsModule": {"conditions": ["", "a\u{0}b\tc\nd", 5, null, {"x": 1}]},
        "armsInterventionsModule": {"armGroups": [{"label": "A", "interventionNames": ["Drug: x", "x", 4]}, 7],
            "interventions": [{"name": "X", "armGroupLabels": ["a"]}, null]},
        "contactsLocationsModule": {"locations": [{"country": "France"}, "there"]},
        "eligibilityModule": {"minimumAge": "x Years", "stdAges": "ADULT"},
    }, "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [{"groups": [{"id": "OG000"}], "classes":
        [{"categories": [{"measurements": [{"groupId": "OG009", "value": "NA"}, {"value": 4.5}]}]}]}, 1]}}});
    let stored = Stored::of_records(&[odd]);
    let (tables, texts) = (stored.new_folder("parquet"), stored.new_folder("csv"));
    with(1, |way| aact::parquet(stored.store.scan(1), &tables, way)).unwrap();
    with(1, |way| aact::csv(stored.store.scan(1), &texts, way)).unwrap();
    for table in schema::tables() {
        assert!(read::parquet(&tables, table) == read::csv(&texts, table), "{}", table.name);
    }
    let table = |name: &str| schema::tables().iter().find(|table| table.name == name).unwrap();
    let given = read::parquet(&tables, table("design_group_interventions"));
    assert_eq!(given.len(), 1, "by name, with and without its kind, and by the arm: one link");
    let names = read::parquet(&tables, table("conditions"));
    assert_eq!(names.len(), 5);
    let measured = read::parquet(&tables, table("outcome_measurements"));
    let place =
        |name: &str| table("outcome_measurements").columns.iter().position(|c| c.name == name).unwrap();
    assert_eq!(measured[0][place("param_value")].as_deref(), Some("NA"));
    assert_eq!(measured[0][place("param_value_num")], None);
    assert_eq!(measured[1][place("param_value_num")].as_deref(), Some("4.5"));
}

#[test]
fn a_caller_may_stop_it() {
    let stored = Stored::of(&[demo()]);
    let mut way = export::Way { threads: 2, progress: &mut |done| done < 20 };
    let stopped = aact::parquet(stored.store.scan(5), &stored.new_folder("stopped"), &mut way);
    assert!(matches!(stopped, Err(export::Error::Stopped)));
}
