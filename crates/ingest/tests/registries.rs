//! Records of other registries, all of our own invention, whole and broken.
#![allow(clippy::unwrap_used)]

use std::{io::Cursor, ops::ControlFlow};

use ingest::{Converted, Format, Found, Limits};
use model::{Issue, IssueKind, piece};
use proptest::prelude::*;
use serde_json::{Value, json};

const ICTRP: &[u8] = include_bytes!("registries/ictrp.xml");
const TABLE: &[u8] = include_bytes!("registries/ictrp.csv");
const ISRCTN: &[u8] = include_bytes!("registries/isrctn.xml");
const CTIS: &[u8] = include_bytes!("registries/ctis.json");
const R5: &[u8] = include_bytes!("registries/r5.json");
const R4: &[u8] = include_bytes!("registries/r4.ndjson");
const USDM: &[u8] = include_bytes!("registries/usdm.json");

/// Everything that a file becomes.
fn read(bytes: &[u8]) -> (Vec<(Format, Converted)>, Vec<Issue>) {
    let (mut studies, mut issues) = (Vec::new(), Vec::new());
    let stream = Box::new(Cursor::new(bytes.to_vec()));
    let flow = ingest::read_stream("file", stream, Limits::default(), &mut |found| {
        match found {
            Found::Record(raw) => match ingest::convert(&raw) {
                Ok(converted) => studies.push((raw.format, converted)),
                Err(issue) => issues.push(issue),
            },
            Found::Issue(issue) => issues.push(issue),
            Found::Progress { .. } => {}
        }
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    (studies, issues)
}

fn ids(bytes: &[u8]) -> Vec<String> {
    read(bytes).0.iter().map(|(_, study)| study.id.to_string()).collect()
}

fn at<'v>(study: &'v Converted, path: &str) -> &'v Value {
    study.study.pointer(&format!("/protocolSection/{}", path.replace('.', "/"))).unwrap_or(&Value::Null)
}

fn said(study: &Converted, kind: IssueKind, path: &str) -> bool {
    study.issues.iter().any(|i| i.kind == kind && i.place.path.as_deref().is_some_and(|p| p.ends_with(path)))
}

#[test]
fn every_format_is_known_by_its_content_and_makes_no_unknown_key() {
    for (bytes, format, count) in [
        (ICTRP, Format::Ictrp, 3),
        (TABLE, Format::IctrpCsv, 2),
        (ISRCTN, Format::Isrctn, 1),
        (CTIS, Format::Ctis, 1),
        (R5, Format::Fhir, 1),
        (R4, Format::Fhir, 2),
        (USDM, Format::Usdm, 1),
    ] {
        let (studies, _) = read(bytes);
        assert_eq!(studies.len(), count, "{format:?}");
        for (found, study) in studies {
            assert_eq!(found, format);
            assert_eq!(piece::unknown_keys(&study.study), Vec::<String>::new(), "{format:?}");
        }
    }
}

#[test]
fn ictrp_says_what_is_certain_and_no_more() {
    let (studies, issues) = read(ICTRP);
    let [legs, syrup, yoga] = &studies[..] else { panic!("{issues:?}") };
    let (legs, syrup, yoga) = (&legs.1, &syrup.1, &yoga.1);
    assert_eq!(at(legs, "statusModule.studyFirstSubmitDate"), "2024-04-03");
    assert_eq!(at(legs, "designModule.designInfo.maskingInfo.masking"), "SINGLE");
    assert_eq!(at(legs, "eligibilityModule.minimumAge"), "18 Years");
    assert_eq!(at(legs, "eligibilityModule.maximumAge"), &Value::Null);
    let criteria = at(legs, "eligibilityModule.eligibilityCriteria").as_str().unwrap();
    assert!(criteria.contains("* Ankle pressure \\<120 mmHg\n\nExclusion criteria: Deep"), "{criteria}");
    assert_eq!(at(syrup, "statusModule.overallStatus"), &Value::Null);
    assert_eq!(at(syrup, "statusModule.studyFirstSubmitDate"), "2016");
    assert_eq!(at(syrup, "eligibilityModule.minimumAge"), &Value::Null);
    assert_eq!(at(syrup, "eligibilityModule.sex"), "FEMALE");
    assert_eq!(at(syrup, "designModule.phases"), &json!(["PHASE2", "PHASE3"]));
    assert_eq!(at(syrup, "designModule.enrollmentInfo.count"), 81);
    assert!(said(syrup, IssueKind::NotConverted, "Recruitment_Status"));
    assert!(said(syrup, IssueKind::BadValue, "Date_registration"));
    assert!(said(syrup, IssueKind::BadValue, "Inclusion_agemin"));
    assert_eq!(at(yoga, "identificationModule.briefTitle"), "Yoga & breath for asthma, FEV1 < 80 %");
    assert!(yoga.issues.iter().any(|i| i.kind == IssueKind::SourceFault), "its XML is broken");
    let kinds: Vec<IssueKind> = issues.iter().map(|i| i.kind).collect();
    assert_eq!(kinds, [IssueKind::NoId, IssueKind::NoId, IssueKind::Truncated]);
    assert!(issues[1].message.contains("XYZ-12"), "{}", issues[1]);
}

