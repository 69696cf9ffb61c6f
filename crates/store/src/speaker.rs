//! Which version of a record speaks for its study.
//!
//! Versions are put in a total order, and the greatest speaks. In turn count:
//!
//! 1. **What the source can say.** A whole record (API v2, API v1 full, XML; ISRCTN and CTIS for their own) before a part of one (API v1 study
//!    fields, the WHO's platform, FHIR, USDM, or a record that lacks what every registered study has: overall status, study type, lead sponsor)
//!    before a page of another site.
//! 2. **The record's own date:** last update posted, else last update submitted, else last verified, else
//!    first posted. None is oldest; a month counts as its first day.
//! 3. **The registry's data version** (`versionHolder`), which moves when derived terms were computed anew without
//!    an update by the sponsor. None is oldest.
//! 4. **Richness:** how many leaf values the record has.
//! 5. **Format:** the registry's own shape before what was converted: v2, v1 full, XML, v1 fields, pages.
//! 6. **Arrival:** the later one.
//!
//! So the outcome does not depend on the order of imports unless two records agree in all of 1 to 5.

use ingest::{Converted, Format};
use model::PartialDate;
use serde_json::Value;

/// A version's place in the order, but for its arrival. Greater speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    scope: u8,
    date: u32,
    data_version: u32,
    richness: u32,
    format: u8,
}

/// Length of a rank in the database.
const BYTES: usize = 14;

impl Rank {
    /// The rank of a converted record.
    pub fn of(format: Format, converted: &Converted) -> Self {
        let study = &converted.study;
        Self {
            scope: scope(format, study),
            date: DATES.iter().find_map(|path| day(study, path)).unwrap_or(0),
            data_version: day(study, DATA_VERSION).unwrap_or(0),
            richness: leaves(study),
            format: nearness(format),
        }
    }

    /// What lets this version speak rather than the other, to stand after "this version ...": the first rule in which
    /// the two differ.
    pub fn advantage(&self, other: &Self) -> &'static str {
        if self.scope != other.scope {
            "says more: a whole record goes before a part of one, a part before a page of another site"
        } else if self.date != other.date {
            "is of a later date"
        } else if self.data_version != other.data_version {
            "is of a later data version of the registry"
        } else if self.richness != other.richness {
            "is of the same date and richer"
        } else if self.format != other.format {
            "says as much in a format nearer to the registry's own"
        } else {
            "says as much and arrived later"
        }
    }

    /// The later of record date and data version, as `yyyy-MM-dd`; `None` if the record has neither.
    pub(crate) fn newest_day(self) -> Option<String> {
        let day = self.date.max(self.data_version);
        (day > 0).then(|| format!("{:04}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100))
    }

    /// The record's own date as the number `yyyymmdd`, a month as its first day; 0 if it has none.
    pub(crate) fn day(self) -> u32 {
        self.date
    }

    /// Bytes whose order is the order of ranks.
    pub(crate) fn to_bytes(self) -> [u8; BYTES] {
        let mut out = [0; BYTES];
        out[0] = self.scope;
        out[1..5].copy_from_slice(&self.date.to_be_bytes());
        out[5..9].copy_from_slice(&self.data_version.to_be_bytes());
        out[9..13].copy_from_slice(&self.richness.to_be_bytes());
        out[13] = self.format;
        out
    }

    /// Reads [`Rank::to_bytes`]; `None` for bytes of another length.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; BYTES] = bytes.try_into().ok()?;
        let [scope, a, b, c, d, e, f, g, h, i, j, k, l, format] = bytes;
        Some(Self {
            scope,
            date: u32::from_be_bytes([a, b, c, d]),
            data_version: u32::from_be_bytes([e, f, g, h]),
            richness: u32::from_be_bytes([i, j, k, l]),
            format,
        })
    }
}

const DATES: [&str; 4] = [
    "/protocolSection/statusModule/lastUpdatePostDateStruct/date",
    "/protocolSection/statusModule/lastUpdateSubmitDate",
    "/protocolSection/statusModule/statusVerifiedDate",
    "/protocolSection/statusModule/studyFirstPostDateStruct/date",
];

const DATA_VERSION: &str = "/derivedSection/miscInfoModule/versionHolder";

/// What every registered study has.
const ALWAYS_STATED: [&str; 3] = [
    "/protocolSection/statusModule/overallStatus",
    "/protocolSection/designModule/studyType",
    "/protocolSection/sponsorCollaboratorsModule/leadSponsor",
];

/// Whether a version is a whole record and not a part of one or a page: what a whole record does not say is not there,
/// what a part does not say is unknown.
pub fn is_whole(format: Format, study: &Value) -> bool {
    scope(format, study) == 2
}

fn scope(format: Format, study: &Value) -> u8 {
    match format {
        Format::V2 | Format::V1Full | Format::LegacyXml | Format::Isrctn | Format::Ctis => {
            let whole = ALWAYS_STATED.iter().all(|path| study.pointer(path).is_some());
            if whole { 2 } else { 1 }
        }
        Format::V1Fields | Format::Fhir | Format::Usdm | Format::Ictrp | Format::IctrpCsv => 1,
        Format::PageVeeva | Format::PageMedPath | Format::PageInclinical | Format::PageIgnite => 0,
    }
}

