//! Streams of documents and archives, read back.
#![allow(clippy::unwrap_used)]

#[path = "tables/stored.rs"]
#[allow(dead_code)]
mod stored;

use std::io::{Cursor, Read};

use export::documents::{self, Document, archive, write};
use serde_json::Value;
use stored::{Stored, demo, with};

fn written(stored: &Stored, document: Document, threads: usize) -> String {
    let mut out = Vec::new();
    let done = with(threads, |way| write(stored.store.scan(6), document, &mut out, way)).unwrap();
    assert_eq!(done as usize, stored.store.len().unwrap());
    String::from_utf8(out).unwrap()
}

fn archived(stored: &Stored, threads: usize) -> Vec<u8> {
    let mut out = Vec::new();
    with(threads, |way| archive(stored.store.scan(6), &mut out, way)).unwrap();
    out
}

#[test]
fn lines_are_the_records() {
    let stored = Stored::of(&[demo()]);
    let text = written(&stored, Document::Ndjson, 2);
    let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records, stored.records());
}

#[test]
fn a_record_of_many_lines_becomes_one() {
    let folder = testkit::folder();
    let path = folder.path().join("study.json");
    let text = "{\n  \"protocolSection\": {\"identificationModule\": {\r\n\"nctId\": \"NCT00000007\",\n \"briefTitle\": \"a\\nb\"}}}";
    std::fs::write(&path, text).unwrap();
    let stored = Stored::of(&[path]);
    let line = written(&stored, Document::Ndjson, 1);
    assert_eq!(line.matches('\n').count(), 1);
    assert_eq!(vec![serde_json::from_str::<Value>(&line).unwrap()], stored.records());
}

#[test]
fn the_archive_holds_each_record_byte_by_byte() {
    let stored = Stored::all();
    let bytes = archived(&stored, 2);
    assert!(bytes == archived(&stored, 1), "threads make no difference");
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(zip.len(), stored.store.len().unwrap());
    for id in stored.store.ids().unwrap() {
        let mut file = zip.by_name(&documents::place(id.nct().unwrap())).unwrap();
        let mut record = Vec::new();
        file.read_to_end(&mut record).unwrap();
        assert_eq!(record, stored.store.study(id).unwrap().unwrap().to_vec());
    }
}

#[test]
fn an_archive_comes_in_again_as_it_was() {
    let stored = Stored::of(&[demo()]);
    let path = stored.place("ctg-studies.json.zip");
    std::fs::write(&path, archived(&stored, 2)).unwrap();
    let again = Stored::of(&[path]);
    assert_eq!(again.store.ids().unwrap(), stored.store.ids().unwrap());
    for id in stored.store.ids().unwrap() {
        let hashes = |stored: &Stored| {
            let versions = stored.store.versions(id).unwrap();
            versions.into_iter().map(|version| version.sha256).collect::<Vec<_>>()
        };
        assert_eq!(hashes(&again), hashes(&stored), "{id}");
    }
}

#[test]
fn csv_has_a_row_a_study_and_thirty_columns() {
    let stored = Stored::all();
    let text = written(&stored, Document::Csv, 2);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().len(), 30);
    let ids: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    let known: Vec<String> = stored.store.ids().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(ids, known);
}

#[test]
fn fhir_is_a_resource_a_line_and_ris_a_record_a_study() {
    let stored = Stored::all();
    for document in [Document::FhirR5, Document::FhirR4] {
        let text = written(&stored, document, 2);
        assert_eq!(text, written(&stored, document, 3), "threads make no difference");
        for (line, id) in text.lines().zip(stored.store.ids().unwrap()) {
            let resource: Value = serde_json::from_str(line).unwrap();
            assert_eq!(resource["resourceType"], "ResearchStudy");
            assert_eq!(resource["id"], id.to_string());
        }
    }
    let text = written(&stored, Document::Ris, 2);
    let starts = text.lines().filter(|line| line.starts_with("TY  - ")).count();
    assert_eq!(starts, stored.store.len().unwrap());
    assert_eq!(text.lines().filter(|line| line.starts_with("ER  - ")).count(), starts);
}