#[test]
fn a_table_has_rows_with_quoted_lines_and_short_ones() {
    let (studies, issues) = read(TABLE);
    let nap = &studies[0].1;
    assert_eq!(at(nap, "identificationModule.officialTitle"), "Short naps and \"memory\"");
    assert!(at(nap, "eligibilityModule.eligibilityCriteria").as_str().unwrap().contains("Adults\n\nwho nap"));
    assert!(
        said(nap, IssueKind::NotConverted, "Made_up") && said(nap, IssueKind::BadValue, "Date_enrolment")
    );
    assert_eq!(
        issues.iter().map(|i| (i.kind, i.place.record)).collect::<Vec<_>>(),
        [(IssueKind::Malformed, Some(3))]
    );
}

#[test]
fn isrctn_reckons_its_status_at_the_last_update_and_says_so() {
    let (studies, issues) = read(ISRCTN);
    let tea = &studies[0].1;
    assert_eq!(at(tea, "statusModule.overallStatus"), "ACTIVE_NOT_RECRUITING");
    assert_eq!(at(tea, "statusModule.statusVerifiedDate"), "2025-03-10");
    assert!(
        said(tea, IssueKind::NotConverted, "recruitmentEnd")
            && said(tea, IssueKind::NotConverted, "ageRange")
    );
    assert_eq!(
        at(tea, "sponsorCollaboratorsModule.leadSponsor"),
        &json!({"name": "University of Leaves", "class": "OTHER"})
    );
    assert_eq!(at(tea, "identificationModule.secondaryIdInfos.0.id"), "NCT09900001");
    assert_eq!(issues[0].kind, IssueKind::NoId);
}

#[test]
fn ctis_has_its_criteria_one_by_one() {
    let hiccups = &read(CTIS).0[0].1;
    assert_eq!(hiccups.id.to_string(), "2022-500990-18-00");
    assert_eq!(at(hiccups, "statusModule.overallStatus"), "RECRUITING");
    assert_eq!(at(hiccups, "statusModule.startDateStruct.date"), "2023");
    assert_eq!(at(hiccups, "designModule.phases"), &json!(["PHASE2", "PHASE3"]));
    assert_eq!(at(hiccups, "designModule.enrollmentInfo"), &json!({"count": 100, "type": "ESTIMATED"}));
    let criteria = at(hiccups, "eligibilityModule.eligibilityCriteria").as_str().unwrap();
    assert!(criteria.contains("* Hiccups for 2 days or more\n* Age 18 to 70 years"), "{criteria}");
    assert!(said(hiccups, IssueKind::NotConverted, "invented.deep"));
}

#[test]
fn fhir_resolves_what_a_study_refers_to_and_nothing_else() {
    let (studies, issues) = read(R5);
    let honey = &studies[0].1;
    assert_eq!(at(honey, "statusModule.overallStatus"), "RECRUITING");
    assert_eq!(at(honey, "sponsorCollaboratorsModule.leadSponsor.name"), "Bee Institute");
    assert_eq!(at(honey, "contactsLocationsModule.locations.0.city"), "Ghent");
    assert_eq!(at(honey, "eligibilityModule.maximumAge"), "65 Years");
    assert_eq!(
        at(honey, "eligibilityModule.eligibilityCriteria"),
        "Inclusion Criteria:\n\n* Sore throat\n\nExclusion Criteria:\n\n* Diabetes"
    );
    assert_eq!(issues.iter().map(|i| i.kind).collect::<Vec<_>>(), [IssueKind::NoId]);
    let (studies, issues) = read(R4);
    assert_eq!(at(&studies[0].1, "designModule.enrollmentInfo"), &json!({"count": 30}));
    assert_eq!(at(&studies[0].1, "statusModule.overallStatus"), "ACTIVE_NOT_RECRUITING");
    assert!(issues[0].message.contains("Organization"));
}

