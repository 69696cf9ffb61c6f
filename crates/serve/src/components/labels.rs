//! Words for values: enumerations, ages, dates, numbers.

use model::{PartialDate, Study, StudyId, enums};
use serde_json::Value;

/// The text under a key of an object.
pub(crate) fn text<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object.get(key).and_then(Value::as_str).filter(|t| !t.trim().is_empty())
}

/// The items of a list under a key.
pub(crate) fn items<'v>(object: &'v Value, key: &str) -> &'v [Value] {
    object.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list under a key.
pub(crate) fn texts<'v>(object: &'v Value, key: &str) -> Vec<&'v str> {
    items(object, key).iter().filter_map(Value::as_str).collect()
}

/// A text or number under a key, as printed.
pub(crate) fn printed(object: &Value, key: &str) -> Option<String> {
    match object.get(key)? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// The value of an enumeration piece in words.
pub(crate) fn label<'s>(study: &'s Study, piece: &str, type_name: &str) -> Option<&'s str> {
    study.text(piece).map(|value| enums::label(type_name, value))
}

/// `Phase 1/Phase 2`; nothing for studies without phases.
pub(crate) fn phases(study: &Study) -> Option<String> {
    enums::phases(study)
}

/// `18 to 55 years`, `18 years and older`, `up to 17 years`, `any age`.
pub(crate) fn ages(study: &Study) -> String {
    let lower = |t: &str| t.to_lowercase();
    match (study.text("MinimumAge").map(lower), study.text("MaximumAge").map(lower)) {
        (Some(low), Some(high)) => match (low.split_once(' '), high.split_once(' ')) {
            (Some((number, unit)), Some((_, other))) if unit == other => format!("{number} to {high}"),
            _ => format!("{low} to {high}"),
        },
        (Some(low), None) => format!("{low} and older"),
        (None, Some(high)) => format!("up to {high}"),
        (None, None) => "any age".to_owned(),
    }
}

/// `All`, `Female`, `Male`.
pub(crate) fn sex(study: &Study) -> Option<&str> {
    label(study, "Sex", "Sex")
}

/// `42 estimated`, `103 actual`.
pub(crate) fn enrollment(study: &Study) -> Option<String> {
    let count = study.integer("EnrollmentCount")?;
    // Upstream's sentinel for "not known".
    if count == 99_999_999 {
        return Some("not known".to_owned());
    }
    let kind = label(study, "EnrollmentType", "EnrollmentType").unwrap_or_default().to_lowercase();
    let kind = if kind == "anticipated" { "estimated".to_owned() } else { kind };
    Some(format!("{} {kind}", grouped(count as u64)).trim_end().to_owned())
}

/// A date as written by people: `25 Sep 2020`, `Sep 2020`, `2020`.
pub(crate) fn date(text: &str) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<&str> = text.splitn(3, '-').collect();
    let month =
        parts.get(1).and_then(|m| m.parse::<usize>().ok()).and_then(|m| MONTHS.get(m.checked_sub(1)?));
    match (parts.as_slice(), month) {
        ([year, _, day], Some(month)) => {
            let day = day.get(..2).unwrap_or(day).trim_start_matches('0');
            format!("{day} {month} {year}")
        }
        ([year, _], Some(month)) => format!("{month} {year}"),
        _ => text.to_owned(),
    }
}

/// A partial date as a place on a time axis: the middle of what it may mean, in years.
pub(crate) fn year(date: PartialDate) -> f64 {
    let (first, last) = (date.first_day(), date.last_day());
    (decimal_year(first) + decimal_year(last)) / 2.0
}

/// A day in years: 1 July 2020 is about 2020.5.
pub(crate) fn decimal_year(day: jiff::civil::Date) -> f64 {
    f64::from(day.year()) + f64::from(day.day_of_year() - 1) / 365.25
}

/// Digits in groups of three: `12,345`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 study`, `2 studies`.
pub(crate) fn studies(number: usize) -> String {
    let noun = if number == 1 { "study" } else { "studies" };
    format!("{} {noun}", grouped(number as u64))
}

/// An id as a part of an address: some registries write slashes.
pub(crate) fn address(id: impl std::fmt::Display) -> String {
    id.to_string().replace('/', "%2F")
}

/// The id of a study that a text means: an id by itself or in a link to a study's page.
pub(crate) fn study_meant(text: &str) -> Option<StudyId> {
    let text = text.trim();
    if let Ok(id) = text.parse() {
        return Some(id);
    }
    let link = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    link.split(['/', '?', '#', '&', '=']).find_map(|part| part.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speaks() {
        assert_eq!(date("2020-09-05"), "5 Sep 2020");
        assert_eq!(date("2020-09"), "Sep 2020");
        assert_eq!(date("2020"), "2020");
        assert_eq!(date("2020-13-é"), "2020-13-é");
        assert_eq!(grouped(1_234_567), "1,234,567");
        assert_eq!(grouped(12), "12");
        assert_eq!(
            study_meant("https://clinicaltrials.gov/study/NCT05507697?x=1").unwrap().to_string(),
            "NCT05507697"
        );
        assert_eq!(study_meant("nct5507697").unwrap().to_string(), "NCT05507697");
        assert_eq!(study_meant("asthma NCT05507697"), None);
    }
}
