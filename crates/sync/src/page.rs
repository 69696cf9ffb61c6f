//! The answers that a sync reads: a page of studies, ids with dates, the version of the data.

use std::collections::BTreeMap;

use model::NctId;
use serde::Deserialize;
use serde_json::value::RawValue;

/// A page of studies, as far as the walk needs it.
pub(crate) struct Page {
    pub studies: usize,
    pub next: Option<String>,
    pub total: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw<'a> {
    #[serde(borrow)]
    studies: Vec<&'a RawValue>,
    next_page_token: Option<String>,
    total_count: Option<u64>,
}

/// Reads a page to its end.
pub(crate) fn page(bytes: &[u8]) -> Result<Page, String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|e| told(bytes, &e))?;
    Ok(Page { studies: raw.studies.len(), next: raw.next_page_token, total: raw.total_count })
}

/// The day of a record by its id, from a page of ids: `yyyymmdd`, 0 if it has none.
pub(crate) fn days(bytes: &[u8], into: &mut BTreeMap<NctId, u32>) -> Result<(), String> {
    let raw: Raw = serde_json::from_slice(bytes).map_err(|e| told(bytes, &e))?;
    for study in raw.studies {
        let value: serde_json::Value = serde_json::from_str(study.get()).map_err(|e| e.to_string())?;
        let Some(id) = model::study::id_of(&value).and_then(model::StudyId::nct) else {
            return Err("a study of the page has no NCT id".to_owned());
        };
        let day = value.pointer("/protocolSection/statusModule/lastUpdatePostDateStruct/date");
        into.insert(id, day.and_then(|d| d.as_str()).map_or(0, number));
    }
    Ok(())
}

/// `2024-05-06` as 20240506; a month counts as its first day.
fn number(date: &str) -> u32 {
    let Ok(date) = date.parse::<model::PartialDate>() else { return 0 };
    let first = date.first_day();
    let part = |n: i8| u32::try_from(n).unwrap_or(0);
    u32::try_from(first.year()).unwrap_or(0) * 10_000 + part(first.month()) * 100 + part(first.day())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Version {
    data_timestamp: String,
}

/// Reads the stamp of the data.
pub(crate) fn stamp(bytes: &[u8]) -> Result<String, String> {
    let version: Version = serde_json::from_slice(bytes).map_err(|e| told(bytes, &e))?;
    Ok(version.data_timestamp)
}

/// What came instead of the expected JSON.
fn told(bytes: &[u8], error: &serde_json::Error) -> String {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]).replace(char::is_control, " ");
    match bytes.trim_ascii_start().first() {
        Some(b'{') if error.is_eof() => "the answer breaks off".to_owned(),
        Some(b'{') => format!("the answer is not as expected: {error}"),
        None => "the answer is empty".to_owned(),
        Some(_) => format!("the answer is no JSON, it begins with `{}`", start.trim()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_page_is_told() {
        let said = |bytes: &[u8]| page(bytes).map(|_| ()).unwrap_err();
        assert!(said(b"<html>Busy</html>").contains("<html>"));
        assert!(said(b"{\"studies\":[{\"a\":1}").contains("breaks off"));
        assert!(said(b"{\"error\":1}").contains("not as expected"));
        assert!(said(b"").contains("empty"));
        assert_eq!(page(b"{\"studies\":[{},{}],\"nextPageToken\":\"x\"}").unwrap().studies, 2);
    }

    #[test]
    fn ids_come_with_their_days() {
        let one = r#"{"studies":[{"protocolSection":{"identificationModule":{"nctId":"NCT00000007"},
            "statusModule":{"lastUpdatePostDateStruct":{"date":"2024-05"}}}}]}"#;
        let mut all = BTreeMap::new();
        days(one.as_bytes(), &mut all).unwrap();
        assert_eq!(all.into_iter().collect::<Vec<_>>(), [(NctId::new(7).unwrap(), 20_240_501)]);
        assert!(days(br#"{"studies":[{}]}"#, &mut BTreeMap::new()).is_err());
    }
}