#[test]
fn usdm_finds_the_words_behind_its_references() {
    let lemon = &read(USDM).0[0].1;
    assert_eq!(at(lemon, "identificationModule.officialTitle"), "A Study of Lemon in scurvy");
    let criteria = at(lemon, "eligibilityModule.eligibilityCriteria").as_str().unwrap();
    assert!(criteria.contains("* Diagnosis of scurvy") && criteria.contains("\\[fruit\\]"), "{criteria}");
    assert_eq!(at(lemon, "armsInterventionsModule.armGroups.1.type"), "PLACEBO_COMPARATOR");
    assert!(lemon.issues.iter().any(|i| i.kind == IssueKind::SourceFault), "a criterion without words");
}

#[test]
fn other_encodings_are_read_where_it_is_certain_which() {
    let text = std::str::from_utf8(ICTRP).unwrap();
    let plain = ids(ICTRP);
    let wide = |mark: &[u8], to: fn(u16) -> [u8; 2]| {
        [mark, &text.encode_utf16().flat_map(to).collect::<Vec<u8>>()].concat()
    };
    assert_eq!(ids(&wide(b"\xff\xfe", u16::to_le_bytes)), plain);
    assert_eq!(ids(&wide(b"\xfe\xff", u16::to_be_bytes)), plain);
    assert_eq!(ids(&wide(b"", u16::to_le_bytes)), plain);
    assert_eq!(ids(&[b"\xef\xbb\xbf", ICTRP].concat()), plain);
    let latin = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let named = text.replace("Musterstadt", "M\u{fc}nchen");
    let declared = latin(&named.replace("\"UTF-8\"", "\"windows-1252\""));
    let (studies, issues) = read(&declared);
    assert_eq!(
        at(&studies[0].1, "sponsorCollaboratorsModule.leadSponsor.name"),
        "University of M\u{fc}nchen"
    );
    assert!(issues.iter().any(|i| i.kind == IssueKind::SourceFault && i.message.contains("windows-1252")));
    // Undeclared, the encoding is not known: the record is lost, and the next is read.
    let (studies, issues) = read(&latin(&named));
    assert_eq!(studies.len(), 2);
    assert!(issues.iter().any(|i| i.kind == IssueKind::WrongEncoding));
    let table = latin(&std::str::from_utf8(TABLE).unwrap().replace("Institute", "Institut f\u{fc}r Schlaf"));
    let (studies, _) = read(&table);
    assert!(studies[0].1.issues.iter().any(|i| i.message.contains("Windows-1252")));
}

#[test]
fn huge_and_repeated_fields_are_kept_within_bounds() {
    let long = format!(
        "<Trial><TrialID>NCT00000001</TrialID><Public_title>{}</Public_title></Trial>",
        "long ".repeat(100_000)
    );
    assert_eq!(ids(long.as_bytes()), ["NCT00000001"]);
    let huge = format!(
        "<Trial><TrialID>NCT00000001</TrialID><Public_title>{}</Public_title></Trial><Trial><TrialID>NCT00000002</TrialID></Trial>",
        "x".repeat(33 << 20)
    );
    let (studies, issues) = read(huge.as_bytes());
    assert_eq!((studies.len(), issues[0].kind), (1, IssueKind::TooLarge));
    let open = format!("TrialID,Public_title\nNCT00000001,\"{}", "never closed\n".repeat(1000));
    let (studies, issues) = read(open.as_bytes());
    assert_eq!((studies.len(), issues[0].kind), (0, IssueKind::Truncated));
}

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let wholes = prop::sample::select(vec![ICTRP, TABLE, ISRCTN, CTIS, R5, R4, USDM]);
    let changes = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..8);
    (wholes, changes).prop_map(|(whole, changes)| {
        let mut bytes = whole.to_vec();
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in mutated()) {
        read(&bytes);
    }

    #[test]
    fn no_values_panic(value in "\\PC{0,40}", field in prop::sample::select(vec![
        "TrialID", "Date_registration", "Date_registration3", "Phase", "Inclusion_agemin", "Inclusion_gender",
        "Target_size", "Countries", "Study_design", "Inclusion_Criteria", "Secondary_ID", "Intervention",
    ])) {
        let escaped = value.replace('&', "&amp;").replace('<', "&lt;");
        let text = format!("<Trial><TrialID>NCT00000001</TrialID><{field}>{escaped}</{field}></Trial>");
        let (studies, issues) = read(text.as_bytes());
        prop_assert_eq!(studies.len() + issues.len(), 1);
    }
}
