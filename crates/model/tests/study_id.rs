//! Ids of every registry: read, printed, packed, found in free text.

use model::{Register, StudyId, study_id::named};
use proptest::prelude::*;

fn id(text: &str) -> StudyId {
    text.parse().unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn every_registry_has_its_spelling() {
    let same = [
        ("NCT04437511", Register::ClinicalTrialsGov),
        ("ISRCTN12345678", Register::Isrctn),
        ("2022-500123-18-00", Register::Ctis),
        ("2013-003828-36", Register::Eudract),
        ("EUCTR2013-003828-36-SK", Register::Eudract),
        ("EUCTR2013-003828-36-Outside-EU/EEA", Register::Eudract),
        ("DRKS00012345", Register::Drks),
        ("ChiCTR2000029308", Register::Chictr),
        ("ChiCTR-TRC-10000123", Register::Chictr),
        ("CTRI/2017/01/007604", Register::Ctri),
        ("CTRI/2009/091/000123", Register::Ctri),
        ("jRCT2031200123", Register::Jrct),
        ("jRCTs031180123", Register::Jrct),
        ("UMIN000012345", Register::Umin),
        ("C000000123", Register::Umin),
        ("JapicCTI-123456", Register::Japic),
        ("JMA-IIA00123", Register::JmaIia),
        ("ACTRN12605000026628", Register::Anzctr),
        ("IRCT20080901001165N12", Register::Irct),
        ("IRCT138804041234N1", Register::Irct),
        ("RBR-6q5s8z", Register::Rebec),
        ("RBR-10ab2cd", Register::Rebec),
        ("PACTR202001234567890", Register::Pactr),
        ("KCT0001234", Register::Cris),
        ("TCTR20190101001", Register::Tctr),
        ("SLCTR/2019/001", Register::Slctr),
        ("LBCTR2019012345", Register::Lbctr),
        ("NTR1234", Register::Dutch),
        ("NL1234", Register::Dutch),
        ("NL-OMON12345", Register::Dutch),
        ("PER-015-15", Register::Repec),
        ("RPCEC00000123", Register::Rpcec),
        ("ITMCTR2023000123", Register::Itmctr),
        ("HKUCTR-1234", Register::Hkuctr),
        ("U1111-1234-5678", Register::Utn),
    ];
    for (text, register) in same {
        let read = id(text);
        assert_eq!((read.to_string().as_str(), read.register()), (text, register), "{text}");
        assert_eq!(StudyId::new(read.number()), Some(read), "{text}");
        assert_eq!(id(&text.to_lowercase().replace("c000", "C000")), read, "{text} in small letters");
        assert!(i64::try_from(read.number()).is_ok(), "{text}");
    }
}

#[test]
fn prefixes_of_the_platform_do_not_matter() {
    assert_eq!(id("JPRN-jRCTs031180123"), id("jRCTs031180123"));
    assert_eq!(id("CTIS2022-500123-18-00"), id("2022-500123-18-00"));
    assert_eq!(id("2022-500123-18"), id("2022-500123-18-00"));
    assert_eq!(id("EudraCT2013-003828-36"), id("2013-003828-36"));
    assert_eq!(id("ACTRN12605000026628p"), id("ACTRN12605000026628"));
    assert_eq!(id("EUCTR2013-003828-36-DE").trial(), id("2013-003828-36"));
    assert_eq!(id("2022-500123-18-01").trial(), id("2022-500123-18-00"));
}

#[test]
fn what_no_registry_writes_is_no_id() {
    for text in [
        "",
        "NCT",
        "NCT0",
        "ISRCTN1234567",
        "ISRCTN00000000",
        "2013-003828",
        "1999-003828-36",
        "2013-003828-36-S",
        "2021-500123-18-00",
        "DRKS123",
        "ChiCTR-TOOLONG-10000123",
        "CTRI/2017/007604",
        "jRCT12",
        "IRCTN1",
        "IRCT0123456789N1",
        "RBR-",
        "RBR-é",
        "U1111-1234",
        "protocol-7",
        "-",
        "study.json",
        "SLCTR/2019/1",
        "EUCTR2013-003828-36-ÄB",
        "12345678",
    ] {
        assert!(text.parse::<StudyId>().is_err(), "{text}");
    }
}

#[test]
fn names_in_free_text() {
    let found = |text: &str| named(text).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(found("EudraCT Number: 2016-001234-56"), "2016-001234-56");
    assert_eq!(found("NCT 01234567; U1111-1234-5678"), "NCT01234567 U1111-1234-5678");
    assert_eq!(found("UTN: U1111\u{2011}1234\u{2011}5678"), "U1111-1234-5678");
    assert_eq!(found("https://clinicaltrials.gov/ct2/show/NCT01234567?x=1"), "NCT01234567");
    assert_eq!(found("ISRCTN 12345678, ctri/2017/01/007604"), "ISRCTN12345678 CTRI/2017/01/007604");
    assert_eq!(found("EudraCT-Nr.: 2016-001234-56 (NCT1234567)"), "2016-001234-56 NCT01234567");
    assert_eq!(found("Nil known; NL12345.000.12; ABC-123; 12345678; NCT"), "");
    assert_eq!(found("JPRN-UMIN000012345 NCT01234567 nct01234567"), "UMIN000012345 NCT01234567");
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC*") {
        let _ = text.parse::<StudyId>();
        let _ = named(&text);
    }

    #[test]
    fn a_number_is_an_id_or_nothing(number in any::<u64>()) {
        if let Some(id) = StudyId::new(number) {
            prop_assert_eq!(id.to_string().parse::<StudyId>().ok(), Some(id));
            prop_assert_eq!(id.number(), number);
        }
    }

    #[test]
    fn near_ids(text in "(NCT|EUCTR|ISRCTN|CTRI/|U1111-|RBR-|ChiCTR|IRCT|jRCT|20[0-9]{2}-)[0-9/A-Za-z-]{0,16}") {
        if let Ok(id) = text.parse::<StudyId>() {
            prop_assert_eq!(id.to_string().parse::<StudyId>().ok(), Some(id));
            prop_assert_eq!(StudyId::new(id.number()), Some(id));
        }
    }
}
