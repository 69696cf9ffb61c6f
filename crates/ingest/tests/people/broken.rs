//! Broken, wrong and absurd input: what is good is kept, the rest is listed with its place.

use insta::assert_snapshot;
use model::Problem;
use proptest::prelude::*;

use super::read;

const PATIENT: &str =
    r#"{"resource":{"resourceType":"Patient","id":"p1","gender":"female","birthDate":"1960"}}"#;

fn observation(id: &str, value: &str) -> String {
    format!(
        r#"{{"fullUrl":"urn:uuid:{id}","resource":{{"resourceType":"Observation","id":"{id}","status":"final","subject":{{"reference":"Patient/p1"}},"code":{{"coding":[{{"system":"http://loinc.org","code":"718-7"}}]}},"valueQuantity":{{"value":{value},"unit":"g/dL"}}}}}}"#
    )
}

fn bundle(entries: &[String]) -> String {
    format!(r#"{{"resourceType":"Bundle","entry":[{PATIENT},{}]}}"#, entries.join(","))
}

#[test]
fn broken_resources_leave_the_good_ones() {
    let entries = [
        observation("o1", "13"),
        observation("o2", "[1]"),
        r#"{"resource":{"id":"no type"}}"#.to_owned(),
        "17".to_owned(),
        r#"{"request":{"method":"DELETE"}}"#.to_owned(),
        observation("o3", "14"),
    ];
    let all = read(bundle(&entries));
    assert_eq!(all.person().facts.len(), 2);
    assert_snapshot!(all.issue_lines().join("\n"), @r##"
test, record 1, byte 0, at entry[3].resource: bad value: no FHIR resource: missing field `resourceType` at line 1 column 16
test, record 1, byte 0, at entry[4]: bad value: no entry of a bundle: invalid type: integer `17`, expected struct Entry at line 1 column 2
test, record 1, byte 0, at entry[2].resource: bad value: Observation o2 cannot be read and was passed over: invalid type: sequence, expected a number at line 1 column 185
"##);
}

#[test]
fn a_bundle_that_is_cut_off_keeps_what_was_whole() {
    let whole = bundle(&[observation("o1", "13"), observation("o2", "14")]);
    for cut in [whole.len() - 1, whole.len() - 20, whole.len() / 2] {
        let all = read(&whole[..cut]);
        assert_eq!(all.people.len(), 1, "{cut}");
        assert_eq!(all.issues.len(), 1, "{:?}", all.issues);
    }
    let all = read(&whole[..whole.len() - 20]);
    assert_eq!(all.person().facts.len(), 1);
    assert!(all.issue_lines()[0].contains("truncated"), "{:?}", all.issues);
}

#[test]
fn a_broken_line_leaves_the_others() {
    let good = bundle(&[observation("o1", "13")]);
    let all = read(format!("{good}\n{}\n\n{good}\n", &good[..50]));
    assert_eq!((all.people.len(), all.issues.len()), (2, 1));
    assert_eq!(all.issues[0].place.record, Some(2));
    assert_eq!(all.issues[0].place.byte, Some(good.len() as u64 + 1));
}

#[test]
fn facts_without_a_person_are_listed() {
    let all = read(r#"{"resourceType":"Condition","id":"c1","code":{"text":"asthma"}}"#);
    assert!(all.issue_lines()[0].contains("without a patient"), "{:?}", all.issues);
}

#[test]
fn absurd_ages_are_kept_and_flagged() {
    let all = read("age,sex\n240,f\n-3,m\nold,f\n");
    assert_eq!(all.people.len(), 3);
    let implausible = Problem::Implausible { suggested_unit: None };
    assert_eq!(all.people[0].problems[0], implausible);
    assert!(all.people[0].birth.is_some());
    assert_eq!(all.people[1].problems, [implausible]);
    assert_eq!(all.people[2].problems, [Problem::NotANumber { text: "old".into() }]);
    let born = bundle(&[observation("o1", "13")])
        .replace("1960", "1760")
        .replace("\"status\"", "\"effectiveDateTime\":\"2000\",\"status\"");
    assert_eq!(read(born).person().problems.len(), 1);
}

#[test]
fn wrong_files_say_what_was_expected() {
    for (bytes, words) in [
        (b"".as_slice(), "it is empty"),
        (b"%PDF-1.7", "a PDF"),
        (b"PK\x03\x04", "zip"),
        (b"<Bundle/>", "FHIR is read as JSON"),
        (b"\xff\xfe{", "UTF-16"),
        (b"\x00\x01\x02", "not a text file"),
        (b"colour,shape\nred,round\n", "none of its columns is known"),
        (b"{\"colour\": \"red\"}", "none of its keys is known"),
        (b"PAR1nonsense", "not Parquet"),
        (b"[1, 2]", "no object"),
        (b"{\"a\": ", "not well-formed JSON"),
    ] {
        let all = read(bytes);
        let lines = all.issue_lines().join("\n");
        assert!(lines.contains(words), "{}: {lines}", String::from_utf8_lossy(bytes));
        assert_eq!(all.people.len(), 0);
    }
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let whole = bundle(&[observation("o1", "13"), observation("o2", "14.5")]).into_bytes();
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 1..8);
    changes.prop_map(move |changes| {
        let mut bytes = whole.clone();
        for (at, byte, how) in changes {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        bytes
    })
}

fn mutated_parquet() -> impl Strategy<Value = Vec<u8>> {
    let table = super::parquet_of("person_id,year_of_birth\n1,1960\n2,1970\n3,1980\n");
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4);
    changes.prop_map(move |changes| {
        let mut bytes = table.clone();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn mutated_parquet_never_panics(bytes in mutated_parquet()) {
        let _ = read(&bytes);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn arbitrary_text_never_panics(text in "\\PC{0,200}") {
        let _ = read(&text);
        let _ = read(format!("age,sex,HbA1c (%)\n{text}\n"));
        let _ = read(format!("person_id,year_of_birth\n{text}\n"));
    }

    #[test]
    fn mutated_bundles_never_panic_and_read_alike(bytes in mutated()) {
        prop_assert_eq!(read(&bytes), read(&bytes));
    }
}
