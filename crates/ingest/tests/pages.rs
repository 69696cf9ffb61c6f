//! Captured pages: the five seeds, and captures of our own invention for what the seeds do not show.
#![allow(clippy::unwrap_used)]

use ingest::{Converted, Format, Raw, pages};
use model::{IssueKind, Kind, PartialDate, Place, markup, piece};
use proptest::prelude::*;
use serde_json::{Value, json};

#[path = "pages/invented.rs"]
mod invented;
#[path = "pages/seeds.rs"]
mod seeds;

fn raw(format: Format, text: &str) -> Raw {
    Raw { format, bytes: text.into(), place: Place::default() }
}

/// Recognises and reads a page, and holds what every page must hold.
fn check(text: &str, format: Format) -> Converted {
    assert_eq!(pages::recognise(text), Some(format));
    let read = pages::convert(&raw(format, text)).unwrap();
    assert_eq!(piece::unknown_keys(&read.study), Vec::<String>::new());
    check_offsets(text, &read);
    read
}

fn at<'v>(read: &'v Converted, path: &str) -> &'v Value {
    let pointer = path.replace('[', "/").replace(']', "").replace('.', "/");
    let inner = format!("/protocolSection/{pointer}");
    read.study.pointer(&inner).unwrap_or(&Value::Null)
}

fn page(read: &Converted) -> &Value {
    read.page.as_ref().unwrap()
}

fn text<'v>(read: &'v Converted, path: &str) -> &'v str {
    at(read, path).as_str().unwrap_or_else(|| panic!("no text at {path}"))
}

fn count(read: &Converted, kind: IssueKind, part: &str) -> usize {
    read.issues.iter().filter(|i| i.kind == kind && i.message.contains(part)).count()
}

/// Letters and digits only, in small letters: what is left when layout and escapes are taken away.
fn core(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Every leaf of the record has its place, and the page really says the value there.
fn check_offsets(text: &str, read: &Converted) {
    let chars: Vec<char> = text.chars().collect();
    let offsets = page(read)["offsets"].as_object().unwrap();
    for (path, span) in offsets {
        let (start, end) = (span[0].as_u64().unwrap() as usize, span[1].as_u64().unwrap() as usize);
        assert!(start <= end && end <= chars.len(), "{path}: {span}");
        let said: String = chars[start..end].iter().collect();
        let pointer = format!("/{}", path.replace('[', "/").replace(']', "").replace('.', "/"));
        let value = read.study.pointer(&pointer).unwrap_or_else(|| panic!("{path} is not in the record"));
        assert!(says(path, &said, value), "{path}: the page says {said:?}, the record {value}");
    }
    let mut leaves = Vec::new();
    collect_leaves(&read.study, String::new(), &mut leaves);
    let without: Vec<_> = leaves.iter().filter(|l| !offsets.contains_key(*l)).collect();
    assert!(without.is_empty(), "no place for {without:?}");
}

fn collect_leaves(value: &Value, path: String, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let dot = if path.is_empty() { "" } else { "." };
                collect_leaves(inner, format!("{path}{dot}{key}"), out);
            }
        }
        Value::Array(items) => {
            for (i, inner) in items.iter().enumerate() {
                collect_leaves(inner, format!("{path}[{i}]"), out);
            }
        }
        _ => out.push(path),
    }
}

/// Whether these characters of a page say this value, by the documented mapping.
fn says(path: &str, said: &str, value: &Value) -> bool {
    let names: Vec<&str> = path.split('.').map(|s| s.split('[').next().unwrap()).collect();
    let kind = piece::by_path(&names.join(".")).map_or(Kind::Text, |p| p.kind);
    let printed = core(&said.replace("\\n", "\n"));
    match (kind, value) {
        (Kind::Enum(values), Value::String(v)) => {
            let label = values.value(v).unwrap().label;
            let other: &[&str] = match v.as_str() {
                "RECRUITING" => &["enrolling"],
                "NOT_YET_RECRUITING" => &["notyetenrolling"],
                "ENROLLING_BY_INVITATION" => &["invitationonly"],
                "ESTIMATED" => &["estimated"],
                "ACTUAL" => &["patient"],
                "NONE" => &["open"],
                "CARE_PROVIDER" => &["caregiver"],
                "PARTICIPANT" => &["subject"],
                "FED" => &["federal"],
                _ => &[],
            };
            let known = [core(label), core(v)];
            known.iter().map(String::as_str).chain(other.iter().copied()).any(|k| printed.contains(k))
        }
        (Kind::Date, Value::String(v)) => said.parse::<PartialDate>().is_ok_and(|d| d.to_string() == *v),
        (Kind::Time, Value::String(v)) => printed.contains(v.split(' ').next().unwrap()),
        // Escapes by number are spelled out in the record; what stands before them must agree.
        (_, Value::String(v)) if said.contains("\\u") || said.contains("\\x") => {
            core(v).starts_with(&core(said.split("\\u").next().unwrap()))
        }
        (_, Value::String(v)) => core(&markup::unescape(v)) == printed,
        (_, Value::Number(v)) => {
            let said = said.replace(',', "");
            said.contains(&v.to_string()) || said.parse().is_ok_and(|n: f64| Some(n) == v.as_f64())
        }
        (_, Value::Bool(true)) => said == "True" || said == "true" || printed.starts_with("accepts"),
        (_, Value::Bool(false)) => said == "False" || said == "false" || printed.starts_with("no"),
        _ => false,
    }
}

