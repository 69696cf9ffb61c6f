//! The catalogue says what it should, and is found by code and name.

use vocabulary::{unit, variable};

#[test]
fn rows_are_complete_and_in_order() {
    let all = variable::all();
    assert!(all.len() > 280, "{}", all.len());
    assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
    let table = std::fs::read_to_string(testkit::root().join("vocabulary/variables.tsv")).unwrap();
    let rows = table.lines().filter(|line| !line.starts_with('#')).skip(1);
    for (row, variable) in rows.zip(all) {
        let cells: Vec<&str> = row.split('\t').collect();
        assert_eq!((cells.len(), cells[0]), (10, variable.id));
        assert_eq!(variable.unit.map_or("", |unit| unit.as_str()), cells[5], "{}: unknown unit", cells[0]);
        let conversions = cells[8].split(';').filter(|c| !c.is_empty() && *c != "{ULN}:ratio").count();
        assert_eq!(variable.conversions.len(), conversions, "{}: a conversion cannot be read", cells[0]);
        assert_eq!(
            cells[6].is_empty(),
            variable.plausible.is_none() && variable.letters.is_none(),
            "{}",
            cells[0]
        );
        assert!(variable.synonyms.iter().all(|name| *name == name.to_lowercase()), "{}", cells[0]);
        assert!(std::ptr::eq(variable, variable::by_id(variable.id).unwrap()));
        assert_eq!(variable::named(variable.name).map(|v| v.id), Some(variable.id));
    }
}

#[test]
fn found_by_code() {
    let by = |system: &str, code: &str| {
        variable::by_code(system, code).map(|found| (found.variable.id, found.verified))
    };
    assert_eq!(by("http://loinc.org", "4548-4"), Some(("hba1c", true)));
    assert_eq!(by("LOINC", "2160-0"), Some(("creatinine", true)));
    assert_eq!(by("http://snomed.info/sct", "44054006"), Some(("t2dm", true)));
    assert_eq!(by("SNOMED", "60621009"), Some(("bmi", false)));
    assert_eq!(by("http://snomed.info/sct", "4548-4"), None);
    assert_eq!(by("http://example.org", "1"), None);
}

#[test]
fn found_by_name() {
    let named = |name: &str| variable::named(name).map(|found| found.id);
    assert_eq!(named("HbA1c"), Some("hba1c"));
    assert_eq!(named(" Glycated Hemoglobin "), Some("hba1c"));
    assert_eq!(named("lower limb ulcer"), None, "two are called so");
    assert_eq!(named("malignant hypertension"), Some("malignant_hypertension"), "its own name goes first");
    assert_eq!(variable::by_id("nyha").unwrap().unit, unit::of("{class}"));
}