fn nearness(format: Format) -> u8 {
    match format {
        Format::V2 => 7,
        Format::V1Full => 6,
        Format::LegacyXml | Format::Isrctn | Format::Ctis => 5,
        Format::V1Fields => 4,
        Format::PageIgnite | Format::Fhir => 3,
        Format::PageVeeva | Format::Usdm => 2,
        Format::PageMedPath | Format::Ictrp => 1,
        Format::PageInclinical | Format::IctrpCsv => 0,
    }
}

/// A date as the number `yyyymmdd`.
fn day(study: &Value, path: &str) -> Option<u32> {
    let date: PartialDate = study.pointer(path)?.as_str()?.parse().ok()?;
    let year = u32::try_from(date.year()).ok()?;
    let part = |value: Option<i8>| u32::try_from(value.unwrap_or(1)).unwrap_or(1);
    Some(year * 10_000 + part(date.month()) * 100 + part(date.day()))
}

/// How many values that are neither object nor list nor null.
fn leaves(study: &Value) -> u32 {
    let mut count = 0u32;
    let mut open = vec![study];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => open.extend(map.values()),
            Value::Array(items) => open.extend(items),
            Value::Null => {}
            _ => count = count.saturating_add(1),
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn record(date: &str, holder: Option<&str>, extra: &[&str]) -> Converted {
        let mut study = json!({
            "protocolSection": {
                "identificationModule": {"nctId": "NCT90000001"},
                "statusModule": {"overallStatus": "RECRUITING", "lastUpdatePostDateStruct": {"date": date}},
                "designModule": {"studyType": "INTERVENTIONAL"},
                "sponsorCollaboratorsModule": {"leadSponsor": {"name": "Invented"}},
                "conditionsModule": {"keywords": extra}
            }
        });
        if let Some(holder) = holder {
            study["derivedSection"] = json!({"miscInfoModule": {"versionHolder": holder}});
        }
        Converted { id: "NCT90000001".parse().unwrap(), study, page: None, issues: vec![] }
    }

    fn check(lesser: (Format, &Converted), greater: (Format, &Converted)) {
        let (a, b) = (Rank::of(lesser.0, lesser.1), Rank::of(greater.0, greater.1));
        assert!(a < b, "{a:?} < {b:?}");
        assert!(a.to_bytes() < b.to_bytes());
        assert_eq!(Rank::from_bytes(&a.to_bytes()), Some(a));
    }

    #[test]
    fn the_advantage_is_the_first_rule_that_tells_two_versions_apart() {
        let rank = |format, date, extra: &[&str]| Rank::of(format, &record(date, None, extra));
        let xml = rank(Format::LegacyXml, "2021-01-01", &["a"]);
        for (other, says) in [
            (rank(Format::PageVeeva, "2026-01-01", &["a", "b"]), "whole record"),
            (rank(Format::V2, "2020-01-01", &["a", "b"]), "later date"),
            (rank(Format::V2, "2021-01-01", &[]), "richer"),
            (rank(Format::V1Fields, "2021-01-01", &["a"]), "whole record"),
            (xml, "arrived later"),
        ] {
            assert!(xml >= other && xml.advantage(&other).contains(says), "{}", xml.advantage(&other));
        }
    }

    #[test]
    fn each_rule_decides_before_the_next() {
        use Format::*;
        let old = record("2020-01-02", Some("2026-01-01"), &["a", "b", "c"]);
        let new = record("2021-01-01", None, &["a"]);
        let newest_page = record("2026-01-01", Some("2026-01-01"), &["a", "b", "c", "d"]);
        check((PageVeeva, &newest_page), (V1Fields, &old));
        check((V1Fields, &newest_page), (LegacyXml, &old));
        check((V2, &old), (LegacyXml, &new));
        check(
            (V2, &record("2021-01-01", None, &["a", "b"])),
            (V2, &record("2021-01-01", Some("2026-01-01"), &[])),
        );
        check((V2, &new), (LegacyXml, &record("2021-01-01", None, &["a", "b"])));
        check((LegacyXml, &new), (V1Full, &new));
        check((V1Full, &new), (V2, &new));
    }

    #[test]
    fn part_of_a_record_never_speaks_over_the_whole() {
        let mut part = record("2026-01-01", None, &["a"; 90]);
        part.study["protocolSection"]["designModule"] = json!({});
        check((Format::V2, &part), (Format::LegacyXml, &record("1999", None, &[])));
    }

    #[test]
    fn dates_fall_back_and_may_be_partial_or_absent() {
        let mut verified = record("x", None, &[]);
        verified.study["protocolSection"]["statusModule"]["statusVerifiedDate"] = json!("2020-05");
        assert_eq!(Rank::of(Format::V2, &verified).newest_day().unwrap(), "2020-05-01");
        check((Format::V2, &verified), (Format::V2, &record("2020-05-02", None, &[])));
        check((Format::V2, &record("", None, &["a"])), (Format::V2, &verified));
        assert_eq!(Rank::of(Format::V2, &record("", None, &[])).newest_day(), None);
    }

    #[test]
    fn leaves_are_counted() {
        assert_eq!(leaves(&json!({"a": [1, null, {"b": "x"}], "c": true, "d": {}})), 3);
    }
}