#[test]
fn claims_no_other_text() {
    for text in [
        "",
        "\u{feff}",
        "MedPath",
        "ClinicalTrials.Veeva",
        "MedPath is a site. Registration Number and Target Recruitment are words of it.",
        r#"{"protocolSection": {"identificationModule": {"nctId": "NCT05507697"}}}"#,
        "<clinical_study>\nMedPath\nRegistration Number\n</clinical_study>",
        "{'a': 1}\nRaw JSON\nViewing Study NCT07183761",
        "A protocol\n\nInclusion criteria\n\n- adults\n\nExclusion criteria\n\n- children",
    ] {
        assert_eq!(pages::recognise(text), None, "{text:?}");
    }
}

#[test]
fn a_registry_format_is_refused() {
    let issue = pages::convert(&raw(Format::V2, "{}")).unwrap_err();
    assert_eq!(issue.kind, IssueKind::UnknownFormat);
}

#[test]
fn bytes_that_are_no_text_are_reported() {
    let mut bytes = invented::MEDPATH.as_bytes().to_vec();
    let at = invented::MEDPATH.find("Brief Summary").unwrap() + "Brief Summary\n\n".len();
    bytes[at] = 0xff;
    let read = pages::convert(&Raw { format: Format::PageMedPath, bytes, place: Place::default() }).unwrap();
    assert!(read.issues.iter().any(|i| i.kind == IssueKind::WrongEncoding));
}

/// Every prefix of a page reads without a panic, gives the same id or none, and keeps the invariants of the offsets.
fn check_prefixes(text: &str, format: Format, step: usize) {
    let whole = pages::convert(&raw(format, text)).unwrap();
    let ends: Vec<usize> = (0..text.len()).step_by(step).filter(|i| text.is_char_boundary(*i)).collect();
    let mut with_id = 0;
    for end in ends {
        match pages::convert(&raw(format, &text[..end])) {
            Ok(read) => {
                assert_eq!(read.id, whole.id, "a cut id is none");
                check_offsets(&text[..end], &read);
                with_id += 1;
                let cut = |i: &model::Issue| matches!(i.kind, IssueKind::Truncated);
                let whole_cut = whole.issues.iter().any(cut);
                // The rows of related studies may end anywhere: there is no telling that some are missing.
                let open = format == Format::PageInclinical && text[..end].contains("See also");
                let near_end = end + 80 > text.len();
                assert!(whole_cut || near_end || open || read.issues.iter().any(cut), "{end}");
            }
            Err(issue) => assert_eq!(issue.kind, IssueKind::NoId),
        }
    }
    assert!(with_id > 0);
}

#[test]
fn any_prefix_of_an_invented_page_reads() {
    check_prefixes(invented::VEEVA, Format::PageVeeva, 1);
    check_prefixes(invented::MEDPATH, Format::PageMedPath, 1);
    check_prefixes(invented::INCLINICAL, Format::PageInclinical, 1);
    check_prefixes(invented::IGNITE, Format::PageIgnite, 1);
}

#[test]
fn windows_line_ends_change_nothing_but_offsets() {
    for (text, format) in [
        (invented::VEEVA, Format::PageVeeva),
        (invented::MEDPATH, Format::PageMedPath),
        (invented::INCLINICAL, Format::PageInclinical),
        (invented::IGNITE, Format::PageIgnite),
    ] {
        let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
        assert_eq!(check(&windows, format).study, check(text, format).study);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// No bytes at all make a reader panic.
    #[test]
    fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400), which in 0..4usize) {
        let format =
            [Format::PageVeeva, Format::PageMedPath, Format::PageInclinical, Format::PageIgnite][which];
        let _ = pages::convert(&Raw { format, bytes, place: Place::default() });
    }

    /// Nor does a page whose lines were shuffled, dropped or doubled.
    #[test]
    fn never_panics_on_a_disordered_page(picks in proptest::collection::vec(any::<u16>(), 0..80), which in 0..4usize) {
        let (text, format) = [
            (invented::VEEVA, Format::PageVeeva),
            (invented::MEDPATH, Format::PageMedPath),
            (invented::INCLINICAL, Format::PageInclinical),
            (invented::IGNITE, Format::PageIgnite),
        ][which];
        let lines: Vec<&str> = text.lines().collect();
        let page: Vec<&str> = picks.iter().map(|p| lines[*p as usize % lines.len()]).collect();
        let page = page.join("\n");
        if let Ok(read) = pages::convert(&raw(format, &page)) {
            let again = pages::convert(&raw(format, &page)).unwrap();
            prop_assert_eq!(read.study.to_string(), again.study.to_string());
        }
    }
}
