//! Every container and every arrangement of records, in small inputs of our own.
#![allow(clippy::unwrap_used)]

use std::{
    io::{Cursor, Read, Write},
    ops::ControlFlow,
};

use ingest::{Format, Found, Limits};
use model::{Issue, IssueKind};
use proptest::prelude::*;
use zip::{ZipWriter, write::SimpleFileOptions};

/// What a reading finds: the format and text of each record, and the issues.
#[derive(Debug, Default)]
struct Findings {
    records: Vec<(Format, String)>,
    places: Vec<String>,
    issues: Vec<Issue>,
}

impl Findings {
    fn kinds(&self) -> Vec<IssueKind> {
        self.issues.iter().map(|i| i.kind).collect()
    }

    fn ids(&self) -> Vec<u32> {
        let id = |text: &str| text.split("NCT9000000").nth(1)?[..1].parse().ok();
        self.records.iter().map(|(_, text)| id(text).unwrap_or(0)).collect()
    }
}

/// A stream that gives a few bytes at a time, as pipes do.
struct Drip(Cursor<Vec<u8>>, usize);

impl Read for Drip {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = buf.len().min(self.1);
        self.0.read(&mut buf[..n])
    }
}

fn read_with(bytes: impl Into<Vec<u8>>, limits: Limits, step: usize) -> Findings {
    let mut all = Findings::default();
    let stream = Box::new(Drip(Cursor::new(bytes.into()), step));
    let flow = ingest::read_stream("-", stream, limits, &mut |found| {
        match found {
            Found::Record(raw) => {
                all.places.push(raw.place.to_string());
                all.records.push((raw.format, String::from_utf8_lossy(&raw.bytes).into_owned()));
            }
            Found::Issue(issue) => all.issues.push(issue),
            Found::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    all
}

fn read(bytes: impl Into<Vec<u8>>) -> Findings {
    read_with(bytes, Limits::default(), usize::MAX)
}

fn study(n: u32) -> String {
    format!(
        r#"{{"protocolSection":{{"identificationModule":{{"nctId":"NCT9000000{n}","briefTitle":"a \"{{[\\"}}}}}}"#
    )
}

fn v1_study(n: u32) -> String {
    format!(r#"{{"ProtocolSection":{{"IdentificationModule":{{"NCTId":"NCT9000000{n}"}}}}}}"#)
}

fn xml(n: u32) -> String {
    format!("<clinical_study rank=\"1\">\n<nct_id>NCT9000000{n}</nct_id></clinical_study>")
}

fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// As writers do that cannot go back: sizes follow the data.
fn streamed_zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new_stream(Vec::new());
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 1).unwrap()
}

#[test]
fn every_arrangement_of_json() {
    let [a, b] = [study(1), study(2)];
    for text in [
        format!("{a}\n{b}\n"),
        format!("{a}{b}"),
        format!("\u{feff}[{a}, {b}]"),
        format!("[\n  {a},\n  {b}\n]\n"),
        format!(r#"{{"totalCount":2,"studies":[{a},{b}],"nextPageToken":"x"}}"#),
        format!(r#"{{"studies":[{a}]}}{{"studies":[{b}]}}"#),
        format!(r#"[{{"studies":[{a}]}},{{"nextPageToken":null,"studies":[{b}],"x":{{"y":[1]}}}}]"#),
    ] {
        for step in [1, 7, usize::MAX] {
            let found = read_with(text.clone(), Limits::default(), step);
            assert_eq!(found.records, [(Format::V2, a.clone()), (Format::V2, b.clone())], "{text}");
            assert_eq!(found.issues, [], "{text}");
        }
    }
    let reordered = r#"{"hasResults":false,"protocolSection":{"a":"NCT90000003"}}"#;
    assert_eq!(read(reordered).records, [(Format::V2, reordered.to_owned())]);
    assert_eq!(
        read(format!("{a}\n\n")).records,
        [(Format::V2, a.clone())],
        "the end of the line is not the study's"
    );
    assert_eq!(read("[]").issues, []);
    assert_eq!(
        read(format!("{a}\n{b}")).places,
        ["-, record 1, byte 0", &format!("-, record 2, byte {}", a.len() + 1)]
    );
}

#[test]
fn the_answers_of_api_v1() {
    let [a, b] = [v1_study(1), v1_study(2)];
    let page = format!(
        r#"{{"FullStudiesResponse":{{"APIVrs":"1","FullStudies":[{{"Rank":1,"Study":{a}}},{{"Rank":2,"Study":{b}}}]}}}}"#
    );
    let both = [(Format::V1Full, a.clone()), (Format::V1Full, b.clone())];
    assert_eq!(read(page.clone()).records, both);
    assert_eq!(read(format!("{page}\n{page}\n")).records.len(), 4);
    assert_eq!(read(format!(r#"{{"FullStudy":{{"Rank":1,"Study":{a}}}}} {{"Study":{b}}}"#)).records, both);
    let row = r#"{"Rank":1,"NCTId":["NCT90000001"]}"#;
    let page = format!(r#"{{"StudyFieldsResponse":{{"NStudies":1,"StudyFields":[{row}]}}}}"#);
    let found = read(page);
    assert_eq!(found.records, [(Format::V1Fields, row.to_owned())]);
    assert_eq!(found.issues, []);
}

#[test]
fn every_arrangement_of_xml() {
    let [a, b] = [xml(1), xml(2)];
    let both = [(Format::LegacyXml, a.clone()), (Format::LegacyXml, b.clone())];
    for text in [
        format!("<?xml version=\"1.0\"?>\n{a}\n{b}"),
        format!("<all><clinical_study_count>2</clinical_study_count>{a}{b}</all>"),
        format!("<!-- x -->{a}{b}"),
    ] {
        for step in [1, 5, usize::MAX] {
            let found = read_with(text.clone(), Limits::default(), step);
            assert_eq!(found.records, both, "{text}");
            assert_eq!(found.issues, []);
        }
    }
    let found = read(format!("<clinical_study><nct_id>{b}<clinical_study>"));
    assert_eq!((found.ids(), found.kinds()), (vec![2], vec![IssueKind::Malformed, IssueKind::Truncated]));
    assert_eq!(read("<?xml version=\"1.0\"?><paper/>").kinds(), [IssueKind::UnknownFormat]);
}

#[test]
fn every_container() {
    let (a, b) = (study(1), study(2));
    let lines = format!("{a}\n{b}\n").into_bytes();
    let twice = [gz(a.as_bytes()), gz(b.as_bytes())].concat();
    let json_gz = gz(b.as_bytes());
    let entries: &[(&str, &[u8])] = &[("d/one.json", a.as_bytes()), ("two.json.gz", &json_gz)];
    for bytes in [
        gz(&lines),
        zst(&lines),
        twice,
        [zst(a.as_bytes()), zst(b.as_bytes())].concat(),
        zip_of(&[("all.ndjson", &lines)]),
        zip_of(entries),
        streamed_zip_of(entries),
        gz(&zip_of(entries)),
        zip_of(&[("inner.zip", &zip_of(entries))]),
    ] {
        for step in [1, 1000, usize::MAX] {
            let found = read_with(bytes.clone(), Limits::default(), step);
            assert_eq!((found.ids(), found.kinds()), (vec![1, 2], vec![]), "{found:?}");
        }
    }
    let found = read(zip_of(&[("inner.zip", &zip_of(entries))]));
    assert_eq!(found.places[0], "- > inner.zip/d/one.json, record 1, byte 0");
}

#[test]
fn furniture_is_passed_over_and_unsafe_names_are_told() {
    let a = study(1);
    let body = a.as_bytes();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_directory("folder/", SimpleFileOptions::default()).unwrap();
    for name in ["__MACOSX/._x.json", "folder/.DS_Store", "folder/a.json"] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(body).unwrap();
    }
    let mut bytes = zip.finish().unwrap().into_inner();
    let found = read(bytes.clone());
    assert_eq!((found.ids(), found.kinds()), (vec![1], vec![]));
    // The writer cleans names, so they are spoilt afterwards.
    for (clean, name) in
        [(&b"folder/a.json"[..], &b"../der/a.json"[..]), (b"../der/a.json", b"/older/a.json")]
    {
        while let Some(at) = bytes.windows(clean.len()).position(|w| w == clean) {
            bytes[at..at + name.len()].copy_from_slice(name);
        }
        let found = read(bytes.clone());
        assert_eq!((found.ids(), found.kinds()), (vec![], vec![IssueKind::UnsafeArchive]));
        assert!(found.issues[0].place.entry.is_some());
    }
}

#[test]
fn encrypted_and_damaged_entries_lose_only_themselves() {
    let (a, b) = (study(1), study(2));
    let good = zip_of(&[("a.json", a.as_bytes()), ("b.json", b.as_bytes())]);
    let mut encrypted = good.clone();
    encrypted[6] |= 1;
    let found = read(encrypted);
    assert_eq!((found.ids(), found.kinds()), (vec![2], vec![IssueKind::Unreadable]));
    let mut unknown_method = good.clone();
    unknown_method[8] = 93;
    let found = read(unknown_method);
    assert_eq!((found.ids(), found.kinds()), (vec![2], vec![IssueKind::UnknownFormat]));
    let mut damaged = good;
    damaged[14] ^= 0xff;
    let found = read(damaged);
    assert!(found.ids().contains(&2));
    assert_eq!(found.kinds(), [IssueKind::Malformed], "the checksum does not fit");
}

#[test]
fn a_cut_archive_yields_what_stands_before_the_cut() {
    let noise: String = (0..4000u32).map(|i| format!("{:x}", i.wrapping_mul(2_654_435_761))).collect();
    let long = |n| study(n).replacen("\"briefTitle\"", &format!("\"x\":\"{noise}\",\"briefTitle\""), 1);
    let [a, b] = [long(1), long(2)];
    for whole in [
        zip_of(&[("a", a.as_bytes()), ("b", b.as_bytes())]),
        streamed_zip_of(&[("a", a.as_bytes()), ("b", b.as_bytes())]),
    ] {
        let second = whole.windows(4).rposition(|w| w == b"PK\x03\x04").unwrap();
        for (cut, ids) in [(second, vec![1]), (second + 2, vec![1]), (second + 2000, vec![1]), (40, vec![])] {
            let found = read(&whole[..cut]);
            assert_eq!((found.ids(), found.kinds()), (ids, vec![IssueKind::Truncated]), "cut at {cut}");
            assert!(found.issues[0].place.byte.is_some());
        }
        let found = read(&whole[..whole.len() - 30]);
        assert_eq!((found.ids(), found.kinds()), (vec![1, 2], vec![IssueKind::Truncated]));
    }
    for packed in [gz(format!("{a}\n{b}").as_bytes()), zst(format!("{a}\n{b}").as_bytes())] {
        let found = read(&packed[..packed.len() - 10]);
        assert_eq!(found.kinds(), [IssueKind::Truncated]);
    }
}

#[test]
fn a_broken_record_loses_only_itself() {
    let [a, b, c] = [study(1), study(2), study(3)];
    let cut = &b[..b.len() - 1];
    let no_quote = b.replacen(r#"\\""#, r"\\", 1);
    assert_ne!(no_quote, b);
    for bad in [cut, &no_quote, &b[..40]] {
        for text in [
            format!("{a}\n{bad}\n{c}\n"),
            format!("[{a},{bad},{c}]"),
            format!(r#"{{"studies":[{a},{bad},{c}]}}"#),
        ] {
            for step in [1, usize::MAX] {
                let found = read_with(text.clone(), Limits::default(), step);
                assert_eq!((found.ids(), found.kinds()), (vec![1, 3], vec![IssueKind::Malformed]), "{text}");
                assert_eq!(found.issues[0].place.record, Some(2));
            }
        }
    }
    let [a, b, c] = [v1_study(1), v1_study(2), v1_study(3)];
    let text = format!(
        r#"{{"FullStudies":[{{"Rank":1,"Study":{a}}},{{"Rank":2,"Study":{}}},{{"Rank":3,"Study":{c}}}]}}"#,
        &b[..b.len() - 2]
    );
    let found = read(text);
    assert_eq!((found.ids(), found.kinds()), (vec![1, 3], vec![IssueKind::Malformed]), "{found:?}");
}

#[test]
fn cut_json_says_where() {
    let text = format!("[{},{}", study(1), &study(2)[..50]);
    let found = read(text.clone());
    assert_eq!((found.ids(), found.kinds()), (vec![1], vec![IssueKind::Truncated]));
    assert_eq!(found.issues[0].place.byte, Some(text.len() as u64));
    let found = read(format!("[{}", study(1)));
    assert_eq!((found.ids(), found.kinds()), (vec![1], vec![IssueKind::Truncated]), "the list is open");
}

#[test]
fn a_record_over_the_limit_is_passed_over() {
    let limits = Limits { record_bytes: 1 << 20 };
    let huge =
        study(2).replacen("\"briefTitle\"", &format!("\"x\":\"{}\",\"briefTitle\"", "y".repeat(9 << 20)), 1);
    let text = format!("[{},{huge},{}]", study(1), study(3));
    let found = read_with(text, limits, usize::MAX);
    assert_eq!((found.ids(), found.kinds()), (vec![1, 3], vec![IssueKind::TooLarge]));
    assert_eq!(found.issues[0].place.record, Some(2));
    assert_eq!(found.issues[0].place.byte, Some(study(1).len() as u64 + 2));
    assert_eq!(read_with(huge, limits, usize::MAX).kinds(), [IssueKind::TooLarge]);
    let huge = xml(1).replacen("<nct_id>", &"z".repeat(3 << 20), 1);
    let found = read_with(format!("{huge}{}", xml(2)), limits, usize::MAX);
    assert_eq!((found.ids(), found.kinds()), (vec![2], vec![IssueKind::TooLarge]));
}

#[test]
fn deep_nesting_is_an_issue() {
    let deep = format!(r#"{{"protocolSection":{}{}}}"#, "[".repeat(1_000_000), "]".repeat(1_000_000));
    let mut issue = None;
    let _ = ingest::read_stream("-", Box::new(Cursor::new(deep)), Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            issue = ingest::convert(&raw).err();
        }
        ControlFlow::Continue(())
    });
    assert_eq!(issue.unwrap().kind, IssueKind::TooLarge);
    let found = read("[".repeat(1_000_000));
    assert_eq!(found.kinds(), [IssueKind::Truncated]);
}

#[test]
fn a_bomb_is_left() {
    let zeros = vec![b' '; 1 << 20];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bomb.json", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"[").unwrap();
    (0..300).for_each(|_| zip.write_all(&zeros).unwrap());
    zip.start_file("b.json", SimpleFileOptions::default()).unwrap();
    zip.write_all(study(2).as_bytes()).unwrap();
    let found = read(zip.finish().unwrap().into_inner());
    assert_eq!((found.ids(), found.kinds()), (vec![2], vec![IssueKind::UnsafeArchive]));
    let matryoshka = (0..6).fold(study(1).into_bytes(), |inner, _| gz(&inner));
    assert_eq!(read(matryoshka).kinds(), [IssueKind::UnsafeArchive]);
}

#[test]
fn other_content_is_named() {
    use IssueKind::*;
    let utf16: Vec<u8> = study(1).encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [[&[0xff, 0xfe][..], &utf16].concat(), utf16] {
        let found = read(bytes);
        assert_eq!((found.ids(), found.kinds()), (vec![1], vec![SourceFault]), "read as UTF-16, and told");
    }
    for (bytes, kind) in [
        (Vec::new(), UnknownFormat),
        (b"\n \n".to_vec(), UnknownFormat),
        (b"hello".to_vec(), UnknownFormat),
        (br#"{"resourceType":"Bundle"}"#.to_vec(), UnknownFormat),
        (b"\x89PNG\r\n\x1a\n\0\0\0".to_vec(), UnknownFormat),
        (b"%PDF-1.4".to_vec(), UnknownFormat),
        (b"Title: caf\xe9".to_vec(), WrongEncoding),
    ] {
        let found = read(bytes.clone());
        assert_eq!((found.kinds(), found.records.len()), (vec![kind], 0), "{}", bytes.escape_ascii());
    }
    for text in ["[[1],[2]]", r#"{"studies":[1,"NCT90000001"]}"#, r#"[["a"]]"#] {
        let found = read(text);
        assert_eq!((found.kinds(), found.records.len()), (vec![UnknownFormat], 0), "{text}");
        assert!(found.issues[0].message.contains("no record"), "{text}");
    }
    assert_eq!(read(zip_of(&[])).kinds(), [UnknownFormat]);
    assert_eq!(read(zip_of(&[("a.json", b"[[1]]")])).kinds(), [UnknownFormat]);
    let mixed = read(format!("[{}, 5, \"x\"]", study(1)));
    assert_eq!((mixed.ids(), mixed.kinds()), (vec![1], vec![UnknownFormat]));
    // Answers that say themselves that they are empty.
    for text in ["[]", "[[],[]]", r#"{"studies":[]}"#, r#"{"studies":null,"totalCount":0}"#] {
        assert_eq!(read(text).issues, [], "{text}");
    }
    let many = r#"{"resourceType":"Patient"}"#.repeat(50);
    assert_eq!(read(many).kinds(), [UnknownFormat, UnknownFormat], "the first, and how many more");
}

#[test]
fn a_wrong_byte_in_a_record_is_named() {
    let mut bytes = format!("{}\n{}", study(1), study(2)).into_bytes();
    let at = bytes.iter().rposition(|b| *b == b'a').unwrap();
    bytes[at] = 0xe9;
    let mut issues = Vec::new();
    let _ = ingest::read_stream("-", Box::new(Cursor::new(bytes)), Limits::default(), &mut |found| {
        if let Found::Record(raw) = found {
            issues.extend(ingest::convert(&raw).err());
        }
        ControlFlow::Continue(())
    });
    assert_eq!(issues.len(), 1);
    assert_eq!((issues[0].kind, issues[0].place.byte), (IssueKind::WrongEncoding, Some(at as u64)));
}

#[test]
fn a_missing_file_and_a_folder_are_unreadable() {
    let folder = testkit::folder();
    for path in [folder.path().to_owned(), folder.path().join("absent")] {
        let mut kinds = Vec::new();
        let _ = ingest::read(&path, Limits::default(), &mut |found| {
            if let Found::Issue(issue) = found {
                kinds.push(issue.kind);
            }
            ControlFlow::Continue(())
        });
        assert_eq!(kinds, [IssueKind::Unreadable]);
    }
}

#[test]
fn the_receiver_can_stop() {
    let mut seen = 0;
    let text = format!("{}\n{}", study(1), study(2));
    let flow = ingest::read_stream("-", Box::new(Cursor::new(text)), Limits::default(), &mut |found| {
        seen += u32::from(matches!(found, Found::Record(_)));
        ControlFlow::Break(())
    });
    assert_eq!((flow, seen), (ControlFlow::Break(()), 1));
}

/// Reads and converts: no bytes may make it panic.
fn survive(bytes: Vec<u8>) {
    for step in [3, usize::MAX] {
        let stream = Box::new(Drip(Cursor::new(bytes.clone()), step));
        let _ = ingest::read_stream("-", stream, Limits { record_bytes: 2000 }, &mut |found| {
            if let Found::Record(raw) = found {
                let _ = ingest::convert(&raw);
            }
            ControlFlow::Continue(())
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn random_bytes_never_panic(mut bytes in proptest::collection::vec(any::<u8>(), 0..300), magic in 0usize..8) {
        let magics: [&[u8]; 8] = [b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"{\"", b"[{\"", b"<clinical_study", b"<?xml"];
        bytes.splice(..0, magics[magic].iter().copied());
        survive(bytes);
    }

    #[test]
    fn mutated_inputs_never_panic(which in 0usize..6, edits in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..8), cut in any::<u32>()) {
        let page = format!(r#"{{"totalCount":2,"studies":[{},{}]}}"#, study(1), study(2));
        let v1 = format!(r#"{{"FullStudiesResponse":{{"FullStudies":[{{"Rank":1,"Study":{}}}]}}}}"#, v1_study(1));
        let mut bytes = match which {
            0 => page.into_bytes(),
            1 => v1.into_bytes(),
            2 => format!("{}{}", xml(1), xml(2)).into_bytes(),
            3 => zip_of(&[("a", page.as_bytes()), ("b", v1.as_bytes())]),
            4 => streamed_zip_of(&[("a", page.as_bytes()), ("b", v1.as_bytes())]),
            _ => gz(page.as_bytes()),
        };
        for (at, byte) in edits {
            let at = at as usize % bytes.len();
            bytes[at] = byte;
        }
        if cut % 3 == 0 {
            bytes.truncate(cut as usize % (bytes.len() + 1));
        }
        survive(bytes);
    }
}
